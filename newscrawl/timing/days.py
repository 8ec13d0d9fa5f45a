"""Days and clocks as a page shows them, such as ``gisteren 22:10`` or ``maandag 3 november``, to intervals.

A function returns None for what cannot have been shown of the past.
"""

from calendar import isleap
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from newscrawl.timing.ages import ago
from newscrawl.timing.calendar import AMSTERDAM, INSTANT, first_of_months, span_of_days, wall_hour, wall_moments
from newscrawl.timing.grammar import parse
from newscrawl.timing.interval import Interval, Precision
from newscrawl.timing.phrases import Clock, Date, DaysAgo, Moment, MonthOfYear, Part, Weekday
from newscrawl.timing.units import DAY, MINUTE
from newscrawl.timing.vocabulary import EVENING, LAST_NIGHT, MORNING

_LEAP_CYCLE = 9  # years; the longest between two leap years is eight
_NOON, _DAY_HOURS = 12, 24
_SMALL_HOURS = 6  # until then the evening that has just passed is still called this evening
# A clock this far ahead of the page may be that of a fast machine, and not of yesterday: its day is not known.
_FAST = timedelta(minutes=10)
# In a list, one this far ahead of the line above it is out of order, and not of the day before.
_OUT_OF_ORDER = timedelta(minutes=5)


def parse_clock(text: str) -> time | None:
    """Return the time of day that ``15:30``, ``15.30`` or ``15.30 uur`` shows, or None when *text* is no such clock."""
    said = parse(text) or parse(f"{text} uur")  # "15.30" by itself may be a price; whoever asks knows that it is none
    bare = isinstance(said, Moment) and said.day is None and said.part is None and said.clock
    return bare.at if bare and bare.unit is MINUTE else None


def resolve_clocks(
    clocks: Sequence[str], rendered_at: datetime, *, zone: ZoneInfo = AMSTERDAM
) -> list[Interval | None]:
    """Return when each line of a list with clocks but without days was published, the newest line first.

    A line is never later than the one above it, nor than *rendered_at* (aware): where the clock goes up from one line
    to the next, a midnight lies between them. None for what is no clock, for a clock in an hour that was skipped, and
    for one that is only some minutes ahead, whose day cannot be told.

    >>> evening = datetime(2026, 2, 24, 0, 5, tzinfo=AMSTERDAM)
    >>> [interval.earliest.astimezone(AMSTERDAM).day for interval in resolve_clocks(["00:03", "23:58"], evening)]
    [24, 23]
    """
    ceiling = rendered_at.astimezone(UTC)
    slack = _FAST
    intervals: list[Interval | None] = []
    for text in clocks:
        clock = parse_clock(text)
        interval = None
        if clock is not None:
            page, shown = _Page(ceiling, zone), Clock(clock, MINUTE)
            interval = None if page.shows_soon(shown, slack) else page.last_shown(shown)
        intervals.append(interval)
        if interval is not None:
            ceiling, slack = interval.latest, _OUT_OF_ORDER
    return intervals


def resolve_moment(said: Moment, rendered_at: datetime, zone: ZoneInfo) -> Interval | None:
    """Return when something was published that was dated like that on a page made at *rendered_at* (UTC)."""
    page = _Page(rendered_at, zone)
    if said.day is None:
        if said.part is not None:
            return page.last_night(said)
        if said.clock is None:
            return None
        found = page.last_shown(said.clock)
        return page.or_now(found) if page.shows_soon(said.clock, _FAST) else found
    if isinstance(said.day, MonthOfYear):
        begin = date(said.day.year, said.day.month, 1)
        return None if said.clock else page.between(begin, first_of_months(begin, back=-1), "month")
    if isinstance(said.day, DaysAgo):
        return page.days_ago(said, said.day.count)
    if isinstance(said.day, Weekday):
        return page.weekday(said, said.day)
    day = page.dated(said.day)
    return page.on(day, said) if day else None


