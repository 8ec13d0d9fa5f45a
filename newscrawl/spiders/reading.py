"""What a spider makes of a response: a page or a feed that is read, or one more that could not be; each is counted."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.batch import FeedClaim
from newscrawl.extraction import Extract, extract_page
from newscrawl.ledger.identity import Names
from newscrawl.middlewares.ask_nothing_more import RunEnding
from newscrawl.middlewares.honour_retry_after import AskedToWait
from newscrawl.reading import PageError
from newscrawl.reading.feed import FeedEntry, FeedError, read_feed
from newscrawl.sites import Site
from newscrawl.timing.claims import DistrustedClaim, resolve_claim
from newscrawl.timing.evidence import Evidence
from newscrawl.timing.rendering import rendered_at
from newscrawl.urls import absolute_url, canonical_url

ARRIVED_AT = "newscrawl_arrived_at"


class ReadingSpider(Spider):
    """Reads pages and feeds of one site. Subclasses ask for them."""

    def __init__(self, site: Site, crawled_at: datetime | None) -> None:
        super().__init__(self.name)
        self.site = site
        self.crawled_at = crawled_at
        """The clock to read by; None for the moment at which each response arrives."""
        self.not_news: list[str] = []
        """A sentence for each page that was no news page."""
        self.first_failure: str | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider, that notes when each response arrives."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.note_arrival, signals.response_downloaded)
        return spider

    def note_arrival(self, request: Request) -> None:
        """Note when a response came in; it may wait a while before it is read."""
        request.meta[ARRIVED_AT] = datetime.now(UTC)

    def read_page(self, response: Response) -> Extract | None:
        """Return what a page says, or None for what is no news page, which is counted and named."""
        stats = self.crawler.stats
        stats.inc_value("newscrawl/pages")
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        try:
            if not isinstance(response, TextResponse):
                raise PageError(f"no news page: its content type is {content_type or 'not given'}")
            extract = extract_page(
                response.body,
                url=response.url,
                crawled_at=self._crawled_at(response),
                content_type=content_type or "text/html",
                headers=dict(_headers(response)),
                site=self.site,
                spider=self.name,
            )
        except PageError as error:
            stats.inc_value("newscrawl/not_news")
            self.not_news.append(f"{response.url}: {error}")
            self.logger.warning("%s: %s", response.url, error)
            return None
        stats.inc_value("newscrawl/pages_read")
        self._count_oddities(extract, response.url)
        return extract

    def read_feed(self, response: Response) -> list[FeedClaim]:
        """Return what a feed says of the times of stories; none for what is no feed, which is counted and named."""
        rendered = rendered_at(self._crawled_at(response), dict(_headers(response)))
        claims = []
        try:
            for entry in read_feed(response.body):
                evidence = self._evidence(entry, rendered, response.url)
                if evidence is not None:
                    claims += [
                        FeedClaim(names, evidence, response.url, rendered) for names in self._names(entry, response.url)
                    ]
        except FeedError as error:
            self.crawler.stats.inc_value("newscrawl/feeds_unread")
            self.logger.warning("%s: %s", response.url, error)
        return claims

    def count_failure(self, request: Request, error: BaseException) -> bool:
        """Count and tell why a response did not come. Return whether that may be otherwise next time."""
        reason = str(error) or type(error).__name__
        if isinstance(error, RunEnding):
            self.crawler.stats.inc_value("newscrawl/broken_off")
            self.logger.info("%s", reason)
            return True
        if isinstance(error, HttpError):
            reason = f"the server answered {error.response.status}"
        self.first_failure = self.first_failure or f"{request.url}: {reason}"
        if isinstance(error, IgnoreRequest) and not isinstance(error, HttpError | AskedToWait):
            # Forbidden by robots.txt, or not on the site: that is no failure, and no later crawl will get it either.
            self.crawler.stats.inc_value("newscrawl/ignored_requests")
            self.logger.info("%s was not asked for: %s", request.url, reason)
            return False
        self.crawler.stats.inc_value("newscrawl/failed_requests")
        self.logger.warning("%s could not be fetched: %s", request.url, reason)
        return True

    def distrust(self, claim: DistrustedClaim, url: str) -> None:
        """Count and tell why a machine-readable time at *url* is left aside."""
        self.crawler.stats.inc_value("newscrawl/times_distrusted")
        self.crawler.stats.inc_value(f"newscrawl/times_distrusted/{claim.reason}")
        self.logger.warning("distrusted time on %s: %s", url, claim)

    def now(self) -> datetime:
        """Return the moment by the clock that pages are read by."""
        return self.crawled_at or datetime.now(UTC)

    def _crawled_at(self, response: Response) -> datetime:
        return self.crawled_at or response.meta.get(ARRIVED_AT) or self.now()

    def _evidence(self, entry: FeedEntry, rendered: datetime, feed_url: str) -> Evidence | None:
        if entry.published is None:
            return None
        try:
            interval = resolve_claim(entry.published, rendered, zone=self.site.time_zone)
        except DistrustedClaim as error:
            self.distrust(error, feed_url)
            return None
        return Evidence("feed", interval, entry.published)

    def _names(self, entry: FeedEntry, feed_url: str) -> Iterator[Names]:
        """Yield the names of an entry's story: its addresses, or its headline where it gives none.

        What has a fragment is a part of a page, such as a comment, and not its story.
        """
        given = [address for address in (entry.url, entry.guid) if address]
        if not given and entry.headline:
            yield Names.of(None, None, "", entry.headline)
        for address in dict.fromkeys(absolute_url(address, feed_url) for address in given):
            if address and not urlsplit(address).fragment and (url := canonical_url(address, self.site)):
                yield Names.of(url, None, "", None)

    def _count_oddities(self, extract: Extract, url: str) -> None:
        stats = self.crawler.stats
        stats.inc_value("newscrawl/times_read", extract.times_read)
        stats.inc_value("newscrawl/times_unread", len(extract.unread))
        stats.inc_value("newscrawl/times_contradicted", extract.contradictions)
        for shown in extract.unread:
            self.logger.warning("unreadable time %r on %s", shown, url)
        for claim in extract.distrusted:
            self.distrust(claim, url)
        if extract.day_contradicted:
            stats.inc_value("newscrawl/days_contradicted")
            self.logger.warning("%s shows %s as its day, but is read by the clock of another", url, extract.page.day)


def _headers(response: Response) -> Iterator[tuple[str, str]]:
    for name in ("Date", "Age"):
        value = response.headers.get(name)
        if value:
            yield name, value.decode("latin-1")
