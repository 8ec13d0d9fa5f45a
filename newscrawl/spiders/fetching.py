"""What a spider makes of a response: a page or a feed that is read, or one more that could not be; each is counted."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.archive.writing import Capture
from newscrawl.batch import FeedClaim
from newscrawl.ending import end_failed
from newscrawl.extraction import Extract, extract_page
from newscrawl.middlewares.ask_nothing_more import RunEnding
from newscrawl.middlewares.honour_retry_after import AskedToWait
from newscrawl.reading import PageError
from newscrawl.recording import RecordingError
from newscrawl.spiders.reading import ReadingSpider
from newscrawl.timing.rendering import rendered_at

ARRIVED_AT = "newscrawl_arrived_at"
ASKED_AS = "newscrawl_asked_as"  # what part of the walk a request is for


class FetchingSpider(ReadingSpider):
    """Reads pages and feeds that come over HTTP. Subclasses ask for them."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider, that notes when each response arrives."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.recording.read_at = spider.crawled_at
        spider.recording.keeps_pages = crawler.settings.getbool("NEWSCRAWL_ARCHIVE")
        crawler.signals.connect(spider.arrived, signals.response_downloaded)
        return spider

    def arrived(self, request: Request, response: Response) -> None:
        """Note when a response came in, which may wait a while before it is read; and keep it, if so set."""
        request.meta[ARRIVED_AT] = datetime.now(UTC)
        headers = ((name, value) for name, values in response.headers.items() for value in values)
        try:
            self.recording.keep(
                Capture(
                    request.url,
                    self._arrived_at(request),
                    response.status,
                    headers,
                    response.body,
                    request.meta.get(ASKED_AS),
                )
            )
        except RecordingError as error:
            end_failed(self.crawler, error)

    def read_page(self, response: Response) -> Extract | None:
        """Return what a page says, or None for what is no news page, which is counted and named."""
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        try:
            if not isinstance(response, TextResponse):
                raise PageError(f"no news page: its content type is {content_type or 'not given'}")
            extract = extract_page(
                response.body,
                url=response.url,
                crawled_at=self._arrived_at(response.request),
                content_type=content_type or "text/html",
                headers=dict(_headers(response)),
                site=self.site,
                spider=self.name,
            )
        except PageError as error:
            self.count_no_news(response.url, error)
            return None
        self.count_page(response.url, extract)
        return extract

    def read_feed(self, response: Response) -> list[FeedClaim]:
        """Return what a feed says of the times of stories; none for what is no feed, which is counted and named."""
        rendered = rendered_at(self._arrived_at(response.request), dict(_headers(response)))
        return self.claims(response.body, response.url, rendered)

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

    def _arrived_at(self, request: Request | None) -> datetime:
        arrived: datetime | None = request.meta.get(ARRIVED_AT) if request else None
        return self.crawled_at or arrived or self.now()


def _headers(response: Response) -> Iterator[tuple[str, str]]:
    for name in ("Date", "Age"):
        value = response.headers.get(name)
        if value:
            yield name, value.decode("latin-1")
