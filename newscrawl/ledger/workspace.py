"""The records that one batch needs: read in a few questions, changed in memory, written together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from newscrawl.items import Kind
from newscrawl.ledger import schema
from newscrawl.ledger.likeness import bands
from newscrawl.ledger.reader import Reader
from newscrawl.ledger.records import KINDS, CopyRecord, LineRecord, StoryRecord
from newscrawl.timing.evidence import SOURCES, Evidence


class Workspace:
    """Stories by their keys, with their lines and copies, as they are in the ledger and then as they are to be."""

    def __init__(self, connection: Connection, ledger: int) -> None:
        self.connection, self.ledger = connection, ledger
        self._reader = Reader(connection, ledger)
        self.stories: dict[int, StoryRecord] = {}
        self.lines: dict[tuple[int, Kind], LineRecord] = {}
        self.copies: dict[tuple[int, Kind], CopyRecord] = {}
        self.seen_before: dict[int, datetime] = {}
        """When each story was shown last, before this batch."""
        self._names: dict[int, int] = {}
        self._new_names: dict[int, int] = {}
        self._new_copies: dict[tuple[int, Kind], CopyRecord] = {}
        self._old_bands: set[tuple[int, int]] = set()
        self._changed: set[int] = set()
        self._changed_lines: set[tuple[int, Kind]] = set()

    # --- Read ---------------------------------------------------------------------------------------------------------

    def load(self, keys: Collection[int]) -> None:
        """Read the stories that go by *keys*, with their lines and copies."""
        final = self._reader.stories_of(key for key in keys if key not in self._names and key not in self.stories)
        self._names |= {key: story for key, story in final.items() if key != story}
        records = self._reader.stories(story for story in final.values() if story not in self.stories)
        self.stories |= records
        self.seen_before |= {key: record.last_shown for key, record in records.items()}
        self.lines |= self._reader.lines(records)
        self.copies |= self._reader.copies(records)

    def load_like(self, texts: Sequence[str]) -> list[set[int]]:
        """Return for each of some texts the stories that may be told by it too, and read them."""
        keys = [bands(text) for text in texts]
        found = defaultdict(set)
        for row in self._reader.rows(schema.bands, "band", {band for each in keys for band in each}):
            found[row["band"]].add(row["story"])
        self.load({story for each in found.values() for story in each})
        return [{self.final(story) for band in each for story in found[band]} for each in keys]

    def final(self, key: int) -> int:
        """Return the key of the story that *key* is a name of, or *key* itself."""
        while key in self._names:
            key = self._names[key]
        return key

    def known(self, key: int | None) -> int | None:
        """Return the story that goes by *key*, or None."""
        if key is None:
            return None
        story = self.final(key)
        return story if story in self.stories else None

    def is_written(self, story: int) -> bool:
        """Return whether a story has a line of any kind."""
        return any((story, kind) in self.lines for kind in KINDS)

    # --- Change -------------------------------------------------------------------------------------------------------

    def story(self, key: int, shown: datetime) -> StoryRecord:
        """Return the story with that key; a new one where there is none, shown at *shown* for the first time."""
        if key not in self.stories:
            self.stories[key] = StoryRecord(key, None, shown, shown)
        self._changed.add(key)
        return self.stories[key]

    def name(self, key: int | None, story: int) -> None:
        """Let a story go by *key* too, unless that is a story of its own."""
        if key is not None and self.final(key) != story and key not in self.stories:
            self._names[key] = self._new_names[key] = story

    def begin_anew(self, key: int) -> None:
        """Let *key* be no name of the story that went by it, nor a story that there was."""
        if self._names.pop(key, None) is not None:
            self._new_names.pop(key, None)
            mine = (schema.names.c.ledger == self.ledger, schema.names.c.key == key)
            self.connection.execute(schema.names.delete().where(*mine))
        self.stories.pop(key, None)

    def absorb(self, keep: int, gone: int, *, with_time: bool = True) -> None:
        """Make one story a part of another, which keeps its id; with what is known of its time, or without."""
        kept, lost = self.stories[keep], self.stories.pop(gone)
        kept.address = lost.address if kept.address is None else kept.address
        kept.sightings += lost.sightings
        if with_time:
            kept.first_shown = min(kept.first_shown, lost.first_shown)
            kept.last_shown = max(kept.last_shown, lost.last_shown)
        if with_time and lost.publication is not None:
            told = lost.publication
            evidence = Evidence(told.source, told.interval, told.raw, undated=told.weight == len(SOURCES))
            kept.publication = kept.publication.with_evidence(evidence) if kept.publication else told
        self._names[gone] = self._new_names[gone] = keep
        for table, column in (
            (schema.stories, "id"),
            *((table, "story") for table in (schema.lines, schema.copies, schema.bands)),
        ):
            mine = (table.c.ledger == self.ledger, table.c[column] == gone)
            self.connection.execute(table.delete().where(*mine))
        for kind in KINDS:
            line, copy = self.lines.pop((gone, kind), None), self.copies.pop((gone, kind), None)
            self._new_copies.pop((gone, kind), None)
            self._changed_lines.discard((gone, kind))
            if line is not None and (keep, kind) not in self.lines:
                self.write(replace(line, story=keep), replace(copy, story=keep) if copy else None)
        self._changed.discard(gone)
        self._changed.add(keep)

    def write(self, line: LineRecord, copy: CopyRecord | None = None) -> None:
        """Keep what has become of a line, and what it told where that is new."""
        self.lines[line.story, line.kind] = line
        self._changed_lines.add((line.story, line.kind))
        if copy is not None:
            before = self.copies.get((copy.story, copy.kind))
            self._old_bands |= bands_of(before) if before else set()
            self.copies[copy.story, copy.kind] = self._new_copies[copy.story, copy.kind] = copy

    # --- Write --------------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Write all that has changed."""
        ledger = {"ledger": self.ledger}
        self.upsert(schema.stories, [ledger | self.stories[key].row() for key in sorted(self._changed)])
        self.upsert(schema.lines, [ledger | self.lines[key].row() for key in sorted(self._changed_lines)])
        names = sorted(self._new_names.items())
        self.upsert(schema.names, [ledger | {"key": key, "story": self.final(story)} for key, story in names])
        copies = [copy for _, copy in sorted(self._new_copies.items())]
        self.upsert(schema.copies, [ledger | copy.row() for copy in copies])
        if self._old_bands:
            kept = {key for copy in self.copies.values() for key in bands_of(copy)}
            delete_bands(self.connection, self.ledger, self._old_bands - kept)
        keys = sorted({key for copy in copies for key in bands_of(copy)})
        self.upsert(schema.bands, [ledger | {"band": band, "story": story} for band, story in keys])

    def upsert(self, table: Table, rows: Iterable[Mapping[str, Any]], changes: Sequence[str] | None = None) -> None:
        """Write *rows*; of those that are there already only the columns *changes*, all of them if that is None."""
        rows = list(rows)
        if not rows:
            return
        # Only the words of each kind of database say what to do about a row that is there.
        words = sqlite if self.connection.dialect.name == "sqlite" else postgresql
        insert: Any = words.insert(table)
        keys = [column.name for column in table.primary_key]
        names = [name for name in rows[0] if name not in keys] if changes is None else changes
        if names:
            statement = insert.on_conflict_do_update(
                index_elements=keys, set_={name: insert.excluded[name] for name in names}
            )
        else:
            statement = insert.on_conflict_do_nothing(index_elements=keys)
        self.connection.execute(statement, rows)


def bands_of(copy: CopyRecord) -> set[tuple[int, int]]:
    """Return the rows of `bands`, without the number of the ledger, by which a copy is found."""
    return {(band, copy.story) for band in bands(copy.text)}


def delete_bands(connection: Connection, ledger: int, keys: Collection[tuple[int, int]]) -> None:
    """Delete rows of `bands` from a ledger."""
    table = schema.bands
    mine = (table.c.ledger == ledger, table.c.band == bindparam("one_band"), table.c.story == bindparam("one_story"))
    if keys:
        rows = [{"one_band": band, "one_story": story} for band, story in sorted(keys)]
        connection.execute(table.delete().where(*mine), rows)
