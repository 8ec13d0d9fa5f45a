"""Which parts of a page belong together: a list below its heading, comments, "Net binnen", a brief and its time."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from itertools import takewhile

from newscrawl.reading.blocks import Node
from newscrawl.reading.inline import SENTENCE_END
from newscrawl.reading.just_in import ClockLine, read_clock_lines
from newscrawl.reading.lead import is_paragraph
from newscrawl.reading.signs import LONGEST_LABEL, Part, Sign, nodes_around, time_shown
from newscrawl.timing.stamps import parse_day

MOST_LINES = 300  # parts of "Net binnen"
MAX_ZONES = 20  # of one kind on a page; a page with more headings of lists is no page of news

_FEWEST_IN_ORDER = 3  # briefs in plain text that show their order even where the last one is cut off
_BRIEF_TAGS = ("article", "li", "tr")
_PAGE_TAGS = ("", "html", "body", "main")


def zones_below(parts: Sequence[Part], sign: Sign) -> list[list[Part]]:
    """Return, for each heading with *sign*, that heading and the parts it stands above.

    These are all that follow it in the smallest element that holds a brief too; up to the next such heading, and to the
    headline of the page.
    """
    zones: list[list[Part]] = []
    headings = [index for index, part in enumerate(parts) if part.sign is sign]
    for index in headings[:MAX_ZONES]:
        part = parts[index]
        room = _room_of_list(parts, index)
        zone = [part]
        for later in parts[index + 1 :]:
            if later.sign in (sign, Sign.COMMENTS, Sign.JUST_IN, Sign.MORE_FROM):
                break
            if room is not None and not later.block.node.is_within(room):
                break
            zone.append(later)
        h1 = [place for place, later in enumerate(zone) if later.block.heading == 1 and not later.block.link and place]
        if len(h1) == 1:  # the headline of the page, which follows its list; else every title is an h1
            del zone[h1[0] :]
        zones.append(zone)
    return zones


def _room_of_list(parts: Sequence[Part], index: int) -> Node | None:
    """Return the smallest element that holds the heading at *index* and a brief, time or comment that follows it."""
    content = (Sign.DATELINE, Sign.STAMP) if parts[index].sign is not Sign.COMMENTS else (Sign.STAMP, Sign.TEXT)
    below = nodes_around(part for part in parts[index + 1 :] if part.sign in content)
    return next((node for node in parts[index].node.ancestors() if node in below), None)


def without(parts: Sequence[Part], zones: Collection[Sequence[Part]]) -> list[Part]:
    """Return the parts that stand in none of *zones*."""
    if not zones:
        return list(parts)
    taken = {id(part) for zone in zones for part in zone}
    return [part for part in parts if id(part) not in taken]


def talk(parts: Sequence[Part]) -> list[list[Part]]:
    """Return the comments on a page, each list with its heading.

    A heading such as "Reacties" may be a crosshead too, above the next paragraph of a text: unless it has an element of
    its own with all that it stands above, apart from the text.
    """
    zones = [zone for zone in zones_below(parts, Sign.COMMENTS) if not zone[0].block.linked]
    if not zones:
        return zones
    of_text = nodes_around(
        part
        for part in without(parts, zones)
        if part.sign is Sign.DATELINE or part.block.heading == 1 or is_paragraph(part)
    )
    return [zone for zone in zones if _is_talk(zone, of_text)]


def _is_talk(zone: Sequence[Part], of_text: Collection[Node]) -> bool:
    if any(part.sign is Sign.STAMP for part in zone) or not any(is_paragraph(part) for part in zone):
        return True
    box = list(takewhile(lambda node: node not in of_text, zone[0].node.ancestors()))[-1:]
    return bool(box and of_text) and all(box[0] in part.node.ancestors() for part in zone)


def without_related(parts: Sequence[Part]) -> list[Part]:
    """Return the parts without lists of related stories that have an element of their own, apart from the text."""
    if not any(part.sign is Sign.RELATED for part in parts):
        return list(parts)
    of_lead = nodes_around(part for part in parts if part.sign is Sign.DATELINE or part.block.heading == 1)
    held = Counter(node for part in parts for node in part.node.ancestors())
    paragraphs = Counter(node for part in parts if is_paragraph(part) for node in part.node.ancestors())
    rooms = set()
    for part in parts:
        if part.sign is Sign.RELATED:
            room = None
            for node in takewhile(lambda node: node not in of_lead and node.parent is not None, part.node.ancestors()):
                whole = room is not None and (held[room] > 1 or part.block.link is not None)
                if whole and room is not None and paragraphs[node] > paragraphs[room]:
                    break  # what is around the box is text, though none of it stands above
                room = node
            if room is not None:
                rooms.add(room)  # the largest element that holds nothing of the text
        elif is_paragraph(part):
            of_lead.update(part.node.ancestors())
    return [part for part in parts if rooms.isdisjoint(part.node.ancestors())] if rooms else list(parts)


def take_clock_lines(parts: Sequence[Part], sections: Collection[str]) -> tuple[list[ClockLine], list[Part]]:
    """Return the lines of "Net binnen", and the parts without them."""
    lines: list[ClockLine] = []
    if not any(part.sign is Sign.JUST_IN for part in parts):
        return lines, list(parts)
    rest: list[Part] = []
    index = 0
    while index < len(parts):
        if parts[index].sign is Sign.JUST_IN:
            found, taken = read_clock_lines(parts[index + 1 : index + 1 + MOST_LINES], sections)
            lines += found
            index += 1 + taken
        else:
            rest.append(parts[index])
            index += 1
    return lines, rest


# --- What dates a brief -----------------------------------------------------------------------------------------------


def settle_stamps(parts: Sequence[Part]) -> list[Part]:
    """Return the parts of a list with its times settled, of which only the brief beside them can tell what they are.

    A full day, or a word such as ``maandag``, dates a brief that shows no other time, where it stands in the element of
    that brief, or in its turn between the texts. A time that ends a text is a word of it where the brief has a stamp.
    """
    seen = [part for part in parts if not part.node.furniture]
    ending = [
        (part, beside)
        for index, part in enumerate(seen)
        if part.sign is Sign.STAMP and _may_end_text(part, beside := seen[max(index - 1, 0) : index + 2])
    ]
    if ending:
        briefs = _Briefs(seen)
        spent = {id(part) for part, beside in ending if _rejoins_text(part, beside, briefs)}
        parts = [part for part in parts if id(part) not in spent]
        seen = [part for part in seen if id(part) not in spent]
    faint = [part for part in seen if _may_date(part)]
    if not faint:
        return list(parts)
    briefs = _Briefs(seen)
    dated: set[Node] = set()
    loose = []
    for part in faint:
        own = briefs.own(part)
        if own is None:
            loose.append(part)
        elif not briefs.stamps[own] and own not in dated:
            dated.add(own)
            _make_stamp(part)
    for part in _in_their_turn(seen, loose):
        _make_stamp(part)
    return list(parts)


class _Briefs:
    """The briefs of a list by the elements that hold one of them each."""

    def __init__(self, parts: Sequence[Part]) -> None:
        datelines = [part for part in parts if part.sign is Sign.DATELINE]
        titles = [part for part in parts if part.sign is Sign.TEXT and part.block.heading > 1]
        links = [] if datelines or titles else [part for part in parts if part.is_title]
        self.h1 = nodes_around(part for part in parts if part.block.heading == 1)
        self.kinds = [
            Counter(node for part in kind for node in part.node.ancestors()) for kind in (datelines, titles, links)
        ]
        told = [
            part for part in titles if part.block.link or not datelines
        ]  # "Agenda" above a box is no title of a brief
        self.anchors = {
            node: part for kind in (links, told, datelines) for part in kind for node in part.node.ancestors()
        }
        self.stamps = Counter(node for part in parts if part.sign is Sign.STAMP for node in part.node.ancestors())

    def own(self, part: Part) -> Node | None:
        """Return the largest element around *part* that holds one brief, and has *part* within that brief."""
        largest = None
        for node in part.node.ancestors():
            if node.tag in _PAGE_TAGS or node in self.h1 or any(kind[node] > 1 for kind in self.kinds):
                break
            anchor = self.anchors.get(node)
            if anchor is None:
                continue
            if largest is None and _has_element_within(anchor, node):
                break  # the brief has an element of its own, and *part* stands outside it
            largest = node
        return largest


def _has_element_within(part: Part, room: Node) -> bool:
    """Return whether an element such as a list item stands around *part* within *room*."""
    return any(around.tag in _BRIEF_TAGS for around in takewhile(lambda node: node is not room, part.node.ancestors()))


def _may_date(part: Part) -> bool:
    """Return whether a part may date the brief it stands in, if that shows nothing better."""
    block = part.block
    if block.heading or (block.href and not block.node.in_link):
        return False
    if part.sign is Sign.DAY:
        return True
    return part.sign is Sign.TEXT and len(block.text) <= LONGEST_LABEL * 2 and time_shown(block.text) is not None


def _make_stamp(part: Part) -> None:
    part.sign, part.body = Sign.STAMP, time_shown(part.block.text) or part.block.text


def _may_end_text(stamp: Part, beside: Sequence[Part]) -> bool:
    """Return whether a time may be the end of the sentence before it."""
    text = beside[0]
    if stamp.block.soft or stamp.block.is_plain or text.node is not stamp.node:
        return False
    if text.sign not in (Sign.TEXT, Sign.DATELINE):
        return False
    return len(text.body) > LONGEST_LABEL and text.body[-1] not in SENTENCE_END


def _rejoins_text(part: Part, beside: Sequence[Part], briefs: _Briefs) -> bool:
    """Return whether the brief has its stamp elsewhere than in a time that ends its text; the text takes it back."""
    text, behind = beside[0], beside[-1]
    own = briefs.own(part)
    others = briefs.stamps[own] - briefs.stamps[part.node] if own else 0
    if not others and (behind.sign is not Sign.STAMP or behind.node is part.node):
        return False
    text.body = f"{text.body} {part.block.text}"
    text.block.text = f"{text.block.text} {part.block.text}"
    return True


def _in_their_turn(seen: Sequence[Part], loose: Sequence[Part]) -> list[Part]:
    """Return those of *loose* that date the briefs beside which they come round, where these merely follow each other.

    One stands between title and text, or each text is followed by one time, be it such a one or a stamp. A day above
    several briefs, or beside their times, is none.
    """
    may = {id(part) for part in loose}
    titled = [
        part
        for before, part, behind in zip(seen, seen[1:], seen[2:], strict=False)
        if id(part) in may
        and before.is_title
        and behind.sign is Sign.DATELINE
        and before.node.parent in (part.node, part.node.parent)
    ]
    texts = [index for index, part in enumerate(seen) if part.sign is Sign.DATELINE]
    if titled or not texts:
        return titled
    turns = [
        [part for part in seen[begin:end] if id(part) in may or part.sign is Sign.STAMP or _is_day_heading(part)]
        for begin, end in zip(texts, [*texts[1:], len(seen)], strict=True)
    ]
    *before_last, last = turns
    cut_off = len(turns) >= _FEWEST_IN_ORDER and seen[0].block.is_plain and may.isdisjoint(map(id, seen[: texts[0]]))
    if any(len(turn) != 1 for turn in before_last) or not (last or cut_off):
        return []
    found = [(seen[begin], turn[0]) for begin, turn in zip(texts, turns, strict=True) if turn]
    return [part for text, part in found if id(part) in may and text.node.parent in (part.node, part.node.parent)]


def _is_day_heading(part: Part) -> bool:
    return part.sign is Sign.DAY and bool(part.block.heading)


def day_of_page(parts: Sequence[Part]) -> date | None:
    """Return the day that an index page shows in its head as its own; none where it groups its briefs by days.

    The *parts* have their stamps settled.
    """
    seen = [part for part in parts if not part.node.furniture]
    anchors = [part for part in seen if part.sign in (Sign.DATELINE, Sign.STAMP)]
    anchors = anchors or [part for part in seen if part.is_title and part.block.heading > 1]
    if not anchors:
        return None
    first, last = anchors[0].place, anchors[-1].place
    days = [part for part in seen if part.sign is Sign.DAY]
    if days:
        around, briefs = nodes_around(anchors), _Briefs(seen)
        days = [part for part in days if not is_apart(part, around) and briefs.own(part) is None]
    named = {parse_day(part.body) for part in days if part.place < last}
    return named.pop() if len(named) == 1 and days[0].place < first else None


def is_apart(part: Part, beside: Collection[Node]) -> bool:
    """Return whether a part stands in a box of its own, which holds nothing of what is *beside* it."""
    return any(node.tag == "aside" and node not in beside for node in part.node.ancestors())
