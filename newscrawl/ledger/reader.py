"""Questions to one ledger, each for many keys at a time."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, func, select

from newscrawl.items import Kind
from newscrawl.ledger import schema
from newscrawl.ledger.records import CopyRecord, LineRecord, StoryRecord, to_number
from newscrawl.ledger.schedule import FORGOTTEN, MAX_ATTEMPTS

_AT_ONCE = 500  # keys in one question


class Reader:
    """Reads one ledger by a connection. Raises: SQLAlchemyError, which whoever gave the connection knows to name."""

    def __init__(self, connection: Connection, ledger: int) -> None:
        self.connection, self.ledger = connection, ledger

    def rows(self, table: Table, column: str, keys: Iterable[int]) -> Iterator[RowMapping]:
        """Yield the rows of *table* in which *column* is one of *keys*."""
        wanted = sorted(set(keys))
        for start in range(0, len(wanted), _AT_ONCE):
            some = table.c[column].in_(wanted[start : start + _AT_ONCE])
            yield from self.connection.execute(select(table).where(table.c.ledger == self.ledger, some)).mappings()

    def stories_of(self, keys: Iterable[int]) -> dict[int, int]:
        """Return for each key that of its story, which is the key itself where it is no name."""
        final = {key: key for key in keys}
        wanted = set(final)
        while wanted:  # a story that became one with another has that one's id for a name
            found = {row["key"]: row["story"] for row in self.rows(schema.names, "key", wanted)}
            final = {key: found.get(story, story) for key, story in final.items()}
            wanted = set(found.values())
        return final

    def stories(self, keys: Iterable[int]) -> dict[int, StoryRecord]:
        """Return those of some stories that there are."""
        return {row["id"]: StoryRecord.of_row(row) for row in self.rows(schema.stories, "id", keys)}

    def lines(self, stories: Iterable[int]) -> dict[tuple[int, Kind], LineRecord]:
        """Return the last lines of some stories, by story and kind."""
        lines = map(LineRecord.of_row, self.rows(schema.lines, "story", stories))
        return {(line.story, line.kind): line for line in lines}

    def copies(self, stories: Iterable[int]) -> dict[tuple[int, Kind], CopyRecord]:
        """Return what is kept of the last lines of some stories, by story and kind."""
        copies = map(CopyRecord.of_row, self.rows(schema.copies, "story", stories))
        return {(copy.story, copy.kind): copy for copy in copies}

    def backlog(self, spider: str, now: datetime) -> list[str]:
        """Return the addresses of the articles that *spider* is still to fetch, the longest announced first."""
        table = schema.articles
        question = select(table.c.url).where(*self._pending(spider, now)).order_by(table.c.announced, table.c.url)
        return list(self.connection.execute(question).scalars())

    def count_pending(self, spider: str, now: datetime) -> int:
        """Return how many articles *spider* is still to fetch."""
        question = select(func.count()).select_from(schema.articles).where(*self._pending(spider, now))
        return self.connection.execute(question).scalar_one()

    def depth(self, spider: str, start: int) -> int:
        """Return how many index pages from the address with the key *start* on *spider* has read to their end."""
        table = schema.walks
        mine = (table.c.ledger == self.ledger, table.c.spider == spider, table.c.start == start)
        return self.connection.execute(select(table.c.depth).where(*mine)).scalar() or 0

    def _pending(self, spider: str, now: datetime) -> tuple[Any, ...]:
        table = schema.articles
        return (
            table.c.ledger == self.ledger,
            table.c.spider == spider,
            table.c.attempts < MAX_ATTEMPTS,
            table.c.announced > to_number(now - FORGOTTEN),
        )
