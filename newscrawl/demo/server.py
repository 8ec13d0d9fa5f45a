"""The demo edition on loopback, inside the crawl that reads it.

The crawl asks for ``DEMO_URL``, and the server stands where an HTTP proxy for that address would stand: so every
address in the output is the same on every run, although the port is whichever is free.
"""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.reactor import listen_tcp
from twisted.internet.defer import maybeDeferred
from twisted.web import http
from twisted.web.resource import Resource
from twisted.web.server import Site

from newscrawl.demo import DEMO_URL
from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.pages import Edition

if TYPE_CHECKING:
    from twisted.internet.tcp import Port

logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
_HOST = urlsplit(DEMO_URL).hostname


def now() -> datetime:
    """Return the present moment in whole seconds, as a ``Date`` header has them."""
    return datetime.now(UTC).replace(microsecond=0)


def listen(edition: Edition, port: int, clock: Callable[[], datetime] = now) -> "Port":
    """Serve *edition* on loopback, each page by *clock* (aware); *port* 0 takes a free one.

    Raises: ``twisted.internet.error.CannotListenError`` when *port* is taken.
    """
    site = _QuietSite(_EditionResource(edition, clock))  # type: ignore[no-untyped-call]
    return listen_tcp([port], LOOPBACK, site)  # type: ignore[arg-type]


def address(port: "Port") -> str:
    """Return the URL of what listens on *port*, without a slash at its end."""
    return f"http://{LOOPBACK}:{port.getHost().port}"  # type: ignore[no-untyped-call]


class ServeDemo:
    """Serves the demo edition while a spider crawls the site ``demo``, and leads its requests there.

    Its order must be before that of Scrapy's ``HttpProxyMiddleware``, which keeps a proxy that a request already has.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._port: Port | None = None
        crawler.signals.connect(self.open, signals.spider_opened)
        crawler.signals.connect(self.close, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Raise NotConfigured for a spider of any other site, or of none, or one that asks for nothing."""
        spider: Any = crawler.spider
        if getattr(getattr(spider, "site", None), "name", None) != "demo" or getattr(spider, "is_archive", False):
            raise NotConfigured
        return cls(crawler)

    def open(self) -> None:
        """Listen on a free port; pages stand still at the spider's ``crawled_at`` if it has one."""
        fixed: datetime | None = getattr(self.crawler.spider, "crawled_at", None)
        clock = now if fixed is None else lambda: fixed.replace(microsecond=0)
        self._port = listen(Edition(Newsroom.shipped()), 0, clock)
        logger.info("demo edition: %s is served on %s", DEMO_URL, address(self._port))

    async def close(self) -> None:
        """Listen no more."""
        if self._port is not None:
            await maybe_deferred_to_future(maybeDeferred(self._port.stopListening))

    def process_request(self, request: Request) -> None:
        """Send a request for the demo's host to the server, and leave every other as it is."""
        if self._port is not None and urlparse_cached(request).hostname == _HOST:
            request.meta["proxy"] = address(self._port)


class _EditionResource(Resource):
    isLeaf = True  # noqa: N815 - the name that Twisted looks for

    def __init__(self, edition: Edition, clock: Callable[[], datetime]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._edition = edition
        self._clock = clock

    def render_GET(self, request: http.Request) -> bytes:  # noqa: N802 - likewise
        at = self._clock()
        # a proxy is asked for a whole address, any other server for a path
        target = re.sub(r"^https?://[^/?]*", "", request.uri.decode("ascii", "replace"))
        answer = self._edition.answer(target or "/", at)
        request.setResponseCode(answer.status)
        for name, value in (
            ("Date", format_datetime(at.astimezone(UTC), usegmt=True)),
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(answer.body))),
        ):
            request.responseHeaders.setRawHeaders(name, [value])
        return answer.body

    def render_HEAD(self, request: http.Request) -> bytes:  # noqa: N802 - likewise
        self.render_GET(request)
        return b""


class _QuietSite(Site):
    noisy = False  # no line when it starts and stops

    def log(self, request: http.Request) -> None:
        """Write no access log: without a file of its own it would go to the log of the crawl."""
