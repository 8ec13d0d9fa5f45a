"""What real software writes, at whatever moment it does: the interval holds the truth and is never later than the page."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import arrow
import babel.dates
import django
import django.conf
import humanize
import pendulum
import pytest
from django.contrib.humanize.templatetags import humanize as django_humanize
from django.utils import timesince, translation
from hypothesis import example, given, settings
from hypothesis import strategies as st
from timing import writers
from timing.writers import Writer

from newscrawl.demo.ago import ago
from newscrawl.timing import resolve
from newscrawl.timing.calendar import start_of_day
from newscrawl.timing.evidence import Evidence, publication

SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
YEARS = range(2024, 2027)
OLDEST = timedelta(days=3 * 365)
CLOCK_CHANGES = [
    datetime(year, month, 31, 1, tzinfo=UTC) - date(year, month, 31).isoweekday() % 7 * DAY  # the last Sunday
    for year in YEARS
    for month in (3, 10)
]
LEAP_DAY = datetime(2024, 2, 29, tzinfo=UTC)

# --- Moments and ages ---------------------------------------------------------------------------------------------

_DAYS = st.dates(date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31))
_WITHIN_A_DAY = st.timedeltas(timedelta(0), DAY - timedelta.resolution)
_JUST_THERE = st.sampled_from([-SECOND, -timedelta.resolution, timedelta(0), timedelta.resolution, SECOND])
MOMENTS = st.one_of(
    st.builds(lambda day, clock: datetime.combine(day, time(), UTC) + clock, _DAYS, _WITHIN_A_DAY),
    st.builds(lambda change, off: change + off, st.sampled_from(CLOCK_CHANGES), st.timedeltas(-2 * HOUR, 2 * HOUR)),
    st.builds(lambda day, off: start_of_day(day) + off, _DAYS, _JUST_THERE),
    st.builds(lambda day: datetime.combine(day, time(23, 30), UTC), _DAYS),
    st.builds(
        lambda day, clock: datetime(day.year, day.month, monthrange(day.year, day.month)[1], tzinfo=UTC) + clock,
        _DAYS,
        _WITHIN_A_DAY,
    ),
    st.builds(lambda clock: LEAP_DAY + clock, _WITHIN_A_DAY),
)
# Where one phrase passes into the next: near so many units, or so many and a half.
_UNITS = [SECOND, MINUTE, HOUR, DAY, *(timedelta(days=days) for days in (7, 30, 365))]
_TURNS = st.builds(
    lambda unit, halves, off: min(max(timedelta(0), unit * halves / 2 + off), OLDEST),
    st.sampled_from(_UNITS),
    st.integers(0, 120),
    _JUST_THERE,
)
AGES = st.one_of(_TURNS, st.timedeltas(timedelta(0), OLDEST), st.timedeltas(timedelta(0), DAY))
# When something was published, and when the page was made.
STORIES = st.one_of(
    st.builds(lambda at, age: (at - age, at), MOMENTS, AGES),
    st.builds(lambda one, other: (min(one, other), max(one, other)), MOMENTS, MOMENTS),
)

_many = settings(max_examples=300, deadline=None)  # the first call of a library reads its words from disk
_now = example(story=(LEAP_DAY, LEAP_DAY))  # no age at all is worded in ways of its own

# --- Software in Python -------------------------------------------------------------------------------------------


class _Clock(datetime):
    """What Django takes for `datetime`: its clock shows the moment that it is told."""

    shows = LEAP_DAY

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return cls.shows.astimezone(tz)


@pytest.fixture(scope="module", autouse=True)
def dutch() -> Iterator[None]:
    """Have humanize and Django speak Dutch, and Django, which takes no clock as an argument, read ours."""
    if not django.conf.settings.configured:
        django.conf.settings.configure(INSTALLED_APPS=["django.contrib.humanize"], LOGGING_CONFIG=None, USE_TZ=True)
        django.setup()
    humanize.activate("nl")
    with translation.override("nl"), pytest.MonkeyPatch.context() as patch:
        patch.setattr(django_humanize, "datetime", _Clock)
        yield
    humanize.deactivate()


def _babel(width: str) -> Writer:
    def write(published_at: datetime, at: datetime) -> str:
        # No age at all is the future to babel: "over 0 seconden". It is left out.
        age = min(published_at - at, -timedelta.resolution)
        return babel.dates.format_timedelta(age, add_direction=True, locale="nl", format=width)  # type: ignore[arg-type]

    return write


def _arrow(published_at: datetime, at: datetime) -> str:
    return arrow.get(published_at).humanize(arrow.get(at), locale="nl")


def _pendulum(published_at: datetime, at: datetime) -> str:
    # What diff_for_humans() does with a clock that it reads itself.
    age = pendulum.instance(published_at).diff(pendulum.instance(at))
    return pendulum.format_diff(age, is_now=True, absolute=False, locale="nl")


def _humanize(published_at: datetime, at: datetime) -> str:
    return humanize.naturaltime(at - published_at)


def _django_timesince(published_at: datetime, at: datetime) -> str:
    return f"{timesince.timesince(published_at, at)} geleden"


def _django_naturaltime(published_at: datetime, at: datetime) -> str:
    _Clock.shows = at
    return str(django_humanize.naturaltime(published_at))


PYTHON: dict[str, Writer] = {
    "babel, long": _babel("long"),
    "babel, short": _babel("short"),
    "babel, narrow": _babel("narrow"),
    "arrow": _arrow,
    "pendulum": _pendulum,
    "humanize": _humanize,
    "django, timesince": _django_timesince,
    "django, naturaltime": _django_naturaltime,
}
CARBON: dict[str, Writer] = {
    "carbon": ago,
    "carbon, een": writers.carbon_with_articles,
    "carbon, words": writers.carbon_with_day_words,
    "carbon, two parts": writers.carbon_in_two_parts,
}
SOFTWARE = PYTHON | CARBON | {"moment": writers.moment, "date-fns": writers.date_fns}

# --- The laws -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", SOFTWARE.values(), ids=SOFTWARE)
@_many
@_now
@given(story=STORIES)
def test_the_interval_holds_the_truth_and_is_never_later_than_the_page(
    write: Writer, story: tuple[datetime, datetime]
) -> None:
    published_at, rendered_at = story
    phrase = write(published_at, rendered_at)
    interval = resolve(phrase, rendered_at)
    assert published_at in interval, phrase
    assert interval.latest <= rendered_at, phrase


@pytest.mark.parametrize("write", CARBON.values(), ids=CARBON)
@_many
@_now
@given(story=STORIES)
def test_of_software_that_counts_whole_units_so_does_the_narrow_one(
    write: Writer, story: tuple[datetime, datetime]
) -> None:
    published_at, rendered_at = story
    phrase = write(published_at, rendered_at)
    narrow, wide = resolve(phrase, rendered_at, rounding="down"), resolve(phrase, rendered_at)
    assert published_at in narrow, phrase
    assert wide.earliest <= narrow.earliest, phrase
    assert narrow.latest <= wide.latest, phrase


WORDS = {"seconde": SECOND, "seconden": SECOND, "minuut": MINUTE, "minuten": MINUTE, "uur": HOUR}


@pytest.mark.parametrize("write", [ago, writers.carbon_in_two_parts])
@_many
@given(at=MOMENTS, age=st.timedeltas(2 * SECOND, DAY - SECOND))  # nothing and one second are worded alike
def test_up_to_hours_that_is_as_wide_as_the_last_unit(write: Writer, at: datetime, age: timedelta) -> None:
    phrase = write(at - age, at)
    interval = resolve(phrase, at, rounding="down")
    assert interval.width == WORDS[phrase.split()[-2]], phrase
    assert interval.latest == at - sum(
        (int(count) * WORDS[name] for count, name in zip(*_numbers_and_names(phrase), strict=True)), timedelta(0)
    )


def _numbers_and_names(phrase: str) -> tuple[list[str], list[str]]:
    words = [word for word in phrase.split() if word not in ("en", "geleden")]
    return words[::2], words[1::2]


@_many
@given(
    published_at=MOMENTS,
    sightings=st.lists(st.tuples(AGES, st.sampled_from(sorted(SOFTWARE))), min_size=2, max_size=5),
)
def test_sightings_of_one_story_agree_and_each_of_them_narrows(
    published_at: datetime, sightings: list[tuple[timedelta, str]]
) -> None:
    evidence = []
    for age, software in sightings:
        phrase = SOFTWARE[software](published_at, published_at + age)
        evidence.append(Evidence("relative", resolve(phrase, published_at + age), phrase))
    known = publication(evidence)
    assert known is not None
    assert published_at in known.interval
    assert known.interval.latest <= published_at + min(age for age, _ in sightings)
    assert known.interval.width <= min(piece.interval.width for piece in evidence)
    assert (known.contradictions, known.modified_at) == (0, None)
