"""Whether a run can be relied on, and why not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

Verdict = Literal["ok", "degraded", "failed"]


@dataclass(slots=True, kw_only=True)
class Counts:
    """What a run did, in numbers."""

    requests: int = 0
    """Pages asked for; retries and robots.txt do not count."""
    failed_requests: int = 0
    """Pages that could not be fetched, after all retries."""
    pages: int = 0
    """Pages that were looked at."""
    not_news: int = 0
    """Pages among these that were no news pages."""
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
    """Leads and briefs that were not written, since their story had its line already."""
    pending: int = 0
    """Articles that were announced and could not be fetched."""


@dataclass(slots=True, kw_only=True)
class Run:
    """What a verdict rests on."""

    counts: Counts
    finish_reason: str
    """Scrapy's closing reason; `finished` when nothing was left to do."""
    start_url: str
    first_failure: str | None = None
    not_news_pages: Sequence[str] = field(default_factory=list)
    exceptions: int = 0
    """Exceptions that no code of ours expected."""
    output_error: str | None = None
    max_failed_share: float = 0.2
    max_unread_share: float = 0.2


def judge(run: Run) -> tuple[Verdict, list[str]]:
    """Return the verdict on a run, and the reasons for it and whatever else is worth a sentence."""
    counts = run.counts
    failed, degraded, notes = [], [], []
    if run.output_error:
        failed.append(f"output could not be written: {run.output_error}.")
    if not counts.pages and run.finish_reason != "shutdown":
        failed.append(
            f"No page could be fetched ({run.first_failure or run.start_url}); "
            "to see newscrawl at work without a network: -a site=demo."
        )
    elif counts.pages and counts.not_news == counts.pages:
        failed.append(f"None of the {counts.pages} pages fetched was a news page.")
    if run.finish_reason == "shutdown":
        degraded.append("The run was stopped by a signal before it was done.")
    elif run.finish_reason != "finished" and not failed:
        degraded.append(f"The run ended early: {run.finish_reason}.")
    if run.exceptions:
        degraded.append(f"{run.exceptions} errors happened that newscrawl did not expect; the log tells where.")
    if counts.failed_requests > run.max_failed_share * counts.requests:
        degraded.append(f"{counts.failed_requests} of {counts.requests} requests failed.")
    if counts.not_news > run.max_unread_share * counts.pages:
        degraded.append(f"{counts.not_news} of {counts.pages} pages were no news pages.")
    shown = counts.times_read + counts.times_unread
    if counts.times_unread > run.max_unread_share * shown:
        degraded.append(f"{counts.times_unread} of {shown} times shown could not be read.")
    notes += [f"No news page: {sentence}" for sentence in run.not_news_pages[:20]]
    if len(run.not_news_pages) > 20:
        notes.append(f"And {len(run.not_news_pages) - 20} more that were no news pages.")
    if failed:  # what else fell short is of no account then
        return "failed", [*failed, *notes]
    return ("degraded" if degraded else "ok"), [*degraded, *notes]
