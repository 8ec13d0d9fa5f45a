"""The runs that a ledger has seen: what is committed of their files, and how they ended."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

import orjson
from sqlalchemy import ColumnElement, Connection, RowMapping, select, update

from newscrawl.ledger.records import to_moment, to_number
from newscrawl.ledger.schema import ledgers
from newscrawl.ledger.schema import runs as table
from newscrawl.ledger.store import Store

KEPT = timedelta(days=90)
"""How long a run is remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run as the ledger knows it; see the table `runs`."""

    id: str
    spider: str
    name: str
    """Of its files, without folder and ending."""
    started_at: datetime
    finished_at: datetime | None = None
    """None while it goes on, and for one that was killed until another run has mended it."""
    verdict: str | None = None
    stories_bytes: int = 0
    """Length of its file of stories as far as it is committed; what is behind that was never told to anybody."""
    sightings_bytes: int = 0
    progress: Mapping[str, Any]
    """Fields of its report as of the last commit, `counts` among them."""

    @classmethod
    def of_row(cls, row: RowMapping) -> Self:
        """Return the record that *row* holds."""
        return cls(
            id=row["id"],
            spider=row["spider"],
            name=row["name"],
            started_at=to_moment(row["started"]),
            finished_at=None if row["finished"] is None else to_moment(row["finished"]),
            verdict=row["verdict"],
            stories_bytes=row["stories_bytes"],
            sightings_bytes=row["sightings_bytes"],
            progress=orjson.loads(row["progress"]),
        )


class Runs:
    """The runs of one ledger, and the one that goes on. All methods raise LedgerError."""

    def __init__(self, store: Store, ledger: int) -> None:
        self._store, self._ledger = store, ledger
        self.current = 0
        """The number of the run that goes on; 0 before it begins."""

    def begin(self, run: RunRecord) -> None:
        """Enter a run that begins, and forget those that ended long before it; their reports stay."""
        row = {
            "id": run.id,
            "ledger": self._ledger,
            "spider": run.spider,
            "name": run.name,
            "started": to_number(run.started_at),
            "stories_bytes": 0,
            "sightings_bytes": 0,
            "progress": _json(run.progress),
        }
        old = (table.c.ledger == self._ledger, table.c.started < to_number(run.started_at - KEPT))
        with self._store.writing(self._ledger) as connection:
            connection.execute(table.delete().where(*old, table.c.finished.is_not(None)))
            self.current = connection.execute(table.insert().values(row).returning(table.c.number)).scalar_one()

    def note(
        self, connection: Connection, stories_bytes: int, sightings_bytes: int, progress: Mapping[str, Any]
    ) -> None:
        """Note the length of the current run's files and how far it has come, in the transaction of *connection*."""
        values = {"stories_bytes": stories_bytes, "sightings_bytes": sightings_bytes, "progress": _json(progress)}
        connection.execute(update(table).where(table.c.number == self.current).values(values))

    def close(self, stories_bytes: int, sightings_bytes: int, progress: Mapping[str, Any]) -> None:
        """Make sure that all commits of the current run outlive a loss of power, so that its files can be named."""
        with self._store.writing(self._ledger, durable=True) as connection:
            self.note(connection, stories_bytes, sightings_bytes, progress)

    def finish(self, run_id: str, finished_at: datetime, verdict: str, progress: Mapping[str, Any]) -> None:
        """Note how a run ended; its files have their names."""
        values = {"finished": to_number(finished_at), "verdict": verdict, "progress": _json(progress)}
        with self._store.writing(self._ledger) as connection:
            connection.execute(update(table).where(table.c.id == run_id).values(values))

    def last(self, number: int, spider: str | None = None) -> list[RunRecord]:
        """Return the last runs, the newest first; of all spiders, or of one."""
        mine = [table.c.ledger == self._ledger, *([table.c.spider == spider] if spider else [])]
        question = select(table).where(*mine).order_by(table.c.started.desc(), table.c.number.desc()).limit(number)
        with self._store.reading() as connection:
            return [RunRecord.of_row(row) for row in connection.execute(question).mappings()]


def find_run(store: Store, run_id: str) -> tuple[str, RunRecord] | None:
    """Return the name of the ledger that a run wrote to and the run, or None for one that *store* does not know."""
    found = _find(store, table.c.id == run_id)
    return found[0] if found else None


def find_unfinished(store: Store, spider: str, name: str) -> tuple[str, RunRecord] | None:
    """Return the same for the run of *spider* with files called *name*, if it is unfinished and the only such one."""
    found = _find(store, table.c.spider == spider, table.c.name == name, table.c.finished.is_(None))
    return found[0] if len(found) == 1 else None


def _find(store: Store, *which: ColumnElement[bool]) -> list[tuple[str, RunRecord]]:
    question = select(table, ledgers.c.name.label("of")).join(ledgers, ledgers.c.id == table.c.ledger).where(*which)
    with store.reading() as connection:
        return [(row["of"], RunRecord.of_row(row)) for row in connection.execute(question).mappings()]


def _json(progress: Mapping[str, Any]) -> str:
    return orjson.dumps(progress).decode()
