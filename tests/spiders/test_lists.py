"""Lists that show one story, each in its way: what they say together stands in the first line that is written."""

import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from harness import FAST, ROOT, Crawl, CrawlResult, LocalSite, article, crawl_command, environment, index, walk
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from newscrawl.spiders.anp import AnpBuitenland

CLOCK = "2026-02-24T10:00:00+01:00"


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
    assert span(result, "a") == ("2026-02-24T04:15:00Z", "2026-02-24T04:15:59.999999Z")
    assert [reason for reason in result.report["reasons"] if "contradict" in reason] == [
        "2 times contradict a surer one, and were left aside."
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


@pytest.fixture
def stopped(site: LocalSite, start: str, tmp_path: Path) -> CrawlResult:
    """Return what is left of a crawl that was stopped while its second index page was awaited."""
    site.say("/nieuws/buitenland", index("a", "b", following="?page=2"))
    site.say("/nieuws/buitenland?page=2", index("c", following="?page=3"))
    command = crawl_command(
        "anp_buitenland", {"start_url": start}, FAST | {"DOWNLOAD_DELAY": "2", "DOWNLOAD_DELAY_JITTER": "0"}
    )
    process = subprocess.Popen(command, cwd=ROOT, env=environment(tmp_path), stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 30
    while site.paths != ["/nieuws/buitenland"] and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(1)
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=30)
    return CrawlResult(process.returncode, stderr, tmp_path)


def test_a_run_that_is_stopped_writes_what_it_held(stopped: CrawlResult, site: LocalSite) -> None:
    assert site.paths == ["/nieuws/buitenland", "/nieuws/buitenland?page=2"]
    assert (stopped.exit_code, stopped.report["verdict"]) == (0, "degraded")
    assert [line["headline"] for line in stopped.stories] == ["Kop van a", "Kop van b", "Kop van c"]
    assert {line["kind"] for line in stopped.stories} == {"brief"}
    assert len(stopped.sightings) == 3


def test_an_error_that_nobody_expected_does_not_take_other_lists_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    crawler: Any = get_crawler(AnpBuitenland, {"NEWSCRAWL_OUTPUT_DIR": "output"})
    spider = AnpBuitenland.from_crawler(crawler)
    first, second = (
        HtmlResponse(
            f"https://www.zeelandnet.nl/nieuws/buitenland?page={number}",
            body=index(slug, following="?page=2").encode(),
            headers={"Content-Type": "text/html"},
            request=Request("https://www.zeelandnet.nl/", meta={"newscrawl_arrived_at": datetime.now(UTC)}),
        )
        for number, slug in enumerate("ab", 1)
    )
    monkeypatch.setattr(spider, "_is_stopping", lambda: False)
    (following,) = spider.parse(first)
    monkeypatch.setattr(spider, "read_page", lambda _: 1 / 0)
    found: list[Any] = []
    with pytest.raises(ZeroDivisionError):
        found += spider.parse(second)
    assert following.url == second.url
    assert [getattr(item, "headline", None) for item in found] == ["Kop van a", "Kop van a", None]
    assert found[2].url == "https://www.zeelandnet.nl/nieuws/a"
