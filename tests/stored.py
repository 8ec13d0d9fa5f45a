"""Archives as others write them, by warcio, and by hand where nobody should."""

import gzip
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl.archive.catalogue import scan
from newscrawl.archive.records import Damaged, Listed, Passed

SITE = "https://www.voorbeeld.nl"
HTML = "text/html; charset=utf-8"


def page(number: int, size: int = 40) -> bytes:
    """Return a page that no other number has, and that does not compress to nothing."""
    words = " ".join(f"{zlib.crc32(f'{number}/{index}'.encode()):x}" for index in range(size))
    return f"<html><body><p>Pagina {number}: de sluis is dicht. {words}</p></body></html>".encode()


class Archive:
    """A WARC in the making."""

    def __init__(self, *, gzipped: bool = True, version: str = "1.1") -> None:
        self.begins: list[int] = []
        """Bytes at which records begin."""
        self._file = BytesIO()
        self._writer = WARCWriter(self._file, gzip=gzipped, warc_version=version)

    @property
    def data(self) -> bytes:
        """All that was written."""
        return self._file.getvalue()

    @property
    def pieces(self) -> list[bytes]:
        """Each record as it stands in the file."""
        ends = [*self.begins[1:], len(self.data)]
        return [self.data[begin:end] for begin, end in zip(self.begins, ends, strict=True)]

    def info(self) -> str:
        """Write a warcinfo record; return its id."""
        record = self._writer.create_warcinfo_record("x.warc.gz", {"software": "test"})
        self._write(record)
        return str(record.rec_headers.get_header("WARC-Record-ID"))

    def response(
        self,
        body: bytes,
        *,
        url: str = SITE,
        status: str = "200 OK",
        headers: Iterable[tuple[str, str]] = (("Content-Type", HTML),),
        about: Mapping[str, str] | None = None,
    ) -> None:
        """Write a response."""
        http = StatusAndHeaders(status, list(headers), protocol="HTTP/1.1")
        about = {"WARC-Date": "2026-02-24T09:00:00Z", **(about or {})}
        self._write(
            self._writer.create_warc_record(
                url, "response", payload=BytesIO(body), http_headers=http, warc_headers_dict=about
            )
        )

    def other(self, kind: str, body: bytes, content_type: str, *, url: str = SITE) -> None:
        """Write a record without HTTP."""
        about = {"WARC-Date": "2026-02-24T09:00:00Z"}
        self._write(
            self._writer.create_warc_record(
                url, kind, payload=BytesIO(body), warc_content_type=content_type, warc_headers_dict=about
            )
        )

    def pages(self, count: int) -> "Archive":
        """Write pages, a minute apart."""
        for number in range(count):
            about = {"WARC-Date": f"2026-02-24T09:{number:02}:00Z"}
            self.response(page(number), url=f"{SITE}/nieuws/{number}", about=about)
        return self

    def _write(self, record: Any) -> None:
        self.begins.append(self._file.tell())
        self._writer.write_record(record)
        record.raw_stream.close()  # a temporary file that warcio leaves open


def by_hand(block: bytes, **fields: str) -> bytes:
    """Return a record with these fields, in which ``_`` stands for ``-``; an empty one is left out."""
    known = {
        "WARC_Type": "response",
        "WARC_Date": "2026-02-24T09:00:00Z",
        "WARC_Target_URI": SITE,
        "Content_Type": "application/http; msgtype=response",
        "Content_Length": str(len(block)),
        **fields,
    }
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in known.items() if value)
    return b"WARC/1.0\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def in_one(data: bytes) -> bytes:
    """Return a WARC gzipped as one stream."""
    return gzip.compress(data, mtime=0)


def zipped(path: Path, members: Mapping[str, bytes], *, deflated: bool = False) -> Path:
    """Write a WACZ."""
    with ZipFile(path, "w", ZIP_DEFLATED if deflated else ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def stored(path: Path, data: bytes) -> Path:
    """Write a file."""
    path.write_bytes(data)
    return path


def listed(source: Path) -> list[Listed]:
    return [found for found in scan(source) if isinstance(found, Listed)]


def passed(source: Path) -> list[str]:
    return [found.reason for found in scan(source) if isinstance(found, Passed)]


def damaged(source: Path) -> list[Damaged]:
    return [found for found in scan(source) if isinstance(found, Damaged)]
