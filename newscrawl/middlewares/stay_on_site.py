"""No request leaves the site: not by a link, not by a redirect."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured


class StayOnSite:
    """Ignores every request that the spider's own hosts and ports, by http or https, do not answer."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware, for a spider that knows its hosts."""
        if not hasattr(crawler.spider, "is_own"):
            raise NotConfigured
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise IgnoreRequest for what is not on the site."""
        if not self.crawler.spider.is_own(request.url):  # type: ignore[union-attr]
            self.crawler.stats.inc_value("newscrawl/offsite")
            raise IgnoreRequest(f"not on the site that is crawled: {request.url}")
