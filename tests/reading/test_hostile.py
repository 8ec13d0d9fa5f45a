"""Pages that are made to do harm, or came to harm: items or one documented error, by work that grows with the bytes."""

import json
import subprocess
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from samples import NOW, SIDEBAR, articles, briefs

from newscrawl import PageError, extract
from newscrawl.items import Item
from newscrawl.reading import page as page_module
from newscrawl.reading.feed import FeedError, read_feed
from newscrawl.reading.nesting import flattened

URL = "https://www.zeelandnet.nl/nieuws/haven-weer-open"
INDEX = "https://www.zeelandnet.nl/nieuws/buitenland"
LEAD = SIDEBAR.partition("<aside>")[0]
LIST = "<aside>" + SIDEBAR.partition("<aside>")[2]
BRIEF = "<article><h3><a href='/nieuws/{0}'>Brug {0} open</a></h3><p>LIMA (ANP) - Brug {0} is open.</p><span>2 uur geleden</span></article>"
CLAIM = '{{"@type":"NewsArticle","headline":"Kop {0}","url":"/nieuws/{0}","datePublished":"2026-02-23T10:00:00Z"}}'
JSON_LD = '<script type="application/ld+json">'

Write = Callable[[int], bytes | str]


def _again(piece: str, before: str = "", after: str = "") -> Callable[[int], str]:
    """Return what writes a page of some size out of one piece, again and again, or numbered."""

    def write(size: int) -> str:
        pieces = [before]
        left = size - len(before) - len(after)
        while left > 0:
            pieces.append(piece.replace("{0}", str(len(pieces))))
            left -= len(pieces[-1])
        return "".join((*pieces, after))

    return write


def _list(size: int) -> str:
    claims = _again(CLAIM.replace("{{", "{").replace("}}", "}") + ",")(size)
    return f"{SIDEBAR}{JSON_LD}[{claims.rstrip(',')}]</script>"


