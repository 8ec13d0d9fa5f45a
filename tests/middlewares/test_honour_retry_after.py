"""How long a server wants to be left alone."""

from datetime import UTC, datetime

import pytest

from newscrawl.middlewares.honour_retry_after import seconds_to_wait

NOW = datetime(2026, 2, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120), (" 0 ", 0), ("Tue, 24 Feb 2026 09:01:00 GMT", 60), ("Tue, 24 Feb 2026 08:00:00 GMT", 0),
        ("Tue, 24 Feb 2026 10:01:00 +0100", 60), ("", None), ("straks", None), ("-1", None), ("1.5", None), ("9" * 30, None),
    ],
)  # fmt: skip
def test_seconds_to_wait(value: str, seconds: float | None) -> None:
    assert seconds_to_wait(value, NOW) == seconds
