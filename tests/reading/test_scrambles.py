"""A page that is scrambled in what no reader sees gives the same items.

Class names and ids, the order and quotes of attributes, the case of tags, comments, white space, and elements laid around
others: none of these says anything. ``NEWSCRAWL_SCRAMBLES`` is how often each page is scrambled, each time another way;
without it a third of them are, once.
"""

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path
from random import Random
from typing import Any

import pytest
from lxml import etree, html
from samples import PAGES

from newscrawl import PageError, extract
from newscrawl.demo import DEMO_URL
from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.pages import Edition, layouts
from newscrawl.items import Item

TIMES = int(os.getenv("NEWSCRAWL_SCRAMBLES", "0"))
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
NEWSROOM = Newsroom.shipped()
TARGETS = ("/nieuws/sport", "/nieuws/buitenland?page=2", *(NEWSROOM.stories(AT)[place].path for place in (2, -1)))

INLINE = frozenset(
    ["a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "img", "small", "span", "strong", "time", "u", "br"]
)
FLOW = frozenset(["body", "div", "section", "article", "aside", "main", "li", "td", "dd", "form"])
WRAPPED = frozenset(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "div", "table", "section", "article", "aside", "figure"]
)
FILLED = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "td", "dd"])
RAW = frozenset(("script", "style"))
AS_WRITTEN = RAW | {"pre", "textarea", "title"}
VOID = frozenset(["br", "hr", "img", "input", "link", "meta", "base", "wbr", "source", "col", "area", "embed"])

Scramble = Callable[[html.HtmlElement, Random], None]


def elements(root: html.HtmlElement) -> list[html.HtmlElement]:
    return [element for element in root.iter() if isinstance(element.tag, str)]


def names(root: html.HtmlElement, random: Random) -> None:
    """Give classes and ids other names; no element may be known by either."""
    words = [
        "hidden",
        "sidebar",
        "comment",
        "footer",
        "article__title",
        *(f"c{random.randrange(1 << 24):x}" for _ in "12345"),
    ]
    for element in elements(root):
        for name in ("class", "id"):
            if name in element.attrib or random.random() < 0.1:
                element.set(name, " ".join(random.sample(words, random.randint(1, 3))))


def attributes(root: html.HtmlElement, random: Random) -> None:
    """Add attributes that mean nothing, and put all in another order."""
    for element in elements(root):
        found = list(element.attrib.items())
        if random.random() < 0.4:
            found.append(
                (f"data-v-{random.randrange(99)}", random.choice(["", "2 uur geleden", "Meer uit Sport", "ANP"]))
            )
        random.shuffle(found)
        element.attrib.clear()
        element.attrib.update(found)


def boxes(root: html.HtmlElement, random: Random) -> None:
    """Lay a div around some blocks, and around all that some hold."""
    for element in elements(root):
        parent = element.getparent()
        if parent is not None and element.tag in WRAPPED and parent.tag in FLOW and random.random() < 0.2:
            _lay_around(element, "div")
        if element.tag in ("li", "td", "dd", "article", "section", "aside", "div", "main") and random.random() < 0.2:
            _fill(element, "div")


def spans(root: html.HtmlElement, random: Random) -> None:
    """Lay a span around some inline elements, and around all the text of some blocks."""
    for element in elements(root):
        inline = all(below.tag in INLINE for below in element.iterdescendants())
        if not inline or not element.text_content().strip():
            continue
        if element.tag in INLINE and element.tag not in ("br", "img") and random.random() < 0.2:
            _lay_around(element, "span")
        elif element.tag in FILLED and random.random() < 0.2:
            _fill(element, "span")


def spaces(root: html.HtmlElement, random: Random) -> None:
    """Break lines at spaces, and write or drop white space between blocks."""
    for element in elements(root):
        if element.tag in AS_WRITTEN or any(parent.tag in AS_WRITTEN for parent in element.iterancestors()):
            continue
        borders = [True, *map(_is_block, element), True]
        element.text = _spaced(element.text, random, between=_is_block(element) and borders[1])
        for child, before, behind in zip(element, borders[1:], borders[2:], strict=False):
            child.tail = _spaced(child.tail, random, between=before and behind)


def comments(root: html.HtmlElement, random: Random) -> None:
    """Put comments between elements, and between words."""
    for element in elements(root):
        if element.getparent() is None or element.tag == "body":
            continue
        said = random.choice([" x ", "", " Meer uit Sport, 2 uur geleden ", "<p>WENEN (ANP) - Niets.</p>"])
        if random.random() < 0.15:
            element.addprevious(etree.Comment(said))
        if element.text and element.tag not in AS_WRITTEN and random.random() < 0.15:
            before, space, behind = element.text.rpartition(" ")
            comment = etree.Comment(said)
            comment.tail, element.text = behind, before + space
            element.insert(0, comment)


def _lay_around(element: html.HtmlElement, tag: str) -> None:
    box = html.Element(tag)
    box.tail, element.tail = element.tail, None
    element.addprevious(box)
    box.append(element)


