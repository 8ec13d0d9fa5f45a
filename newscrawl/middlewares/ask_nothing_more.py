"""A run that is ending asks for nothing more."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from newscrawl.ending import is_ending


class RunEnding(IgnoreRequest):
    """What was not asked for since the run is ending; a later run may get it."""


class AskNothingMore:
    """Ignores what would be asked for while the run is ending: a page that waited its turn, a retry, a redirect.

    So what such a request was part of learns of its end, and the spider can yield what it has held.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise RunEnding when the run is ending."""
        if is_ending(self.crawler):
            raise RunEnding(f"the run is ending, and does not ask for {request.url}")
