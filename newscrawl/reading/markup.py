"""HTML to ordered blocks of text. Elements tell where a block stands and where it leads; class names tell nothing."""

import re
from collections.abc import Callable, Mapping
from itertools import chain, islice
from typing import Any

from lxml import etree

from newscrawl.reading.blocks import Block, Node
from newscrawl.reading.inline import BREAK, Around, Waiting, read_run, read_runs
from newscrawl.timing.vocabulary import AGO

MAX_FORM = 800  # characters of a form to fill in; a longer one is the whole page
MAX_CAPTION = 400  # characters of what stands with a picture
MAX_FOOTER = 60  # characters; what stands below a brief is no longer
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
    *("script", "style", "noscript", "template", "title", "select", "textarea", "button", "svg", "math"),
    *("iframe", "object", "embed", "audio", "video", "canvas", "dialog", "meta", "link"),
)
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_PARTS_NOTHING = INLINE | {"br"}
_ONE_TEXT = frozenset(("p", *HEADINGS))

_TEXT = etree.XPath("string()", smart_strings=False)
# Plain steps: a step to the parent, or one set beside another, would take time that grows with the square of them.
_ATTRIBUTES = {name: etree.XPath(f"//@{name}") for name in ("hidden", "style", "role", "rel")}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def html_blocks(root: etree._Element) -> list[Block]:
    """Return the blocks of an HTML document in the order of its source. The tree is changed."""
    for button in list(root.iter("button")):
        if next(button.iterancestors(*HEADINGS), None) is not None:
            button.tag = "span"  # a heading that folds its section in and out
    etree.strip_elements(root, *DROPPED, with_tail=False)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction, etree.Entity)
    return _Walk().blocks(root)


def hidden_elements(root: etree._Element) -> set[etree._Element]:
    """Return the elements of which the document itself says that they are not shown; a style sheet may hide others."""
    styled = elements_with(root, "style")
    return {*elements_with(root, "hidden"), *(one for one in styled if _HIDDEN_STYLE.search(one.get("style", "")))}


class _Walk:
    """One walk over a tree; inline text is gathered until something parts it."""

    def __init__(self) -> None:
        self.runs: list[Waiting] = []
        self.opened = 0
        self.found: list[Block] = []

    def blocks(self, root: etree._Element) -> list[Block]:
        runs = self.runs
        unseen = hidden_elements(root)
        levels = {element: level for element in elements_with(root, "role") if (level := _level_of_role(element))}
        node, around = Node(None, "", 0, furniture=False), Around()
        # Each element that is open, whether it parts blocks, and what stands outside it.
        opened: list[tuple[etree._Element, bool, Node, Around]] = []
        inner: etree._Element | None = None  # the innermost of these
        hidden: etree._Element | None = None
        # Elements alone, and none for the end: with events for each end the walk would take twice as long.
        for element in chain(root.iter(), (None,)):
            parent = None if element is None else element.getparent()
            while inner is not parent:
                ended, parts, outside, around = opened.pop()
                inner = opened[-1][0] if opened else None
                if parts:
                    if runs:
                        self._flush(node)
                    node = outside
                if hidden is not None:
                    if hidden is not ended:
                        continue
                    hidden = None
                tail = ended.tail
                if tail and (runs or not tail.isspace()):
                    runs.append((tail, around))
            if element is None:
                break
            is_leaf = not len(element)
            if hidden is not None or element in unseen:
                if not is_leaf:
                    opened.append((element, False, node, around))
                    inner, hidden = element, element if hidden is None else hidden
                elif hidden is None and (tail := element.tail) and (runs or not tail.isspace()):
                    runs.append((tail, around))
                continue
            tag: str = element.tag
            text = element.text
            parts = tag not in _PARTS_NOTHING or (tag == "a" and not is_leaf and _holds_blocks(element))
            if parts:
                if runs:
                    self._flush(node)
                if not around.path:
                    self.opened = 0
            if is_leaf:  # it begins and ends at once, as most do
                if tag == "br":
                    runs.append(BREAK)
                if text and (runs or not text.isspace()):
                    if parts:
                        runs.append((text, around))
                        self._flush(_child(node, tag, element, levels))
                    else:
                        runs.append((text, self._inside(around, tag, element)))
                tail = element.tail
                if tail and (runs or not tail.isspace()):
                    runs.append((tail, around))
                continue
            opened.append((element, parts, node, around))
            inner = element
            if parts:
                node = _child(node, tag, element, levels)
                if tag == "a":
                    around = around._replace(href=element.get("href"))
            else:
                around = self._inside(around, tag, element)
            if text and (runs or not text.isspace()):  # white space that begins a block is none of its text
                runs.append((text, around))
        return self.found

    def _inside(self, around: Around, tag: str, element: etree._Element) -> Around:
        """Return what stands around the text of an inline element."""
        self.opened += 1
        path = (*around.path[:MAX_DEPTH], self.opened)
        if tag == "a":
            return Around(path, element.get("href"), around.is_time, around.datetime, around.is_update)
        if tag == "time":
            is_update = "dateModified" in (element.get("itemprop") or "").split()
            return Around(path, around.href, True, element.get("datetime"), is_update)
        return Around(path, around.href, around.is_time, around.datetime, around.is_update)

    def _flush(self, node: Node) -> None:
        """Make blocks of the inline text gathered so far, which stands in *node*."""
        runs = self.runs
        while len(runs) > 1 and runs[-1][0].isspace():
            runs.pop()
        if len(runs) == 1:  # as most text is
            text, (_, href, is_time, datetime, is_update) = runs[0]
            for piece in read_run(text):
                self.found.append(Block(piece, node, href, href or None, bool(href), datetime, is_time, is_update))
        else:
            for text, about in read_runs(runs, is_one_text=node.tag in _ONE_TEXT):
                self.found.append(Block(text, node, *about))
        runs.clear()


