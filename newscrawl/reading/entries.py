"""A list of briefs to its entries: in a sidebar, or on an index page.

Where each brief has an element of its own, that element holds its parts in whatever order. Where headings, texts and
times merely follow each other, as in plain text, the order in which they come round tells where one brief ends.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter

from newscrawl.reading.blocks import Node
from newscrawl.reading.dateline import Dateline
from newscrawl.reading.lead import is_paragraph
from newscrawl.reading.signs import LIKE_TITLES, LONGEST_LABEL, Part, Sign, is_rather_a_title, nodes_around
from newscrawl.reading.zones import is_apart
from newscrawl.timing.stamps import LABELLED_AGE_PATTERN, is_cut_short, parse_age, parse_day, tells_update
from newscrawl.timing.vocabulary import AGO

# "ANP Titel van het bericht": the credit of a photo, run into the title below it.
_RUN_IN_CREDIT = re.compile(
    r"^(?:ANP|AFP|EPA|DPA|BELGA|REUTERS|Getty Images)(?:\s?/\s?[A-Z][\w ]{1,20})?\s+(?=[A-Z0-9'\"‘“À-Þ])"
)
_STAMP_AT_END = re.compile(rf"\s*(?<!\w)(?P<stamp>{LABELLED_AGE_PATTERN})$", re.IGNORECASE)
_SENTENCE = 60  # characters; what is shorter and has no dateline, link or heading is no brief

_LONGEST_TITLE = 120  # characters of a link that may be a title
_MOST_TITLE = 300  # characters; what is longer is text, whatever it stands in

_PARTS = 3  # of a brief: title, text and time
_TWICE = 2  # a brief may stand on a page twice; a link that more of them share leads to no story

_ANCHORS = (Sign.DATELINE, Sign.STAMP)
_IGNORED = frozenset({Sign.CREDIT, Sign.CHROME, Sign.EDITION, Sign.DAY, Sign.RELATED})


@dataclass(frozen=True, slots=True)
class Entry:
    """One brief in a list, as it is shown."""

    headline: str | None
    dateline: Dateline | None
    paragraphs: tuple[str, ...]
    href: str | None
    stamp: str | None
    """The time as shown."""
    datetime: str | None
    """The time as the page tells machines."""
    day: date | None = None
    """The day below which it stands, in a list that is grouped by days."""


def read_entries(parts: Sequence[Part]) -> list[Entry]:
    """Return the entries of a list, in its order; what is no brief is left out."""
    days = [part for part in parts if part.sign is Sign.DAY and not part.node.furniture]
    if parts and parts[0].block.is_plain:
        _settle_signs(parts)
    parts = [part for part in parts if part.sign not in _IGNORED]
    if parts and not parts[0].block.is_plain:
        parts = _with_stamps_at_end(parts)
    if parts and is_cut_short(parts[-1].block.text):
        parts = parts[:-1]  # a capture that ends inside a time: what it began to say is not known
    if parts and parts[0].block.is_plain:
        parts = _from_first_whole(parts)
        _settle_titles(parts)
    groups = _by_element(parts)
    bounded = groups is not None
    if groups is None:
        groups = _by_order(parts)
        if parts and not parts[0].block.is_plain:
            groups = _without_what_follows(groups)
    groups = _without_labels(groups)
    told = [group for group in groups if _has(group, Sign.DATELINE) and not group[0].is_first_line]
    told = told or [group for group in groups if _has(group, Sign.STAMP)]
    titled = sum(_title(group) is not None for group in told) * 2 > len(told)
    leading = Counter(href for group in groups for href in {part.block.link for part in group} if href)
    shared = {href for href, count in leading.items() if count > _TWICE}
    below = _days_of(groups, days)
    if parts and parts[0].block.is_plain:
        _settle_updates(groups)
    entries = (
        _entry(group, day, titled=titled, bounded=bounded, shared=shared)
        for group, day in zip(groups, below, strict=True)
    )
    return [entry for entry in entries if entry is not None]


def without_credits(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries of an index page without the credit of a photo that was run into their titles."""
    return [
        replace(entry, headline=_RUN_IN_CREDIT.sub("", entry.headline, count=1)) if entry.headline else entry
        for entry in entries
    ]


