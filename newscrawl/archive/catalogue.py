"""What lies in an archive, and each record of it again."""

import atexit
import os
import re
from base64 import b16encode, b32encode
from collections import OrderedDict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import new as new_hash
from pathlib import Path
from urllib.parse import urlsplit

from newscrawl.archive.framing import Broken, Framed, frame
from newscrawl.archive.heads import (
    Head,
    NoDate,
    content_length,
    end_of_head,
    media_type,
    read_date,
    read_head,
    read_status,
    text_of,
)
from newscrawl.archive.payloads import MOST, Unfoldable, unfold
from newscrawl.archive.records import (
    PARTS,
    REDIRECTS,
    Damaged,
    DamagedRecord,
    Kind,
    Listed,
    Part,
    Passed,
    Place,
    Record,
)
from newscrawl.archive.sources import PAGES, WACZ, WARCS
from newscrawl.archive.streams import MAGIC, UNREADABLE, Raw, Stream, Unreadable, members, open_raw
from newscrawl.archive.writing import PART

_KINDS: dict[bytes, Kind] = {b"response": "response", b"resource": "resource", b"conversion": "conversion"}
_ABOUT_OTHERS = {b"request", b"metadata", b"continuation"}
_TYPE = re.compile(rb"[a-z][a-z0-9_-]*")
_PAGES = {"text/html", "application/xhtml+xml", "text/plain"}
_FEEDS = {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml"}
_OPEN = 4  # streams that a process keeps open: to read the next record of one that cannot be sought in
_OURS = re.compile(rb"(?:\A|\n)software: newscrawl/")
_TOO_LARGE = f"it is larger than {MOST >> 20} MB"


def scan(
    source: Path, advance: Callable[[int], None] = lambda _: None, clock: datetime | None = None
) -> Iterator[Listed | Passed | Damaged]:
    """Return what lies in a file, in the order in which it lies there; what holds no page by its nature is left out.

    Args:
        source: one of those that `find_sources` returns.
        advance: takes the number of bytes of the file that were read since it was called last.
        clock: the moment of capture of what has none.
    """
    name = source.name.casefold()
    try:
        if name.endswith(PAGES):
            yield _list_file(source, clock)
        elif name.endswith(WACZ):
            yield from _scan_zip(source, advance, clock)
        else:
            yield from _scan_warc(source, None, advance, clock)
    except Unreadable as error:
        yield Damaged(Place(source, None, 0, 0), str(error))


def read(place: Place, clock: datetime | None = None) -> Record:
    """Return the record at a place, captured at *clock* if it has no date. Raises: DamagedRecord.

    Places in one gzip member are best read in the order in which they lie there. Not for several threads.
    """
    try:
        if place.source.name.casefold().endswith(PAGES):
            return _read_file(place, clock)
        return _read_warc(place, clock)
    except (Unreadable, Unfoldable, NoDate) as error:
        raise DamagedRecord(place, str(error)) from error


# --- Files of one page ------------------------------------------------------------------------------------------------


def _list_file(source: Path, clock: datetime | None) -> Listed | Damaged:
    try:
        status = source.stat()
    except OSError as error:
        raise Unreadable(f"it cannot be read: {error.strerror}") from error
    place = Place(source, None, 0, status.st_size)
    if status.st_size > MOST:
        return Damaged(place, _TOO_LARGE)
    try:
        changed_at = read_date(datetime.fromtimestamp(status.st_mtime, UTC).isoformat().encode())
    except (NoDate, ValueError, OverflowError, OSError):
        if clock is None:
            return Damaged(place, "the moment it was last changed cannot be true; give crawled_at")
        changed_at = clock
    return Listed(place, changed_at, url=None, run=None)


def _read_file(place: Place, clock: datetime | None) -> Record:
    listed = _list_file(place.source, clock)
    if isinstance(listed, Damaged):
        raise Unreadable(listed.reason)
    try:
        body = place.source.read_bytes()
    except OSError as error:
        raise Unreadable(f"it cannot be read: {error.strerror}") from error
    is_text = place.source.name.casefold().endswith(".txt")
    kind = "text/plain" if is_text else "text/html"
    return Record(place, None, listed.captured_at, body, kind, headers={}, status=200, kind="file")


# --- WARC and WACZ ----------------------------------------------------------------------------------------------------


def _scan_zip(
    source: Path, advance: Callable[[int], None], clock: datetime | None
) -> Iterator[Listed | Passed | Damaged]:
    try:
        names = members(source, _is_archived)
    except Unreadable as error:
        yield Damaged(Place(source, None, 0, 0), str(error))
        # Its table of contents is gone; members that are not compressed by the zip lie there as they are.
        stream = Stream(open_raw(source, None), gzipped=True)
        try:
            if stream.restart(0):
                yield from _scan_stream(stream, source, None, advance, clock)
        finally:
            stream.close()
        return
    if not names:
        yield Damaged(Place(source, None, 0, 0), "there is no WARC in it")
    for name in names:
        try:
            yield from _scan_warc(source, name, advance, clock)
        except Unreadable as error:
            yield Damaged(Place(source, name, 0, 0), str(error))


def _is_archived(name: str) -> bool:
    name = name.casefold()
    return name.startswith("archive/") and name.endswith(WARCS)


def _scan_warc(
    source: Path, member: str | None, advance: Callable[[int], None], clock: datetime | None
) -> Iterator[Listed | Passed | Damaged]:
    raw = open_raw(source, member)
    try:
        begin = _peek(raw, 0)
        if not begin:
            yield Damaged(Place(source, member, 0, 0), "it is empty")
            return
        is_plain = begin.startswith(b"WARC/") or not (member or source.name).casefold().endswith(".gz")
        stream = Stream(raw, gzipped=begin.startswith(MAGIC[:2]) or not is_plain)
        if stream.gzipped and not begin.startswith(MAGIC):
            yield Damaged(Place(source, member, 0, 0), "no gzip member begins here")
            if not stream.restart(1):
                return
        yield from _scan_stream(stream, source, member, advance, clock)
    finally:
        raw.close()


def _scan_stream(
    stream: Stream, source: Path, member: str | None, advance: Callable[[int], None], clock: datetime | None
) -> Iterator[Listed | Passed | Damaged]:
    run, began_at = None, None
    told = 0
    for found in frame(stream):
        place = Place(source, member, found.offset, found.length, found.inner)
        if isinstance(found, Broken):
            yield Damaged(place, found.reason)
        else:
            kind = found.head.get(b"warc-type", b"").lower()
            if kind == b"warcinfo":
                run, began_at = text_of(found.head.get(b"warc-record-id", b"")) or None, _began_at(found)
            elif kind in _KINDS:
                yield _judge(place, found, _KINDS[kind], run, began_at, clock)
            elif not _TYPE.fullmatch(kind):
                yield Damaged(place, f"its WARC-Type is none: {text_of(kind)[:40]!r}")
            elif kind not in _ABOUT_OTHERS:
                yield Passed(place, text_of(kind[:40]))
        if stream.at > told:
            advance(stream.at - told)
            told = stream.at


def _began_at(info: Framed) -> datetime | None:
    """Return when a run of newscrawl began, of which that is the warcinfo record; None for those of others."""
    try:
        return read_date(info.head.get(b"warc-date", b"")) if _OURS.search(info.block) else None
    except NoDate:
        return None


def _judge(
    place: Place, found: Framed, kind: Kind, run: str | None, began_at: datetime | None, clock: datetime | None
) -> Listed | Passed | Damaged:
    head = found.head
    url, reason = _address(head)
    reason = reason or _why_no_page(head, found.block, kind)
    if reason:
        return Passed(place, reason)
    try:
        captured_at = read_date(head.get(b"warc-date", b""))
    except NoDate as error:
        if clock is None:
            return Damaged(place, str(error))
        captured_at = clock
    if found.is_large:
        return Damaged(place, _TOO_LARGE)
    if b"warc-segment-number" in head:
        return Damaged(place, "it is stored in segments")
    own = text_of(head.get(b"warc-warcinfo-id", b"")) or run
    is_ours = began_at is not None and own == run
    return Listed(place, captured_at, url, own, began_at if is_ours else None, _part(head) if is_ours else None)


def _part(head: Head) -> Part | None:
    named = text_of(head.get(PART.lower().encode(), b""))
    return next((part for part in PARTS if part == named), None)


def _address(head: Head) -> tuple[str | None, str | None]:
    """Return the address of a record, and what it is where it can be no page by that."""
    address = text_of(head.get(b"warc-target-uri", b"")).removeprefix("<").removesuffix(">").strip()
    scheme, colon, _ = address.partition(":")
    scheme = scheme.lower()
    if not colon or scheme in ("urn", "file"):
        return None, None
    if scheme not in ("http", "https"):
        return None, scheme[:40]
    if "[" in address or not address.isascii():
        try:
            urlsplit(address)
        except ValueError:  # nobody can have asked for that
            return None, None
    return address, "robots.txt" if address.partition("?")[0].endswith("/robots.txt") else None


def _why_no_page(head: Head, block: bytes, kind: Kind) -> str | None:
    """Return what a record is instead of a page, as far as its heads say."""
    stored_as = media_type(head.get(b"content-type", b""))
    if kind != "response":
        return None if stored_as in _PAGES else stored_as or "no content type"
    status = read_status(block[:20])
    if status is None:
        return None if stored_as in (*_PAGES, "application/http", "") else stored_as
    if status in REDIRECTS:
        return None
    if status // 100 != 2 or status == 206:  # a part of a page is none
        return f"status {status}"
    sent = media_type(read_head(block[: max(end_of_head(block), 0)]).get(b"content-type", b""))
    return None if sent in _PAGES or sent in _FEEDS or not sent or _part(head) == "feed" else sent[:40]


# --- One record -------------------------------------------------------------------------------------------------------


def _read_warc(place: Place, clock: datetime | None) -> Record:
    stream = _stream_at(place)
    if not stream.need(place.length):
        raise Unreadable(stream.failure.reason if stream.failure is not None else "it is cut off")
    data = bytes(stream.buffer[: place.length])
    size = end_of_head(data)
    head = read_head(data[: max(size, 0)])
    kind = _KINDS.get(head.get(b"warc-type", b"").lower())
    if kind is None or content_length(head) != place.length - size:
        raise Unreadable("there is another record than was listed")
    block = data[size:]
    try:
        captured_at = read_date(head.get(b"warc-date", b""))
    except NoDate:
        if clock is None:
            raise
        captured_at = clock
    url, _ = _address(head)
    is_cut = b"warc-truncated" in head
    stored_as = text_of(head.get(b"content-type", b""))
    if kind == "conversion":
        stored_as = f"{media_type(stored_as.encode())}; charset=utf-8"
    status = read_status(block[:20]) if kind == "response" else None
    if status is None:
        _check_digests(head, block, block)
        kind_of_body = stored_as if media_type(stored_as.encode()) in _PAGES else "text/html"
        return Record(place, url, captured_at, block, kind_of_body, {}, 200, kind, is_cut)
    end = end_of_head(block)
    if end < 0:
        raise Unreadable("its HTTP head has no end")
    sent = {_canonical(name): text_of(value) for name, value in read_head(block[:end]).items()}
    payload = block[end:]
    _check_digests(head, block, payload)
    transfer, content = sent.get("Transfer-Encoding", ""), sent.get("Content-Encoding", "")
    body = unfold(payload, transfer=transfer, content=content, truncated=is_cut)
    announced = sent.get("Content-Length", "")
    is_short = announced.isdecimal() and len(payload) < int(announced[:18])
    if is_short and not (is_cut or transfer) and (body is not payload or not content):
        raise Unreadable(f"it is cut off: {len(payload)} of {announced} bytes are there")
    content_type = sent.get("Content-Type") or "text/html"
    return Record(place, url, captured_at, body, content_type, sent, status, kind, is_cut)


def _canonical(name: bytes) -> str:
    return "-".join(word.capitalize() for word in text_of(name).split("-"))


def _check_digests(head: Head, block: bytes, payload: bytes) -> None:
    """Raises: Unreadable where digests were stored and none fits; single ones are wrong where tools changed heads."""
    is_known = False
    for name, data in ((b"warc-block-digest", block), (b"warc-payload-digest", payload)):
        algorithm, _, digest = text_of(head.get(name, b"")).partition(":")
        algorithm = algorithm.lower().replace("-", "")
        if algorithm not in ("sha1", "sha256", "sha512", "md5"):
            continue
        made = new_hash(algorithm, data, usedforsecurity=False).digest()
        forms = [form(made).decode().rstrip("=") for form in (b32encode, b16encode)]
        digest = digest.upper().rstrip("=")
        if digest in forms:
            return
        is_known = is_known or len(digest) in map(len, forms)
    if is_known:
        raise Unreadable("its content does not fit its digest")


# --- Open streams -----------------------------------------------------------------------------------------------------

_Key = tuple[Path, str | None, int, int, int, int]
_open: OrderedDict[_Key, Stream] = OrderedDict()


@atexit.register
def _close_all() -> None:
    while _open:
        _open.popitem()[1].close()


def _stream_at(place: Place) -> Stream:
    """Return a stream that begins with a place; of an earlier one in the same file it goes on."""
    key = _key(place)
    if key not in _open:
        while len(_open) >= _OPEN:
            _open.popitem(last=False)[1].close()
        raw = open_raw(place.source, place.member)
        _open[key] = Stream(raw, gzipped=_peek(raw, place.offset).startswith(MAGIC[:2]))
    _open.move_to_end(key)
    stream = _open[key]
    stream.go_to(place.offset, place.inner)
    return stream


def _key(place: Place) -> _Key:
    """Return what tells an open stream from another: a file may change, and a process fork."""
    try:
        status = place.source.stat()
    except OSError as error:
        raise Unreadable(f"it cannot be read: {error.strerror}") from error
    return place.source, place.member, os.getpid(), status.st_ino, status.st_size, status.st_mtime_ns


def _peek(raw: Raw, offset: int) -> bytes:
    """Return what begins at *offset*."""
    try:
        raw.seek(offset)
        begin = raw.read(8)
        raw.seek(0)
    except UNREADABLE as error:
        raise Unreadable(f"it cannot be read: {error}") from error
    return begin
