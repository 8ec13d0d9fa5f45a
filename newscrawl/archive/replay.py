"""What the records of an archive say, each by itself, so that many processes can share the work."""

import os
import re
import signal
import threading
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing import get_context, parent_process

from newscrawl.archive.captures import Found
from newscrawl.archive.catalogue import read
from newscrawl.archive.records import REDIRECTS, DamagedRecord, Record
from newscrawl.extraction import Extract, extract_page, site_named
from newscrawl.reading import PageError
from newscrawl.timing.rendering import rendered_at
from newscrawl.urls import absolute_url

_BEGINNING = 1 << 12  # bytes within which the first tag is looked for
_FIRST_TAG = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*>)*+<(?:[\w-]+:)?([\w-]+)", re.DOTALL | re.IGNORECASE
)
_FEEDS = {b"rss", b"feed", b"rdf", b"urlset", b"sitemapindex"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How records are read."""

    site: str
    """Name of the site that they are pages of."""
    spider: str
    url: str | None = None
    """Address of the one page there is, where its file does not tell it."""
    crawled_at: datetime | None = None
    """Clock to read all pages by, instead of the moments at which they were captured."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a record: one of the fields says it."""

    found: Found
    url: str | None
    captured_at: datetime | None = None
    extract: Extract | None = None
    feed: bytes | None = None
    """A feed, as it came."""
    rendered_at: datetime | None = None
    """When the feed was made."""
    moved_to: str | None = None
    """Where a redirect leads; empty where that is nowhere."""
    no_news: str | None = None
    """Why it is no news page."""
    damaged: str | None = None
    """Why it cannot be read."""

    @property
    def is_list(self) -> bool:
        """Whether it is an index page or a feed."""
        if self.feed is not None or self.extract is None:
            return self.feed is not None
        return self.extract.page.lead is None if self.found.part is None else self.found.part != "article"

    @property
    def address(self) -> str:
        """Which record it is, to people."""
        return f"{self.url} in {self.found.place}" if self.url else str(self.found.place)


def replay(records: Sequence[Found], how: Reading) -> list[Outcome]:
    """Return what came of some records, in their order."""
    return [_outcome(found, how) for found in records]


def _outcome(found: Found, how: Reading) -> Outcome:
    try:
        record = read(found.place, how.crawled_at)
    except DamagedRecord as error:
        return Outcome(found, None, damaged=str(error))
    url = record.url or how.url
    captured_at = how.crawled_at or record.captured_at
    outcome = Outcome(found, url, captured_at)
    if record.status in REDIRECTS:
        return replace(outcome, moved_to=absolute_url(record.headers.get("Location"), url) or "")
    if _is_feed(record) if found.part is None else found.part == "feed":
        return replace(outcome, feed=record.body, rendered_at=rendered_at(captured_at, record.headers))
    try:
        extract = extract_page(
            record.body,
            url=url,
            crawled_at=captured_at,
            content_type=record.content_type or "text/html",
            headers=record.headers,
            site=site_named(how.site),
            spider=how.spider,
        )
    except PageError as error:
        return replace(outcome, no_news=str(error))
    return replace(outcome, extract=extract)


def _is_feed(record: Record) -> bool:
    """Return whether it is one by its first tag; and if that tells nothing, by its content type, which may be wrong."""
    kind = record.content_type.partition(";")[0].strip().casefold()
    first = _FIRST_TAG.match(record.body[:_BEGINNING])
    name = first[1].lower() if first and kind != "text/plain" else b""
    return name in _FEEDS or (name != b"html" and kind.endswith(("/xml", "+xml")) and "xhtml" not in kind)


# --- Processes --------------------------------------------------------------------------------------------------------


def readers(workers: int) -> Executor:
    """Return what reads records: processes of their own, or for one worker a thread of this one."""
    if workers == 1:
        return ThreadPoolExecutor(1, thread_name_prefix="archive")
    # Not forked: a copy of a process with a reactor and a locked ledger has both.
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin_reader)


def _begin_reader() -> None:
    """Leave Ctrl-C to the run, which ends its readers; and do not outlive it, however it dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None  # a reader is never the first process
    parent.join()
    os._exit(1)
