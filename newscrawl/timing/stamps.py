"""How a time stamp is seen in a text: what reading asks of the grammar of phrases."""

import re
from datetime import date
from functools import lru_cache

from newscrawl.timing.calendar import MONTHS, WEEKDAYS
from newscrawl.timing.grammar import parse
from newscrawl.timing.phrases import MAX_LENGTH, Age, CalendarUnit, Date, Moment, MonthOfYear
from newscrawl.timing.vocabulary import (
    AGO,
    DAYS,
    DAYS_WITH_PART,
    HALF_UNITS,
    HALVES,
    IN_FULL,
    LABELS,
    LAST,
    MONTH_NAMES,
    NEVER_LABELLED,
    NUMBERS,
    QUALIFIERS,
    UNITS,
    UPDATES,
    WEEKDAY_NAMES,
)


def _any_of(*words: str) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_LABEL = _any_of(*(" ".join(words) for entries in LABELS.values() for words, _ in entries))
# An age within a line of text: always with "geleden", since "2 uur" may be anything there.
_AMOUNT = rf"(?:\d{{1,4}}|{_any_of(*NUMBERS, *HALVES)})\s{{0,4}}(?:{_any_of(*UNITS)})\.?"
AGE_PATTERN = rf"{_AMOUNT}(?:(?:,|\s{{1,4}}en)?\s{{1,4}}{_AMOUNT})?\s{{1,4}}{AGO}"
LABELLED_AGE_PATTERN = rf"(?:(?:{_LABEL})\s?[:–-]?\s{{1,4}})?{AGE_PATTERN}"

# Words of which a time may be made; those in `_MOMENTS` make one by themselves.
_MOMENTS = frozenset({AGO, *DAYS, "vannacht", *DAYS_WITH_PART, "zojuist", "zonet", "daarnet"} - set(WEEKDAYS))
_WORDS_OF_TIME = frozenset(
    {
        *_MOMENTS, *MONTH_NAMES, *UNITS, *HALF_UNITS, *NUMBERS, *HALVES, *WEEKDAY_NAMES, LAST,
        *("paar", "enkele", "en", "om", "op", ""),
        *(word for entries in (*QUALIFIERS.values(), *LABELS.values()) for words, _ in entries for word in words),
    }
)  # fmt: skip
_CLOCK_OR_DATE = re.compile(r"\d{1,2}[:.]\d\d|\d{1,4}[-/.]\d{1,2}[-/.]'?\d{2,4}")
_WORD_OF_TIME = re.compile(rf"\d{{1,4}}[a-z]{{0,3}}|{_CLOCK_OR_DATE.pattern}")
_UPDATE = _any_of(*UPDATES)
_UPDATED = re.compile(rf"\W*(?:{_UPDATE})(?![^\W\d_]).*|.*\b(?:{_UPDATE})\W*", re.IGNORECASE | re.DOTALL)
_UPDATE_LABEL = re.compile(rf"\W*(?:{_UPDATE})(?: (?:op|om))?\s?[:–-]?", re.IGNORECASE)
_MOST_DIGITS = 4


def parse_age(phrase: str) -> Age | None:
    """Return the age that *phrase* words with "geleden", or None when it is no such phrase.

    >>> parse_age("2 uur geleden").amounts[0].count
    2.0
    >>> parse_age("5 min.") is None
    True
    """
    if AGO not in phrase.casefold():
        return None
    said = parse(phrase)
    return said if isinstance(said, Age) else None


def parse_day(text: str) -> date | None:
    """Return the day that a line such as ``maandag 3 november 2025`` names in full, or None when it names none.

    A weekday that does not belong to the date makes it no date.

    >>> parse_day("Maandag 3 november 2025")
    datetime.date(2025, 11, 3)
    >>> parse_day("dinsdag 3 november 2025") is None
    True
    """
    words = text.casefold().split()
    if len(words) != 4 or words[0] not in WEEKDAYS or words[2] not in MONTHS:
        return None
    said = parse(text)
    if not (isinstance(said, Moment) and isinstance(said.day, Date) and said.day.year):
        return None
    return date(said.day.year, said.day.month, said.day.day)


