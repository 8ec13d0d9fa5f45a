"""Where WARC records begin and end in a stream, also behind damage.

fastwarc reads them for as long as each fills its place exactly. What it cannot tell is framed here: damage, which it
passes on as if it were sound; gzip members that hold more or less than a record, whose places it does not say; and
heads that were written in unusual ways.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from fastwarc.warc import ArchiveIterator, WarcRecord

from newscrawl.archive.heads import MOST_HEAD, Head, content_length, end_of_head, read_head, text_of
from newscrawl.archive.payloads import MOST
from newscrawl.archive.streams import HEAD, Stream, Tapped

_BEGIN = re.compile(rb"\nWARC/1\.\d\r?\n(?=[A-Za-z][A-Za-z-]*:)")
_CONTROL = bytes(set(range(32)) - {9})
_EMPTY_LINES = re.compile(rb"[\r\n]*")
_TAIL = 64  # bytes that are kept while a beginning is looked for: it may lie on both sides of their end
_END = b"\r\n\r\n"
_LOOK = len(_END) + len(HEAD)
_BLOCK = 1 << 14  # bytes of a block that its kind is told by
_MOST_PATIENCE = 1 << 10


@dataclass(frozen=True, slots=True)
class Framed:
    """A record that is there from its first byte to its last."""

    offset: int
    inner: int
    length: int
    head: Head
    block: bytes
    """What its block begins with."""
    is_large: bool = False
    """Whether it is too large to be read."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A place that no whole record can be read from."""

    offset: int
    inner: int
    length: int
    reason: str


def frame(stream: Stream) -> Iterator[Framed | Broken]:
    """Return the records of a stream; behind damage it goes on with the next record that can be told.

    A record that is not large is what the buffer of the stream begins with, until the next one is asked for.
    """
    told: int | None = None  # the gzip member of damage that was told of, and that no record has followed
    rest, patience = 0, 1  # records to frame before fastwarc is tried again, and how many it will be after that
    while _go_to_record(stream) or stream.failure is not None:
        if not rest and stream.buffer and stream.place()[1] == 0:
            rest, patience = patience, min(2 * patience, _MOST_PATIENCE)
            for sound in _read_sound(stream):
                told, patience = None, 1
                yield sound
            continue
        if not stream.buffer:
            failure = stream.failure
            assert failure is not None
            if failure.offset != told:
                yield Broken(failure.offset, 0, 0, failure.reason)
            if not stream.restart(failure.offset + 1):
                return
            continue
        offset, inner = stream.place()
        size = _size_of_head(stream)
        head = read_head(bytes(stream.buffer[: max(size, 0)]))
        content = content_length(head)
        length = size + content if size >= 0 and content is not None else 0
        reason: str | None
        if size < 0:
            reason = _why_no_head(stream)
        elif content is None:
            reason = f"its Content-Length is no number: {text_of(head.get(b'content-length', b''))[:40]!r}"
        elif content > MOST:
            stream.need(size + _BLOCK)
            block = bytes(stream.buffer[size : size + _BLOCK])
            limit = stream.base + length
            _find(stream, 1, limit)
            told = None if stream.base == limit else offset
            if told is None:
                yield Framed(offset, inner, length, head, block, is_large=True)
            else:
                yield Broken(offset, inner, length, _why_short(stream, content, content - (limit - stream.base)))
            continue
        else:
            reason = _why_broken(stream, size, content)
        if reason:
            yield Broken(offset, inner, length, reason)
            told = offset
            _find(stream, 1 if size >= 0 else _behind_no_head(stream))
        else:
            told, rest = None, max(0, rest - 1)
            yield Framed(offset, inner, length, head, bytes(stream.buffer[size : min(length, size + _BLOCK)]))
            stream.drop(length)


def _read_sound(stream: Stream) -> Iterator[Framed]:
    """Yield what fastwarc reads from the place on that the buffer begins with, and go to where it may be wrong."""
    offset, _ = stream.place()
    stream.start(offset)
    tapped = Tapped(stream)
    held: Framed | None = None
    try:
        for record in ArchiveIterator(tapped, parse_http=False, max_header_len=MOST_HEAD, stream_detect=stream.gzipped):
            if held is not None:
                if not tapped.is_filled(held.offset, held.length + len(_END), record.stream_pos):
                    break
                offset = stream.at = record.stream_pos
                yield held
            held = _take(record)
            if held is None:
                break
        else:
            if held is not None and tapped.is_filled(held.offset, held.length + len(_END), tapped.at):
                offset = stream.at = tapped.at
                yield held
    except OSError:
        pass
    stream.start(offset)


