"""The walk over one section of a portal: its index pages, then the article behind every teaser, then what they show."""

import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newscrawl.extraction import Extract, extract_page
from newscrawl.items import Brief
from newscrawl.ledger.memory import RunLedger
from newscrawl.middlewares.honour_retry_after import AskedToWait
from newscrawl.output import RunFiles
from newscrawl.reading import PageError
from newscrawl.sites import SITES, Site
from newscrawl.spiders.arguments import FROM_SCRAPYD, SECTION_ARGUMENTS, read_arguments
from newscrawl.urls import absolute_url, canonical_url, host_and_port

# Lists before articles, so that a line holds what the lists say of its time; then in the order of the lists.
INDEX_PRIORITY = 1_000_000
ARRIVED_AT = "newscrawl_arrived_at"


class SectionSpider(Spider):
    """Crawls one section of a site. Subclasses say which.

    The walk ends at `max_pages` index pages, or at a page that holds nothing new. Then come the articles behind the
    teasers; then those behind sidebar briefs of the same section that no list has shown.
    """

    section: ClassVar[str]
    """Key of the section in `Site.sections`."""
    arguments: ClassVar = SECTION_ARGUMENTS
    files: RunFiles
    """Where this run writes."""

    def __init__(self, **given: object) -> None:
        values = read_arguments(given, self.arguments)
        super().__init__(self.name)
        self.given = {name: str(value) for name, value in given.items() if name != FROM_SCRAPYD}
        self.job = str(given.get(FROM_SCRAPYD) or os.getpid())
        self.started_at = datetime.now(UTC)
        self.site: Site = SITES[values["site"]]
        self.crawled_at: datetime | None = values["crawled_at"]
        self.max_pages: int = values["max_pages"]
        self.start_url: str = values["start_url"] or self.site.index_url(self.section)
        self.hosts = self._own_hosts(values["start_url"])
        self.ledger = RunLedger()
        self.teasers: list[str] = []
        """Addresses of articles to ask for once the lists have been read, in the order of the lists."""
        self.asked: set[str] = set()
        """Addresses of articles that were asked for."""
        self.settled: set[str] = set()
        """Those among them that need not be asked for again."""
        self.listed: set[str] = set()
        self.not_news: list[str] = []
        """A sentence for each page that was no news page."""
        self.first_failure: str | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider, with the settings that its site needs."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.files = RunFiles.of(crawler.settings["NEWSCRAWL_OUTPUT_DIR"], spider.name, spider.started_at, spider.job)
        if spider.is_demo:
            crawler.settings.set("DOWNLOAD_DELAY", 0, priority="spider")
            crawler.settings.set("AUTOTHROTTLE_ENABLED", False, priority="spider")
        crawler.signals.connect(spider.note_arrival, signals.response_downloaded)
        return spider

    def _own_hosts(self, start_url: str | None) -> frozenset[tuple[str, int | None]]:
        of_site = {host_and_port(f"{scheme}://{host}") for host in self.site.hosts for scheme in ("http", "https")}
        if start_url and host_and_port(start_url) not in of_site:
            return frozenset({host_and_port(start_url)})
        return frozenset(of_site)

    @property
    def is_demo(self) -> bool:
        """Whether only the demo edition's own server is asked, which needs no manners."""
        return not self.site.polite and host_and_port(self.site.base_url) in self.hosts

    @property
    def pending(self) -> set[str]:
        """Addresses of articles that were announced and could not be fetched."""
        return self.asked - self.settled

    def is_own(self, url: str) -> bool:
        """Return whether *url* is http(s) on a host and port that this crawl may ask."""
        return absolute_url(url, None) is not None and host_and_port(url) in self.hosts

    def note_arrival(self, request: Request) -> None:
        """Note when a response came in; it may wait a while before it is read."""
        request.meta[ARRIVED_AT] = datetime.now(UTC)

    # --- The walk -----------------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the first index page."""
        yield self._index_request(self.start_url, 1)

    def parse(self, response: Response, number: int = 1) -> Iterator[Any]:
        """Yield the items of the index page with this *number*, and ask for the next one or for the articles."""
        extract = self._read(response)
        following = None
        if extract is not None:
            yield from extract.items
            briefs = [item for item in extract.items if isinstance(item, Brief) and item.story_id]
            new = [brief for brief in briefs if brief.story_id not in self.listed]
            self.listed.update(brief.story_id for brief in new if brief.story_id)
            self.teasers += [brief.url for brief in new if brief.url]
            if new and number < self.max_pages:
                following = canonical_url(extract.page.next_url or "", self.site)
        if following and self.is_own(following):
            yield self._index_request(following, number + 1)
        else:
            yield from self._article_requests()

    def index_failed(self, failure: Failure) -> Iterator[Request]:
        """Count an index page that could not be fetched, and go on with what earlier ones have listed."""
        self._count_failure(failure)
        yield from self._article_requests()

    def parse_article(self, response: Response, url: str) -> Iterator[Any]:
        """Yield the items of the page behind *url*, and ask for articles that only its sidebar shows."""
        self.settled.add(url)
        extract = self._read(response)
        if extract is None:
            return
        if extract.page.lead is not None:
            self.ledger.moved(url, canonical_url(response.url, self.site))
        yield from extract.items
        own = self.site.sections[self.section].casefold()
        for item in extract.items:
            if isinstance(item, Brief) and item.url and (item.section or "").casefold() == own:
                yield from self._article_request(item.url)

    def article_failed(self, failure: Failure) -> None:
        """Count an article that could not be fetched; it stays pending, unless it may not be asked for at all."""
        if not self._count_failure(failure):
            self.settled.add(failure.request.cb_kwargs["url"])  # type: ignore[attr-defined]

    def _index_request(self, url: str, number: int) -> Request:
        self.crawler.stats.inc_value("newscrawl/requests")
        return Request(
            url,
            self.parse,
            errback=self.index_failed,
            cb_kwargs={"number": number},
            priority=INDEX_PRIORITY,
            dont_filter=True,
        )

    def _article_requests(self) -> Iterator[Request]:
        for url in self.teasers:
            yield from self._article_request(url)

    def _article_request(self, url: str) -> Iterator[Request]:
        if url in self.asked or not self.is_own(url):
            return
        self.asked.add(url)
        self.crawler.stats.inc_value("newscrawl/requests")
        yield Request(
            url,
            self.parse_article,
            errback=self.article_failed,
            cb_kwargs={"url": url},
            priority=-len(self.asked),
            dont_filter=True,  # none is asked for twice; but two may lead to the same page, and both must come back
        )

    # --- One page -----------------------------------------------------------------------------------------------------

    def _read(self, response: Response) -> Extract | None:
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
                crawled_at=self.crawled_at or response.meta.get(ARRIVED_AT) or datetime.now(UTC),
                content_type=content_type or "text/html",
                headers={name.decode("latin-1"): value for name, value in _headers(response)},
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

    def _count_oddities(self, extract: Extract, url: str) -> None:
        stats = self.crawler.stats
        stats.inc_value("newscrawl/times_read", extract.times_read)
        stats.inc_value("newscrawl/times_unread", len(extract.unread))
        stats.inc_value("newscrawl/times_distrusted", len(extract.distrusted))
        stats.inc_value("newscrawl/times_contradicted", extract.contradictions)
        for shown in extract.unread:
            self.logger.warning("unreadable time %r on %s", shown, url)
        for reason in extract.distrusted:
            self.logger.warning("distrusted time on %s: %s", url, reason)
        if extract.day_contradicted:
            stats.inc_value("newscrawl/days_contradicted")
            self.logger.warning("%s shows %s as its day, but is read by the clock of another", url, extract.page.day)

    def _count_failure(self, failure: Failure) -> bool:
        """Count and tell why a page was not fetched. Return whether that may be otherwise next time."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        reason = str(error) or type(error).__name__
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


def _headers(response: Response) -> Iterator[tuple[bytes, str]]:
    for name in (b"Date", b"Age"):
        value = response.headers.get(name)
        if value:
            yield name, value.decode("latin-1")