# What grows without end, and what has to come of it at any size: the items of `SIDEBAR`, other items, or none.
HTML: dict[str, tuple[Write, str]] = {
    "elements": (_again("<section>", SIDEBAR), "same"),
    "elements around": (_again("<div>", after=SIDEBAR), "same"),
    "bold": (_again("<b>", LEAD, LIST), "same"),
    "fonts": (_again("<font>", LEAD, LIST), "same"),
    "tables": (_again("<table><tr><td>", after=SIDEBAR), "same"),
    "footers": (_again("<footer>x", SIDEBAR), "same"),
    "forms": (_again("<form>x</form>", SIDEBAR), "same"),
    "deep buttons": (_again("<button>x</button>", SIDEBAR + "<div>" * 1500), "same"),
    "ends": (_again("</b>", LEAD, LIST), "same"),
    "line breaks": (_again("<br>", LEAD, LIST), "same"),
    "paragraphs": (_again("<p>x", after=LIST), "other"),
    "text": (_again("Zo is het. "), "none"),
    "one attribute": (_again("x", "<p class='", f"'>{SIDEBAR}"), "same"),
    "spaces in a tag": (_again(" ", "<p", f">{SIDEBAR}"), "same"),
    "one comment": (_again("x", f"{SIDEBAR}<!--", "-->"), "same"),
    "comments": (_again("<!-- x -->", LEAD, LIST), "same"),
    "open comments": (_again("<!--", SIDEBAR), "same"),
    "less than": (_again("<", f"{SIDEBAR}<p>"), "same"),
    "ampersands": (_again("&amp;", f"{SIDEBAR}<footer>"), "same"),
    "references": (_again("&#x41;", f"{SIDEBAR}<footer>"), "same"),
    "entities": (_again("&lol;", f"{SIDEBAR}<footer>"), "same"),
    "nothing": (lambda size: SIDEBAR.encode() + b"\0" * size, "same"),
    "half characters": (lambda size: f"{SIDEBAR}<footer>" + "\ud800" * size, "same"),
    "mojibake": (_again("<p>cafÃ©", f"{SIDEBAR}<footer>"), "same"),
    "briefs": (_again(BRIEF, LEAD + "<h2>Meer uit Buitenland</h2>"), "other"),
    "briefs without elements": (_again("<p>LIMA (ANP) - Brug {0} is open.</p><p>2 uur geleden</p>", LEAD + "<h2>Meer uit Buitenland</h2>"), "other"),
    "briefs by days": (_again("<h3>maandag 23 februari 2026</h3><p>LIMA (ANP) - Brug {0} is open.</p><p>11:15</p>", "<h1>Buitenland</h1>"), "other"),
    "headings of lists": (_again("<h2>Meer uit Sport</h2>", SIDEBAR), "same"),
    "headings of clocks": (_again("<h2>Net binnen</h2>", SIDEBAR), "same"),
    "clocks": (_again("<p>Buitenland 07:15 Kop {0}</p>", LEAD + "<h2>Net binnen</h2>"), "other"),
    "comments of readers": (_again("<h2>Reacties</h2><p>2 uur geleden</p>", SIDEBAR), "same"),
    "links": (_again("<a href='/n/{0}'>x</a> ", f"<nav>{LEAD[:0]}", f"</nav>{SIDEBAR}"), "same"),
    "times": (_again("<time datetime=2026-02-23>1</time>", f"{SIDEBAR}<footer>"), "same"),
    "times in text": (_again("<b>x</b> <time>1</time>", f"{SIDEBAR}<footer>"), "same"),
    "blank elements": (_again("<i> </i>", f"{LEAD}{LIST}<footer>", "x<time>1</time>"), "same"),
    "spans": (_again("<span>op 20 februari</span>", f"{SIDEBAR}<footer>"), "same"),
    "hidden briefs": (_again("<div hidden>LIMA (ANP) - x</div>", LEAD, LIST), "same"),
    "scripts": (_again(f"{JSON_LD}{{</script>", SIDEBAR), "same"),
    "claims": (_list, "same"),
    "a broken claim": (lambda size: _list(size).replace("]</script>", "</script>"), "same"),
    "deep claims": (_again("[", SIDEBAR + JSON_LD, "</script>"), "same"),
    "a long claim": (_again("9", SIDEBAR + JSON_LD + '{"@type":"NewsArticle","datePublished":', "}</script>"), "same"),
    "metas": (_again("<meta name=a{0} content=b>", "<head>", f"</head>{SIDEBAR}"), "same"),
    "titles": (_again(" - x", "<title>x", f"</title>{SIDEBAR}"), "same"),
    "microdata": (_again("<i itemprop=datePublished content=2026-02-23>", f"<div itemscope itemtype=NewsArticle>{SIDEBAR}<footer>"), "same"),
}  # fmt: skip
# Made to hang regular expressions: by themselves, before a time, and before a dateline.
STRINGS = (
    *("Geplaatst: ", "1 ", "A", "(", "ANP/", "a | ", " - ", "\u00a0", "\u00a0x", "2 uur geleden", "LIMA (ANP) - ", "'s ", "... "),
    *("11:15 ", "maandag ", "1 uur en ", "Delen ", "Foto: ", "een ", "9", ".", "*", "A.", "\u200b", "\u00ad", "e\u0301", "\x1c", "Ã"),
)  # fmt: skip


def _items(body: bytes | str, url: str | None = URL, content_type: str = "text/html") -> list[Item]:
    try:
        return extract(body, url=url, crawled_at=NOW, content_type=content_type)
    except PageError:
        return []


def _told(items: list[Item]) -> list[tuple[Any, ...]]:
    return [(item.kind, item.headline, item.dateline, item.text) for item in (*articles(items), *briefs(items))]


def _work(run: Callable[[], object]) -> int:
    """Return how many calls it takes, of functions in Python or C, with nothing kept of the pages before."""
    calls = 0
    for name, module in list(sys.modules.items()):
        for kept in vars(module).values() if name.startswith("newscrawl.") else ():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(before)
    return calls


def _works(write: Write, *sizes: int) -> list[int]:
    return [_work(lambda size=size: _items(write(size))) for size in sizes]  # type: ignore[misc]


@pytest.mark.parametrize("name", HTML)
def test_a_page_may_hold_much_of_anything(name: str) -> None:
    write, wanted = HTML[name]
    found = _items(write(8_000))
    if wanted == "same":
        assert _told(found) == _told(_items(SIDEBAR))
    else:
        assert bool(found) == (wanted == "other")
    small, large = _works(write, 3_000, 12_000)
    if large > small * 5:  # a page may fall to another way of reading at some size; its growth is seen beyond that
        small, large = _works(write, 12_000, 48_000)
    assert large <= small * 5, "four times the bytes are four times the work"


