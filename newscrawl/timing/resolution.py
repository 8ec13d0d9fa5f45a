"""A phrase and the moment at which a page was made, to the interval in which its story was published."""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from newscrawl.timing.ages import ROUNDINGS, Rounding, as_span, resolve_age, resolve_calendar_unit
from newscrawl.timing.calendar import AMSTERDAM, YEARS
from newscrawl.timing.days import resolve_moment
from newscrawl.timing.grammar import MAX_RAW, parse
from newscrawl.timing.interval import Interval
from newscrawl.timing.phrases import Age, CalendarUnit, Phrase, Recent, UnknownTimePhrase


def resolve(phrase: str, rendered_at: datetime, *, rounding: Rounding = "any", zone: ZoneInfo = AMSTERDAM) -> Interval:
    """Return the interval in which something shown with *phrase* was published.

    Args:
        phrase: as shown, such as ``2 uur geleden`` or ``gisteren 22:10``; case and white space do not matter.
        rendered_at: when the page was made; aware.
        rounding: ``down`` for a site known to count whole units only: an age is exactly one unit wide, the last of
            those shown; ``any``, the default, covers every library known.
        zone: where the page's clocks and calendar are read.
    Returns: both ends aware, UTC, included; never later than *rendered_at*.
    Raises: UnknownTimePhrase, quoting the phrase; ValueError when *rendered_at* is naive or *rounding* is neither.
    Source: ages measured over 41 outputs of 17 libraries, 2026-11; see `newscrawl.timing.units`.

    >>> resolve("2 uur geleden", datetime(2026, 2, 24, 9, tzinfo=UTC), rounding="down").latest.isoformat()
    '2026-02-24T07:00:00+00:00'
    """
    if rendered_at.utcoffset() is None:
        raise ValueError(f"rendered_at: an aware datetime is wanted, not {rendered_at!r}")
    if rounding not in ROUNDINGS:
        raise ValueError(f"rounding: one of {', '.join(ROUNDINGS)} is wanted, not {rounding!r}")
    said = _understood(phrase, rounding) if len(phrase) <= MAX_RAW else None
    if said is None:
        raise UnknownTimePhrase(phrase)
    try:
        at = rendered_at if rendered_at.tzinfo is UTC else rendered_at.astimezone(UTC)
        interval = _interval(said, at, zone, rounding)
    except (OverflowError, ValueError):  # before the year 1 or after 9999, where datetime ends
        raise UnknownTimePhrase(phrase) from None
    if interval is None or interval.latest.year not in YEARS:
        raise UnknownTimePhrase(phrase)
    return interval


@lru_cache(maxsize=4_096)
def _understood(phrase: str, rounding: Rounding) -> Phrase | None:
    """Return what *phrase* says, an age in hours and less as a mere span of time; None when it says nothing."""
    said = parse(phrase)
    return (as_span(said, rounding) or said) if isinstance(said, Age) else said


def _interval(said: Phrase, rendered_at: datetime, zone: ZoneInfo, rounding: Rounding) -> Interval | None:
    if isinstance(said, Recent):
        return Interval(rendered_at - said.oldest, rendered_at - said.youngest, said.unit.name)
    if isinstance(said, Age):
        return resolve_age(said, rendered_at, zone, rounding)
    if isinstance(said, CalendarUnit):
        return resolve_calendar_unit(said, rendered_at, zone)
    return resolve_moment(said, rendered_at, zone)
