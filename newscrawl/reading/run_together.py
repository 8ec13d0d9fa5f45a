"""Plain text of which the lines were run together: some extractors of text keep few line breaks, or none.

What begins a line of its own is found by its form: a dateline, a time before the next title, "Meer uit Buitenland".
Where a paragraph ended is not known any more.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from newscrawl.timing.vocabulary import AGO

_CAPITALS = r"(?:['’][ST]-)?[A-ZÀ-ÖØ-ÞĀ-Ž][A-ZÀ-ÖØ-ÞĀ-Ž'’./-]{0,30}(?: [A-ZÀ-ÖØ-ÞĀ-Ž'’./-]{1,30}){0,5}"
_DATELINE = re.compile(
    rf"(?:^|(?<=\s)|(?<={AGO}))(?:{_CAPITALS} \((?P<agencies>[A-Z]{{2,12}}(?:/[A-Z]{{2,12}}){{0,5}})\) [-–—](?=\s)"
    rf"|{_CAPITALS} [-–—] (?=[A-ZÀ-Þ0-9\"'‘“€]))"
)
_STAMP = re.compile(rf"(?<!\S)\d{{1,2}} (?:minuten|minuut|uur|dag(?:en)?|we(?:ek|ken)|maand(?:en)?|jaar) {AGO}(?!\S)")
_MORE_FROM = re.compile(r"(?<!\S)Meer uit [A-ZÀ-Þ][\w-]{2,30}(?!\S)")
_CREDIT = re.compile(r"(?<!\S)Foto: .{2,60}$")
_WEBMAIL = re.compile(r"Kies je webmail(?: [^.]{0,160}webmail[^.]{0,160}\.)?(?!\S)")
_INDEX_HEAD = re.compile(
    r"(?P<day>\w{2,9}dag \d{1,2} \w+ \d{4}) (?P<edition>Editie: .{1,40}? \| \w+) (?P<section>\S+)(?!\S)"
)
_JUST_IN = re.compile(r"(?<!\S)Net binnen (?=\S+ \d\d:\d\d )")
_CLOCK_LINE = re.compile(r" (?=[A-ZÀ-Þ][\w-]+ \d\d:\d\d )")
_FOOTER = re.compile(r"(?:Contact|Adverteren|Vorige|Privacy|Cookie|©)")
_LONGEST_TITLE = 120  # characters
_LONGEST_HEAD = 300  # characters, above the text of a lead
_SHORTEST_HEADLINE = 12  # characters; shorter words may be doubled by chance


def part_lines(line: str) -> Iterator[str]:
    """Yield the lines that were run together in *line*; itself where none were.

    >>> list(part_lines("Brug GOES (ANP) - Het mag. Meer uit Sport Zege PRAAG (ANP) - Het werd 6-2. 2 uur geleden"))
    ['Brug', 'GOES (ANP) - Het mag.', 'Meer uit Sport', 'Zege', 'PRAAG (ANP) - Het werd 6-2.', '2 uur geleden']
    """
    begins = _datelines(line)
    if not begins:
        yield line
        return
    yield from _head(line[: begins[0]].strip())
    for begin, end in pairwise(begins):
        yield from _before_next(line[begin:end].strip())
    yield from _last(line[begins[-1] :].strip())


def _datelines(line: str) -> list[int]:
    """Return where the datelines of a line stand, if one of them ought to begin a line of its own.

    A place alone counts only where a list has brought up the next brief, or above the first list.
    """
    matches = list(_DATELINE.finditer(line))
    within = [match for match in matches if match.start() and line[match.start() - 1].isspace()]
    if all(match["agencies"] is None for match in within):
        heading = _MORE_FROM.search(line) if within else None
        if heading is None or within[-1].start() < heading.end():
            return []
    found: list[int] = []
    for match in matches:
        since = max(found[-1] if found else 0, match.start() - _LONGEST_HEAD)
        first = not found and match.start() <= _LONGEST_HEAD
        if match["agencies"] or first or _brings_next(line[since : match.start()]):
            found.append(match.start())
    return found


def _brings_next(text: str) -> bool:
    marks = [*_STAMP.finditer(text), *_MORE_FROM.finditer(text)]
    return any(len(text) - match.end() <= _LONGEST_TITLE for match in marks)


def _head(text: str) -> Iterator[str]:
    """Yield the lines above the first dateline."""
    if _brings_next(text):
        yield from _before_next(text)
        return
    webmail = _WEBMAIL.search(text)
    text = text[webmail.end() :].strip() if webmail else text
    just_in = _JUST_IN.search(text)
    if just_in:
        yield "Net binnen"
        yield from _CLOCK_LINE.split(text[just_in.end() :])
        return
    index = _INDEX_HEAD.search(text)
    if index:
        yield from index.groups()
        text = text[index.end() :].strip()
    for space in (match.start() for match in re.compile(" ").finditer(text, max(len(text) - _LONGEST_HEAD, 0))):
        again = text[space + 1 :]
        if len(again) >= _SHORTEST_HEADLINE and text[:space].endswith(again):
            text = again
            break
    if text:
        yield text


def _before_next(text: str) -> Iterator[str]:
    """Yield the text of a lead or a brief, and the lines between it and the next dateline."""
    marks = [*_STAMP.finditer(text), *_MORE_FROM.finditer(text)]
    marks = [match for match in marks if len(text) - match.end() <= _LONGEST_TITLE]
    if not marks:
        yield text
        return
    mark = max(marks, key=lambda match: match.start())
    told = text[: mark.start()].strip()
    credit = _CREDIT.search(told)
    yield from filter(None, (told[: credit.start()].strip(), credit[0]) if credit else (told,))
    yield mark[0]
    if mark.end() < len(text):
        yield text[mark.end() :].strip()


def _last(text: str) -> Iterator[str]:
    """Yield the text of the last brief and its time; what follows it is a footer, or it is a time within the text."""
    marks = [*_STAMP.finditer(text), *_MORE_FROM.finditer(text)]
    mark = max(marks, key=lambda match: match.start(), default=None)
    rest = text[mark.end() :].strip() if mark else ""
    if mark is None or (rest and mark[0].endswith(AGO) and not _FOOTER.match(rest)):
        yield text
        return
    yield from _before_next(text[: mark.end()])
    if rest:
        yield rest
