"""The run report: what a run did, whether it can be relied on, and where its files are."""

import logging
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, Self

import lxml.etree
import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newscrawl.extensions.verdict import ArchiveCounts, Counts, Oddities, Run, Verdict, judge
from newscrawl.output import dumps
from newscrawl.recording import RecordingError
from newscrawl.timing.claims import DISTRUST
from newscrawl.timing.evidence import SOURCES
from newscrawl.timing.interval import PRECISIONS
from newscrawl.version import VERSION

logger = logging.getLogger(__name__)

VERDICT = "newscrawl/verdict"  # the statistic that the exit code follows


@dataclass(slots=True, kw_only=True)
class RunReport:
    """One run."""

    verdict: Verdict
    reasons: list[str]
    """Sentences that say why, and what else was odd."""
    spider: str
    site: str
    arguments: dict[str, str]
    """As given."""
    started_at: datetime
    finished_at: datetime
    versions: dict[str, str]
    files: dict[str, str]
    """Files with at least one line, relative to the output folder."""
    counts: Counts
    times: dict[str, dict[str, int] | int]
    """Lines of stories by the source of their time and its width, the surest source first; `none` is a mere number."""


class WriteRunReport:
    """Judges a run when it ends, writes its report, and says so in one line."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.item_errors = 0
        spider: Any = crawler.spider
        self.about = {
            "spider": spider.name,
            "site": spider.site.name,
            "arguments": spider.given,
            "started_at": spider.started_at,
            "versions": {
                "newscrawl": VERSION,
                "scrapy": scrapy.__version__,
                "lxml": lxml.etree.__version__,
                "python": platform.python_version(),
            },
        }
        spider.recording.about, spider.recording.progress = self.about, self.progress
        crawler.signals.connect(self.count_error, signals.item_error)
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension, for a spider that writes files."""
        if not hasattr(crawler.spider, "recording"):
            raise NotConfigured
        return cls(crawler)

    def count_error(self) -> None:
        """Count an exception in a pipeline."""
        self.item_errors += 1

    def opened(self) -> None:
        """Give the hint that an operator without a contact needs."""
        spider: Any = self.crawler.spider
        if spider.needs_contact and not self.crawler.settings["NEWSCRAWL_CONTACT"]:
            logger.warning("set NEWSCRAWL_CONTACT to an address at which the site can reach you")

    def closed(self, reason: str) -> None:
        """Write the report. One that cannot be written makes the run a failed one."""
        spider: Any = self.crawler.spider
        if spider.recording.is_idle:
            return
        report = self.report(reason)
        try:
            progress = {"counts": asdict(report.counts), "times": report.times}
            spider.recording.conclude(report.verdict, report.finished_at, dumps(report, indent=True), progress)
        except RecordingError as error:
            report.verdict = "failed"
            report.reasons.insert(0, f"the run report could not be written: {error}.")
        self.crawler.stats.set_value(VERDICT, report.verdict)
        spider.report = report
        counts = report.counts
        logger.info(
            "%s %s: %d pages, %d leads, %d briefs, %d stories written, %d known, %d sightings, %d of %d times read",
            report.spider, report.verdict, counts.pages, counts.leads, counts.briefs, counts.written, counts.known,
            counts.sightings, counts.times_read, counts.times_read + counts.times_unread,
        )  # fmt: skip
        logger.info("%s times of the stories written: %s", report.spider, times_in_words(report.times))
        level = {"ok": logging.INFO, "degraded": logging.WARNING, "failed": logging.ERROR}[report.verdict]
        told = self.crawler.stats.get_value("newscrawl/output_error")
        for sentence in report.reasons:
            logger.log(logging.INFO if told and told in sentence else level, "%s", sentence)

    def report(self, reason: str) -> RunReport:
        """Return the report of a run that ended for *reason*."""
        spider: Any = self.crawler.spider
        stats, settings = self.crawler.stats, self.crawler.settings
        counts = replace(self.counts(), pending=spider.count_pending())
        verdict, reasons = judge(
            Run(
                counts=counts,
                oddities=Oddities(
                    **{field.name: stats.get_value(f"newscrawl/{field.name}", 0) for field in fields(Oddities)}
                ),
                finish_reason=reason,
                start_url=spider.start_url,
                first_failure=spider.first_failure,
                not_news_pages=spider.not_news,
                passed=spider.passed,
                damaged=spider.damaged,
                reading_error=spider.reading_error,
                distrusted={
                    doubt: number
                    for doubt in DISTRUST
                    if (number := stats.get_value(f"newscrawl/times_distrusted/{doubt}", 0))
                },
                exceptions=stats.get_value("spider_exceptions/count", 0) + self.item_errors,
                output_error=stats.get_value("newscrawl/output_error"),
                max_failed_share=settings.getfloat("NEWSCRAWL_MAX_FAILED_SHARE"),
                max_unread_share=settings.getfloat("NEWSCRAWL_MAX_UNREAD_SHARE"),
            )
        )
        return RunReport(
            verdict=verdict,
            reasons=reasons,
            finished_at=datetime.now(UTC),
            files=spider.files.written,
            counts=counts,
            times=_times(stats.get_stats()),
            **self.about,
        )

    def counts(self) -> Counts:
        """Return what the run has done so far, in numbers, but for what is pending: only the ledger knows that."""
        get = self.crawler.stats.get_value
        spider: Any = self.crawler.spider
        kind = ArchiveCounts if spider.is_archive else Counts
        return kind(**{field.name: get(f"newscrawl/{field.name}", 0) for field in fields(kind)})

    def progress(self) -> dict[str, Any]:
        """Return what the report will say, as far as it grows while the run goes on."""
        return {"counts": asdict(self.counts()), "times": _times(self.crawler.stats.get_stats())}


def _times(stats: Mapping[str, Any]) -> dict[str, dict[str, int] | int]:
    times: dict[str, dict[str, int] | int] = {
        source: {
            width: number for width in PRECISIONS if (number := stats.get(f"newscrawl/times_from/{source}/{width}"))
        }
        for source in SOURCES
    }
    return times | {"none": stats.get("newscrawl/times_from/none", 0)}


def times_in_words(times: Mapping[str, Mapping[str, int] | int]) -> str:
    """Return where times came from and how wide they are, on one line.

    >>> times_in_words({"metadata": {"second": 4}, "feed": {}, "relative": {"hour": 61, "day": 4}, "none": 2})
    '4 from metadata (4 second), 65 from relative (61 hour, 4 day), 2 without'
    """
    told = []
    for source, widths in times.items():
        if isinstance(widths, int):
            told.append(f"{widths} without")
        elif widths:
            wide = ", ".join(f"{number} {width}" for width, number in widths.items())
            told.append(f"{sum(widths.values())} from {source} ({wide})")
    return ", ".join(told)
