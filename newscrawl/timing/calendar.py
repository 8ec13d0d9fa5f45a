"""Dates and clocks as people in the Netherlands read them, turned into moments in UTC."""

from calendar import isleap
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

INSTANT = timedelta(microseconds=1)  # the shortest time that a datetime tells apart

YEARS = range(1990, 2200)  # of pages on the web; what lies outside is a slip of some software

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
_SAFE_DAYS = 4, 27  # of any month; the others may be counted over, or be the last
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def start_of_day(day: date, zone: ZoneInfo = AMSTERDAM) -> datetime:
    """Return the moment, in UTC, at which *day* begins in *zone*."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def span_of_days(begin: date, end: date, zone: ZoneInfo = AMSTERDAM) -> tuple[datetime, datetime]:
    """Return the first and the last moment, in UTC, of the days from *begin* up to *end*, which is not one of them."""
    return start_of_day(begin, zone), start_of_day(end, zone) - INSTANT


def first_of_months(day: date, months: int = 1, back: int = 0) -> date:
    """Return the first day of the calendar unit of so many *months* that lies *back* before that of *day*.

    >>> first_of_months(date(2026, 2, 24), months=3, back=1)
    datetime.date(2025, 10, 1)
    >>> first_of_months(date(2026, 12, 24), back=-1)
    datetime.date(2027, 1, 1)
    """
    number = (day.year * 12 + day.month - 1) // months * months - back * months
    return date(number // 12, number % 12 + 1, 1)


@lru_cache(maxsize=4_096)
def _has_clock_change(day: date, zone: ZoneInfo) -> bool:
    days = (day, day + timedelta(days=1))
    return len({datetime.combine(midnight, time(), zone).utcoffset() for midnight in days}) > 1


def wall_hour(day: date, hour: int, zone: ZoneInfo = AMSTERDAM) -> datetime:
    """Return the moment, in UTC, *hour* hours by the clock on the wall past the midnight that begins *day*.

    *hour* may be negative, or beyond 24.
    """
    return (datetime.combine(day, time(), zone) + timedelta(hours=hour)).astimezone(UTC)


def wall_moments(day: date, clock: time, zone: ZoneInfo = AMSTERDAM) -> list[datetime]:
    """Return the moments, in UTC, at which a clock on the wall shows *clock* on *day*.

    None in the hour that a clock change skips, two in the hour that it repeats.

    >>> [moment.hour for moment in wall_moments(date(2026, 10, 25), time(2, 30))]
    [0, 1]
    >>> wall_moments(date(2026, 3, 29), time(2, 30))
    []
    """
    if not _has_clock_change(day, zone):
        return [datetime.combine(day, clock, zone).astimezone(UTC)]
    walls = [datetime.combine(day, clock.replace(fold=fold), zone) for fold in (0, 1)]
    moments = sorted({wall.astimezone(UTC) for wall in walls})
    return [moment for moment in moments if moment.astimezone(zone).time() == clock]


def months_before(moment: datetime, months: int) -> list[datetime]:
    """Return the moments that may be called *months* calendar months before *moment*, in no order.

    There is more than one only at the ends of months. Where the month that is reached has no such day, software takes
    its last day, or counts over into the month after it. Software that adds to the past instead of taking from the
    present counts over from the month before too, or has one last day for all that a longer month has.
    Raises: OverflowError before the year 1.

    >>> [f"{there:%d-%m}" for there in months_before(datetime(2026, 2, 28), 1)]
    ['28-01', '31-01']
    >>> [f"{there:%d-%m}" for there in months_before(datetime(2026, 3, 2), 1)]
    ['02-02', '30-01']
    """
    year, month = _month_back(moment.year, moment.month, months)
    if _SAFE_DAYS[0] <= moment.day <= _SAFE_DAYS[1]:
        return [moment.replace(year=year, month=month)]
    length = _days_in(year, month)
    if moment.day > length:
        last_day = moment.replace(year=year, month=month, day=length)
        return [last_day, datetime.combine(last_day.date() + timedelta(days=1), time(), last_day.tzinfo)]
    found = [moment.replace(year=year, month=month)]
    if moment.day == _days_in(moment.year, moment.month) < length:
        found.append(moment.replace(year=year, month=month, day=length))
    year, month = _month_back(year, month, 1)
    over = _days_in(*_month_back(moment.year, moment.month, 1)) + moment.day
    if over <= _days_in(year, month):
        found.append(moment.replace(year=year, month=month, day=over))
    return found


def _days_in(year: int, month: int) -> int:
    return 29 if month == 2 and isleap(year) else _DAYS[month - 1]


def _month_back(year: int, month: int, months: int) -> tuple[int, int]:
    count = year * 12 + month - 1 - months
    if count < 12:
        raise OverflowError("the calendar begins in the year 1")
    return count // 12, count % 12 + 1
