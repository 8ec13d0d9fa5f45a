"""A server that says when to come back is believed."""

import asyncio
import logging
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro

from newscrawl.ending import is_ending
from newscrawl.middlewares.ask_nothing_more import RunEnding

logger = logging.getLogger(__name__)

BUSY = frozenset({429, 503})
MAX_WAITS = 5  # for one page
ASKED_TO_WAIT = "asked_to_wait"  # the closing reason
WAITED = "newscrawl_waited"


class AskedToWait(IgnoreRequest):
    """The site wants to be left alone for longer than a run can wait."""


class HonourRetryAfter:
    """Waits as long as `Retry-After` says, then asks for the same page again; nothing else is asked for meanwhile.

    A wait beyond NEWSCRAWL_MAX_WAIT seconds ends the run: the site wants to be left alone.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.longest = crawler.settings.getfloat("NEWSCRAWL_MAX_WAIT")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the response, or after the wait the request that is to be made again.

        Raises: AskedToWait for a wait that is too long, RunEnding for one that the end of the run breaks off.
        """
        value = (response.headers.get("Retry-After") or b"").decode("latin-1")
        waits = request.meta.get(WAITED, 0)
        seconds = seconds_to_wait(value, datetime.now(UTC)) if response.status in BUSY else None
        if seconds is None or waits >= MAX_WAITS:
            return response
        if seconds > self.longest:
            logger.warning(
                "%s answered %d and asks to wait %.0f s; the run ends", request.url, response.status, seconds
            )
            self.crawler.stats.set_value("newscrawl/wait_asked_for", seconds)
            deferred_from_coro(self.crawler.engine.close_spider_async(reason=ASKED_TO_WAIT))
            raise AskedToWait(f"the site answered {response.status} and asks to wait {seconds:.0f} s")
        if not is_ending(self.crawler):
            self.crawler.stats.inc_value("newscrawl/waits")
            logger.info("%s answered %d; waiting %.0f s, as it asks", request.url, response.status, seconds)
        while seconds > 0 and not is_ending(self.crawler):  # a run that is stopped does not sit out its wait
            await asyncio.sleep(min(seconds, 0.5))
            seconds -= 0.5
        if is_ending(self.crawler):
            raise RunEnding(f"the run is ending, and does not wait for {request.url}")
        return request.replace(meta={**request.meta, WAITED: waits + 1}, dont_filter=True)


def seconds_to_wait(value: str, now: datetime) -> float | None:
    """Return the seconds that a `Retry-After` header asks for, as a number or as a date; None for neither.

    Source: RFC 9110, section 10.2.3.
    """
    value = value.strip()
    if value.isascii() and value.isdigit() and len(value) <= 9:
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return max((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now.timestamp(), 0.0)
