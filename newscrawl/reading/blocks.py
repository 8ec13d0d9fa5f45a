"""HTML or plain text to ordered blocks of text: what a reader sees as one line or one paragraph.

A block knows where it stands (its node), so that the parts of one brief can be told from those of the next without
looking at class names. In plain text every block stands at the root.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from newscrawl.reading.dateline import split_dateline
from newscrawl.timing.phrases import AGE_PATTERN, AGO, parse_age

MAX_DEPTH = 200  # nodes; what is nested deeper counts as standing at this depth

INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *("img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup"),
        *("tt", "u", "var", "wbr"),
    )
)
# Never a part of what a page says.
DROPPED = (
    *("script", "style", "noscript", "template", "head", "select", "textarea", "button", "svg", "math"),
    *("iframe", "object", "embed", "audio", "video", "canvas", "dialog"),
)
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
STRONG = frozenset({"b", "strong"})

_INVISIBLE = {ord(character): None for character in "\u00ad\u200b\u200c\u200d\u2060\ufeff"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_GLUED_AFTER = re.compile(rf"({AGE_PATTERN})(?=[^\s\w.,;:!?…)]|[A-Z0-9À-ÞĀ-Ž])", re.IGNORECASE)
_STAMP_WITHIN = re.compile(rf"(?<!\w){AGE_PATTERN}\s*", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Node:
    """A place in the page: an element that parts blocks from each other."""

    parent: "Node | None"
    tag: str
    depth: int
    furniture: bool
    """Whether it belongs to the furniture of a page: menus, page footers, captions."""

    def ancestors(self) -> "Iterator[Node]":
        """Yield this node and all it stands in, the innermost first."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent


@dataclass(slots=True, eq=False)
class Block:
    """What a reader sees as one line or paragraph."""

    text: str
    node: Node
    heading: int = 0
    """Level of a heading, 1 to 6; 0 for what is none."""
    href: str | None = None
    """Where the link leads that covers the whole block."""
    link: str | None = None
    """Where the first link inside the block leads."""
    datetime: str | None = None
    """The machine-readable moment of a `<time>` element."""
    is_time: bool = False
    """Whether the page itself marks it as a time."""
    strong: bool = False
    """Whether all of it is set in bold."""
    soft: bool = False
    """Whether only a line break, not a paragraph, parts it from the block before."""


def clean(text: str) -> str:
    """Return *text* on one line: white space folded, what nobody sees (soft hyphens, zero-width spaces) removed."""
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    return " ".join(text.split())


def text_blocks(text: str) -> list[Block]:
    """Return a block for each line of plain text; a time that is glued to the next brief becomes a block of its own."""
    root = Node(None, "", 0, furniture=False)
    lines = (clean(line) for line in re.split(r"\r\n|\r|\n", text))
    return [Block(piece, root) for line in lines if line for piece in unglue(line)]


def unglue(line: str) -> list[str]:
    """Part a line where a time stamp and a brief were run together.

    A stamp is parted from what follows it without a space, or from a dateline; a stamp inside a sentence is left alone.

    >>> unglue("2 uur geledenLONDEN (ANP) - De brug is open.")
    ['2 uur geleden', 'LONDEN (ANP) - De brug is open.']
    >>> unglue("Ruim 400 jaar geleden stond hier een molen.")
    ['Ruim 400 jaar geleden stond hier een molen.']
    """
    if AGO not in line.casefold():
        return [line]
    pieces = []
    start = 0
    glued = _GLUED_AFTER.match(line)
    if glued:
        pieces.append(glued[1])
        start = glued.end()
    for match in _STAMP_WITHIN.finditer(line, start):
        after = line[match.end() : match.end() + 140]
        if after and split_dateline(after)[0] is not None:
            pieces += [line[start : match.start()].strip(), match[0].strip()]
            start = match.end()
    pieces.append(line[start:].strip())
    return [piece for piece in pieces if piece]


def html_blocks(root: html.HtmlElement) -> list[Block]:
    """Return the blocks of an HTML document in the order of its source. The tree is changed."""
    etree.strip_elements(root, *DROPPED, with_tail=False)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction, etree.Entity)
    return list(_Walk().blocks(root))


@dataclass(slots=True)
class _Run:
    """Inline text up to the next inline tag, and what is known of it."""

    text: str
    href: str | None
    strong: bool
    whole: bool
    """Whether it is all that its inline element holds."""


