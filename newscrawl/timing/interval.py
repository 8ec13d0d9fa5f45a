"""What is known of a moment: an interval of time, and how finely it was said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

Precision = Literal["second", "minute", "hour", "day", "week", "month", "year"]

PRECISIONS: tuple[Precision, ...] = get_args(Precision)

# The widest interval that still deserves each name; a day may have 25 hours, a month 31 days.
_WIDTHS: tuple[tuple[timedelta, Precision], ...] = (
    (timedelta(seconds=1), "second"),
    (timedelta(minutes=1), "minute"),
    (timedelta(hours=1), "hour"),
    (timedelta(hours=25), "day"),
    (timedelta(days=7, hours=1), "week"),
    (timedelta(days=31, hours=1), "month"),
)


@dataclass(frozen=True, slots=True)
class Interval:
    """A span of time that holds a moment; both ends are included, aware and in UTC.

    Raises: ValueError when an end is naive, or when the interval ends before it begins.
    """

    earliest: datetime
    latest: datetime
    precision: Precision

    def __post_init__(self) -> None:
        if self.earliest.tzinfo is None or self.latest.tzinfo is None:
            raise ValueError(f"an interval has aware ends, not {self.earliest!r} and {self.latest!r}")
        if self.latest < self.earliest:
            raise ValueError(f"an interval cannot end at {self.latest} before it begins at {self.earliest}")
        if self.earliest.tzinfo is not UTC:
            object.__setattr__(self, "earliest", self.earliest.astimezone(UTC))
        if self.latest.tzinfo is not UTC:
            object.__setattr__(self, "latest", self.latest.astimezone(UTC))

    @property
    def best(self) -> datetime:
        """The middle of the interval: never further from the truth than half its width."""
        return self.earliest + self.width / 2

    @property
    def width(self) -> timedelta:
        """How long the interval lasts; zero for a moment known exactly."""
        return self.latest - self.earliest

    def __contains__(self, moment: datetime) -> bool:
        return self.earliest <= moment <= self.latest

    def intersection(self, other: "Interval") -> "Interval | None":
        """Return what both intervals allow, or None when they contradict each other.

        >>> nine, ten, eleven = (datetime(2026, 2, 24, hour, tzinfo=UTC) for hour in (9, 10, 11))
        >>> Interval(nine, ten, "hour").intersection(Interval(ten, eleven, "hour")).precision
        'second'
        >>> Interval(nine, nine, "second").intersection(Interval(ten, eleven, "hour")) is None
        True
        """
        earliest, latest = max(self.earliest, other.earliest), min(self.latest, other.latest)
        if latest < earliest:
            return None
        return Interval(earliest, latest, finest((self.precision, other.precision, by_width(latest - earliest))))

    def hull(self, other: "Interval") -> "Interval":
        """Return the smallest interval that holds both, as coarse as the coarser of the two, and as its width."""
        earliest, latest = min(self.earliest, other.earliest), max(self.latest, other.latest)
        coarsest = max(self.precision, other.precision, by_width(latest - earliest), key=PRECISIONS.index)
        return Interval(earliest, latest, coarsest)

    def until(self, moment: datetime) -> "Interval":
        """Return the interval cut off at *moment*: nothing is published after it was shown.

        An interval that lies wholly after *moment* becomes that moment.
        """
        if self.latest <= moment:
            return self
        return Interval(min(self.earliest, moment), moment, self.precision)


def by_width(width: timedelta) -> Precision:
    """Return the finest precision that an interval of this width deserves."""
    return next((precision for limit, precision in _WIDTHS if width <= limit), "year")


def finest(precisions: Iterable[Precision]) -> Precision:
    """Return the finest of some precisions."""
    return min(precisions, key=PRECISIONS.index)
