"""What spiders share that read pages of one site, wherever these come from: where they write, and what they count."""

import logging
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.crawler import Crawler

from newscrawl.batch import FeedClaim
from newscrawl.characters import printable
from newscrawl.extraction import Extract
from newscrawl.ledger.identity import Names
from newscrawl.output import RunFiles
from newscrawl.reading import PageError
from newscrawl.reading.feed import FeedEntry, FeedError, read_feed
from newscrawl.recording import Recording, RecordingError
from newscrawl.sites import Site
from newscrawl.spiders.arguments import FROM_SCRAPYD, Argument, read_arguments
from newscrawl.timing.claims import DistrustedClaim, resolve_claim
from newscrawl.timing.evidence import Evidence
from newscrawl.urls import absolute_url, canonical_url


class ReadingSpider(Spider):
    """Reads pages and feeds of one site, and records what they say. Subclasses say where these come from."""

    arguments: ClassVar[Mapping[str, Argument]]
    """What may be given with ``-a``."""
    files: RunFiles
    """Where this run writes."""
    recording: Recording
    """What this run writes and remembers."""
    needs_contact = True
    """Whether somebody else's server is asked, who may want to reach us."""
    is_archive: ClassVar[bool] = False
    """Whether pages come from an archive."""

    def __init__(self, given: Mapping[str, object], *, site: Site, scope: str, crawled_at: datetime | None) -> None:
        """Read pages of *site*; the other arguments are as given, the ledger's name and the clock to read by."""
        super().__init__(self.name)
        self.given = {name: printable(str(value)) for name, value in given.items() if name != FROM_SCRAPYD}
        self.job = str(given.get(FROM_SCRAPYD) or os.getpid())
        self.started_at = datetime.now(UTC)
        self.site, self.scope = site, scope
        self.crawled_at = crawled_at
        """The clock to read by; None for the moment at which each page arrives, or was stored."""
        self.not_news: list[str] = []
        """A sentence for each page that was no news page."""
        self.passed: Counter[str] = Counter()
        """Records of an archive that hold no page, by what they hold instead."""
        self.damaged: list[str] = []
        """A sentence for each record of an archive that is damaged."""
        self.first_failure: str | None = None
        self.reading_error: str | None = None
        """Why an archive could not be read to its end."""

    @classmethod
    def read_given(cls, given: Mapping[str, object]) -> dict[str, Any]:
        """Return the value of every argument. Raises: ArgumentError; see `newscrawl.spiders.arguments`."""
        return read_arguments(given, cls.arguments)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider, with what it writes to."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.files = RunFiles.of(crawler.settings["NEWSCRAWL_OUTPUT_DIR"], spider.name, spider.started_at, spider.job)
        spider.recording = Recording(
            files=spider.files,
            ledger_url=crawler.settings["NEWSCRAWL_LEDGER"],
            scope=spider.scope,
            started_at=spider.started_at,
        )
        return spider

    def now(self) -> datetime:
        """Return the moment by the clock that pages are read by."""
        return self.crawled_at or datetime.now(UTC)

    def count_pending(self) -> int:
        """Return how many articles this spider is still to fetch, as far as the ledger can be asked."""
        try:
            with self.recording.asking() as ledger:
                return ledger.count_pending(self.name, self.now())
        except RecordingError:
            return 0

    def claims(self, body: bytes, url: str, rendered: datetime) -> list[FeedClaim]:
        """Return what a feed says of the times of stories; none for what is no feed, which is counted and named.

        Args:
            body: the feed, as it came.
            url: its address.
            rendered: when it was made.
        """
        claims = []
        try:
            for entry in read_feed(body):
                evidence = self._evidence(entry, rendered, url)
                if evidence is not None:
                    claims += [FeedClaim(names, evidence, url, rendered) for names in self._names(entry, url)]
        except FeedError as error:
            self.crawler.stats.inc_value("newscrawl/feeds_unread")
            self.logger.warning("%s: %s", url, error)
        return claims

    def count_page(self, address: str, extract: Extract) -> None:
        """Count a page that was read, and tell what is odd about it; *address* tells people which it is."""
        stats = self.crawler.stats
        stats.inc_value("newscrawl/pages")
        stats.inc_value("newscrawl/pages_read")
        stats.inc_value("newscrawl/times_read", extract.times_read)
        stats.inc_value("newscrawl/times_unread", len(extract.unread))
        stats.inc_value("newscrawl/times_contradicted", extract.contradictions)
        if extract.repaired:
            stats.inc_value("newscrawl/texts_repaired", extract.repaired)
            self.logger.info("%d texts on %s were mojibake, and have been repaired", extract.repaired, address)
        for shown in extract.unread:
            self.logger.warning("unreadable time %r on %s", shown, address)
        for claim in extract.distrusted:
            self.distrust(claim, address)
        if extract.day_contradicted:
            stats.inc_value("newscrawl/days_contradicted")
            self.logger.warning(
                "%s shows %s as its day, but is read by the clock of another", address, extract.page.day
            )

    def count_no_news(self, address: str, error: PageError) -> None:
        """Count and name what is no news page."""
        self.crawler.stats.inc_value("newscrawl/pages")
        self.crawler.stats.inc_value("newscrawl/not_news")
        self.not_news.append(f"{address}: {error}")
        # In an archive anything may lie beside the news.
        self.logger.log(logging.INFO if self.is_archive else logging.WARNING, "%s: %s", address, error)

    def distrust(self, claim: DistrustedClaim, url: str) -> None:
        """Count and tell why a machine-readable time at *url* is left aside."""
        self.crawler.stats.inc_value("newscrawl/times_distrusted")
        self.crawler.stats.inc_value(f"newscrawl/times_distrusted/{claim.reason}")
        self.logger.warning("distrusted time on %s: %s", url, claim)

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
