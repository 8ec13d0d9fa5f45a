"""The verdict on a run, and the sentences that give the reasons."""

import pytest

from newscrawl.extensions.verdict import ArchiveCounts, Counts, Oddities, Run, judge
from newscrawl.timing.claims import DISTRUST

URL = "https://www.zeelandnet.nl/nieuws/buitenland"


def run(reason: str = "finished", **other: object) -> Run:
    counts = {name: value for name, value in other.items() if name in Counts.__dataclass_fields__}
    odd = {name: value for name, value in other.items() if name in Oddities.__dataclass_fields__}
    rest = {name: value for name, value in other.items() if name not in counts | odd}
    full = {"requests": 10, "pages": 10, "leads": 9, "briefs": 90, "sightings": 99, "times_read": 90} | counts
    oddities = Oddities(**{"pages_read": 10} | odd)  # type: ignore[arg-type]
    return Run(counts=Counts(**full), oddities=oddities, finish_reason=reason, start_url=URL, **rest)  # type: ignore[arg-type]


def test_a_run_that_found_what_it_looked_for_is_ok() -> None:
    assert judge(run()) == ("ok", [])


@pytest.mark.parametrize(
    ("case", "verdict", "sentence"),
    [
        (run(requests=1, pages=0, failed_requests=1, first_failure="x: DNS"), "failed", "No page could be fetched (x: DNS)"),
        (run(requests=0, pages=0), "failed", f"No page could be fetched ({URL})"),
        (run(pages=3, not_news=3), "failed", "None of the 3 pages fetched was a news page."),
        (run(pages_read=0), "failed", "None of the 10 pages fetched could be read; the log tells why."),
        (run(output_error="disk full", pages=0), "failed", "output could not be written: disk full."),
        (run("shutdown"), "degraded", "The run was stopped by a signal before it was done."),
        (run("shutdown", pages=0), "degraded", "The run was stopped by a signal before it was done."),
        (run("memusage_exceeded"), "degraded", "The run ended early: memusage_exceeded."),
        (run(failed_requests=3), "degraded", "3 of 10 requests failed."),
        (run(not_news=3), "degraded", "3 of 10 pages were no news pages."),
        (run(times_unread=60), "degraded", "60 of 150 times shown could not be read."),
        (run(exceptions=1, sightings=0), "failed", "Nothing of the 10 pages fetched could be recorded; the log tells why."),
        (run(exceptions=1), "degraded", "1 errors happened that newscrawl did not expect; the log tells where."),
        (run(not_news=1, not_news_pages=["x: empty"]), "ok", "No news page: x: empty"),
        (run("asked_to_wait", wait_asked_for=900), "degraded", "The run ended early: the site asked to be left alone for 900"),
        (run(ignored_requests=5), "degraded", "5 of 10 pages may not be asked for."),
        (run(times_read=0), "degraded", "None of 90 briefs shows a time."),
        (run(times_distrusted=3), "ok", "3 machine-readable times cannot be true, and were left aside."),
        (run(texts_repaired=2), "ok", "2 texts had their accented letters written twice over (mojibake), and were repaired."),
        (run(failed_requests=2, times_unread=5), "ok", None),
    ],
)  # fmt: skip
def test_verdicts(case: Run, verdict: str, sentence: str | None) -> None:
    found, reasons = judge(case)
    assert found == verdict
    assert reasons == [] if sentence is None else any(reason.startswith(sentence) for reason in reasons)


def test_an_archive_that_was_not_read_to_its_end_is_a_failed_run() -> None:
    def archive(reason: str = "finished") -> Run:
        oddities = Oddities(pages_read=5)
        return Run(
            counts=ArchiveCounts(),
            oddities=oddities,
            finish_reason=reason,
            start_url="x.warc",
            reading_error="no worker",
        )

    assert judge(archive()) == ("failed", ["The archive was not read to its end: no worker."])
    assert judge(archive("shutdown"))[0] == "degraded"


def test_times_that_were_distrusted_are_told_by_their_doubt() -> None:
    doubts = {"variance": 2, "future": 1, "zone": 4}
    _, reasons = judge(run(times_distrusted=7, distrusted=doubts))
    assert reasons == [
        "7 machine-readable times cannot be true, and were left aside: 1 later than the page, 4 without a time zone that"
        " there is, 2 at variance with what stands beside them."
    ]


def test_each_doubt_has_its_words() -> None:
    _, (reason,) = judge(run(times_distrusted=5, distrusted=dict.fromkeys(DISTRUST, 1)))
    assert reason.count("1 ") == len(DISTRUST)


def test_no_doubts_no_sentence() -> None:
    assert judge(run(distrusted={}))[1] == []


def test_a_failed_run_is_not_blamed_for_anything_less() -> None:
    _, reasons = judge(run(requests=1, pages=0, failed_requests=1))
    assert len(reasons) == 1


def test_a_long_list_is_cut_and_said_to_be() -> None:
    _, reasons = judge(run(pages=1000, not_news=30, not_news_pages=[f"p{number}" for number in range(30)]))
    assert len(reasons) == 21
    assert reasons[-1] == "And 10 more that were no news pages."
