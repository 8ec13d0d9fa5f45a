"""Times written for machines, such as ``2026-02-24T10:00:00+01:00``: to intervals, or distrusted."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from newscrawl.timing.calendar import AMSTERDAM, INSTANT, YEARS, first_of_months, span_of_days
from newscrawl.timing.interval import Interval, Precision

MAX_LENGTH = 64  # characters

Distrust = Literal["future", "early", "zone", "variance", "unreadable"]

DISTRUST: tuple[Distrust, ...] = get_args(Distrust)

_ZONE = r"(?P<zone>Z|[+-]\d\d(?::?\d\d)?|[A-Z]{2,4})?"
_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,12}))?)?"
_ISO_8601 = re.compile(
    rf"(?P<day>\d{{4}}-\d\d-\d\d|\d{{8}}|\d{{4}}-W\d\d-\d)(?:(?:T| +){_CLOCK} ?{_ZONE})?", re.I | re.A
)
_RFC_5322 = re.compile(
    r"(?:(?P<weekday>[A-Z]{3}) ?, ?)?(?P<day>\d{1,2}) (?P<month>[A-Z]{3}) (?P<year>\d{4}|\d\d) "
    rf"{_CLOCK} ?{_ZONE}(?: ?\([^()]*\))?",
    re.I | re.A,
)
# What is coarser than a day: a year, a month, a week.
_COARSE = re.compile(r"(?P<year>\d{4})(?:-(?:(?P<month>\d\d)|W(?P<week>\d\d)))?", re.I | re.A)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Hours ahead of UTC. Source: RFC 5322, section 4.3; MET is another name of CET.
_OFFSETS = {
    **{"Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "CET": 1, "MET": 1, "CEST": 2, "MEST": 2},
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
}
_OF_AMSTERDAM = frozenset({"CET", "MET", "CEST", "MEST"})
_EARLIEST_ZONE, _LATEST_ZONE, _STEP = timedelta(hours=-12), timedelta(hours=14), timedelta(minutes=15)


class DistrustedClaim(ValueError):
    """A machine-readable time that cannot be believed; the message says why and quotes it."""

    def __init__(self, reason: Distrust, why: str, claim: str) -> None:
        cut = claim if len(claim) <= MAX_LENGTH else f"{claim[:MAX_LENGTH]}…"
        super().__init__(f"{why}: {cut!r}")
        self.reason = reason
        """The kind of doubt, by which it is counted."""


def resolve_claim(claim: str, rendered_at: datetime, *, zone: ZoneInfo = AMSTERDAM) -> Interval:
    """Return the interval that *claim* stands for, on a page made at *rendered_at* (aware).

    A time with seconds is that moment, one without is a minute wide; a mere date, month, week or year is all of it in
    *zone*. A time at midnight - in *zone*, in UTC or where it was written - is what some software makes of a mere date:
    it is the day around it, which holds what is meant either way. Nothing is later than *rendered_at*.
    Raises: DistrustedClaim when it is neither ISO 8601 nor RFC 5322, lies in the future or before the web, has no zone
    or one that no place on earth has, or names a weekday that its date is not.

    >>> at = datetime(2026, 2, 24, 9, tzinfo=UTC)
    >>> resolve_claim("Tue, 24 Feb 2026 09:30:00 +0100", at).earliest.isoformat()
    '2026-02-24T08:30:00+00:00'
    """
    text = " ".join(claim.split())
    if len(text) > MAX_LENGTH:
        raise DistrustedClaim("unreadable", "too long for a time", text)
    try:
        interval = _interval(text, zone)
    except DistrustedClaim:
        raise
    except ValueError:
        raise DistrustedClaim("unreadable", "no ISO 8601 and no RFC 5322 time", text) from None
    if interval.earliest > rendered_at:
        raise DistrustedClaim("future", "later than the page itself", text)
    return interval.until(rendered_at)


@lru_cache(maxsize=4_096)  # every page that carries a story tells its time again
def _interval(text: str, zone: ZoneInfo) -> Interval:
    """Return what *text* stands for. Raises: DistrustedClaim; ValueError for what is no time at all."""
    coarse = _COARSE.fullmatch(text)
    if coarse:
        return _days(*_coarse(coarse, text), zone)
    iso = _ISO_8601.fullmatch(text)
    if iso:
        day = date.fromisoformat(iso["day"].upper())
        _check_year(day.year, text)
        return _moment(iso, day, text, zone) if iso["hour"] else _days(day, day + timedelta(days=1), "day", zone)
    rfc = _RFC_5322.fullmatch(text)
    if rfc is None:
        raise ValueError(text)
    day = date(_year(rfc["year"]), _MONTHS.index(rfc["month"].casefold()) + 1, int(rfc["day"]))
    _check_year(day.year, text)
    if rfc["weekday"] and _WEEKDAYS.index(rfc["weekday"].casefold()) != day.weekday():
        raise DistrustedClaim("variance", "another weekday than that of its date", text)
    return _moment(rfc, day, text, zone)


def _check_year(year: int, text: str) -> None:
    if year < YEARS.start:
        raise DistrustedClaim("early", "before there was news on the web", text)
    if year not in YEARS:
        raise DistrustedClaim("future", "later than the page itself", text)


def _coarse(match: re.Match[str], text: str) -> tuple[date, date, Precision]:
    """Return the first day of a year, month or week, and the day after its last."""
    year = int(match["year"])
    _check_year(year, text)
    if match["week"]:
        monday = date.fromisocalendar(year, int(match["week"]), 1)
        return monday, monday + timedelta(days=7), "week"
    if match["month"]:
        first = date(year, int(match["month"]), 1)
        return first, first_of_months(first, back=-1), "month"
    return date(year, 1, 1), date(year + 1, 1, 1), "year"


def _days(begin: date, end: date, precision: Precision, zone: ZoneInfo) -> Interval:
    return Interval(*span_of_days(begin, end, zone), precision)


def _year(digits: str) -> int:
    """Return the year; two digits stand for 1950 to 2049. Source: RFC 5322, section 4.3."""
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 50 else 1900)


def _moment(match: re.Match[str], day: date, text: str, zone: ZoneInfo) -> Interval:
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if (hour, minute, second) == (24, 0, 0):  # the end of a day, by ISO 8601
        hour, day = 0, day + timedelta(days=1)
    fraction = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    wall = datetime.combine(day, time(hour, minute, second, fraction))
    moment = wall.replace(tzinfo=timezone(_offset(match["zone"], text))).astimezone(UTC)
    if (match["zone"] or "").upper() in _OF_AMSTERDAM and moment.astimezone(AMSTERDAM).replace(tzinfo=None) != wall:
        raise DistrustedClaim("zone", "a zone that was not kept on that day", text)
    if time() in (moment.time(), moment.astimezone(zone).time()):
        day = moment.astimezone(zone).date()
        return _days(day, day + timedelta(days=1), "day", zone)
    if wall.time() == time():  # that of a writer in another zone: the day as it is written, there and here
        here = _days(wall.date(), wall.date() + timedelta(days=1), "day", zone)
        ends = moment + timedelta(days=1) - INSTANT
        return Interval(min(here.earliest, moment), max(here.latest, ends), "day")
    if match["second"]:
        return Interval(moment, moment, "second")
    return Interval(moment, moment + timedelta(minutes=1) - INSTANT, "minute")


def _offset(zone: str | None, text: str) -> timedelta:
    """Return how far *zone* is ahead of UTC. Raises: DistrustedClaim for one that no place on earth has."""
    if zone is None:
        raise DistrustedClaim("zone", "without a time zone", text)
    if zone[0] not in "+-":
        if zone.upper() not in _OFFSETS:
            raise DistrustedClaim("zone", "a time zone that is not known", text)
        return timedelta(hours=_OFFSETS[zone.upper()])
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if zone[0] == "-" else 1)
    if zone[0] == "-" and not offset:  # RFC 5322, section 3.3; ISO 8601 has no such offset
        raise DistrustedClaim("zone", "with the time zone of a writer that does not know its own", text)
    if int(digits[2:]) > 59 or not _EARLIEST_ZONE <= offset <= _LATEST_ZONE or offset % _STEP:
        raise DistrustedClaim("zone", "a time zone that no place on earth has", text)
    return offset
