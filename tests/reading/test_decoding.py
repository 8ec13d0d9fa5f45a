"""Bytes to characters: the encodings that pages have, declare and only claim, and letters written twice over."""

import dataclasses
from collections.abc import Callable

import ftfy.bad_codecs  # noqa: F401 - it knows windows-1252 as browsers do, "sloppy-windows-1252"
import pytest
from samples import NOW, SIDEBAR, articles, briefs

from newscrawl import extract
from newscrawl.extraction import extract_page
from newscrawl.reading.decoding import decode, repair
from newscrawl.sites import SITES

TEXT = "Genève – “één” café €"
PAGE = (
    SIDEBAR.replace("storing", "“storing” – één van €5 –")
    .replace("WENEN", "GENÈVE")
    .replace("Trein rijdt", "Trein rijdt één keer")
)


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
        (TEXT.encode(), "text/html; charset=windows-1252"),  # the other way round
        (TEXT.encode("cp1252"), "text/html; charset='windows-1252'"),
        (b"<meta charset=koi8-r>" + TEXT.encode("cp1252"), "text/html; charset=windows-1252"),  # the header comes first
        (b"<meta charset=utf-16>" + TEXT.encode(), "text/html"),  # which is false wherever it can be read
        (TEXT.encode(), "text/html; charset=utf-16"),
        (TEXT.encode(), "text/html; charset=unicode_escape"),  # a codec of Python's, and none of the web's
        (TEXT.encode(), "text/html; charset=punycode"),
        (TEXT.encode(), "text/html; charset=utf-7"),
    ],
)
def test_decode(body: bytes, content_type: str) -> None:
    assert decode(body, content_type).endswith(TEXT)


def _misread(text: str) -> str:
    return text.encode().decode("sloppy-windows-1252")


def _as(encoding: str) -> Callable[[str], bytes]:
    return lambda page: page.encode(encoding)


def _declared(encoding: str, written: str | None = None) -> Callable[[str], bytes]:
    return lambda page: f"<meta charset={written or encoding}>{page}".encode(encoding)


@pytest.mark.parametrize(
    ("write", "content_type"),
    [
        (_as("utf-8"), "text/html; charset=utf-8"),
        (_as("utf-8"), "text/html"),
        (_as("utf-8-sig"), "text/html"),
        (_as("utf-8"), "text/html; charset=iso-8859-15"),
        (_declared("utf-8", "windows-1252"), "text/html"),
        (_as("cp1252"), "text/html; charset=windows-1252"),
        (_as("cp1252"), "text/html; charset=iso-8859-1"),
        (_as("cp1252"), "text/html"),
        (_as("cp1252"), "text/html; charset=utf-8"),
        (_as("cp1252"), "text/html; charset=us-ascii"),
        (_declared("cp1252"), "text/html"),
        (_declared("cp1252", "utf-8"), "text/html"),
        (_as("utf-16"), "text/html"),
        (_as("utf-16-le"), "text/html"),
        (_as("utf-16-be"), "text/html"),
        (_as("utf-16-le"), "text/html; charset=utf-16"),
        (_as("utf-16-be"), "text/html; charset=utf-16be"),
        (_as("utf-16-be"), "text/html; charset=utf-8"),
        (_declared("utf-16-le", "utf-8"), "text/html"),
        (_declared("utf-8", "utf-16"), "text/html"),
        (_as("utf-32"), "text/html"),
        (lambda page: _misread(page).encode(), "text/html; charset=utf-8"),  # mojibake
        (lambda page: _misread(_misread(page)).encode(), "text/html; charset=utf-8"),
        (lambda page: page.encode("ascii", "xmlcharrefreplace"), "text/html; charset=utf-8"),
    ],
)
def test_a_page_tells_the_same_in_any_encoding(write: Callable[[str], bytes], content_type: str) -> None:
    url = "https://www.zeelandnet.nl/nieuws/haven-weer-open"
    wanted = [dataclasses.asdict(item) for item in extract(PAGE, url=url, crawled_at=NOW)]
    found = extract(write(PAGE), url=url, crawled_at=NOW, content_type=content_type)
    assert [dataclasses.asdict(item) for item in found] == wanted
    assert "“storing” – één van €5 –" in articles(found)[0].text
    assert briefs(found)[0].place == "GENÈVE"


