"""A story is written once, and again when it has changed."""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawl.batch import Batch
from newscrawl.items import Item, Sighting
from newscrawl.recording import Recording


class Dedupe:
    """Takes out of a batch the stories whose line of that kind exists; sightings all stay."""

    def __init__(self, crawler: Crawler) -> None:
        self.stats = crawler.stats
        self.recording: Recording = crawler.spider.recording  # type: ignore[union-attr]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline, for a spider that records what it reads."""
        if not hasattr(crawler.spider, "recording"):
            raise NotConfigured
        return cls(crawler)

    def process_item(self, item: Batch) -> Batch:
        """Return the batch with its sightings, and with the stories that are new or revised."""
        item.items = [each for each in item.items if self._is_news(each)]
        return item

    def _is_news(self, item: Item) -> bool:
        if isinstance(item, Sighting):
            return True
        novelty = self.recording.draft.judge(item)
        self.stats.inc_value("newscrawl/leads" if item.kind == "article" else "newscrawl/briefs")
        if novelty == "revised":
            self.stats.inc_value("newscrawl/revised")
        elif novelty != "new":
            self.stats.inc_value("newscrawl/known")
            self.stats.inc_value("newscrawl/changed_later", int(novelty == "later"))
        return novelty in ("new", "revised")
