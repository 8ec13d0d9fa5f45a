"""The main job, end to end: a real crawl of the demo newsroom, held against the truth."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from contract import check_report, check_sighting, check_story, moment
from harness import Crawl, CrawlResult

from newscrawl.demo import DEMO_URL
from newscrawl.demo.newsroom import Newsroom, Paragraph, Story
from newscrawl.timing.calendar import AMSTERDAM

SECTIONS = ("buitenland", "binnenland", "politiek", "financieel", "sport", "voetbal")
# Half past midnight in Amsterdam, a quarter of an hour before the clocks went forward: hours, days and midnight at once.
CLOCK = datetime(2026, 3, 29, 0, 45, tzinfo=UTC)
WITH_FEED = ("buitenland", "sport")


@pytest.fixture(scope="module", params=SECTIONS)
def result(request: pytest.FixtureRequest, crawl: Crawl) -> CrawlResult:
    return crawl(f"anp_{request.param}", site="demo", crawled_at=CLOCK.isoformat())


@pytest.fixture(scope="module")
def truth() -> dict[str, Story]:
    return {DEMO_URL + story.path: story for story in Newsroom.shipped().stories(CLOCK)}


def section_of(result: CrawlResult) -> str:
    spider: str = result.report["spider"]
    return spider.removeprefix("anp_")


def is_old(story: Story) -> bool:
    return CLOCK - story.published_at >= timedelta(hours=72)


def in_feed(truth: dict[str, Story], section: str) -> set[str]:
    """Return the addresses in the feed of a section: the fifteen newest that are six hours old."""
    if section not in WITH_FEED:
        return set()
    stories = [(url, story) for url, story in truth.items() if story.section == section.capitalize()]
    ripe = [url for url, story in stories if CLOCK - story.published_at >= timedelta(hours=6)]
    return set(sorted(ripe, key=lambda url: truth[url].published_at, reverse=True)[:5])


def test_crawl_ends_well_and_every_line_keeps_the_contract(result: CrawlResult) -> None:
    assert result.exit_code == 0, result.stderr
    assert result.report["verdict"] == "ok"
    assert result.report["reasons"] == []
    check_report(result.report)
    for line in result.stories:
        check_story(line)
    for line in result.sightings:
        check_sighting(line)


def test_counts_are_those_of_the_files(result: CrawlResult) -> None:
    counts = result.report["counts"]
    assert counts["written"] == len(result.stories)
    assert counts["sightings"] == len(result.sightings)
    assert counts["leads"] + counts["briefs"] == counts["written"] + counts["known"]
    assert counts["pages"] + (section_of(result) in WITH_FEED) == counts["requests"], "a feed is no page"
    assert counts["failed_requests"] == counts["not_news"] == counts["pending"] == counts["times_unread"] == 0
    assert result.names == {
        *result.report["files"].values(),
        f"runs/{result.report['files']['stories'].split('/', 1)[1]}"[:-1],
        "ledger.sqlite3",
    }


def test_every_story_of_the_section_is_there_as_article_and_as_brief(
    result: CrawlResult, truth: dict[str, Story]
) -> None:
    section = section_of(result).capitalize()
    expected = {url for url, story in truth.items() if story.section == section}
    for kind in ("article", "brief"):
        assert {line["url"] for line in result.stories if line["kind"] == kind} == expected
    assert len({(line["kind"], line["story_id"]) for line in result.stories}) == len(result.stories)
    assert len({line["story_id"] for line in result.stories}) == len(expected), "a brief and its article share an id"


def test_every_field_is_what_the_newsroom_wrote(result: CrawlResult, truth: dict[str, Story]) -> None:
    for line in result.stories:
        story = truth[line["url"]]
        assert line["headline"] == story.headline
        assert (line["dateline"] or "") == story.dateline
        assert line["section"] == story.section
        if line["kind"] == "brief":
            assert line["text"] == story.brief
            assert line["crossheads"] == []
        else:
            paragraphs = [part.text for part in story.parts if isinstance(part, Paragraph)]
            assert line["text"].split("\n\n") == paragraphs
            assert line["crossheads"] == crossheads(story)


def crossheads(story: Story) -> list[dict[str, Any]]:
    found = []
    paragraphs = 0
    for part in story.parts:
        if isinstance(part, Paragraph):
            paragraphs += 1
        else:
            found.append({"text": part.text, "before_paragraph": paragraphs})
    return found


def test_every_interval_holds_the_true_time(result: CrawlResult, truth: dict[str, Story]) -> None:
    for line in result.stories:
        story = truth[line["url"]]
        assert line["published_earliest"] is not None, "every story of the demo stands in a list"
        assert moment(line["published_earliest"]) <= story.published_at <= moment(line["published_latest"])
    for line in result.sightings:
        if line["earliest"] is not None:
            assert moment(line["earliest"]) <= truth[line["url"]].published_at <= moment(line["latest"])


def test_no_lead_carries_a_neighbours_date(result: CrawlResult, truth: dict[str, Story]) -> None:
    briefs = {line["story_id"]: line for line in result.stories if line["kind"] == "brief"}
    leads = [line for line in result.sightings if line["where"] == "lead"]
    assert leads
    for line in leads:
        story = truth[line["url"]]
        # An article of the archive tells machines its time; a young one shows none of its own.
        assert line["raw"] == (story.published_at.astimezone(AMSTERDAM).isoformat() if is_old(story) else None)
    for line in result.stories:
        if line["kind"] == "article" and not is_old(truth[line["url"]]):
            assert line["published_raw"] == briefs[line["story_id"]]["published_raw"]


def test_every_time_has_its_surest_source(result: CrawlResult, truth: dict[str, Story]) -> None:
    clocks = {line["story_id"] for line in result.sightings if line["where"] == "net_binnen"}
    fed = in_feed(truth, section_of(result))
    for line in result.stories:
        story = truth[line["url"]]
        local = story.published_at.astimezone(AMSTERDAM)
        exact = moment(line["published_earliest"]) == story.published_at == moment(line["published_latest"])
        if line["kind"] == "article" and is_old(story):
            assert (line["published_source"], line["published_raw"], exact) == ("metadata", local.isoformat(), True)
        elif line["url"] in fed:
            assert (line["published_source"], line["published_raw"], exact) == ("feed", format_datetime(local), True)
        elif line["story_id"] in clocks:
            assert (line["published_source"], line["published_raw"]) == ("clock", f"{local:%H:%M}")
        else:
            assert line["published_source"] == "relative"
    if section_of(result) == "buitenland":
        assert {line["published_source"] for line in result.stories} == {"metadata", "feed", "clock", "relative"}


def test_net_binnen_makes_a_time_a_minute_wide(result: CrawlResult) -> None:
    exact = {line["story_id"] for line in result.sightings if line["where"] == "net_binnen"}
    assert len(exact) == 10
    for line in result.stories:
        if line["story_id"] in exact:
            assert line["published_source"] in ("clock", "feed")
            assert (moment(line["published_latest"]) - moment(line["published_earliest"])).total_seconds() < 60


def test_robots_txt_is_obeyed_and_nothing_is_left_half_done(result: CrawlResult) -> None:
    assert not any("/partner/" in line["page_url"] or "/zoeken" in line["page_url"] for line in result.sightings)
    assert not any(name.endswith(".part") for name in result.names)


def test_the_same_clock_gives_the_same_lines(crawl: Crawl) -> None:
    first, second = (crawl("anp_sport", site="demo", crawled_at=CLOCK.isoformat(), max_pages="2") for _ in range(2))
    assert first.stories == second.stories
    assert first.sightings == second.sightings
    assert first.stories


def test_a_crawl_by_the_clock_on_the_wall_is_fresh(crawl: Crawl) -> None:
    began = datetime.now(UTC)
    result = crawl(site="demo", max_pages="1")
    assert result.exit_code == 0, result.stderr
    newest = max(moment(line["published_latest"]) for line in result.stories)
    assert (began - newest).total_seconds() < 12 * 3600
    assert all(began <= moment(line["crawled_at"]) <= datetime.now(UTC) for line in result.stories)
    # Files are JSON Lines: each line by itself, and none empty.
    for path in (result.folder / "stories").glob("*/*"):
        assert all(json.loads(line) for line in path.read_bytes().split(b"\n")[:-1])
