"""A phrase and the moment at which a page was made, to the interval in which its story was published."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from newscrawl.timing.calendar import AMSTERDAM, months_before, wall_moments
from newscrawl.timing.interval import Interval
from newscrawl.timing.phrases import MAX_LENGTH, MINUTE, SECOND, Age, UnknownTimePhrase, parse_age

Rounding = Literal["any", "down"]

_CLOCK = re.compile(r"\s*([01]?\d|2[0-3])[:.]([0-5]\d)(?:\s*uur)?\s*")

# Some software shows minutes in steps of five: two and a half on either side.
_FIVE_MINUTES, _HALF_STEP = 5, timedelta(minutes=2, seconds=31)


def resolve(phrase: str, rendered_at: datetime, *, rounding: Rounding = "any", zone: ZoneInfo = AMSTERDAM) -> Interval:
    """Return the interval in which something shown with *phrase* was published.

    Args:
        phrase: as shown, such as ``2 uur geleden`` or ``15:30``; case and white space do not matter.
        rendered_at: when the page was made; aware.
        rounding: ``down`` for a site known to count whole units only; ``any`` covers every library known.
        zone: where the page's clocks and calendar are read.
    Returns: both ends aware, UTC, included; never later than *rendered_at*.
    Raises: UnknownTimePhrase, quoting the phrase; ValueError when *rendered_at* is naive.
    Source: ages measured over 41 outputs of 17 libraries, 2026-11.

    >>> resolve("2 uur geleden", datetime(2026, 2, 24, 9, tzinfo=UTC), rounding="down").latest.isoformat()
    '2026-02-24T07:00:00+00:00'
    """
    if rendered_at.tzinfo is None:
        raise ValueError(f"rendered_at: an aware datetime is wanted, not {rendered_at!r}")
    rendered_at = rendered_at.astimezone(UTC)
    age = parse_age(phrase)
    try:
        if age is not None:
            return (_whole_units if rounding == "down" else _any_rounding)(age, rendered_at, zone)
        clock = parse_clock(phrase)
        if clock is not None:
            return _latest_clock(clock, rendered_at, zone)
    except OverflowError:  # before the year 1, where datetime ends
        raise UnknownTimePhrase(phrase) from None
    raise UnknownTimePhrase(phrase)


def parse_clock(text: str) -> time | None:
    """Return the time of day that ``15:30``, ``15.30`` or ``15.30 uur`` shows, or None when *text* is no clock."""
    match = _CLOCK.fullmatch(text) if len(text) <= MAX_LENGTH else None
    return time(int(match[1]), int(match[2])) if match else None


def resolve_clocks(
    clocks: Sequence[str], rendered_at: datetime, *, zone: ZoneInfo = AMSTERDAM
) -> list[Interval | None]:
    """Return when each line of a list with clocks but without days was published, the newest line first.

    A line is never later than the one above it, nor than *rendered_at* (aware): where the clock goes up from one line
    to the next, a midnight lies between them. What is no clock, or falls in an hour that was skipped, is None.

    >>> evening = datetime(2026, 2, 24, 0, 5, tzinfo=AMSTERDAM)
    >>> [interval.earliest.astimezone(AMSTERDAM).day for interval in resolve_clocks(["00:03", "23:58"], evening)]
    [24, 23]
    """
    ceiling = rendered_at.astimezone(UTC)
    intervals: list[Interval | None] = []
    for text in clocks:
        clock = parse_clock(text)
        try:
            interval = _latest_clock(clock, ceiling, zone) if clock is not None else None
        except UnknownTimePhrase:
            interval = None
        intervals.append(interval)
        if interval is not None:
            ceiling = interval.latest
    return intervals


def _latest_clock(clock: time, ceiling: datetime, zone: ZoneInfo) -> Interval:
    """Return the minute at which the wall last showed *clock*; both, where a clock change repeats it."""
    today = ceiling.astimezone(zone).date()
    for day in (today, today - timedelta(days=1)):
        moments = [moment for moment in wall_moments(day, clock, zone) if moment <= ceiling]
        if moments:
            last_second = timedelta(seconds=59, microseconds=999_999)
            return Interval(moments[0], moments[-1] + last_second, "minute").until(ceiling)
    raise UnknownTimePhrase(f"{clock:%H:%M}")


def _whole_units(age: Age, rendered_at: datetime, zone: ZoneInfo) -> Interval:
    earliest = _ago(age, age.count + 1, rendered_at, zone)[0]
    just_now = age == Age(1, SECOND)  # software that counts whole seconds calls none of them one, too
    latest = rendered_at if just_now else _ago(age, age.count, rendered_at, zone)[1]
    return Interval(earliest, latest, age.unit.precision).until(rendered_at)


def _any_rounding(age: Age, rendered_at: datetime, zone: ZoneInfo) -> Interval:
    whole = _whole_units(age, rendered_at, zone)
    unit = age.unit
    step = unit.length or timedelta(days=30.436875 * unit.months)  # the mean of the Gregorian calendar
    early = unit.early_one if age.count == 1 else unit.early
    earliest, latest = whole.earliest - step * unit.late, whole.latest + step * early
    if unit is MINUTE and age.count and age.count % _FIVE_MINUTES == 0:
        shown = rendered_at - timedelta(minutes=age.count)
        earliest, latest = min(earliest, shown - _HALF_STEP), max(latest, shown + _HALF_STEP)
    return Interval(earliest, latest, unit.precision).until(rendered_at)


def _ago(age: Age, count: int, rendered_at: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first and last moment that software may mean by *count* whole units before *rendered_at*.

    Up to hours these are real time. A day is 24 hours for some software and a calendar day for other, and months are
    counted in UTC by some and on the wall by other: across a clock change both are covered.
    """
    length = age.unit.length
    if length is None:
        walls = (rendered_at, rendered_at.astimezone(zone))
        moments = [moment.astimezone(UTC) for wall in walls for moment in months_before(wall, count * age.unit.months)]
    else:
        moments = [rendered_at - count * length]
        if length >= timedelta(days=1):
            moments.append((rendered_at.astimezone(zone) - count * length).astimezone(UTC))
    return min(moments), max(moments)
