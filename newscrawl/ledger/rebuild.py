"""A ledger made anew from the files that runs have written.

What files tell is certain: ids and revisions as published, every appearance with its time. What they do not tell, the
next crawls find out again: how a brief looked where it was not written from, what a feed said of a story that was known
already, how often an article has failed, and how far lists were read.
"""

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain, groupby, islice
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import orjson
from sqlalchemy import URL, Connection, func, make_url, select

from newscrawl.items import Article, Brief, Item, Sighting
from newscrawl.ledger import schema
from newscrawl.ledger.identity import id_of_url, key_of
from newscrawl.ledger.likeness import WITHIN
from newscrawl.ledger.naming import shown_at
from newscrawl.ledger.reader import Reader
from newscrawl.ledger.records import EPOCH, to_number
from newscrawl.ledger.restoring import Page, Restoring, Run
from newscrawl.ledger.schedule import FORGOTTEN
from newscrawl.ledger.scope import scope_of
from newscrawl.ledger.store import FILE, LedgerError, Store
from newscrawl.ledger.told import moment_of, sighting_of, story_of
from newscrawl.output import FolderLock, Mark, RunFiles
from newscrawl.recording import mend
from newscrawl.sites import SITES, Site
from newscrawl.urls import host_and_port

AT_ONCE = 8_000  # lines that are held in memory and committed together
MOST_PENDING = 20_000  # articles that are held in memory before old ones are looked for
PLACE = ".ledger.part"  # folder in the output folder in which the new ledger is made
_CACHE = -65_536  # of SQLite, in KiB: keys are hashes, and each line of a million may touch any page
MOST_TOLD = 50  # damaged lines that are named
_UNCERTAIN = timedelta(hours=1)  # clocks of a machine and of pages that are no replay differ by less
_DAMAGE = (ValueError, TypeError, KeyError, AttributeError, OverflowError)  # what reading a damaged line raises
_T = TypeVar("_T")


class RebuildError(Exception):
    """Why a ledger cannot be made anew; the old one is as it was."""


