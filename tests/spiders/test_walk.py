"""The walk over a real server: which pages are asked for, and what is made of those that are no use."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from contract import check_story, moment
from harness import FAST, Crawl, LocalSite, article, index, walk


def test_index_pages_come_before_articles_and_articles_in_the_order_of_the_lists(
    crawl: Crawl, site: LocalSite, start: str
) -> None:
    site.say("/nieuws/buitenland", index("a", "b", following="?page=2"))
    site.say("/nieuws/buitenland?page=2", index("c"))
    for slug in "abcd":
        site.say(f"/nieuws/{slug}", article(slug, "d", "a"))
    result = walk(crawl, start)
    assert site.paths == ["/nieuws/buitenland", "/nieuws/buitenland?page=2", *(f"/nieuws/{slug}" for slug in "abcd")]
    assert [(line["kind"], line["headline"]) for line in result.stories if line["kind"] == "article"] == [
        ("article", f"Kop van {slug}") for slug in "abcd"
    ]
    for line in result.stories:
        check_story(line)


def test_a_lead_gets_the_time_of_its_teaser_and_one_without_a_teaser_none(
    crawl: Crawl, site: LocalSite, start: str
) -> None:
    site.say("/nieuws/buitenland", index("a"))
    site.say("/nieuws/a", article("a", "b"))
    site.say("/nieuws/b", article("b"))
    crawled_at = "2026-02-24T10:00:00+01:00"
    result = walk(crawl, start, crawled_at=crawled_at)
    leads = {line["headline"]: line for line in result.stories if line["kind"] == "article"}
    clock = datetime.fromisoformat(crawled_at)
    assert moment(leads["Kop van a"]["published_latest"]) == clock - timedelta(hours=1)
    assert moment(leads["Kop van a"]["published_earliest"]) == clock - timedelta(hours=2)
    assert leads["Kop van a"]["published_raw"] == "1 uur geleden"
    # "b" was announced by a sidebar, which is a list as well: its own brief, and no neighbour's.
    assert leads["Kop van b"]["published_raw"] == "3 uur geleden"


def test_a_start_page_that_is_an_article_leaves_its_lead_without_a_time(crawl: Crawl, site: LocalSite) -> None:
    site.say("/nieuws/los", article("los", "b"))
    site.say("/nieuws/b", article("b"))
    result = walk(crawl, f"{site.url}/nieuws/los")
    (lead,) = [line for line in result.stories if line["headline"] == "Kop van los"]
    assert lead["published_at"] is None
    assert lead["published_source"] is None


def test_the_walk_ends_at_max_pages_and_at_a_page_with_nothing_new(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/nieuws/buitenland", index("a", following="?page=2"))
    site.say("/nieuws/buitenland?page=2", index("a", following="?page=3"))
    site.say("/nieuws/buitenland?page=3", index("b"))
    site.say("/nieuws/a", article("a"))
    walk(crawl, start)
    assert site.paths == ["/nieuws/buitenland", "/nieuws/buitenland?page=2", "/nieuws/a"]
    site.asked.clear()
    walk(crawl, start, max_pages="1")
    assert site.paths == ["/nieuws/buitenland", "/nieuws/a"]


def test_only_the_sites_own_host_and_port_are_asked(crawl: Crawl, site: LocalSite, start: str) -> None:
    away = "http://localhost:9/nieuws/elders"  # another host, another port
    site.say("/nieuws/buitenland", index("a", "b").replace("/nieuws/b'", f"{away}'"))
    site.say("/nieuws/a", "", status=302, Location=away)
    result = walk(crawl, start)
    assert result.exit_code == 0, result.stderr
    assert result.report["counts"]["failed_requests"] == 0
    assert "not on the site that is crawled" in result.stderr
    assert {line["kind"] for line in result.stories} == {"brief"}


def test_no_link_but_http_is_followed(crawl: Crawl, site: LocalSite, start: str) -> None:
    links = {
        "a": "file:///etc/hosts", "b": "ftp://127.0.0.1/x", "c": "javascript:void(0)", "d": "data:text/html,x",
        "e": "http://[",
    }  # fmt: skip
    page = index(*links)
    for slug, link in links.items():
        page = page.replace(f"/nieuws/{slug}'", f"{link}'")
    site.say("/nieuws/buitenland", page)
    result = walk(crawl, start)
    assert result.exit_code == 0, result.stderr
    assert site.paths == ["/nieuws/buitenland"]
    assert [(line["headline"], line["url"]) for line in result.stories] == [(f"Kop van {slug}", None) for slug in links]


def test_robots_txt_is_obeyed(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/robots.txt", "User-agent: *\nDisallow: /nieuws/b\n", Content_Type="text/plain")
    site.say("/nieuws/buitenland", index("a", "b"))
    site.say("/nieuws/a", article("a"))
    site.say("/nieuws/b", article("b"))
    result = walk(crawl, start)
    # "/nieuws/buitenland" begins with "/nieuws/b" too.
    assert site.paths == []
    assert result.exit_code == 1
    assert "robots.txt" in result.report["reasons"][0]


def test_an_honest_user_agent_with_the_operators_contact(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/nieuws/buitenland", index("a"))
    walk(crawl, start)
    assert {headers["User-Agent"] for _, headers in site.asked} == {"newscrawl/0.1.0"}


def test_a_page_that_is_no_news_is_counted_and_named_and_the_run_goes_on(
    crawl: Crawl, site: LocalSite, start: str
) -> None:
    slugs = [f"s{number}" for number in range(8)]
    site.say("/nieuws/buitenland", index(*slugs))
    for slug in slugs:
        site.say(f"/nieuws/{slug}", article(slug))
    site.answers["/nieuws/s3"] = [(200, {"Content-Type": "text/html"}, b"<h1>Contact</h1><p>Bel ons gerust.</p>")]
    site.answers["/nieuws/s5"] = [(200, {"Content-Type": "application/pdf"}, b"%PDF-1.4")]
    result = walk(crawl, start)
    assert result.exit_code == 0
    counts = result.report["counts"]
    assert (counts["pages"], counts["not_news"]) == (9, 2)
    assert any(f"{site.url}/nieuws/s3" in reason for reason in result.report["reasons"])
    assert any("application/pdf" in reason for reason in result.report["reasons"])
    assert sum(line["kind"] == "article" for line in result.stories) == 6


def test_articles_that_fail_are_counted_and_pending(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/nieuws/buitenland", index(*"abcdefgh"))
    for slug in "abcdefg":
        site.say(f"/nieuws/{slug}", article(slug))
    result = walk(crawl, start)
    counts = result.report["counts"]
    assert (counts["failed_requests"], counts["pending"]) == (1, 1)
    assert result.report["verdict"] == "ok", "one of nine requests is within the margin"
    assert "answered 404" in result.stderr
    for slug in "abcd":
        site.answers[f"/nieuws/{slug}"] = [(500, {}, b"")]
    result = walk(crawl, start)
    assert result.report["verdict"] == "degraded"
    assert result.exit_code == 0
    assert "5 of 9 requests failed." in result.report["reasons"]


def test_an_index_that_breaks_off_leaves_the_articles_it_has_listed(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/nieuws/buitenland", index("a", following="?page=2"))
    site.say("/nieuws/a", article("a"))
    result = walk(crawl, start)
    assert site.paths == ["/nieuws/buitenland", "/nieuws/buitenland?page=2", "/nieuws/a"]
    assert result.report["counts"]["failed_requests"] == 1
    assert [(line["kind"], line["headline"]) for line in result.stories] == [
        ("brief", "Kop van a"),
        ("article", "Kop van a"),
    ]


def test_retry_after_is_waited_for_and_nothing_is_lost(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/nieuws/buitenland", index("a"))
    site.say("/nieuws/a", "", status=429, Retry_After="1")
    site.say("/nieuws/a", "", status=503, Retry_After=format_datetime(datetime.now(UTC), usegmt=True))
    site.say("/nieuws/a", article("a"))
    result = walk(crawl, start)
    assert {line["kind"] for line in result.stories} == {"article", "brief"}
    assert result.report["counts"]["failed_requests"] == 0
    assert "as it asks" in result.stderr


def test_a_wait_that_is_too_long_ends_the_run_at_once(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/nieuws/buitenland", index("a", "b", "c"))
    site.say("/nieuws/a", "", status=429, Retry_After="3600")
    result = walk(crawl, start)
    assert site.paths == ["/nieuws/buitenland", "/nieuws/a"]
    assert result.exit_code == 0
    assert result.report["reasons"][0] == "The run ended early: the site asked to be left alone for 3600 seconds."
    assert result.report["counts"]["pending"] == 3
    assert len(result.stories) == 3


def test_a_wait_that_is_too_long_is_a_failure_where_nothing_was_fetched(
    crawl: Crawl, site: LocalSite, start: str
) -> None:
    site.say("/nieuws/buitenland", "", status=429, Retry_After="86400")
    result = walk(crawl, start)
    assert result.exit_code == 1
    assert "429" in result.report["reasons"][0]


def test_a_site_that_cannot_be_reached(crawl: Crawl) -> None:
    result = walk(crawl, "http://127.0.0.1:9/nieuws/buitenland")
    assert result.exit_code == 1
    assert result.report["verdict"] == "failed"
    (reason,) = result.report["reasons"]
    assert "-a site=demo" in reason
    assert result.stderr.count("-a site=demo") == 1
    assert "Traceback" not in result.stderr
    assert result.stories == []
    assert not any(name.endswith((".part", ".jsonl")) for name in result.names)


def test_a_site_without_news_is_a_failure(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/nieuws/buitenland", "<h1>Onderhoud</h1><p>Wij zijn zo terug.</p>")
    result = walk(crawl, start)
    assert result.exit_code == 1
    assert result.report["reasons"][0] == "None of the 1 pages fetched was a news page."


def test_times_that_cannot_be_read_are_counted_and_shown(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/nieuws/buitenland", index("a", "b").replace("<span>2 uur geleden</span>", "<time>ooit</time>"))
    result = walk(crawl, start)
    assert result.report["counts"]["times_unread"] == 1
    assert "unreadable time 'ooit' on" in result.stderr
    assert "1 of 2 times shown could not be read." in result.report["reasons"]
    line = next(line for line in result.stories if line["headline"] == "Kop van b")
    assert line["published_at"] is None
    sighting = next(line for line in result.sightings if line["headline"] == "Kop van b")
    assert (sighting["raw"], sighting["earliest"]) == ("ooit", None)


def test_times_in_words_that_are_not_known_are_no_part_of_the_text(crawl: Crawl, site: LocalSite, start: str) -> None:
    words = ("2u geleden", "gisteren", "3 nov. 2025", "10 min. geleden", "vandaag, 14.30 uur", "kwartier geleden")
    page = index(*"abcdef")
    for number, word in enumerate(words, 1):
        page = page.replace(f"<span>{number} uur geleden</span>", f"<span>{word}</span>")
    site.say("/nieuws/buitenland", page)
    result = walk(crawl, start)
    assert result.report["counts"]["times_read"] + result.report["counts"]["times_unread"] == 6
    assert [line["raw"] for line in result.sightings] == list(words)
    for line, word in zip(result.stories, words, strict=True):
        assert line["published_raw"] == word
        assert line["text"].endswith("bekendgemaakt.")
    assert result.report["verdict"] == "degraded"


def test_a_page_that_refreshes_itself_is_read_once(crawl: Crawl, site: LocalSite, start: str) -> None:
    refresh = '<meta http-equiv="refresh" content="1;url={}">'
    site.say("/nieuws/buitenland", refresh.format("/nieuws/buitenland") + index("a"))
    site.say("/nieuws/a", refresh.format("/nieuws/a") + article("a"))
    result = walk(crawl, start)
    assert site.paths == ["/nieuws/buitenland", "/nieuws/a"]
    assert {line["kind"] for line in result.stories} == {"article", "brief"}


def test_a_story_that_moved_is_the_same_story(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/nieuws/buitenland", index("a", "b"))
    site.say("/nieuws/a", "", status=301, Location="/nieuws/a-nieuw")
    site.say("/nieuws/a-nieuw", article("a"))
    # A page that two teasers lead to, one by a redirect, is fetched for both and written once.
    site.say("/nieuws/b", "", status=302, Location="/nieuws/a-nieuw")
    result = walk(crawl, start)
    (lead,) = [line for line in result.stories if line["kind"] == "article"]
    brief = next(line for line in result.stories if line["kind"] == "brief" and line["url"].endswith("/a"))
    assert lead["url"] == f"{site.url}/nieuws/a-nieuw"
    assert lead["story_id"] == brief["story_id"]
    assert lead["published_raw"] == "1 uur geleden"
    assert result.report["counts"]["pending"] == 0


def test_the_next_page_is_the_next_page(crawl: Crawl, site: LocalSite, start: str) -> None:
    links = (
        "<a href='/nieuws/staking'>Volgende week staking bij het spoor</a><a href='#'>Volgende</a>"
        "<a href='javascript:verder()'>Volgende</a><a href='/nieuws/sport?page=2'>Sport</a><a href='?page=2'>2</a>"
    )
    site.say("/nieuws/buitenland", index("a").replace("</html>", links))
    site.say("/nieuws/buitenland?page=2", index("b"))
    walk(crawl, start)
    assert site.paths[:2] == ["/nieuws/buitenland", "/nieuws/buitenland?page=2"]


def test_articles_that_may_not_be_asked_for_are_said(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/robots.txt", "User-agent: *\nDisallow: /nieuws/s\n", Content_Type="text/plain")
    site.say("/nieuws/buitenland", index("s1", "s2", "s3"))
    result = walk(crawl, start)
    assert site.paths == ["/nieuws/buitenland"]
    assert result.report["reasons"][0] == "3 of 4 pages may not be asked for."
    assert result.report["counts"]["pending"] == result.report["counts"]["failed_requests"] == 0


def test_a_source_that_contradicts_another_page_is_counted_and_said(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/nieuws/buitenland", index("a"))
    claim = '<head><meta property="article:published_time" content="2022-03-01T10:00:00+01:00"></head>'
    site.say("/nieuws/a", claim + article("a"))
    result = walk(crawl, start)
    assert "1 times contradict a surer one, and were left aside." in result.report["reasons"]
    lead = next(line for line in result.stories if line["kind"] == "article")
    assert (lead["published_source"], lead["published_at"]) == ("metadata", "2022-03-01T09:00:00Z")


def test_two_runs_in_one_second_have_files_of_their_own(
    crawl: Crawl, site: LocalSite, start: str, tmp_path: Path
) -> None:
    site.say("/nieuws/buitenland", index("a"))
    for _ in range(2):
        crawl(settings=FAST, start_url=start, folder=tmp_path, _job="same")
    names = [path.name for path in (tmp_path / "runs").glob("*/*")]
    assert len(names) == 2


def test_output_that_cannot_be_written_is_a_failure_before_the_first_request(
    crawl: Crawl, site: LocalSite, start: str, tmp_path: Path
) -> None:
    site.say("/nieuws/buitenland", index("a"))
    (tmp_path / "output").write_text("a file where the folder should be")
    result = crawl(settings=FAST, start_url=start, folder=tmp_path / "output")
    assert result.exit_code == 1
    assert site.asked == []
    assert "set NEWSCRAWL_OUTPUT_DIR to another folder" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_job_of_scrapyd_names_the_files_and_cannot_leave_the_folder(
    crawl: Crawl, site: LocalSite, start: str
) -> None:
    site.say("/nieuws/buitenland", index("a"))
    result = crawl(settings=FAST, start_url=start, _job="../../etc/job 7")
    (stories,) = (result.folder / "stories" / "anp_buitenland").iterdir()
    assert stories.name.endswith("Z-_.._etc_job_7.jsonl")
    assert json.loads((result.folder / "runs" / "anp_buitenland" / f"{stories.stem}.json").read_text("utf-8"))
    assert result.report["arguments"] == {"start_url": start}


def test_letters_that_are_repaired_are_told(crawl: Crawl, site: LocalSite, start: str) -> None:
    site.say("/nieuws/buitenland", index("a").replace("Kop van a", "CafÃ© van a"))
    site.say("/nieuws/a", article("a"))
    result = walk(crawl, start)
    assert "Café van a" in {line["headline"] for line in result.stories}
    assert result.report["reasons"] == [
        "1 texts had their accented letters written twice over (mojibake), and were repaired."
    ]
