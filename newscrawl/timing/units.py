"""The units in which software counts ages, and what it calls how many of them.

Every margin here is measured: over the Dutch output of 17 libraries in 41 settings, 2026-11. A new library is a wider
number in this file, and nothing else. A second on either side, for clocks that are read in whole seconds, is added
where the margins are used.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from math import inf
from typing import NamedTuple

from newscrawl.timing.interval import Precision


class Span(NamedTuple):
    """Ages, in units: from `youngest` to `oldest`, each added to the number that is shown.

    ``Span(0, 1)`` is what counting whole units means: 2 stands for 2 to 3.
    """

    youngest: float
    oldest: float


WHOLE = Span(0, 1)
NEAREST = Span(-0.5, 0.5)
NEAREST_OR_WHOLE = Span(-0.5, 1)


class Shown(NamedTuple):
    """What a number stands for by the way it is shown: as ``1``, as ``een``, or any larger one."""

    one: Span
    word: Span
    many: Span


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A unit of age.

    Attributes:
        name: the precision that it gives.
        length: how long it lasts; of months and longer the mean, since the calendar tells how long each is.
        short: how long it lasts for software that takes 30 days for a month and 365 for a year.
        months: how many calendar months it lasts; 0 for what is shorter.
        shown: what numbers stand for; other software writes ``een`` than writes ``1``.
        calendar_from: the smallest number from which some software counts calendar units (``3 dagen`` for all that
            happened three days ago, early or late), not spans of time; None where none does.
        few: the most that ``een paar`` of it may be.
    """

    name: Precision
    length: timedelta
    short: timedelta
    months: int
    shown: Shown
    calendar_from: int | None = None
    few: int = 10
    seconds: float = field(init=False)
    """`length` as a number."""
    short_seconds: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "seconds", self.length.total_seconds())
        object.__setattr__(self, "short_seconds", self.short.total_seconds())


_MONTH = timedelta(days=30.436875)  # of the Gregorian calendar


def _fixed(name: Precision, length: timedelta, shown: Shown, **more: int) -> Unit:
    return Unit(name, length, length, 0, shown, **more)


def _of_months(name: Precision, months: int, short: timedelta, shown: Shown, **more: int) -> Unit:
    return Unit(name, _MONTH * months, short, months, shown, **more)


_TO_NEXT = Shown(NEAREST_OR_WHOLE, NEAREST_OR_WHOLE, NEAREST_OR_WHOLE)

SECOND = _fixed("second", timedelta(seconds=1), Shown(Span(-1, 1), Span(-1, 1), Span(-1, 1)))
MINUTE = _fixed("minute", timedelta(minutes=1), Shown(Span(-0.5, 1), Span(-0.5, 1), Span(-0.517, 1)))
QUARTER_HOUR = _fixed("minute", timedelta(minutes=15), _TO_NEXT)
HOUR = _fixed("hour", timedelta(hours=1), Shown(Span(-0.1501, 1), Span(-0.2585, 1), Span(-0.5006, 1)))
DAY = _fixed(
    "day", timedelta(days=1), Shown(Span(-0.1501, 1), Span(-0.1042, 1), Span(-0.5001, 1)), calendar_from=3, few=7
)
WEEK = _fixed("week", timedelta(weeks=1), Shown(Span(-0.2143, 1), WHOLE, Span(-0.5, 1)), calendar_from=2, few=5)
MONTH = _of_months(
    "month", 1, timedelta(days=30), Shown(Span(-0.2, 1), Span(-0.51, 1), Span(-0.6, 1)), calendar_from=2, few=11
)
QUARTER = _of_months("month", 3, timedelta(days=91), Shown(WHOLE, WHOLE, WHOLE), calendar_from=1, few=4)
YEAR = _of_months(
    "year", 12, timedelta(days=365), Shown(Span(-0.152, 1), Span(-0.131, 1), Span(-0.508, 1)), calendar_from=2
)


# Half units are counted in halves; what is called half a minute is 20 to 40 seconds old.
HALF_A_MINUTE = Span(-0.17, 0.17)
# Some software shows minutes in steps of five, up to fifty and in full: two and a half on either side.
STEPS_OF_FIVE = range(5, 51, 5)
FIVE_MINUTES = Span(-2.5, 2.5)


@dataclass(frozen=True, slots=True, eq=False)
class Qualifier:
    """A word that says on which side of a number an age lies.

    Attributes:
        span: what it means to a reader; exactly one unit, or all that is less than the number.
        measured: what software means by it, where that differs.
    """

    span: Span
    measured: Mapping[Unit, Shown] = field(default_factory=dict)


ABOUT = Qualifier(
    NEAREST,
    {
        MINUTE: Shown(Span(-0.27, 0.52), Span(-0.27, 0.52), NEAREST),
        HOUR: Shown(Span(-0.26, 0.5), Span(-0.26, 0.5), Span(-0.51, 0.5)),
        MONTH: Shown(Span(-0.02, 0.5), Span(-0.02, 0.5), Span(-0.53, 0.5)),
        YEAR: Shown(Span(-0.002, 0.26), Span(-0.002, 0.5), Span(-0.003, 0.26)),
    },
)
OVER = Qualifier(WHOLE)
MORE_THAN = Qualifier(WHOLE, {YEAR: Shown(Span(0.24, 0.76), WHOLE, Span(0.24, 0.76))})
NEARLY = Qualifier(Span(-0.5, 0), {YEAR: Shown(Span(-0.26, 0.002), Span(-0.5, 0), Span(-0.26, 0.002))})
LESS_THAN = Qualifier(Span(-inf, 0))