@dataclass(slots=True)
class Rebuilt:
    """What came of it, in numbers."""

    ledger: str
    """Its address, without the password."""
    scopes: set[str] = field(default_factory=set)
    runs: int = 0
    stories: int = 0
    lines: int = 0
    """Of files of stories."""
    sightings: int = 0
    pending: int = 0
    damaged: int = 0
    """Lines and files that were passed by."""
    seconds: float = 0


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is told how it goes on."""

    tell: Callable[[str], None]
    """Takes a line on something that was odd."""
    begin: Callable[[int], None] = lambda _: None
    """Takes the number of bytes there are to read."""
    advance: Callable[[int], None] = lambda _: None
    """Takes the number of bytes that were read since it was called last."""


def rebuild(folder: Path, url: str, sections: Mapping[str, str], watcher: Watcher) -> Rebuilt:
    """Make the ledger of the output folder *folder* anew from its files, and put it in the old one's place at the end.

    Only the ledger that lies in the folder is replaced. Any other one may know what runs in other folders have written,
    so it has to be empty; then all of it is written in one transaction.

    Args:
        folder: an output folder.
        url: as in NEWSCRAWL_LEDGER; empty for the SQLite file in the folder.
        sections: spiders that fetch articles, to the keys of their sections in `Site.sections`.
        watcher: who is told how it goes on.
    Raises: RebuildError, LedgerError, OSError.
    """
    begun = perf_counter()
    folder = folder.absolute()
    if not folder.is_dir() or not (_runs(folder) or RunFiles.unfinished(folder)):
        raise RebuildError(f"{folder}: there are no files of stories, sightings or runs to make a ledger from")
    with _alone(folder, sections):
        made = _beside(folder, sections, watcher) if _is_own(url, folder) else _into(url, folder, sections, watcher)
    made.seconds = perf_counter() - begun
    return made


# --- The database -----------------------------------------------------------------------------------------------------


def _beside(folder: Path, sections: Mapping[str, str], watcher: Watcher) -> Rebuilt:
    """Make the ledger that lies in *folder* anew."""
    path, place = folder / FILE, folder / PLACE
    shutil.rmtree(place, ignore_errors=True)  # of one that was killed
    try:
        store = Store("", place)
        try:
            _finish_dead(folder, path, store, watcher)
            with store.reading() as connection:
                connection.exec_driver_sql(f"PRAGMA cache_size={_CACHE}")
            made = _Rebuilding(store, folder, sections, watcher, lambda: store.writing(0)).run()
            made.ledger = str(path)
            with store.writing(0, durable=True):
                pass
        finally:
            store.close()
        _replace(path, place / FILE)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return made


def _into(url: str, folder: Path, sections: Mapping[str, str], watcher: Watcher) -> Rebuilt:
    """Make an empty ledger, to which runs in other folders may write too."""
    store = Store(url, folder)
    try:
        _mend_all(folder, store)
        _tell_left(folder, watcher)
        with store.writing(0) as connection:
            tables = (schema.runs, schema.stories)
            if any(connection.execute(select(table.c.ledger).limit(1)).first() for table in tables):
                raise RebuildError(
                    f"ledger {store.name} knows runs already, perhaps of other machines; only an empty one can be made "
                    "from files: bring the output of all machines together in one folder, name a new database in "
                    "NEWSCRAWL_LEDGER and rebuild that"
                )
            return _Rebuilding(store, folder, sections, watcher, lambda: nullcontext(connection)).run()
    finally:
        store.close()


def _is_own(url: str, folder: Path) -> bool:
    if not url:
        return True
    with suppress(Exception):  # whatever it is, Store knows to say what is wrong with it
        made = make_url(url)
        return made.get_backend_name() == "sqlite" and Path(made.database or "").resolve() == (folder / FILE).resolve()
    return False


def _replace(old: Path, new: Path) -> None:
    """Put a database in the place of another, that nobody uses. Killed at any instant, one of them is there, whole."""
    if old.exists():
        connection = sqlite3.connect(old, timeout=5)
        try:
            # Its log goes, which would be taken for that of the new one; it does not while somebody has it open.
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
                raise RebuildError(f"ledger {old} is in use; it stays as it is until that ends") from error
            # Too damaged for that, so there is nothing to lose with its log.
        finally:
            connection.close()
    for suffix in ("-wal", "-shm"):
        old.with_name(old.name + suffix).unlink(missing_ok=True)
    new.replace(old)


# --- Runs that go on, and dead ones -----------------------------------------------------------------------------------


@contextmanager
def _alone(folder: Path, spiders: Iterable[str]) -> Iterator[None]:
    """See to it that no run of a spider begins in *folder*. Raises: RebuildError where one is at work."""
    runs = folder / "runs"
    known = {path.name for path in runs.iterdir() if path.is_dir()} if runs.is_dir() else set()
    places = [runs, *(runs / name for name in sorted({*spiders, *known}))]
    made = [place for place in places if not place.exists()]
    try:
        with ExitStack() as stack:
            for place in places:
                try:
                    stack.callback(FolderLock(place).release)
                except BlockingIOError as error:
                    who = "another rebuild" if place == runs else place.name
                    raise RebuildError(f"{who} is at work in {folder}; wait for its end") from error
            yield
    finally:
        for place in reversed(made):
            with suppress(OSError):  # it holds something by now
                place.rmdir()


def _finish_dead(folder: Path, path: Path, store: Store, watcher: Watcher) -> None:
    """Finish dead runs by what the ledger at *path* knows of them; where it cannot tell, they keep all whole lines."""
    store.name = URL.create("sqlite", database=str(path)).render_as_string()  # what it will be called, and marks say
    old = None
    if path.exists():
        try:
            old = Store("", folder)
            _mend_all(folder, old)
        except LedgerError as error:
            if isinstance(error.__cause__, schema.NewerLedger):
                raise
            watcher.tell(f"{error}; so it cannot say what is committed of files")
        finally:
            if old is not None:
                old.close()
    _mend_all(folder, store)
    _tell_left(folder, watcher)


def _mend_all(folder: Path, store: Store) -> None:
    for files in RunFiles.unfinished(folder):
        mend(files, store)


def _tell_left(folder: Path, watcher: Watcher) -> None:
    """Tell of the files that are not read since they are not whole. Raises: RebuildError where a run is at work."""
    for files in RunFiles.unfinished(folder):
        mark = Mark.take_over(files.report)
        if mark is None:
            raise RebuildError(f"{files.spider} is at work in {folder}; wait for its end")
        mark.leave()
    for path in sorted(folder.glob("*/*/[!.]*.jsonl.part")):
        watcher.tell(f"{path}: left out, a run that was killed has not been finished")


# --- Files ------------------------------------------------------------------------------------------------------------


def _runs(folder: Path) -> list[RunFiles]:
    """Return the files of all runs, in the order of their names."""
    names = {
        (path.stem, path.parent.name)
        for pattern in ("stories/*/[!.]*.jsonl", "sightings/*/[!.]*.jsonl", "runs/*/[!.]*.json")
        for path in folder.glob(pattern)
    }
    return [RunFiles(folder, spider, name) for name, spider in sorted(names)]


def _page_of(item: Item) -> tuple[str | None, datetime | None]:
    return (item.page_url if isinstance(item, Sighting) else item.found_on), item.crawled_at


# --- The new ledger ---------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class _Scope:
    """A ledger in the making."""

    runs: list[Run] = field(default_factory=list)
    """Not entered yet."""
    pages: list[Page] = field(default_factory=list)
    """Not learnt yet."""
    lines: int = 0
    """In these pages."""
    number: int = 0
    """In the database."""
    recent: list[tuple[Path, datetime]] = field(default_factory=list)
    """Files with stories of the last days, each with when the page of its newest line was made."""
    pending: dict[int, tuple[str, str, datetime]] = field(default_factory=dict)
    """Articles that are not there: key of the address to address, spider and when it was announced last."""
    newest: datetime = EPOCH
    """When its last page arrived."""


class _Rebuilding:
    """The way from all files to all ledgers, in pieces of `AT_ONCE` lines."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        sections: Mapping[str, str],
        watcher: Watcher,
        transaction: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self.folder, self.sections, self.watcher, self.transaction = folder, sections, watcher, transaction
        self.scopes: defaultdict[str, _Scope] = defaultdict(_Scope)
        self.made = Rebuilt(store.name)
        self._read = 0

    def run(self) -> Rebuilt:
        """Fill the ledgers."""
        all_files = _runs(self.folder)
        self.watcher.begin(sum(_size(files.stories) + _size(files.sightings) for files in all_files))
        for files in all_files:
            run = self._run(files)
            if run is None:
                self._damaged(f"{files.stories}: no ledger knows its site, so it is passed by")
                continue
            scope = self.scopes[run.scope]
            scope.runs.append(run)
            for page in self._pages(run):
                scope.pages.append(page)
                scope.lines += len(page.sightings) + len(page.stories)
                if scope.lines >= AT_ONCE:
                    self._learn(run.scope, scope)
            if len(scope.runs) >= AT_ONCE:
                self._learn(run.scope, scope)
            if run.newest is not None:
                scope.recent.append((files.stories, run.newest))
            if len(scope.recent) > AT_ONCE:
                scope.recent = _of_last_days(scope.recent)
        for name, scope in self.scopes.items():
            self._learn(name, scope)
            self._keep_copies(scope)
            with self.transaction() as connection:
                self._enter_pending(connection, scope)
                self.made.stories += _count_stories(connection, scope.number)
        self.made.scopes = set(self.scopes)
        self._advance(0)
        return self.made

    # --- Runs ---------------------------------------------------------------------------------------------------------

    def _run(self, files: RunFiles) -> Run | None:
        """Return a run; None where nothing tells which ledger it wrote to."""
        report = self._report(files)
        began = report.get("started_at") or files.name.partition("-")[0]
        started_at = _moment_or_none(began)
        first = None
        if report.get("site") in SITES:
            site = SITES[report["site"]]
            given = report.get("arguments")
            given = given if isinstance(given, dict) else {}
            scope = _scope(site, given.get("start_url"), replay=bool(given.get("crawled_at")))
        else:
            first = self._first(files)
            found = _site_of(first)
            if first is None or found is None:
                return None
            site, url = found
            assert first.crawled_at
            scope = _scope(site, url, replay=started_at is not None and first.crawled_at < started_at - _UNCERTAIN)
        progress = {name: report[name] for name in ("counts", "times") if isinstance(report.get(name), dict)}
        started_at = started_at or (first.crawled_at if first else None) or _changed_at(files)
        verdict = report.get("verdict")
        return Run(
            files=files,
            site=site,
            scope=scope,
            started_at=started_at,
            finished_at=_moment_or_none(report.get("finished_at")) or _changed_at(files),
            verdict=verdict if isinstance(verdict, str) else None,
            progress=progress,
        )

    def _report(self, files: RunFiles) -> dict[str, Any]:
        try:
            report = orjson.loads(files.report.read_bytes())
            if not isinstance(report, dict):
                raise ValueError("an object is wanted")
        except FileNotFoundError:
            self.watcher.tell(f"{files.report}: not there, so the run's lines tell which ledger is theirs")
        except ValueError as error:
            self._damaged(f"{files.report}: damaged ({error}), so the run's lines tell which ledger is theirs")
        else:
            return report
        return {}

    def _first(self, files: RunFiles) -> Item | None:
        """Return a run's first line of a story, or else of a sighting, that is whole."""
        for path, read in ((files.stories, story_of), (files.sightings, sighting_of)):
            for line in _lines(path):
                with suppress(*_DAMAGE):
                    return read(orjson.loads(line))
        return None

    # --- Pages --------------------------------------------------------------------------------------------------------

    def _pages(self, run: Run) -> Iterator[Page]:
        """Yield what each page of a run has shown, with the lines that were written of it: both files go in step."""
        stories = self._items(run.files.stories, story_of)
        story = next(stories, None)
        for key, same in groupby(self._items(run.files.sightings, sighting_of), _page_of):
            while sightings := list(islice(same, AT_ONCE)):
                page = Page(run, sightings)
                while story is not None and _page_of(story) == key:
                    page.stories.append(story)
                    story = next(stories, None)
                yield self._counted(page)
        # What is left are lines whose sightings are damaged or gone, and whatever follows them.
        for _, rest in groupby(chain([story] if story else [], stories), _page_of):
            while lines := list(islice(rest, AT_ONCE)):
                yield self._counted(Page(run, [], lines))

    def _counted(self, page: Page) -> Page:
        shown = [story.rendered_at for story in page.stories if story.rendered_at]
        page.run.newest = max([*shown, *([page.run.newest] if page.run.newest else [])], default=None)
        self.made.lines += len(page.stories)
        self.made.sightings += len(page.sightings)
        return page

    def _items(self, path: Path, read: Callable[[dict[str, Any]], _T]) -> Iterator[_T]:
        """Yield what the lines of a file hold; damaged ones are told and passed by."""
        for number, line in enumerate(_lines(path), 1):
            self._read += len(line)
            try:
                yield read(orjson.loads(line))
            except _DAMAGE as error:
                self._damaged(f"{path}, line {number}: damaged ({type(error).__name__}: {error})")

    def _damaged(self, what: str) -> None:
        self.made.damaged += 1
        if self.made.damaged <= MOST_TOLD:
            self.watcher.tell(what)
        elif self.made.damaged == MOST_TOLD + 1:
            self.watcher.tell("more is damaged, and is only counted")

    def _advance(self, least: int) -> None:
        if self._read >= least:
            self.watcher.advance(self._read)
            self._read = 0

    # --- What they teach ----------------------------------------------------------------------------------------------

    def _learn(self, name: str, scope: _Scope) -> None:
        """Enter the runs and pages that have come together, in one transaction."""
        self._advance(1)
        with self.transaction() as connection:
            scope.number = scope.number or _ledger(connection, name)
            for run in scope.runs:
                run.number = _enter(connection, scope.number, run)
                self.made.runs += 1
            items = [item for page in scope.pages for item in (*page.stories, *page.sightings)]
            restoring = Restoring(connection, scope.number, items)
            for (run, *_), pages in groupby(scope.pages, _told_together()):
                restoring.restore(list(pages), run.number)
            restoring.workspace.save()
            for page in scope.pages:
                self._note_announced(page, scope, restoring)
        scope.runs, scope.pages, scope.lines = [], [], 0

    def _note_announced(self, page: Page, scope: _Scope, restoring: Restoring) -> None:
        """Note the articles that a page announces to its run's spider, and forget those that are there."""
        run, pending = page.run, scope.pending
        own = run.site.sections.get(self.sections.get(run.files.spider, ""), "")
        for item in page.sightings:
            assert item.crawled_at
            scope.newest = max(scope.newest, item.crawled_at)
            if item.url is None or item.where == "net_binnen":
                continue
            is_own = item.where == "index" or (item.section or "").casefold() == own.casefold()
            address = key_of(id_of_url(item.url))
            if restoring.has_article(item):
                pending.pop(address, None)
            elif own and is_own and host_and_port(item.url) == host_and_port(item.page_url or ""):
                pending[address] = (item.url, run.files.spider, item.crawled_at)
        if len(pending) > MOST_PENDING:
            scope.pending = {key: one for key, one in pending.items() if scope.newest - one[2] < FORGOTTEN}

    def _enter_pending(self, connection: Connection, scope: _Scope) -> None:
        reader = Reader(connection, scope.number)
        stories = reader.stories_of(scope.pending)
        lines = reader.lines(stories.values())
        rows = [
            {
                "ledger": scope.number,
                "address": address,
                "url": url,
                "spider": spider,
                "announced": to_number(announced),
                "attempts": 0,
            }
            for address, (url, spider, announced) in sorted(scope.pending.items())
            if scope.newest - announced < FORGOTTEN and (stories[address], "article") not in lines
        ]
        if rows:
            connection.execute(schema.articles.insert(), rows)
        self.made.pending += len(rows)

    def _keep_copies(self, scope: _Scope) -> None:
        """Keep the copies of the last days, for which it has to be known first which days these are."""
        scope.recent = _of_last_days(scope.recent)
        after = max((newest for _, newest in scope.recent), default=EPOCH) - WITHIN
        for path, _ in scope.recent:
            stories = (story for story in self._again(path) if shown_at(story) > after)
            while some := list(islice(stories, AT_ONCE)):
                with self.transaction() as connection:
                    restoring = Restoring(connection, scope.number)
                    restoring.keep_copies(some)
                    restoring.workspace.save()

    def _again(self, path: Path) -> Iterator[Article | Brief]:
        for line in _lines(path):
            with suppress(*_DAMAGE):
                yield story_of(orjson.loads(line))


