"""The lead of a page: the story that the page is about."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from newscrawl.reading.blocks import Node
from newscrawl.reading.dateline import Dateline
from newscrawl.reading.signs import Part, Sign

_PARAGRAPH = 60  # characters; a first paragraph without a dateline is at least as long
_CROSSHEAD = 70  # characters; what is longer is a paragraph, whatever it ends in
_CROSSHEAD_WORDS = 9
_QUESTION_WORDS = 5  # a crosshead may ask or exclaim, but briefly
_SENTENCE_END = re.compile(r"[.…;,]$|[.!?…][\"”'’)]$")
_TITLE_TAIL = re.compile(r"\s+[-–|]\s+[^-–|]{2,40}$")  # "Kop - ZeelandNet"


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead, as it is shown. A crosshead is a text and the index of the paragraph that follows it."""

    headline: str | None
    dateline: Dateline | None
    paragraphs: tuple[str, ...]
    crossheads: tuple[tuple[str, int], ...]
    first: Part
    """The part that its body begins with."""


def read_lead(parts: Sequence[Part], *, sections: Collection[str], announced: bool, title: str | None) -> Lead | None:
    """Return the lead among *parts*, which are a page without its lists, or None when there is none.

    Args:
        parts: what the page says, in its order.
        sections: names of sections, which are labels above a headline and never one.
        announced: whether something else on the page ("Meer uit …", its metadata) tells that there is a lead; a text
            without a dateline is no lead by itself.
        title: what the page is called in its head, for a page that shows no headline.
    """
    parts = [part for part in parts if not _is_furniture(part)]
    labels = {section.casefold() for section in sections}
    begin = next((index for index, part in enumerate(parts) if part.sign is Sign.DATELINE), None)
    if begin is not None:
        head = _headline_before(parts, begin, labels)
    elif announced:
        head, begin = _headline_without_dateline(parts, labels)
    if begin is None:
        return None
    paragraphs, crossheads = _body(parts, begin)
    if not any(paragraphs):
        return None
    headline = parts[head].body if head is not None else (_TITLE_TAIL.sub("", title) if title else None)
    return Lead(headline, parts[begin].dateline, tuple(paragraphs), tuple(crossheads), parts[begin])


def _is_furniture(part: Part) -> bool:
    return (
        part.node.furniture
        or part.sign in (Sign.CHROME, Sign.EDITION, Sign.DAY)
        or "webmail" in part.body.casefold()[:200]
    )


def _headline_before(parts: Sequence[Part], begin: int, labels: Collection[str]) -> int | None:
    """Return where the headline above the first paragraph stands: the nearest h1, else heading, else line of text."""
    above = [index for index in range(begin - 1, -1, -1) if _may_be_headline(parts[index], labels)]
    h1 = [index for index in above if parts[index].block.heading == 1]
    headings = [index for index in above if parts[index].block.heading]
    return next(iter((*h1, *headings, *above)), None)


def _headline_without_dateline(parts: Sequence[Part], labels: Collection[str]) -> tuple[int | None, int | None]:
    """Return where headline and first paragraph of a text without a dateline stand.

    The headline is the h1 above a paragraph, or the line that comes twice in a row (as titles do in text captures), or
    the line above the first paragraph.
    """
    candidates = [index for index, part in enumerate(parts) if _may_be_headline(part, labels)]
    h1 = [index for index in candidates if parts[index].block.heading == 1]
    twice = [index for index in candidates if index and parts[index].body == parts[index - 1].body]
    for index in (*h1[::-1], *twice[:1]):
        begin = next((later for later in range(index + 1, len(parts)) if _is_paragraph(parts[later])), None)
        if begin is not None:
            return index, begin
    begin = next((index for index, part in enumerate(parts) if index and _is_paragraph(part)), None)
    if begin is None:
        return None, None
    return next((index for index in reversed(candidates) if index < begin), None), begin


def _may_be_headline(part: Part, labels: Collection[str]) -> bool:
    return part.sign is Sign.TEXT and part.body.casefold() not in labels


def _is_paragraph(part: Part) -> bool:
    return part.sign is Sign.TEXT and not part.block.heading and not part.block.href and len(part.body) >= _PARAGRAPH


def _body(parts: Sequence[Part], begin: int) -> tuple[list[str], list[tuple[str, int]]]:
    room = _room(parts[begin].node)
    paragraphs: list[str] = []
    crossheads: list[tuple[str, int]] = []
    waiting: list[str] = []  # crossheads that no paragraph has followed yet
    for part in parts[begin:]:
        if part.sign in (Sign.COMMENTS, Sign.JUST_IN, Sign.MORE_FROM) or part.block.heading == 1:
            break
        if part.sign not in (Sign.TEXT, Sign.DATELINE) or (room is not None and room not in part.node.ancestors()):
            continue
        text = part.block.text if paragraphs else part.body
        if part.block.soft and paragraphs and not waiting and not _is_crosshead(part):
            paragraphs[-1] = f"{paragraphs[-1]} {text}"
        elif paragraphs and (part.block.heading or _is_crosshead(part)):
            waiting.append(text)
        elif part.block.href and not _SENTENCE_END.search(text):
            continue  # a link by itself leads away from the text
        else:
            crossheads += [(crosshead, len(paragraphs)) for crosshead in waiting]
            waiting.clear()
            paragraphs.append(text)
    return paragraphs, crossheads


def _room(node: Node) -> Node | None:
    """Return the article element around a text, else the main element; None where the page has neither."""
    ancestors = list(node.ancestors())
    for tag in ("article", "main"):
        for ancestor in ancestors:
            if ancestor.tag == tag:
                return ancestor
    return None


def _is_crosshead(part: Part) -> bool:
    """Return whether a line between paragraphs is a crosshead: short, and no sentence."""
    text, words = part.body, part.body.split()
    if part.sign is not Sign.TEXT or part.block.href or len(text) > _CROSSHEAD or len(words) > _CROSSHEAD_WORDS:
        return False
    if _SENTENCE_END.search(text):
        return False
    return text[-1] not in "!?" or len(words) <= _QUESTION_WORDS
