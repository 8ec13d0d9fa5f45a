"""One run's files together with its part of the ledger, which never say different things.

The lines of a batch are appended and brought to disk; then the ledger commits, in one transaction, what it has learnt
and how long the files are. What a kill leaves behind that length was never told to anybody: the next run cuts it off,
gives the files their names, writes the report and goes on.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson

from newscrawl.archive.writing import Capture, WarcFile, finish_warc
from newscrawl.batch import Batch
from newscrawl.items import Sighting, Story
from newscrawl.ledger.draft import Draft
from newscrawl.ledger.ledger import Ledger
from newscrawl.ledger.runs import RunRecord, Runs, find_run, find_unfinished
from newscrawl.ledger.store import LedgerError, Store
from newscrawl.output import (
    FolderLock,
    LostLines,
    Mark,
    RunFiles,
    WholeLines,
    dumps,
    finish_lines,
    hidden_part_of,
    part_of,
    write_whole,
)

logger = logging.getLogger(__name__)


class RecordingError(Exception):
    """Files or a ledger that cannot be written; the message says which, why and what to do."""


class AlreadyRunning(RecordingError):
    """A spider that another run has at work in the same output folder."""


@dataclass(kw_only=True)
class Recording:
    """The files and the ledger of one run, from its first request to its report."""

    files: RunFiles
    ledger_url: str
    """Where the ledger is; empty for the SQLite file in the output folder."""
    scope: str
    """The ledger's name; see `newscrawl.ledger.scope`."""
    started_at: datetime
    read_at: datetime | None = None
    """The clock that pages are read by; None for that of the machine."""
    keeps_pages: bool = False
    """Whether the pages themselves are kept too."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the report that are known from the start; a run that is killed is reported with these."""
    progress: Callable[[], Mapping[str, Any]] = dict
    """Returns the fields of the report that grow; a run that is killed is reported with these as of its last batch."""

    def __post_init__(self) -> None:
        self.id = uuid4().hex
        self.mended = 0
        """Dead runs that this one has finished."""
        self.failure: str | None = None
        """Why nothing can be written any more."""
        self.is_idle = False
        """Whether this run has no part in anything, since another one is at work."""
        self._is_unsure = False
        """Whether the ledger alone knows what is committed."""
        self._ledger: Ledger | None = None
        self._lock: FolderLock | None = None
        self._mark: Mark | None = None
        self._stories: WholeLines | None = None
        self._sightings: WholeLines | None = None
        self._pages: WarcFile | None = None

    # --- From the first request to the last ---------------------------------------------------------------------------

    def open(self) -> None:
        """Finish what dead runs have left, and begin. Raises: AlreadyRunning, RecordingError."""
        try:
            self.files.folder.mkdir(parents=True, exist_ok=True)
            store = Store(self.ledger_url, self.files.folder)
        except (OSError, LedgerError) as error:
            raise self._failed(error) from error
        try:
            if not store.is_shared:
                self._lock = FolderLock(self.files.report.parent)
            for files in RunFiles.unfinished(self.files.folder):
                self.mended += mend(files, store)
            self._mark = Mark.make(
                self.files.report, {"run": self.id, "ledger": store.name, "about": {**self.about, **self.progress()}}
            )
            self._ledger = Ledger(store, self.scope)
            self._ledger.forget(self.read_at or self.started_at)
            self._ledger.runs.begin(
                RunRecord(
                    id=self.id,
                    spider=self.files.spider,
                    name=self.files.name,
                    started_at=self.started_at,
                    progress=self.progress(),
                )
            )
            self._stories, self._sightings = WholeLines(self.files.stories), WholeLines(self.files.sightings)
            if self.keeps_pages:
                self._pages = WarcFile(self.files.warc, self.files.spider, self.started_at)
        except BlockingIOError as error:
            store.close()
            self.is_idle = True
            raise AlreadyRunning(
                f"{self.files.spider} is at work in {self.files.folder} already; "
                "wait for it, or set NEWSCRAWL_OUTPUT_DIR to another folder"
            ) from error
        except (OSError, LedgerError) as error:
            if self._ledger is None:
                store.close()
            raise self._failed(error) from error

    @property
    def ledger(self) -> Ledger:
        """What is known of stories. Raises: RecordingError before it is open, and after it has failed."""
        if self._ledger is None or self.failure:
            raise RecordingError(self.failure or "the ledger is not open yet")
        return self._ledger

    @contextmanager
    def asking(self) -> Iterator[Ledger]:
        """Give the ledger, to be asked. Raises: RecordingError where it cannot answer."""
        ledger = self.ledger
        try:
            yield ledger
        except LedgerError as error:
            raise self._failed(error) from error

    def keep(self, capture: Capture) -> None:
        """Keep a response as it came, where pages are kept. Raises: RecordingError."""
        if self._pages is not None and not self.failure:
            try:
                self._pages.add(capture)
            except OSError as error:
                raise self._failed(error) from error

    def begin(self, batch: Batch) -> Draft:
        """Begin to record a batch. Raises: RecordingError."""
        try:
            return self.ledger.begin(batch)
        except LedgerError as error:
            raise self._failed(error) from error

    @property
    def draft(self) -> Draft:
        """The batch that was begun. Raises: RecordingError where there is none."""
        draft = self.ledger.draft
        if draft is None:
            raise RecordingError("no batch has begun")
        return draft

    def discard(self) -> None:
        """Forget the batch that was begun, if there is one."""
        if self._ledger is not None:
            self._ledger.discard()

    def commit(self, stories: Iterable[Story], sightings: Iterable[Sighting]) -> None:
        """Write the lines of the batch that was begun, and commit them with all that it has taught.

        Raises: RecordingError. Then the batch has never been, and nothing more can be recorded; unless it is the
        ledger that failed, and cannot say whether it has committed: then the next run finds out.
        """
        ledger = self.ledger
        assert self._stories is not None and self._sightings is not None  # open
        try:
            lengths = self._stories.append(stories), self._sightings.append(sightings)
        except OSError as error:
            self.discard()
            self._cut()
            raise self._failed(error) from error
        try:
            ledger.commit(*lengths, self.progress())
        except LedgerError as error:
            self._is_unsure = True
            raise self._failed(error) from error
        except BaseException:
            self._cut()
            raise
        self._stories.keep(lengths[0])
        self._sightings.keep(lengths[1])

    # --- The end ------------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Give the files their names. Raises: RecordingError; then the next run will."""
        if self._ledger is None or self._stories is None or self._sightings is None:
            return
        self.discard()
        for lines in (self._stories, self._sightings):
            lines.close()
        lengths = self._stories.length, self._sightings.length
        if self._is_unsure:
            return
        try:
            self._ledger.runs.close(*lengths, self.progress())
            finish_lines(self.files.stories, lengths[0])
            finish_lines(self.files.sightings, lengths[1])
            if self._pages is not None:
                self._pages.close()
                finish_warc(self.files.warc)
        except (OSError, LedgerError) as error:
            self._is_unsure = True
            raise self._failed(error) from error

    def conclude(self, verdict: str, finished_at: datetime, report: bytes, progress: Mapping[str, Any]) -> None:
        """Write the report and be done; *progress* are the fields of it that grew. Raises: RecordingError."""
        if self.is_idle:
            return
        try:
            write_whole(self.files.report, report)
            if self._ledger is not None and not self._is_unsure:
                self._ledger.runs.finish(self.id, finished_at, verdict, progress)
                if self._mark is not None:
                    self._mark.remove()
                    self._mark = None
        except (OSError, LedgerError) as error:
            raise self._failed(error) from error
        finally:
            self._leave()

    def _leave(self) -> None:
        if self._mark is not None:
            self._mark.leave()
        if self._lock is not None:
            self._lock.release()
        if self._ledger is not None:
            self._ledger.store.close()

    def _cut(self) -> None:
        assert self._stories is not None and self._sightings is not None  # open
        with suppress(OSError):  # what stays behind the committed length, the next run cuts off
            self._stories.cut()
            self._sightings.cut()

    def _failed(self, error: OSError | LedgerError) -> RecordingError:
        if isinstance(error, LedgerError) and error.is_damaged:
            advice = "move it away and run `scrapy ledger rebuild`"
        elif isinstance(error, LedgerError):
            advice = "see that it can be reached and written and has room, or set NEWSCRAWL_LEDGER to another one"
        else:
            advice = "make room or set NEWSCRAWL_OUTPUT_DIR to another folder"
        self.failure = self.failure or f"{error}; {advice}"
        return RecordingError(self.failure)


