"""Bytes to characters: what was declared counts where it fits, and what fits counts where nothing was declared."""

import re

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

# What the bytes themselves settle: UTF-8 is hardly ever valid by accident, and windows-1252 is what else is about.
_FALLBACKS = ("utf-8", "cp1252")
_SURROGATE = re.compile("[\ud800-\udfff]")


def decode(body: bytes | str, content_type: str) -> str:
    """Return *body* as text without NUL characters and lone surrogates; it never fails."""
    text = body if isinstance(body, str) else _decode_bytes(body, content_type)
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _decode_bytes(body: bytes, content_type: str) -> str:
    encoding, bom = read_bom(body)
    if encoding is not None and bom is not None:
        return body[len(bom) :].decode(encoding, "replace")
    declared = http_content_type_encoding(content_type)
    if declared is None and "html" in content_type:
        declared = html_body_declared_encoding(body)
    candidates = [declared] if declared else []
    for name in (*candidates, *_FALLBACKS):
        try:
            return body.decode(resolve_encoding(name) or name)
        except (LookupError, ValueError):
            continue
    return body.decode(_FALLBACKS[0] if declared is None else "cp1252", "replace")