def _fill(element: html.HtmlElement, tag: str) -> None:
    box = html.Element(tag)
    box.text, element.text = element.text, None
    box.extend(list(element))
    element.append(box)


def _is_block(element: html.HtmlElement) -> bool:
    return isinstance(element.tag, str) and element.tag not in INLINE


def _spaced(text: str | None, random: Random, *, between: bool) -> str | None:
    if between and not (text or "").strip(" \t\r\n"):
        return random.choice(["", "\n", " ", "\n\t\t"])
    return "".join("\n   " if sign == " " and random.random() < 0.1 else sign for sign in text) if text else text


SCRAMBLES: tuple[Scramble, ...] = (names, attributes, boxes, spans, spaces, comments)


def written(root: html.HtmlElement, random: Random) -> str:
    """Return a tree as HTML, its tags in whatever case and its attributes in whatever quotes."""
    return "<!DOCTYPE html>" + "".join(_written(root, random))


def _written(element: html.HtmlElement, random: Random) -> Iterator[str]:
    if not isinstance(element.tag, str):
        yield f"<!--{element.text}-->" if element.tag is etree.Comment else ""
        yield escape(element.tail or "", quote=False)
        return
    tag = element.tag.upper() if random.random() < 0.3 else element.tag
    pairs = (f" {name}={_quoted(value, random)}" for name, value in element.attrib.items())
    yield f"<{tag}{''.join(pairs)}>"
    if element.text:
        yield element.text if element.tag in RAW else escape(element.text, quote=False)
    for child in element:
        yield from _written(child, random)
    if element.tag not in VOID:
        yield f"</{tag}>"
    if element.tail:
        yield escape(element.tail, quote=False)


def _quoted(value: str, random: Random) -> str:
    safe = value.replace("&", "&amp;")
    if random.random() < 0.5 or not value:
        return f'"{safe.replace(chr(34), "&quot;")}"'
    if value.isalnum() and random.random() < 0.5:
        return value
    return f"'{safe.replace(chr(39), '&#39;')}'"


class Source:
    """A page, and how it is read."""

    def __init__(self, name: str, body: str, **how: Any) -> None:
        self.name, self.body, self.how = name, body, how

    def items(self, body: str) -> list[Item] | str:
        try:
            return extract(body, **self.how)
        except PageError as error:
            return str(error)

    def scrambled(self, scrambles: tuple[Scramble, ...], seed: str) -> str:
        parser = html.HTMLParser(encoding="utf-8")
        root = html.document_fromstring(self.body.encode(), parser=parser)
        random = Random(f"{self.name} {seed}")  # noqa: S311 - a test wants it repeatable
        for scramble in scrambles:
            scramble(root, random)
        return written(root, random)


@cache
def sources() -> dict[str, Source]:
    found = [_printed(layout, target) for layout in layouts() for target in TARGETS]
    found += filter(None, map(_stored, PAGES))
    return {source.name: source for source in found}


def _printed(layout: str, target: str) -> Source:
    body = Edition(NEWSROOM, layout).answer(target, AT).body.decode()
    return Source(f"demo/{layout}{target}", body, url=DEMO_URL + target, crawled_at=AT, site="demo")


def _stored(path: Path) -> Source | None:
    """Return a stored page; none that parsers mend: oddly encoded, cut short, nested too deep for a box more."""
    meta = json.loads(path.with_suffix(".meta.json").read_text("utf-8"))
    if path.parent.name == "chars" or path.stem == "deep" or "content_type" in meta:
        return None
    how = {"url": meta["url"], "crawled_at": datetime.fromisoformat(meta["crawled_at"]), "headers": meta.get("headers")}
    return Source(
        f"{path.parent.name}/{path.stem}", path.read_text("utf-8"), **how, site=meta.get("site", "zeelandnet")
    )


@pytest.mark.parametrize("name", list(sources())[:: 1 if TIMES else 3])
def test_a_scrambled_page_reads_the_same(name: str) -> None:
    source = sources()[name]
    expected = source.items(source.body)
    for time in range(TIMES or 1):
        assert source.items(source.scrambled(SCRAMBLES, f"all {time}")) == expected


@pytest.mark.long
@pytest.mark.parametrize("scramble", SCRAMBLES, ids=lambda scramble: scramble.__name__)
@pytest.mark.parametrize("name", sources())
def test_no_single_scramble_changes_what_is_read(name: str, scramble: Scramble) -> None:
    source = sources()[name]
    expected = source.items(source.body)
    for time in range(TIMES or 3):
        assert source.items(source.scrambled((scramble,), f"{scramble.__name__} {time}")) == expected


def test_scrambles_do_scramble() -> None:
    source = sources()["demo/bem/nieuws/sport"]
    for scramble in SCRAMBLES:
        assert source.scrambled((scramble,), "once") != source.scrambled((), "once")
    assert "teaser__title" not in source.scrambled((names,), "once")
