"""The files of a run: where they lie, and how a line and a file come to be whole."""

import fcntl
import mmap
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Self

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

    @classmethod
    def unfinished(cls, folder: Path) -> list["RunFiles"]:
        """Return the files of runs that go on below *folder*, or that were killed; the oldest first."""
        marks = sorted((folder / "runs").glob(f"*/[!.]*.json{PART}"), key=lambda mark: (mark.name, mark.parent.name))
        return [cls(folder, mark.parent.name, mark.name.removesuffix(f".json{PART}")) for mark in marks]

    def _is_taken(self) -> bool:
        paths = (self.stories, self.sightings, self.warc, self.report)
        return any(path.exists() or part_of(path).exists() for path in paths)

    @property
    def stories(self) -> Path:
        """One line for each story."""
        return self.folder / "stories" / self.spider / f"{self.name}.jsonl"

    @property
    def sightings(self) -> Path:
        """One line for each appearance on a page."""
        return self.folder / "sightings" / self.spider / f"{self.name}.jsonl"

    @property
    def warc(self) -> Path:
        """The pages themselves, where they are kept."""
        return self.folder / "warc" / self.spider / f"{self.name}.warc.gz"

    @property
    def written(self) -> dict[str, str]:
        """The files that are there, with at least one line or page: kind to path from the output folder."""
        files = {"stories": self.stories, "sightings": self.sightings, "warc": self.warc}
        return {kind: path.relative_to(self.folder).as_posix() for kind, path in files.items() if path.exists()}

    @property
    def report(self) -> Path:
        """The run report. While the run goes on its `.part` says which run that is."""
        return self.folder / "runs" / self.spider / f"{self.name}.json"


class WholeLines:
    """A JSON Lines file that grows by whole lines and bears its name only once it is whole.

    Until it is finished its name ends in `.part`. Raises: OSError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.length = 0
        """Bytes that are there to stay."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(part_of(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        self._waiting = bytearray()
        self._writer = jsonlines.Writer(self, dumps=dumps)  # type: ignore[arg-type]

    def append(self, items: Iterable[Any]) -> int:
        """Write dataclasses as a line each, in one piece. Return the length of the file with them.

        They are there to stay only once that is told by `keep`; `cut` takes them away again.
        """
        self._writer.write_all(items)
        lines, self._waiting = bytes(self._waiting), bytearray()
        if lines:
            written = os.write(self._fd, lines)
            if written < len(lines):
                raise OSError(f"{part_of(self.path)}: only {written} of {len(lines)} bytes could be written")
            os.fdatasync(self._fd)  # whoever remembers these lines may outlive a loss of power
        return self.length + len(lines)

    def keep(self, length: int) -> None:
        """Let the first *length* bytes stay."""
        self.length = length

    def cut(self) -> None:
        """Take away what is not there to stay."""
        os.ftruncate(self._fd, self.length)

    def close(self) -> None:
        """Close the file under the name it has."""
        os.close(self._fd)

    def write(self, data: bytes) -> int:
        """Take *data* from jsonlines, which tries whether text is taken, and writes lines and their ends apart."""
        if not isinstance(data, bytes):
            raise TypeError("bytes are wanted")
        self._waiting += data
        return len(data)


class Mark:
    """The `.part` of a run's report while the run goes on: it says which run it is, and its lock that it is alive.

    The system gives the lock back when its holder dies, however it dies.
    """

    def __init__(self, path: Path, fd: int) -> None:
        self._path, self._fd = path, fd

    @classmethod
    def make(cls, report: Path, content: Any) -> Self:
        """Mark a run that begins. Raises: OSError, also where there is such a run."""
        path = part_of(report)
        path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(fd).st_nlink:
                    os.write(fd, dumps(content))
                    os.fsync(fd)
                    return cls(path, fd)
            except BlockingIOError:
                pass  # in the instant before the lock it looked dead to another run, which removes it
            except OSError:
                path.unlink(missing_ok=True)
                os.close(fd)
                raise
            os.close(fd)

    @classmethod
    def take_over(cls, report: Path) -> Self | None:
        """Return the mark of a run that died, or None while it lives, or where somebody else is at it."""
        path = part_of(report)
        try:
            fd = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(fd).st_nlink:
                return cls(path, fd)
        except BlockingIOError:
            pass
        os.close(fd)
        return None

    @property
    def content(self) -> dict[str, Any]:
        """What it says. Raises: ValueError for one that is damaged."""
        content = orjson.loads(os.pread(self._fd, os.fstat(self._fd).st_size, 0))
        if not isinstance(content, dict):
            raise ValueError(f"{self._path}: an object is wanted")
        return content

    def remove(self) -> None:
        """Let the run be over."""
        self._path.unlink(missing_ok=True)
        os.close(self._fd)

    def leave(self) -> None:
        """Leave the mark to whoever can mend its run."""
        os.close(self._fd)


class FolderLock:
    """A folder that one process has for itself, for as long as it lives."""

    def __init__(self, folder: Path) -> None:
        """Take *folder*. Raises: BlockingIOError while somebody else has it, OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._fd)
            raise

    def release(self) -> None:
        """Give the folder back."""
        os.close(self._fd)


class LostLines(Exception):
    """A file that is shorter than what was committed of it: a disk has lost what it had promised to keep."""


def finish_lines(path: Path, length: int | None) -> None:
    """Give the file of lines at *path* its name, if it has not got it; one without lines goes.

    Args:
        path: its name.
        length: of what is there to stay, in bytes; None for all whole lines.
    Raises: OSError, LostLines.
    """
    part = part_of(path)
    if not part.exists():
        return
    fd = os.open(part, os.O_RDWR)
    try:
        size = os.fstat(fd).st_size
        if length is None:
            length = 0
            if size:
                with mmap.mmap(fd, 0, prot=mmap.PROT_READ) as content:
                    length = content.rfind(b"\n") + 1
        if size < length:
            raise LostLines(f"{part}: {length} bytes of it were committed, and only {size} are left")
        os.ftruncate(fd, length)
        os.fsync(fd)
    finally:
        os.close(fd)
    if length:
        part.replace(path)
    else:
        part.unlink()


def part_of(path: Path) -> Path:
    """Return the name of a file while it is not whole."""
    return path.with_name(path.name + PART)


def hidden_part_of(path: Path) -> Path:
    """Return the name of a file while it is written in one go; one that a kill leaves is of no use to anybody."""
    return path.with_name(f".{path.name}{PART}")


def dumps(item: Any, *, indent: bool = False) -> bytes:
    """Return *item* as JSON; moments as ISO 8601 in UTC, ending in Z."""
    return orjson.dumps(item, option=orjson.OPT_UTC_Z | (orjson.OPT_INDENT_2 if indent else 0))


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all. Raises: OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = hidden_part_of(path)
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
