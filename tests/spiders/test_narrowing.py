"""Crawls of a newsroom, a quarter of an hour apart: together they know better than each."""

from pathlib import Path

import pytest
from endurance import MOST_MINUTES, Faults, newsroom_day
from harness import StartCrawl
from newsroom import Newsroom


@pytest.mark.parametrize(
    ("ledger_url", "crawls", "just_in"),
    [
        ("sqlite", 8, 0),
        *(pytest.param(kind, 20, lines, marks=pytest.mark.long) for kind in ("sqlite", "postgres") for lines in (0, 8)),
    ],
    indirect=["ledger_url"],
)
def test_a_newsroom_day(start_crawl: StartCrawl, ledger_url: str, tmp_path: Path, crawls: int, just_in: int) -> None:
    with Newsroom(just_in=just_in) as newsroom:
        day = newsroom_day(start_crawl, newsroom, tmp_path, ledger_url, crawls=crawls)
    assert day.true == 1
    assert day.faults == Faults()
    assert len(day.often_seen) > crawls
    assert len(day.seen_late) > 4
    assert max(day.widths()) <= MOST_MINUTES
