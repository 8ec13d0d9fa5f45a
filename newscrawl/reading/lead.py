"""The lead of a page: the story that the page is about."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from operator import attrgetter

from newscrawl.reading.blocks import Node
from newscrawl.reading.dateline import Dateline
from newscrawl.reading.signs import Part, Sign, nodes_around

_PARAGRAPH = 60  # characters; a first paragraph without a dateline is at least as long
_CROSSHEAD = 70  # characters; what is longer is a paragraph, whatever it ends in
_CROSSHEAD_WORDS = 9
_SHORTEST_HEADLINE = 12  # characters
_LONGEST_QUESTION = 90  # characters, as a headline
_QUESTION_WORDS = 5  # a crosshead may ask or exclaim, but briefly
_SENTENCE_SPACES = 4  # a sentence has at least five words
_SENTENCE_END = '.!?…"”'
_ENDS_SENTENCE = re.compile(r"[.…;,]$|[.!?…][\"”’')]$")
_WITHIN_SENTENCES = re.compile(r"(?:\w{3}|[\"”’'])\.[\"”’')]*\s+\S")  # one ends and another begins
_FRONT_PAGE = re.compile(r"(?:https?://[^/]+)?/?(?:index\.\w+)?", re.IGNORECASE)
_TITLE_TAIL = re.compile(r"\s+[-–|]\s+[^-–|]{2,40}$")  # "Kop - ZeelandNet"
# What stands beside the time of a lead.
_BYLINE = re.compile(
    r"\W*(?:(?:door|van|redactie|auteur|bron|tekst)\b.{0,60}|anp|geplaatst|gepubliceerd|gepost|publicatie(?:datum)?|datum)"
    r"(?: op)?\W*",
    re.IGNORECASE,
)
_NO_PART_OF_LEAD = (Sign.READ_ON, Sign.EDITION, Sign.DAY, Sign.ADVERT)
_BOXES = frozenset(("aside", "li", "ul", "ol", "nav", "section", "header"))


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead, as it is shown. A crosshead is a text and the index of the paragraph that follows it."""

    headline: str | None
    dateline: Dateline | None
    paragraphs: tuple[str, ...]
    crossheads: tuple[tuple[str, int], ...]
    times: tuple[tuple[str, str], ...]
    """The times of its byline: the words shown, and what they tell machines."""


def read_lead(
    parts: Sequence[Part],
    *,
    sections: Collection[str],
    lists: Collection[Part],
    related: Collection[Part],
    claimed: bool,
    title: str | None,
) -> Lead | None:
    """Return the lead among *parts*, which are a page without its lists, or None when there is none.

    Args:
        parts: what the page says, in its order.
        sections: names of sections, which are labels above a headline and never one.
        lists: the headings of the lists that the page holds beside its lead.
        related: what else was taken out of *parts*, and leads to other stories.
        claimed: whether the metadata of the page tell of an article. A text without a dateline is no lead by itself:
            it takes such a claim, or a list beside it.
        title: what the page is called in its head, for a page that shows no headline.
    """
    parts = [part for part in parts if part.sign not in _NO_PART_OF_LEAD and not part.block.node.furniture]
    labels = {section.casefold() for section in sections}
    begin = next((index for index, part in enumerate(parts) if part.sign is Sign.DATELINE), None)
    if begin is not None:
        head = _headline_before(parts, begin, labels, title)
    elif lists or claimed:
        head, begin = _headline_without_dateline(parts, labels, title)
    if begin is None:
        return None
    room, whole = _room(parts, begin, head, lists)
    below = [part.place for part in lists if part.place > parts[begin].place]
    paragraphs, crossheads = _body(parts[begin:], room, None if whole else min(below, default=None))
    if not any(paragraphs):
        return None
    headline = parts[head].body if head is not None else (_TITLE_TAIL.sub("", title) if title else None)
    times = tuple(
        (part.body, part.block.datetime) for part in _byline(parts, begin, head, labels, related) if part.block.datetime
    )
    return Lead(headline, parts[begin].dateline, tuple(paragraphs), tuple(crossheads), times)


