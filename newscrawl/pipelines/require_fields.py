"""What is not whole goes no further."""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from newscrawl.items import Sighting, Story

TOGETHER = ("published_at", "published_earliest", "published_latest", "published_precision", "published_source")


class RequireFields:
    """Drops an item without what every item has; the count is `newscrawl/invalid`."""

    def __init__(self, crawler: Crawler) -> None:
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline."""
        return cls(crawler)

    def process_item(self, item: Story | Sighting) -> Story | Sighting:
        """Return *item*, or raise DropItem that names the fields it lacks."""
        missing = _missing(item)
        if missing:
            self.stats.inc_value("newscrawl/invalid")
            raise DropItem(f"without {', '.join(missing)}: {type(item).__name__} {item.story_id} of {item.url}")
        return item


def _missing(item: Story | Sighting) -> list[str]:
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
