"""For a person who watches: a live line while the run goes on, and a short table at its end. In a log, none of it."""

import sys
from datetime import datetime
from time import monotonic
from typing import Any, Self, TextIO

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.log import get_scrapy_root_handler

from newscrawl.batch import Batch
from newscrawl.extensions.run_report import RunReport, times_in_words
from newscrawl.extensions.verdict import ArchiveCounts
from newscrawl.items import Story
from newscrawl.timing.calendar import AMSTERDAM

NEWEST = 8  # stories in the closing table


class ShowProgress:
    """Shows pages, stories and speed on a terminal."""

    def __init__(self, crawler: Crawler, console: Console) -> None:
        self.crawler, self.console = crawler, console
        self.began = monotonic()
        self.stories: dict[str, Story] = {}
        self.spinner = Spinner("dots")
        self.live: Live | None = None
        self.log_stream: TextIO | None = None
        crawler.signals.connect(self.opened, signals.spider_opened)
        crawler.signals.connect(self.scraped, signals.item_scraped)
        crawler.signals.connect(self.closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension where a person watches: on a terminal that the log does not leave for a file."""
        if not sys.stderr.isatty() or crawler.settings["LOG_FILE"] or not hasattr(crawler.spider, "recording"):
            raise NotConfigured
        return cls(crawler, Console(stderr=True))

    def opened(self) -> None:
        """Begin the live line; log lines from now on go above it."""
        self.live = Live(get_renderable=self.line, console=self.console, transient=True, refresh_per_second=8)
        self.live.start()
        handler: Any = get_scrapy_root_handler()
        if hasattr(handler, "setStream"):
            self.log_stream = handler.setStream(sys.stderr)  # which the live line has replaced by its own

    def scraped(self, item: Any) -> None:
        """Remember the newest stories."""
        if isinstance(item, Batch):
            self.stories |= {story.story_id or "": story for story in item.stories}
            if len(self.stories) > 100 * NEWEST:
                self.stories = {story.story_id or "": story for story in self.newest()}

    def closed(self) -> None:
        """End the live line and show what was found."""
        if self.live is not None:
            self.live.stop()
        handler: Any = get_scrapy_root_handler()
        if self.log_stream is not None:
            handler.setStream(self.log_stream)
        report: RunReport | None = getattr(self.crawler.spider, "report", None)
        if self.stories:
            self.console.print(self.newest_table())
        if report is not None:
            spider: Any = self.crawler.spider
            speed = spider.speed_in_words() if spider.is_archive else None
            self.console.print(summary_table(report, str(spider.files.folder), speed))

    def line(self) -> Spinner:
        """Return the live line."""
        spider: Any = self.crawler.spider
        if spider.is_archive:
            self.spinner.update(text=Text(spider.progress_in_words()))
            return self.spinner
        stats = self.crawler.stats
        pages = stats.get_value("newscrawl/pages", 0)
        seen = stats.get_value("newscrawl/leads", 0) + stats.get_value("newscrawl/briefs", 0)
        new = stats.get_value("newscrawl/written", 0)
        speed = pages / max(monotonic() - self.began, 0.001)
        self.spinner.update(text=Text(f"{pages} pages, {seen} stories seen, {new} new, {speed:.1f} pages/s"))
        return self.spinner

    def newest(self) -> list[Story]:
        """Return the stories published last, the newest first."""
        dated = [story for story in self.stories.values() if story.published_at is not None]
        return sorted(dated, key=lambda story: (story.published_at, story.story_id), reverse=True)[:NEWEST]

    def newest_table(self) -> Table:
        """Return the newest stories as a table."""
        table = Table("published", "place", "agencies", "headline", title="Newest stories", title_justify="left")
        for story in self.newest():
            assert story.published_earliest and story.published_latest  # those without a time are not the newest
            table.add_row(
                period(story.published_earliest, story.published_latest),
                Text(story.place or ""),
                Text(", ".join(story.agencies)),
                Text(story.headline or story.text[:60]),
            )
        return table


def period(earliest: datetime, latest: datetime) -> str:
    """Return an interval as people in the Netherlands would note it down, in their time.

    >>> from datetime import UTC, timedelta
    >>> nine = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    >>> [period(nine, nine + timedelta(hours=hours)) for hours in (0, 1, 24)]
    ['24-11 09:00', '24-11 09:00 to 10:00', '24-11 09:00 to 25-11 09:00']
    """
    begin, end = (f"{moment.astimezone(AMSTERDAM):%d-%m %H:%M}" for moment in (earliest, latest))
    if begin == end:
        return begin
    day, clock = end.split(" ")
    return f"{begin} to {clock if begin.startswith(day) else end}"


def summary_table(report: RunReport, folder: str, speed: str | None = None) -> Table:
    """Return what a run found and where it was written; *speed* says how fast an archive was read."""
    counts = report.counts
    table = Table(show_header=False, title=f"{report.spider}: {report.verdict}", title_justify="left")
    if isinstance(counts, ArchiveCounts):
        table.add_row("records", f"{counts.records} looked at, {counts.not_news} no news, {counts.damaged} damaged")
        table.add_row("speed", speed)
    else:
        table.add_row("pages", f"{counts.pages} read of {counts.requests} asked for, {counts.failed_requests} failed")
    table.add_row("stories", f"{counts.leads} leads and {counts.briefs} briefs seen, {counts.written} lines written")
    table.add_row("sightings", str(counts.sightings))
    table.add_row("times", f"{counts.times_read} read, {counts.times_unread} not understood")
    table.add_row("dated", times_in_words(report.times))
    for name, path in report.files.items():
        table.add_row(name, Text(f"{folder}/{path}", overflow="fold"))
    for sentence in report.reasons:
        table.add_row("why", Text(sentence))
    return table
