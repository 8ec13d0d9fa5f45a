"""Lists that show one story, each in its way: what they say together stands in the first line that is written."""

import asyncio
import signal
import subprocess
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from harness import FAST, LEAD, ROOT, Crawl, CrawlResult, LocalSite, article, crawl_command, environment, index, walk
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from newscrawl.items import Brief
from newscrawl.ledger.identity import Names
from newscrawl.ledger.memory import RunLedger, evidence_of
from newscrawl.spiders.anp import AnpBuitenland
from newscrawl.spiders.lists import FeedClaim, HeldLists
from newscrawl.timing.evidence import Evidence, Publication
from newscrawl.timing.interval import Interval

CLOCK = "2026-02-24T10:00:00+01:00"
RSS_LINK = '<link rel="alternate" type="application/rss+xml" href="/rss">'


def span(result: CrawlResult, slug: str, kind: str = "brief") -> tuple[str, str]:
    (line,) = [line for line in result.stories if (line["headline"], line["kind"]) == (f"Kop van {slug}", kind)]
    return line["published_earliest"], line["published_latest"]


def test_two_lists_narrow_a_story_before_its_line_is_written(crawl: Crawl, site: LocalSite, start: str) -> None:
    # Half an hour lies between the two pages, and "1 uur geleden" is shown by both.
    site.say("/nieuws/buitenland", index("a", "b", following="?page=2"), Date="Tue, 24 Feb 2026 08:30:00 GMT")
    site.say("/nieuws/buitenland?page=2", index("a", "c"), Date="Tue, 24 Feb 2026 09:00:00 GMT")
    for slug in "abc":
        site.say(f"/nieuws/{slug}", article(slug))
    result = walk(crawl, start, crawled_at=CLOCK)
    for kind in ("brief", "article"):
        assert span(result, "a", kind) == ("2026-02-24T07:00:00Z", "2026-02-24T07:30:00Z")
        assert span(result, "b", kind) == ("2026-02-24T05:30:00Z", "2026-02-24T06:30:00Z")
    assert [line["headline"] for line in result.stories if line["kind"] == "brief"] == [
        f"Kop van {slug}" for slug in "abc"
    ]
    # A sighting is what one appearance shows, and no more.
    assert [(line["earliest"], line["latest"]) for line in result.sightings if line["headline"] == "Kop van a"][:2] == [
        ("2026-02-24T06:30:00Z", "2026-02-24T07:30:00Z"),
        ("2026-02-24T07:00:00Z", "2026-02-24T08:00:00Z"),
    ]
    assert result.report["reasons"] == []
    assert result.report["counts"]["known"] == 1


def test_lists_that_contradict_each_other_are_counted_once(crawl: Crawl, site: LocalSite, start: str) -> None:
    clocks = "<h2>Net binnen</h2><ol><li>Buitenland 05:15 <a href='/nieuws/a'>Kop van a</a></li></ol>"
    site.say("/nieuws/buitenland", index("a", following="?page=2"))
    site.say("/nieuws/buitenland?page=2", index("a", "b").replace("<h1>", f"{clocks}<h1>"))
    result = walk(crawl, start, crawled_at=CLOCK)
    assert span(result, "a") == ("2026-02-24T07:00:00Z", "2026-02-24T08:00:00Z"), "a clock without a day is less sure"
    assert [reason for reason in result.report["reasons"] if "contradict" in reason] == [
        "1 times contradict a surer one, and were left aside."
    ]


