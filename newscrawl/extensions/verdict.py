"""Whether a run can be relied on, and why not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from newscrawl.timing.claims import Distrust

STOPPED = "shutdown"  # Scrapy's closing reason after a signal
FEW_BRIEFS = 5  # a list that shows no times tells something only if it is longer
MOST_NAMED = 20  # pages

Verdict = Literal["ok", "degraded", "failed"]


@dataclass(slots=True, kw_only=True)
class Counts:
    """What a run did, in numbers."""

    requests: int = 0
    """Pages and feeds asked for; retries and robots.txt do not count."""
    failed_requests: int = 0
    """Pages and feeds that could not be fetched, after all retries."""
    pages: int = 0
    """Pages that were looked at; feeds are none."""
    not_news: int = 0
    """Pages among these that were no news pages; in an archive all records that are none, whatever they hold."""
    leads: int = 0
    """Leads seen, also those known already."""
    briefs: int = 0
    """Briefs seen, also those known already."""
    sightings: int = 0
    """Lines written to the file of sightings."""
    times_read: int = 0
    """Times shown that were understood."""
    times_unread: int = 0
    """Times shown that were not understood."""
    written: int = 0
    """Lines written to the file of stories."""
    revised: int = 0
    """Lines among these that are revisions."""
    known: int = 0
    """Leads and briefs that were not written, since their story is known and has not changed."""
    pending: int = 0
    """Articles that were announced and are not there yet, as far as they are not given up."""


@dataclass(slots=True, kw_only=True)
class ArchiveCounts(Counts):
    """What a run over an archive did, in numbers."""

    records: int = 0
    """Records that were looked at, whatever they hold."""
    damaged: int = 0
    """Records among these that are damaged or cut off, and could not be read."""


@dataclass(slots=True, kw_only=True)
class Oddities:
    """What a run met that is worth a sentence when it is not zero."""

    pages_read: int = 0
    invalid: int = 0
    ignored_requests: int = 0
    feeds_unread: int = 0
    times_distrusted: int = 0
    times_contradicted: int = 0
    days_contradicted: int = 0
    changed_later: int = 0
    texts_repaired: int = 0
    mended: int = 0
    waits: int = 0
    wait_asked_for: float = 0


# A sentence for each oddity; the number stands first.
_SENTENCES = {
    "invalid": "items were dropped since they were not whole; the log names what they lack.",
    "ignored_requests": "pages were not asked for: robots.txt forbids them, or they are not on the site.",
    "feeds_unread": "feeds could not be fetched or read; the log tells why.",
    "times_distrusted": "machine-readable times cannot be true, and were left aside.",
    "times_contradicted": "times contradict a surer one, and were left aside.",
    "days_contradicted": "pages show another day than that of the clock they were read by.",
    "changed_later": "times a story changed after this run had written it; the next run writes what it has become.",
    "texts_repaired": "texts had their accented letters written twice over (mojibake), and were repaired.",
    "mended": "runs before this one did not come to their end; their files have been finished.",
    "waits": "times the site asked to wait, and was left alone for that long.",
}
# What follows the number of times that were distrusted for each kind of doubt.
_DOUBTS: Mapping[Distrust, str] = {
    "future": "later than the page",
    "early": "before there was news on the web",
    "zone": "without a time zone that there is",
    "variance": "at variance with what stands beside them",
    "unreadable": "in no form that is known",
}


@dataclass(slots=True, kw_only=True)
class Run:
    """What a verdict rests on."""

    counts: Counts
    oddities: Oddities = field(default_factory=Oddities)
    finish_reason: str
    """Scrapy's closing reason; `finished` when nothing was left to do."""
    start_url: str
    """Where the walk began; of an archive, its path."""
    first_failure: str | None = None
    not_news_pages: Sequence[str] = field(default_factory=list)
    distrusted: Mapping[Distrust, int] = field(default_factory=dict)
    """Machine-readable times that were left aside, by the kind of doubt."""
    passed: Mapping[str, int] = field(default_factory=dict)
    """Records of an archive that hold no page, by what they hold instead."""
    damaged: Sequence[str] = field(default_factory=list)
    """Which records are damaged, and how."""
    reading_error: str | None = None
    """Why an archive could not be read to its end."""
    exceptions: int = 0
    """Exceptions that no code of ours expected."""
    output_error: str | None = None
    max_failed_share: float = 0.2
    max_unread_share: float = 0.2


