"""Dates and clocks as people in the Netherlands read them, turned into moments in UTC."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

YEARS = range(1990, 2200)  # of pages on the web; what lies outside is a slip of some software

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)


def start_of_day(day: date, zone: ZoneInfo = AMSTERDAM) -> datetime:
    """Return the moment, in UTC, at which *day* begins in *zone*."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def wall_moments(day: date, clock: time, zone: ZoneInfo = AMSTERDAM) -> list[datetime]:
    """Return the moments, in UTC, at which a clock on the wall shows *clock* on *day*.

    None in the hour that a clock change skips, two in the hour that it repeats.

    >>> [moment.hour for moment in wall_moments(date(2026, 10, 25), time(2, 30))]
    [0, 1]
    >>> wall_moments(date(2026, 3, 29), time(2, 30))
    []
    """
    walls = [datetime.combine(day, clock.replace(fold=fold), zone) for fold in (0, 1)]
    moments = sorted({wall.astimezone(UTC) for wall in walls})
    return [moment for moment in moments if moment.astimezone(zone).time() == clock]


def months_before(moment: datetime, months: int) -> tuple[datetime, datetime]:
    """Return the first and last moment that may be called *months* calendar months before *moment*.

    They differ only where the month that is reached has no such day: software then takes its last day, or counts over
    into the month after it. Raises: OverflowError before the year 1.
    """
    count = moment.year * 12 + moment.month - 1 - months
    if count < 12:
        raise OverflowError("the calendar begins in the year 1")
    year, month = count // 12, count % 12 + 1
    length = monthrange(year, month)[1]
    if moment.day <= length:
        there = moment.replace(year=year, month=month)
        return there, there
    last_day = moment.replace(year=year, month=month, day=length)
    month_end = datetime.combine(last_day.date() + timedelta(days=1), time(), last_day.tzinfo)
    return last_day, month_end


def parse_day(text: str) -> date | None:
    """Return the day that a line such as ``maandag 3 november 2025`` names, or None when it names none.

    A weekday that does not belong to the date makes it no date.

    >>> parse_day("Maandag 3 november 2025")
    datetime.date(2025, 11, 3)
    >>> parse_day("dinsdag 3 november 2025") is None
    True
    """
    words = text.casefold().split()
    if len(words) != 4 or words[0] not in WEEKDAYS or words[2] not in MONTHS:
        return None
    if not (words[1].isascii() and words[1].isdigit() and words[3].isascii() and words[3].isdigit()):
        return None
    if len(words[1]) > 2 or len(words[3]) != 4:
        return None
    try:
        day = date(int(words[3]), MONTHS.index(words[2]) + 1, int(words[1]))
    except ValueError:
        return None
    return day if WEEKDAYS[day.weekday()] == words[0] and day.year in YEARS else None
