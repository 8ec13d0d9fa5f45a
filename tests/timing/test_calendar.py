"""Days as a page writes them."""

from datetime import UTC, date, datetime

import pytest

from newscrawl.timing.calendar import months_before
from newscrawl.timing.stamps import parse_day


def test_a_day_and_its_weekday() -> None:
    assert parse_day(" Maandag 3  november 2025 ") == date(2025, 11, 3)
    assert parse_day("dinsdag 29 februari 2028") == date(2028, 2, 29)


@pytest.mark.parametrize(
    "text",
    [
        "", "maandag", "3 november 2025", "dinsdag 3 november 2025", "maandag 3 november 25", "maandag 3 nov 2025",
        "maandag 31 november 2025", "zaterdag 29 februari 2025", "maandag 3 november 2025 15:30", "maandag ³ november 2025",
        "maandag 003 november 2025", "maandag 3 november 99999",
    ],
)  # fmt: skip
def test_what_is_no_day(text: str) -> None:
    assert parse_day(text) is None


def test_months_before_the_calendar_began() -> None:
    with pytest.raises(OverflowError):
        months_before(datetime(2026, 1, 1, tzinfo=UTC), 12 * 2026)
