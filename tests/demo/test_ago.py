from datetime import UTC, datetime, timedelta, timezone

import pytest

from newscrawl.demo.ago import ago

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(0), "1 seconde geleden"),
        (timedelta(seconds=1), "1 seconde geleden"),
        (timedelta(seconds=1, microseconds=999_999), "1 seconde geleden"),
        (timedelta(seconds=2), "2 seconden geleden"),
        (timedelta(seconds=59), "59 seconden geleden"),
        (timedelta(seconds=60), "1 minuut geleden"),
        (timedelta(seconds=119), "1 minuut geleden"),
        (timedelta(seconds=120), "2 minuten geleden"),
        (timedelta(seconds=3599), "59 minuten geleden"),
        (timedelta(seconds=3600), "1 uur geleden"),
        (timedelta(seconds=7199), "1 uur geleden"),
        (timedelta(hours=2), "2 uur geleden"),
        (timedelta(hours=24, seconds=-1), "23 uur geleden"),
        (timedelta(hours=24), "1 dag geleden"),
        (timedelta(hours=48), "2 dagen geleden"),
        (timedelta(days=7, seconds=-1), "6 dagen geleden"),
        (timedelta(days=7), "1 week geleden"),
        (timedelta(days=14), "2 weken geleden"),
        (timedelta(days=30), "4 weken geleden"),
        (timedelta(days=31), "1 maand geleden"),
        (timedelta(days=365, seconds=-1), "11 maanden geleden"),
        (timedelta(days=365), "1 jaar geleden"),
    ],
)
def test_the_largest_unit_that_fits_is_counted_down(age: timedelta, words: str) -> None:
    assert ago(AT - age, AT) == words


@pytest.mark.parametrize(
    ("published", "at", "words"),
    [
        ("2026-01-31T12:00Z", "2026-02-28T12:00Z", "4 weken geleden"),
        # Carbon counts the days that February lacks over into March.
        ("2026-01-31T12:00Z", "2026-03-03T11:59:59Z", "4 weken geleden"),
        ("2026-01-31T12:00Z", "2026-03-03T12:00Z", "1 maand geleden"),
        ("2023-12-31T23:00Z", "2024-10-01T22:00Z", "8 maanden geleden"),
        ("2026-02-28T12:00Z", "2026-03-28T11:59:59Z", "3 weken geleden"),
        ("2026-02-28T12:00Z", "2026-03-28T12:00Z", "1 maand geleden"),
        ("2026-08-31T12:00Z", "2026-10-30T12:00Z", "1 maand geleden"),
        ("2025-12-31T23:30Z", "2026-02-01T00:00Z", "1 maand geleden"),
        ("2028-02-29T12:00Z", "2029-02-28T12:00Z", "11 maanden geleden"),
        ("2028-02-29T12:00Z", "2029-03-01T12:00Z", "1 jaar geleden"),
        ("2022-11-24T09:00Z", "2026-11-24T08:59:59Z", "3 jaar geleden"),
        ("2022-11-24T09:00Z", "2026-11-24T09:00Z", "4 jaar geleden"),
    ],
)
def test_months_and_years_are_those_of_the_calendar(published: str, at: str, words: str) -> None:
    assert ago(datetime.fromisoformat(published), datetime.fromisoformat(at)) == words


def test_a_day_in_which_the_clock_changes_has_24_hours() -> None:
    summer, winter = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))
    noon, next_noon = datetime(2026, 10, 24, 12, tzinfo=summer), datetime(2026, 10, 25, 12, tzinfo=winter)
    assert ago(noon, next_noon - timedelta(hours=2)) == "23 uur geleden"
    assert ago(noon, next_noon - timedelta(hours=1)) == "1 dag geleden"
    noon, next_noon = datetime(2026, 3, 28, 12, tzinfo=winter), datetime(2026, 3, 29, 12, tzinfo=summer)
    assert ago(noon, next_noon) == "23 uur geleden"


def test_months_are_counted_in_utc() -> None:
    amsterdam = timezone(timedelta(hours=1))
    # 31 January by the clock of Amsterdam, still the 30th in UTC
    assert ago(datetime(2027, 12, 31, 0, 30, tzinfo=amsterdam), datetime(2028, 1, 30, 23, 45, tzinfo=UTC)) == (
        "1 maand geleden"
    )


def test_what_is_still_to_come_is_no_age() -> None:
    with pytest.raises(ValueError, match="published_at: not later than 2026-11-24"):
        ago(AT + timedelta(seconds=1), AT)
