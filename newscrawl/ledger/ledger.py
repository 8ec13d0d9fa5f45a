"""What is known of each story, across pages, runs and machines."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import RowMapping, select

from newscrawl.batch import Batch
from newscrawl.items import Brief
from newscrawl.ledger import schema
from newscrawl.ledger.draft import Draft, RunMemory
from newscrawl.ledger.identity import id_of_url, key_of
from newscrawl.ledger.likeness import WITHIN
from newscrawl.ledger.naming import names_of
from newscrawl.ledger.reader import Reader
from newscrawl.ledger.records import EPOCH, to_moment, to_number
from newscrawl.ledger.runs import Runs
from newscrawl.ledger.schedule import AGAIN, FORGOTTEN, MAX_ATTEMPTS
from newscrawl.ledger.store import LedgerError, Store
from newscrawl.ledger.workspace import bands_of, delete_bands
from newscrawl.timing.evidence import Publication

State = Literal["unknown", "pending", "due", "done", "given_up"]
"""Of an article: never announced; announced and not there yet; there, and to be looked at again; there; or not there,
and not asked for any more."""

MOST_WALKS = 100  # crawls in one archive that are remembered; many times what can have gone on at once
MOST_COPIES = 20_000  # many times what the agency carries in three days; so size does not depend on how fast it grew


class Ledger:
    """One ledger in a store, as one run uses it.

    Each batch is a `Draft`: begun, worked on, and then committed together with the length of the run's files, so that
    what is known and what is written are always the same. All methods raise LedgerError.
    """

    def __init__(self, store: Store, name: str) -> None:
        """Use the ledger called *name*; see `newscrawl.ledger.scope`."""
        self.store, self.name = store, name
        self._number = store.number_of(name)
        self.runs = Runs(store, self._number)
        """The runs that wrote to it."""
        self._memories: dict[str | None, RunMemory] = {}
        """Of this run, and of the crawls that it reads again."""
        self._transaction = ExitStack()
        self.draft: Draft | None = None
        """The batch that was begun and is not committed yet."""

    # --- Batches ------------------------------------------------------------------------------------------------------

    def begin(self, batch: Batch) -> Draft:
        """Return a draft in which each item of *batch* has its story's id; nobody else can write before it ends.

        Raises: RuntimeError while another draft is open: between our pipelines nothing may wait.
        """
        if self.draft is not None:
            raise RuntimeError("a batch came while another one was on its way: a pipeline between ours has waited")
        with ExitStack() as stack:
            connection = stack.enter_context(self.store.writing(self._number))
            self.draft = Draft(connection, self._number, self.runs.current, self._memory(batch.walk), batch)
            self._transaction = stack.pop_all()
        return self.draft

    def _memory(self, walk: str | None) -> RunMemory:
        """Return what one crawl has seen: another one, also when it is read again, knows nothing of it."""
        memory = self._memories.pop(walk) if walk in self._memories else RunMemory()
        self._memories[walk] = memory
        while len(self._memories) > MOST_WALKS:
            del self._memories[next(iter(self._memories))]
        return memory

    def commit(self, stories_bytes: int, sightings_bytes: int, progress: Mapping[str, Any]) -> None:
        """Commit the draft together with the length that the run's files have by now, and how far the run has come."""
        draft, self.draft = self.draft, None
        assert draft is not None  # begun before
        with self._transaction:
            draft.save()
            self.runs.note(draft.connection, stories_bytes, sightings_bytes, progress)

    def discard(self) -> None:
        """Forget the draft, if there is one."""
        if self.draft is not None:
            self.draft = None
            with suppress(_Discarded, LedgerError), self._transaction:  # a lost connection has forgotten it too
                raise _Discarded

    # --- What a walk asks ---------------------------------------------------------------------------------------------

    def known(self, briefs: Iterable[Brief]) -> set[str]:
        """Return the page's own ids of those *briefs* that were written before, by whatever run."""
        keys = {}
        for brief in briefs:
            names = names_of(brief)
            keys[brief.story_id or names.own] = key_of(names.url or names.text or names.own)
        with self._reading() as reader:
            final = reader.stories_of(keys.values())
            lines = reader.lines(final.values())
        return {story_id for story_id, key in keys.items() if (final[key], "brief") in lines}

    def articles(self, urls: Collection[str], now: datetime) -> dict[str, State]:
        """Return what became of the articles at some canonical addresses."""
        keys = {url: key_of(id_of_url(url)) for url in urls}
        with self._reading() as reader:
            final = reader.stories_of(keys.values())
            lines = reader.lines(final.values())
            waiting = {row["address"]: row for row in reader.rows(schema.articles, "address", keys.values())}
        states: dict[str, State] = {}
        for url, key in keys.items():
            line = lines.get((final[key], "article"))
            if key in waiting and _is_given_up(waiting[key], now):
                states[url] = "given_up"
            elif line is not None:
                states[url] = "due" if line.due is not None and line.due <= now else "done"
            else:
                states[url] = "pending" if key in waiting else "unknown"
        return states

    def backlog(self, spider: str, now: datetime) -> list[str]:
        """Return the addresses of the articles that *spider* is still to fetch, the longest announced first."""
        with self._reading() as reader:
            return reader.backlog(spider, now)

    def count_pending(self, spider: str, now: datetime) -> int:
        """Return how many articles *spider* is still to fetch."""
        with self._reading() as reader:
            return reader.count_pending(spider, now)

    def depth(self, spider: str, start: str) -> int:
        """Return how many index pages from the address *start* on *spider* has read to their end."""
        with self._reading() as reader:
            return reader.depth(spider, key_of(id_of_url(start)))

    def publication(self, story_id: str) -> Publication | None:
        """Return what all sightings so far say of a story's publication."""
        with self._reading() as reader:
            final = reader.stories_of([key_of(story_id)])
            records = reader.stories(final.values())
        return next((record.publication for record in records.values()), None)

    # --- Housekeeping -------------------------------------------------------------------------------------------------

    def forget(self, now: datetime) -> None:
        """Forget copies that nothing will be compared with any more, and articles that nobody asks for any more."""
        copies, articles = schema.copies, schema.articles
        mine = copies.c.ledger == self._number
        newest = select(copies.c.shown).where(mine).order_by(copies.c.shown.desc())
        with self.store.writing(self._number) as connection:
            limit = to_number(now - FORGOTTEN - AGAIN)
            connection.execute(articles.delete().where(articles.c.ledger == self._number, articles.c.announced < limit))
            last = connection.execute(newest.limit(1)).scalar()
            if last is None:
                return
            beyond = connection.execute(newest.offset(MOST_COPIES).limit(1)).scalar()
            limit = max(last - to_number(EPOCH + WITHIN), beyond or 0)
            reader = Reader(connection, self._number)
            old = select(copies.c.story).where(mine, copies.c.shown <= limit)
            known = reader.copies(connection.execute(old).scalars())
            fresh: set[tuple[int, int]] = set()
            gone: set[tuple[int, int]] = set()
            for copy in known.values():
                (fresh if to_number(copy.shown) > limit else gone).update(bands_of(copy))
            delete_bands(connection, self._number, gone - fresh)
            connection.execute(copies.delete().where(mine, copies.c.shown <= limit))

    @contextmanager
    def _reading(self) -> Iterator[Reader]:
        with self.store.reading() as connection:
            yield Reader(connection, self._number)


def _is_given_up(article: RowMapping, now: datetime) -> bool:
    """Return whether an article that a list shows is not asked for: it failed too often, and not long ago."""
    failed = article["failed"]
    return article["attempts"] >= MAX_ATTEMPTS and failed is not None and now - to_moment(failed) < AGAIN


class _Discarded(Exception):
    """A draft that comes to nothing."""
