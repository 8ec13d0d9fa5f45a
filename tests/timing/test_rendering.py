"""When a page was made: headers that are believed, and headers that are not."""

from datetime import UTC, date, datetime, timedelta

import pytest

from newscrawl.timing import UnknownTimePhrase
from newscrawl.timing.rendering import day_contradicts, rendered_at, resolve_on_day

ARRIVED = datetime(2026, 2, 24, 9, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds_before"),
    [
        ({}, 0),
        ({"Date": "Tue, 24 Feb 2026 09:00:00 GMT"}, 30),
        ({"date": "Tue, 24 Feb 2026 09:00:00 GMT", "AGE": "600"}, 600),  # a cache that renewed the date
        ({"Date": "Tue, 24 Feb 2026 08:00:00 GMT", "Age": "600"}, 3630),  # and one that kept it
        ({"Age": "120"}, 120),
        ({"Date": "Tue, 24 Feb 2026 10:00:00 +0100"}, 30),
        ({"Date": "Tue, 24 Feb 2026 09:00:00"}, 30),
        ({"Date": "Tue, 24 Feb 2026 09:00:31 GMT"}, 0),  # later than the arrival: a clock that is fast
        ({"Date": "Mon, 23 Feb 2026 09:00:29 GMT"}, 0),  # more than a day before
        ({"Date": "Sun, 22 Feb 2026 09:00:00 GMT", "Age": "60"}, 60),
        ({"Age": "86401"}, 0),
        ({"Age": "-5"}, 0),
        ({"Age": "9" * 40}, 0),
        ({"Age": "½", "Date": "gisteren"}, 0),
        ({"Date": "Tue, 99 Feb 20266 09:00:00 GMT"}, 0),
        ({"Date": ""}, 0),
    ],
)
def test_rendered_at(headers: dict[str, str], seconds_before: int) -> None:
    assert rendered_at(ARRIVED, headers) == ARRIVED - timedelta(seconds=seconds_before)


def test_without_headers_it_is_the_arrival() -> None:
    assert rendered_at(ARRIVED) == ARRIVED


def test_the_day_of_a_page_is_a_day_in_amsterdam() -> None:
    late = datetime(2026, 2, 24, 23, 30, tzinfo=UTC)
    assert not day_contradicts(date(2026, 2, 25), late)
    assert day_contradicts(date(2026, 2, 24), late)


def test_on_an_unknown_moment_of_a_day_a_phrase_is_a_day_wider() -> None:
    interval = resolve_on_day("2 uur geleden", date(2026, 10, 25), rounding="down")  # a day of 25 hours
    assert interval.earliest == datetime(2026, 10, 24, 19, 0, tzinfo=UTC)
    assert interval.latest == datetime(2026, 10, 25, 21, 0, tzinfo=UTC)


def test_what_is_dated_after_an_unknown_moment_of_a_day_is_refused() -> None:
    day = date(2026, 11, 2)
    for phrase in ("3 november 2026", "dinsdag 3 november", "3 november 2026 00:00", "morgen"):
        with pytest.raises(UnknownTimePhrase):
            resolve_on_day(phrase, day)
    assert resolve_on_day("vanmiddag", day).earliest == datetime(2026, 11, 2, 11, 0, tzinfo=UTC)
    assert resolve_on_day("gisteren 23:10", day).width < timedelta(minutes=1)
