"""What a database of ledgers knows, in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from newscrawl.items import Kind
from newscrawl.ledger import schema
from newscrawl.ledger.records import KINDS
from newscrawl.ledger.runs import RunRecord, Runs
from newscrawl.ledger.schedule import MAX_ATTEMPTS
from newscrawl.ledger.store import Store


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one kind."""

    stories: int
    """That have one."""
    revised: int
    """Of these, that were revised at least once."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What one ledger knows."""

    name: str
    stories: int
    """Those with a line; others were only mentioned so far."""
    mentioned: int
    lines: dict[Kind, Lines]
    sightings: int
    pending: int
    """Articles that are still to be fetched."""
    given_up: int
    """Articles that have failed too often."""
    runs: Sequence[RunRecord]
    """The last ones, the newest first."""


def overviews(store: Store, runs: int) -> list[Overview]:
    """Return what *store* knows, ledger by ledger in the order of their names, each with its last *runs*.

    Raises: LedgerError.
    """
    with store.reading() as connection:
        names = connection.execute(select(schema.ledgers).order_by(schema.ledgers.c.name)).mappings().all()
    return [_overview(store, ledger["id"], ledger["name"], runs) for ledger in names]


def size(store: Store) -> int | None:
    """Return the bytes that *store* takes on disk, with what is not yet in its main file; None for PostgreSQL."""
    if store.is_shared or not store.url.database:
        return None
    path = Path(store.url.database)
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def _overview(store: Store, ledger: int, name: str, runs: int) -> Overview:
    with store.reading() as connection:
        lines, articles = schema.lines, schema.articles
        question = select(lines.c.kind, func.count(), func.count().filter(lines.c.revision > 0))
        found = connection.execute(question.where(lines.c.ledger == ledger).group_by(lines.c.kind))
        by_kind = {KINDS[kind]: Lines(stories, revised) for kind, stories, revised in found}
        told = select(lines.c.story).where(lines.c.ledger == ledger).distinct().subquery()
        stories = connection.execute(select(func.count()).select_from(told)).scalar_one()
        question = select(func.count(), func.coalesce(func.sum(schema.stories.c.sightings), 0))
        known, sightings = connection.execute(question.where(schema.stories.c.ledger == ledger)).one()
        failed = articles.c.attempts >= MAX_ATTEMPTS
        question = select(func.count().filter(~failed), func.count().filter(failed))
        pending, given_up = connection.execute(question.where(articles.c.ledger == ledger)).one()
    return Overview(
        name=name,
        stories=stories,
        mentioned=known - stories,
        lines={kind: by_kind.get(kind, Lines(0, 0)) for kind in KINDS},
        sightings=int(sightings),
        pending=pending,
        given_up=given_up,
        runs=Runs(store, ledger).last(runs),
    )
