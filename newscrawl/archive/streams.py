"""The bytes of an archive from any place on, gzipped or not."""

import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from io import UnsupportedOperation
from pathlib import Path
from typing import IO, Any, Protocol
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

MAGIC = b"\x1f\x8b\x08"
HEAD = b"WARC/1."
_AT_ONCE = 1 << 15  # bytes that are read; what is left of them is copied with each gzip member
_UNFOLDED = 1 << 18  # bytes that are unfolded at once
_PROBE = 1 << 10  # bytes of a gzip member within which it has to show that it holds a record
_KEPT = 1 << 17  # bytes that are kept of what fastwarc has read: as much as it can be ahead
_APART = 1 << 25  # unfolded bytes of a gzip member between two places that can be gone back to
UNREADABLE = (OSError, EOFError, BadZipFile, zlib.error, NotImplementedError, RuntimeError)  # as zipfile raises them


class Unreadable(Exception):
    """A file that cannot be opened, or a zip that is none; the message is the reason."""


class Raw(Protocol):
    """Bytes as they are stored."""

    def read(self, size: int, /) -> bytes: ...
    def seek(self, offset: int, /) -> object: ...
    def close(self) -> object: ...


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a stream ends before its time."""

    offset: int
    """Where the gzip member begins that is damaged; without gzip, where nothing can be read any more."""
    reason: str


class Stream:
    """Unfolded bytes: a buffer that is filled at its end and dropped from its front.

    A record begins in one gzip member, and may go on in the next where it is cut into blocks.
    """

    def __init__(self, raw: Raw, *, gzipped: bool) -> None:
        self.gzipped = gzipped
        self.buffer = bytearray()
        self.raw = raw
        """What is stored."""
        self._saved: list[_Saved] = []
        self.start(0)

    def start(self, offset: int) -> None:
        """Go to *offset*, where a record or a gzip member begins."""
        self._begin(offset)
        self.base = 0
        """Position of the first byte of the buffer, counted from where the stream was started."""
        if not self.gzipped:
            self.marks.append((0, offset))

    def _begin(self, offset: int) -> None:
        self.buffer.clear()
        self.marks: deque[tuple[int, int]] = deque()
        """Positions where gzip members begin, each with its offset; from the one that the buffer begins in."""
        self.failure: Failure | None = None
        self.at = offset
        """Byte of the file up to which all is in the buffer, or was."""
        self._packed = b""
        self._inflater: Any = None
        self._has_given = False
        try:
            self.raw.seek(offset)
        except UNREADABLE as error:
            self.failure = Failure(offset, f"it cannot be read: {error}")

    def go_to(self, offset: int, inner: int) -> None:
        """Let the buffer begin at a place, going on from where the stream is if that is the shorter way."""
        ahead = self._ahead(offset, inner)
        saved = self._nearest(offset, inner)
        if ahead is not None and (saved is None or ahead - len(self.buffer) <= inner - saved.inner):
            self._skip(ahead)
        elif saved is not None:
            self._begin(saved.at)
            self._inflater, self._has_given = saved.inflater.copy(), True
            self.base = saved.inner
            self.marks.append((0, offset))
            self._skip(inner - saved.inner)
        else:
            self.start(offset)
            self._skip(inner)

    def need(self, size: int) -> bool:
        """Fill the buffer to *size*; return whether there is so much."""
        while len(self.buffer) < size:
            if not self.fill():
                return False
        return True

    def fill(self) -> bool:
        """Add to the buffer; return whether there was anything left."""
        if self.failure is not None:
            return False
        try:
            if self.gzipped:
                return self._unfold()
            more = self.raw.read(_UNFOLDED)
        except UNREADABLE as error:
            self.failure = Failure(self.at, f"it cannot be read: {error}")
            return False
        self.at += len(more)
        self.buffer += more
        return bool(more)

    def drop(self, size: int) -> None:
        """Let go of the first bytes of the buffer."""
        del self.buffer[:size]
        self.base += size
        while len(self.marks) > 1 and self.marks[1][0] <= self.base:
            self.marks.popleft()

    def place(self, index: int = 0) -> tuple[int, int]:
        """Return the offset, and what comes before in the gzip member, of a byte of the buffer."""
        position = self.base + index
        begin, offset = position, self.at
        for mark, marked in self.marks:
            if mark > position:
                break
            begin, offset = mark, marked
        return (offset, position - begin) if self.gzipped else (offset + position - begin, 0)

    def restart(self, offset: int) -> bool:
        """Go to the next gzip member from *offset* on that begins with a record; return whether there is one."""
        if not self.gzipped:
            return False
        base = self.base + len(self.buffer)
        self._begin(offset)
        window, begin = b"", offset
        while True:
            try:
                more = self.raw.read(_UNFOLDED)
            except UNREADABLE:
                more = b""
            window += more
            index = window.find(MAGIC)
            while index >= 0 and (index + _PROBE <= len(window) or not more):
                if _opens_record(window[index : index + _PROBE]):
                    self._begin(begin + index)
                    self.base = base
                    return True
                index = window.find(MAGIC, index + 1)
            if not more:
                self.base, self.at = base, begin + len(window)
                return False
            keep = index if index >= 0 else max(0, len(window) - len(MAGIC) + 1)
            window, begin = window[keep:], begin + keep

    def close(self) -> None:
        """Close the file."""
        self.raw.close()

    def _skip(self, size: int) -> None:
        while size > len(self.buffer):
            size -= len(self.buffer)
            self.drop(len(self.buffer))
            if not self.fill():
                return
        self.drop(size)

    def _unfold(self) -> bool:
        while True:
            packed = self._packed or self.raw.read(_AT_ONCE)
            if self._inflater is None:
                if not packed:
                    return False
                self.marks.append((self.base + len(self.buffer), self.at))
                self._inflater, self._has_given = zlib.decompressobj(zlib.MAX_WBITS | 16), False
            inflater, offset = self._inflater, self.marks[-1][1]
            before = inflater.copy() if self._has_given else None
            if before is not None:
                self._save(before)
            try:
                more = inflater.decompress(packed, _UNFOLDED)
            except zlib.error as error:
                self.failure = Failure(offset, _reason(error))
                more = _up_to_damage(before or zlib.decompressobj(zlib.MAX_WBITS | 16), packed)
                self.buffer += more
                return bool(more)
            if not packed and not more and not inflater.eof:
                self.failure = Failure(offset, "it is cut off")
                return False
            self._packed = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
            self.at += len(packed) - len(self._packed)
            self._has_given = self._has_given or bool(more)
            if inflater.eof:
                self._inflater = None
            if more:
                self.buffer += more
                return True

    def _ahead(self, offset: int, inner: int) -> int | None:
        """Return how many bytes a place lies behind the front of the buffer, if it can be reached by going on."""
        for position, marked in self.marks if self.failure is None else ():
            if self.gzipped and marked == offset and position + inner >= self.base:
                return position + inner - self.base
            if not self.gzipped and 0 <= (ahead := position + offset - marked - self.base) <= len(self.buffer):
                return ahead
        return None

    def _save(self, inflater: Any) -> None:
        begin, offset = self.marks[-1]
        inner = self.base + len(self.buffer) - begin
        if self._saved and self._saved[-1].offset != offset:
            self._saved = []
        if inner >= (self._saved[-1].inner if self._saved else 0) + _APART:
            self._saved.append(_Saved(offset, inner, self.at, inflater.copy()))

    def _nearest(self, offset: int, inner: int) -> "_Saved | None":
        fitting = (saved for saved in self._saved if saved.offset == offset and saved.inner <= inner)
        return max(fitting, key=lambda saved: saved.inner, default=None)


class Tapped:
    """What is stored, from where a stream was started on, for fastwarc; an error is the end, or it would panic."""

    def __init__(self, stream: Stream) -> None:
        self.at = stream.at
        """Byte of the file up to which it was read."""
        self._stream = stream
        self._kept = b""

    def read(self, size: int = -1) -> bytes:
        try:
            more = self._stream.raw.read(size)
        except UNREADABLE:
            return b""
        self.at += len(more)
        self._kept = self._kept[-_KEPT:] + more
        return more

    def tell(self) -> int:
        return self.at

    def seek(self, _offset: int, _whence: int = 0, /) -> int:
        raise UnsupportedOperation("seek")

    def close(self) -> None:
        """Leave it to the stream."""

    def is_filled(self, begin: int, size: int, end: int) -> bool:
        """Return whether *size* unfolded bytes, and none besides, lie between two bytes of the file.

        The last four bytes of a gzip member say how many it unfolds to.
        """
        if not self._stream.gzipped:
            return end - begin == size
        index = end - (self.at - len(self._kept))
        return index >= 4 and int.from_bytes(self._kept[index - 4 : index], "little") == size


@dataclass(frozen=True, slots=True)
class _Saved:
    """A place within a long gzip member that can be gone back to."""

    offset: int
    inner: int
    at: int
    inflater: Any


def _reason(error: zlib.error) -> str:
    said = str(error).rpartition(": ")[2]
    return (
        "its checksum does not fit" if "incorrect" in said and "check" in said else f"its gzip data is damaged: {said}"
    )


def _up_to_damage(inflater: Any, packed: bytes) -> bytes:
    made = bytearray()
    try:
        for index in range(len(packed)):
            made += inflater.decompress(packed[index : index + 1])
    except zlib.error:
        pass
    return bytes(made)


def _opens_record(packed: bytes) -> bool:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(packed, len(HEAD)) == HEAD
    except zlib.error:
        return False


# --- Files ------------------------------------------------------------------------------------------------------------


def open_raw(source: Path, member: str | None) -> Raw:
    """Open a file, or a member of a zip, which is never written anywhere. Raises: Unreadable."""
    try:
        return source.open("rb") if member is None else _open_member(source, member)
    except (*UNREADABLE, KeyError, ValueError) as error:
        raise Unreadable(f"it cannot be read: {_said(error)}") from error


def members(source: Path, fits: Callable[[str], bool]) -> list[str]:
    """Return the names in a zip that *fits* takes, sorted. Raises: Unreadable."""
    try:
        with ZipFile(source) as archive:
            return sorted({info.filename for info in archive.infolist() if not info.is_dir() and fits(info.filename)})
    except (*UNREADABLE, ValueError) as error:
        raise Unreadable(f"the zip cannot be read: {_said(error)}") from error


def _open_member(source: Path, member: str) -> Raw:
    with ZipFile(source) as archive:
        info = archive.getinfo(member)
        opened = archive.open(info)
        if info.compress_type != ZIP_STORED or info.flag_bits & 1:
            return opened
        opened.close()
    return _Stored(source.open("rb"), info)


class _Stored:
    """A member of a zip that is stored as it is; zipfile would read all that comes before a place."""

    def __init__(self, file: IO[bytes], info: ZipInfo) -> None:
        self._file = file
        file.seek(info.header_offset)
        header = file.read(30)
        self._begin = info.header_offset + 30 + sum(int.from_bytes(header[i : i + 2], "little") for i in (26, 28))
        self._end = self._begin + info.file_size
        file.seek(self._begin)

    def read(self, size: int, /) -> bytes:
        return self._file.read(max(0, min(size, self._end - self._file.tell())))

    def seek(self, offset: int, /) -> object:
        return self._file.seek(self._begin + offset)

    def close(self) -> None:
        self._file.close()


def _said(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
