"""What is known of a stored page before it is read, and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from newscrawl.characters import printable

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""Statuses of HTTP that lead to another address."""

Kind = Literal["response", "resource", "conversion", "file"]
Part = Literal["list", "feed", "article"]
"""What newscrawl has asked for: it is read as such, whatever it turned out to be."""
PARTS: tuple[Part, ...] = ("list", "feed", "article")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies; all that is needed to read it again."""

    source: Path
    member: str | None
    """Its name in a WACZ."""
    offset: int
    """Byte of the file, or of the member, where the record begins, or the gzip member that it lies in."""
    length: int
    """Bytes of the record, unfolded, as far as they are known."""
    inner: int = 0
    """Unfolded bytes of the gzip member that come before it."""

    def __str__(self) -> str:
        name = f"{self.source}, {self.member}" if self.member else f"{self.source}"
        name = printable(name)
        return f"{name} at byte {self.offset}" + (f", {self.inner} bytes unfolded" if self.inner else "")


@dataclass(frozen=True, slots=True)
class Listed:
    """A record that may be a page or feed, or leads to one."""

    place: Place
    captured_at: datetime
    url: str | None
    run: str | None
    """Id of the warcinfo record that it belongs to: the same for what was captured together."""
    began_at: datetime | None = None
    """When that run began, where it was a crawl of newscrawl."""
    part: Part | None = None
    """As what it was asked for, where that is known."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A record that can be no page."""

    place: Place
    reason: str
    """What it is instead, such as ``image/png`` or ``status 404``."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """A place where a record cannot be read, or where there is none."""

    place: Place
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class DamagedRecord(Exception):
    """A record that cannot be read, or not whole."""

    def __init__(self, place: Place, reason: str) -> None:
        super().__init__(place, reason)  # both, so that it can be pickled
        self.damaged = Damaged(place, reason)

    def __str__(self) -> str:
        return str(self.damaged)


@dataclass(frozen=True, slots=True)
class Record:
    """A stored page as it was received, with its codings undone."""

    place: Place
    url: str | None
    captured_at: datetime
    """Aware, UTC; of a file the moment it was last changed."""
    body: bytes
    content_type: str
    headers: Mapping[str, str]
    """Of HTTP, names as in ``Content-Type``; of headers that come twice, the last."""
    status: int
    kind: Kind
    truncated: bool = False
    """Whether the archive says that only a part of it was stored."""