@pytest.mark.parametrize("piece", STRINGS)
def test_no_string_is_worth_more_than_its_length(piece: str) -> None:
    def read(size: int) -> None:
        long = piece * (size // len(piece))
        _items(f"<p>{long}</p><p>{long}uur geleden</p><p>{long} (ANP) - Zo is het.</p>{SIDEBAR}")
        _items(f"{long}uur geleden\n{long} (ANP) - Zo is het.\n", None, "text/plain")

    small, large = (_work(lambda size=size: read(size)) for size in (500, 2_000))  # type: ignore[misc]
    assert large <= small * 5


def test_five_thousand_briefs_are_five_thousand_items() -> None:
    found = briefs(
        _items(LEAD + "<h2>Meer uit Buitenland</h2>" + "".join(BRIEF.format(number) for number in range(5_000)))
    )
    assert len(found) == 5_000
    assert found[-1].position == 4_999
    assert {brief.published_raw for brief in found} == {"2 uur geleden"}


# --- Depth ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "depth"),
    [
        *((tag, 3_000) for tag in ("div", "b", "font", "section", "table><tr><td", "ul><li", "a href='#'", "x-y", "p")),
        *((tag, 100_000) for tag in ("div", "b")),
    ],
)
def test_content_at_any_depth_is_read(tag: str, depth: int) -> None:
    """The parser alone would lose, without a word, what stands deeper than some 2,000 elements."""
    around = "".join(f"</{part.strip('<').split()[0]}>" for part in reversed(tag.split(">")))
    wanted = _told(_items(SIDEBAR))
    assert _told(_items(f"<{tag}>" * depth + SIDEBAR)) == wanted
    if depth < 100_000:
        assert (
            _told(_items(f"{LEAD}<{tag}>".replace("<p>", f"<{tag}>" * depth + "<p>", 1) + around * depth + LIST))
            == wanted
        )


def test_flattened_markup_keeps_its_text_and_its_order() -> None:
    deep = "<div>" * 700 + "a<b>b</b><p>c</p><script>'<div>'</script><!-- <div> --><img src=x>d" + "</div>" * 700 + "e"
    flat = flattened(deep)
    assert flat.count("<div>") - flat.count("<div></div>") >= 500
    assert "'<div>'" in flat
    for text in ("<b>b</b>", "<p>c</p>", "<!-- <div> -->", "<img src=x>d"):
        assert text in flat
    assert flat.endswith("</div>e")
    assert flattened(SIDEBAR) == SIDEBAR


# --- What is no news --------------------------------------------------------------------------------------------------

CARD = BRIEF.format(7).replace("LIMA", "QUITO")


@pytest.mark.parametrize(
    "hidden",
    [
        *(f"<script>{CARD}</script>", f"<template>{CARD}</template>", f"<noscript>{CARD}</noscript>", f"<!-- {CARD} -->"),
        *(f"<script type='text/html'>{CARD}</script>", f"<script>x = {json.dumps(CARD)}</script>", f"<style>{CARD}</style>"),
        *(f'<div data-card="{CARD}"></div>', f"<div hidden>{CARD}</div>", f"<div style='display: none'>{CARD}</div>"),
        *(f"<textarea>{CARD}</textarea>", f"<svg><text>{CARD}</text></svg>", f"<iframe srcdoc=\"{CARD}\">{CARD}</iframe>"),
        f"{JSON_LD}{CLAIM.format(7)}</script>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("page", [SIDEBAR.replace("</aside>", "{}</aside>"), f"{LEAD}{{}}{LIST}"])
def test_what_nobody_sees_is_no_brief(hidden: str, page: str) -> None:
    assert _told(_items(page.replace("{}", hidden))) == _told(_items(SIDEBAR))


def test_entity_bombs_do_not_go_off() -> None:
    bomb = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 30))
    assert _told(_items(f"<!DOCTYPE html [{bomb}]>{SIDEBAR}<footer>&l29;</footer>")) == _told(_items(SIDEBAR))
    with pytest.raises(FeedError, match="entities"):
        read_feed(f"<!DOCTYPE rss [{bomb}]><rss><channel><item><title>&l29;</title></item></channel></rss>".encode())


