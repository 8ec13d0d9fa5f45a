"""The past as archives have it: stored pages, in the order in which they were captured, each read by its own clock."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawl.archive.captures import Captures, first_addresses
from newscrawl.archive.replay import Outcome, Reading, readers, replay
from newscrawl.archive.sources import is_page
from newscrawl.batch import Batch
from newscrawl.ending import is_ending
from newscrawl.ledger.scope import scope_of
from newscrawl.reading import PageError
from newscrawl.sites import SITES, Site
from newscrawl.spiders.arguments import ARCHIVE_ARGUMENTS, ArgumentError
from newscrawl.spiders.reading import ReadingSpider
from newscrawl.urls import canonical_url, host_of

NOTHING = "data:,"  # an address that holds its own answer, which is empty
PEEK = 1_000  # records, of which one tells the site
AT_ONCE = 16  # records that a reader is given
AHEAD = 4  # such shares that each reader may be ahead of what is written
TOLD_EVERY = 60  # seconds, in a log
SIGNAL_TO_ALL = 1  # seconds; one that ends all processes of a service may reach a worker before the run
WORKER_ENDED = "a worker was killed, perhaps since memory ran out; read it again, with fewer workers"
ONE_WALK = timedelta(minutes=15)  # between the lists of one walk; the next walk begins no sooner
MOST_LISTS = 1_000  # that are held; a walk of more was cut in parts, so that memory is bounded


@dataclass(slots=True)
class _Lists:
    """Lists that were captured by one walk, one after another."""

    batch: Batch = field(default_factory=Batch)
    run: str | None = None
    last: datetime | None = None
    count: int = 0

    def may_take(self, outcome: Outcome) -> bool:
        """Return whether a list belongs to the same walk as those held."""
        if not self.count or self.last is None or outcome.captured_at is None:
            return True
        soon = outcome.found.walk is not None or outcome.captured_at - self.last <= ONE_WALK
        return self.run == outcome.found.run and soon and self.count < MOST_LISTS

    def take(self, outcome: Outcome, batch: Batch) -> None:
        """Add what one more list says."""
        self.batch.items += batch.items
        self.batch.claims += batch.claims
        self.batch.walk = outcome.found.walk
        self.run, self.last, self.count = outcome.found.run, outcome.captured_at, self.count + 1


class AnpArchive(ReadingSpider):
    """Reads WARC, WET and WACZ files, and single pages.

    As in a live walk, all lists that follow each other are put together before the articles behind them, so that a
    line holds what the lists say.
    """

    name = "anp_archive"
    arguments: ClassVar = ARCHIVE_ARGUMENTS
    needs_contact = False
    is_archive = True

    def __init__(self, **given: object) -> None:
        values = self.read_given(given)
        self.sources: list[Path] = values["path"]
        urls = [values["url"]] if values["url"] else list(first_addresses(self.sources, PEEK))
        site, scope = _site_and_scope(urls)
        super().__init__(given, site=site, scope=scope, crawled_at=values["crawled_at"])
        self.start_url = self.given["path"]
        self.workers: int = values["workers"]
        self.how = Reading(site.name, self.name, values["url"], self.crawled_at)
        self.captures = Captures(self.sources, self.crawled_at)
        self.length = 0
        """Bytes of the records that are to be read."""
        self.records_read = self.bytes_read = 0
        self.began_reading: float | None = None
        self._clock: datetime | None = None
        self._settled = asyncio.Event()
        self._settled.set()
        self._moved: dict[str, str] = {}
        """Where redirects led, to where they began."""

    @classmethod
    def read_given(cls, given: Mapping[str, object]) -> dict[str, Any]:
        """Return the value of every argument. Raises: ArgumentError, also for an address that many pages would have."""
        values = super().read_given(given)
        if values["url"] and not (len(values["path"]) == 1 and is_page(values["path"][0])):
            raise ArgumentError(f"url: it is for a single .html or .txt file, not for {given['path']!r}")
        return values

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider, that knows when a batch has left the pipelines."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.batch_settled, signal)
        return spider

    def now(self) -> datetime:
        """Return the moment at which the last page was captured."""
        return self._clock or super().now()

    def batch_settled(self) -> None:
        """Let the next batch come: they are written in the order of capture."""
        self._settled.set()

    async def start(self) -> AsyncIterator[Any]:
        """Ask for nothing but a first response: what a callback yields, a run that is stopped waits for."""
        yield Request(NOTHING, self.read_archive)

    async def read_archive(self, _: Response) -> AsyncIterator[Batch]:
        """Yield what the archive says: the lists of a walk together, else a page at a time."""
        await asyncio.to_thread(self.captures.find, lambda: not is_ending(self.crawler))
        self.captures.keep_hosts(self.site.hosts)
        self._count_what_is_passed_by()
        self.logger.info(
            "%d records of %s may be pages; %d hold none, %d are damaged",
            len(self.captures), self.start_url, self.captures.passed.total(), len(self.captures.damaged),
        )  # fmt: skip
        self.length, self.began_reading = self.captures.length, monotonic()
        held: dict[str | None, _Lists] = {}
        async for outcome in self._outcomes():
            batch, walk = self._read(outcome), outcome.found.walk
            if batch is not None and outcome.is_list:
                if walk in held and not held[walk].may_take(outcome):
                    yield await self._next(held.pop(walk).batch)
                held.setdefault(walk, _Lists()).take(outcome, batch)
                batch = None
            # The lists of a crawl of newscrawl are for its own articles, whatever other crawls have done meanwhile.
            ready = {None: None, walk: None} if batch is not None else {walk: None} if outcome.found.ends_lists else {}
            for key in ready:
                if key in held:
                    yield await self._next(held.pop(key).batch)
            if batch is not None:
                batch.walk = walk
                yield await self._next(batch)
        for lists in held.values():
            if not is_ending(self.crawler):
                yield await self._next(lists.batch)
        await self._settled.wait()
        self.logger.info("%s", self.speed_in_words())

    # --- Progress -----------------------------------------------------------------------------------------------------

    def progress_in_words(self) -> str:
        """Return how far the run has come, and how long it will take."""
        if self.began_reading is None:
            return f"looking through {_megabytes(self.captures.bytes_seen, self.captures.bytes)} MB"
        total = len(self.captures)
        told = f"{self.records_read:,} of {total:,} records, {_megabytes(self.bytes_read, self.length)} MB"
        seconds = monotonic() - self.began_reading
        if self.records_read and seconds > 1:
            left = seconds / self.records_read * (total - self.records_read)
            told += f", {self.records_read / seconds:,.0f} records/s, {timedelta(seconds=round(left))} left"
        return told

    def speed_in_words(self) -> str:
        """Return how fast the archive was read."""
        seconds = monotonic() - (self.began_reading or monotonic())
        told = f"{self.records_read:,} records ({self.bytes_read / 1e6:,.1f} MB) read in {seconds:,.1f} s"
        speed = self.records_read / seconds if seconds else 0
        return f"{told}: {speed:,.0f} records/s with {self.workers} {'worker' if self.workers == 1 else 'workers'}"

    # --- Records ------------------------------------------------------------------------------------------------------

    async def _outcomes(self) -> AsyncIterator[Outcome]:
        """Yield what came of each record, in the order of capture; readers may be a little ahead."""
        records = iter(self.captures)
        shares: deque[Future[list[Outcome]]] = deque()
        told = monotonic()
        executor = readers(self.workers)
        try:
            while True:
                try:
                    while len(shares) < AHEAD * self.workers and (share := list(islice(records, AT_ONCE))):
                        shares.append(executor.submit(replay, share, self.how))
                    if not shares:
                        return
                    outcomes = await asyncio.wrap_future(shares.popleft())
                except BrokenExecutor:
                    await asyncio.sleep(SIGNAL_TO_ALL)
                    if not is_ending(self.crawler):
                        self.reading_error = WORKER_ENDED
                        self.logger.error("%s", WORKER_ENDED)
                    return
                except Exception:
                    self.reading_error = "an error happened that newscrawl did not expect; the log tells where"
                    raise
                for outcome in outcomes:
                    if is_ending(self.crawler):
                        return
                    yield outcome
                    self.records_read += 1
                    self.bytes_read += outcome.found.place.length
                if monotonic() - told > TOLD_EVERY:
                    told = monotonic()
                    self.logger.info("%s", self.progress_in_words())
        finally:
            executor.shutdown(wait=False, cancel_futures=True)

    def _read(self, outcome: Outcome) -> Batch | None:
        """Return what a record says, or None where that is nothing; it is counted."""
        self.crawler.stats.inc_value("newscrawl/records")
        self._clock = outcome.captured_at or self._clock
        url = canonical_url(outcome.url, self.site) if outcome.url else None
        if outcome.damaged is not None:
            self._count_damaged(outcome.damaged)
        elif outcome.moved_to is not None:
            self._count_passed("redirect")
            target = canonical_url(outcome.moved_to, self.site)
            if url and target:
                self._moved[target] = self._moved.pop(url, url)
        elif outcome.no_news is not None:
            self.count_no_news(outcome.address, PageError(outcome.no_news))
        elif outcome.feed is not None and outcome.rendered_at is not None:
            return Batch(claims=self.claims(outcome.feed, outcome.url or "", outcome.rendered_at))
        elif outcome.extract is not None:
            self.count_page(outcome.address, outcome.extract)
            if outcome.is_list or outcome.extract.page.lead is None:
                return Batch(items=outcome.extract.items)
            return Batch(items=outcome.extract.items, fetched=self._moved.pop(url or "", url), moved_to=url)
        return None

    async def _next(self, batch: Batch) -> Batch:
        """Return *batch* once the one before it has left the pipelines."""
        await self._settled.wait()
        self._settled.clear()
        return batch

    def _count_what_is_passed_by(self) -> None:
        for reason, number in self.captures.passed.items():
            self.crawler.stats.inc_value("newscrawl/records", number)
            self._count_passed(reason, number)
        for damaged in self.captures.damaged:
            self.crawler.stats.inc_value("newscrawl/records")
            self._count_damaged(str(damaged))

    def _count_passed(self, reason: str, number: int = 1) -> None:
        self.passed[reason] += number
        self.crawler.stats.inc_value("newscrawl/not_news", number)

    def _count_damaged(self, sentence: str) -> None:
        self.crawler.stats.inc_value("newscrawl/damaged")
        self.damaged.append(sentence)
        self.logger.warning("%s", sentence)


def _site_and_scope(urls: Sequence[str | None]) -> tuple[Site, str]:
    """Return the site that addresses are on, and its ledger; that of live crawls of a single other host, if it is one.

    Without any that tells more, the first site there is.
    """
    known = [url for url in urls if url]
    for url in known:
        for site in SITES.values():
            if host_of(url) in site.hosts:
                return site, scope_of(site)
    site = next(iter(SITES.values()))
    hosts = {host_of(url) for url in known}
    return site, scope_of(site, known[0] if len(hosts) == 1 else None)


def _megabytes(some: int, all_of_it: int) -> str:
    return f"{some / 1e6:,.1f} of {all_of_it / 1e6:,.1f}"
