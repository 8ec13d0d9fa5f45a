"""The files of stories and of sightings."""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DropItem, NotConfigured
from scrapy.utils.defer import deferred_from_coro

from newscrawl.items import Sighting, Story
from newscrawl.output import RunFiles, WholeLines
from newscrawl.timing.interval import by_width

OUTPUT_FAILED = "output_failed"  # the closing reason, and what the run report goes by


class WriteJsonLines:
    """Writes each item as one line; a disk that takes no more ends the run.

    It also counts where the times of stories come from and how wide they are: only here it is known what was written.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.files: RunFiles = crawler.spider.files  # type: ignore[union-attr]
        self.stories: WholeLines | None = None
        self.sightings: WholeLines | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline, for a spider that writes files."""
        if not hasattr(crawler.spider, "files"):
            raise NotConfigured
        return cls(crawler)

    def open_spider(self) -> None:
        """Open both files, or end the run before its first request."""
        try:
            self.stories = WholeLines(self.files.stories)
            self.sightings = WholeLines(self.files.sightings)
        except OSError as error:
            self._note(error)
            raise CloseSpider(OUTPUT_FAILED) from error

    def process_item(self, item: Story | Sighting) -> Story | Sighting:
        """Return *item* once its line is written, or raise DropItem when it could not be."""
        lines = self.sightings if isinstance(item, Sighting) else self.stories
        if lines is None or self.crawler.stats.get_value("newscrawl/output_error"):
            raise DropItem("output could not be written", log_level="DEBUG")
        try:
            lines.append(item)
        except OSError as error:
            self._note(error)
            deferred_from_coro(self.crawler.engine.close_spider_async(reason=OUTPUT_FAILED))
            raise DropItem("output could not be written", log_level="DEBUG") from error
        self.crawler.stats.inc_value("newscrawl/sightings" if isinstance(item, Sighting) else "newscrawl/written")
        if isinstance(item, Story):
            self.crawler.stats.inc_value(f"newscrawl/times_from/{_source_and_width(item)}")
        return item

    def close_spider(self) -> None:
        """Give both files their names."""
        for lines in (self.stories, self.sightings):
            if lines is not None:
                try:
                    lines.finish()
                except OSError as error:
                    self._note(error)

    def _note(self, error: OSError) -> None:
        self.crawler.stats.set_value("newscrawl/output_error", str(error))
        self.crawler.spider.logger.error(  # type: ignore[union-attr]
            "output cannot be written: %s; make room or set NEWSCRAWL_OUTPUT_DIR to another folder", error
        )


def _source_and_width(story: Story) -> str:
    """Return `SOURCE/WIDTH` of a story's time, or `none`; few enough names for a statistic each."""
    if story.published_earliest is None or story.published_latest is None:
        return "none"
    return f"{story.published_source}/{by_width(story.published_latest - story.published_earliest)}"