def _settle_signs(parts: Sequence[Part]) -> None:
    """See again what stands in plain text where a title does, and what it ends in."""
    for before, part, after in zip((None, *parts), parts, parts[1:], strict=False):
        begins = before is None or before.sign in (Sign.STAMP, Sign.DAY)
        if begins and part.sign in LIKE_TITLES and (after.sign is Sign.DATELINE or is_paragraph(after)):
            part.sign = Sign.TEXT
    last = parts[-1]
    if last.sign is Sign.STAMP and AGO in last.body and parse_age(last.body) is None:
        last.sign = Sign.TEXT  # "Ruim 400 jaar geleden s": a text, cut off


def _from_first_whole(parts: Sequence[Part]) -> Sequence[Part]:
    """Return the parts of plain text from its first whole brief: a capture may begin within one."""
    within = parts[0].is_first_line and is_paragraph(parts[0]) and _has(parts, Sign.DATELINE)
    if not within and not parts[0].is_torn:
        return parts
    ends = next((index for index, part in enumerate(parts) if part.sign in (Sign.STAMP, Sign.DATELINE)), None)
    return parts if ends is None or parts[ends].sign is Sign.DATELINE else parts[ends + 1 :]


def _settle_titles(parts: Sequence[Part]) -> None:
    """See again what stands where a title does in plain text, below a time, and looks like a local dateline."""
    begins = [index == 0 or parts[index - 1].sign is Sign.STAMP for index in range(len(parts))]
    told = [
        index
        for index, part in enumerate(parts)
        if part.sign is Sign.DATELINE and not (begins[index] and is_rather_a_title(part))
    ]
    titled = sum(index > 0 and parts[index - 1].sign is Sign.TEXT and begins[index - 1] for index in told)
    if titled * 2 > len(told):
        for part, first in zip(parts, begins, strict=True):
            if first and not part.is_first_line and is_rather_a_title(part):
                part.sign, part.dateline, part.body = Sign.TEXT, None, part.block.text


def _without_labels(groups: Sequence[list[Part]]) -> list[list[Part]]:
    """Return the groups without words that more than two of them share, such as the name of their section."""
    count = Counter(body for group in groups for body in {part.body for part in group if _may_be_label(part)})
    return [[part for part in group if not _may_be_label(part) or count[part.body] <= _TWICE] for group in groups]


def _without_what_follows(groups: Sequence[list[Part]]) -> list[list[Part]]:
    """Return the groups, the last that is a brief without what stands behind it and has its like in no other.

    Such as a footer, a newsletter or the links to other pages: they stand elsewhere, or are more text than others have.
    """
    told = [group for group in groups if _has(group, Sign.DATELINE) or _has(group, Sign.STAMP)]
    if len(told) < _TWICE:
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
    title = _title(group)
    behind = [index for index, part in enumerate(group) if part.sign is Sign.TEXT and part is not title]
    return next((index for index in behind if len(group[index].body) >= _SENTENCE), 0)


def _texts_behind(group: Sequence[Part], first: int) -> int:
    """Return how many lines of text stand behind the one that the text of a brief begins with."""
    return sum(part.sign is Sign.TEXT for part in group[first + 1 :])


def _may_be_label(part: Part) -> bool:
    return part.sign is Sign.TEXT and len(part.body) <= LONGEST_LABEL and part.body[-1] not in ".!?"