def _told_together() -> Callable[[Page], tuple[Run, int]]:
    """Return a key by which the lists of a run are one group, as they were one batch of its crawl; others are not."""
    number = 0

    def key(page: Page) -> tuple[Run, int]:
        nonlocal number
        number += not page.is_list
        return page.run, 0 if page.is_list else number

    return key


def _of_last_days(files: list[tuple[Path, datetime]]) -> list[tuple[Path, datetime]]:
    """Return those of some files that may have what near-duplicates are compared with."""
    after = max((newest for _, newest in files), default=EPOCH) - WITHIN
    return [(path, newest) for path, newest in files if newest > after]


def _lines(path: Path) -> Iterator[bytes]:
    if path.exists():
        with path.open("rb") as file:
            yield from file


def _scope(site: Site, start_url: Any, *, replay: bool) -> str:
    try:
        return scope_of(site, start_url if isinstance(start_url, str) else None, replay=replay)
    except ValueError:  # no run has ever begun with such an address
        return scope_of(site, replay=replay)


def _site_of(item: Item | None) -> tuple[Site, str | None] | None:
    """Return the site that an item is from, and its page's address."""
    if item is None:
        return None
    if isinstance(item, Sighting):
        host = urlsplit(item.page_url or "").netloc
        return next(((site, item.page_url) for site in SITES.values() if host in site.hosts), None)
    return (SITES[item.site], item.found_on) if item.site in SITES else None


