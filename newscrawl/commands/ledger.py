"""`scrapy ledger`: what is known of stories; `scrapy ledger rebuild`: that, made anew from the files of all runs."""

import argparse
import logging
import os
import sys
from pathlib import Path
from typing import Any, ClassVar

from rich.box import ROUNDED
from rich.console import Console
from rich.filesize import decimal
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn
from rich.table import Table
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.spiderloader import get_spider_loader

from newscrawl.ledger.overview import Overview, overviews, size
from newscrawl.ledger.rebuild import RebuildError, Watcher, rebuild
from newscrawl.ledger.runs import RunRecord
from newscrawl.ledger.store import LedgerError, Store
from newscrawl.output import Mark, RunFiles
from newscrawl.timing.calendar import AMSTERDAM

EXIT_FAILED = 1
RUNS = 10  # of each ledger that are shown
PLAIN = 160  # columns where no terminal says how many it has; lines are cut nowhere


class Command(ScrapyCommand):
    """Shows what the ledger knows, or makes it anew; exits with 1 where that is not possible."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """Return what may follow the command's name."""
        return "[rebuild]"

    def short_desc(self) -> str:
        """Return what the list of commands says."""
        return "Show what the ledger knows of stories, or make it anew from the files of all runs"

    def long_desc(self) -> str:
        """Return what `--help` says."""
        return (
            "Shows for each ledger its stories, lines, sightings, pending articles and last runs. `rebuild` makes the "
            "ledger in the output folder anew from the files of all runs; the old one stays until the new one is whole."
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:  # noqa: ARG002 - as Scrapy calls it
        """Do what is asked for."""
        assert self.settings is not None  # set by Scrapy
        if args not in ([], ["rebuild"]):
            raise UsageError(f"nothing or `rebuild` is wanted, not {' '.join(args)!r}")
        logging.basicConfig(format="%(message)s", level=logging.WARNING, stream=sys.stderr)
        folder = Path(self.settings["NEWSCRAWL_OUTPUT_DIR"]).absolute()
        url = self.settings["NEWSCRAWL_LEDGER"]
        try:
            if args:
                self._rebuild(folder, url)
            else:
                self._show(folder, url)
        except (RebuildError, LedgerError, OSError) as error:
            print(f"scrapy ledger: {error}", file=sys.stderr)
            self.exitcode = EXIT_FAILED

    def _show(self, folder: Path, url: str) -> None:
        if not Store.is_there(url, folder):
            where = "in the database that NEWSCRAWL_LEDGER names" if url else f"in {folder}"
            print(f"There is no ledger {where} yet; the first crawl makes one.")
            return
        store = Store(url, folder)
        try:
            known, taken = overviews(store, RUNS), size(store)
        finally:
            store.close()
        console = Console(width=None if sys.stdout.isatty() else PLAIN, highlight=False)
        console.print(f"ledger {escape(store.name)}", soft_wrap=True)
        if taken is not None:
            stories = sum(ledger.stories + ledger.mentioned for ledger in known)
            each = f", {taken / stories:,.0f} bytes a story" if stories else ""
            console.print(f"{decimal(taken)} on disk{each}", soft_wrap=True)
        for ledger in known:
            console.print()
            console.print(_knowledge(ledger))
            if ledger.runs:
                console.print(_last_runs(ledger, folder))

    def _rebuild(self, folder: Path, url: str) -> None:
        assert self.settings is not None  # set by Scrapy
        loader = get_spider_loader(self.settings)
        sections = {name: getattr(loader.load(name), "section", None) for name in loader.list()}
        progress = Progress(
            "reading", BarColumn(), DownloadColumn(), TimeRemainingColumn(),
            console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty(),
        )  # fmt: skip
        with progress:
            task = progress.add_task("", total=None)
            made = rebuild(
                folder,
                url,
                {name: section for name, section in sections.items() if section},
                Watcher(
                    tell=lambda line: progress.console.print(line, markup=False, highlight=False, soft_wrap=True),
                    begin=lambda total: progress.update(task, total=total),
                    advance=lambda read: progress.advance(task, read),
                ),
            )
        lines = made.lines + made.sightings
        print(
            f"ledger {made.ledger}: {made.stories:,} stories from {made.lines:,} lines and {made.sightings:,} "
            f"sightings of {made.runs:,} runs, {made.pending:,} articles pending; {made.damaged:,} damaged; "
            f"{made.seconds:,.1f} s, {lines / max(made.seconds, 0.001):,.0f} lines/s"
        )


def _knowledge(ledger: Overview) -> Table:
    table = _table(show_header=False, title=ledger.name)
    table.add_row("stories", f"{ledger.stories:,}, and {ledger.mentioned:,} that were only mentioned")
    for kind, lines in ledger.lines.items():
        table.add_row(f"{kind}s", f"{lines.stories:,}, {lines.revised:,} of them revised")
    table.add_row("sightings", f"{ledger.sightings:,}")
    table.add_row("pending", f"{ledger.pending:,} articles, {ledger.given_up:,} given up")
    return table


def _last_runs(ledger: Overview, folder: Path) -> Table:
    table = _table("start (Dutch time)", "spider", "verdict", "written", "revised", "pending", title="last runs")
    for column in table.columns[3:]:
        column.justify = "right"
    for run in ledger.runs:
        counts = run.progress.get("counts") or {}
        table.add_row(
            f"{run.started_at.astimezone(AMSTERDAM):%Y-%m-%d %H:%M:%S}",
            run.spider,
            _end_of(run, folder),
            *(str(counts.get(name, "")) for name in ("written", "revised", "pending")),
        )
    return table


def _end_of(run: RunRecord, folder: Path) -> str:
    """Return a run's verdict, or what became of it without one, as far as that can be told from this folder."""
    if run.finished_at is not None:
        return run.verdict or "not known"
    report = RunFiles(folder, run.spider, run.name).report
    mark = Mark.take_over(report)
    if mark is not None:
        mark.leave()
        return "killed"
    return "goes on" if os.path.lexists(f"{report}.part") else "goes on or killed, elsewhere"


def _table(*columns: str, title: str, show_header: bool = True) -> Table:
    box = ROUNDED if sys.stdout.isatty() else None
    return Table(*columns, title=escape(title), title_justify="left", show_header=show_header, box=box)
