"""The files of stories and of sightings, and the ledger that knows how long they are."""

from collections import Counter
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DropItem, NotConfigured

from newscrawl.batch import Batch
from newscrawl.ending import ALREADY_RUNNING, OUTPUT_FAILED, end_failed, note_failure
from newscrawl.items import Story
from newscrawl.recording import AlreadyRunning, Recording, RecordingError
from newscrawl.timing.interval import by_width


class WriteJsonLines:
    """Writes the items of a batch as a line each, and commits it; a disk or a ledger that takes no more ends the run.

    It also counts where the times of stories come from and how wide they are: only here it is known what was written.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.recording: Recording = crawler.spider.recording  # type: ignore[union-attr]
        for signal in (signals.item_error, signals.item_dropped):
            crawler.signals.connect(self.recording.discard, signal)  # by whichever pipeline

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline, for a spider that records what it reads."""
        if not hasattr(crawler.spider, "recording"):
            raise NotConfigured
        return cls(crawler)

    def open_spider(self) -> None:
        """Finish what dead runs have left and open both files, or end the run before its first request."""
        try:
            self.recording.open()
        except AlreadyRunning as error:
            self.crawler.spider.logger.error("%s", error)  # type: ignore[union-attr]
            raise CloseSpider(ALREADY_RUNNING) from error
        except RecordingError as error:
            note_failure(self.crawler, error)
            raise CloseSpider(OUTPUT_FAILED) from error
        self.crawler.stats.set_value("newscrawl/mended", self.recording.mended)

    def process_item(self, item: Batch) -> Batch:
        """Return the batch once it is written and known, or raise DropItem when it could not be."""
        spider: Any = self.crawler.spider
        counts = _counts(item)
        try:
            self.recording.draft.walked(item, spider.name, spider.start_url, spider.now())
            self._count(counts)
            self.recording.commit(list(item.stories), list(item.sightings))
        except RecordingError as error:
            self._count({name: -number for name, number in counts.items()})
            end_failed(self.crawler, error)
            raise DropItem("output could not be written", log_level="DEBUG") from error
        return item

    def close_spider(self) -> None:
        """Give both files their names."""
        try:
            self.recording.finish()
        except RecordingError as error:
            note_failure(self.crawler, error)

    def _count(self, counts: dict[str, int]) -> None:
        for name, number in counts.items():
            self.crawler.stats.inc_value(f"newscrawl/{name}", number)


def _counts(batch: Batch) -> dict[str, int]:
    counts = Counter(f"times_from/{_source_and_width(story)}" for story in batch.stories)
    return {**counts, "written": sum(1 for _ in batch.stories), "sightings": sum(1 for _ in batch.sightings)}


def _source_and_width(story: Story) -> str:
    """Return `SOURCE/WIDTH` of a story's time, or `none`; few enough names for a statistic each."""
    if story.published_earliest is None or story.published_latest is None:
        return "none"
    return f"{story.published_source}/{by_width(story.published_latest - story.published_earliest)}"