def _changed_at(files: RunFiles) -> datetime:
    paths = [path for path in (files.report, files.stories, files.sightings) if path.exists()]
    return datetime.fromtimestamp(max(path.stat().st_mtime for path in paths), UTC)


def _moment_or_none(value: Any) -> datetime | None:
    try:
        return moment_of(value)
    except _DAMAGE:
        return None


def _ledger(connection: Connection, name: str) -> int:
    table = schema.ledgers
    found = connection.execute(select(table.c.id).where(table.c.name == name)).scalar()
    if found is None:
        found = connection.execute(table.insert().values(name=name).returning(table.c.id)).scalar_one()
    return int(found)


def _enter(connection: Connection, ledger: int, run: Run) -> int:
    """Enter a run. Return its number."""
    files, table = run.files, schema.runs
    row = {
        "id": uuid4().hex,  # files do not tell it, and only a run that goes on or died is asked for by it
        "ledger": ledger,
        "spider": files.spider,
        "name": files.name,
        "started": to_number(run.started_at),
        "finished": None if run.finished_at is None else to_number(run.finished_at),
        "verdict": run.verdict,
        "stories_bytes": _size(files.stories),
        "sightings_bytes": _size(files.sightings),
        "progress": orjson.dumps(run.progress).decode(),
    }
    return int(connection.execute(table.insert().values(row).returning(table.c.number)).scalar_one())


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _count_stories(connection: Connection, ledger: int) -> int:
    lines = schema.lines
    question = select(lines.c.story).where(lines.c.ledger == ledger).distinct().subquery()
    return int(connection.execute(select(func.count()).select_from(question)).scalar_one())
