"""What this crawl has seen of a story's time so far, put together."""

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawl.extraction import set_publication
from newscrawl.items import Sighting, Story
from newscrawl.ledger.memory import RunLedger, evidence_of


class ResolveTimes:
    """Gives each story the narrowest interval that all its appearances in this crawl allow.

    So a lead, which shows no time of its own, gets that of the teaser that announced it, and of nothing else.
    """

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
        """Return *item*, its time narrowed where more is known than it says itself."""
        story_id = self.ledger.identify(item)
        known = self.ledger.publication(story_id)
        evidence = evidence_of(item)
        if evidence is not None:
            contradictions = known.contradictions if known else 0
            known = self.ledger.learn(story_id, evidence)
            self.stats.inc_value("newscrawl/times_contradicted", known.contradictions - contradictions)
        if isinstance(item, Story) and known is not None:
            set_publication(item, known)
        return item
