"""A list of briefs to its entries: in a sidebar, or on an index page.

Where each brief has an element of its own, that element holds its parts in whatever order. Where headings, texts and
times merely follow each other, as in plain text, the order in which they come round tells where one brief ends.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from newscrawl.reading.blocks import Block, Node
from newscrawl.reading.dateline import Dateline
from newscrawl.reading.signs import Part, Sign
from newscrawl.timing.phrases import AGE_PATTERN, is_cut_short

# "ANP Titel van het bericht": the credit of a photo, run into the title below it.
_RUN_IN_CREDIT = re.compile(
    r"(?:ANP|AFP|EPA|DPA|BELGA|REUTERS|Getty Images)(?:\s?/\s?[A-Z][\w ]{1,20})?\s+(?=[A-Z0-9'\"‘“À-Þ])"
)
# A stamp at the end of a text that has ended: behind it a sentence cannot go on.
_STAMP_AT_END = re.compile(rf"(?<=[.!?\"”’'…)])\s*(?P<stamp>{AGE_PATTERN})$", re.IGNORECASE)
_SENTENCE = 60  # characters; what is shorter and has no dateline, link or heading is no brief

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


def read_entries(parts: Sequence[Part]) -> list[Entry]:
    """Return the entries of a list, in its order; what is no brief is left out."""
    parts = [part for part in parts if part.sign not in _IGNORED and not part.node.furniture]
    if parts and is_cut_short(parts[-1].block.text):
        parts = parts[:-1]  # a capture that ends inside a time: what it began to say is not known
    groups = _by_element(parts)
    bounded = groups is not None
    if groups is None:
        groups = _by_order(parts)
    titled = sum(1 for group in groups if _title(group) is not None) * 2 > len(groups)
    entries = (_entry(group, titled=titled, bounded=bounded) for group in groups)
    return [entry for entry in entries if entry is not None]


# --- One element a brief ----------------------------------------------------------------------------------------------


def _by_element(parts: Sequence[Part]) -> list[list[Part]] | None:
    """Group parts by the largest elements that hold one brief each; None where briefs have no elements of their own."""
    datelines, stamps = Counter[Node](), Counter[Node]()
    for part in parts:
        for node in part.node.ancestors():
            if part.sign is Sign.DATELINE:
                datelines[node] += 1
            elif part.sign is Sign.STAMP:
                stamps[node] += 1

    def holder(part: Part) -> Node | None:
        """Return the largest element around *part* that holds one brief."""
        largest = None
        for node in part.node.ancestors():
            if node.parent is None or datelines[node] > 1 or stamps[node] > 1:
                break
            largest = node
        return largest

    anchors = [part for part in parts if part.sign is Sign.DATELINE]
    holders = {id(part): holder(part) for part in anchors}
    held = {node for node in holders.values() if node is not None}
    loose = [part for part in parts if part.sign is Sign.STAMP and held.isdisjoint(part.node.ancestors())]
    for part in loose:
        largest = holder(part)
        if largest is not None:
            held.add(largest)
    if len(held) < 2 or any(node is None for node in holders.values()):
        return None
    groups: dict[Node, list[Part]] = {}
    outside: list[Part] = []
    for part in parts:
        around = next((node for node in part.node.ancestors() if node in held), None)
        if around is None:
            outside.append(part)
        else:
            groups.setdefault(around, []).append(part)
    complete = [group for group in groups.values() if _has(group, Sign.DATELINE) or _title(group) is not None]
    pieces = len(complete) < len(groups)  # a time or a text alone: the brief is larger than its largest element
    titles_outside = any(part.is_title for part in outside) and not any(_title(group) for group in groups.values())
    return (
        None if pieces or titles_outside or any(part.sign is Sign.STAMP for part in outside) else list(groups.values())
    )


def _has(group: Iterable[Part], sign: Sign) -> bool:
    return any(part.sign is sign for part in group)


# --- One after another ------------------------------------------------------------------------------------------------


def _by_order(parts: Sequence[Part]) -> list[list[Part]]:
    """Group parts by the order in which text and time come round: the one that makes most briefs whole."""
    ways: tuple[Callable[[Sequence[Part]], Iterator[list[Part]]], ...] = (_time_last, _time_first, _time_below_title)
    return max((list(_one_brief_each(way(parts))) for way in ways), key=_wholeness)


def _time_last(parts: Sequence[Part]) -> Iterator[list[Part]]:
    group: list[Part] = []
    for part in parts:
        group.append(part)
        if part.sign is Sign.STAMP:
            yield group
            group = []
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
            stray = times[0] > texts[0] and group[-1].sign is not Sign.STAMP
            score += 2 + bool(texts[0] and group[texts[0] - 1].sign is not Sign.STAMP)
            score -= stray or any(part.is_title for part in behind)
    return score


# --- One brief --------------------------------------------------------------------------------------------------------


def _title(group: Sequence[Part]) -> Part | None:
    """Return the part of a brief that is its title, or None."""
    for part in group:
        if part.sign is Sign.TEXT and part.block.heading:
            return part
    text = next((index for index, part in enumerate(group) if part.sign is Sign.DATELINE), None)
    before = [part for part in (group if text is None else group[:text]) if part.sign is Sign.TEXT]
    linked = [part for part in before if part.block.href]
    # A link around all of a brief covers its text too, and then tells nothing of the title.
    if linked and len(linked) < sum(part.sign is Sign.TEXT for part in group) + (text is not None):
        return linked[-1] if text is not None else linked[0]
    if text is not None:
        return before[-1] if before else None
    return before[0] if len(before) > 1 else None


def _entry(group: Sequence[Part], *, titled: bool, bounded: bool) -> Entry | None:
    title = _title(group)
    texts = [part for part in group if part.sign in (Sign.TEXT, Sign.DATELINE) and part is not title]
    first = next((index for index, part in enumerate(texts) if part.dateline), None)
    stamp = next((part.block for part in group if part.sign is Sign.STAMP), None)
    if first is not None:
        texts = texts[first:]
        if stamp is None and not bounded:
            texts = texts[:1]  # where a list or a capture ends, what follows is not known to belong to it
    elif not _is_told(title, texts, stamp, titled=titled):
        return None
    paragraphs = _paragraphs(texts)
    shown = stamp.text if stamp else None
    if shown is None and paragraphs:
        paragraphs[-1], shown = _stamp_at_end(paragraphs[-1])
    if not any(paragraphs) and (title is None or first is not None):
        return None
    return Entry(
        headline=_RUN_IN_CREDIT.sub("", title.body, count=1) if title else None,
        dateline=texts[0].dateline if first is not None else None,
        paragraphs=tuple(paragraph for paragraph in paragraphs if paragraph),
        href=_href(group, title),
        stamp=shown,
        datetime=stamp.datetime if stamp else None,
    )


def _is_told(title: Part | None, texts: Sequence[Part], stamp: Block | None, *, titled: bool) -> bool:
    """Return whether a group without a dateline is a brief all the same, and not some line with a time behind it."""
    if stamp is None:
        return False
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


def _stamp_at_end(text: str) -> tuple[str, str | None]:
    match = _STAMP_AT_END.search(text[-80:])
    if match is None:
        return text, None
    return text[: len(text) - len(match[0])].rstrip(), match["stamp"]


def _href(group: Sequence[Part], title: Part | None) -> str | None:
    """Return where the brief leads: by its title, else by the first of its links."""
    if title is not None and (title.block.href or title.block.link):
        return title.block.href or title.block.link
    return next((part.block.link for part in group if part.block.link), None)
