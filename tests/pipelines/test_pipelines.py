"""Each pipeline's one decision, and the order in which they decide."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy import Spider
from scrapy.exceptions import DropItem
from scrapy.utils.test import get_crawler

from newscrawl import extract
from newscrawl.items import Article, Brief, Sighting, Story
from newscrawl.ledger.memory import RunLedger
from newscrawl.output import RunFiles
from newscrawl.pipelines.dedupe import Dedupe
from newscrawl.pipelines.require_fields import RequireFields
from newscrawl.pipelines.resolve_times import ResolveTimes
from newscrawl.pipelines.write_json_lines import WriteJsonLines

NOW = datetime(2026, 2, 24, 9, 0, tzinfo=UTC)
URL = "https://www.zeelandnet.nl/nieuws/brug"
PAGE = """<h1>Sluis dicht</h1><p>GENT (BELGA/ANP) - De sluis is maandag dichtgegaan voor onderhoud.</p>
<aside><h2>Meer uit Buitenland</h2><p><a href="/nieuws/brug">Brug open</a></p><p>LIMA (ANP) - De brug is open.</p>
<p>2 uur geleden</p></aside>"""


@pytest.fixture
def crawler(tmp_path: Path) -> Any:
    crawler = get_crawler(Spider)
    crawler.spider = Spider("test")
    crawler.spider.ledger = RunLedger()  # type: ignore[attr-defined]
    crawler.spider.files = RunFiles.of(tmp_path, "test", NOW, "7")  # type: ignore[attr-defined]
    return crawler


def page(source: str = PAGE, slug: str = "sluis", crawled_at: datetime = NOW) -> list[Any]:
    return extract(source, url=f"https://www.zeelandnet.nl/nieuws/{slug}", crawled_at=crawled_at)


def only(kind: type, items: list[Any]) -> Any:
    (found,) = [item for item in items if isinstance(item, kind)]
    return found


def test_what_a_page_gives_is_whole(crawler: Any) -> None:
    require = RequireFields.from_crawler(crawler)
    assert [require.process_item(item) for item in page()]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"story_id": None}, "story_id"),
        ({"text": "", "headline": None}, "text or headline"),
        ({"published_latest": None}, "published_latest"),
        ({"published_at": None, "published_earliest": None}, "published_at, published_earliest"),
        ({"crawled_at": None}, "crawled_at"),
        ({"language": ""}, "language"),
    ],
)
def test_a_story_that_is_not_whole_is_dropped_and_named(crawler: Any, fields: dict[str, Any], named: str) -> None:
    brief = only(Brief, page())
    for name, value in fields.items():
        setattr(brief, name, value)
    with pytest.raises(DropItem, match=f"without {named}"):
        RequireFields.from_crawler(crawler).process_item(brief)
    assert crawler.stats.get_value("newscrawl/invalid") == 1


def test_half_an_interval_is_no_sighting(crawler: Any) -> None:
    sighting = next(item for item in page() if isinstance(item, Sighting) and item.where == "sidebar")
    sighting.latest = None
    with pytest.raises(DropItem, match="one end of its interval"):
        RequireFields.from_crawler(crawler).process_item(sighting)


def test_two_sightings_narrow_and_a_lead_has_the_time_of_its_brief(crawler: Any) -> None:
    resolve = ResolveTimes.from_crawler(crawler)
    first = resolve.process_item(only(Brief, page()))
    # Forty minutes later it is still two hours ago: it was published in the last twenty minutes of that hour.
    later = resolve.process_item(only(Brief, page(slug="kanaal", crawled_at=NOW + timedelta(minutes=40))))
    assert isinstance(first, Story)
    assert isinstance(later, Story)
    assert first.published_earliest == NOW - timedelta(hours=3)
    assert later.published_earliest == NOW + timedelta(minutes=40) - timedelta(hours=3)
    assert later.published_latest == NOW - timedelta(hours=2)
    lead = resolve.process_item(only(Article, page("<h1>Brug open</h1><p>LIMA (ANP) - De brug is open.</p>", "brug")))
    assert isinstance(lead, Story)
    assert (lead.published_latest, lead.published_raw) == (NOW - timedelta(hours=2), "2 uur geleden")
    other = resolve.process_item(only(Article, page()))
    assert isinstance(other, Story)
    assert other.published_at is None


def test_net_binnen_makes_no_brief_but_tells_a_time(crawler: Any) -> None:
    resolve = ResolveTimes.from_crawler(crawler)
    items = page("<h2>Net binnen</h2><ul><li>Sport 07:10 <a href='/nieuws/brug'>Brug open</a></li></ul>", "buitenland")
    sighting = only(Sighting, items)
    assert items == [sighting]
    assert resolve.process_item(sighting) is sighting
    brief = resolve.process_item(only(Brief, page(crawled_at=NOW - timedelta(minutes=1))))
    assert isinstance(brief, Story)
    # 07:10 in Amsterdam is 06:10 in UTC, which is two hours before 08:59: what both say is what the clock says.
    assert (brief.published_source, brief.published_raw) == ("clock", "07:10")
    assert brief.published_earliest == datetime(2026, 2, 24, 6, 10, tzinfo=UTC)


def test_a_story_is_written_once_a_kind_and_sightings_always(crawler: Any) -> None:
    dedupe = Dedupe.from_crawler(crawler)
    brief = only(Brief, page())
    assert dedupe.process_item(brief) is brief
    with pytest.raises(DropItem, match="seen in this run") as dropped:
        dedupe.process_item(only(Brief, page(slug="kanaal")))
    assert dropped.value.log_level == "DEBUG"
    article = only(Article, page("<h1>Brug open</h1><p>LIMA (ANP) - De brug is open.</p>", "brug"))
    assert dedupe.process_item(article).story_id == brief.story_id
    sighting = next(item for item in page() if isinstance(item, Sighting) and item.where == "sidebar")
    assert dedupe.process_item(sighting).story_id == dedupe.process_item(sighting).story_id == brief.story_id


def test_a_brief_without_address_and_its_article_are_one_story(crawler: Any) -> None:
    dedupe = Dedupe.from_crawler(crawler)
    brief = only(Brief, page(PAGE.replace('href="/nieuws/brug"', "")))
    article = only(Article, page("<h1>Brug open</h1><p>LIMA (ANP) - De brug is open.</p>", "brug"))
    assert brief.story_id != article.story_id
    assert dedupe.process_item(brief).story_id == dedupe.process_item(article).story_id == brief.story_id


def test_files_are_part_until_they_are_whole(crawler: Any, tmp_path: Path) -> None:
    write = WriteJsonLines.from_crawler(crawler)
    write.open_spider()
    for item in page():
        write.process_item(item)
    stories = tmp_path / "stories" / "test" / "20260224T090000Z-7.jsonl"
    assert [path.name for path in stories.parent.iterdir()] == [f"{stories.name}.part"]
    assert (stories.parent / f"{stories.name}.part").read_bytes().count(b"\n") == 2, "a line is there at once"
    write.close_spider()
    assert [path.name for path in stories.parent.iterdir()] == [stories.name]


def test_times_are_counted_by_source_and_width_where_a_line_was_written(crawler: Any) -> None:
    resolve, dedupe = ResolveTimes.from_crawler(crawler), Dedupe.from_crawler(crawler)
    write = WriteJsonLines.from_crawler(crawler)
    write.open_spider()
    exact = PAGE.replace("2 uur geleden", "<time datetime='2026-02-24T06:30:00Z'>2 uur geleden</time>")
    for source, slug in ((PAGE, "sluis"), (PAGE, "sluis"), (exact.replace("brug", "kanaal"), "stuw")):
        for item in page(source, slug):
            with suppress(DropItem):
                write.process_item(dedupe.process_item(resolve.process_item(item)))
    write.close_spider()
    counted = {
        name.removeprefix("newscrawl/times_from/"): number
        for name, number in crawler.stats.get_stats().items()
        if name.startswith("newscrawl/times_from/")
    }
    # Two leads without a time, and two briefs; what came again was not written.
    assert counted == {"none": 2, "relative/hour": 1, "metadata/second": 1}
    assert sum(counted.values()) == crawler.stats.get_value("newscrawl/written")


def test_the_width_counts_and_not_how_finely_a_time_was_told(crawler: Any) -> None:
    write = WriteJsonLines.from_crawler(crawler)
    write.open_spider()
    brief = only(Brief, page())
    brief.published_precision = "second"
    write.process_item(brief)
    write.close_spider()
    assert crawler.stats.get_value("newscrawl/times_from/relative/hour") == 1


def test_what_could_not_be_written_has_no_time(crawler: Any) -> None:
    write = WriteJsonLines.from_crawler(crawler)
    write.open_spider()
    crawler.stats.set_value("newscrawl/output_error", "disk full")
    with pytest.raises(DropItem):
        write.process_item(only(Brief, page()))
    write.close_spider()
    assert not [name for name in crawler.stats.get_stats() if name.startswith("newscrawl/times_from/")]


def test_a_file_without_lines_is_absent(crawler: Any, tmp_path: Path) -> None:
    write = WriteJsonLines.from_crawler(crawler)
    write.open_spider()
    write.close_spider()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
