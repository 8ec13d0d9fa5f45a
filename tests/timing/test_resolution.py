"""Phrases and clocks to intervals: at midnight, on clock-change days, on leap days, and refused where they are none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.demo.ago import ago
from newscrawl.timing import Interval, resolve, resolve_clocks
from newscrawl.timing.calendar import AMSTERDAM
from newscrawl.timing.stamps import is_cut_short

NOON = datetime(2026, 2, 24, 12, 0, tzinfo=UTC)
LATE = datetime(2026, 2, 24, 23, 30, tzinfo=UTC)  # already the 25th in Amsterdam
FORWARD = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # half an hour after the clocks went forward
BACK = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # half an hour after they went back
LEAP_DAY = datetime(2028, 2, 29, 10, 0, tzinfo=UTC)
MOMENTS = (NOON, LATE, FORWARD, BACK, LEAP_DAY)

ANY_MOMENT = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


def down(phrase: str, rendered_at: datetime) -> Interval:
    return resolve(phrase, rendered_at, rounding="down")


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(
    ("phrase", "age", "unit", "precision"),
    [
        ("20 seconden geleden", timedelta(seconds=20), timedelta(seconds=1), "second"),
        ("1 minuut geleden", timedelta(minutes=1), timedelta(minutes=1), "minute"),
        ("59 minuten geleden", timedelta(minutes=59), timedelta(minutes=1), "minute"),
        ("1 uur geleden", timedelta(hours=1), timedelta(hours=1), "hour"),
        ("22 uur geleden", timedelta(hours=22), timedelta(hours=1), "hour"),
    ],
)
def test_up_to_hours_whole_units_are_real_time(
    moment: datetime, phrase: str, age: timedelta, unit: timedelta, precision: str
) -> None:
    assert down(phrase, moment) == Interval(moment - age - unit, moment - age, precision)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("phrase", "rendered_at", "earliest", "latest"),
    [
        ("1 dag geleden", NOON, "2026-02-22T12:00+00:00", "2026-02-23T12:00+00:00"),
        ("2 weken geleden", NOON, "2026-02-03T12:00+00:00", "2026-02-10T12:00+00:00"),
        # Across a clock change a day of 24 hours and a day on the wall differ by an hour: both are covered.
        ("1 dag geleden", FORWARD, "2026-03-27T01:30+00:00", "2026-03-28T02:30+00:00"),
        ("1 dag geleden", BACK, "2026-10-23T00:30+00:00", "2026-10-24T01:30+00:00"),
        ("1 maand geleden", NOON, "2025-12-24T12:00+00:00", "2026-01-24T12:00+00:00"),
        # 19 September, seen on 3 November: more than one month, less than two.
        ("1 maand geleden", datetime(2025, 11, 3, 12, tzinfo=UTC), "2025-09-03T11:00+00:00", "2025-10-03T12:00+00:00"),
        # The 31st has no counterpart in February: its last day, or the days that are counted over into March.
        ("1 maand geleden", datetime(2026, 3, 31, 12, tzinfo=UTC), "2026-01-31T12:00+00:00", "2026-03-01T00:00+00:00"),
        ("1 jaar geleden", LEAP_DAY, "2026-02-28T10:00+00:00", "2027-03-01T00:00+00:00"),
        ("4 jaar geleden", NOON, "2021-02-24T12:00+00:00", "2022-02-24T12:00+00:00"),
    ],
)
def test_from_days_up_calendars_count(phrase: str, rendered_at: datetime, earliest: str, latest: str) -> None:
    interval = down(phrase, rendered_at)
    assert interval.earliest == datetime.fromisoformat(earliest)
    assert interval.latest == datetime.fromisoformat(latest)


@given(rendered_at=ANY_MOMENT, age=st.timedeltas(timedelta(0), timedelta(days=1200)))
def test_what_the_demo_writes_holds_the_truth(rendered_at: datetime, age: timedelta) -> None:
    published_at = rendered_at - timedelta(seconds=int(age.total_seconds()))
    phrase = ago(published_at, rendered_at)
    narrow, wide = down(phrase, rendered_at), resolve(phrase, rendered_at)
    assert published_at in narrow
    assert wide.earliest <= narrow.earliest
    assert narrow.latest <= wide.latest <= rendered_at


def test_a_naive_clock_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="aware"):
        resolve("2 uur geleden", datetime(2026, 2, 24))


def clocks(*shown: str, rendered_at: datetime) -> list[str | None]:
    return [
        f"{interval.earliest.astimezone(AMSTERDAM):%d %H:%M}" if interval else None
        for interval in resolve_clocks(shown, rendered_at)
    ]


def test_the_day_of_a_clock_follows_from_the_order() -> None:
    assert clocks("00:20", "00:05", "23:50", "18:00", "19:00", rendered_at=LATE) == [
        "25 00:20", "25 00:05", "24 23:50", "24 18:00", "23 19:00",
    ]  # fmt: skip


def test_a_clock_that_is_still_to_come_is_of_yesterday() -> None:
    assert clocks("15:30", rendered_at=NOON) == ["23 15:30"]  # it is 13:00 in Amsterdam
    assert clocks("13:00", rendered_at=NOON) == ["24 13:00"]


def test_a_clock_is_a_minute_wide_and_never_later_than_the_page() -> None:
    (earlier, now) = resolve_clocks(["13:00", "12:59"], NOON)
    assert earlier == Interval(NOON, NOON, "minute")
    assert now is not None
    assert now.width == timedelta(seconds=59, microseconds=999_999)


def test_an_hour_that_comes_twice_is_two_hours_wide_and_one_that_is_skipped_is_none() -> None:
    (twice,) = resolve_clocks(["02:15"], BACK)
    assert twice is not None
    assert twice.earliest == datetime(2026, 10, 25, 0, 15, tzinfo=UTC)
    assert twice.latest == datetime(2026, 10, 25, 1, 15, 59, 999_999, tzinfo=UTC)
    assert clocks("03:10", "02:30", "01:50", rendered_at=FORWARD) == ["29 03:10", "28 02:30", "28 01:50"]


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        # The newsroom's clock is ahead of the page's: the line is not of yesterday, and drags no other there.
        (("13:01", "12:40"), [None, "24 12:40"]),
        (("13:10", "13:00", "12:40"), [None, "24 13:00", "24 12:40"]),
        (("13:11", "12:40"), ["23 13:11", "23 12:40"]),
        # A line that is out of order is not of the day before.
        (("12:50", "12:51", "12:30"), ["24 12:50", None, "24 12:30"]),
        (("12:00", "12:05", "11:30"), ["24 12:00", None, "24 11:30"]),
        (("12:00", "12:06", "11:30"), ["24 12:00", "23 12:06", "23 11:30"]),
    ],
)
def test_a_clock_that_is_a_little_ahead_is_of_no_day_that_is_known(shown: list[str], read: list[str | None]) -> None:
    assert clocks(*shown, rendered_at=NOON) == read


def test_what_is_no_clock_does_not_upset_its_neighbours() -> None:
    assert clocks("13:00", "straks", "12:00", rendered_at=NOON) == ["24 13:00", None, "24 12:00"]


@given(st.lists(st.times().map(lambda clock: f"{clock:%H:%M}"), max_size=8), ANY_MOMENT)
def test_lines_never_get_later(shown: list[str], rendered_at: datetime) -> None:
    intervals = [interval for interval in resolve_clocks(shown, rendered_at) if interval]
    latest = [rendered_at, *(interval.latest for interval in intervals)]
    assert latest == sorted(latest, reverse=True)


def test_a_phrase_that_was_cut_is_seen_as_one() -> None:
    whole = "12 minuten geleden"
    assert all(is_cut_short(whole[:length]) for length in range(1, len(whole)))
    assert not is_cut_short(whole)
    assert not any(map(is_cut_short, ("", "UTRECH", "12 doden", "2 uurwerken", "geleden")))
