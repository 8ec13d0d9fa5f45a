"""Times written for machines, such as ``2026-02-24T10:00:00+01:00``: to intervals, or distrusted."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from newscrawl.timing.calendar import AMSTERDAM, YEARS, start_of_day
from newscrawl.timing.interval import Interval

MAX_LENGTH = 64  # characters
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_WITH_SECONDS = re.compile(r"\d{1,2}:\d\d:\d\d")


class DistrustedClaim(ValueError):
    """A machine-readable time that cannot be believed; the message says why and quotes it."""


def resolve_claim(claim: str, rendered_at: datetime, *, zone: ZoneInfo = AMSTERDAM) -> Interval:
    """Return the interval that *claim* stands for, on a page made at *rendered_at* (aware).

    A time with seconds is that moment, one without is a minute wide, a mere date is that whole day in *zone*. Nothing
    is later than *rendered_at*.
    Raises: DistrustedClaim when it is no ISO 8601 date or time, lies in the future or before the web, or has no zone.
    """
    text = claim.strip()
    if len(text) > MAX_LENGTH:
        raise DistrustedClaim(f"too long for a time: {text[:MAX_LENGTH]!r}…")
    try:
        interval = _day(date.fromisoformat(text), zone) if _DAY.fullmatch(text) else _moment(text)
    except (ValueError, OverflowError) as error:
        if isinstance(error, DistrustedClaim):
            raise
        raise DistrustedClaim(f"no ISO 8601 time: {text!r}") from None
    if interval.latest.year not in YEARS:
        raise DistrustedClaim(f"before there was news on the web: {text!r}")
    if interval.earliest > rendered_at:
        raise DistrustedClaim(f"later than the page itself: {text!r}")
    return interval.until(rendered_at)


def _day(day: date, zone: ZoneInfo) -> Interval:
    end = start_of_day(day + timedelta(days=1), zone) - timedelta(microseconds=1)
    return Interval(start_of_day(day, zone), end, "day")


def _moment(text: str) -> Interval:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise DistrustedClaim(f"without a time zone: {text!r}")
    moment = moment.astimezone(UTC)
    if _WITH_SECONDS.search(text):
        return Interval(moment, moment, "second")
    return Interval(moment, moment + timedelta(seconds=59, microseconds=999_999), "minute")
