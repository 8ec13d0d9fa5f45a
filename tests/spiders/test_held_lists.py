"""Lists that show one story, each in its way: what they say together stands in the first line that is written."""

import asyncio
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from harness import FAST, ROOT, Crawl, CrawlResult, LocalSite, article, crawl_command, environment, index, walk
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from newscrawl.batch import Batch
from newscrawl.pipelines.resolve_times import ResolveTimes
from newscrawl.spiders.anp import AnpBuitenland

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


@pytest.fixture
def spider(tmp_path: Path) -> Iterator[AnpBuitenland]:
    """Return a spider in this process, whose recording is open."""
    crawler: Any = get_crawler(AnpBuitenland, {"NEWSCRAWL_OUTPUT_DIR": str(tmp_path), "NEWSCRAWL_LEDGER": ""})
    crawler.spider = spider = AnpBuitenland.from_crawler(crawler)
    spider.recording.open()
    yield spider
    spider.recording.finish()
    spider.recording.conclude("ok", datetime.now(UTC), b"{}", {})


def pages(*bodies: str) -> list[HtmlResponse]:
    return [
        HtmlResponse(
            url,
            body=page.encode(),
            headers={"Content-Type": "text/html"},
            request=Request(url, meta={"newscrawl_arrived_at": datetime.now(UTC)}),
        )
        for url, page in zip(PAGES, bodies, strict=True)
    ]


def test_an_error_that_nobody_expected_does_not_take_other_lists_with_it(
    spider: AnpBuitenland, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = pages(index("a", following="?page=2"), "")
    read = iter([spider.read_page(first)])

    async def fetch(url: str, *, feed: bool = False) -> HtmlResponse:
        assert (url, feed) == (second.url, False)
        return second

    monkeypatch.setattr(spider, "_fetch", fetch)
    monkeypatch.setattr(spider, "read_page", lambda _: next(read, None) or 1 / 0)
    found: list[Any] = []

    async def collect() -> None:
        async for item in spider.parse(first):
            found.append(item)  # noqa: PERF401 - what came before the error is what counts

    with pytest.raises(ZeroDivisionError):
        asyncio.run(collect())
    assert [type(item) for item in found] == [Batch, Request]
    assert [item.headline for item in found[0].items] == ["Kop van a", "Kop van a"]
    assert found[1].url == "https://www.zeelandnet.nl/nieuws/a"


def test_an_error_while_times_are_weighed_leaves_no_half_known_batch(
    spider: AnpBuitenland, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = pages(index("a"), "")
    extract = spider.read_page(first)
    assert extract is not None
    resolve = ResolveTimes.from_crawler(spider.crawler)
    with monkeypatch.context() as broken:
        broken.setattr("newscrawl.ledger.draft.Draft.learn", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            resolve.process_item(Batch(items=list(extract.items)))
    spider.recording.discard()  # as `WriteJsonLines` does on the signal of such an error
    assert spider.recording.ledger.known(Batch(items=extract.items).stories) == set()  # type: ignore[arg-type]
    assert resolve.process_item(Batch(items=list(extract.items))).items == extract.items
    spider.recording.discard()