def test_a_tag_of_thousands_of_attributes_is_refused() -> None:
    for attributes in (
        "".join(f" a{number}" for number in range(2_000)),
        "".join(f"a{number}='>'" for number in range(60_000)),
        "".join(f"/a{number}" for number in range(2_000)),
    ):
        with pytest.raises(PageError, match="attributes"):
            extract(f"<p {attributes}>{SIDEBAR}", url=URL, crawled_at=NOW)
    assert articles(_items("<p" + "".join(f" a{number}" for number in range(900)) + f">{SIDEBAR}"))


def test_a_page_of_more_tags_or_lines_than_any_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert page_module.MAX_TAGS >= 1_000_000, "50,000 briefs have half of that"
    monkeypatch.setattr(page_module, "MAX_TAGS", 100)
    assert _told(_items(f"{SIDEBAR}<footer>{'<br>' * 60}")) == _told(_items(SIDEBAR))
    with pytest.raises(PageError, match="more than 100 tags"):
        extract(SIDEBAR + "<br>" * 100, url=URL, crawled_at=NOW)
    with pytest.raises(PageError, match="more than 100 lines"):
        extract("Zo is het.\n" * 101, url=None, crawled_at=NOW, content_type="text/plain")


def test_a_page_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert page_module.MAX_LENGTH > 60_000_000
    monkeypatch.setattr(page_module, "MAX_LENGTH", 10)
    with pytest.raises(PageError, match="larger than 10 bytes"):
        extract(SIDEBAR, url=URL, crawled_at=NOW)


@pytest.mark.parametrize(
    "url", ["http://a\0b/", "http://[", "\ud800", "javascript:x", "https://www.zeelandnet.nl:99999/", "x" * 100_000]
)
@pytest.mark.parametrize(
    "content_type", ["", ";", "text/html; charset=\0", "text/html; charset=" + "x" * 100_000, "\ud800"]
)
def test_addresses_and_types_may_be_anything(url: str, content_type: str) -> None:
    headers = {"Date": "\ud800", "Age": "9" * 10_000}
    found = extract(SIDEBAR, url=url, crawled_at=NOW, content_type=content_type, headers=headers)
    assert _told(found) == _told(_items(SIDEBAR))
    assert all("\0" not in (item.url or "") for item in found)


@pytest.mark.parametrize(
    "day", ["<p>maandag 23 februari 2026</p>", "<h2>maandag 23 februari 2026</h2><h2>zondag 22 februari 2026</h2>"]
)
@pytest.mark.parametrize("above", ["", "<h1>Buitenland</h1>", "<h2>Meer uit Buitenland</h2>"])
@pytest.mark.parametrize("url", [None, URL, INDEX])
def test_a_list_of_days_without_news_is_refused(day: str, above: str, url: str | None) -> None:
    with pytest.raises(PageError, match="no briefs"):
        extract(above + day, url=url, crawled_at=NOW)


# --- 20 MB ------------------------------------------------------------------------------------------------------------

LARGE = 20_000_000
MEMORY = 2**30 + 20 * LARGE  # bytes: a million tags, and some copies of the page
SECONDS = 600  # of the processor

RUN = """
import resource, sys
sys.path.insert(0, sys.argv[1])
from reading.test_hostile import HTML, LARGE, MEMORY, SECONDS, _items
resource.setrlimit(resource.RLIMIT_AS, (MEMORY,) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (SECONDS,) * 2)
_items(HTML[sys.argv[2]][0](LARGE))
"""


@pytest.mark.long
@pytest.mark.parametrize("name", HTML)
def test_twenty_megabytes_stay_within_their_limits(name: str, pytestconfig: pytest.Config) -> None:
    tests = str(pytestconfig.rootpath / "tests")
    subprocess.run([sys.executable, "-c", RUN, tests, name], check=True, cwd=pytestconfig.rootpath)


def test_a_long_text_is_no_headline() -> None:
    long = "De brug over het kanaal is weer open voor het verkeer. " * 20
    page = f"<h1>Buitenland</h1><div><h2><a href='/nieuws/a'>{long}</a></h2><span>2 uur geleden</span></div>{SIDEBAR}"
    found = briefs(_items(page, "https://www.zeelandnet.nl/nieuws/buitenland"))
    assert found
    assert all(len(brief.headline or "") < 300 for brief in found)
