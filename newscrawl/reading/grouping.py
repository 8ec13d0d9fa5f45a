"""Which parts of a list are one brief.

Where each brief has an element of its own, that element holds its parts in whatever order. Where headings, texts and
times merely follow each other, as in plain text, the order in which they come round tells where one brief ends.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from newscrawl.reading.blocks import Node
from newscrawl.reading.signs import LONGEST_LABEL, Part, Sign

SENTENCE = 60  # characters; what is shorter and has no dateline, link or heading is no brief
TWICE = 2  # a brief may stand on a page twice; a link that more of them share leads to no story

_LONGEST_TITLE = 120  # characters of a link that may be a title
_PARTS = 3  # of a brief: title, text and time
_ANCHORS = (Sign.DATELINE, Sign.STAMP)


def has(group: Iterable[Part], sign: Sign) -> bool:
    """Return whether any part of a group has *sign*."""
    return any(part.sign is sign for part in group)


def title_of(group: Sequence[Part]) -> Part | None:
    """Return the part of a brief that is its title, or None."""
    plain = [part for part in group if part.sign is Sign.TEXT]
    heading = next((part for part in plain if part.block.heading), None)
    if heading is not None:
        return heading
    text = next((index for index, part in enumerate(group) if part.sign is Sign.DATELINE), None)
    if text is not None:
        before = [part for part in group[:text] if part.sign is Sign.TEXT]
        return next((part for part in reversed(before) if part.block.href), before[-1] if before else None)
    linked = [part for part in plain if part.block.href and len(part.body) <= _LONGEST_TITLE]
    # A link around all of a brief covers its text too, and then tells nothing of the title.
    if linked and (len(linked) < len(plain) or len(plain) == 1):
        return linked[0]
    return plain[0] if len(plain) > 1 else None


# --- One element a brief ----------------------------------------------------------------------------------------------


def by_element(parts: Sequence[Part]) -> list[list[Part]] | None:
    """Group parts by the largest elements that hold one brief each; None where briefs have no elements of their own."""
    anchors = [part for part in parts if part.sign is Sign.DATELINE]
    stamps = [part for part in parts if part.sign is Sign.STAMP]
    if not anchors and not stamps:  # a list that shows neither has linked headings at least
        anchors = [part for part in parts if part.block.heading and part.block.link]
    texts = Counter(node for part in anchors for node in part.node.ancestors())
    times = Counter(node for part in stamps for node in part.node.ancestors())

    def holder(part: Part) -> Node | None:
        """Return the largest element around *part* that holds one brief."""
        largest = None
        for node in part.node.ancestors():
            if node.parent is None or texts[node] > 1 or times[node] > 1:
                break
            largest = node
        return largest

    held = [holder(part) for part in anchors]
    if any(node is None for node in held):
        return None
    with_text = set(held)
    loose = [part for part in stamps if with_text.isdisjoint(part.node.ancestors())]
    held += [node for part in loose if (node := holder(part)) is not None]
    if len(held) < 2:
        return None
    groups: dict[Node | None, list[Part]] = {node: [] for node in held}
    outside: list[Part] = []
    for part in parts:
        around = next((node for node in part.node.ancestors() if node in groups), None)
        (outside if around is None else groups[around]).append(part)
    briefs = sorted(groups.values(), key=lambda group: group[0].place)
    told = [group for group in briefs if has(group, Sign.DATELINE) or any(part.is_title for part in group)]
    pieces = len(told) < len(briefs)  # a time or a text alone: the brief is larger than its largest element
    between = [
        part for part in outside if (part.is_title and part.place < briefs[-1][-1].place) or part.sign is Sign.READ_ON
    ]
    titles_outside = len(between) * 2 >= len(briefs) and not any(title_of(group) for group in briefs)
    texts_alone = sum(has(group, Sign.DATELINE) and title_of(group) is None for group in briefs)
    titles_alone = sum(not has(group, Sign.DATELINE) and len(group) < _PARTS for group in briefs)
    halves = texts_alone > 1 and texts_alone + titles_alone == len(briefs) and titles_alone + 1 >= texts_alone
    return None if pieces or halves or titles_outside or has(outside, Sign.STAMP) else briefs


# --- One after another ------------------------------------------------------------------------------------------------


def by_order(parts: Sequence[Part]) -> list[list[Part]]:
    """Group parts by the order in which text and time come round: the one that makes most briefs whole.

    In plain text the time always stands last.
    """
    ways: tuple[Callable[[Sequence[Part]], Iterator[list[Part]]], ...] = (_time_last, _time_first, _time_below_title)
    if parts and parts[0].block.is_plain:
        ways = (_time_last,)
    return max((list(_one_brief_each(way(parts))) for way in ways), key=_wholeness)


def _time_last(parts: Sequence[Part]) -> Iterator[list[Part]]:
    group: list[Part] = []
    ended = False
    for part in parts:
        if ended and part.sign is not Sign.READ_ON:
            yield group
            group, ended = [], False
        group.append(part)
        ended = ended or part.sign is Sign.STAMP
    yield group


def _time_first(parts: Sequence[Part]) -> Iterator[list[Part]]:
    group: list[Part] = []
    for part in parts:
        if part.sign is Sign.STAMP:
            yield group
            group = []
        group.append(part)
    yield group


def _time_below_title(parts: Sequence[Part]) -> Iterator[list[Part]]:
    group: list[Part] = []
    for part in parts:
        if part.sign is Sign.STAMP and group:
            *before, title = group
            yield before
            group = [title]
        group.append(part)
    yield group


def _one_brief_each(groups: Iterable[list[Part]]) -> Iterator[list[Part]]:
    """Part each group before every dateline but its first, taking the title along where there are titles."""
    for group in groups:
        titled = len(group) > 1 and group[0].sign is Sign.TEXT and group[1].sign is Sign.DATELINE
        brief: list[Part] = []
        for part in group:
            if part.sign is Sign.DATELINE and has(brief, Sign.DATELINE):
                title = [brief.pop()] if brief[-1].is_title or (titled and brief[-1].sign is Sign.TEXT) else []
                yield brief
                brief = title
            brief.append(part)
        if brief:
            yield brief


def _wholeness(groups: Sequence[list[Part]]) -> int:
    """Return how many briefs are whole: one text and one time, the title before the text."""
    score = 0
    for group in groups:
        texts = [index for index, part in enumerate(group) if part.sign is Sign.DATELINE]
        times = [index for index, part in enumerate(group) if part.sign is Sign.STAMP]
        titles = [index for index, part in enumerate(group) if part.is_title]
        if not texts:  # without a dateline the title stands for the text
            texts = titles[:1]
        if len(texts) == 1 and len(times) == 1:
            behind = [part for part in group[texts[0] + 1 :] if part.sign is Sign.TEXT]
            # Text behind the time belongs to the next brief, and so does a title behind the text.
            stray = times[0] > texts[0] and group[-1].sign not in (Sign.STAMP, Sign.READ_ON)
            score += 2 + any(part.sign is Sign.TEXT for part in group[: texts[0]])
            score -= stray or any(part.is_title for part in behind)
    return score


# --- What is no part of a brief --------------------------------------------------------------------------------------


def without_labels(groups: Sequence[list[Part]]) -> list[list[Part]]:
    """Return the groups without words that more than two of them share, such as the name of their section."""
    count = Counter(body for group in groups for body in {part.body for part in group if _may_be_label(part)})
    return [[part for part in group if not _may_be_label(part) or count[part.body] <= TWICE] for group in groups]


def without_what_follows(groups: Sequence[list[Part]]) -> list[list[Part]]:
    """Return the groups, the last that is a brief without what stands behind it and has its like in no other.

    Such as a footer, a newsletter or the links to other pages: they stand elsewhere, or are more text than others have.
    """
    told = [group for group in groups if has(group, Sign.DATELINE) or has(group, Sign.STAMP)]
    if len(told) < TWICE:
        return list(groups)
    *others, last = told
    places = {_tags_around(part) for group in others for part in group}
    rooms = [set(next(part for part in group if part.sign in _ANCHORS).node.ancestors()) for group in (others[0], last)]
    room = next((node for node in others[0][0].node.ancestors() if node in rooms[0] and node in rooms[1]), None)
    most = max(_texts_behind(group, _first_text(group)) for group in others)
    anchors = [index for index, part in enumerate(last) if part.sign in _ANCHORS]
    first = _first_text(last)
    end = max(anchors[-1], first) + 1
    count = _texts_behind(last[:end], first)
    for index, part in enumerate(last[end:], end):
        count += part.sign is Sign.TEXT
        away = room is not None and room not in part.node.ancestors()
        stray = part.sign is not Sign.READ_ON and _tags_around(part) not in places
        if away or stray or count > most:
            break
        end = index + 1
    return [group if group is not last else last[:end] for group in groups]


def _tags_around(part: Part) -> tuple[str, ...]:
    return tuple(node.tag for node in part.node.ancestors())


def _first_text(group: Sequence[Part]) -> int:
    """Return where the text of a brief begins: at its dateline, else at the first long line behind its title."""
    with_dateline = [index for index, part in enumerate(group) if part.sign is Sign.DATELINE]
    if with_dateline:
        return with_dateline[0]
    title = title_of(group)
    behind = [index for index, part in enumerate(group) if part.sign is Sign.TEXT and part is not title]
    return next((index for index in behind if len(group[index].body) >= SENTENCE), 0)


def _texts_behind(group: Sequence[Part], first: int) -> int:
    """Return how many lines of text stand behind the one that the text of a brief begins with."""
    return sum(part.sign is Sign.TEXT for part in group[first + 1 :])


def _may_be_label(part: Part) -> bool:
    return part.sign is Sign.TEXT and len(part.body) <= LONGEST_LABEL and part.body[-1] not in ".!?"
