"""Ages such as ``2 uur geleden`` and calendar units such as ``vorige week``, to intervals."""

from datetime import UTC, date, datetime, timedelta
from math import floor
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from newscrawl.timing.calendar import first_of_months, months_before, span_of_days
from newscrawl.timing.interval import Interval
from newscrawl.timing.phrases import Age, CalendarUnit, Recent
from newscrawl.timing.units import (
    DAY,
    FIVE_MINUTES,
    HALF_A_MINUTE,
    MINUTE,
    MONTH,
    NEAREST_OR_WHOLE,
    QUARTER,
    SECOND,
    STEPS_OF_FIVE,
    WEEK,
    WHOLE,
    Span,
    Unit,
)

Rounding = Literal["any", "down"]

ROUNDINGS: tuple[Rounding, ...] = get_args(Rounding)

_ONE_SECOND = timedelta(seconds=1)  # clocks are read in whole seconds
_SUNDAY = 6


def as_span(said: Age, rounding: Rounding) -> Recent | None:
    """Return an age as a mere span of time, which it is up to hours; None where it takes a calendar."""
    if said.amounts[0].unit.length >= DAY.length:
        return None
    *larger, last = said.amounts
    unit = last.unit
    span = _meant(said, rounding)
    before = sum((amount.count * amount.unit.length for amount in larger), timedelta(0))
    youngest = before + max(0.0, last.count + span.youngest) * unit.length
    oldest = before + (last.count + span.oldest) * unit.length
    if rounding == "any":
        youngest, oldest = max(timedelta(0), youngest - _ONE_SECOND), oldest + _ONE_SECOND
    elif unit is SECOND and last.count == 1 and not larger:
        youngest = timedelta(0)  # who counts whole seconds calls none of them one, too
    return Recent(youngest, oldest, unit)


def resolve_age(said: Age, rendered_at: datetime, zone: ZoneInfo, rounding: Rounding) -> Interval:
    """Return when something was published whose age at *rendered_at* (UTC) was shown like that."""
    *larger, last = said.amounts
    unit = last.unit
    span = _meant(said, rounding)
    local = rendered_at.astimezone(zone)
    earliest = ago(rendered_at, local, last.count + span.oldest, unit, rounding)[0]
    latest = ago(rendered_at, local, max(0.0, last.count + span.youngest), unit, rounding)[1]
    for amount in reversed(larger):  # software adds years first and seconds last, so these come off first
        earliest = ago(earliest, earliest.astimezone(zone), amount.count, amount.unit, rounding)[0]
        latest = ago(latest, latest.astimezone(zone), amount.count, amount.unit, rounding)[1]
    if larger:  # days on the wall and hours of real time, one after the other
        change = _clock_change(earliest, rendered_at, zone)
        earliest, latest = earliest - change, latest + change
    if rounding == "any":
        earliest, latest = earliest - _ONE_SECOND, latest + _ONE_SECOND
        if not larger and not said.qualifier and unit.calendar_from and last.count >= unit.calendar_from:
            begin, end = span_of_days(*_calendar_unit(unit, int(last.count), local.date()), zone)
            # Quarters are only the calendar's: no software counts them in spans of time.
            earliest, latest = (begin, end) if unit is QUARTER else (earliest, max(latest, end))
    return Interval(earliest, min(latest, rendered_at), unit.name)


def resolve_calendar_unit(said: CalendarUnit, rendered_at: datetime, zone: ZoneInfo) -> Interval:
    """Return the week, month, quarter or year that a page of *rendered_at* (UTC) calls this one, or the previous one.

    The previous one is the calendar's for some, and one to two units ago for other software.
    """
    unit = said.unit
    local = rendered_at.astimezone(zone)
    first_day, next_day = _calendar_unit(unit, said.count, local.date())
    if unit is WEEK:  # for people it ends on Sunday, not on Saturday
        if local.weekday() == _SUNDAY:
            first_day -= WEEK.length
        else:
            next_day += DAY.length
    begin, end = span_of_days(first_day, next_day, zone)
    if said.count and unit is not QUARTER:
        begin = min(begin, ago(rendered_at, local, said.count + 1, unit, "any")[0])
        end = max(end, ago(rendered_at, local, said.count, unit, "any")[1])
    return Interval(begin, end, unit.name).until(rendered_at)


def ago(moment: datetime, local: datetime, count: float, unit: Unit, rounding: Rounding) -> tuple[datetime, datetime]:
    """Return the first and last moment that software may mean by *count* units before *moment*, on the wall *local*.

    Up to hours these are real time. A day is 24 hours for some software and a calendar day for other, and months are
    counted in UTC by some, on the wall by other, and in days by a third: all of them are covered, unless the site is
    known to count whole units, which are the calendar's.
    """
    span = timedelta(seconds=count * unit.seconds)
    if not unit.months:
        real = moment - span
        if unit.seconds < DAY.seconds:
            return real, real
        wall = (local - span).astimezone(UTC)
        return (real, wall) if real < wall else (wall, real)
    whole = floor(count)
    rest = timedelta(seconds=(count - whole) * unit.seconds)
    found = [
        (there - rest).astimezone(UTC)
        for clock in (moment, local)
        for there in months_before(clock, whole * unit.months)
    ]
    if rounding == "any":
        found += (moment - span, moment - timedelta(seconds=count * unit.short_seconds))
    return min(found), max(found)


def _clock_change(then: datetime, now: datetime, zone: ZoneInfo) -> timedelta:
    """Return by how much the clock on the wall was put forward or back in all."""
    shifts = [moment.astimezone(zone).utcoffset() or timedelta(0) for moment in (then, now)]
    return abs(shifts[1] - shifts[0])


def _calendar_unit(unit: Unit, count: int, today: date) -> tuple[date, date]:
    """Return the first day of the calendar unit that lies *count* before that of *today*, and the day after its last.

    Weeks begin on Sunday, as they do for the software that counts them.
    """
    if unit is DAY:
        return today - timedelta(days=count), today - timedelta(days=count - 1)
    if unit is WEEK:
        begin = today - timedelta(days=(today.weekday() + 1) % 7, weeks=count)
        return begin, begin + timedelta(weeks=1)
    return first_of_months(today, unit.months, count), first_of_months(today, unit.months, count - 1)


def _meant(said: Age, rounding: Rounding) -> Span:
    """Return what the last number of an age stands for, as it is shown and with what is said of it."""
    *larger, last = said.amounts
    count, unit, qualifier = last.count, last.unit, said.qualifier
    exact = rounding == "down" or bool(larger)  # what is shown in two units is counted in whole ones
    if larger and unit is MONTH and larger[0].count == 1 and rounding == "any":
        return NEAREST_OR_WHOLE  # but for months behind one year
    if count != int(count):  # half units are counted in halves
        span = qualifier.span if qualifier else WHOLE if exact else NEAREST_OR_WHOLE
        return HALF_A_MINUTE if unit is MINUTE and not qualifier else Span(span.youngest / 2, span.oldest / 2)
    if exact:
        return qualifier.span if qualifier else WHOLE
    shown = qualifier.measured.get(unit) if qualifier else unit.shown
    if shown is None:
        assert qualifier
        return qualifier.span
    span = shown.many if count != 1 else shown.word if last.worded else shown.one
    if unit is MINUTE and not qualifier and last.in_full and count in STEPS_OF_FIVE:
        return Span(min(span.youngest, FIVE_MINUTES.youngest), max(span.oldest, FIVE_MINUTES.oldest))
    return span
