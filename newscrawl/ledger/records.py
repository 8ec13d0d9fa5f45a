"""What a ledger keeps of a story, a line and a copy, as objects; and their way to rows and back."""

import zlib
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import orjson
from sqlalchemy import RowMapping

from newscrawl.items import Kind
from newscrawl.timing.evidence import SOURCES, Publication
from newscrawl.timing.interval import PRECISIONS, Interval, by_width

KINDS: tuple[Kind, ...] = ("article", "brief")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_number(moment: datetime) -> int:
    """Return an aware moment as microseconds since 1970."""
    return (moment - EPOCH) // _MICROSECOND


def to_moment(number: int) -> datetime:
    """Return the moment that `to_number` made *number* of."""
    return EPOCH + number * _MICROSECOND


@dataclass(slots=True)
class StoryRecord:
    """What is known of a story; see the table `stories`."""

    id: int
    address: int | None
    first_shown: datetime
    last_shown: datetime
    sightings: int = 0
    publication: Publication | None = None

    @classmethod
    def of_row(cls, row: RowMapping) -> Self:
        """Return the record that *row* holds."""
        publication = None
        if row["earliest"] is not None:
            interval = Interval(to_moment(row["earliest"]), to_moment(row["latest"]), PRECISIONS[row["precision"]])
            publication = Publication(interval, SOURCES[row["source"]], row["raw"], row["weight"])
            if row["anew_earliest"] is not None:
                earliest, latest = to_moment(row["anew_earliest"]), to_moment(row["anew_latest"])
                anew = Interval(earliest, latest, by_width(latest - earliest))
                publication = replace(publication, anew=anew)
        return cls(
            row["id"],
            row["address"],
            to_moment(row["first_shown"]),
            to_moment(row["last_shown"]),
            row["sightings"],
            publication,
        )

    def row(self) -> dict[str, Any]:
        """Return the record as a row, without the number of its ledger."""
        known = self.publication
        anew = known.anew if known else None
        return {
            "id": self.id,
            "address": self.address,
            "first_shown": to_number(self.first_shown),
            "last_shown": to_number(self.last_shown),
            "sightings": self.sightings,
            "earliest": to_number(known.interval.earliest) if known else None,
            "latest": to_number(known.interval.latest) if known else None,
            "precision": PRECISIONS.index(known.interval.precision) if known else None,
            "source": SOURCES.index(known.source) if known else None,
            "weight": known.weight if known else None,
            "raw": known.raw if known else None,
            "anew_earliest": to_number(anew.earliest) if anew else None,
            "anew_latest": to_number(anew.latest) if anew else None,
        }


@dataclass(slots=True)
class LineRecord:
    """The last line of a kind that was written for a story; see the table `lines`."""

    story: int
    kind: Kind
    revision: int
    run: int
    substance: int
    in_index: int | None = None
    in_sidebar: int | None = None
    due: datetime | None = None

    @classmethod
    def of_row(cls, row: RowMapping) -> Self:
        """Return the record that *row* holds."""
        values = {field.name: row[field.name] for field in fields(cls)}
        due = row["due"]
        return cls(**values | {"kind": KINDS[row["kind"]], "due": None if due is None else to_moment(due)})

    def row(self) -> dict[str, Any]:
        """Return the record as a row, without the number of its ledger."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        due = None if self.due is None else to_number(self.due)
        return values | {"kind": KINDS.index(self.kind), "due": due}


@dataclass(frozen=True, slots=True)
class CopyRecord:
    """A story as its last line of a kind tells it; see the table `copies`."""

    story: int
    kind: Kind
    shown: datetime
    place: str | None
    headline: str | None
    dateline: str | None
    text: str

    @classmethod
    def of_row(cls, row: RowMapping) -> Self:
        """Return the record that *row* holds."""
        return cls(
            row["story"], KINDS[row["kind"]], to_moment(row["shown"]), *orjson.loads(zlib.decompress(row["copy"]))
        )

    def row(self) -> dict[str, Any]:
        """Return the record as a row, without the number of its ledger."""
        packed = zlib.compress(orjson.dumps([self.place, self.headline, self.dateline, self.text]))
        kind = KINDS.index(self.kind)
        return {"story": self.story, "kind": kind, "shown": to_number(self.shown), "copy": packed}
