"""Inline text to the blocks that it makes: where a line, a time, a title or a text ends and the next begins."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import NamedTuple

from newscrawl.characters import clean
from newscrawl.reading.blocks import unglue
from newscrawl.reading.dateline import split_dateline
from newscrawl.reading.signs import COMMENT_COUNT, LONGEST_LABEL, READ_ON, time_shown
from newscrawl.timing.stamps import parse_age, parse_day, tells_day_and_clock
from newscrawl.timing.vocabulary import AGO

MAX_RUNS = 100  # of text; what stands further before a time does not lead to it
MAX_LABELS = 8  # pieces of inline text that one time is made of

_CACHE = 4_096  # texts; the furniture of a site is the same on each page, and its briefs are for days
_LINES = 2_048  # lines of more than one run
_MANY, _HEAVY = 40, 1_500  # runs, and characters, of a line that is kept
_LEVEL = 8  # characters that an element around a run counts for

SENTENCE_END = ".!?…\"”’')"
_LEADS_TO_TIME = re.compile(
    r"\b(?:op|om|sinds|van|tot|vanaf|per|tussen|en|in|voor|na|rond|omstreeks|uiterlijk|met|de|deze|\w+dag)$",
    re.IGNORECASE,
)
_FIGURE = re.compile("[0-9]")


class Around(NamedTuple):
    """What is known of inline text by what stands around it."""

    path: tuple[int, ...] = ()
    """The inline elements around it, the outermost first, by their number among those since the last block."""
    href: str | None = None
    is_time: bool = False
    datetime: str | None = None
    is_update: bool = False
    """Whether the machine-readable moment of the time is the one of an update."""


@dataclass(slots=True, eq=False)
class _Run:
    """Inline text up to the next inline tag, and what is known of it."""

    text: str
    around: Around
    is_break: bool = False
    """Whether it is a line break, and no text."""
    whole: bool = False
    """Whether its inline element holds nothing else, as far as is known."""


# A run while it waits, as a plain tuple: there are many, and of most nothing is ever asked.
Waiting = tuple[str, Around]
BREAK: Waiting = ("", Around())
# A block without its place: its text, and the fields that follow it.
Said = tuple[str, tuple[str | None, str | None, bool, str | None, bool, bool, bool]]


def read_run(text: str) -> tuple[str, ...]:
    """Return what the text of a single run says, in pieces where it is glued; short ones are read once."""
    return _pieces_kept(text) if len(text) <= _HEAVY else _pieces_of_one(text)


def read_runs(runs: Sequence[Waiting], *, is_one_text: bool) -> tuple[Said, ...]:
    """Return what several runs say; short lines are read once.

    In an element that *is_one_text*, such as a paragraph, what stands side by side is not laid out as blocks.
    """
    read = _lines_kept if len(runs) <= _MANY and sum(map(_weight, runs)) <= _HEAVY else _lines_read
    return read(tuple(runs), is_one_text)


def _lines_read(runs: Sequence[Waiting], is_one_text: bool) -> tuple[Said, ...]:
    """Return the blocks that runs make, by lines and the pieces of these."""
    said: list[Said] = []
    soft = False
    for line in _lines([_Run(*run, run is BREAK) for run in runs]):
        if not line:  # two line breaks in a row part paragraphs
            soft = False
            continue
        for piece in _pieces(line, is_one_text):
            for text, about in _said(piece):
                said.append((text, (*about, soft)))
                soft = False
        soft = True
    return tuple(said)


_lines_kept = lru_cache(maxsize=_LINES)(_lines_read)


def _weight(run: Waiting) -> int:
    """Return how much it takes to keep a run, in characters."""
    text, (path, href, _, datetime, _) = run
    return len(text) + _LEVEL * len(path) + len(href or "") + len(datetime or "")


def _lines(runs: list[_Run]) -> Iterator[list[_Run]]:
    """Part runs at line breaks; a line without any text is empty."""
    line: list[_Run] = []
    for run in runs:
        if run.is_break:
            yield line if any(part.text.strip() for part in line) else []
            line = []
        else:
            line.append(run)
    if any(part.text.strip() for part in line):
        yield line


def _pieces(runs: list[_Run], is_one_text: bool) -> Iterator[list[_Run]]:
    """Part a line where inline elements, laid out as blocks by a style sheet, hold a stamp, a title or a paragraph."""
    said = [index for index, run in enumerate(runs) if not run.text.isspace()]
    # What is seen at once comes first: most text goes on through its links and its words in bold.
    if all(_clearly_goes_on(runs[before], runs[index]) for before, index in pairwise(said)) or time_shown(
        _text_from(runs, 0)
    ):
        yield runs
        return
    for before, run, behind in zip([None, *said], said, [*said[1:], None], strict=False):
        path = runs[run].around.path
        near = [runs[index].around.path[: len(path)] for index in (before, behind) if index is not None]
        runs[run].whole = bool(path) and path not in near
    depth = _shared_depth([runs[index] for index in said])
    # Nothing but elements side by side, without any text of its own between them: they may be laid out as blocks.
    columns = not is_one_text and all(len(runs[index].around.path) > depth for index in said)
    start = within = 0
    for before, index in pairwise(said):
        if index < within:
            continue
        if not runs[index].whole or not _stands_alone(runs[index]):
            within = _end_of_time(runs, before, index)
        if (
            index < within
            or _is_border(runs, max(start, said[0]), before, index)
            or (columns and _begins_anew(runs[before], runs[index], depth))
        ):
            yield runs[start:index]
            start = index
    yield runs[start:]


def _end_of_time(runs: list[_Run], before: int, index: int) -> int:
    """Return where an inline element ends that begins at *index* and shows a time beside a label; 0 for none such."""
    one, other = runs[before], runs[index]
    if not any(AGO in run.text for run in runs[index : index + MAX_LABELS]):
        return 0
    for depth in range(max(1, len(other.around.path) - MAX_LABELS), len(other.around.path)):
        around = other.around.path[:depth]
        if one.around.path[:depth] == around:
            continue
        held = [run for run in runs[index : index + MAX_LABELS] if run.around.path[:depth] == around]
        text = clean("".join(run.text for run in held))
        if AGO in text and time_shown(text, parse_age) not in (None, text):
            return index + len(held)
    return 0


def _clearly_goes_on(one: _Run, other: _Run) -> bool:
    """Return cheaply whether nothing can end between two runs, nor begin: see `_is_border` and `_begins_anew`."""
    begins = other.text.lstrip()
    parted = one.text[-1].isspace() or other.text[0].isspace()
    in_small_letters = begins[0].islower() or (begins[0].isalpha() and begins[1:2].islower())  # as no dateline is
    return parted and in_small_letters and _is_mere_text(one) and _is_mere_text(other)


def _is_mere_text(run: _Run) -> bool:
    """Return cheaply whether a run can be no time, and no link to read on."""
    if run.around.is_time or not run.around.path:
        return not run.around.is_time
    text = run.text
    if not text.isascii() or AGO in text or _FIGURE.search(text):
        return False
    return run.around.href is None or READ_ON.fullmatch(clean(text)) is None


def _shared_depth(runs: list[_Run]) -> int:
    """Return how many inline elements stand around all of some runs."""
    levels = zip(*(run.around.path for run in runs), strict=False)
    return sum(1 for _ in takewhile(lambda level: len(set(level)) == 1, levels))


def _begins_anew(one: _Run, other: _Run, depth: int) -> bool:
    """Return whether the element *depth* levels deep ends behind *one*, and no sentence goes on with *other*."""
    apart = (
        one.around.path[depth] != other.around.path[depth]
        and not one.text[-1].isspace()
        and not other.text[0].isspace()
    )
    return apart and not _goes_on(other.text) and other.text[0] not in "-–"


def _is_border(runs: list[_Run], start: int, before: int, index: int) -> bool:
    """Return whether a brief, its time or its link begins at *index*, or a time that began at *start* has ended."""
    one, other = runs[before], runs[index]
    glued = index == before + 1 and not one.text[-1].isspace() and not other.text[0].isspace()
    says_day = other.whole and time_shown(clean(other.text), _tells_day) is not None
    if _stands_alone(other) or says_day:
        # A stamp in an element of its own ends a text, unless it stands inside a sentence.
        rest = _text_from(runs, index + 1)
        ended = glued or one.text.rstrip()[-1] in SENTENCE_END or (before == start and _stands_alone(one))
        if (
            not rest
            and not ended
            and (says_day or other.around.is_time)
            and _is_sentence_up_to(runs[max(start, index - MAX_RUNS) : index], other)
        ):
            return False  # "… ging dicht op <time>20 februari</time>"
        if not rest or split_dateline(rest)[0] is not None:
            return True
        return not _goes_on(rest) and ended
    if _stands_alone(one) and not any(runs[place].text.strip() for place in range(start, before)):
        return not _goes_on(other.text.lstrip())
    if split_dateline(_text_from(runs, index))[0] is not None:
        return not (glued and one.text[-1].isupper())  # unless an initial is set apart, as "W" of "WENEN"
    # "TitelTekst", "Alinea.Alinea": elements side by side without a space, the second beginning a sentence.
    ended = len(one.text) > 10 and (one.text[-1].isalnum() or one.text[-1] in SENTENCE_END)
    return glued and ended and other.text[0].isupper() and (other.whole or one.whole)


def _text_from(runs: list[_Run], index: int) -> str:
    """Return as much of the text from *index* on as it takes to see a dateline."""
    return clean("".join(run.text for run in runs[index : index + 8])[:300])


def _goes_on(text: str) -> bool:
    """Return whether a sentence that was begun goes on with *text*."""
    return text[0].islower() or text[0] in ".,;:!?)"


def _tells_day(text: str) -> bool:
    return tells_day_and_clock(text) or parse_day(text) is not None


def _is_sentence_up_to(runs: list[_Run], time: _Run) -> bool:
    """Return whether *runs* begin a sentence that ends in *time*; to a `<time>` a word such as "op" leads."""
    text = clean("".join(run.text for run in runs))
    return len(text) > LONGEST_LABEL and (not time.around.is_time or _LEADS_TO_TIME.search(text) is not None)


def _stands_alone(run: _Run) -> bool:
    """Return whether an element by itself says when something was published, or where to read on."""
    if run.around.is_time:
        return True
    text = clean(run.text)
    says_when = AGO in text and time_shown(text, parse_age) is not None
    leads_on = bool(run.around.href and READ_ON.fullmatch(text)) or COMMENT_COUNT.fullmatch(text) is not None
    return run.whole and (says_when or leads_on)


def _pieces_of_one(text: str) -> tuple[str, ...]:
    """Return what the text of a single run says, in pieces where it is glued."""
    return tuple(unglue(clean(text)))


_pieces_kept = lru_cache(maxsize=_CACHE)(_pieces_of_one)


def _said(runs: list[_Run]) -> Iterator[tuple[str, tuple[str | None, str | None, bool, str | None, bool, bool]]]:
    """Yield the text of runs, and the fields of its block that follow; more than one where texts are glued."""
    text = clean("".join([run.text for run in runs]))
    if not text:
        return
    said = [run.around for run in runs if not run.text.isspace()]
    hrefs = [around.href for around in said]
    href = hrefs[0] if len(set(hrefs)) == 1 else None
    link, linked = next(filter(None, hrefs), None), all(hrefs)
    time = next((around for around in said if around.is_time), None)
    is_time = time is not None and all(around.is_time for around in said)
    datetime = time.datetime if time is not None and (is_time or time_shown(text)) else None
    is_update = is_time and any(around.is_update for around in said)
    for piece in unglue(text):
        yield piece, (href, link, linked, datetime, is_time, is_update)
