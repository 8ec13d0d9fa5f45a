"""The files of a run: where they lie, and how a line and a file come to be whole."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import jsonlines
import orjson

PART = ".part"
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class RunFiles:
    """Where one run writes: a folder for each kind of file, a folder for each spider, and one name for all of them."""

    folder: Path
    spider: str
    name: str

    @classmethod
    def of(cls, folder: str | Path, spider: str, started_at: datetime, job: str) -> "RunFiles":
        """Return the files of the run that *spider* began at *started_at* (aware) as *job*, below *folder*."""
        job = _UNSAFE.sub("_", job).lstrip(".")[:80] or "0"
        name = f"{started_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{job}"
        return next(files for files in cls._numbered(Path(folder).absolute(), spider, name) if not files._is_taken())

    @classmethod
    def _numbered(cls, folder: Path, spider: str, name: str) -> Iterator["RunFiles"]:
        """Yield the files by that name, then by that name and a number: two runs may begin in one second."""
        yield cls(folder, spider, name)
        for number in count(2):
            yield cls(folder, spider, f"{name}-{number}")

    def _is_taken(self) -> bool:
        paths = (self.stories, self.sightings, self.report)
        return any(path.exists() or path.with_name(path.name + PART).exists() for path in paths)

    @property
    def stories(self) -> Path:
        """One line for each story."""
        return self.folder / "stories" / self.spider / f"{self.name}.jsonl"

    @property
    def sightings(self) -> Path:
        """One line for each appearance on a page."""
        return self.folder / "sightings" / self.spider / f"{self.name}.jsonl"

    @property
    def report(self) -> Path:
        """The run report."""
        return self.folder / "runs" / self.spider / f"{self.name}.json"


class WholeLines:
    """A JSON Lines file that grows by whole lines and bears its name only once it is whole.

    Until it is finished its name ends in `.part`. Each line reaches the system in one write. Raises: OSError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        self._part = path.with_name(path.name + PART)
        self._fd = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        self._pending = bytearray()
        self._writer = jsonlines.Writer(self, dumps=dumps, flush=True)  # type: ignore[arg-type]

    def append(self, item: Any) -> None:
        """Write a dataclass as one line."""
        self._writer.write(item)
        self.lines += 1

    def finish(self) -> None:
        """Give the file its name; one without lines goes."""
        os.fsync(self._fd)
        os.close(self._fd)
        if self.lines:
            self._part.replace(self.path)
        else:
            self._part.unlink()

    # What jsonlines asks of a file: it tries whether text is taken, writes line and line end apart, and then flushes.

    def write(self, data: bytes) -> int:
        """Keep *data* until the line is whole."""
        if not isinstance(data, bytes):
            raise TypeError("bytes are wanted")
        self._pending += data
        return len(data)

    def flush(self) -> None:
        """Write the line that was kept, in one piece."""
        line, self._pending = bytes(self._pending), bytearray()
        written = os.write(self._fd, line)
        if written < len(line):  # a disk that filled up in the middle of a line
            os.ftruncate(self._fd, os.fstat(self._fd).st_size - written)
            raise OSError(f"{self._part}: only {written} of {len(line)} bytes could be written")


def dumps(item: Any) -> bytes:
    """Return *item* as JSON; moments as ISO 8601 in UTC, ending in Z."""
    return orjson.dumps(item, option=orjson.OPT_UTC_Z)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all. Raises: OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + PART)
    part.write_bytes(data)
    part.replace(path)