def test_iso_8859_15_has_a_euro_of_its_own() -> None:
    assert decode("€ 5".encode("iso-8859-15"), "text/html; charset=iso-8859-15") == "€ 5"
    assert decode("¤ 5".encode("latin-1"), "text/html; charset=iso-8859-1") == "¤ 5"


def test_other_encodings_count_where_they_are_declared() -> None:
    assert decode("Łódź".encode("cp1250"), "text/html; charset=windows-1250") == "Łódź"
    assert decode("東京".encode("shift_jis"), "text/html; charset=shift_jis") == "東京"
    assert decode("東京".encode(), "text/html; charset=shift_jis") == "東京"


def test_a_declaration_may_stand_late() -> None:
    page = b"<!-- " + b"x" * 9000 + b' --><META http-equiv="Content-Type" content="text/html; charset=windows-1250">'
    assert decode(page + "Łódź".encode("cp1250"), "text/html").endswith("Łódź")


def test_stray_bytes_leave_a_page_what_it_is() -> None:
    page = TEXT.encode()
    assert decode(page + b" \xff", "text/html; charset=utf-8") == f"{TEXT} ÿ"
    assert decode(page + b" \x80 5, caf\xe9s", "text/html; charset=utf-8") == f"{TEXT} € 5, cafés"
    assert decode(page + b" \x80", "text/html; charset=windows-1252") == f"{TEXT} €"
    assert decode(page + b" \x81", "text/html") == f"{TEXT} \N{REPLACEMENT CHARACTER}"  # windows-1252 has none there
    assert decode(page[:-1], "text/html") == f"{TEXT[:-1]}\N{REPLACEMENT CHARACTER}"  # cut inside a character
    assert decode(b"caf\xe9 \x81", "text/html") == "café \N{REPLACEMENT CHARACTER}"


def test_what_no_text_may_hold_is_gone() -> None:
    assert decode("a\0b\ud800c", "text/html") == "ab\N{REPLACEMENT CHARACTER}c"
    assert decode("\ud83d\ude00", "text/html") == "😀"
    assert decode(bytes(range(256)), "text/html")


# --- Mojibake ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["GENÈVE (ANP)", "“Ja”, zei hij", "de café’s – en €5", "à la carte", "ZÜRICH", "Łódź", "😀"]
)
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("encoding", ["sloppy-windows-1252", "latin-1"])
def test_mojibake_is_repaired(text: str, times: int, encoding: str) -> None:
    broken = text
    for _ in range(times):
        broken = broken.encode().decode(encoding)
    assert repair(f"<p title='{TEXT}'>{broken}</p>\n<p>{TEXT}</p>") == (
        f"<p title='{TEXT}'>{text}</p>\n<p>{TEXT}</p>",
        1,
    )


@pytest.mark.parametrize(
    "text",
    [
        *(
            "SÃO PAULO (ANP)",
            "JOÃO E MARIÂNGELA",
            "MAÇÃ",
            "CAFÉ“S",
            "Ångström en Äthiopië",
            "château",
            "PÂQUES À L’ÎLE",
        ),
        *("één cafÃ© van twee", "â", "Ã", "Â", "naïef’", "TOULOUSE – DE ‘BÂTON’", "â�", "Äì—"),
    ],
)
def test_what_may_be_right_is_left_alone(text: str) -> None:
    assert repair(f"<p>{text}</p>") == (f"<p>{text}</p>", 0)


def test_repairs_are_counted() -> None:
    page = _misread(PAGE)
    found = extract_page(
        page, url=None, crawled_at=NOW, content_type="text/html", headers=None, site=SITES["zeelandnet"]
    )
    assert found.repaired == 3  # text, headline and text
    clean = extract_page(
        PAGE, url=None, crawled_at=NOW, content_type="text/html", headers=None, site=SITES["zeelandnet"]
    )
    assert clean.repaired == 0
    assert clean.items == found.items