def looks_like_stamp(text: str) -> bool:
    """Return whether *text* says a time and nothing else, be it understood or not.

    What is one and is not understood is better counted than taken for a part of the news. What names a tab of a page,
    such as ``Recent`` and ``Deze week``, is none.

    >>> [looks_like_stamp(text) for text in ("2u geleden", "Gisteren, 14.30 uur", "Gisteren viel er sneeuw", "Nu")]
    [True, True, False, False]
    """
    if not text or len(text) > MAX_LENGTH:
        return False
    said = parse(text)
    if said is not None:
        still_on = isinstance(said, CalendarUnit) and said.count == 0
        return not still_on and text.casefold().strip(" .") not in NEVER_LABELLED
    words = text.casefold().replace(",", " ").split()
    if not all(map(_may_be_of_time, words)):
        return False
    words = [word.strip(".:()") for word in words]
    with_date = any(word.isdigit() for word in words) and not MONTH_NAMES.keys().isdisjoint(words)
    return with_date or not _MOMENTS.isdisjoint(words) or any(_CLOCK_OR_DATE.fullmatch(word) for word in words)


def _may_be_of_time(word: str) -> bool:
    word = word.strip(".:()")
    return word in _WORDS_OF_TIME or _WORD_OF_TIME.fullmatch(word) is not None


def is_faint(stamp: str) -> bool:
    """Return whether a stamp may as well be a crosshead or the length of a film, such as ``maandag`` and ``5 min.``.

    It takes a brief beside it to tell.

    >>> [is_faint(stamp) for stamp in ("maandag", "afgelopen nacht", "vorige week", "maandag 14:30", "gisteren")]
    [True, True, True, False, False]
    """
    said = parse(stamp)
    if isinstance(said, Age):
        return AGO not in stamp.casefold()
    if isinstance(said, Moment):
        dated = said.clock is not None or isinstance(said.day, Date | MonthOfYear)
        return not dated and stamp.casefold().strip(" .") not in _MOMENTS
    return isinstance(said, CalendarUnit)


def is_time_word(word: str) -> bool:
    """Return whether *word* is one of those of which times are made.

    >>> [is_time_word(word) for word in ("gisteren", "ma", "Sport")]
    [True, True, False]
    """
    return word.casefold().strip(".:") in _WORDS_OF_TIME


def is_update_label(text: str) -> bool:
    """Return whether *text* is what stands before the time of an update, and the time itself stands elsewhere.

    >>> [is_update_label(text) for text in ("Laatst bijgewerkt:", "Bijgewerkt 2 uur geleden", "Update van de storm")]
    [True, False, False]
    """
    return _UPDATE_LABEL.fullmatch(text) is not None


def tells_update(stamp: str) -> bool:
    """Return whether *stamp* says when something was changed, and not when it was published.

    >>> [tells_update(stamp) for stamp in ("Laatste update: 2 uur geleden", "Geplaatst: 2 uur geleden")]
    [True, False]
    """
    return len(stamp) <= MAX_LENGTH and _tells_update(stamp)


@lru_cache(maxsize=4_096)
def _tells_update(stamp: str) -> bool:
    return _UPDATED.fullmatch(stamp) is not None


def tells_clock(stamp: str) -> bool:
    """Return whether *stamp* shows a clock or a date, and not how long ago something was.

    >>> [tells_clock(stamp) for stamp in ("gisteren 22:10", "3 november", "gisteren", "2 uur geleden")]
    [True, True, False, False]
    """
    said = parse(stamp)
    return isinstance(said, Moment) and (said.clock is not None or isinstance(said.day, Date))


def tells_day_and_clock(stamp: str) -> bool:
    """Return whether *stamp* shows a day and a clock.

    >>> [tells_day_and_clock(stamp) for stamp in ("vandaag om 11:15", "23 feb, 11.15 uur", "11:15", "maandag")]
    [True, True, False, False]
    """
    said = parse(stamp)
    return isinstance(said, Moment) and said.clock is not None and (said.day is not None or said.part is not None)


def is_cut_short(text: str) -> bool:
    """Return whether *text* may be the beginning of a phrase of which the rest is missing.

    >>> [is_cut_short(text) for text in ("2", "2 uur", "10 uur g", "2 uur geleden", "2 doden")]
    [True, True, True, False, False]
    """
    number, _, rest = " ".join(text.casefold().split()).partition(" ")
    figures = number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS
    if not figures and number not in ("een", "één"):
        return False
    return any(f"{name} {AGO}".startswith(rest) for name in IN_FULL) and not rest.endswith(AGO)
