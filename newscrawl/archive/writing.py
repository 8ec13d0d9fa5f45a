"""The pages of a live crawl as a WARC, so that they can be read again when the reading has improved."""

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import responses
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from fastwarc.warc import WarcRecord, WarcRecordType

from newscrawl.archive.records import Part
from newscrawl.output import part_of
from newscrawl.version import VERSION

PART = "Newscrawl-Part"  # a field of records
_PIECE = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Capture:
    """A response as it came."""

    url: str
    """What was asked for."""
    captured_at: datetime
    """When it arrived, aware: the moment by which it is read."""
    status: int
    """Of HTTP."""
    headers: Iterable[tuple[bytes, bytes]]
    body: bytes
    """Still in the coding that the headers name, but without chunks."""
    part: Part | None = None
    """As what it was asked for."""


class WarcFile:
    """A WARC that grows by whole records, each a gzip member of its own, and bears its name only once it is whole.

    Until then its name ends in `.part`. Whatever a kill leaves of it, `finish_warc` makes whole. Raises: OSError.
    """

    def __init__(self, path: Path, about: str, began_at: datetime) -> None:
        """Begin the WARC of the run that *about* describes, and that began at *began_at* (aware)."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(part_of(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        self._length = 0
        info = WarcRecord()
        info.init_headers(WarcRecordType.warcinfo)
        self._run = info.record_id or ""
        info.headers["WARC-Date"] = _moment(began_at)
        info.headers["WARC-Filename"] = path.name
        info.headers["Content-Type"] = "application/warc-fields"
        fields = {
            "software": f"newscrawl/{VERSION}",
            "format": "WARC File Format 1.1",
            "isPartOf": about,
        }
        info.set_bytes_content("".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode())
        self._append(info)

    def add(self, capture: Capture) -> None:
        """Append one response."""
        record = WarcRecord()
        record.init_headers(WarcRecordType.response)
        record.headers["WARC-Target-URI"] = capture.url
        record.headers["WARC-Date"] = _moment(capture.captured_at)
        record.headers["WARC-Warcinfo-ID"] = f"<{self._run.strip('<>')}>"
        if capture.part is not None:
            record.headers[PART] = capture.part
        record.is_http = True
        first = f"HTTP/1.1 {capture.status} {responses.get(capture.status, '')}"
        head = b"\r\n".join((first.encode(), *(b": ".join(header) for header in capture.headers)))
        record.set_bytes_content(head + b"\r\n\r\n" + capture.body)
        self._append(record)

    def close(self) -> None:
        """Bring what is there to disk, and close the file under the name it has."""
        try:
            os.fsync(self._fd)
        finally:
            os.close(self._fd)

    def _append(self, record: WarcRecord) -> None:
        raw = BytesIO()
        record.write(raw, checksum_data=True)
        data = gzip.compress(raw.getvalue(), compresslevel=6, mtime=0)
        try:
            written = os.write(self._fd, data)
            if written < len(data):
                raise OSError(f"{part_of(self.path)}: only {written} of {len(data)} bytes could be written")
        except OSError:
            os.ftruncate(self._fd, self._length)
            raise
        self._length += len(data)


def finish_warc(path: Path) -> None:
    """Give the WARC at *path* its name, if it has not got it, without what was cut off; one without pages goes.

    Raises: OSError.
    """
    part = part_of(path)
    if not part.exists():
        return
    with part.open("r+b") as file:
        ends = list(_ends_of_members(file))
        if len(ends) > 1:
            file.truncate(ends[-1])
            os.fsync(file.fileno())
    if len(ends) > 1:  # the first member says which run it was
        part.replace(path)
    else:
        part.unlink()


def _ends_of_members(file: BinaryIO) -> Iterator[int]:
    """Yield where each gzip member ends, up to the first that is not whole."""
    place, rest = 0, b""
    while True:
        unpacking = zlib.decompressobj(wbits=31)
        while not unpacking.eof:
            rest = rest or file.read(_PIECE)
            if not rest:
                return
            try:
                unpacking.decompress(rest)
            except zlib.error:
                return
            place += len(rest) - len(unpacking.unused_data)
            rest = unpacking.unused_data
        yield place


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
