"""The phrases in which a page words the past, such as ``2 uur geleden``: their grammar, without a clock.

    phrase := [label [":"]] number white-space unit white-space "geleden"
    number := 1 to 4 digits | "een" | "één"

An age is recognised here, and turned into an interval in `newscrawl.timing.resolution`. Reading uses the same grammar
to see where a brief ends.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

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

LABELS = r"(?:geplaatst|gepubliceerd|bijgewerkt|geüpdatet|(?:laatste|laatst) (?:update|bijgewerkt))(?: op| om)?\s*:?\s+"

_AGE = re.compile(rf"\s*(?:{LABELS})?({AGE_PATTERN})\s*\.?\s*", re.IGNORECASE)


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


def is_cut_short(text: str) -> bool:
    """Return whether *text* may be the beginning of a phrase of which the rest is missing.

    >>> [is_cut_short(text) for text in ("2", "2 uur", "10 uur g", "2 uur geleden", "2 doden")]
    [True, True, True, False, False]
    """
    number, _, rest = " ".join(text.casefold().split()).partition(" ")
    if not (number in NUMBERS or (number.isascii() and number.isdigit() and len(number) <= 4)):
        return False
    return any(name.startswith(rest) or f"{name} {AGO}".startswith(rest) for name in UNITS) and not rest.endswith(AGO)
