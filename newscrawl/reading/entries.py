"""A list of briefs to its entries: in a sidebar, or on an index page."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter

from newscrawl.reading.dateline import Dateline
from newscrawl.reading.grouping import (
    SENTENCE,
    TWICE,
    by_element,
    by_order,
    has,
    title_of,
    without_labels,
    without_what_follows,
)
from newscrawl.reading.lead import is_paragraph
from newscrawl.reading.signs import LIKE_TITLES, Part, Sign, is_rather_a_title, nodes_around
from newscrawl.reading.zones import is_apart
from newscrawl.timing.stamps import LABELLED_AGE_PATTERN, is_cut_short, parse_age, parse_day, tells_update
from newscrawl.timing.vocabulary import AGO

# "ANP Titel van het bericht": the credit of a photo, run into the title below it.
_RUN_IN_CREDIT = re.compile(
    r"^(?:ANP|AFP|EPA|DPA|BELGA|REUTERS|Getty Images)(?:\s?/\s?[A-Z][\w ]{1,20})?\s+(?=[A-Z0-9'\"‘“À-Þ])"
)
_STAMP_AT_END = re.compile(rf"\s*(?<!\w)(?P<stamp>{LABELLED_AGE_PATTERN})$", re.IGNORECASE)
_MOST_TITLE = 300  # characters; what is longer is text, whatever it stands in

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
    groups = by_element(parts)
    bounded = groups is not None
    if groups is None:
        groups = by_order(parts)
        if parts and not parts[0].block.is_plain:
            groups = without_what_follows(groups)
    groups = without_labels(groups)
    told = [group for group in groups if has(group, Sign.DATELINE) and not group[0].is_first_line]
    told = told or [group for group in groups if has(group, Sign.STAMP)]
    titled = sum(title_of(group) is not None for group in told) * 2 > len(told)
    leading = Counter(href for group in groups for href in {part.block.link for part in group} if href)
    shared = {href for href, count in leading.items() if count > TWICE}
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
    within = parts[0].is_first_line and is_paragraph(parts[0]) and has(parts, Sign.DATELINE)
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


def _with_stamps_at_end(parts: list[Part]) -> list[Part]:
    """Return the parts of a list with the times that end its texts parted from them, where most texts have them there.

    Elsewhere such words are part of the text: "… verwoest, 300 jaar geleden".
    """
    said = [part for part in parts if part.sign in (Sign.TEXT, Sign.DATELINE) and not part.block.heading]
    ending = {part.place: match for part in said if (match := _stamp_at_end(part.body)) and match.start()}
    texts = sum(part.sign is Sign.DATELINE or part.place in ending for part in said)
    stamps = sum(part.sign is Sign.STAMP for part in parts)
    if len(ending) < TWICE or len(ending) * 2 <= texts or stamps * 2 >= texts:
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
        group[-1] for group in groups if has(group, Sign.DATELINE) and not has(group, Sign.STAMP)
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
    if not between or len({day for _, day in above}) < TWICE:
        above = []
    count = [bisect_left(above, place, key=itemgetter(0)) for place in places]  # of the days above each brief
    return [own.get(index) or (above[number - 1][1] if number else None) for index, number in enumerate(count)]


# --- One brief --------------------------------------------------------------------------------------------------------


def _entry(
    group: Sequence[Part], day: date | None, *, titled: bool, bounded: bool, shared: Collection[str]
) -> Entry | None:
    title = title_of(group)
    if title is not None and len(title.body) > _MOST_TITLE:
        title = None
    known = titled or (has(group, Sign.DATELINE) and not group[0].block.is_plain)
    if title is not None and not known and not title.is_title:
        title = None  # where briefs have no titles, the first of several paragraphs is none, nor a line above them
    texts = [part for part in group if part.sign in (Sign.TEXT, Sign.DATELINE) and part is not title]
    first = next((index for index, part in enumerate(texts) if part.dateline), None)
    wanted = (Sign.STAMP, Sign.UPDATED) if bounded and has(group, Sign.DATELINE) else (Sign.STAMP,)
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
    return any(len(part.body) >= SENTENCE for part in texts)


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
    ranked += [*(block.href for block in blocks), *(block.link for block in blocks if len(block.text) < SENTENCE)]
    return next((href for href in ranked if href and href not in shared), None)
