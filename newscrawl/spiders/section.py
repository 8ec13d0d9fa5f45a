"""The walk over one section of a portal: its lists, then the article behind every teaser, then what those show."""

import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newscrawl.items import Brief
from newscrawl.ledger.memory import RunLedger
from newscrawl.middlewares.ask_nothing_more import RunEnding, is_ending
from newscrawl.output import RunFiles
from newscrawl.sites import SITES, Site
from newscrawl.spiders.arguments import FROM_SCRAPYD, SECTION_ARGUMENTS, read_arguments
from newscrawl.spiders.lists import HeldLists
from newscrawl.spiders.reading import ReadingSpider
from newscrawl.urls import absolute_url, canonical_url, host_and_port

MAX_FEEDS = 5  # of all that the lists announce: a site may have one for every tag, and each may hang until its timeout


class SectionSpider(ReadingSpider):
    """Crawls one section of a site. Subclasses say which.

    The walk over its index pages ends at `max_pages`, or at one that holds nothing new; then each feed that they
    announce is asked for once, the first `MAX_FEEDS` of them. Once all of these have been read, their items are
    yielded, so that a line holds what all of them say of its time. Then come the articles behind the teasers; then
    those behind sidebar briefs of the same section that no list has shown.
    """

    section: ClassVar[str]
    """Key of the section in `Site.sections`."""
    arguments: ClassVar = SECTION_ARGUMENTS
    files: RunFiles
    """Where this run writes."""

    def __init__(self, **given: object) -> None:
        values = read_arguments(given, self.arguments)
        super().__init__(SITES[values["site"]], values["crawled_at"])
        self.given = {name: str(value) for name, value in given.items() if name != FROM_SCRAPYD}
        self.job = str(given.get(FROM_SCRAPYD) or os.getpid())
        self.started_at = datetime.now(UTC)
        self.max_pages: int = values["max_pages"]
        self.start_url: str = values["start_url"] or self.site.index_url(self.section)
        self.hosts = _own_hosts(self.site, values["start_url"])
        self.ledger = RunLedger()
        self.lists = HeldLists(self.ledger)
        self.listed: set[str] = set()
        """Stories that index pages have shown."""
        self.teasers: list[str] = []
        """Addresses of articles to ask for once the lists have been read, in the order of the lists."""
        self.feeds: dict[str, str] = {}
        """Canonical addresses of the feeds that were announced, to their addresses as announced; the first first."""
        self.asked: set[str] = set()
        """Addresses of articles that were asked for."""
        self.settled: set[str] = set()
        """Those among them that need not be asked for again."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider, with the settings that its site needs."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.files = RunFiles.of(crawler.settings["NEWSCRAWL_OUTPUT_DIR"], spider.name, spider.started_at, spider.job)
        if spider.is_demo:
            crawler.settings.set("DOWNLOAD_DELAY", 0, priority="spider")
            crawler.settings.set("AUTOTHROTTLE_ENABLED", False, priority="spider")
        return spider

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

    # --- The lists ----------------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the first index page."""
        self.crawler.stats.inc_value("newscrawl/requests")
        yield Request(self.start_url, self.parse, errback=self.start_failed, dont_filter=True)

    async def parse(self, response: Response) -> AsyncIterator[Any]:
        """Read all lists, from the first index page on. Then yield what they hold, and ask for the articles.

        All of it happens in one call: a run that is stopped waits for its calls, but not for requests in its queue.
        """
        unexpected: Exception | None = None
        try:
            try:
                await self._read_lists(response)
            finally:
                contradictions = self.lists.weigh(self.distrust)
                self.crawler.stats.inc_value("newscrawl/times_contradicted", contradictions)
        except Exception as error:
            unexpected = error  # raised below: what the lists hold is not lost with it
        for item in self.lists.items:
            yield item
        for url in self.teasers:
            for request in self._article_request(url):
                yield request
        if unexpected:
            raise unexpected

    def start_failed(self, failure: Failure) -> None:
        """Count a first index page that could not be fetched."""
        self.count_failure(*_request_and_error(failure))

    async def _read_lists(self, response: Response) -> None:
        page: Response | None = response
        number = 1
        while page is not None:
            following = self._read_index(page)
            page = await self._fetch(following) if following and number < self.max_pages else None
            number += 1
        for url in self._feeds_to_ask_for():
            feed = await self._fetch(url, feed=True)
            if feed is not None:
                self.lists.hold_claims(self.read_feed(feed))

    def _read_index(self, response: Response) -> str | None:
        """Hold the items of an index page. Return the address of the next one, unless this one holds nothing new."""
        extract = self.read_page(response)
        if extract is None:
            return None
        self.lists.hold(extract.items)
        briefs = [item for item in extract.items if isinstance(item, Brief) and item.story_id]
        new = [brief for brief in briefs if brief.story_id not in self.listed]
        self.listed.update(brief.story_id for brief in new if brief.story_id)
        self.teasers += [brief.url for brief in new if brief.url]
        for href in extract.page.metadata.feeds:
            url = absolute_url(href, extract.page.base_url)
            if url and (canonical := canonical_url(url, self.site)):
                self.feeds.setdefault(canonical, url)
        following = canonical_url(extract.page.next_url or "", self.site)
        return following if new and following and self.is_own(following) else None

    def _feeds_to_ask_for(self) -> list[str]:
        own = []
        for url in self.feeds.values():
            if self.is_own(url):
                own.append(url)
            else:
                self.logger.info("feed %s is not on the site that is crawled, and is not asked for", url)
        if len(own) > MAX_FEEDS:
            self.crawler.stats.inc_value("newscrawl/feeds_left", len(own) - MAX_FEEDS)
            self.logger.info("%d feeds are announced; only the first %d are asked for", len(own), MAX_FEEDS)
        return own[:MAX_FEEDS]

    async def _fetch(self, url: str, *, feed: bool = False) -> Response | None:
        """Return the index page or feed at *url*; None for one that does not come, which is counted and told."""
        if is_ending(self.crawler):
            return None
        stats = self.crawler.stats
        stats.inc_value("newscrawl/requests")
        stats.inc_value("newscrawl/feeds", int(feed))
        request = Request(url, callback=NO_CALLBACK, dont_filter=True)
        try:
            response = await self.crawler.engine.download_async(request)
            if not 200 <= response.status < 300:
                raise HttpError(response)
        except Exception as error:  # whatever it is, the lists go without it
            otherwise = self.count_failure(request, error)
            if feed and otherwise and not isinstance(error, RunEnding):
                stats.inc_value("newscrawl/feeds_unread")
            return None
        return response

    # --- The articles -------------------------------------------------------------------------------------------------

    def parse_article(self, response: Response, url: str) -> Iterator[Any]:
        """Yield the items of the page behind *url*, and ask for articles that only its sidebar shows."""
        self.settled.add(url)
        extract = self.read_page(response)
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
        request, error = _request_and_error(failure)
        if not self.count_failure(request, error):
            self.settled.add(request.cb_kwargs["url"])

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


def _request_and_error(failure: Failure) -> tuple[Request, BaseException]:
    assert failure.value is not None
    return failure.request, failure.value  # type: ignore[attr-defined]


def _own_hosts(site: Site, start_url: str | None) -> frozenset[tuple[str, int | None]]:
    of_site = {host_and_port(f"{scheme}://{host}") for host in site.hosts for scheme in ("http", "https")}
    if start_url and host_and_port(start_url) not in of_site:
        return frozenset({host_and_port(start_url)})
    return frozenset(of_site)