def _take(record: WarcRecord) -> Framed | None:
    """Return a record of fastwarc; None where there may be another one, by its own head."""
    fields = record.headers.items_bytes()
    head = {name.lower(): value for name, value in fields}
    content = content_length(head)
    version = record.headers.status_line_bytes or b""
    if content is None or content != record.content_length or content > MOST or not version.startswith(HEAD):
        return None
    text = b"".join(chain.from_iterable(fields))
    block = record.reader.read(_BLOCK)
    if len(text.translate(None, _CONTROL)) < len(text) or len(block) + record.consume() != content:
        return None
    size = len(version) + 4 * len(fields) + 4 + len(text)  # in the usual form: fastwarc does not say
    return Framed(record.stream_pos, 0, size + content, head, block)


def _go_to_record(stream: Stream) -> bool:
    """Drop empty lines; return whether anything is left."""
    while stream.need(1):
        if stream.buffer[0] not in b"\r\n":
            return True
        lines = _EMPTY_LINES.match(stream.buffer)
        size = lines.end() if lines else 0
        del lines  # what looks at the buffer keeps it from being changed
        stream.drop(size)
    return False


def _size_of_head(stream: Stream) -> int:
    """Return the size of the head that the buffer begins with; -1 where there is none."""
    while True:
        if len(stream.buffer) >= len(HEAD) and not stream.buffer.startswith(HEAD):
            return -1
        size = end_of_head(stream.buffer)
        if size >= 0 or len(stream.buffer) >= MOST_HEAD or not stream.fill():
            return size


def _behind_no_head(stream: Stream) -> int:
    """Return from where on a record is looked for where the buffer begins with none; no byte is looked at too often."""
    if not stream.buffer.startswith(HEAD):
        return 1
    size = len(stream.buffer)  # nothing ends a head in it, so it can hold one only at its end
    return size - _BLOCK if size >= MOST_HEAD else size


def _why_no_head(stream: Stream) -> str:
    if HEAD.startswith(stream.buffer[: len(HEAD)]) and len(stream.buffer) < MOST_HEAD:
        return _why_end(stream) or "it is cut off"
    return "its head has no end" if stream.buffer.startswith(HEAD) else "no WARC record begins here"


def _why_end(stream: Stream) -> str | None:
    """Return why the stream ends behind the buffer, if that is in a gzip member that the buffer holds a part of."""
    failure = stream.failure
    held = failure is not None and failure.offset == stream.place(len(stream.buffer) - 1)[0]
    return failure.reason if failure is not None and (held or not stream.gzipped) else None


def _why_broken(stream: Stream, size: int, content: int) -> str | None:
    """Return what is wrong with the record that the buffer begins with; None where it is whole."""
    end = size + content
    is_last = not stream.need(end + _LOOK)
    for position, _ in stream.marks:
        index = position - stream.base
        if index >= end:
            break
        if index > 0 and stream.buffer.startswith(HEAD, index):
            return _why_short(stream, content, index - size)
    if len(stream.buffer) < end:
        return _why_end(stream) or _why_short(stream, content, len(stream.buffer) - size)
    rest = bytes(stream.buffer[end : end + _LOOK])
    after = rest.lstrip(b"\r\n")[: len(HEAD)]
    if is_last and not after and (reason := _why_end(stream)):
        return reason
    if rest.startswith(_END) or HEAD.startswith(after):
        return None
    return (_why_end(stream) if is_last else None) or f"no record ends behind the {content} bytes of its Content-Length"


def _why_short(stream: Stream, content: int, there: int) -> str:
    if stream.buffer or there >= 0:
        return f"it is cut off, or its Content-Length is wrong: {there} of {content} bytes are there"
    return "it is cut off"


def _find(stream: Stream, begin: int, limit: int | None = None) -> None:
    """Drop all before the next record that begins from *begin* on, or before the position *limit*, or all there is."""
    while True:
        index = _beginning(stream, begin)
        end = len(stream.buffer) + 1 if limit is None else limit - stream.base
        if index is not None and index < end:
            stream.drop(index)
            return
        if end <= len(stream.buffer):
            stream.drop(end)
            return
        size = max(0, len(stream.buffer) - _TAIL)
        stream.drop(size)
        begin = max(begin - size, 1)
        if not stream.fill():
            stream.drop(len(stream.buffer))
            return


def _beginning(stream: Stream, begin: int) -> int | None:
    found = _BEGIN.search(stream.buffer, begin - 1)
    index = found.start() + 1 if found else None
    for position, _ in stream.marks:
        marked = position - stream.base
        if index is not None and marked >= index:
            break
        if marked >= begin and stream.buffer.startswith(HEAD, marked):
            return marked
    return index
