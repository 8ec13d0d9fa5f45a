"""How the demo words an age: in the largest unit that fits once, rounded down, as PHP's Carbon does in Dutch."""

from datetime import UTC, datetime, timedelta

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_WEEK = 7 * _DAY


def ago(published_at: datetime, at: datetime) -> str:
    """Return the age at the moment *at* of what was published at *published_at*, in words.

    Up to weeks a unit is a fixed number of seconds; months and years are those of the calendar in UTC, full when the
    day of the month and the time of day have come round again; where a month has no such day, days later. The youngest
    age is one second.

    Raises: ValueError when *published_at* is later than *at*.

    >>> ago(datetime(2026, 2, 24, 6, 30, tzinfo=UTC), datetime(2026, 2, 24, 9, tzinfo=UTC))
    '2 uur geleden'
    >>> ago(datetime(2022, 3, 28, 12, 5, tzinfo=UTC), datetime(2026, 2, 24, 9, tzinfo=UTC))
    '3 jaar geleden'
    """
    if published_at > at:
        raise ValueError(f"published_at: not later than {at.isoformat()} is wanted, not {published_at.isoformat()}")
    return f"{_age(published_at, at)} geleden"


def _age(published_at: datetime, at: datetime) -> str:
    seconds = int((at - published_at).total_seconds())
    months = _months(published_at.astimezone(UTC), at.astimezone(UTC))
    if months >= 12:
        return f"{months // 12} jaar"
    if months:
        return _count(months, "maand", "maanden")
    if seconds >= _WEEK:
        return _count(seconds // _WEEK, "week", "weken")
    if seconds >= _DAY:
        return _count(seconds // _DAY, "dag", "dagen")
    if seconds >= _HOUR:
        return f"{seconds // _HOUR} uur"
    if seconds >= _MINUTE:
        return _count(seconds // _MINUTE, "minuut", "minuten")
    return _count(max(seconds, 1), "seconde", "seconden")


def _months(start: datetime, end: datetime) -> int:
    months = (end.year - start.year) * 12 + end.month - start.month
    while _months_later(start, months) > end:  # twice at most
        months -= 1
    return months


def _months_later(start: datetime, months: int) -> datetime:
    """Return the day so many months later; one that its month does not have is counted over into the next."""
    count = start.year * 12 + start.month - 1 + months
    return start.replace(year=count // 12, month=count % 12 + 1, day=1) + timedelta(days=start.day - 1)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
