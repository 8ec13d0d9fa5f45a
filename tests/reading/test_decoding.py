"""Bytes to characters."""

import pytest

from newscrawl.reading.decoding import decode

TEXT = "Genève – “één” café €"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (TEXT.encode(), "text/html; charset=utf-8"),
        (TEXT.encode(), "text/html"),
        (TEXT.encode("cp1252"), "text/html; charset=windows-1252"),
        (TEXT.encode("cp1252"), "text/html; charset=iso-8859-1"),  # which browsers read as windows-1252
        (TEXT.encode("cp1252"), "text/plain"),
        (TEXT.encode("cp1252"), "text/html; charset=utf-8"),  # declared wrongly
        (TEXT.encode("utf-8-sig"), "text/html; charset=windows-1252"),  # a byte order mark knows better
        (TEXT.encode("utf-16"), "text/html"),
        (b"<meta charset=windows-1252>" + TEXT.encode("cp1252"), "text/html"),
        (TEXT.encode(), "text/html; charset=klingon"),
    ],
)
def test_decode(body: bytes, content_type: str) -> None:
    assert decode(body, content_type).endswith(TEXT)


def test_iso_8859_15_has_a_euro_of_its_own() -> None:
    assert decode("€ 5".encode("iso-8859-15"), "text/html; charset=iso-8859-15") == "€ 5"


def test_what_no_text_may_hold_is_gone() -> None:
    assert decode("a\0b\ud800c", "text/html") == "ab\N{REPLACEMENT CHARACTER}c"
    assert decode(bytes(range(256)), "text/html")
