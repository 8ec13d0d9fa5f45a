"""Log lines without the text of articles, and without a traceback where the network is to blame."""

import logging
from typing import Any, Self

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from newscrawl.batch import Batch


class QuietLogFormatter(LogFormatter):
    """Scrapy's log lines, telling what is in a batch instead of showing it whole."""

    @classmethod
    def from_crawler(cls, _crawler: Crawler) -> Self:
        """Return the formatter, and keep robots.txt from being missed in forty lines."""
        logging.getLogger("scrapy.downloadermiddlewares.robotstxt").addFilter(_without_traceback)
        return cls()

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        """Return the line for a batch that went through all pipelines."""
        return {**super().scraped(_name(item), response, spider), "msg": "Scraped from %(src)s: %(item)s"}

    def dropped(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """Return the line for a batch that a pipeline dropped."""
        return {**super().dropped(_name(item), exception, response, spider), "msg": "Dropped %(item)s: %(exception)s"}

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """Return the line for a batch on which a pipeline broke."""
        return super().item_error(_name(item), exception, response, spider)


def _without_traceback(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True


def _name(item: Any) -> str:
    if not isinstance(item, Batch):
        return type(item).__name__
    return f"{sum(1 for _ in item.stories)} stories, {sum(1 for _ in item.sightings)} sightings"