def elements_with(root: etree._Element, name: str) -> list[etree._Element]:
    """Return all elements of a tree with an attribute, in its order: much faster than asking each element."""
    values: Any = _ATTRIBUTES[name](root)
    return [value.getparent() for value in values]


def text_of(element: etree._Element) -> str:
    """Return all text in an element; comments are none."""
    return str(_TEXT(element))


def _child(parent: Node, tag: str, element: etree._Element, levels: Mapping[etree._Element, int]) -> Node:
    """Return the place that an element is; *levels* has those that are headings by their role."""
    depth = parent.depth
    if depth >= MAX_DEPTH:
        return parent
    furniture = parent.furniture or (tag in _FURNITURE and _FURNITURE[tag](element))
    heading = (levels and levels.get(element)) or HEADINGS.get(tag) or parent.heading
    return Node(parent, tag, depth + 1, furniture, heading, parent.in_link or tag == "a")


def _level_of_role(element: etree._Element) -> int:
    """Return the level of what is a heading by its role; 0 for what is none."""
    if element.get("role") != "heading":
        return 0
    level = element.get("aria-level") or ""
    return int(level) if level in ("1", "2", "3", "4", "5", "6") else 2


def _holds_blocks(element: etree._Element) -> bool:
    """Return whether a link is laid around headings and paragraphs, as around a whole brief."""
    return any(isinstance(child.tag, str) and child.tag not in INLINE and child.tag != "br" for child in element)


def _is_to_fill_in(form: etree._Element) -> bool:
    """Return whether a form is there to be filled in, and is not the whole page, as some software makes it."""
    text = "".join(map(str, islice(form.itertext(), MAX_FORM)))  # a piece has one character at least
    return len(text) < MAX_FORM and AGO not in text and "(ANP" not in text


def _is_picture(figure: etree._Element) -> bool:
    """Return whether a figure holds a picture with words about it, and no brief."""
    text = text_of(figure)
    return len(text) < MAX_CAPTION and AGO not in text and "(ANP" not in text and figure.find(".//a[@href]") is None


def _is_footer_of_brief(element: etree._Element) -> bool:
    """Return whether a footer stands below one brief, with its time, and not below the page."""
    if next(element.iterancestors("article", "li", "section"), None) is not None:
        return True
    return len(element) < 4 and AGO in "".join(map(str, islice(element.itertext(), MAX_FOOTER)))[:MAX_FOOTER]


# The elements that are furniture, or may be.
_FURNITURE: dict[str, Callable[[etree._Element], bool]] = {
    **dict.fromkeys(("nav", "figcaption", "menu"), lambda _: True),
    "form": _is_to_fill_in,
    "figure": _is_picture,
    "footer": lambda footer: not _is_footer_of_brief(footer),
}
