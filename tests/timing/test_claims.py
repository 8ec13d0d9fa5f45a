"""Times written for machines: believed only where they can be true."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.timing.calendar import AMSTERDAM
from newscrawl.timing.claims import Distrust, DistrustedClaim, resolve_claim

NOW = datetime(2026, 2, 24, 12, 0, tzinfo=UTC)
MOMENT, MINUTE = timedelta(0), timedelta(minutes=1)


def hours(number: int) -> timedelta:
    return timedelta(hours=number)


@pytest.mark.parametrize(
    ("claim", "earliest", "width", "precision"),
    [
        ("2026-02-24T10:00:00+01:00", "2026-02-24T09:00:00+00:00", MOMENT, "second"),
        ("2026-02-24T09:00:00Z", "2026-02-24T09:00:00+00:00", MOMENT, "second"),
        ("2026-02-24T10:00+01:00", "2026-02-24T09:00:00+00:00", MINUTE, "minute"),
        (" 2026-02-24 10:00:00 +0100\n", "2026-02-24T09:00:00+00:00", MOMENT, "second"),
        ("2026-02-24t10:00:00+01", "2026-02-24T09:00:00+00:00", MOMENT, "second"),
        ("2026-02-24 09:00:00 UTC", "2026-02-24T09:00:00+00:00", MOMENT, "second"),
        ("2026-02-24T14:45:00+05:45", "2026-02-24T09:00:00+00:00", MOMENT, "second"),
        ("2026-02-24T23:00:00+14:00", "2026-02-24T09:00:00+00:00", MOMENT, "second"),
        ("2026-02-23T21:00:00-12:00", "2026-02-24T09:00:00+00:00", MOMENT, "second"),
        # Fractions of a second are no finer than a second.
        ("2026-02-24T09:00:00.25Z", "2026-02-24T09:00:00.250000+00:00", MOMENT, "second"),
        ("2026-02-24T09:00:00,123456789Z", "2026-02-24T09:00:00.123456+00:00", MOMENT, "second"),
        # A mere date is a day in Amsterdam, never midnight; that of a clock change has 23 or 25 hours.
        ("2026-02-23", "2026-02-22T23:00:00+00:00", hours(24), "day"),
        ("20260223", "2026-02-22T23:00:00+00:00", hours(24), "day"),
        ("2026-W09-1", "2026-02-22T23:00:00+00:00", hours(24), "day"),
        ("2024-02-29", "2024-02-28T23:00:00+00:00", hours(24), "day"),
        ("2025-03-30", "2025-03-29T23:00:00+00:00", hours(23), "day"),
        ("2025-10-26", "2025-10-25T22:00:00+00:00", hours(25), "day"),
        # So is a midnight, of Amsterdam or of UTC, however it is written: some software makes it of a mere date.
        ("2026-02-23T00:00:00+01:00", "2026-02-22T23:00:00+00:00", hours(24), "day"),
        ("2026-02-22T23:00:00Z", "2026-02-22T23:00:00+00:00", hours(24), "day"),
        ("2026-02-23T00:00:00Z", "2026-02-22T23:00:00+00:00", hours(24), "day"),
        ("2026-02-23T01:00+01:00", "2026-02-22T23:00:00+00:00", hours(24), "day"),
        ("2026-02-23T00:00:00.000+00:00", "2026-02-22T23:00:00+00:00", hours(24), "day"),
        ("2026-02-22T24:00:00Z", "2026-02-22T23:00:00+00:00", hours(24), "day"),
        ("Mon, 23 Feb 2026 00:00:00 +0100", "2026-02-22T23:00:00+00:00", hours(24), "day"),
        ("2025-07-01T00:00:00+02:00", "2025-06-30T22:00:00+00:00", hours(24), "day"),
        ("2025-03-30T00:00:00+01:00", "2025-03-29T23:00:00+00:00", hours(23), "day"),
        # A second later it is a moment.
        ("2026-02-23T00:00:01+01:00", "2026-02-22T23:00:01+00:00", MOMENT, "second"),
        # Midnight where it was written: that day there, and that day here.
        ("2026-02-23T00:00:00+09:00", "2026-02-22T15:00:00+00:00", timedelta(hours=32), "day"),
        ("Mon, 23 Feb 2026 00:00:00 EST", "2026-02-22T23:00:00+00:00", timedelta(hours=30), "day"),
        # What is coarser is as wide as it says.
        ("2026-W08", "2026-02-15T23:00:00+00:00", hours(7 * 24), "week"),
        ("2026-01", "2025-12-31T23:00:00+00:00", hours(31 * 24), "month"),
        ("2025-12", "2025-11-30T23:00:00+00:00", hours(31 * 24), "month"),
        ("2025-03", "2025-02-28T23:00:00+00:00", hours(31 * 24 - 1), "month"),
        ("2025", "2024-12-31T23:00:00+00:00", hours(365 * 24), "year"),
        # RFC 5322, as feeds and mail have it.
        ("Tue, 24 Feb 2026 10:00:00 +0100", "2026-02-24T09:00:00+00:00", MOMENT, "second"),
        ("Tue, 24 Feb 2026 09:00:00 GMT", "2026-02-24T09:00:00+00:00", MOMENT, "second"),
        ("Tue, 24 Feb 2026 10:00:00 CET", "2026-02-24T09:00:00+00:00", MOMENT, "second"),
        ("Tue, 24 Feb 2026 10:00:00 MET", "2026-02-24T09:00:00+00:00", MOMENT, "second"),
        ("Tue, 01 Jul 2025 11:00:00 CEST", "2025-07-01T09:00:00+00:00", MOMENT, "second"),
        ("Tue, 01 Jul 2025 11:00:00 MEST", "2025-07-01T09:00:00+00:00", MOMENT, "second"),
        ("Tue, 24 Feb 2026 04:00:00 EST", "2026-02-24T09:00:00+00:00", MOMENT, "second"),
        ("24 Feb 2026 10:00 +0100", "2026-02-24T09:00:00+00:00", MINUTE, "minute"),
        ("tue,  24 FEB 26 09:00:00 ut", "2026-02-24T09:00:00+00:00", MOMENT, "second"),
        ("Thu, 1 Jan 98 09:00:00 Z", "1998-01-01T09:00:00+00:00", MOMENT, "second"),
        ("Tue, 24 Feb 2026 10:00:00 +0100 (CET)", "2026-02-24T09:00:00+00:00", MOMENT, "second"),
        # Both two o'clocks of the night in which the clocks go back, each by its own name.
        ("Sun, 26 Oct 2025 02:30:00 CEST", "2025-10-26T00:30:00+00:00", MOMENT, "second"),
        ("Sun, 26 Oct 2025 02:30:00 CET", "2025-10-26T01:30:00+00:00", MOMENT, "second"),
    ],
)
def test_a_claim_that_can_be_true(claim: str, earliest: str, width: timedelta, precision: str) -> None:
    interval = resolve_claim(claim, NOW)
    assert interval.earliest == datetime.fromisoformat(earliest)
    assert timedelta(0) <= width - interval.width <= timedelta(microseconds=1)
    assert interval.precision == precision


@pytest.mark.parametrize("claim", ["2026-02-24", "2026-02-24T00:00:00Z", "2026-02", "2026", "2026-W09"])
def test_what_is_not_over_yet_ends_when_the_page_was_made(claim: str) -> None:
    assert resolve_claim(claim, NOW).latest == NOW


def test_a_date_is_that_of_amsterdam_when_utc_is_still_at_the_day_before() -> None:
    late = datetime(2026, 2, 23, 23, 30, tzinfo=UTC)
    assert resolve_claim("2026-02-24", late).earliest == datetime(2026, 2, 23, 23, 0, tzinfo=UTC)
    # As a moment it would be later than the page; as a day it has begun.
    assert resolve_claim("2026-02-24T00:00:00Z", late).latest == late
    with pytest.raises(DistrustedClaim, match="later than the page"):
        resolve_claim("2026-02-24", late - timedelta(hours=1))


@pytest.mark.parametrize(
    ("claim", "reason", "why"),
    [
        ("2026-02-24T12:00:01Z", "future", "later than the page"),
        ("2026-02-24T12:00:00.000001Z", "future", "later than the page"),
        ("2026-02-25", "future", "later than the page"),
        ("2026-03", "future", "later than the page"),
        ("2027", "future", "later than the page"),
        ("9999-12-31", "future", "later than the page"),
        ("9999-12-31T23:59:59-12:00", "future", "later than the page"),
        ("Tue, 24 Feb 2026 13:00:01 +0100", "future", "later than the page"),
        ("2026-02-24T10:00:00", "zone", "without a time zone"),
        ("2026-02-24 10:00", "zone", "without a time zone"),
        ("Tue, 24 Feb 2026 09:00:00", "zone", "without a time zone"),
        ("2026-02-24T00:00:00", "zone", "without a time zone"),
        ("2026-02-24T09:00:00+14:15", "zone", "no place on earth"),
        ("2026-02-24T09:00:00-12:15", "zone", "no place on earth"),
        ("2026-02-24T09:00:00+01:07", "zone", "no place on earth"),
        ("2026-02-24T09:00:00+01:60", "zone", "no place on earth"),
        ("2026-02-24T09:00:00+99:99", "zone", "no place on earth"),
        ("2026-02-24T09:00:00-00:00", "zone", "does not know its own"),
        ("Tue, 24 Feb 2026 09:00:00 -0000", "zone", "does not know its own"),
        ("Tue, 24 Feb 2026 09:00:00 XYZ", "zone", "not known"),
        ("Tue, 01 Jul 2025 10:00:00 CET", "zone", "not kept on that day"),
        ("Tue, 24 Feb 2026 10:00:00 CEST", "zone", "not kept on that day"),
        ("Sun, 30 Mar 2025 02:30:00 CET", "zone", "not kept on that day"),  # an hour that was skipped
        ("Mon, 24 Feb 2026 09:00:00 GMT", "variance", "another weekday"),
        ("1970-01-01T00:00:00Z", "early", "before there was news"),
        ("1989-12-31", "early", "before there was news"),
        ("0001-01-01T00:00:00+01:00", "early", "before there was news"),
        ("0000", "early", "before there was news"),
        ("24-02-2026 10:00", "unreadable", "no ISO 8601 and no RFC 5322"),
        ("02/24/2026", "unreadable", "no ISO 8601"),
        ("2026-02-30", "unreadable", "no ISO 8601"),
        ("2025-02-29T10:00:00Z", "unreadable", "no ISO 8601"),
        ("2026-13", "unreadable", "no ISO 8601"),
        ("2026-W54", "unreadable", "no ISO 8601"),
        ("2026-02-24T25:00:00Z", "unreadable", "no ISO 8601"),
        ("2026-02-24T24:00:01Z", "unreadable", "no ISO 8601"),
        ("2026-02-24T09:60:00Z", "unreadable", "no ISO 8601"),
        ("2026-02-24T09:00:60Z", "unreadable", "no ISO 8601"),
        ("2026-02-24T09Z", "unreadable", "no ISO 8601"),
        ("2026-02-24T09:00:00 01:00", "unreadable", "no ISO 8601"),  # a plus that became a space
        ("2026-02-24X09:00:00Z", "unreadable", "no ISO 8601"),
        ("2026-02-24T09:00:00Z/2026-02-24T10:00:00Z", "unreadable", "no ISO 8601"),
        ("P2D", "unreadable", "no ISO 8601"),
        ("1771923600", "unreadable", "no ISO 8601"),
        ("٢٠٢٦-٠٢-٢٤", "unreadable", "no ISO 8601"),
        ("Tue, 31 Feb 2026 09:00:00 GMT", "unreadable", "no ISO 8601"),
        ("di, 24 feb 2026 09:00:00 GMT", "unreadable", "no ISO 8601"),
        ("Die, 24 Feb 2026 09:00:00 GMT", "unreadable", "no ISO 8601"),
        ("Tue Feb 24 2026 09:00:00 GMT+0100", "unreadable", "no ISO 8601"),
        ("{{ published }}", "unreadable", "no ISO 8601"),
        ("gisteren", "unreadable", "no ISO 8601"),
        ("2 uur geleden", "unreadable", "no ISO 8601"),
        ("", "unreadable", "no ISO 8601"),
        ("9" * 10_000, "unreadable", "too long"),
    ],
)
def test_a_claim_that_cannot_be_true_is_distrusted_and_quoted(claim: str, reason: Distrust, why: str) -> None:
    with pytest.raises(DistrustedClaim, match=why) as refused:
        resolve_claim(claim, NOW)
    assert refused.value.reason == reason
    assert claim[:20] in str(refused.value)
    assert len(str(refused.value)) < 200


@given(st.text(max_size=40))
def test_nothing_but_an_interval_or_distrust(text: str) -> None:
    with suppress(DistrustedClaim):
        assert resolve_claim(text, NOW).latest <= NOW


@given(st.from_regex(r"\A[0-9]{4}(-?[0-9W]{2,3}(-?[0-9]{1,2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,7})?)?(Z|[+-][0-9]{2}:?[0-9]{2}| [A-Z]{3})?)?)?)?\Z"))  # fmt: skip
def test_nothing_but_an_interval_or_distrust_of_what_looks_like_a_time(text: str) -> None:
    with suppress(DistrustedClaim):
        assert resolve_claim(text, NOW).latest <= NOW


moments = st.datetimes(datetime(1990, 1, 3), datetime(2026, 2, 23)).map(lambda moment: moment.replace(tzinfo=UTC))


@given(moments, st.integers(-48, 56))
def test_however_a_moment_is_written_its_interval_holds_it(moment: datetime, quarters: int) -> None:
    offset = timedelta(minutes=15 * quarters)
    sign, minutes = "-" if quarters < 0 else "+", abs(15 * quarters)
    wall = (moment + offset).replace(tzinfo=None)
    written = f"{sign}{minutes // 60:02}:{minutes % 60:02}"
    day = moment.astimezone(AMSTERDAM)
    claims = [
        f"{wall.isoformat()}{written}",
        f"{wall.isoformat(sep=' ', timespec='minutes')}{written.replace(':', '')}",
        format_datetime(moment.astimezone(AMSTERDAM)),
        *(f"{day:{form}}" for form in ("%Y-%m-%d", "%Y-%m", "%Y", "%G-W%V", "%G-W%V-%u")),
    ]
    for claim in claims:
        interval = resolve_claim(claim, NOW)
        whole = moment.replace(microsecond=0) if "," in claim else moment
        assert whole in interval, claim
