"""A story is written once."""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured

from newscrawl.items import Sighting, Story
from newscrawl.ledger.memory import RunLedger


class Dedupe:
    """Gives each item its story's id, and drops a story whose line of that kind exists; sightings all pass."""

    def __init__(self, crawler: Crawler) -> None:
        self.stats = crawler.stats
        self.ledger: RunLedger = crawler.spider.ledger  # type: ignore[union-attr]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline, for a spider that keeps a ledger."""
        if not hasattr(crawler.spider, "ledger"):
            raise NotConfigured
        return cls(crawler)

    def process_item(self, item: Story | Sighting) -> Story | Sighting:
        """Return *item* under its story's id, or raise DropItem for what was written before."""
        item.story_id = self.ledger.identify(item)
        if isinstance(item, Sighting):
            return item
        self.stats.inc_value("newscrawl/leads" if item.kind == "article" else "newscrawl/briefs")
        if not self.ledger.claim(item):
            self.stats.inc_value("newscrawl/known")
            raise DropItem(f"seen in this run: {item.kind} {item.story_id}", log_level="DEBUG")
        return item
