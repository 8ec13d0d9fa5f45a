"""`anp_archive`: what was stored is read as what arrives is; each record by its own clock, in the order of capture."""

import gzip
import os
import re
import signal
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from contract import check_report, check_sighting, check_story
from harness import FAST, LEAD, Crawl, CrawlResult, LocalSite, StartCrawl, article, errors_of, index
from stored import HTML, Archive, stored
from warcio.archiveiterator import ArchiveIterator

from newscrawl.characters import printable
from newscrawl.spiders.archive import AnpArchive
from newscrawl.spiders.arguments import ArgumentError

SITE = "https://www.zeelandnet.nl"
NINE = datetime(2026, 2, 24, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEEP = {"NEWSCRAWL_ARCHIVE": "1"}


def capture(
    archive: Archive, url: str, at: datetime, body: str | bytes, *, status: str = "200 OK", kind: str = HTML
) -> None:
    """Write a response to an archive."""
    content = body.encode() if isinstance(body, str) else body
    about = {"WARC-Date": at.isoformat().replace("+00:00", "Z")}
    archive.response(content, url=url, status=status, headers=[("Content-Type", kind)], about=about)


def without_spider(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line | {"spider": None} for line in lines]


def check_replay(live: CrawlResult, replayed: CrawlResult) -> None:
    """Check that a replay says what the live crawl said, but for who says it."""
    assert replayed.exit_code == 0, replayed.stderr
    assert without_spider(replayed.stories) == without_spider(live.stories) != []
    assert replayed.sightings == live.sightings
    assert {line["spider"] for line in replayed.stories} == {"anp_archive"}
    check_report(replayed.report)


# --- What a live crawl keeps ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(crawl: Crawl) -> CrawlResult:
    """Return a crawl of the demo that kept its pages."""
    return crawl(settings=KEEP, site="demo", max_pages="2")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_crawl_that_kept_its_pages_is_read_again_with_the_site_down(
    crawl: Crawl, kept: CrawlResult, workers: str
) -> None:
    replayed = crawl("anp_archive", path=str(kept.folder / "warc"), workers=workers)
    check_replay(kept, replayed)
    assert replayed.report["site"] == "demo"
    counts = replayed.report["counts"]
    assert counts["records"] == kept.report["counts"]["requests"] + 1  # robots.txt
    assert counts["pages"] == kept.report["counts"]["pages"]
    assert "records/s with" in replayed.stderr
    assert "demo edition" not in replayed.stderr


def test_what_has_been_read_is_not_written_twice_by_whatever_spider(crawl: Crawl, kept: CrawlResult) -> None:
    again = crawl("anp_archive", folder=kept.folder, path=str(kept.folder / "warc"))
    assert again.exit_code == 0
    assert {line["spider"] for line in again.stories} == {"anp_buitenland"}


def test_redirects_codings_and_feeds_are_kept_as_they_came(crawl: Crawl, site: LocalSite) -> None:
    feed = f"""<rss><channel><item><link>{site.url}/nieuws/a</link>
        <pubDate>Tue, 24 Feb 2026 08:03:04 +0000</pubDate></item></channel></rss>"""
    link = "<link rel='alternate' type='application/rss+xml' href='/rss'>"
    dates: dict[str, Any] = {"Date": "Tue, 24 Feb 2026 09:00:00 GMT"}
    site.say("/nieuws/buitenland", "", 302, Location="/nieuws/nu", **dates)
    site.say("/nieuws/nu", index("a", "oud", "weg", following="/nieuws/buitenland?page=2", head=link), **dates)
    site.say("/nieuws/buitenland?page=2", index("b", "lijst", "rij", "xml"), **dates)
    site.say("/rss", feed, Content_Type="text/html", **dates)
    # Where articles were asked for, lists came, which the crawl did not put together.
    site.say("/nieuws/lijst", index("d", "e"), **dates)
    site.say("/nieuws/rij", index("e", "d"), **dates)
    site.say("/nieuws/xml", article("xml"), 203, Content_Type="application/xml", **dates)
    site.say("/nieuws/a", gzip.compress(article("a", "c").encode()), Content_Encoding="gzip", **dates)
    site.say("/nieuws/oud", "", 301, Location="/nieuws/nieuw", **dates)
    site.say("/nieuws/nieuw", article("nieuw").encode("cp1252"), Content_Type="text/html", **dates)
    site.say("/nieuws/weg", "weg", 404, **dates)
    site.say("/nieuws/b", article("b", "a"), **dates)
    site.say("/nieuws/c", b"%PDF-1.7", Content_Type="application/pdf", **dates)
    live = crawl(
        settings=FAST | KEEP, start_url=f"{site.url}/nieuws/buitenland", crawled_at="2026-02-24T09:00:01.250000+00:00"
    )
    assert live.exit_code == 0
    assert {line["published_source"] for line in live.stories} == {"feed", "relative"}
    replayed = crawl("anp_archive", path=str(live.folder / "warc/**/*.warc.gz"))
    check_replay(live, replayed)
    assert any("3 status 404" in reason and "2 redirect" in reason for reason in replayed.report["reasons"])


def test_crawls_by_one_clock_are_read_again_in_their_order(crawl: Crawl, site: LocalSite, tmp_path: Path) -> None:
    for slug in ("a", "b", "c"):
        site.say(f"/nieuws/{slug}", article(slug))
    site.say("/nieuws/sport", index("a", "b"))
    # The second crawl finds a story under a new address: it has not seen the other one.
    site.say("/nieuws/binnenland", index("c", "b", "a").replace("/nieuws/a'", "/nieuws/a-2'"))
    site.say("/nieuws/a-2", article("a"))
    written: list[dict[str, Any]] = []
    for name in ("sport", "binnenland"):
        given = {"start_url": f"{site.url}/nieuws/{name}", "crawled_at": "2026-02-24T09:00:00Z"}
        live = crawl(f"anp_{name}", settings=FAST | KEEP, folder=tmp_path, **given)
        assert live.exit_code == 0
        written += [line for line in live.stories if line["spider"] == f"anp_{name}"]
    replayed = crawl("anp_archive", path=str(tmp_path / "warc"))
    assert without_spider(replayed.stories) == without_spider(written)
    assert [line["url"].rpartition("/")[2] for line in written if line["kind"] == "brief"] == ["a", "b", "c"]


def test_the_warc_is_whole_after_a_kill(start_crawl: StartCrawl, crawl: Crawl, site: LocalSite) -> None:
    site.say("/nieuws/buitenland", index("a", "b", "c"))
    for slug in "abc":
        site.say(f"/nieuws/{slug}", article(slug))
    waits = site.held["/nieuws/c"] = threading.Event()
    running = start_crawl(settings=FAST | KEEP, start_url=f"{site.url}/nieuws/buitenland")
    while "/nieuws/c" not in site.paths:
        time.sleep(0.01)
    running.kill()
    waits.set()
    killed = running.wait()
    (part,) = (killed.folder / "warc").glob("*/*.part")
    with part.open("ab") as file:
        file.write(gzip.compress(b"WARC/1.1\r\nWARC-Type: response\r\n")[:-5])  # a record that never came to disk whole
    after = crawl(settings=FAST | KEEP, folder=killed.folder, start_url=f"{site.url}/nieuws/buitenland")
    assert after.exit_code == 0
    assert not any(name.endswith(".part") for name in after.names)
    first, second = sorted((after.folder / "warc").glob("*/*.warc.gz"))
    assert [url.rpartition("/")[2] for url in urls_in(first)] == ["robots.txt", "buitenland", "a", "b"]
    assert "c" in {url.rpartition("/")[2] for url in urls_in(second)}
    replayed = crawl("anp_archive", path=str(after.folder / "warc"))
    assert {(line["kind"], line["url"]) for line in replayed.stories} == {
        (line["kind"], line["url"]) for line in after.stories
    }


def urls_in(path: Path) -> list[str]:
    with path.open("rb") as file:
        records = [record for record in ArchiveIterator(file) if record.rec_type == "response"]
        return [record.rec_headers.get_header("WARC-Target-URI") for record in records]


def test_without_being_asked_it_keeps_nothing(crawl: Crawl) -> None:
    assert not (crawl(site="demo", max_pages="1").folder / "warc").exists()


# --- What others have stored ------------------------------------------------------------------------------------------


def test_records_are_read_by_their_own_clocks_in_the_order_of_capture(crawl: Crawl, tmp_path: Path) -> None:
    one, other = Archive(), Archive(gzipped=False)
    capture(one, f"{SITE}/nieuws/a", NINE + 2 * HOUR, article("a"))
    capture(one, f"{SITE}/nieuws/buitenland", NINE + HOUR, index("a", "b"))
    capture(other, f"{SITE}/nieuws/buitenland", NINE, index("b"))
    stored(tmp_path / "a.warc.gz", one.data)
    stored(tmp_path / "b.warc", other.data)
    result = crawl("anp_archive", path=str(tmp_path))
    assert result.exit_code == 0, result.stderr
    for line in result.stories:
        check_story(line)
    for line in result.sightings:
        check_sighting(line)
    lines = {(line["kind"], line["headline"][-1]): line for line in result.stories}
    assert [(line["kind"], line["headline"][-1]) for line in result.stories] == [
        ("brief", "b"), ("brief", "a"), ("article", "a"),
    ]  # fmt: skip
    assert lines["brief", "b"]["crawled_at"] == "2026-02-24T09:00:00Z"
    assert lines["brief", "b"]["published_earliest"] == "2026-02-24T07:00:00Z"
    # The lead shows no time; its teaser of ten o'clock does.
    assert lines["article", "a"]["published_latest"] == "2026-02-24T09:00:00Z"
    assert lines["article", "a"]["crawled_at"] == "2026-02-24T11:00:00Z"
    assert lines["article", "a"]["url"] == f"{SITE}/nieuws/a"


def test_what_is_no_page_is_passed_by_and_what_is_damaged_is_told(crawl: Crawl, tmp_path: Path) -> None:
    archive = Archive()
    for slug in "abc":
        capture(archive, f"{SITE}/nieuws/{slug}", NINE, article(slug))
    capture(archive, f"{SITE}/foto.png", NINE, b"\x89PNG", kind="image/png")
    capture(archive, f"{SITE}/nieuws/weg", NINE, "weg", status="404 Not Found")
    capture(archive, f"{SITE}/contact", NINE, "<h1>Contact</h1><p>Bel ons gerust.</p>")
    capture(archive, "https://elders.example/nieuws/x", NINE, article("x"))
    capture(archive, f"{SITE}/nieuws/nergens", NINE, "", status="302 Found")  # it does not say where to
    capture(archive, f"{SITE}:443/nieuws/d", NINE, article("d"))
    capture(archive, f"{SITE}/rss", NINE, "<rss/>", kind="application/rss+xml")
    before = archive.begins[1]
    data = archive.data[: before + 40] + bytes(60) + archive.data[before + 100 :]
    path = stored(Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xe9.warc.gz")), data)  # a name that is no UTF-8
    result = crawl("anp_archive", path=str(tmp_path))
    assert result.exit_code == 0
    check_report(result.report)
    assert [line["headline"] for line in result.stories] == ["Kop van a", "Kop van c", "Kop van d"]
    assert result.report["verdict"] == "degraded"
    counts = result.report["counts"]
    assert (counts["records"], counts["damaged"], counts["not_news"], counts["pages"]) == (10, 1, 5, 4)
    assert counts["records"] == counts["pages"] + 4 + counts["damaged"] + 1  # pages, passed by, damaged and feeds
    reasons = "\n".join(result.report["reasons"])
    assert "1 of 10 records are damaged" in reasons
    assert f"Damaged: {printable(str(path))} at byte {before}" in reasons
    assert "4 records that hold no page" in reasons and "1 redirect" in reasons
    assert "1 image/png" in reasons and "1 status 404" in reasons and "1 not on the site" in reasons
    assert f"No news page: {SITE}/contact" in reasons


def test_an_archive_without_news_is_a_failed_run(crawl: Crawl, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(os.urandom(2000))
    result = crawl("anp_archive", path=str(tmp_path))
    assert (result.exit_code, result.report["verdict"]) == (1, "failed")
    assert "could be read as a news page" in result.report["reasons"][0]


def test_single_files_are_read_by_the_moment_they_were_stored(crawl: Crawl, tmp_path: Path) -> None:
    for name, text in (
        ("a.html", index("a")),
        ("b.txt", f"Meer uit Buitenland\nPARIJS (ANP) - {LEAD}\n\n3 uur geleden"),
    ):
        (tmp_path / name).write_text(text, "utf-8")
        os.utime(tmp_path / name, (NINE.timestamp(), NINE.timestamp()))
    found = {line["place"]: line for line in crawl("anp_archive", path=str(tmp_path)).stories}
    assert found["BRUSSEL"]["published_latest"] == "2026-02-24T08:00:00Z"
    assert found["PARIJS"]["published_latest"] == "2026-02-24T06:00:00Z"
    assert found["PARIJS"]["found_on"] is None


def test_a_single_file_is_given_its_address_and_its_clock(crawl: Crawl, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(index("a"), "utf-8")
    given = {"url": f"{SITE}/nieuws/buitenland", "crawled_at": "2020-03-01T12:00:00+01:00"}
    (line,) = crawl("anp_archive", path=str(tmp_path / "a.html"), **given).stories
    assert (line["url"], line["section"]) == (f"{SITE}/nieuws/a", "Buitenland")
    assert line["published_latest"] == "2020-03-01T10:00:00Z"


# --- How it ends ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def long_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive that takes a while to read."""
    archive = Archive(gzipped=False)
    for number in range(300):
        capture(archive, f"{SITE}/nieuws/a{number}", NINE, article(f"a{number}", f"b{number}"))
    return stored(tmp_path_factory.mktemp("long") / "long.warc", archive.data)


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.long
def test_killed_and_read_again_it_writes_each_story_once(
    start_crawl: StartCrawl, crawl: Crawl, long_archive: Path, workers: str
) -> None:
    running = start_crawl("anp_archive", path=str(long_archive), workers=workers)
    while not list((running.folder / "stories").glob("*/*.part")) or not committed(running.folder):
        time.sleep(0.01)
    running.kill()
    folder = running.wait().folder
    result = crawl("anp_archive", folder=folder, path=str(long_archive), workers=workers)
    assert result.exit_code == 0
    lines = [(line["kind"], line["url"]) for line in result.stories]
    assert len(lines) == len(set(lines)) == 600


def committed(folder: Path) -> bool:
    return any(path.stat().st_size > 30_000 for path in (folder / "stories").glob("*/*.part"))


@pytest.mark.long
def test_a_worker_that_is_killed_fails_the_run(start_crawl: StartCrawl, long_archive: Path) -> None:
    running = start_crawl("anp_archive", path=str(long_archive), workers="2")
    while not committed(running.folder):
        time.sleep(0.01)
    tasks = Path(f"/proc/{running.pid}/task").iterdir()
    children = [pid for task in tasks for pid in (task / "children").read_text().split()]
    workers = [int(pid) for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(workers[0], signal.SIGKILL)
    result = running.wait()
    assert (result.exit_code, result.report["verdict"]) == (1, "failed")
    assert "a worker was killed" in result.report["reasons"][0]
    assert "Traceback" not in result.stderr
    assert not any(name.endswith(".part") for name in result.names)
    assert 0 < len(result.stories) == result.report["counts"]["written"] < 600
    assert not any(Path(f"/proc/{pid}/exe").exists() for pid in workers)


@pytest.mark.long
def test_a_signal_ends_it_with_what_was_read(start_crawl: StartCrawl, long_archive: Path) -> None:
    running = start_crawl("anp_archive", path=str(long_archive), workers="2")
    while not committed(running.folder):
        time.sleep(0.01)
    running.kill(signal.SIGTERM)
    result = running.wait()
    assert (result.exit_code, result.report["verdict"]) == (0, "degraded")
    assert not errors_of(result)
    assert 0 < len(result.stories) == result.report["counts"]["written"] < 600


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "path: it has to be given"),
        ({"path": "nowhere"}, "nowhere"),
        ({"path": __file__}, "test_archive.py"),
        ({"path": ".", "workers": "0"}, "workers: a whole number from 1 to 64 is wanted, not '0'"),
        ({"path": ".", "max_pages": "3"}, "max_pages: no such argument"),
        ({"path": "{folder}", "url": SITE}, "url: it is for a single .html or .txt file"),
    ],
)
def test_a_wrong_argument_is_told(tmp_path: Path, given: dict[str, str], told: str) -> None:
    (tmp_path / "a.html").write_text("x")
    (tmp_path / "b.html").write_text("x")
    with pytest.raises(ArgumentError, match=re.escape(told)):
        AnpArchive.read_given({name: value.replace("{folder}", str(tmp_path)) for name, value in given.items()})


def test_a_wrong_argument_stops_it_before_it_begins(crawl: Crawl) -> None:
    result = crawl("anp_archive", path="nowhere")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "nowhere" in result.stderr
