"""What all crawls so far have seen of a story's time, put together."""

from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured

from newscrawl.batch import Batch
from newscrawl.ending import end_failed
from newscrawl.ledger.weighing import weigh
from newscrawl.publication import set_publication
from newscrawl.recording import Recording, RecordingError


class ResolveTimes:
    """Gives each story its id, and the narrowest interval that all its appearances so far allow.

    So a lead, which shows no time of its own, gets that of the teaser that announced it, and of nothing else.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.recording: Recording = crawler.spider.recording  # type: ignore[union-attr]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the pipeline, for a spider that records what it reads."""
        if not hasattr(crawler.spider, "recording"):
            raise NotConfigured
        return cls(crawler)

    def process_item(self, item: Batch) -> Batch:
        """Return the batch, its times narrowed where more is known than it says itself."""
        spider: Any = self.crawler.spider
        try:
            draft = self.recording.begin(item)
            weigh(item, draft, spider.distrust)
        except RecordingError as error:
            end_failed(self.crawler, error)
            raise DropItem("output could not be written", log_level="DEBUG") from error
        self.crawler.stats.inc_value("newscrawl/times_contradicted", draft.contradictions)
        for story in item.stories:
            known = draft.publication(story.story_id or "")
            if known is not None:
                set_publication(story, known)
        return item