def _with_stamps_at_end(parts: list[Part]) -> list[Part]:
    """Return the parts of a list with the times that end its texts parted from them, where most texts have them there.

    Elsewhere such words are part of the text: "… verwoest, 300 jaar geleden".
    """
    said = [part for part in parts if part.sign in (Sign.TEXT, Sign.DATELINE) and not part.block.heading]
    ending = {part.place: match for part in said if (match := _stamp_at_end(part.body)) and match.start()}
    texts = sum(part.sign is Sign.DATELINE or part.place in ending for part in said)
    stamps = sum(part.sign is Sign.STAMP for part in parts)
    if len(ending) < _TWICE or len(ending) * 2 <= texts or stamps * 2 >= texts:
        return parts
    parted = []
    for part in parts:
        parted.append(part)
        if match := ending.get(part.place):
            part.body = part.body[: match.start()].rstrip()
            shown = match["stamp"]
            parted.append(Part(replace(part.block, text=shown, soft=False), Sign.STAMP, shown, place=part.place))
    return parted


def _stamp_at_end(text: str) -> re.Match[str] | None:
    """Return the time that ends a text, without the age that may end the sentence before it."""
    match = _STAMP_AT_END.search(text) if text[-len(AGO) :].casefold() == AGO else None
    if match and ". " in match["stamp"]:
        match = _STAMP_AT_END.search(text, match.start("stamp") + match["stamp"].rindex(". ") + 1) or match
    return match


def _settle_updates(groups: Sequence[Sequence[Part]]) -> None:
    """Let the line of an update date the brief in plain text that ends in it; behind the last it may be the page's."""
    ending = [
        group[-1] for group in groups if _has(group, Sign.DATELINE) and not _has(group, Sign.STAMP)
        if group[-1].sign is Sign.UPDATED
    ]  # fmt: skip
    if len(ending) == 1 and ending[0] is groups[-1][-1]:
        return
    for part in ending:
        part.sign = Sign.STAMP


def _days_of(groups: Sequence[Sequence[Part]], days: Sequence[Part]) -> list[date | None]:
    """Return the day of each brief in a list: the one that its own element shows, else the nearest one above it.

    What stands above counts only in a list that is grouped by days: more than one is shown, and one of them in between.
    """
    if not days or not groups:
        return [None] * len(groups)
    around = [nodes_around(group) for group in groups]
    held = Counter(node for nodes in around for node in nodes)
    places = [min((part.place for part in group), default=0) for group in groups]
    holders = {node: index for index, nodes in enumerate(around) for node in nodes if held[node] == 1}
    own: dict[int, date] = {}
    above: list[tuple[int, date]] = []
    for part in days:
        day = parse_day(part.body)
        index = next((holders.get(node) for node in part.node.ancestors() if node in held), None)
        if day and index is not None and part.place > places[index]:
            own.setdefault(index, day)
        elif day and not is_apart(part, held):
            above.append((part.place, day))
    between = places and any(min(places) < place < max(places) for place, _ in above)
    if not between or len({day for _, day in above}) < _TWICE:
        above = []
    count = [bisect_left(above, place, key=itemgetter(0)) for place in places]  # of the days above each brief
    return [own.get(index) or (above[number - 1][1] if number else None) for index, number in enumerate(count)]


# --- One element a brief ----------------------------------------------------------------------------------------------


def _by_element(parts: Sequence[Part]) -> list[list[Part]] | None:
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
    told = [group for group in briefs if _has(group, Sign.DATELINE) or any(part.is_title for part in group)]
    pieces = len(told) < len(briefs)  # a time or a text alone: the brief is larger than its largest element
    between = [
        part for part in outside if (part.is_title and part.place < briefs[-1][-1].place) or part.sign is Sign.READ_ON
    ]
    titles_outside = len(between) * 2 >= len(briefs) and not any(_title(group) for group in briefs)
    texts_alone = sum(_has(group, Sign.DATELINE) and _title(group) is None for group in briefs)
    titles_alone = sum(not _has(group, Sign.DATELINE) and len(group) < _PARTS for group in briefs)
    halves = texts_alone > 1 and texts_alone + titles_alone == len(briefs) and titles_alone + 1 >= texts_alone
    return None if pieces or halves or titles_outside or _has(outside, Sign.STAMP) else briefs


