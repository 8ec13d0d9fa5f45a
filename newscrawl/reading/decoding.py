"""Bytes to characters: what was declared counts where it fits, and what fits counts where nothing was declared."""

import codecs
import re
from contextlib import suppress
from functools import lru_cache

from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

# Python's names of the encodings that the web has; other codecs read anything as something.
# Source: WHATWG Encoding Standard, section 4.2.
_NARROW = frozenset(
    (
        *("cp866", "cp874", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic"),
        *(f"cp{number}" for number in range(1250, 1259)),
        *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    )
)
_WIDE = frozenset(("gbk", "gb18030", "big5", "big5hkscs", "euc_jp", "shift_jis", "cp932", "euc_kr", "cp949"))
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_META = re.compile(rb"""<meta\b[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_SAMPLE = 4096  # bytes; markup in UTF-16 shows its zeros at once
_ASCII = bytes(range(0x80))
_HIGH = bytes(range(0x80, 0x100))

_SURROGATE = re.compile("[\ud800-\udfff]")
# The beginning of a character of UTF-8 that has lost its end, as `surrogateescape` leaves it.
_HALF = re.compile("[\udce2-\udcef][\udc80-\udcbf]|[\udcf0-\udcf4][\udc80-\udcbf]{1,2}")
_STRAY = {0xDC00 + byte: bytes((byte,)).decode("cp1252", "replace") for byte in _HIGH}

# What UTF-8 begins with when it was read as windows-1252: accented letters, quotes and dashes, emoji.
_LEADS = "ÃÂâÅÄð"
_MOJIBAKE = re.compile(rf"[{_LEADS}][^\x00-\x7fÀ-ÿ]|[{_LEADS}][\xa0-\xbf]")
_BORDER = re.compile(r"[<>\r\n]")
_MAX_TIMES = 3  # that a text was read wrongly, one upon another


def decode(body: bytes | str, content_type: str) -> str:
    """Return *body* as text without NUL characters and lone surrogates; it never fails.

    A byte order mark decides. Bytes that are UTF-8 throughout are read so, also where another encoding is declared:
    they are hardly ever so by accident. Then counts what is declared, in the header before the document; latin-1
    means windows-1252. A page that is mostly UTF-8 all the same keeps its characters, and its stray bytes are read as
    windows-1252. UTF-16 has to look like it: where it is declared in ASCII it cannot be true.
    Source: HTML Living Standard, section 13.2.3.
    """
    text = _without_surrogates(body) if isinstance(body, str) else _decode_bytes(body, content_type)
    return text.replace("\0", "") if "\0" in text else text


def _without_surrogates(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")  # two halves make a character
        return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    return text


def _decode_bytes(body: bytes, content_type: str) -> str:
    encoding, bom = read_bom(body)
    if encoding is not None and bom is not None:
        return body[len(bom) :].decode(encoding, "replace")
    if body.isascii() and b"\0" not in body:
        return body.decode("ascii")
    wide = _looks_like_utf_16(body)
    if wide is not None:
        return body.decode(wide, "replace")
    with suppress(ValueError):
        return body.decode("utf-8")
    declared = _declared(body, content_type)
    if declared in _WIDE:
        with suppress(ValueError):
            return body.decode(declared)
    if _is_mostly_utf_8(body):
        text = _HALF.sub("\N{REPLACEMENT CHARACTER}", body.decode("utf-8", "surrogateescape"))
        return text.translate(_STRAY)
    return body.decode(declared if declared in _NARROW else "cp1252", "replace")


def _looks_like_utf_16(body: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark: of markup and Dutch text every other byte is zero."""
    sample = body[:_SAMPLE]
    if b"\0" not in sample or len(sample) < 4:
        return None
    even, odd = sample[::2], sample[1::2]
    zeros = even.count(0) / len(even), odd.count(0) / len(odd)
    if min(zeros) < 0.1 and max(zeros) > 0.6:
        return "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    return None


def _declared(body: bytes, content_type: str) -> str | None:
    """Return what header or document declares, as Python calls it; None where that is nothing that there is."""
    named = _CHARSET.search(content_type)
    known = _codec(named[1]) if named else None
    if known is None and content_type.partition(";")[0].strip().casefold() != "text/plain":
        known = _codec(html_body_declared_encoding(body) or "")
        if known is None and (late := _META.search(body)):  # the standard's parser begins anew where it meets one
            known = _codec(late[1].decode("ascii", "replace"))
    return known


@lru_cache(maxsize=64)
def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(resolve_encoding(label) or "").name
    except (LookupError, ValueError):
        return None
    return name if name in _NARROW or name in _WIDE or name.startswith("utf-8") else None


def _is_mostly_utf_8(body: bytes) -> bool:
    """Return whether more of the bytes beyond ASCII belong to characters of UTF-8 than not."""
    beyond = len(body.translate(None, _ASCII))
    fitting = len(body.decode("utf-8", "ignore").encode().translate(None, _ASCII))
    return fitting * 2 > beyond


# --- Mojibake ---------------------------------------------------------------------------------------------------------


def repair(text: str) -> tuple[str, int]:
    """Return *text* with its mojibake repaired, and in how many of its texts that was.

    Each text between tags, on one line, is seen by itself. It is repaired where that is certain: ftfy finds it broken,
    and what it makes of it, written as UTF-8 and read as windows-1252 once or more, is what stands there to the letter.
    So a text that is right in part is left as it is.

    >>> repair("<p>GENÃˆVE (ANP) - SÃ£o Paulo</p><p>SÃO PAULO (ANP)</p>")
    ('<p>GENÈVE (ANP) - São Paulo</p><p>SÃO PAULO (ANP)</p>', 1)
    """
    if text.isascii() or not any(lead in text for lead in _LEADS):
        return text, 0
    pieces: list[str] = []
    done = repaired = 0
    while found := _MOJIBAKE.search(text, done):
        start = max(text.rfind(border, done, found.start()) for border in "<>\r\n") + 1 or done
        border = _BORDER.search(text, found.end())
        end = border.start() if border else len(text)
        run = text[start:end]
        right = _repaired(run)
        pieces += (text[done:start], right)
        repaired += right != run
        done = end
    return "".join((*pieces, text[done:])), repaired


def _repaired(run: str) -> str:
    from ftfy import fix_encoding  # slow to import, and hardly ever needed

    fixed = fix_encoding(run)
    if fixed == run or "\0" in fixed:
        return run
    for encoding in ("sloppy-windows-1252", "latin-1"):
        again = fixed
        for _ in range(_MAX_TIMES):
            again = again.encode().decode(encoding)
            if again == run:
                return fixed
    return run