# --- The byline -------------------------------------------------------------------------------------------------------


def _byline(
    parts: Sequence[Part], begin: int, head: int | None, labels: Collection[str], related: Collection[Part]
) -> list[Part]:
    """Return the times of a lead: those between headline and text, and beside the headline in its article element.

    Only what can be no time of another story: a time by itself, with nothing linked beside it or above it.
    """
    if head is None or not any(part.sign is Sign.STAMP and part.block.datetime for part in parts[:begin]):
        return []
    of_lead = nodes_around((parts[head], parts[begin]))
    leads_away = [
        index
        for index, part in enumerate(parts[:begin])
        if index != head and part.body.casefold() not in labels and _leads_away(part)
    ]
    away = nodes_around(parts[index] for index in leads_away) - of_lead
    boxes = [part.place for part in related if part.place > parts[head].place]
    end = next((index for index in leads_away if index > head), begin)
    end = min(end, bisect_left(parts, min(boxes, default=parts[begin].place), key=attrgetter("place")))
    below = [index for index in range(head + 1, end) if away.isdisjoint(_box(parts[index], of_lead))]
    room = parts[head].node.parent
    article = any(node.tag == "article" for node in parts[head].node.ancestors())
    above: list[int] = []
    if article and room and not any(index < head and parts[index].node.is_within(room) for index in leads_away):
        above = [index for index in range(head) if room in (parts[index].node, parts[index].node.parent)]
    found = [index for index in (*below, *above) if _is_time_of_lead(parts[index], of_lead)]
    return [parts[index] for index in found if all(_is_byline(part, labels) for part in _beside(parts, index, begin))]


def _leads_away(part: Part) -> bool:
    """Return whether a part leads to another story, or stands above what does."""
    if part.sign in (Sign.RELATED, Sign.JUST_IN, Sign.MORE_FROM):
        return True
    return (part.block.linked or part.block.href is not None) and part.sign is not Sign.CHROME


def _box(part: Part, of_lead: Collection[Node]) -> list[Node]:
    """Return the elements around a part that hold neither headline nor text."""
    return list(takewhile(lambda node: node not in of_lead, part.node.ancestors()))


def _is_time_of_lead(part: Part, of_lead: Collection[Node]) -> bool:
    """Return whether a part is a time that machines can read, and stands in no box apart from the lead."""
    if part.sign is not Sign.STAMP or part.block.datetime is None:
        return False
    return not any(node.tag in _BOXES and node not in of_lead for node in part.node.ancestors())


def _beside(parts: Sequence[Part], index: int, begin: int) -> list[Part]:
    """Return what stands in one line with a part; the text that begins at *begin* does not."""
    near = (there for there in (index - 1, index + 1) if 0 <= there < len(parts) and there != begin)
    return [parts[there] for there in near if parts[there].node is parts[index].node]


def _is_byline(part: Part, labels: Collection[str]) -> bool:
    """Return whether what stands beside a time leaves it the time of the lead: "Door Jan", a label, a section."""
    if part.sign is not Sign.TEXT or part.body.casefold() in labels:
        return True
    return _BYLINE.fullmatch(part.body) is not None


# --- Headline and text ------------------------------------------------------------------------------------------------


def is_paragraph(part: Part) -> bool:
    """Return whether a text without a dateline is a paragraph: long, or a sentence."""
    if part.sign is not Sign.TEXT or part.block.heading or part.block.linked:
        return False
    return len(part.body) >= _PARAGRAPH or (part.body[-1] in _SENTENCE_END and part.body.count(" ") >= _SENTENCE_SPACES)


