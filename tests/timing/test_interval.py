"""The laws of intervals."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.timing.interval import PRECISIONS, Interval, by_width

START = datetime(2026, 10, 24, tzinfo=UTC)


def minutes(earliest: int, latest: int) -> Interval:
    return Interval(START + timedelta(minutes=earliest), START + timedelta(minutes=latest), "hour")


INTERVALS = st.tuples(st.integers(0, 5000), st.integers(0, 300), st.sampled_from(PRECISIONS)).map(
    lambda drawn: Interval(
        START + timedelta(minutes=drawn[0]), START + timedelta(minutes=drawn[0] + drawn[1]), drawn[2]
    )
)


@given(INTERVALS, INTERVALS)
def test_an_intersection_lies_in_both_and_does_not_depend_on_the_order(one: Interval, other: Interval) -> None:
    common = one.intersection(other)
    assert common == other.intersection(one)
    if common is not None:
        assert common.earliest in one
        assert common.latest in other
        assert common.width <= min(one.width, other.width)
        assert PRECISIONS.index(common.precision) <= min(map(PRECISIONS.index, (one.precision, other.precision)))


@given(INTERVALS, INTERVALS, INTERVALS)
def test_intersections_associate(one: Interval, two: Interval, three: Interval) -> None:
    left = common.intersection(three) if (common := one.intersection(two)) else None
    right = one.intersection(common) if (common := two.intersection(three)) else None
    assert left == right


@given(INTERVALS, INTERVALS)
def test_a_hull_holds_both(one: Interval, other: Interval) -> None:
    hull = one.hull(other)
    assert all(end in hull for end in (one.earliest, one.latest, other.earliest, other.latest))


def test_the_best_estimate_is_the_middle() -> None:
    assert minutes(0, 60).best == START + timedelta(minutes=30)


def test_the_precision_of_an_intersection_follows_its_width() -> None:
    common = minutes(0, 60).intersection(minutes(59, 120))
    assert common is not None
    assert common.precision == "minute"
    assert by_width(timedelta(hours=25)) == "day"  # the day on which clocks go back
    assert by_width(timedelta(days=400)) == "year"


def test_ends_are_kept_in_utc_and_must_be_aware_and_in_order() -> None:
    with pytest.raises(ValueError, match="aware"):
        Interval(datetime(2026, 1, 1), START, "day")
    with pytest.raises(ValueError, match="before it begins"):
        minutes(5, 4)


def test_nothing_is_published_after_it_was_shown() -> None:
    assert minutes(0, 60).until(START + timedelta(minutes=10)) == minutes(0, 10)
    assert minutes(20, 60).until(START + timedelta(minutes=10)) == minutes(10, 10)
