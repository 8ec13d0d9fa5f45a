"""Feeds that an index page announces: what they tell of the times of stories, and what happens to those of no use."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from contract import check_report, check_sighting, check_story, moment
from desk import Desk
from harness import FAST, Crawl, CrawlResult, LocalSite, article, index, walk
from scrapy import Request
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler

from newscrawl.ledger.identity import id_of_url
from newscrawl.ledger.store import Store
from newscrawl.spiders.anp import AnpBuitenland

CLOCK = "2026-02-24T10:00:00+01:00"
# "1 uur geleden" at that moment: between 07:00 and 08:00 in UTC.
RFC_5322, ISO_8601, MOMENT = "Tue, 24 Feb 2026 08:20:30 +0100", "2026-02-24T08:20:30+01:00", "2026-02-24T07:20:30Z"
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rss": "http://purl.org/rss/1.0/",
    "sitemap": "http://www.sitemaps.org/schemas/sitemap/0.9",
}


def link(href: str) -> str:
    return f'<link rel="alternate" type="application/rss+xml" href="{href}">'


RSS_LINK = link("/rss")


def rss(*items: str) -> str:
    return f"<?xml version='1.0'?><rss version='2.0'><channel>{''.join(items)}</channel></rss>"


def item(link: str, published: str = RFC_5322) -> str:
    return f"<item><title>Kop</title><link>{link}</link><pubDate>{published}</pubDate></item>"


def crawl_with_feed(
    crawl: Crawl, site: LocalSite, start: str, feed: str | bytes, head: str = RSS_LINK, **given: Any
) -> CrawlResult:
    """Crawl a list of the stories "a", one hour old, and "b", two hours old, that announces *feed* at ``/rss``."""
    site.say("/nieuws/buitenland", index("a", "b", head=head))
    if "/rss" not in site.answers:
        site.say("/rss", feed, Content_Type="application/rss+xml")
    for slug in "ab":
        site.say(f"/nieuws/{slug}", article(slug))
    settings = FAST | {"STATS_DUMP": "1"} | given.pop("settings", {})
    return crawl(settings=settings, start_url=start, crawled_at=CLOCK, **given)


def times(result: CrawlResult, slug: str) -> set[tuple[str, str, str]]:
    """Return source, raw and middle of the time of the lines of a story; both lines have the same."""
    lines = [line for line in result.stories if line["headline"] == f"Kop van {slug}"]
    assert {line["kind"] for line in lines} == {"article", "brief"}
    return {(line["published_source"], line["published_raw"], line["published_at"]) for line in lines}


RELATIVE_A = {("relative", "1 uur geleden", "2026-02-24T07:30:00Z")}


def told(desk: Desk, feed: str) -> dict[str, tuple[str, str | None, datetime]]:
    """Return source, raw and middle of the times of the stories "a" and "b", after a list and a *feed*."""
    crawler: Any = get_crawler(AnpBuitenland, {"NEWSCRAWL_OUTPUT_DIR": "output", "NEWSCRAWL_LEDGER": ""})
    spider, site = AnpBuitenland.from_crawler(crawler, crawled_at=CLOCK), "https://www.zeelandnet.nl"
    page = HtmlResponse(
        f"{site}/nieuws/buitenland", body=index("a", "b").encode(), headers={"Content-Type": "text/html"}
    )
    page.request = Request(page.url)
    extract = spider.read_page(page)
    assert extract is not None
    body = feed.replace("{site}", site).encode()
    claims = spider.read_feed(Response(f"{site}/rss", body=body, request=Request(f"{site}/rss")))
    desk.see(*extract.items, claims=claims)
    assert (desk.contradictions, desk.doubts) == (0, [])
    known = {slug: desk.ledger.publication(id_of_url(f"{site}/nieuws/{slug}")) for slug in "ab"}
    return {slug: (one.source, one.raw, one.interval.best) for slug, one in known.items() if one}


RSS_OF_A = rss(item("{site}/nieuws/a?utm_source=rss"))
BROKEN_OFF = rss(item("/nieuws/a"), item("/nieuws/b", "Tue, 24 Feb 2026 07:20:30 +0100"))
UNTOLD_B = ("relative", "2 uur geleden", moment("2026-02-24T06:30:00Z"))


@pytest.mark.parametrize(
    ("feed", "raw"),
    [
        pytest.param(RSS_OF_A, RFC_5322, id="RSS 2.0"),
        pytest.param(rss(item("/nieuws/a")), RFC_5322, id="a relative address"),
        pytest.param(
            rss(
                "<item><link>https://teller.example/klik/7</link>"
                f"<guid>{{site}}/nieuws/a</guid><pubDate>{RFC_5322}</pubDate></item>"
            ),
            RFC_5322,
            id="a guid that is the permalink",
        ),
        pytest.param(
            rss(f"<item><title>Kop van a</title><pubDate>{RFC_5322}</pubDate></item>"),
            RFC_5322,
            id="a headline and no address",
        ),
        pytest.param(
            f"<rdf:RDF xmlns:rdf='{NAMESPACES['rdf']}' xmlns='{NAMESPACES['rss']}' xmlns:dc='{NAMESPACES['dc']}'>"
            f"<item><title>A</title><link>{{site}}/nieuws/a</link><dc:date>{ISO_8601}</dc:date></item></rdf:RDF>",
            ISO_8601,
            id="RSS 1.0",
        ),
        pytest.param(
            BROKEN_OFF[: BROKEN_OFF.index("<link>/nieuws/b")],
            RFC_5322,
            id="a feed that breaks off is read as far as it goes",
        ),
    ],
)
def test_a_feed_tells_when_its_stories_were_published(tmp_path: Path, feed: str, raw: str) -> None:
    store = Store("", tmp_path)
    found = told(Desk(store), feed)
    store.close()
    assert found == {"a": ("feed", raw, moment(MOMENT)), "b": UNTOLD_B}


@pytest.mark.parametrize(
    ("head", "feed", "raw"),
    [
        pytest.param(RSS_LINK, RSS_OF_A, RFC_5322, id="RSS"),
        pytest.param(
            '<link rel="alternate" type="application/atom+xml" href="/rss">',
            f"<feed xmlns='{NAMESPACES['atom']}'><entry><id>urn:1</id><link rel='edit' href='/nieuws/b'/>"
            f"<link href='/nieuws/a'/><updated>2026-02-24T08:59:00+01:00</updated><published>{ISO_8601}</published>"
            "</entry></feed>",
            ISO_8601,
            id="Atom",
        ),
        pytest.param(
            '<link rel="sitemap" type="application/xml" href="/rss">',
            f"<urlset xmlns='{NAMESPACES['sitemap']}' xmlns:news='{NAMESPACES['news']}'><url><loc>{{site}}/nieuws/a"
            f"</loc><lastmod>2026-02-24</lastmod><news:news><news:publication_date>{ISO_8601}</news:publication_date>"
            "<news:title>A</news:title></news:news></url><url><loc>{site}/nieuws/b</loc>"
            "<lastmod>2026-02-24T08:59:00+01:00</lastmod></url></urlset>",
            ISO_8601,
            id="news sitemap",
        ),
    ],
)
def test_a_feed_of_each_kind_is_found_and_read(
    crawl: Crawl, site: LocalSite, start: str, head: str, feed: str, raw: str
) -> None:
    result = crawl_with_feed(crawl, site, start, feed.replace("{site}", site.url), head)
    assert result.report["verdict"] == "ok"
    assert site.paths == ["/nieuws/buitenland", "/rss", "/nieuws/a", "/nieuws/b"]
    assert times(result, "a") == {("feed", raw, MOMENT)}
    assert times(result, "b") == {("relative", "2 uur geleden", "2026-02-24T06:30:00Z")}
    for line in result.stories:
        check_story(line)
    check_report(result.report)
    counts = result.report["counts"]
    assert (counts["requests"], counts["pages"], counts["not_news"], counts["times_read"]) == (4, 3, 0, 2)
    assert "'newscrawl/feeds': 1" in result.stderr
    assert "newscrawl/feeds_unread" not in result.stderr


def test_a_feed_is_no_sighting_and_makes_no_brief(crawl: Crawl, site: LocalSite, start: str) -> None:
    result = crawl_with_feed(crawl, site, start, rss(item("/nieuws/a"), item("/nieuws/alleen-in-de-feed")))
    assert "/nieuws/alleen-in-de-feed" not in site.paths
    assert {line["headline"] for line in result.stories} == {"Kop van a", "Kop van b"}
    assert {line["page_url"] for line in result.sightings} == {start, f"{site.url}/nieuws/a", f"{site.url}/nieuws/b"}
    for line in result.sightings:
        check_sighting(line)
        assert line["raw"] != RFC_5322


def test_each_feed_is_asked_for_once_after_the_index_pages(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/nieuws/buitenland", index("a", following="?page=2", head=RSS_LINK))
    site.say("/nieuws/buitenland?page=2", index("b", head=link(f"{site.url}/rss#top") + link("/atom")))
    site.say("/rss", rss(item("/nieuws/b")), Content_Type="application/rss+xml")
    site.say("/atom", f"<feed xmlns='{NAMESPACES['atom']}'/>", Content_Type="application/atom+xml")
    for slug in "ab":
        # An article's feeds are its own affair: comments, mostly.
        site.say(f"/nieuws/{slug}", link(f"/nieuws/{slug}/rss") + article(slug))
    result = walk(crawl, start, crawled_at=CLOCK)
    lists = ["/nieuws/buitenland", "/nieuws/buitenland?page=2", "/rss", "/atom"]
    assert site.paths == [*lists, "/nieuws/a", "/nieuws/b"]
    assert times(result, "b") == {("feed", RFC_5322, MOMENT)}


NO_FEEDS: dict[str, tuple[str | bytes, str]] = {
    "/empty": ("", "no feed: it is not XML"),
    "/image": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "no feed: it is not XML"),
    "/page": ("<!DOCTYPE html><html><body>Weg</body></html>", "no feed: its root element is <html>"),
    "/index": (f"<sitemapindex xmlns='{NAMESPACES['sitemap']}'/>", "no feed: it is an index of sitemaps"),
    "/bomb": (
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel>'
        f"<item><link>/nieuws/a</link><title>&b;</title><pubDate>{RFC_5322}</pubDate></item></channel></rss>",
        "no feed: it declares entities of its own",
    ),
}


def test_what_is_no_feed_is_counted_and_named_and_the_walk_goes_on(crawl: Crawl, site: LocalSite, start: str) -> None:
    for path, (feed, _) in NO_FEEDS.items():
        site.say(path, feed, Content_Type="application/rss+xml")
    result = crawl_with_feed(crawl, site, start, "", "".join(map(link, NO_FEEDS)))
    assert (result.exit_code, result.report["verdict"]) == (0, "ok")
    for path, (_, reason) in NO_FEEDS.items():
        assert f"{site.url}{path}: {reason}" in result.stderr
    assert "'newscrawl/feeds_unread': 5" in result.stderr
    assert "Traceback" not in result.stderr
    counts = result.report["counts"]
    assert (counts["requests"], counts["pages"], counts["not_news"], counts["failed_requests"]) == (8, 3, 0, 0)
    assert "5 feeds could not be fetched or read; the log tells why." in result.report["reasons"]
    assert times(result, "a") == RELATIVE_A


def test_a_run_asks_for_no_more_than_five_feeds(crawl: Crawl, site: LocalSite, start: str) -> None:
    for number in range(1, 8):
        site.say(f"/rss/{number}", rss(), Content_Type="application/rss+xml")
    heads = ["".join(link(f"/rss/{number}") for number in numbers) for numbers in ((1, 2, 3, 4), (4, 5, 6, 7))]
    site.say("/nieuws/buitenland", index("a", following="?page=2", head=heads[0]))
    site.say("/nieuws/buitenland?page=2", index("b", head=heads[1]))
    for slug in "ab":
        site.say(f"/nieuws/{slug}", article(slug))
    result = crawl(settings=FAST | {"STATS_DUMP": "1"}, start_url=start)
    assert [path for path in site.paths if path.startswith("/rss")] == [f"/rss/{number}" for number in range(1, 6)]
    assert "7 feeds are announced; only the first 5 are asked for" in result.stderr
    assert "'newscrawl/feeds_left': 2" in result.stderr
    assert result.report["verdict"] == "ok"


def test_a_feed_that_is_not_there_fails_like_any_other_page(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/rss", "niets", status=404)
    result = crawl_with_feed(crawl, site, start, "")
    assert result.report["counts"]["failed_requests"] == 1
    assert f"{site.url}/rss could not be fetched: the server answered 404" in result.stderr
    assert "'newscrawl/feeds_unread': 1" in result.stderr
    assert times(result, "a") == RELATIVE_A


def test_a_feed_that_is_too_large_is_not_read(crawl: Crawl, site: LocalSite, start: str) -> None:
    large = rss(item("/nieuws/a")) + "<!-- " + 10_000 * "x" + " -->"
    result = crawl_with_feed(crawl, site, start, large, settings={"DOWNLOAD_MAXSIZE": "5000"})
    assert result.report["counts"]["failed_requests"] == 1
    assert f"{site.url}/rss could not be fetched" in result.stderr
    assert times(result, "a") == RELATIVE_A


def test_a_feed_elsewhere_is_not_asked_for_nor_followed_there(crawl: Crawl, site: LocalSite, start: str) -> None:
    away = "http://localhost:9/rss"
    site.say("/rss", "", status=302, Location=away)
    result = crawl_with_feed(crawl, site, start, "", RSS_LINK + link(away))
    assert site.paths == ["/nieuws/buitenland", "/rss", "/nieuws/a", "/nieuws/b"]
    assert f"feed {away} is not on the site that is crawled" in result.stderr
    assert "'newscrawl/feeds': 1" in result.stderr
    assert "'newscrawl/ignored_requests': 1" in result.stderr
    assert "newscrawl/feeds_unread" not in result.stderr, "it is counted once"
    assert result.report["counts"]["failed_requests"] == 0
    assert times(result, "a") == RELATIVE_A


def test_no_address_but_http_is_a_feed(crawl: Crawl, site: LocalSite, start: str) -> None:
    hrefs = ("file:///etc/hosts", "data:text/xml,<rss/>", "http://[", "", "#")
    result = crawl_with_feed(crawl, site, start, "", "".join(map(link, hrefs)))
    assert result.exit_code == 0
    assert set(site.paths) <= {"/nieuws/buitenland", "/nieuws/a", "/nieuws/b"}
    assert times(result, "a") == RELATIVE_A


def test_robots_txt_holds_for_feeds(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/robots.txt", "User-agent: *\nDisallow: /rss\n", Content_Type="text/plain")
    result = crawl_with_feed(crawl, site, start, rss(item("/nieuws/a")))
    assert site.paths == ["/nieuws/buitenland", "/nieuws/a", "/nieuws/b"]
    assert result.report["counts"]["failed_requests"] == 0
    assert times(result, "a") == RELATIVE_A
    assert "'newscrawl/ignored_requests': 1" in result.stderr
    assert "newscrawl/feeds_unread" not in result.stderr, "it is counted once"


def test_a_feed_that_asks_to_wait_is_waited_for(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/rss", "", status=429, Retry_After="1")
    site.say("/rss", rss(item("/nieuws/a")))
    result = crawl_with_feed(crawl, site, start, "")
    assert times(result, "a") == {("feed", RFC_5322, MOMENT)}


def test_a_feed_that_asks_to_be_left_alone_ends_the_run_and_no_brief_is_lost(
    crawl: Crawl, site: LocalSite, start: str
) -> None:
    site.say("/rss", "", status=429, Retry_After="86400")
    result = crawl_with_feed(crawl, site, start, "", RSS_LINK + link("/later"))
    assert site.paths == ["/nieuws/buitenland", "/rss"]
    assert [(line["kind"], line["headline"]) for line in result.stories] == [
        ("brief", "Kop van a"),
        ("brief", "Kop van b"),
    ]
    assert result.report["verdict"] == "degraded"


def test_times_that_cannot_be_true_are_counted_told_and_left_aside(crawl: Crawl, site: LocalSite, start: str) -> None:
    claims = ("Wed, 25 Feb 2026 08:20:30 +0100", "2026-02-24T08:20:30", "Thu, 01 Jan 1970 00:00:00 GMT", "zojuist")
    result = crawl_with_feed(crawl, site, start, rss(*(item("/nieuws/a", claim) for claim in claims)))
    for claim in claims:
        assert f"{claim!r}" in result.stderr
    assert result.stderr.count(f"distrusted time on {site.url}/rss: ") == 4
    assert "'newscrawl/times_distrusted': 4" in result.stderr
    for reason in ("future", "zone", "early", "unreadable"):
        assert f"'newscrawl/times_distrusted/{reason}': 1" in result.stderr
    assert "newscrawl/times_contradicted" not in result.stderr.replace("'newscrawl/times_contradicted': 0", "")
    assert times(result, "a") == RELATIVE_A


def test_what_is_no_time_of_publication_of_the_story_tells_nothing(crawl: Crawl, site: LocalSite, start: str) -> None:
    without_time = "<item><link>/nieuws/a</link></item>"
    of_another_of_that_name = item("/nieuws/c").replace("Kop", "Kop van a")
    of_the_feed = f"<pubDate>{RFC_5322}</pubDate>"
    of_a_comment, elsewhere, unknown = item("/nieuws/a#reactie-12"), item("https://elders.example/nieuws/a"), item("")
    site.say("/rss", rss(of_the_feed, without_time, of_a_comment, elsewhere, of_another_of_that_name, unknown))
    of_a_change = f"<entry><link href='/nieuws/a'/><updated>{ISO_8601}</updated></entry>"
    site.say("/atom", f"<feed xmlns='{NAMESPACES['atom']}'>{of_a_change}</feed>")
    result = crawl_with_feed(crawl, site, start, "", RSS_LINK + link("/atom"))
    assert {"/rss", "/atom"} <= set(site.paths)
    assert times(result, "a") == RELATIVE_A
    assert result.report["reasons"] == []


def test_a_feed_that_contradicts_a_relative_time_wins_and_that_is_counted_once(
    crawl: Crawl, site: LocalSite, start: str
) -> None:
    raw = "Tue, 24 Feb 2026 06:00:01 +0100"
    result = crawl_with_feed(crawl, site, start, rss(item("/nieuws/b", raw)))
    assert times(result, "b") == {("feed", raw, "2026-02-24T05:00:01Z")}
    assert result.report["reasons"] == ["1 times contradict a surer one, and were left aside."]


def test_a_feed_is_read_by_its_own_clock(crawl: Crawl, site: LocalSite, start: str) -> None:
    # It comes from a cache, and was made twenty minutes before the story is said to have been published.
    site.say("/rss", rss(item("/nieuws/a")), Date="Tue, 24 Feb 2026 09:00:00 GMT", Age="7200")
    result = crawl_with_feed(crawl, site, start, "")
    assert f"distrusted time on {site.url}/rss: later than the page itself: '{RFC_5322}'" in result.stderr
    assert times(result, "a") == RELATIVE_A


def test_a_feed_outweighs_a_list_that_showed_another_time_before(crawl: Crawl, site: LocalSite, start: str) -> None:
    raw = "Tue, 24 Feb 2026 09:49:40 +0100"
    site.say("/nieuws/buitenland", index("a", following="?page=2", head=RSS_LINK))
    site.say("/nieuws/buitenland?page=2", index("a", "b").replace("1 uur geleden", "10 minuten geleden"))
    site.say("/rss", rss(item("/nieuws/a", raw)))
    site.say("/nieuws/a", article("a"))
    result = walk(crawl, start, crawled_at=CLOCK)
    assert times(result, "a") == {("feed", raw, "2026-02-24T08:49:40Z")}
    assert {line["modified_at"] for line in result.stories} == {None}, "it did not come anew: the first list was wrong"
    assert "1 times contradict a surer one, and were left aside." in result.report["reasons"]


def test_a_story_is_not_younger_than_the_page_that_shows_it(crawl: Crawl, site: LocalSite, start: str) -> None:
    without_time = index("a", head=RSS_LINK).replace("<span>1 uur geleden</span>", "")
    site.say("/nieuws/buitenland", without_time, Date="Tue, 24 Feb 2026 08:59:20 GMT")
    young, cut = "Tue, 24 Feb 2026 08:59:40 GMT", "Tue, 24 Feb 2026 08:59 GMT"
    site.say("/rss", rss(item("/nieuws/a", young)), Date="Tue, 24 Feb 2026 08:59:50 GMT")
    result = walk(crawl, start, crawled_at=CLOCK)
    assert f"distrusted time on {site.url}/rss: later than a page that shows its story: '{young}'" in result.stderr
    (brief,) = result.stories
    assert brief["published_at"] is None
    site.answers["/rss"] = []
    site.say("/rss", rss(item("/nieuws/a", cut)), Date="Tue, 24 Feb 2026 08:59:50 GMT")
    (brief,) = walk(crawl, start, crawled_at=CLOCK).stories
    assert moment(brief["published_earliest"]) == moment("2026-02-24T08:59:00Z")
    assert brief["published_latest"] == brief["rendered_at"] == "2026-02-24T08:59:20Z"
