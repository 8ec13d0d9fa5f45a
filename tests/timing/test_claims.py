"""Times written for machines: believed only where they can be true."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.timing.claims import DistrustedClaim, resolve_claim

NOW = datetime(2026, 2, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("claim", "earliest", "width", "precision"),
    [
        ("2026-02-24T10:00:00+01:00", "2026-02-24T09:00:00+00:00", timedelta(0), "second"),
        ("2026-02-24T09:00:00Z", "2026-02-24T09:00:00+00:00", timedelta(0), "second"),
        ("2026-02-24T10:00+01:00", "2026-02-24T09:00:00+00:00", timedelta(minutes=1), "minute"),
        # A mere date is a day in Amsterdam, never midnight; that of a clock change has 23 or 25 hours.
        ("2025-03-30", "2025-03-29T23:00:00+00:00", timedelta(hours=23), "day"),
        ("2025-10-26", "2025-10-25T22:00:00+00:00", timedelta(hours=25), "day"),
    ],
)
def test_a_claim_that_can_be_true(claim: str, earliest: str, width: timedelta, precision: str) -> None:
    interval = resolve_claim(claim, NOW)
    assert interval.earliest == datetime.fromisoformat(earliest)
    assert timedelta(0) <= width - interval.width <= timedelta(microseconds=1)
    assert interval.precision == precision


def test_a_date_of_today_ends_when_the_page_was_made() -> None:
    assert resolve_claim("2026-02-24", NOW).latest == NOW


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        ("2026-02-24T12:00:01Z", "later than the page"),
        ("2026-02-24T10:00:00", "without a time zone"),
        ("1970-01-01T00:00:00Z", "before there was news"),
        ("0001-01-01T00:00:00+01:00", "no ISO 8601"),
        ("24-02-2026 10:00", "no ISO 8601"),
        ("gisteren", "no ISO 8601"),
        ("", "no ISO 8601"),
        ("9" * 10_000, "too long"),
    ],
)
def test_a_claim_that_cannot_be_true_is_distrusted_and_quoted(claim: str, why: str) -> None:
    with pytest.raises(DistrustedClaim, match=why) as refused:
        resolve_claim(claim, NOW)
    assert claim[:20] in str(refused.value)


@given(st.text(max_size=40))
def test_nothing_but_an_interval_or_distrust(text: str) -> None:
    with suppress(DistrustedClaim):
        assert resolve_claim(text, NOW).latest <= NOW
