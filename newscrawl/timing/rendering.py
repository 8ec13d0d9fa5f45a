"""When a page was made, which is not when it arrived: caches keep pages, and say so in their headers."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from newscrawl.timing.ages import Rounding
from newscrawl.timing.calendar import AMSTERDAM, INSTANT, start_of_day
from newscrawl.timing.grammar import parse
from newscrawl.timing.interval import Interval
from newscrawl.timing.phrases import Age, Recent, UnknownTimePhrase
from newscrawl.timing.resolution import resolve

LONGEST_IN_CACHE = timedelta(days=1)  # headers that say more than that are not believed


def rendered_at(arrived_at: datetime, headers: Mapping[str, str] | None = None) -> datetime:
    """Return when the page that arrived at *arrived_at* (aware) was made, in UTC.

    That is the earlier of the header ``Date`` and the arrival minus ``Age`` (seconds), as far as each is there and
    plausible: not later than the arrival, and not more than a day before it. Else it is the arrival.
    Source: RFC 9111, sections 4.2.3 and 5.1.
    """
    arrived_at = arrived_at.astimezone(UTC)
    by_name = {name.casefold(): value for name, value in (headers or {}).items()}
    moments = [_date(by_name.get("date", "")), _arrival_less_age(arrived_at, by_name.get("age", ""))]
    plausible = [at for at in moments if at is not None and timedelta(0) <= arrived_at - at <= LONGEST_IN_CACHE]
    return min(plausible, default=arrived_at)


def day_contradicts(day: date, rendered: datetime, zone: ZoneInfo = AMSTERDAM) -> bool:
    """Return whether a page that shows *day* cannot have been made at *rendered*."""
    return rendered.astimezone(zone).date() != day


def resolve_on_day(phrase: str, day: date, *, rounding: Rounding = "any", zone: ZoneInfo = AMSTERDAM) -> Interval:
    """Return when something shown with *phrase* was published, on a page made at an unknown moment of *day*.

    What could not have been shown when the day began, such as ``vanmiddag``, was shown later that day.
    Raises: UnknownTimePhrase.
    """
    possible: list[Interval] = []
    begin, end = start_of_day(day, zone), start_of_day(day + timedelta(days=1), zone)
    if not isinstance(parse(phrase), Age | Recent):
        end -= INSTANT  # what the calendar calls yesterday is another day when this one is over
    for moment in (begin, end):
        with suppress(UnknownTimePhrase):
            possible.append(resolve(phrase, moment, rounding=rounding, zone=zone))
    if not possible:
        raise UnknownTimePhrase(phrase)
    return possible[0].hull(possible[-1])


def _date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    # RFC 9110 writes GMT; a value without a zone is read as such.
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _arrival_less_age(arrived_at: datetime, value: str) -> datetime | None:
    value = value.strip()
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        return None
    return arrived_at - timedelta(seconds=int(value))
