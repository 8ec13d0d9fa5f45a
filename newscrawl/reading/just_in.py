"""The list headed "Net binnen": lines such as ``Buitenland 15:30 Titel``, newest first, without a day."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from newscrawl.reading.signs import Part, Sign
from newscrawl.timing.stamps import is_time_word

# The section is a word or two; the clock follows it, or begins the line.
_LINE = re.compile(
    r"(?:(?P<section>[^\W\d_][\w&'’ -]{1,30}?)\s*)?"
    r"(?<!\d)(?P<clock>(?:[01]?\d|2[0-3])[:.][0-5]\d)(?!\d)(?:\s*uur)?\s*[-–|]?\s*"
    r"(?P<title>.+)?"
)
_LONGEST_LINE = 200  # characters


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One line of "Net binnen": a clock as shown, and the story it stands for."""

    clock: str
    headline: str
    section: str | None
    href: str | None


def read_clock_lines(parts: Sequence[Part], sections: Collection[str]) -> tuple[list[ClockLine], int]:
    """Return the lines that *parts* begin with, and how many parts they took.

    What stands before the clock is one of *sections*, or one word: a sentence that holds a clock is no line.
    """
    known = {section.casefold() for section in sections}
    lines: list[ClockLine] = []
    taken = 0
    for group in _groups(parts, known):
        line = _line(group, known)
        if line is None:
            break
        lines.append(line)
        taken += len(group)
    return lines, taken


def _groups(parts: Sequence[Part], known: Collection[str]) -> Iterator[Sequence[Part]]:
    """Yield the parts of each line: one, where it is written as one, or one for each of section, clock and title."""
    index = 0
    while index < len(parts):
        for length in (1, 2, 3):
            if _line(parts[index : index + length], known) is not None:
                break
        else:
            return
        yield parts[index : index + length]
        index += length


def _line(group: Sequence[Part], known: Collection[str]) -> ClockLine | None:
    if not group or any(part.sign not in (Sign.TEXT, Sign.STAMP, Sign.CHROME) for part in group):
        return None
    match = _LINE.fullmatch(" ".join(part.block.text for part in group)[:_LONGEST_LINE])
    if match is None or not match["title"]:
        return None
    section = match["section"]
    unknown = section and section.casefold() not in known
    if unknown and (" " in section or ":" not in match["clock"] or is_time_word(section)):
        return None  # a sentence, or "gisteren 23:29", which dates a brief
    href = next((part.block.link for part in group if part.block.link), None)
    return ClockLine(match["clock"], match["title"].strip(), match["section"], href)