class _Page:
    """The moment at which a page was made, and its day."""

    def __init__(self, rendered_at: datetime, zone: ZoneInfo) -> None:
        self.rendered_at, self.zone = rendered_at, zone
        self.local = rendered_at.astimezone(zone)
        self.today, self.hour = self.local.date(), self.local.hour

    def days_ago(self, said: Moment, count: int) -> Interval | None:
        day = self.today - timedelta(days=count)
        found = self.on(day, said)
        if found is None and not count and said.part is EVENING and self.hour < _SMALL_HOURS:
            return self.on(day - timedelta(days=1), said)
        if found is None and not count and said.part is MORNING and not said.clock:
            return self.between(day, day + timedelta(days=1), "day")  # a morning that begins at midnight
        if found is None or not count or said.part or said.clock:
            return found
        # For some software "gisteren" is the calendar's yesterday, for other it is 24 to 48 hours ago.
        earliest = ago(self.rendered_at, self.local, count + 1, DAY, "any")[0]
        latest = ago(self.rendered_at, self.local, count, DAY, "any")[1]
        return Interval(min(found.earliest, earliest), max(found.latest, latest), "day")

    def weekday(self, said: Moment, shown: Weekday) -> Interval | None:
        back = (self.today.weekday() - shown.number) % 7
        if not back and shown.before_today:
            back = 7
        found = self.on(self.today - timedelta(days=back), said)
        if back:
            return found
        if said.clock and self.shows_soon(said.clock, _FAST):
            return self.or_now(self.on(self.today - timedelta(days=7), said))
        a_week_ago = self.on(self.today - timedelta(days=7), said)
        if said.clock or said.part:
            return found or a_week_ago
        return found.hull(a_week_ago) if found and a_week_ago else None

    def dated(self, shown: Date) -> date | None:
        """Return the day shown; without a year the last such day, unless its weekday was another."""
        if shown.year:
            return date(shown.year, shown.month, shown.day)
        for year in range(self.today.year, self.today.year - _LEAP_CYCLE, -1):
            if (shown.month, shown.day) == (2, 29) and not isleap(year):
                continue
            day = date(year, shown.month, shown.day)
            if day <= self.today:
                return day if shown.weekday in (None, day.weekday()) else None
        return None

    def on(self, day: date, said: Moment) -> Interval | None:
        if said.clock:
            return self.clock_on(day, said.clock, said.part)
        if not said.part:
            return self.between(day, day + timedelta(days=1), "day")
        begin, end = (wall_hour(day, hour, self.zone) for hour in (said.part.begin, said.part.end))
        return None if begin > self.rendered_at else Interval(begin, end - INSTANT, "day").until(self.rendered_at)

    def last_night(self, said: Moment) -> Interval | None:
        """Return the night before this day, or in the evening that and the one that has begun."""
        evening = self.hour in LAST_NIGHT.hours and self.hour >= _NOON
        if said.clock is None:
            night = self.on(self.today, said)
            return night.hull(Interval(self.rendered_at, self.rendered_at, "day")) if night and evening else night
        clock = _as_in(LAST_NIGHT, said.clock)
        if clock is None:
            return None
        if clock.at.hour < _NOON:
            return self.clock_on(self.today, clock, None)
        nights = [self.clock_on(self.today - timedelta(days=back), clock, None) for back in (1, 0)[: 1 + evening]]
        found = [night for night in nights if night]
        return found[0].hull(found[-1]) if found else None

    def clock_on(self, day: date, clock: Clock, part: Part | None) -> Interval | None:
        days = [day]
        if part is not None:
            shown_as = _as_in(part, clock)
            if shown_as is None:
                return None
            clock = shown_as
            if part.end > _DAY_HOURS and clock.at.hour < _NOON:
                days.append(day + timedelta(days=1))  # the night of a day begins and ends with one
        shown = [moment for there in days for moment in wall_moments(there, clock.at, self.zone)]
        past = [
            Interval(moment, moment + clock.unit.length - INSTANT, clock.unit.name)
            for moment in shown
            if moment <= self.rendered_at
        ]
        return past[0].hull(past[-1]).until(self.rendered_at) if past else None

    def last_shown(self, clock: Clock) -> Interval | None:
        """Return when the wall last showed *clock*; both times, where a clock change repeats it."""
        return self.clock_on(self.today, clock, None) or self.clock_on(self.today - timedelta(days=1), clock, None)

    def or_now(self, then: Interval | None) -> Interval | None:
        """Return all the time since *then*: a clock a little ahead was shown then, or just now by a fast machine."""
        return then.hull(Interval(self.rendered_at, self.rendered_at, then.precision)) if then else None

    def shows_soon(self, clock: Clock, slack: timedelta) -> bool:
        """Return whether the wall will show *clock* before so much time has passed."""
        days = (self.today, self.today + timedelta(days=1))
        ahead = [moment - self.rendered_at for day in days for moment in wall_moments(day, clock.at, self.zone)]
        return any(timedelta(0) < wait <= slack for wait in ahead)

    def between(self, begin: date, end: date, precision: Precision) -> Interval | None:
        first, last = span_of_days(begin, end, self.zone)
        return None if first > self.rendered_at else Interval(first, last, precision).until(self.rendered_at)


def _as_in(part: Part, clock: Clock) -> Clock | None:
    """Return *clock* as it is meant in a part of the day: "vanmiddag 2.15 uur" is 14:15. None where it is not in it."""
    hour = clock.at.hour
    if hour in part.hours:
        return clock
    other = hour + _NOON if hour < _NOON else 0 if hour == _NOON else None
    return replace(clock, at=clock.at.replace(hour=other)) if other is not None and other in part.hours else None