FINISHED = "A later run has finished its files."
KILLED = f"The run was killed before it was done. {FINISHED}"


def mend(files: RunFiles, store: Store) -> bool:
    """Finish what a run has left that died. Return whether there was anything to do: not while it lives.

    Its files are cut back to what *store* has committed of them. Where that is another ledger than the one it wrote to,
    it is left alone.

    Raises: OSError, LedgerError.
    """
    mark = Mark.take_over(files.report)
    if mark is None:
        return False
    try:
        content = mark.content
    except ValueError:
        content = {}  # it died before it had written anything
        if not any(part_of(path).exists() for path in (files.stories, files.sightings, files.warc)):
            mark.remove()
            return False
    found = find_run(store, content["run"]) if "run" in content else find_unfinished(store, files.spider, files.name)
    parts = [path for path in map(part_of, (files.stories, files.sightings)) if path.exists()]
    if found is None and parts and content.get("ledger") != store.name:
        logger.warning(
            "%s was left by a run on another ledger, %s; only a run on that one can finish it",
            part_of(files.report),
            content.get("ledger"),
        )
        mark.leave()
        return False
    died_at = datetime.fromtimestamp(max(path.stat().st_mtime for path in (*parts, part_of(files.report))), UTC)
    run = found[1] if found else None
    reasons = []
    for path, length in (
        (files.stories, run.stories_bytes if run else None),
        (files.sightings, run.sightings_bytes if run else None),
    ):
        try:
            finish_lines(path, length)
        except LostLines as error:
            logger.error("%s; run `scrapy ledger rebuild` to find its stories again", error)
            reasons.append(f"{error}.")
            finish_lines(path, None)
    finish_warc(files.warc)
    hidden_part_of(files.report).unlink(missing_ok=True)
    report = _report(files, content, run, died_at, reasons)
    write_whole(files.report, dumps(report, indent=True))
    if run is not None and run.finished_at is None:
        Runs(store, 0).finish(run.id, report["finished_at"], report["verdict"], run.progress)
    logger.warning("%s: finished what this run has left", files.report)
    mark.remove()
    return True


def _report(
    files: RunFiles, content: Mapping[str, Any], run: RunRecord | None, died_at: datetime, reasons: list[str]
) -> dict[str, Any]:
    """Return the report of a run that died; the one that it wrote itself, if it came that far."""
    try:
        report: dict[str, Any] = orjson.loads(files.report.read_bytes())
    except (OSError, ValueError):
        report = {"verdict": "degraded", "reasons": [KILLED, *reasons], "finished_at": died_at}
        report = report | dict(content.get("about") or {}) | dict(run.progress if run else {})
    else:
        report["reasons"] = [*report["reasons"], FINISHED, *reasons]
        report["finished_at"] = datetime.fromisoformat(report["finished_at"])
    report["files"] = files.written
    return report
