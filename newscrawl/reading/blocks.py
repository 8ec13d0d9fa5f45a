"""HTML or plain text to ordered blocks of text: what a reader sees as one line or one paragraph.

A block knows where it stands (its node), so that the parts of one brief can be told from those of the next without
looking at class names. In plain text every block stands at the root.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from lxml import etree, html

from newscrawl.reading.dateline import split_dateline
from newscrawl.timing.phrases import AGE_PATTERN, AGO, parse_age

MAX_DEPTH = 200  # nodes; what is nested deeper counts as standing at this depth

INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i"),
        *("img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup"),
        *("time", "tt", "u", "var", "wbr"),
    )
)
# Never a part of what a page says.
DROPPED = (
    *("script", "style", "noscript", "template", "head", "select", "textarea", "button", "svg", "math"),
    *("iframe", "object", "embed", "audio", "video", "canvas", "dialog"),
)
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
STRONG = frozenset({"b", "strong"})

SENTENCE_END = ".!?…\"”’')"
READ_ON = re.compile(
    r"\W*(?:lees (?:meer|verder)(?: over .{1,120})?|meer lezen|verder lezen|lees (?:het )?hele (?:artikel|bericht))\W*",
    re.IGNORECASE,
)

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
    heading: int = 0
    """Level of the heading that it is or stands in, 1 to 6; 0 for none."""

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
    href: str | None = None
    """Where the link leads that covers the whole block."""
    link: str | None = None
    """Where the first link inside the block leads."""
    linked: bool = False
    """Whether all of it is links, be it to several places."""
    datetime: str | None = None
    """The machine-readable moment of a `<time>` element."""
    is_time: bool = False
    """Whether the page itself marks it as a time."""
    strong: bool = False
    """Whether all of it is set in bold."""
    soft: bool = False
    """Whether only a line break, not a paragraph, parts it from the block before."""

    @property
    def heading(self) -> int:
        """Level of a heading, 1 to 6; 0 for what is none."""
        return self.node.heading

    @property
    def is_plain(self) -> bool:
        """Whether it is a line of plain text."""
        return self.node.parent is None


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
    for button in list(root.iter("button")):
        if any(parent.tag in HEADINGS for parent in button.iterancestors()):
            button.tag = "span"  # a heading that folds its section in and out
    etree.strip_elements(root, *DROPPED, with_tail=False)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction, etree.Entity)
    return list(_Walk().blocks(root))


@dataclass(slots=True)
class _Run:
    """Inline text up to the next inline tag, and what is known of it."""

    text: str
    path: tuple[int, ...]
    """The inline elements around it, the outermost first, by their number on the page."""
    href: str | None
    strong: bool
    whole: bool
    """Whether it is all that its inline element holds."""
    is_time: bool = False
    datetime: str | None = None


_LINE_BREAK = "\n"


@dataclass(slots=True)
class _Walk:
    """One walk over a tree; inline text is gathered until something parts it."""

    runs: list[_Run] = field(default_factory=list)
    path: tuple[int, ...] = ()
    opened: int = 0
    links: list[str | None] = field(default_factory=list)
    bold: int = 0
    times: list[str | None] = field(default_factory=list)
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
                    self.runs.append(_Run(_LINE_BREAK, (), None, False, False))
                elif inline:
                    self._open_inline(element, tag)
                else:
                    self._flush(nodes[-1])
                    nodes.append(_child(nodes[-1], tag, element))
                if element.text:
                    self._add(element.text, whole=inline and len(element) == 0)
            else:
                if hidden is element:
                    hidden = None
                elif inline:
                    self._close_inline(tag)
                elif tag != "br":
                    self._flush(nodes[-1])
                    nodes.pop()
                if element.tail:
                    self._add(element.tail, whole=False)
        self._flush(nodes[-1])
        return self.found

    def _open_inline(self, element: html.HtmlElement, tag: str) -> None:
        self.opened += 1
        self.path = (*self.path[:MAX_DEPTH], self.opened)
        if tag == "a":
            self.links.append(element.get("href"))
        elif tag == "time":
            self.times.append(element.get("datetime"))
        elif tag in STRONG:
            self.bold += 1

    def _close_inline(self, tag: str) -> None:
        self.path = self.path[:-1]
        if tag == "a":
            self.links.pop()
        elif tag == "time":
            self.times.pop()
        elif tag in STRONG:
            self.bold -= 1

    def _add(self, text: str, *, whole: bool) -> None:
        href = self.links[-1] if self.links else None
        time = self.times[-1] if self.times else None
        self.runs.append(_Run(text, self.path, href, self.bold > 0, whole, bool(self.times), time))

    def _flush(self, node: Node) -> None:
        """Make blocks of the inline text gathered so far, which stands in *node*."""
        if not self.runs:
            return
        runs, self.runs = self.runs, []
        soft = False
        for line in _lines(runs):
            if not line:  # two line breaks in a row part paragraphs
                soft = False
                continue
            for piece in _pieces(line, node):
                for block in _blocks(piece, node):
                    block.soft, soft = soft, False
                    self.found.append(block)
            soft = True


def _child(parent: Node, tag: str, element: html.HtmlElement) -> Node:
    if parent.depth >= MAX_DEPTH:
        return parent
    furniture = (
        parent.furniture
        or tag in ("nav", "figcaption", "menu")
        # A form to fill in, unless the whole page is one.
        or (tag == "form" and next(element.iter("h1", "article", "main"), None) is None)
        or (tag == "footer" and not any(node.tag in ("article", "li", "section") for node in parent.ancestors()))
    )
    return Node(parent, tag, parent.depth + 1, furniture, HEADINGS.get(tag, parent.heading))


def _is_hidden(element: html.HtmlElement) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN_STYLE.search(element.get("style") or ""))


def _lines(runs: list[_Run]) -> Iterator[list[_Run]]:
    """Part runs at line breaks; a line without any text is empty."""
    line: list[_Run] = []
    for run in runs:
        if run.text is _LINE_BREAK:
            yield line if any(part.text.strip() for part in line) else []
            line = []
        else:
            line.append(run)
    if any(part.text.strip() for part in line):
        yield line


def _pieces(runs: list[_Run], node: Node) -> Iterator[list[_Run]]:
    """Part a line where inline elements, laid out as blocks by a style sheet, hold a stamp, a title or a paragraph."""
    said = [index for index, run in enumerate(runs) if run.text.strip()]
    if len(said) < 2:
        yield runs
        return
    columns = node.tag not in ("p", *HEADINGS) and _is_all_elements([runs[index] for index in said])
    start = 0
    for before, index in pairwise(said):
        if _is_border(runs, start, before, index) or (columns and _begins_anew(runs, before, index)):
            yield runs[start:index]
            start = index
    yield runs[start:]


def _is_all_elements(runs: list[_Run]) -> bool:
    """Return whether a line is nothing but elements side by side, without any text of its own between them."""
    depth = _shared_depth(runs)
    return all(len(run.path) > depth for run in runs)


def _shared_depth(runs: list[_Run]) -> int:
    """Return how many inline elements stand around all of some runs."""
    levels = zip(*(run.path for run in runs), strict=False)
    return sum(1 for _ in takewhile(lambda level: len(set(level)) == 1, levels))


def _begins_anew(runs: list[_Run], before: int, index: int) -> bool:
    """Return whether one of several elements side by side ends before *index*, and no sentence goes on behind it."""
    one, other = runs[before], runs[index]
    depth = _shared_depth([run for run in runs if run.text.strip()])
    apart = one.path[depth] != other.path[depth] and not one.text[-1].isspace() and not other.text[0].isspace()
    return apart and not _goes_on(other.text) and other.text[0] not in "-–"


def _is_border(runs: list[_Run], start: int, before: int, index: int) -> bool:
    """Return whether a brief, its time or its link begins at *index*, or a time that began at *start* has ended."""
    one, other = runs[before], runs[index]
    glued = index == before + 1 and not one.text[-1].isspace() and not other.text[0].isspace()
    if _stands_alone(other):
        # A stamp in an element of its own ends a text, unless it stands inside a sentence.
        rest = clean("".join(run.text for run in runs[index + 1 :]))
        if not rest or split_dateline(rest)[0] is not None:
            return True
        return not _goes_on(rest) and (glued or one.text.rstrip()[-1] in SENTENCE_END)
    if _stands_alone(one) and not any(run.text.strip() for run in runs[start:before]):
        return not _goes_on(other.text.lstrip())
    begin = clean("".join(run.text for run in runs[index : index + 6])[:200])
    if split_dateline(begin)[0] is not None:
        return not (glued and one.text[-1].isupper())  # unless an initial is set apart, as "W" of "WENEN"
    # "TitelTekst", "Alinea.Alinea": elements side by side without a space, the second beginning a sentence.
    ended = len(one.text) > 10 and (one.text[-1].isalnum() or one.text[-1] in SENTENCE_END)
    return glued and ended and other.text[0].isupper() and (other.whole or one.whole)


def _goes_on(text: str) -> bool:
    """Return whether a sentence that was begun goes on with *text*."""
    return text[0].islower() or text[0] in ".,;:!?)"


def _stands_alone(run: _Run) -> bool:
    """Return whether an element by itself says when something was published, or where to read on."""
    if not run.whole:
        return False
    text = clean(run.text)
    return run.is_time or (AGO in text and parse_age(text) is not None) or bool(run.href and READ_ON.fullmatch(text))


def _blocks(runs: list[_Run], node: Node) -> Iterator[Block]:
    text = clean("".join(run.text for run in runs))
    if not text:
        return
    said = [run for run in runs if run.text.strip()]
    hrefs = [run.href for run in said]
    for piece in unglue(text):
        yield Block(
            piece,
            node,
            href=hrefs[0] if len(set(hrefs)) == 1 else None,
            link=next((href for href in hrefs if href), None),
            linked=all(hrefs),
            strong=all(run.strong for run in said),
            is_time=all(run.is_time for run in said),
            datetime=said[0].datetime if all(run.is_time for run in said) else None,
        )
