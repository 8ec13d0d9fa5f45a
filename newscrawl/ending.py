"""How a run ends before it is done."""

from scrapy.crawler import Crawler
from scrapy.utils.defer import deferred_from_coro

OUTPUT_FAILED = "output_failed"  # the closing reason of a run whose files or ledger cannot be written
ALREADY_RUNNING = "already_running"  # that of one that another run leaves nothing to do


def is_ending(crawler: Crawler) -> bool:
    """Return whether a run is being closed: by a signal, by an extension, or since the site asked for it."""
    slot = getattr(crawler.engine, "_slot", None)  # there is no public word for it, nor a signal
    return not crawler.crawling or getattr(slot, "closing", None) is not None


def note_failure(crawler: Crawler, error: Exception) -> None:
    """Count and tell that nothing can be recorded any more; the run is a failed one."""
    if not crawler.stats.get_value("newscrawl/output_error"):
        crawler.stats.set_value("newscrawl/output_error", str(error))
        crawler.spider.logger.error("output cannot be written: %s", error)  # type: ignore[union-attr]


def end_failed(crawler: Crawler, error: Exception) -> None:
    """End a run that cannot record what it reads."""
    note_failure(crawler, error)
    if not is_ending(crawler):
        deferred_from_coro(crawler.engine.close_spider_async(reason=OUTPUT_FAILED))