def _headline_before(parts: Sequence[Part], begin: int, labels: Collection[str], title: str | None) -> int | None:
    """Return where the headline above the first paragraph stands.

    It is the nearest line that the title of the page repeats, else the nearest h1, else heading; where there is no h1,
    and an article element holds the text, rather one in it, or its first line. Else it is the nearest line of text.
    """
    called = title.casefold() if title else ""
    above: list[int] = []
    for index in range(begin - 1, -1, -1):
        if _may_be_headline(parts[index], labels):
            if _repeats(called, parts[index]):
                return index
            above.append(index)
    headings = [index for index in above if parts[index].block.heading]
    headings = [index for index in headings if not _is_masthead(parts[index])]
    headings.sort(key=lambda index: (parts[index].block.heading != 1, bool(parts[index].block.href)))
    article = next((node for node in parts[begin].node.ancestors() if node.tag == "article"), None)
    inside = [index for index in above if article is not None and parts[index].node.is_within(article)]
    if inside and not any(parts[index].block.heading == 1 for index in headings):
        headings = [index for index in inside if parts[index].block.heading] or inside[-1:]
    return next(iter((*headings, *above)), None)


def _is_masthead(part: Part) -> bool:
    """Return whether a heading is the name of the portal, which leads to its front page."""
    return part.block.href is not None and _FRONT_PAGE.fullmatch(part.block.href) is not None


def _repeats(title: str, part: Part) -> bool:
    """Return whether *title*, in small letters, repeats a line; a word or two may stand there by chance."""
    return len(part.body) >= _SHORTEST_HEADLINE and part.body.casefold() in title


def _headline_without_dateline(
    parts: Sequence[Part], labels: Collection[str], title: str | None
) -> tuple[int | None, int | None]:
    """Return where headline and first paragraph of a text without a dateline stand.

    The headline is the h1 above a paragraph, or the line that comes twice in a row (as titles do in text captures), or
    the one that the title of the page repeats, or the last line before the first paragraph.
    """
    texts = [index for index, part in enumerate(parts) if is_paragraph(part)]
    if not texts:
        return None, None
    above = [index for index in range(texts[-1]) if _may_be_headline(parts[index], labels)]
    h1 = [index for index in above if parts[index].block.heading == 1]
    twice = [index for index in above if index and parts[index].body == parts[index - 1].body]
    named = title.casefold() if title else ""
    called = [index for index in above if not parts[index].block.linked and _repeats(named, parts[index])]
    for index in (*h1[-1:], *twice[-1:], *called[:1]):
        return index, texts[bisect_right(texts, index)]
    begin = next((index for index in texts if index), None)
    if begin is None:
        return None, None
    head = next((index for index in reversed(above) if index < begin), None)
    if parts[begin].block.is_plain:
        if (head is None or len(parts[head].body) < _SHORTEST_HEADLINE) and _asks(parts[begin]) and begin + 1 in texts:
            return begin, begin + 1
        if parts[0].is_torn:
            return None, None  # the capture begins within a line: of the menu or of the text, which is not known
        if head is not None and len(parts[head].body) >= _PARAGRAPH and parts[head].body[-1] in _SENTENCE_END[:1]:
            return None, None
    return head, begin


def _asks(part: Part) -> bool:
    return part.body[-1] in "!?" and len(part.body) < _LONGEST_QUESTION


def _may_be_headline(part: Part, labels: Collection[str]) -> bool:
    return part.sign is Sign.TEXT and part.body.casefold() not in labels


