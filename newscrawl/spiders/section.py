"""The walk over one section of a portal: its lists, then the article behind every teaser, then what those show."""

import os
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from newscrawl.items import Brief
from newscrawl.ledger.memory import RunLedger
from newscrawl.output import RunFiles
from newscrawl.sites import SITES, Site
from newscrawl.spiders.arguments import FROM_SCRAPYD, SECTION_ARGUMENTS, read_arguments
from newscrawl.spiders.lists import HeldLists
from newscrawl.spiders.reading import ReadingSpider
from newscrawl.urls import absolute_url, canonical_url, host_and_port

# Index pages, then feeds, then articles, so that a line holds what the lists say of its time; each in their order.
INDEX_PRIORITY = 1_000_000


class SectionSpider(ReadingSpider):
    """Crawls one section of a site. Subclasses say which.

    The walk over its index pages ends at `max_pages`, or at one that holds nothing new; each feed that they announce is
    asked for once. Once all of these have been read, their items are yielded. Then come the articles behind the
    teasers; then those behind sidebar briefs of the same section that no list has shown.
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
        self.awaited = 1
        """Index pages and feeds that were asked for and have not come in; the first page is asked for at once."""
        self.listed: set[str] = set()
        """Stories that index pages have shown."""
        self.teasers: list[str] = []
        """Addresses of articles to ask for once the lists have been read, in the order of the lists."""
        self.feeds: set[str] = set()
        """Addresses of feeds that were announced."""
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
        yield self._index_request(self.start_url, 1)

    def parse(self, response: Response, number: int = 1) -> Iterator[Any]:
        """Hold the items of the index page with this *number*, and ask for the feeds it announces and the next one."""
        further: list[Request] = []
        try:
            further += self._read_index(response, number)
        finally:  # what other lists have shown is not lost with one that nobody expected
            yield from self._go_on(further)

    def index_failed(self, failure: Failure) -> Iterator[Any]:
        """Count an index page that could not be fetched, and go on with what earlier ones have listed."""
        self.count_failure(failure)
        yield from self._go_on()

    def parse_feed(self, response: Response) -> Iterator[Any]:
        """Hold what a feed says of the times of stories."""
        try:
            self.lists.hold_claims(self.read_feed(response))
        finally:
            yield from self._go_on()

    def feed_failed(self, failure: Failure) -> Iterator[Any]:
        """Count a feed that could not be fetched; the lists go without it."""
        self.crawler.stats.inc_value("newscrawl/feeds_unread")
        self.count_failure(failure)
        yield from self._go_on()

    def _read_index(self, response: Response, number: int) -> Iterator[Request]:
        extract = self.read_page(response)
        if extract is None:
            return
        self.lists.hold(extract.items)
        briefs = [item for item in extract.items if isinstance(item, Brief) and item.story_id]
        new = [brief for brief in briefs if brief.story_id not in self.listed]
        self.listed.update(brief.story_id for brief in new if brief.story_id)
        self.teasers += [brief.url for brief in new if brief.url]
        for href in extract.page.metadata.feeds:
            yield from self._feed_request(absolute_url(href, extract.page.base_url))
        if new and number < self.max_pages:
            following = canonical_url(extract.page.next_url or "", self.site)
            if following and self.is_own(following):
                yield self._index_request(following, number + 1)

    def _go_on(self, further: Sequence[Request] = ()) -> Iterator[Any]:
        """Ask for *further* lists. After the last of all, yield what they hold, and ask for the articles.

        Where the run is stopping no other list will come, and what was read is not kept back any longer.
        """
        self.awaited += len(further) - 1
        yield from further
        if self.awaited and not self._is_stopping():
            return
        items, contradictions = self.lists.release(self.distrust)
        self.crawler.stats.inc_value("newscrawl/times_contradicted", contradictions)
        yield from items
        for url in self.teasers:
            yield from self._article_request(url)

    def _is_stopping(self) -> bool:
        """Return whether the run is being closed: by a signal, by an extension, or since the site asked for it."""
        slot = getattr(self.crawler.engine, "_slot", None)  # there is no public word for it, nor a signal
        return getattr(slot, "closing", None) is not None

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

    def _feed_request(self, url: str | None) -> Iterator[Request]:
        canonical = canonical_url(url, self.site) if url else None
        if url is None or canonical is None or canonical in self.feeds:
            return
        self.feeds.add(canonical)
        if not self.is_own(url):
            self.logger.info("feed %s is not on the site that is crawled, and is not asked for", url)
            return
        self.crawler.stats.inc_value("newscrawl/requests")
        self.crawler.stats.inc_value("newscrawl/feeds")
        priority = INDEX_PRIORITY - len(self.feeds)
        yield Request(url, self.parse_feed, errback=self.feed_failed, priority=priority, dont_filter=True)

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
        if not self.count_failure(failure):
            self.settled.add(failure.request.cb_kwargs["url"])  # type: ignore[attr-defined]

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


def _own_hosts(site: Site, start_url: str | None) -> frozenset[tuple[str, int | None]]:
    of_site = {host_and_port(f"{scheme}://{host}") for host in site.hosts for scheme in ("http", "https")}
    if start_url and host_and_port(start_url) not in of_site:
        return frozenset({host_and_port(start_url)})
    return frozenset(of_site)
