"""Heads of WARC records and of HTTP responses: where they end, and what they say."""

import re
from datetime import UTC, datetime

from newscrawl.timing.calendar import YEARS

MOST_HEAD = 1 << 16  # bytes of a head; what is longer is none
_DATE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)?")
_FIELD = re.compile(rb"\n([^\s:][^:\r\n]*?)[ \t]*:([^\r\n]*(?:\r?\n[ \t]+[^\r\n]+)*)")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)")

Head = dict[bytes, bytes]
"""Names in lower case to values as they stand there; of fields that come twice, the first."""


class NoDate(Exception):
    """A record without a moment of capture; the message is the reason."""


def end_of_head(data: bytes | bytearray) -> int:
    """Return where a head ends, with the empty line behind it; -1 where it does not."""
    end = data.find(b"\n\r\n", 0, MOST_HEAD)
    bare = data.find(b"\n\n", 0, end if end >= 0 else MOST_HEAD)
    return bare + 2 if bare >= 0 else end + 3 if end >= 0 else -1


def read_head(head: bytes) -> Head:
    """Return the fields of a head, the last of those that come twice, as live; lines that are none are passed by."""
    return {name.lower(): value.strip() for name, value in _FIELD.findall(head)}


def read_status(head: bytes) -> int | None:
    """Return the status that a head of HTTP begins with; None where it is no such head."""
    status = _STATUS.match(head)
    return int(status[1]) if status else None


def read_date(value: bytes) -> datetime:
    """Return a moment of WARC, which is UTC if it does not say. Raises: NoDate."""
    text = value.decode("latin-1")
    if not text:
        raise NoDate("it has no date")
    try:
        moment = datetime.fromisoformat(text) if _DATE.fullmatch(text) else None
        if moment is not None and moment.year in YEARS:
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise NoDate(f"it has no date: {text[:40]!r} is none")


def content_length(head: Head) -> int | None:
    """Return the number of bytes that follow a head; None where it does not say."""
    value = head.get(b"content-length", b"")
    return int(value) if value.isdigit() and len(value) < 19 else None


def text_of(value: bytes) -> str:
    """Return the value of a field as text."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def media_type(value: bytes) -> str:
    """Return what a content type names, without its parameters."""
    return value.partition(b";")[0].strip().lower().decode("latin-1")