def _has(group: Iterable[Part], sign: Sign) -> bool:
    return any(part.sign is sign for part in group)


# --- One after another ------------------------------------------------------------------------------------------------


def _by_order(parts: Sequence[Part]) -> list[list[Part]]:
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
            if part.sign is Sign.DATELINE and _has(brief, Sign.DATELINE):
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


# --- One brief --------------------------------------------------------------------------------------------------------


def _title(group: Sequence[Part]) -> Part | None:
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


def _entry(
    group: Sequence[Part], day: date | None, *, titled: bool, bounded: bool, shared: Collection[str]
) -> Entry | None:
    title = _title(group)
    if title is not None and len(title.body) > _MOST_TITLE:
        title = None
    known = titled or (_has(group, Sign.DATELINE) and not group[0].block.is_plain)
    if title is not None and not known and not title.is_title:
        title = None  # where briefs have no titles, the first of several paragraphs is none, nor a line above them
    texts = [part for part in group if part.sign in (Sign.TEXT, Sign.DATELINE) and part is not title]
    first = next((index for index, part in enumerate(texts) if part.dateline), None)
    wanted = (Sign.STAMP, Sign.UPDATED) if bounded and _has(group, Sign.DATELINE) else (Sign.STAMP,)
    stamps = [part for part in group if not part.block.is_update or tells_update(part.body)]  # by its words too
    stamp = next((part for sign in wanted for part in stamps if part.sign is sign), None)
    if first is not None:
        covered = texts[first].block.linked  # by a link around all of the brief
        texts = [text for text in texts[first:] if covered or text.dateline or not text.block.linked]
        if stamp is None and not bounded and not texts[0].block.is_plain:
            texts = texts[:1]  # where a list without elements ends, what follows is not known to belong to it
    elif not _is_told(title, texts, stamp, titled=titled):
        return None
    elif title is not None:
        texts = [text for text in texts if text.place > title.place]  # a label may stand above the title
    paragraphs = _paragraphs(texts)
    if not any(paragraphs) and (title is None or first is not None):
        return None
    return Entry(
        headline=title.body if title else None,
        dateline=texts[0].dateline if first is not None else None,
        paragraphs=tuple(paragraph for paragraph in paragraphs if paragraph),
        href=_href(group, title, shared),
        stamp=stamp.body if stamp else None,
        datetime=stamp.block.datetime if stamp else None,
        day=day,
    )


def _is_told(title: Part | None, texts: Sequence[Part], stamp: Part | None, *, titled: bool) -> bool:
    """Return whether a group without a dateline is a brief all the same, and not some line on the page."""
    if stamp is None:
        return title is not None and bool(title.block.heading and title.block.link)
    if stamp.block.is_plain and parse_age(stamp.body) is None:
        return False  # a line of text that only looks like a time makes no brief of what stands above it
    if title is not None and (title.is_title or titled):
        return True
    return any(len(part.body) >= _SENTENCE for part in texts)


def _paragraphs(texts: Iterable[Part]) -> list[str]:
    paragraphs: list[str] = []
    for part in texts:
        if part.block.soft and paragraphs:
            paragraphs[-1] = f"{paragraphs[-1]} {part.body}".strip()
        else:
            paragraphs.append(part.body)
    return paragraphs


def _href(group: Sequence[Part], title: Part | None, shared: Collection[str]) -> str | None:
    """Return where the brief leads: by its title, by "Lees meer", by all of its text, else by its first link."""
    blocks = [part.block for part in group]
    ranked = [title.block.link] if title is not None else []
    ranked += [part.block.link for part in group if part.sign is Sign.READ_ON]
    ranked += [part.block.href for part in group if part.sign is Sign.DATELINE]
    # A link inside a sentence leads elsewhere.
    ranked += [*(block.href for block in blocks), *(block.link for block in blocks if len(block.text) < _SENTENCE)]
    return next((href for href in ranked if href and href not in shared), None)