def judge(run: Run) -> tuple[Verdict, list[str]]:
    """Return the verdict on a run, and the reasons for it and whatever else is worth a sentence."""
    failed = list(_failures(run))
    notes = list(_notes(run))
    if failed:  # what else fell short is of no account then
        return "failed", [*failed, *notes]
    degraded = list(_shortfalls(run))
    return ("degraded" if degraded else "ok"), [*degraded, *notes]


def _failures(run: Run) -> Iterator[str]:
    counts = run.counts
    if run.output_error:
        yield f"output could not be written: {run.output_error}."
    elif run.finish_reason == STOPPED:
        return
    elif isinstance(counts, ArchiveCounts):
        if run.reading_error:
            yield f"The archive was not read to its end: {run.reading_error}."
        elif not run.oddities.pages_read:
            yield f"None of the {counts.records} records of {run.start_url} could be read as a news page."
    elif not counts.pages:
        yield (
            f"No page could be fetched ({run.first_failure or run.start_url}); "
            "to see newscrawl at work without a network: -a site=demo."
        )
    elif counts.not_news == counts.pages:
        yield f"None of the {counts.pages} pages fetched was a news page."
    elif run.exceptions and not counts.sightings:
        yield f"Nothing of the {counts.pages} pages fetched could be recorded; the log tells why."
    elif not run.oddities.pages_read:
        yield f"None of the {counts.pages} pages fetched could be read; the log tells why."


def _shortfalls(run: Run) -> Iterator[str]:
    counts = run.counts
    shown = counts.times_read + counts.times_unread
    if run.finish_reason == STOPPED:
        yield "The run was stopped by a signal before it was done."
    elif run.oddities.wait_asked_for:
        yield f"The run ended early: the site asked to be left alone for {run.oddities.wait_asked_for:.0f} seconds."
    elif run.finish_reason != "finished":
        yield f"The run ended early: {run.finish_reason}."
    if run.exceptions:
        yield f"{run.exceptions} errors happened that newscrawl did not expect; the log tells where."
    if counts.failed_requests > run.max_failed_share * counts.requests:
        yield f"{counts.failed_requests} of {counts.requests} requests failed."
    if run.oddities.ignored_requests > run.max_failed_share * counts.requests:
        yield f"{run.oddities.ignored_requests} of {counts.requests} pages may not be asked for."
    if isinstance(counts, ArchiveCounts):
        if counts.damaged:
            yield f"{counts.damaged} of {counts.records} records are damaged, and were not read; the others were."
    elif counts.not_news > run.max_unread_share * counts.pages:
        yield f"{counts.not_news} of {counts.pages} pages were no news pages."
    if counts.times_unread > run.max_unread_share * shown:
        yield f"{counts.times_unread} of {shown} times shown could not be read."
    elif counts.briefs >= FEW_BRIEFS and not counts.times_read:
        yield f"None of {counts.briefs} briefs shows a time."


def _notes(run: Run) -> Iterator[str]:
    for name, sentence in _SENTENCES.items():
        number = getattr(run.oddities, name)
        if number and name == "times_distrusted" and run.distrusted:
            doubts = ", ".join(
                f"{run.distrusted[doubt]} {_DOUBTS[doubt]}" for doubt in _DOUBTS if run.distrusted.get(doubt)
            )
            yield f"{number} {sentence.removesuffix('.')}: {doubts}."
        elif number:
            yield f"{number} {sentence}"
    if run.passed:
        kinds = ", ".join(
            f"{number} {kind}" for kind, number in sorted(run.passed.items(), key=lambda item: -item[1])[:MOST_NAMED]
        )
        yield f"{sum(run.passed.values())} records that hold no page were passed by: {kinds}."
    yield from _named("Damaged", run.damaged, "that are damaged")
    yield from _named("No news page", run.not_news_pages, "that were no news pages")


def _named(what: str, sentences: Sequence[str], which: str) -> Iterator[str]:
    yield from (f"{what}: {sentence.removesuffix('.')}." for sentence in sentences[:MOST_NAMED])
    if len(sentences) > MOST_NAMED:
        yield f"And {len(sentences) - MOST_NAMED} more {which}."
