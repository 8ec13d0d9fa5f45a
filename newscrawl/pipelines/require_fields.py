"""What is not whole goes no further."""

import logging
from typing import Self

from scrapy.crawler import Crawler

from newscrawl.batch import Batch
from newscrawl.items import Item, Sighting, Story

logger = logging.getLogger(__name__)

TOGETHER = ("published_at", "published_earliest", "published_latest", "published_precision", "published_source")


class RequireFields:
    """Takes out of a batch what lacks something that every item has; the count is `newscrawl/invalid`."""

    def __init__(self, crawler: Crawler) -> None:
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline."""
        return cls(crawler)

    def process_item(self, item: Batch) -> Batch:
        """Return the batch with what is whole."""
        item.items = [each for each in item.items if self._is_whole(each)]
        return item

    def _is_whole(self, item: Item) -> bool:
        missing = _missing(item)
        if missing:
            self.stats.inc_value("newscrawl/invalid")
            logger.warning(
                "dropped without %s: %s %s of %s", ", ".join(missing), type(item).__name__, item.story_id, item.url
            )
        return not missing


def _missing(item: Item) -> list[str]:
    wanted = ["story_id", "crawled_at", "rendered_at"]
    wanted += ["where"] if isinstance(item, Sighting) else ["kind", "site", "language"]
    missing = [name for name in wanted if not getattr(item, name)]
    if isinstance(item, Story):
        if not item.text and not item.headline:
            missing.append("text or headline")
        if len({getattr(item, name) is None for name in TOGETHER}) > 1:
            missing += [name for name in TOGETHER if getattr(item, name) is None]
    elif (item.earliest is None) != (item.latest is None):
        missing.append("one end of its interval")
    return missing
