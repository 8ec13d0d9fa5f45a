"""How software that is not written in Python words the past in Dutch: Carbon, moment and date-fns, in small.

All of them read their calendar in UTC here. What Carbon writes in one unit is known to the demo: `newscrawl.demo.ago`.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import floor

from newscrawl.demo.ago import ago

# Words the age that something published at the first moment has at the second.
Writer = Callable[[datetime, datetime], str]

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_MONTHS_A_DAY = 4800 / 146097  # of the Gregorian calendar, as moment counts
_LENGTHS = (timedelta(weeks=1), _DAY, _HOUR, _MINUTE, timedelta(seconds=1))
_NAMES = (
    *(("jaar", "jaar"), ("maand", "maanden"), ("week", "weken"), ("dag", "dagen")),
    *(("uur", "uur"), ("minuut", "minuten"), ("seconde", "seconden")),
)


def carbon_with_articles(published_at: datetime, at: datetime) -> str:
    """Return what Carbon writes when it is asked for `een` instead of `1`."""
    phrase = ago(published_at, at)
    if phrase == "1 seconde geleden":
        return "een paar seconden geleden"
    return f"een {phrase.removeprefix('1 ')}" if phrase.startswith("1 ") else phrase


def carbon_with_day_words(published_at: datetime, at: datetime) -> str:
    """Return what Carbon writes when it is asked for words; its days last 24 hours."""
    if at - published_at < timedelta(seconds=1):
        return "nu"
    phrase = ago(published_at, at)
    return {"1 dag geleden": "gisteren", "2 dagen geleden": "eergisteren"}.get(phrase, phrase)


def carbon_in_two_parts(published_at: datetime, at: datetime) -> str:
    """Return what Carbon writes in two units: the largest of which there are any."""
    return f"{' en '.join(_parts(published_at, at, most=2))} geleden"


def _parts(published_at: datetime, at: datetime, most: int) -> list[str]:
    months, rest = _months_and_rest(published_at, at, clamp=False)
    counts = [*divmod(months, 12)]
    for length in _LENGTHS:
        count, rest = divmod(rest, length)
        counts.append(count)
    parts = [f"{count} {names[count > 1]}" for count, names in zip(counts, _NAMES, strict=True) if count]
    return parts[:most] or ["1 seconde"]


def moment(published_at: datetime, at: datetime) -> str:
    """Return what moment writes: rounded to the nearest, and not in weeks."""
    age = at - published_at
    months, rest = _months_and_rest(published_at, at, clamp=True)
    seconds, minutes, hours = (_nearest(age / unit) for unit in (timedelta(seconds=1), _MINUTE, _HOUR))
    days = _nearest(_nearest(months / _MONTHS_A_DAY) + rest / _DAY)
    exact_months = months + rest / _DAY * _MONTHS_A_DAY
    if seconds <= 44:
        return "een paar seconden geleden"
    for count, below, one, many in (
        (minutes, 45, "minuut", "minuten"),
        (hours, 22, "uur", "uur"),
        (days, 26, "dag", "dagen"),
        (_nearest(exact_months), 11, "maand", "maanden"),
    ):
        if count < below:
            return f"één {one} geleden" if count <= 1 else f"{count} {many} geleden"
    years = _nearest(exact_months / 12)
    return "één jaar geleden" if years <= 1 else f"{years} jaar geleden"


def date_fns(published_at: datetime, at: datetime) -> str:
    """Return what the formatDistance of date-fns writes, whose larger units are qualified."""
    minutes = _nearest(timedelta(seconds=(at - published_at) // timedelta(seconds=1)) / _MINUTE)
    months = _months_and_rest(published_at, at, clamp=True)[0]
    if minutes < 45:
        phrase = ("minder dan een minuut", "een minuut")[minutes] if minutes < 2 else f"{minutes} minuten"
    elif minutes < 24 * 60:
        phrase = f"ongeveer {max(1, _nearest(minutes / 60))} uur"
    elif minutes < 42 * 60:
        phrase = "1 dag"
    elif minutes < 30 * 24 * 60:
        phrase = f"{_nearest(minutes / (24 * 60))} dagen"
    elif months < 12:
        nearest = _nearest(minutes / (30 * 24 * 60))
        about = "ongeveer " if minutes < 60 * 24 * 60 else ""
        phrase = f"{about}{nearest} {'maand' if nearest == 1 else 'maanden'}"
    else:
        years, over = divmod(months, 12)
        phrase = f"ongeveer {years} jaar" if over < 3 else f"meer dan {years} jaar"
        phrase = phrase if over < 9 else f"bijna {years + 1} jaar"
    return f"{phrase} geleden"


def _nearest(number: float) -> int:
    """Return *number* rounded to the nearest as JavaScript does it: halves go up."""
    return floor(number + 0.5)


def _months_and_rest(start: datetime, end: datetime, *, clamp: bool) -> tuple[int, timedelta]:
    """Return how many whole months lie between two moments, and what is left over behind them.

    In a month that lacks the day on which to end, some software takes the last one (*clamp*), other counts on into the
    next month.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    months = (end.year - start.year) * 12 + end.month - start.month
    while months and _months_later(start, months, clamp=clamp) > end:
        months -= 1
    return months, end - _months_later(start, months, clamp=clamp)


def _months_later(start: datetime, months: int, *, clamp: bool) -> datetime:
    number = start.year * 12 + start.month - 1 + months
    year, month = number // 12, number % 12 + 1
    over = max(0, start.day - monthrange(year, month)[1])
    return start.replace(year=year, month=month, day=start.day - over) + timedelta(days=0 if clamp else over)
