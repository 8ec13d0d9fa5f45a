"""One crawl after another in one folder: what the next one asks for, and what it makes of a page that has changed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from harness import FAST, LEAD, Crawl, CrawlResult, LocalSite, article, index

LISTS = ["/nieuws/buitenland", *(f"/nieuws/buitenland?page={number}" for number in (2, 3))]
CLOCK = datetime(2026, 2, 24, 9, tzinfo=UTC)
Again = Callable[..., tuple[list[str], CrawlResult]]


@pytest.fixture
def again(crawl: Crawl, site: LocalSite, start: str, tmp_path: Path) -> Again:
    """Return a function that crawls once more, and returns the paths it asked for and what is in the folder then."""

    def run(**given: str) -> tuple[list[str], CrawlResult]:
        site.asked.clear()
        result = crawl(settings=FAST, folder=tmp_path / "output", start_url=start, **given)
        return site.paths, result

    return run


def say(site: LocalSite, path: str, body: str) -> None:
    """Let a page say something else from now on."""
    site.answers.pop(path, None)
    site.say(path, body)


def last_report(result: CrawlResult) -> dict[str, object]:
    file = max((result.folder / "runs").glob("*/*.json"), key=lambda file: file.stat().st_mtime_ns)
    report: dict[str, object] = json.loads(file.read_bytes())
    return report


def test_a_walk_that_failed_at_its_second_page_goes_on_though_the_first_holds_nothing_new(
    again: Again, site: LocalSite
) -> None:
    pages = [index("a", "b", following="?page=2"), index("c", following="?page=3"), index("d")]
    for slug in "abcd":
        site.say(f"/nieuws/{slug}", article(slug))
    site.say(LISTS[0], pages[0])
    site.say(LISTS[2], pages[2])
    paths, result = again()
    assert paths == [*LISTS[:2], "/nieuws/a", "/nieuws/b"]
    assert len(result.stories) == 4
    say(site, LISTS[1], pages[1])
    paths, result = again()
    assert paths == [*LISTS, "/nieuws/c", "/nieuws/d"]
    assert len(result.stories) == 8
    paths, result = again()
    assert paths == LISTS[:1], "all is known now, and was read to its end"
    assert len(result.stories) == 8
    assert len(result.sightings) == (2 + 2) + (4 + 2) + 2, "a known story is still seen"
    say(site, LISTS[0], index("e", "a", following="?page=2"))
    site.say("/nieuws/e", article("e"))
    paths, _ = again()
    assert paths == [*LISTS[:2], "/nieuws/e"], "news on the first page; the second has none"


def test_a_walk_that_may_go_deeper_than_the_last_one_does(again: Again, site: LocalSite) -> None:
    pages = [index("a", following="?page=2"), index("b", following="?page=3"), index("c")]
    for path, page in zip(LISTS, pages, strict=True):
        site.say(path, page)
    for slug in "abc":
        site.say(f"/nieuws/{slug}", article(slug))
    assert again(max_pages="1")[0] == [LISTS[0], "/nieuws/a"]
    assert again(max_pages="1")[0] == [LISTS[0]]
    assert again()[0] == [*LISTS, "/nieuws/b", "/nieuws/c"]
    assert again()[0] == [LISTS[0]]


def test_articles_that_failed_are_asked_for_by_the_next_crawl_also_where_no_list_shows_them(
    again: Again, site: LocalSite
) -> None:
    site.say(LISTS[0], index("a", "b"))
    site.say("/nieuws/a", article("a"))
    site.say("/nieuws/b", "", status=500)
    paths, result = again()
    assert last_report(result)["counts"]["pending"] == 1  # type: ignore[index]
    say(site, "/nieuws/b", article("b"))
    say(site, LISTS[0], index("a"))
    paths, result = again()
    assert paths == [LISTS[0], "/nieuws/b"]
    assert last_report(result)["counts"]["pending"] == 0  # type: ignore[index]
    assert {line["headline"] for line in result.stories if line["kind"] == "article"} == {"Kop van a", "Kop van b"}


def test_a_known_article_is_looked_at_again_for_a_revision(again: Again, site: LocalSite) -> None:
    site.say(LISTS[0], index("a", "b"))
    for slug in "ab":
        site.say(f"/nieuws/{slug}", article(slug))
    assert again(crawled_at=CLOCK.isoformat())[0] == [LISTS[0], "/nieuws/a", "/nieuws/b"]
    say(site, "/nieuws/a", article("a").replace(LEAD, f"{LEAD} Er vielen geen gewonden."))
    moments = [CLOCK + timedelta(minutes=minutes) for minutes in (30, 125)]
    shown = [index("a", "b").replace("1 uur geleden", words) for words in ("2 uur geleden", "4 uur geleden")]
    say(site, LISTS[0], shown[0])
    assert again(crawled_at=moments[0].isoformat())[0] == [LISTS[0]], "within the hour nothing is asked for again"
    paths, result = again(crawled_at=moments[1].isoformat())
    assert paths == [LISTS[0], "/nieuws/a", "/nieuws/b"]
    lines = [line for line in result.stories if line["headline"] == "Kop van a" and line["kind"] == "article"]
    assert [line["revision"] for line in lines] == [0, 1]
    assert len({line["story_id"] for line in lines}) == 1
    assert lines[1]["text"].endswith("Er vielen geen gewonden.")
    counts = last_report(result)["counts"]
    assert (counts["written"], counts["revised"], counts["known"]) == (1, 1, 3)  # type: ignore[index]
    leads = [line for line in result.sightings if line["where"] == "lead" and line["headline"] == "Kop van a"]
    assert [line["crawled_at"] for line in leads] == ["2026-02-24T09:00:00Z", "2026-02-24T11:05:00Z"]


def test_a_brief_that_changes_has_its_article_asked_for(again: Again, site: LocalSite) -> None:
    site.say(LISTS[0], index("a", "b"))
    for slug in "ab":
        site.say(f"/nieuws/{slug}", article(slug))
    again()
    say(site, LISTS[0], index("a", "b").replace(f"a: {LEAD}", f"a: Zeven doden. {LEAD}"))
    say(site, "/nieuws/a", article("a").replace(f"a: {LEAD}", f"a: Zeven doden. {LEAD}"))
    again()
    _, result = again()
    revisions = [(line["kind"], line["revision"]) for line in result.stories if line["headline"] == "Kop van a"]
    assert sorted(revisions) == [("article", 0), ("article", 1), ("brief", 0), ("brief", 1)]


def test_a_replay_and_a_crawl_do_not_know_of_each_other(again: Again, site: LocalSite) -> None:
    site.say(LISTS[0], index("a"))
    site.say("/nieuws/a", article("a"))
    for given in ({"crawled_at": CLOCK.isoformat()}, {}):
        assert again(**given)[0] == [LISTS[0], "/nieuws/a"]
        assert again(**given)[0] == [LISTS[0]]


def test_times_of_two_crawls_are_intersected(again: Again, site: LocalSite) -> None:
    site.say(LISTS[0], index("a"))
    again(crawled_at=CLOCK.isoformat())
    site.say("/nieuws/a", article("a"))
    _, result = again(crawled_at=(CLOCK + timedelta(minutes=40)).isoformat())
    (lead,) = [line for line in result.stories if line["kind"] == "article"]
    assert (lead["published_earliest"], lead["published_latest"]) == ("2026-02-24T07:40:00Z", "2026-02-24T08:00:00Z")
