"""The phrases in which a page words the past, such as ``2 uur geleden``: their grammar, without a clock.

    phrase := [label [":"]] number white-space unit white-space "geleden"
    number := 1 to 4 digits | "een" | "één"

An age is recognised here, and turned into an interval in `newscrawl.timing.resolution`. Reading uses the same grammar
to see where a brief ends.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from newscrawl.timing.calendar import MONTHS, WEEKDAYS
from newscrawl.timing.interval import Precision

MAX_LENGTH = 100  # characters; the longest phrase known has 40, and longer text is no stamp


class UnknownTimePhrase(ValueError):
    """A text that is no time stamp; the message quotes its beginning."""

    def __init__(self, phrase: str) -> None:
        shown = phrase if len(phrase) <= MAX_LENGTH else phrase[:MAX_LENGTH] + "…"
        super().__init__(f"no time stamp: {shown!r}")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of age, and how far software strays from counting it in whole units.

    The margins are fractions of one unit, measured over the Dutch output of 17 libraries (2026-11): what is called one
    unit may be `early_one` short of it, what is called N units `early` short of N; `late` over N + 1 of them.
    """

    precision: Precision
    length: timedelta | None  # None for months and years, which have no fixed length
    months: int
    early_one: float
    early: float
    late: float = 0.0


SECOND = Unit("second", timedelta(seconds=1), 0, early_one=1, early=2, late=1)
MINUTE = Unit("minute", timedelta(minutes=1), 0, early_one=0.52, early=0.54, late=0.02)
HOUR = Unit("hour", timedelta(hours=1), 0, early_one=0.26, early=0.51)
DAY = Unit("day", timedelta(days=1), 0, early_one=0.151, early=1.0)
WEEK = Unit("week", timedelta(weeks=1), 0, early_one=0.215, early=1.0)
MONTH = Unit("month", None, 1, early_one=0.51, early=1.03, late=0.05)
YEAR = Unit("year", None, 12, early_one=0.155, early=0.965)

UNITS: dict[str, Unit] = {
    "seconde": SECOND,
    "seconden": SECOND,
    "minuut": MINUTE,
    "minuten": MINUTE,
    "uur": HOUR,
    "uren": HOUR,
    "dag": DAY,
    "dagen": DAY,
    "week": WEEK,
    "weken": WEEK,
    "maand": MONTH,
    "maanden": MONTH,
    "jaar": YEAR,
    "jaren": YEAR,
}

NUMBERS = {"een": 1, "één": 1}

AGO = "geleden"
AGE_PATTERN = (
    rf"(?:\d{{1,4}}|{'|'.join(NUMBERS)})\s{{1,4}}(?:{'|'.join(sorted(UNITS, key=len, reverse=True))})\s{{1,4}}{AGO}"
)

_LABELS = (
    r"(?:geplaatst|gepubliceerd|bijgewerkt|geüpdatet|(?:laatste|laatst) (?:update|bijgewerkt))(?: op| om)?\s*:?\s+"
)

# Words of which a time may be made; those in `_MOMENTS` make one by themselves.
_MOMENTS = frozenset(
    {
        *(AGO, "gisteren", "eergisteren", "vandaag", "vanochtend", "vanmorgen", "vanmiddag", "vanavond", "vannacht"),
        *("gisterochtend", "gistermiddag", "gisteravond", "zojuist", "zonet", "daarnet"),
    }
)
_MONTH_NAMES = frozenset({*MONTHS, *(month[:3] for month in MONTHS), "mrt", "sept"})
_WORDS_OF_TIME = frozenset(
    {
        *_MOMENTS, *_MONTH_NAMES, *UNITS, *NUMBERS, *WEEKDAYS, *(weekday[:2] for weekday in WEEKDAYS),
        *("s", "sec", "m", "min", "u", "d", "dgn", "w", "wk", "wkn", "mnd", "j", "jr", "kwartier", "half", "halve"),
        *("anderhalf", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"),
        *("paar", "enkele", "ongeveer", "ruim", "bijna", "meer", "minder", "dan", "en", "om", "op", "vorige"),
        *("afgelopen", ""),
        *("geplaatst", "gepubliceerd", "bijgewerkt", "geüpdatet", "laatste", "laatst", "update"),
    }
)  # fmt: skip
_CLOCK_OR_DATE = re.compile(r"\d{1,2}[:.]\d\d|\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}")
_WORD_OF_TIME = re.compile(rf"\d{{1,4}}[a-z]{{0,3}}|{_CLOCK_OR_DATE.pattern}")

_AGE = re.compile(rf"\s*(?:{_LABELS})?({AGE_PATTERN})\s*\.?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Age:
    """So many units ago."""

    count: int
    unit: Unit


def parse_age(phrase: str) -> Age | None:
    """Return the age that *phrase* words, or None when it is no such phrase.

    A page never says that nothing has passed in units above a minute: ``0 uur geleden`` is no stamp.

    >>> parse_age("2 uur  geleden").count
    2
    >>> parse_age("2 uur geleden kwam de eerste melding") is None
    True
    """
    if len(phrase) > MAX_LENGTH or AGO not in phrase.casefold():
        return None
    match = _AGE.fullmatch(phrase)
    if match is None:
        return None
    number, unit_name, _ = match[1].casefold().split()
    unit = UNITS[unit_name]
    count = NUMBERS.get(number) or int(number)
    if count == 0 and unit not in (SECOND, MINUTE):
        return None
    return Age(count, unit)


def looks_like_stamp(text: str) -> bool:
    """Return whether *text* says a time and nothing else, be it understood or not.

    What is one and is not understood is better counted than taken for a part of the news.

    >>> [looks_like_stamp(text) for text in ("2u geleden", "Gisteren, 14.30 uur", "Gisteren viel er sneeuw")]
    [True, True, False]
    """
    if not text or len(text) > MAX_LENGTH:
        return False
    words = [word.strip(".:()") for word in re.split(r"[\s,]+", text.casefold())]
    if not all(_WORD_OF_TIME.fullmatch(word) or word in _WORDS_OF_TIME for word in words):
        return False
    with_date = any(word.isdigit() for word in words) and not _MONTH_NAMES.isdisjoint(words)
    return with_date or not _MOMENTS.isdisjoint(words) or any(_CLOCK_OR_DATE.fullmatch(word) for word in words)


def is_cut_short(text: str) -> bool:
    """Return whether *text* may be the beginning of a phrase of which the rest is missing.

    >>> [is_cut_short(text) for text in ("2", "2 uur", "10 uur g", "2 uur geleden", "2 doden")]
    [True, True, True, False, False]
    """
    number, _, rest = " ".join(text.casefold().split()).partition(" ")
    if not (number in NUMBERS or (number.isascii() and number.isdigit() and len(number) <= 4)):
        return False
    return any(name.startswith(rest) or f"{name} {AGO}".startswith(rest) for name in UNITS) and not rest.endswith(AGO)