@dataclass(slots=True)
class _Walk:
    """One walk over a tree; inline text is gathered until something parts it."""

    runs: list[_Run] = field(default_factory=list)
    links: list[str | None] = field(default_factory=list)
    bold: int = 0
    found: list[Block] = field(default_factory=list)

    def blocks(self, root: html.HtmlElement) -> list[Block]:
        nodes = [Node(None, "", 0, furniture=False)]
        walk = etree.iterwalk(root, events=("start", "end"))
        hidden: object = None
        for event, element in walk:
            tag = str(element.tag)
            inline = tag in INLINE
            if event == "start":
                if hidden is None and _is_hidden(element):
                    hidden = element
                    walk.skip_subtree()
                    continue
                if tag == "br":
                    self.runs.append(_Run("\n", None, False, False))
                elif inline:
                    self._open_inline(element, tag)
                else:
                    self._flush(nodes[-1], None)
                    nodes.append(_child(nodes[-1], tag))
                if element.text:
                    self._add(element.text, whole=inline and len(element) == 0)
            else:
                if hidden is element:
                    hidden = None
                elif inline:
                    self._close_inline(tag)
                elif tag != "br":
                    self._flush(nodes[-1], element)
                    nodes.pop()
                if element.tail:
                    self._add(element.tail, whole=False)
        self._flush(nodes[-1], None)
        return self.found

    def _open_inline(self, element: html.HtmlElement, tag: str) -> None:
        if tag == "a":
            self.links.append(element.get("href"))
        elif tag in STRONG:
            self.bold += 1

    def _close_inline(self, tag: str) -> None:
        if tag == "a":
            self.links.pop()
        elif tag in STRONG:
            self.bold -= 1

    def _add(self, text: str, *, whole: bool) -> None:
        self.runs.append(_Run(text, self.links[-1] if self.links else None, self.bold > 0, whole))

    def _flush(self, node: Node, element: html.HtmlElement | None) -> None:
        """Make blocks of the inline text gathered so far, which stands in *node*; *element* is what ends it."""
        if not self.runs:
            return
        runs, self.runs = self.runs, []
        soft = False
        for line in _lines(runs):
            if not line:  # two line breaks in a row part paragraphs
                soft = False
                continue
            for piece in _pieces(line):
                block = _block(piece, node, soft=soft)
                if block is not None:
                    if element is not None and element.tag == "time":
                        block.is_time, block.datetime = True, element.get("datetime")
                    self.found.append(block)
                    soft = True


def _child(parent: Node, tag: str) -> Node:
    if parent.depth >= MAX_DEPTH:
        return parent
    furniture = (
        parent.furniture
        or tag in ("nav", "figcaption", "menu")
        or (tag == "footer" and not any(node.tag in ("article", "li", "section") for node in parent.ancestors()))
    )
    return Node(parent, tag, parent.depth + 1, furniture)


def _is_hidden(element: html.HtmlElement) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN_STYLE.search(element.get("style") or ""))


def _lines(runs: list[_Run]) -> Iterator[list[_Run]]:
    """Part runs at line breaks; a line without any text is empty."""
    line: list[_Run] = []
    for run in runs:
        if run.text == "\n" and not run.whole and run.href is None and not run.strong:
            yield line if any(part.text.strip() for part in line) else []
            line = []
        else:
            line.append(run)
    if any(part.text.strip() for part in line):
        yield line


def _pieces(runs: list[_Run]) -> Iterator[list[_Run]]:
    """Part a line where inline elements, laid out as blocks by a style sheet, hold a stamp or the begin of a brief."""
    runs = [run for run in runs if run.text]
    start = 0
    for index in range(1, len(runs)):
        if not runs[index].text.strip():
            continue
        before = next((run for run in reversed(runs[start:index]) if run.text.strip()), None)
        if before is not None and _is_border(before, runs, index):
            yield runs[start:index]
            start = index
    yield runs[start:]


def _is_border(before: _Run, runs: list[_Run], index: int) -> bool:
    run = runs[index]
    if run.whole and _is_stamp(run.text):
        # A stamp in an element of its own ends a text, unless the sentence goes on behind it.
        rest = clean("".join(later.text for later in runs[index + 1 :]))
        return not rest or split_dateline(rest)[0] is not None or not rest[0].islower()
    if before.whole and _is_stamp(before.text):
        return not run.text.lstrip()[0].islower() and run.text.lstrip()[0] not in ".,;:!?)"
    begin = clean("".join(later.text for later in runs[index : index + 6])[:200])
    if split_dateline(begin)[0] is not None:
        return True
    # "TitelTekst": two elements side by side without a space, the second beginning a sentence.
    glued = not before.text[-1].isspace() and not run.text[0].isspace()
    return (
        glued
        and len(before.text) > 10
        and before.text[-1].isalnum()
        and run.text[0].isupper()
        and (run.whole or before.whole)
    )


def _is_stamp(text: str) -> bool:
    return AGO in text and parse_age(clean(text)) is not None


def _block(runs: list[_Run], node: Node, *, soft: bool) -> Block | None:
    text = clean("".join(run.text for run in runs))
    if not text:
        return None
    said = [run for run in runs if run.text.strip()]
    hrefs = [run.href for run in said]
    heading = next((HEADINGS[place.tag] for place in node.ancestors() if place.tag in HEADINGS), 0)
    return Block(
        text,
        node,
        heading=heading,
        href=hrefs[0] if len(set(hrefs)) == 1 else None,
        link=next((href for href in hrefs if href), None),
        strong=all(run.strong for run in said),
        soft=soft,
    )
