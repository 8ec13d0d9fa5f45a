"""When an article is looked at again: soon while it is young, less and less often, and at last never."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from newscrawl.ledger.schedule import LAST, SOONEST, next_look

SINCE = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # the night in which the clocks go forward
HOUR = timedelta(hours=1)


def test_looks_are_further_and_further_apart_and_end_within_three_days() -> None:
    looks = [SINCE]
    while following := next_look(looks[-1], SINCE):
        looks.append(following)
    gaps = [after - before for before, after in pairwise(looks)]
    assert gaps == sorted(gaps)
    assert gaps[0] == SOONEST == HOUR
    assert looks[-1] - SINCE <= LAST
    assert len(gaps) == 10


@pytest.mark.parametrize(("age", "gap"), [(0, 1), (1, 1), (2, 1), (4, 2), (48, 24), (49, None), (1000, None)])
def test_the_gap_is_half_the_age_and_at_least_an_hour(age: float, gap: float | None) -> None:
    looked_at = SINCE + age * HOUR
    assert next_look(looked_at, SINCE) == (None if gap is None else looked_at + gap * HOUR)


def test_what_is_dated_later_than_the_look_is_young() -> None:
    assert next_look(SINCE, SINCE + 5 * HOUR) == SINCE + HOUR
