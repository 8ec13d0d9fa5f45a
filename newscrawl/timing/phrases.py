"""What a phrase of time may say, such as ``2 uur geleden``, once it is understood and before a clock is known."""

from dataclasses import dataclass
from datetime import time, timedelta

from newscrawl.timing.units import Qualifier, Unit

MAX_LENGTH = 100  # characters, white space folded; the longest phrase known has 50, and longer text is no stamp


class UnknownTimePhrase(ValueError):
    """A text that is no time stamp; the message quotes its beginning."""

    def __init__(self, phrase: str) -> None:
        shown = phrase if len(phrase) <= MAX_LENGTH else phrase[:MAX_LENGTH] + "…"
        super().__init__(f"no time stamp: {shown!r}")


@dataclass(frozen=True, slots=True)
class Amount:
    """So many units; half ones count as halves.

    Attributes:
        count: how many.
        unit: of what.
        worded: whether it is one, written as a word.
        in_full: whether the unit was written in full.
    """

    count: float
    unit: Unit
    worded: bool = False
    in_full: bool = True


@dataclass(frozen=True, slots=True)
class Age:
    """``2 uur geleden``: so long before the page was made; the larger units first."""

    amounts: tuple[Amount, ...]
    qualifier: Qualifier | None = None


@dataclass(frozen=True, slots=True)
class Recent:
    """``zojuist``, ``een paar uur geleden``: at least and at most so long before the page was made."""

    youngest: timedelta
    oldest: timedelta
    unit: Unit


@dataclass(frozen=True, slots=True)
class CalendarUnit:
    """``deze maand``, ``vorige week``: the unit in which the page was made, or the one before it."""

    unit: Unit
    count: int


@dataclass(frozen=True, slots=True)
class DaysAgo:
    """``vandaag``, ``gisteren``, ``eergisteren``."""

    count: int


@dataclass(frozen=True, slots=True)
class Weekday:
    """``maandag``: the last one, 0 for Monday; ``afgelopen maandag``: the last one before today."""

    number: int
    before_today: bool = False


@dataclass(frozen=True, slots=True)
class Date:
    """``[maandag] 3 november [2025]``; without a year it is the last such day."""

    day: int
    month: int
    year: int | None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class MonthOfYear:
    """``november 2025``."""

    month: int
    year: int


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock as shown: to the second (``13:15:20``), to the minute, or to the hour (``13 uur``)."""

    at: time
    unit: Unit


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day, in hours from its midnight: `begin` to `end`, and the hours of the clocks shown with it."""

    begin: int
    end: int
    hours: frozenset[int]


Day = DaysAgo | Weekday | Date | MonthOfYear


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, a part of it, a clock, as far as each is shown; a clock without a day is the last time it showed that."""

    day: Day | None
    part: Part | None = None
    clock: Clock | None = None


Phrase = Age | Recent | CalendarUnit | Moment
