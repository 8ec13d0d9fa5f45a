"""The walk over one section of a portal: its lists, then the article behind every teaser, then what those show."""

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, ClassVar, Literal, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newscrawl.batch import Batch
from newscrawl.ending import end_failed, is_ending
from newscrawl.extraction import Extract
from newscrawl.items import Brief
from newscrawl.ledger.scope import scope_of
from newscrawl.middlewares.ask_nothing_more import RunEnding
from newscrawl.recording import RecordingError
from newscrawl.sites import SITES, Site
from newscrawl.spiders.arguments import MAX_PAGES, SECTION_ARGUMENTS
from newscrawl.spiders.fetching import ASKED_AS, FetchingSpider
from newscrawl.urls import absolute_url, canonical_url, host_and_port

ALL_PAGES = MAX_PAGES  # the depth of a list that was read to its last page
MAX_FEEDS = 5  # of all that the lists announce: a site may have one for every tag, and each may hang until its timeout


class SectionSpider(FetchingSpider):
    """Crawls one section of a site. Subclasses say which.

    The walk over its index pages ends at `max_pages`, or at one that holds nothing new; then each feed that they
    announce is asked for once, the first `MAX_FEEDS` of them. Once all of these have been read, their items are
    yielded, so that a line holds what all of them say of its time. Then come the articles behind the teasers that are
    not there yet or due to be looked at again, then those that earlier runs have left; then those behind sidebar
    briefs of the same section that no list has shown.
    """

    section: ClassVar[str]
    """Key of the section in `Site.sections`."""
    arguments: ClassVar = SECTION_ARGUMENTS

    def __init__(self, **given: object) -> None:
        values = self.read_given(given)
        site, start_url, crawled_at = SITES[values["site"]], values["start_url"], values["crawled_at"]
        scope = scope_of(site, start_url, replay=crawled_at is not None)
        super().__init__(given, site=site, scope=scope, crawled_at=crawled_at)
        self.max_pages: int = values["max_pages"]
        self.start_url: str = start_url or self.site.index_url(self.section)
        self.hosts = _own_hosts(self.site, start_url)
        self.needs_contact = not self.is_demo
        self.lists = Batch(depth=0)
        """What the lists have said so far."""
        self.listed: set[str] = set()
        """Stories that index pages have shown in this run, by the ids their pages gave them."""
        self.feeds: dict[str, str] = {}
        """Canonical addresses of the feeds that were announced, to their addresses as announced; the first first."""
        self.asked: set[str] = set()
        """Addresses of articles that were asked for in this run."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider, with the settings that its site needs."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.is_demo:
            crawler.settings.set("DOWNLOAD_DELAY", 0, priority="spider")
            crawler.settings.set("AUTOTHROTTLE_ENABLED", False, priority="spider")
        return spider

    @property
    def is_demo(self) -> bool:
        """Whether only the demo edition's own server is asked, which needs no manners."""
        return not self.site.polite and host_and_port(self.site.base_url) in self.hosts

    def is_own(self, url: str) -> bool:
        """Return whether *url* is http(s) on a host and port that this crawl may ask."""
        return absolute_url(url, None) is not None and host_and_port(url) in self.hosts

    # --- The lists ----------------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the first index page."""
        self.crawler.stats.inc_value("newscrawl/requests")
        meta = {ASKED_AS: "list"}
        yield Request(self.start_url, self.parse, errback=self.start_failed, meta=meta, dont_filter=True)

    async def parse(self, response: Response) -> AsyncIterator[Any]:
        """Read all lists, from the first index page on. Then yield what they say, and ask for the articles.

        All of it happens in one call: a run that is stopped waits for its calls, but not for requests in its queue.
        """
        unexpected: Exception | None = None
        try:
            await self._read_lists(response)
        except RecordingError as error:
            end_failed(self.crawler, error)
            return
        except Exception as error:
            unexpected = error  # raised below: what the lists have said is not lost with it
        yield self.lists
        for url in [*self.lists.announced, *self._backlog()]:
            for request in self._article_request(url):
                yield request
        if unexpected:
            raise unexpected

    def start_failed(self, failure: Failure) -> None:
        """Count a first index page that could not be fetched."""
        self.count_failure(*_request_and_error(failure))

    async def _read_lists(self, response: Response) -> None:
        with self.recording.asking() as ledger:
            known_depth = ledger.depth(self.name, self.start_url)
        page: Response | None = response
        number = 0
        while page is not None:
            number += 1
            extract = self.read_page(page)
            if extract is None:
                break
            shows = self._hold(extract)
            following = canonical_url(extract.page.next_url or "", self.site)
            if not following or not self.is_own(following) or shows == "repeated":
                self.lists.depth = ALL_PAGES
                break
            # What lies below a page without news was read before, unless an earlier walk ended higher.
            self.lists.depth = number if shows == "news" else max(number, known_depth)
            if number >= self.max_pages or (shows == "known" and known_depth >= self.max_pages):
                break
            page = await self._fetch(following)
        for url in self._feeds_to_ask_for():
            feed = await self._fetch(url, feed=True)
            if feed is not None:
                self.lists.claims += self.read_feed(feed)

    def _hold(self, extract: Extract) -> Literal["news", "known", "repeated"]:
        """Hold what an index page says. Return whether that is news, or known, or was shown by another page before."""
        self.lists.items += extract.items
        for href in extract.page.metadata.feeds:
            url = absolute_url(href, extract.page.base_url)
            if url and (canonical := canonical_url(url, self.site)):
                self.feeds.setdefault(canonical, url)
        briefs = [item for item in extract.items if isinstance(item, Brief) and item.story_id]
        fresh = [brief for brief in briefs if brief.story_id not in self.listed]
        if not fresh:
            return "repeated"
        self.listed.update(brief.story_id for brief in fresh if brief.story_id)
        with self.recording.asking() as ledger:
            states = ledger.articles(self._addresses(fresh), self.now())
            written = ledger.known(fresh)
        self.lists.announced += [url for url, state in states.items() if state in ("unknown", "pending", "due")]
        is_news = any(brief.story_id not in written for brief in fresh)
        return "news" if is_news or not {"unknown", "pending"}.isdisjoint(states.values()) else "known"

    def _addresses(self, briefs: Iterable[Brief]) -> list[str]:
        """Return the addresses of the articles behind *briefs* that this crawl may ask for, each once."""
        return list(dict.fromkeys(brief.url for brief in briefs if brief.url and self.is_own(brief.url)))

    def _backlog(self) -> list[str]:
        """Return the addresses of articles that earlier runs have announced and not got."""
        try:
            with self.recording.asking() as ledger:
                return [url for url in ledger.backlog(self.name, self.now()) if self.is_own(url)]
        except RecordingError as error:
            end_failed(self.crawler, error)
            return []

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
        meta = {ASKED_AS: "feed" if feed else "list"}
        request = Request(url, callback=NO_CALLBACK, meta=meta, dont_filter=True)
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
        extract = self.read_page(response)
        if extract is None:
            yield Batch(failed=url)
            return
        batch = Batch(items=extract.items)
        if extract.page.lead is None:
            batch.failed = url
        else:
            batch.fetched, batch.moved_to = url, canonical_url(response.url, self.site)
        own = self.site.sections[self.section].casefold()
        briefs = [item for item in extract.items if isinstance(item, Brief) and (item.section or "").casefold() == own]
        try:
            with self.recording.asking() as ledger:
                states = ledger.articles(self._addresses(briefs), self.now())
        except RecordingError as error:
            end_failed(self.crawler, error)
            return
        batch.announced = [other for other, state in states.items() if state in ("unknown", "pending")]
        yield batch
        for other in batch.announced:
            yield from self._article_request(other)

    def article_failed(self, failure: Failure) -> Iterator[Any]:
        """Count an article that could not be fetched, and yield that; a later run asks for it, if that may help."""
        request, error = _request_and_error(failure)
        may_come = self.count_failure(request, error)
        if not isinstance(error, RunEnding):
            yield Batch(failed=request.cb_kwargs["url"], refused=not may_come)

    def _article_request(self, url: str) -> Iterator[Request]:
        if url in self.asked:
            return
        self.asked.add(url)
        self.crawler.stats.inc_value("newscrawl/requests")
        yield Request(
            url,
            self.parse_article,
            errback=self.article_failed,
            cb_kwargs={"url": url},
            meta={ASKED_AS: "article"},
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
