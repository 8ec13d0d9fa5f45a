"""Each pipeline's one decision, and the order in which they decide."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy import Spider, signals
from scrapy.exceptions import CloseSpider, DropItem
from scrapy.utils.test import get_crawler

from newscrawl import extract
from newscrawl.batch import Batch
from newscrawl.ending import OUTPUT_FAILED
from newscrawl.items import Article, Brief, Sighting
from newscrawl.output import RunFiles
from newscrawl.pipelines.dedupe import Dedupe
from newscrawl.pipelines.require_fields import RequireFields
from newscrawl.pipelines.resolve_times import ResolveTimes
from newscrawl.pipelines.write_json_lines import WriteJsonLines
from newscrawl.recording import Recording, RecordingError

NOW = datetime(2026, 2, 24, 9, 0, tzinfo=UTC)
URL = "https://www.zeelandnet.nl/nieuws/brug"
PAGE = """<h1>Sluis dicht</h1><p>GENT (BELGA/ANP) - De sluis is maandag dichtgegaan voor onderhoud.</p>
<aside><h2>Meer uit Buitenland</h2><p><a href="/nieuws/brug">Brug open</a></p><p>LIMA (ANP) - De brug is open.</p>
<p>2 uur geleden</p></aside>"""


@pytest.fixture
def crawler(tmp_path: Path) -> Iterator[Any]:
    """Return a crawler whose spider records in a temporary folder."""
    crawler: Any = get_crawler(Spider)
    spider: Any = Spider("test")
    crawler.spider = spider
    spider.start_url, spider.now, spider.distrust = f"{URL}/..", lambda: NOW, lambda *_: None
    spider.recording = Recording(
        files=RunFiles.of(tmp_path, "test", NOW, "7"), ledger_url="", scope="test", started_at=NOW
    )
    yield crawler
    spider.recording.conclude("ok", NOW, b"{}", {})


class Pipelines:
    """All of them, in their order."""

    def __init__(self, crawler: Any) -> None:
        self.require, self.resolve = RequireFields.from_crawler(crawler), ResolveTimes.from_crawler(crawler)
        self.dedupe, self.write = Dedupe.from_crawler(crawler), WriteJsonLines.from_crawler(crawler)
        self.write.open_spider()

    def process(self, items: list[Any]) -> list[Any]:
        """Return what is written of *items*."""
        item: Any = Batch(items=items)
        for pipeline in (self.require, self.resolve, self.dedupe, self.write):
            item = pipeline.process_item(item)
        return list(item.items)


@pytest.fixture
def pipelines(crawler: Any) -> Pipelines:
    """Return the pipelines of a run that has begun."""
    return Pipelines(crawler)


def page(source: str = PAGE, slug: str = "sluis", crawled_at: datetime = NOW) -> list[Any]:
    return extract(source, url=f"https://www.zeelandnet.nl/nieuws/{slug}", crawled_at=crawled_at)


def only(kind: type, items: list[Any]) -> Any:
    (found,) = [item for item in items if isinstance(item, kind)]
    return found


def process(pipeline: Any, *items: Any) -> list[Any]:
    return list(pipeline.process_item(Batch(items=list(items))).items)


def test_what_a_page_gives_is_whole(crawler: Any) -> None:
    assert process(RequireFields.from_crawler(crawler), *page()) == page()
    assert crawler.stats.get_value("newscrawl/invalid") is None


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
def test_a_story_that_is_not_whole_goes_no_further_and_is_named(
    crawler: Any, caplog: pytest.LogCaptureFixture, fields: dict[str, Any], named: str
) -> None:
    items = page()
    brief = only(Brief, items)
    for name, value in fields.items():
        setattr(brief, name, value)
    assert process(RequireFields.from_crawler(crawler), *items) == [item for item in items if item is not brief]
    assert f"without {named}: Brief " in caplog.text
    assert crawler.stats.get_value("newscrawl/invalid") == 1


def test_half_an_interval_is_no_sighting(crawler: Any, caplog: pytest.LogCaptureFixture) -> None:
    sighting = next(item for item in page() if isinstance(item, Sighting) and item.where == "sidebar")
    sighting.latest = None
    assert process(RequireFields.from_crawler(crawler), sighting) == []
    assert "one end of its interval" in caplog.text


def test_two_sightings_narrow_and_a_lead_has_the_time_of_its_brief(pipelines: Pipelines) -> None:
    def resolve(items: list[Any]) -> list[Any]:
        done = process(pipelines.resolve, *items)
        pipelines.write.process_item(Batch(items=done))
        return done

    first = only(Brief, resolve(page()))
    # Forty minutes later it is still two hours ago: it was published in the last twenty minutes of that hour.
    later = only(Brief, resolve(page(slug="kanaal", crawled_at=NOW + timedelta(minutes=40))))
    assert first.published_earliest == NOW - timedelta(hours=3)
    assert later.published_earliest == NOW + timedelta(minutes=40) - timedelta(hours=3)
    assert later.published_latest == NOW - timedelta(hours=2)
    lead = only(Article, resolve(page("<h1>Brug open</h1><p>LIMA (ANP) - De brug is open.</p>", "brug")))
    assert (lead.published_latest, lead.published_raw) == (NOW - timedelta(hours=2), "2 uur geleden")
    assert only(Article, resolve(page())).published_at is None


def test_net_binnen_makes_no_brief_but_tells_a_time(pipelines: Pipelines) -> None:
    items = page("<h2>Net binnen</h2><ul><li>Sport 07:10 <a href='/nieuws/brug'>Brug open</a></li></ul>", "buitenland")
    sighting = only(Sighting, items)
    assert items == [sighting]
    assert pipelines.process(items) == [sighting]
    brief = only(Brief, pipelines.process(page(crawled_at=NOW - timedelta(minutes=1))))
    # 07:10 in Amsterdam is 06:10 in UTC, which is two hours before 08:59: what both say is what the clock says.
    assert (brief.published_source, brief.published_raw) == ("clock", "07:10")
    assert brief.published_earliest == datetime(2026, 2, 24, 6, 10, tzinfo=UTC)


def test_a_story_is_written_once_a_kind_and_sightings_always(crawler: Any, pipelines: Pipelines) -> None:
    first = pipelines.process(page())
    brief = only(Brief, first)
    again = pipelines.process(page(slug="kanaal"))
    assert [type(item) for item in again] == [Article, Sighting, Sighting]
    assert crawler.stats.get_value("newscrawl/known") == 1
    article = pipelines.process(page("<h1>Brug open</h1><p>LIMA (ANP) - De brug is open.</p>", "brug"))
    assert only(Article, article).story_id == brief.story_id
    beside = [item for item in (*first, *again) if isinstance(item, Sighting) and item.where == "sidebar"]
    assert [item.story_id for item in beside] == [brief.story_id] * 2


def test_a_brief_without_address_and_its_article_are_one_story(pipelines: Pipelines) -> None:
    brief = only(Brief, page(PAGE.replace('href="/nieuws/brug"', "")))
    article = only(Article, page("<h1>Brug open</h1><p>LIMA (ANP) - De brug is open.</p>", "brug"))
    own = brief.story_id
    assert own != article.story_id
    assert {item.story_id for item in (*pipelines.process([brief]), *pipelines.process([article]))} == {own}


def test_files_are_part_until_they_are_whole(pipelines: Pipelines, tmp_path: Path) -> None:
    pipelines.process(page())
    stories = tmp_path / "stories" / "test" / "20260224T090000Z-7.jsonl"
    assert [path.name for path in stories.parent.iterdir()] == [f"{stories.name}.part"]
    assert (stories.parent / f"{stories.name}.part").read_bytes().count(b"\n") == 2, "a line is there at once"
    pipelines.write.close_spider()
    assert [path.name for path in stories.parent.iterdir()] == [stories.name]


def times_from(crawler: Any) -> dict[str, int]:
    prefix = "newscrawl/times_from/"
    stats = crawler.stats.get_stats().items()
    return {name.removeprefix(prefix): number for name, number in stats if name.startswith(prefix) and number}


def test_times_are_counted_by_source_and_width_where_a_line_was_written(crawler: Any, pipelines: Pipelines) -> None:
    exact = PAGE.replace("2 uur geleden", "<time datetime='2026-02-24T06:30:00Z'>2 uur geleden</time>")
    other = exact.replace("brug", "kanaal").replace("LIMA", "QUITO")
    for source, slug in ((PAGE, "sluis"), (PAGE, "sluis"), (other, "stuw")):
        pipelines.process(page(source, slug))
    # Two leads without a time, and two briefs; what came again was not written.
    assert times_from(crawler) == {"none": 2, "relative/hour": 1, "metadata/second": 1}
    assert sum(times_from(crawler).values()) == crawler.stats.get_value("newscrawl/written")


def test_the_width_counts_and_not_how_finely_a_time_was_told(crawler: Any, pipelines: Pipelines) -> None:
    brief = only(Brief, page())
    brief.published_precision = "second"
    pipelines.process([brief])
    assert times_from(crawler) == {"relative/hour": 1}


def test_what_could_not_be_written_has_no_time_and_is_not_known(
    crawler: Any, pipelines: Pipelines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newscrawl.ending.is_ending", lambda _: True)  # there is no engine that could be told
    with monkeypatch.context() as full:
        full.setattr("os.write", lambda *_: 3)
        with pytest.raises(DropItem):
            pipelines.process(page())
    assert times_from(crawler) == {}
    assert crawler.stats.get_value("newscrawl/written") == crawler.stats.get_value("newscrawl/sightings") == 0
    assert "only 3 of" in crawler.stats.get_value("newscrawl/output_error")
    with pytest.raises(DropItem):
        pipelines.process(page(slug="kanaal"))


@pytest.mark.parametrize("at", ["pipelines.resolve_times.weigh", "ledger.draft.Draft.judge", "ledger.draft.Draft.save"])
def test_a_batch_that_a_pipeline_breaks_on_is_forgotten(
    crawler: Any, pipelines: Pipelines, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(f"newscrawl.{at}", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            pipelines.process(page())
    crawler.signals.send_catch_log(signals.item_error)
    assert len(pipelines.process(page())) == 4, "it has never been"


def test_a_file_without_lines_is_absent(pipelines: Pipelines, tmp_path: Path) -> None:
    pipelines.write.close_spider()
    assert not [path for kind in ("stories", "sightings") for path in (tmp_path / kind).rglob("*") if path.is_file()]


def test_output_that_cannot_be_written_ends_a_run_before_its_first_request(crawler: Any, tmp_path: Path) -> None:
    (tmp_path / "stories").write_text("a file where the folder should be")
    with pytest.raises(CloseSpider) as ended:
        Pipelines(crawler)
    assert ended.value.reason == OUTPUT_FAILED
    assert "set NEWSCRAWL_OUTPUT_DIR to another folder" in crawler.stats.get_value("newscrawl/output_error")
    with pytest.raises(RecordingError):
        _ = crawler.spider.recording.ledger
