"""`scrapy crawl`, with arguments that are checked first and an exit code that follows the verdict."""

import argparse
import sys
from typing import Any

from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES
from scrapy.spiderloader import get_spider_loader

from newscrawl.extensions.run_report import VERDICT
from newscrawl.spiders.arguments import ArgumentError

EXIT_FAILED = 1
EXIT_WRONG_ARGUMENT = 2


class Command(CrawlCommand):
    """Runs a spider; exits with 0 for the verdicts ok and degraded, 1 for failed, 2 for a wrong argument."""

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check spider and arguments before anything is started, and say what is wrong in one line."""
        super().process_options(args, opts)
        assert self.settings is not None  # set by Scrapy
        if len(args) == 1:
            try:
                self._check(args[0], opts.spargs)
            except ArgumentError as error:
                print(f"scrapy crawl: {error}", file=sys.stderr)
                sys.exit(EXIT_WRONG_ARGUMENT)
        as_shipped = (self.settings.getpriority("LOG_LEVEL") or 0) <= SETTINGS_PRIORITIES["project"]
        if sys.stderr.isatty() and as_shipped and not self.settings["LOG_FILE"]:
            # A person watches: the live line and the closing table tell what the log's INFO lines tell a machine.
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the spider, and set the exit code by the verdict."""
        if len(args) != 1:
            raise UsageError("one spider is wanted")
        assert self.crawler_process is not None  # set by Scrapy
        crawler = self._create_crawler(args[0])
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        verdict = crawler.stats.get_value(VERDICT) if crawler.spider else None
        ours = hasattr(crawler.spidercls, "arguments")
        if self.crawler_process.bootstrap_failed or (ours and verdict not in ("ok", "degraded")):
            self.exitcode = EXIT_FAILED

    def _check(self, name: str, given: dict[str, str]) -> None:
        assert self.settings is not None  # set by Scrapy
        loader = get_spider_loader(self.settings)
        if name not in loader.list():
            raise ArgumentError(f"spider: one of {', '.join(sorted(loader.list()))} is wanted, not {name!r}")
        spider: Any = loader.load(name)
        if hasattr(spider, "read_given"):
            spider.read_given(given)
        try:
            self.settings.getbool("NEWSCRAWL_ARCHIVE")
        except ValueError:
            raise ArgumentError(
                f"NEWSCRAWL_ARCHIVE: 1 or 0 is wanted, not {self.settings['NEWSCRAWL_ARCHIVE']!r}"
            ) from None
