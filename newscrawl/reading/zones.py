"""Which parts of a page belong together: a list below its heading, comments, related stories, "Net binnen"."""

from collections.abc import Collection, Iterable, Sequence
from itertools import islice, takewhile

from newscrawl.reading.blocks import Node
from newscrawl.reading.just_in import ClockLine, read_clock_lines
from newscrawl.reading.lead import is_paragraph
from newscrawl.reading.signs import Part, Sign

MOST_LINES = 300  # parts of "Net binnen"
MAX_ZONES = 20  # of one kind on a page; a page with more headings of lists is no page of news


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
            if room is not None and room not in later.node.ancestors():
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
    below = {node for part in parts[index + 1 :] if part.sign in content for node in part.node.ancestors()}
    return next((node for node in parts[index].node.ancestors() if node in below), None)


def without(parts: Sequence[Part], zones: Iterable[Sequence[Part]]) -> list[Part]:
    """Return the parts that stand in none of *zones*."""
    taken = {id(part) for zone in zones for part in zone}
    return [part for part in parts if id(part) not in taken]


def is_talk(zone: Sequence[Part]) -> bool:
    """Return whether "Reacties" stands above comments, and is no crosshead above the next paragraph of a text."""
    if zone[0].block.linked:
        return False
    return any(part.sign is Sign.STAMP for part in zone) or not any(is_paragraph(part) for part in zone)


def without_related(parts: Sequence[Part]) -> list[Part]:
    """Return the parts without lists of related stories that have an element of their own, apart from the text."""
    of_lead = {
        node
        for part in parts
        if part.sign is Sign.DATELINE or part.block.heading == 1
        for node in part.node.ancestors()
    }
    rooms = set()
    for part in parts:
        if part.sign is Sign.RELATED:
            apart = takewhile(lambda node: node not in of_lead and node.parent is not None, part.node.ancestors())
            rooms.update(list(apart)[-1:])  # the largest element that holds nothing of the text above
        elif is_paragraph(part):
            of_lead.update(part.node.ancestors())
    return [part for part in parts if rooms.isdisjoint(part.node.ancestors())] if rooms else list(parts)


def take_clock_lines(parts: Sequence[Part], sections: Collection[str]) -> tuple[list[ClockLine], list[Part]]:
    """Return the lines of "Net binnen", and the parts without them."""
    lines: list[ClockLine] = []
    rest: list[Part] = []
    index = 0
    while index < len(parts):
        if parts[index].sign is Sign.JUST_IN:
            found, taken = read_clock_lines(list(islice(parts, index + 1, index + 1 + MOST_LINES)), sections)
            lines += found
            index += 1 + taken
        else:
            rest.append(parts[index])
            index += 1
    return lines, rest
