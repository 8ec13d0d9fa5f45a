"""Blocks of text: what a reader sees as one line or one paragraph. Plain text is made of them, as HTML is.

A block knows where it stands (its node), so that the parts of one brief can be told from those of the next without
looking at class names. In plain text every block stands at the root.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newscrawl.characters import clean
from newscrawl.reading.dateline import split_dateline
from newscrawl.reading.run_together import part_lines
from newscrawl.timing.stamps import LABELLED_AGE_PATTERN
from newscrawl.timing.vocabulary import AGO, IN_FULL

_GLUED_AFTER = re.compile(rf"((?i:{LABELLED_AGE_PATTERN}))(?=[^\s\w.,;:!?…)]|[A-Z0-9À-ÞĀ-Ž])")
_STAMP_WITHIN = re.compile(rf"(?<!\w)(?P<stamp>{LABELLED_AGE_PATTERN})\s*(?:[-–—|•·]\s+)?", re.IGNORECASE)

_STAMP_ENDS = sorted({f"{name} {AGO}"[start:] for name in IN_FULL for start in range(len(name) + len(AGO) + 1)} - {""})
_TORN_STAMP = re.compile(rf"\d?\s?(?:{'|'.join(reversed(_STAMP_ENDS))})(?=[^\s\w.,;:!?…)]|[A-Z0-9À-ÞĀ-Ž]|$)")


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
    in_link: bool = False
    """Whether it is a link that is laid around blocks, or stands in one."""

    def ancestors(self) -> "Iterator[Node]":
        """Yield this node and all it stands in, the innermost first."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent

    def is_within(self, room: "Node") -> bool:
        """Return whether this node is *room* or stands in it."""
        node = self
        while node.depth > room.depth and node.parent is not None:
            node = node.parent
        return node is room


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
    is_update: bool = False
    """Whether the page itself marks that time as the one of an update."""
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


def text_blocks(text: str) -> list[Block]:
    """Return a block for each line of plain text; a time that is glued to the next brief becomes a block of its own."""
    root = Node(None, "", 0, furniture=False)
    lines = [line for line in map(clean, re.split(r"\r\n|\r|\n", text)) if line]
    lines[:1] = [line for line in map(_without_torn_stamp, lines[:1]) if line]
    return [Block(piece, root) for run in lines for line in part_lines(run) for piece in unglue(line)]


def _without_torn_stamp(line: str) -> str:
    """Return the first line of a text without the end of a time stamp, where the text begins within one."""
    match = _TORN_STAMP.match(line)
    return line[match.end() :] if match else line


def unglue(line: str) -> list[str]:
    """Part a line where a time stamp and a brief were run together.

    A stamp is parted from what follows it without a space, or from a dateline; a stamp inside a sentence is left alone.

    >>> unglue("2 uur geledenLONDEN (ANP) - De brug is open.")
    ['2 uur geleden', 'LONDEN (ANP) - De brug is open.']
    >>> unglue("Ruim 400 jaar geleden stond hier een molen.")
    ['Ruim 400 jaar geleden stond hier een molen.']
    """
    if AGO not in line.casefold():
        return [line] if line else []
    pieces = []
    start = 0
    glued = _GLUED_AFTER.match(line)
    if glued:
        pieces.append(glued[1])
        start = glued.end()
    for match in _STAMP_WITHIN.finditer(line, start):
        after = line[match.end() : match.end() + 140]
        if after and split_dateline(after)[0] is not None:
            pieces += [line[start : match.start()].strip(), match["stamp"].strip()]
            start = match.end()
    pieces.append(line[start:].strip())
    return [piece for piece in pieces if piece]