def test_a_line_of_net_binnen_dates_a_brief_whose_address_only_a_later_list_shows(
    crawl: Crawl, site: LocalSite, start: str
) -> None:
    clocks = "<h2>Net binnen</h2><ol><li>Buitenland 08:15 <a href='/nieuws/a'>Kop van a</a></li></ol>"
    without_link = index("a", following="?page=2").replace("<a href='/nieuws/a'>", "").replace("</a></h2>", "</h2>")
    site.say("/nieuws/buitenland", without_link)
    site.say("/nieuws/buitenland?page=2", index("b", following="?page=3").replace("<h1>", f"{clocks}<h1>"))
    site.say("/nieuws/buitenland?page=3", index("a", "c"))
    result = walk(crawl, start, crawled_at=CLOCK)
    assert span(result, "a") == ("2026-02-24T07:15:00Z", "2026-02-24T07:15:59.999999Z")


def test_a_page_that_shows_no_time_is_not_younger_than_itself(crawl: Crawl, site: LocalSite, start: str) -> None:
    without_time = index("a", following="?page=2").replace("<span>1 uur geleden</span>", "")
    site.say("/nieuws/buitenland", without_time, Date="Tue, 24 Feb 2026 08:59:20 GMT")
    later = index("a", "b").replace("1 uur geleden", "zojuist")
    site.say("/nieuws/buitenland?page=2", later, Date="Tue, 24 Feb 2026 08:59:40 GMT")
    result = walk(crawl, start, crawled_at=CLOCK)
    earliest, latest = span(result, "a")
    assert earliest < latest == "2026-02-24T08:59:20Z"