def _body(parts: Sequence[Part], room: Node | None, end: int | None) -> tuple[list[str], list[tuple[str, int]]]:
    """Return the paragraphs and crossheads of a text.

    They stand in *room*; where this may hold less or more than the text, they stand before *end*, the place of the
    first list, and behind that beside the first paragraph only.
    """
    beside = parts[0].node.parent
    if beside is not None and beside.tag in ("", "html", "body"):
        beside = None  # where the text stands beside all else, what is below a list is anything
    paragraphs: list[str] = []
    crossheads: list[tuple[str, int]] = []
    sharing = _sharing(parts)
    waiting: list[Part] = []  # what may be a crosshead, if a paragraph follows it
    for part in parts:
        if part.sign in (Sign.JUST_IN, Sign.MORE_FROM):
            break
        if end is None:
            outside = room is not None and not part.block.node.is_within(room)
        else:
            outside = part.place >= end and (beside is None or part.node.parent is not beside)
        if outside or part.sign in (Sign.CREDIT, Sign.RELATED) or part.place in sharing:
            continue
        text = part.block.text if paragraphs else part.body
        if part.block.soft and waiting and _goes_on(waiting[-1].block.text, text):
            text = f"{waiting.pop().block.text} {text}"  # a line that ended early was no crosshead
            crossheads += [(crosshead.block.text, len(paragraphs)) for crosshead in waiting]
            waiting.clear()
            paragraphs.append(text)
        elif part.block.soft and paragraphs and not waiting and _ends_line(part, paragraphs[-1]):
            paragraphs[-1] = f"{paragraphs[-1]} {text}"
        elif part.block.linked and not _ENDS_SENTENCE.search(text):
            continue  # a link by itself leads away from the text
        elif paragraphs and (part.block.heading or part.sign not in (Sign.TEXT, Sign.DATELINE) or _is_crosshead(part)):
            if not part.block.is_time:
                waiting.append(part)
        else:
            crossheads += [(crosshead.block.text, len(paragraphs)) for crosshead in waiting]
            waiting.clear()
            paragraphs.append(text)
    # No crosshead stands at the end: a sentence there has lost its full stop.
    above: list[Part] = []
    for part in waiting:
        if _is_sentence_without_end(part):
            crossheads += [(crosshead.block.text, len(paragraphs)) for crosshead in above]
            above.clear()
            paragraphs.append(part.body)
        else:
            above.append(part)
    return paragraphs, crossheads


def _sharing(parts: Sequence[Part]) -> set[int]:
    """Return the places of words such as "Deel dit artikel" that stand beside links, and are no crossheads."""
    beside = zip(parts, [None, *parts[:-1]], [*parts[1:], None], strict=True)
    return {
        part.place
        for part, before, behind in beside
        if part.sign is Sign.CHROME
        and not part.block.heading
        and (
            part.block.link is not None
            or any(near is not None and near.block.linked and near.node is part.node for near in (before, behind))
        )
    }


def _goes_on(line: str, text: str) -> bool:
    """Return whether a line goes on with *text* behind a line break: a sentence, or a row of results."""
    return text[0].islower() or (text[0].isdigit() and any(character.isdigit() for character in line))


def _ends_line(part: Part, paragraph: str) -> bool:
    """Return whether a part belongs to the paragraph that only a line break parts it from."""
    if not _ENDS_SENTENCE.search(paragraph) and paragraph[-1] not in "!?":
        return part.sign is Sign.TEXT or (
            part.sign is Sign.STAMP and not part.block.is_time
        )  # "… begint / om 20.15 uur."
    return part.sign is Sign.TEXT and not _is_crosshead(part)


def _room(parts: Sequence[Part], begin: int, head: int | None, lists: Collection[Part]) -> tuple[Node | None, bool]:
    """Return the element that holds the text which begins at *begin*, and whether it holds the whole of it.

    That is the article element around it, else the main element, else the smallest one that holds headline and text.
    Where this holds the first paragraph alone, as a header does, it is the one around it, if no list stands in that. It
    is None where the page has no elements.
    """
    around = list(parts[begin].node.ancestors())
    for tag in ("article", "main"):
        for node in around:
            if node.tag == tag:
                return node, True
    with_headline = set(parts[begin if head is None else head].node.ancestors())
    with_lists = nodes_around(lists)
    with_more = nodes_around(part for part in parts[begin + 1 :] if is_paragraph(part))
    rooms = [node for node in around if node in with_headline]
    for node, larger in pairwise(rooms):
        if larger in with_lists or node in with_more:
            return node, larger not in with_lists
    return None, False


def _is_crosshead(part: Part) -> bool:
    """Return whether a line between paragraphs is a crosshead: short, and no sentence."""
    text, words = part.body, part.body.split()
    if part.sign is not Sign.TEXT or len(text) > _CROSSHEAD or len(words) > _CROSSHEAD_WORDS:
        return False
    if _ENDS_SENTENCE.search(text) or _WITHIN_SENTENCES.search(text):
        return False
    return text[-1] not in "!?" or len(words) <= _QUESTION_WORDS


def _is_sentence_without_end(part: Part) -> bool:
    return part.sign is Sign.TEXT and not part.block.heading and part.body.count(" ") >= _SENTENCE_SPACES
