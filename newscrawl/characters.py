"""What a reader sees of a text: white space folded, and characters that nobody sees left out."""

import re

# Soft hyphens, zero-width spaces and joiners, marks of direction, byte order marks.
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


def printable(name: str) -> str:
    """Return the name of a file as text that can be written; bytes of it that are no UTF-8 as they are escaped.

    >>> printable("caf\\udce9.warc")
    'caf\\\\udce9.warc'
    """
    return name.encode("utf-8", "backslashreplace").decode()


def clean(text: str) -> str:
    """Return *text* on one line, as a reader sees it.

    >>> clean("\\n 2\\u00a0 uur\\u200b   geleden\\ufeff ")
    '2 uur geleden'
    """
    # Most texts are clean, and seeing it is cheaper: of white space only a space is printable, and nothing unseen is.
    if text.isprintable() and "  " not in text and text.strip() == text:
        return text
    if not text.isascii():
        text = _UNSEEN.sub("", text)
    return " ".join(text.split())