def test_the_next_list_that_fails_leaves_what_was_held(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/nieuws/buitenland", index("a", "b", following="?page=2"))
    site.say("/nieuws/buitenland?page=2", "", status=302, Location="http://localhost:9/elders")
    result = walk(crawl, start, crawled_at=CLOCK)
    assert span(result, "a") == ("2026-02-24T07:00:00Z", "2026-02-24T08:00:00Z")
    assert len(result.sightings) == 2


def test_a_run_that_an_extension_closes_writes_what_it_held(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/nieuws/buitenland", index("a", "b", following="?page=2"))
    site.say("/nieuws/buitenland?page=2", index("c", following="?page=3"))
    result = crawl(settings=FAST | {"CLOSESPIDER_PAGECOUNT": "3"}, start_url=start)  # robots.txt is one
    assert "/nieuws/buitenland?page=3" not in site.paths
    assert [line["headline"] for line in result.stories] == ["Kop van a", "Kop van b", "Kop van c"]


def stop(site: LocalSite, start: str, folder: Path, path: str, **settings: str) -> CrawlResult:
    """Return what is left of a crawl that was stopped while it awaited the answer at *path*, which came after that."""
    site.held[path] = threading.Event()
    command = crawl_command("anp_buitenland", {"start_url": start}, FAST | settings)
    process = subprocess.Popen(command, cwd=ROOT, env=environment(folder), stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    until = time.monotonic() + 30
    while path not in site.paths and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    told = ""
    for line in process.stderr:
        told += line
        if "Closing spider" in line:
            break
    site.held[path].set()
    _, stderr = process.communicate(timeout=30)
    return CrawlResult(process.returncode, told + stderr, folder)


PAGE_2 = "/nieuws/buitenland?page=2"


def test_a_run_that_is_stopped_writes_what_it_held(site: LocalSite, start: str, tmp_path: Path) -> None:
    site.say("/nieuws/buitenland", index("a", "b", following="?page=2", head=RSS_LINK))
    site.say(PAGE_2, index("c", following="?page=3"))
    stopped = stop(site, start, tmp_path, PAGE_2)
    assert site.paths == ["/nieuws/buitenland", PAGE_2]
    assert (stopped.exit_code, stopped.report["verdict"]) == (0, "degraded")
    assert stopped.report["reasons"][0] == "The run was stopped by a signal before it was done."
    assert [line["headline"] for line in stopped.stories] == ["Kop van a", "Kop van b", "Kop van c"]
    assert {line["kind"] for line in stopped.stories} == {"brief"}
    assert len(stopped.sightings) == 3


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        pytest.param(429, {"Retry_After": "60"}, id="wait"),
        pytest.param(503, {}, id="retry"),
        pytest.param(302, {"Location": "/nieuws/buitenland?page=3"}, id="redirect"),
    ],
)
@pytest.mark.parametrize("of_a_feed", [False, True])
def test_a_run_that_is_stopped_asks_for_nothing_again_and_writes_what_it_held(
    site: LocalSite, start: str, tmp_path: Path, status: int, headers: dict[str, str], of_a_feed: bool
) -> None:
    path = "/rss" if of_a_feed else PAGE_2
    following = None if of_a_feed else "?page=2"
    site.say("/nieuws/buitenland", index("a", "b", following=following, head=RSS_LINK))
    site.say(path, "", status=status, **headers)
    site.say("/nieuws/buitenland?page=3", index("c"))
    stopped = stop(site, start, tmp_path, path, RETRY_TIMES="2")
    assert site.paths == ["/nieuws/buitenland", path]
    assert (stopped.exit_code, stopped.report["verdict"]) == (0, "degraded"), stopped.stderr
    assert stopped.report["reasons"] == ["The run was stopped by a signal before it was done."]
    assert [line["headline"] for line in stopped.stories] == ["Kop van a", "Kop van b"]
    assert len(stopped.sightings) == 2
    assert "the run is ending" in stopped.stderr
    assert "Traceback" not in stopped.stderr


def test_a_wait_is_broken_off_when_the_run_is_stopped_and_what_was_held_is_written(
    site: LocalSite, start: str, tmp_path: Path
) -> None:
    site.say("/nieuws/buitenland", index("a", following="?page=2"))
    site.say(PAGE_2, "", status=429, Retry_After="200")
    command = crawl_command("anp_buitenland", {"start_url": start}, FAST)
    process = subprocess.Popen(command, cwd=ROOT, env=environment(tmp_path), stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert any("waiting 200 s" in line for line in process.stderr)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    stopped = CrawlResult(process.returncode, "", tmp_path)
    assert [line["headline"] for line in stopped.stories] == ["Kop van a"]
    assert site.paths == ["/nieuws/buitenland", PAGE_2]


PAGES = [f"https://www.zeelandnet.nl/nieuws/buitenland?page={number}" for number in (1, 2)]


def in_process(monkeypatch: pytest.MonkeyPatch, *pages: str) -> tuple[AnpBuitenland, HtmlResponse]:
    """Return a spider that gets *pages* without a network, and the first of them."""
    crawler: Any = get_crawler(AnpBuitenland, {"NEWSCRAWL_OUTPUT_DIR": "output"})
    spider = AnpBuitenland.from_crawler(crawler)
    first, *further = (
        HtmlResponse(
            url,
            body=page.encode(),
            headers={"Content-Type": "text/html"},
            request=Request(url, meta={"newscrawl_arrived_at": datetime.now(UTC)}),
        )
        for url, page in zip(PAGES, pages, strict=True)
    )

    async def fetch(url: str, *, feed: bool = False) -> HtmlResponse:
        assert not feed
        assert url == further[0].url
        return further.pop()

    monkeypatch.setattr(spider, "_fetch", fetch)
    return spider, first


def found_before(error: type[Exception], spider: AnpBuitenland, first: HtmlResponse) -> list[Any]:
    """Return what *spider* makes of its lists before it raises *error*."""
    found: list[Any] = []

    async def collect() -> None:
        async for item in spider.parse(first):
            found.append(item)  # noqa: PERF401 - what came before the error is what counts

    with pytest.raises(error):
        asyncio.run(collect())
    return found


def test_an_error_that_nobody_expected_does_not_take_other_lists_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    spider, first = in_process(monkeypatch, index("a", following="?page=2"), "")
    read = iter([spider.read_page(first)])
    monkeypatch.setattr(spider, "read_page", lambda _: next(read, None) or 1 / 0)
    found = found_before(ZeroDivisionError, spider, first)
    assert [getattr(item, "headline", None) for item in found] == ["Kop van a", "Kop van a", None]
    assert found[2].url == "https://www.zeelandnet.nl/nieuws/a"


def test_an_error_while_times_are_weighed_takes_no_line_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    spider, first = in_process(monkeypatch, index("a", following="?page=2"), index("b"))
    monkeypatch.setattr(spider.ledger, "learn", lambda *_, **__: 1 / 0)
    found = found_before(ZeroDivisionError, spider, first)
    assert [item.headline for item in found if isinstance(item, Brief)] == ["Kop van a", "Kop van b"]
    assert len(found) == 6


HOUR = timedelta(hours=1)
TEN = datetime(2026, 2, 24, 9, tzinfo=UTC)  # by the clock of Amsterdam
URL = "https://www.zeelandnet.nl/nieuws/a"


def brief(hours: int | None, rendered_at: datetime = TEN, *, wide: int = 1) -> Brief:
    """Return a brief that was *hours* old, or a little more, when its page was made."""
    made = Brief(url=URL, headline="AEX sluit hoger", text=LEAD, rendered_at=rendered_at)
    if hours is not None:
        made.published_latest = rendered_at - hours * HOUR
        made.published_earliest = made.published_latest - wide * HOUR
        made.published_source, made.published_precision, made.published_raw = "relative", "hour", f"{hours} uur geleden"
    return made


def weigh(*items: Brief, claim: FeedClaim | None = None) -> tuple[RunLedger, Publication, int, list[str]]:
    """Return the ledger, what it knows of the one story of *items*, its contradictions, and why *claim* is doubted."""
    ledger = RunLedger()
    lists = HeldLists(ledger)
    lists.hold(items)
    lists.hold_claims([claim] if claim else [])
    doubts: list[str] = []
    contradictions = lists.weigh(lambda doubt, _: doubts.append(doubt.reason))
    known = ledger.publication(ledger.identify(items[0]))
    assert known is not None
    return ledger, known, contradictions, doubts


def test_what_lists_say_does_not_depend_on_their_order() -> None:
    pages = [brief(1), brief(5), brief(3)]
    found = {str(weigh(*order)[1:]) for order in permutations(pages)}
    assert len(found) == 1, found
    _, known, _, _ = weigh(*pages)
    assert known.interval.latest == TEN - 5 * HOUR
    assert known.modified_at == TEN - 1.5 * HOUR


def test_what_a_later_list_says_is_cut_off_and_counts_once() -> None:
    later = brief(0, TEN + HOUR / 2)  # and so no older than half past nine, while the first list shows it at nine
    later.published_earliest = TEN - HOUR / 4
    shown = [brief(1), later]
    ledger, known, contradictions, _ = weigh(*shown)
    assert (contradictions, known.contradictions) == (0, 0)
    assert known.modified_at is not None
    for item in shown:
        evidence = evidence_of(item)
        assert evidence is not None
        assert ledger.learn(ledger.identify(item), evidence) == known, "it was told before"


@pytest.mark.parametrize(
    ("names", "hours", "doubts", "source"),
    [
        pytest.param(Names.of(URL, None, "", None), 24, [], "feed", id="an address is believed"),
        pytest.param(Names.of(None, None, "", "AEX sluit hoger"), 24, ["variance"], "relative", id="yesterday's"),
        pytest.param(Names.of(None, None, "", "AEX sluit hoger"), 1.5, [], "feed", id="today's"),
    ],
)
def test_a_headline_alone_does_not_outweigh_what_pages_show(
    names: Names, hours: float, doubts: list[str], source: str
) -> None:
    at = TEN - hours * HOUR
    claim = FeedClaim(names, Evidence("feed", Interval(at, at, "second"), "x"), "https://www.zeelandnet.nl/rss")
    _, known, _, found = weigh(brief(1), brief(1, TEN + HOUR / 2), claim=claim)
    assert (found, known.source) == (doubts, source)
