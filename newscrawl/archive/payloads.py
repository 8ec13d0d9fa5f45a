"""Bodies of HTTP as they were sent, with their codings undone."""

import re
import sys
import zlib
from collections.abc import Iterator

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST = 1 << 26  # bytes of a record, and what it may unfold to
_STEP = 1 << 18
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r?\n")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


class Unfoldable(Exception):
    """A body that cannot be read, or not whole; the message is the reason."""


def unfold(body: bytes, *, transfer: str, content: str, truncated: bool) -> bytes:
    """Undo the codings of a body. One that is plain already, whatever its headers say, is taken as it is.

    Args:
        body: as it was sent.
        transfer: the header Transfer-Encoding.
        content: the header Content-Encoding.
        truncated: whether it is known that the end is not there; then it is read as far as it goes.
    Raises: Unfoldable.
    """
    for coding in (*_codings(transfer), *_codings(content)):
        body = _undo(coding, body, truncated)
    return body


def _codings(header: str) -> Iterator[str]:
    """Return the codings of a header, the one that was applied last first."""
    names = (name.strip().lower().removeprefix("x-") for name in reversed(header.split(",")))
    return (name for name in names if name not in ("", "identity", "none"))


def _undo(coding: str, body: bytes, truncated: bool) -> bytes:
    if not body:
        return body
    if coding == "chunked":
        return _unchunk(body, truncated) if _CHUNK.match(body) else body
    if coding == "gzip":
        return _inflate(body, zlib.MAX_WBITS | 16, truncated) if body.startswith(_GZIP) else body
    if coding == "zstd":
        return _unzstd(body, truncated) if body.startswith(_ZSTD) else body
    if _is_plain(body):
        return body
    if coding == "deflate":
        # Some servers send it without the head of zlib.
        has_head = body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
        return _inflate(body, zlib.MAX_WBITS if has_head else -zlib.MAX_WBITS, truncated)
    if coding == "br":
        return _unbrotli(body, truncated)
    raise Unfoldable(f"its coding {coding[:40]!r} is not known")


def _is_plain(body: bytes) -> bool:
    """Whether it begins like text; what is compressed soon holds a byte that no text does."""
    return _CONTROL.search(body, 0, 512) is None


def _unchunk(body: bytes, truncated: bool) -> bytes:
    made: list[bytes] = []
    at = 0
    while True:
        chunk = _CHUNK.match(body, at)
        if chunk is None:
            if truncated:
                return b"".join(made)
            raise Unfoldable("its last chunk is not there" if at >= len(body) else f"no chunk begins at its byte {at}")
        size, begin = int(chunk[1], 16), chunk.end()
        if not size:
            return b"".join(made)
        made.append(body[begin : begin + size])
        if begin + size > len(body) and not truncated:
            raise Unfoldable("its last chunk is cut off")
        at = begin + size
        at += 2 if body.startswith(b"\r\n", at) else 1 if body.startswith(b"\n", at) else 0


def _inflate(body: bytes, bits: int, truncated: bool) -> bytes:
    made = bytearray()
    while True:
        inflater = zlib.decompressobj(bits)
        try:
            while not inflater.eof:
                more = inflater.decompress(body, _STEP)
                body = inflater.unconsumed_tail
                made += more
                _check_size(made)
                if not more and not body:
                    break
        except zlib.error as error:
            raise Unfoldable(f"its content is damaged: {str(error).rpartition(': ')[2]}") from error
        if not inflater.eof and not truncated:
            raise Unfoldable("its compressed content is cut off")
        body = inflater.unused_data
        if bits < 0 or not body.startswith(_GZIP):
            return bytes(made)


def _unbrotli(body: bytes, truncated: bool) -> bytes:
    unfolder, made = brotli.Decompressor(), bytearray()
    try:
        while not unfolder.is_finished():
            more = unfolder.process(body, output_buffer_limit=_STEP)
            body = b""
            made += more
            _check_size(made)
            if not more:
                break
    except brotli.error as error:
        raise Unfoldable(f"its content is damaged: {error}") from error
    if not unfolder.is_finished() and not truncated:
        raise Unfoldable("its compressed content is cut off")
    return bytes(made)


def _unzstd(body: bytes, truncated: bool) -> bytes:
    made = bytearray()
    while body.startswith(_ZSTD):
        unfolder = zstd.ZstdDecompressor()
        try:
            while not unfolder.eof:
                more = unfolder.decompress(body, _STEP)
                body = b""
                made += more
                _check_size(made)
                if not more and unfolder.needs_input:
                    break
        except zstd.ZstdError as error:
            raise Unfoldable(f"its content is damaged: {error}") from error
        if not unfolder.eof and not truncated:
            raise Unfoldable("its compressed content is cut off")
        body = unfolder.unused_data if unfolder.eof else b""
    return bytes(made)


def _check_size(made: bytearray) -> None:
    if len(made) > MOST:
        raise Unfoldable(f"it unfolds to more than {MOST >> 20} MB")
