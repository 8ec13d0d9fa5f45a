"""Runs that are killed, and runs at the same time: nothing is lost, nothing comes twice, nothing is torn."""

import signal
import time
from pathlib import Path

import pytest
from endurance import Faults, faults_of, kill_trial, lines_of
from harness import FAST, RunningCrawl, StartCrawl, errors_of
from newsroom import Newsroom
from postgres import Postgres

NO_FAULTS = Faults()


@pytest.fixture(autouse=True)
def news(newsroom: Newsroom) -> None:
    """Have some stories published by each newsroom."""
    now = newsroom.now
    newsroom.publish_many(newsroom.moments(25, now.replace(hour=0, minute=0, second=0), now))


def begin(start_crawl: StartCrawl, newsroom: Newsroom, folder: Path, ledger: str = "") -> RunningCrawl:
    return start_crawl(settings=FAST, folder=folder, ledger=ledger, start_url=newsroom.index_url(), max_pages="50")


def until_asked(run: RunningCrawl, newsroom: Newsroom, pages: int) -> None:
    """Wait until a crawl has asked for so many pages."""
    before = len(newsroom.asked)
    while len(newsroom.asked) < before + pages:
        assert not run.ended
        time.sleep(0.001)


def test_runs_killed_at_random_instants(
    start_crawl: StartCrawl, newsroom: Newsroom, ledger_url: str, tmp_path: Path
) -> None:
    trial = kill_trial(start_crawl, newsroom, tmp_path, ledger_url, kills=4, seed=4, stories=30)
    assert trial.faults == NO_FAULTS
    assert trial.lines >= 2 * trial.stories


@pytest.mark.long
def test_runs_killed_hundreds_of_times(
    start_crawl: StartCrawl, newsroom: Newsroom, ledger_url: str, tmp_path: Path
) -> None:
    trial = kill_trial(start_crawl, newsroom, tmp_path, ledger_url, kills=250, seed=5)
    assert trial.faults == NO_FAULTS


def test_a_second_run_writes_nothing_that_is_known(
    start_crawl: StartCrawl, newsroom: Newsroom, ledger_url: str, tmp_path: Path
) -> None:
    assert begin(start_crawl, newsroom, tmp_path, ledger_url).wait().exit_code == 0
    lines = len(lines_of(tmp_path, "stories"))
    newsroom.asked.clear()
    second = begin(start_crawl, newsroom, tmp_path, ledger_url).wait()
    assert second.exit_code == 0, second.stderr
    assert newsroom.asked == ["/robots.txt", "/nieuws/buitenland"]
    assert len(lines_of(tmp_path, "stories")) == lines == 50
    assert faults_of(newsroom, tmp_path) == NO_FAULTS


@pytest.mark.parametrize("pages", [pytest.param(2, marks=pytest.mark.long), 10], ids=lambda pages: f"{pages}-pages")
def test_a_run_that_is_stopped_leaves_the_rest_to_the_next(
    start_crawl: StartCrawl, newsroom: Newsroom, ledger_url: str, tmp_path: Path, pages: int
) -> None:
    newsroom.latency = 0.05
    first = begin(start_crawl, newsroom, tmp_path, ledger_url)
    until_asked(first, newsroom, pages)
    first.kill(signal.SIGTERM)
    assert first.wait().exit_code == 0
    newsroom.latency = 0
    assert begin(start_crawl, newsroom, tmp_path, ledger_url).wait().exit_code == 0
    assert faults_of(newsroom, tmp_path) == NO_FAULTS


def test_pages_that_fail_once_are_read_by_the_next_run(
    start_crawl: StartCrawl, newsroom: Newsroom, ledger_url: str, tmp_path: Path
) -> None:
    broken = [f"/nieuws/{story.slug}" for story in newsroom.shown(newsroom.now)[:3]]
    newsroom.errors = {path: [500] for path in ("/nieuws/buitenland?page=2", *broken)}
    assert begin(start_crawl, newsroom, tmp_path, ledger_url).wait().exit_code == 0
    assert begin(start_crawl, newsroom, tmp_path, ledger_url).wait().exit_code == 0
    assert faults_of(newsroom, tmp_path) == NO_FAULTS


def test_a_second_run_of_a_spider_on_one_folder_ends_at_once(
    start_crawl: StartCrawl, newsroom: Newsroom, tmp_path: Path
) -> None:
    newsroom.latency = 0.05
    first = begin(start_crawl, newsroom, tmp_path)
    until_asked(first, newsroom, 5)
    second = begin(start_crawl, newsroom, tmp_path).wait()
    assert not first.ended
    assert second.exit_code == 1
    (line,) = errors_of(second)
    assert "anp_buitenland" in line
    assert str(tmp_path) in line
    assert newsroom.asked.count("/nieuws/buitenland") == 1
    assert first.wait().exit_code == 0
    assert faults_of(newsroom, tmp_path) == NO_FAULTS


def test_runs_of_a_spider_at_once_share_a_postgresql(
    start_crawl: StartCrawl, newsroom: Newsroom, postgres: Postgres, tmp_path: Path
) -> None:
    newsroom.latency = 0.01
    ledger = postgres.database()
    folders = [tmp_path / "one", tmp_path / "one", tmp_path / "other"]  # two of them on one machine
    for run in [begin(start_crawl, newsroom, folder, ledger) for folder in folders]:
        result = run.wait()
        assert result.exit_code == 0, result.stderr
    assert faults_of(newsroom, *set(folders)) == NO_FAULTS


def test_one_machine_is_killed_and_another_goes_on(
    start_crawl: StartCrawl, newsroom: Newsroom, postgres: Postgres, tmp_path: Path
) -> None:
    ledger = postgres.database()
    one, other = tmp_path / "one", tmp_path / "other"
    killed = begin(start_crawl, newsroom, one, ledger)
    until_asked(killed, newsroom, 12)
    killed.kill()
    assert killed.wait().exit_code == -signal.SIGKILL
    for folder in (other, one):
        assert begin(start_crawl, newsroom, folder, ledger).wait().exit_code == 0
    assert faults_of(newsroom, one, other) == NO_FAULTS


def test_spiders_side_by_side_on_one_ledger(
    start_crawl: StartCrawl, newsroom: Newsroom, ledger_url: str, tmp_path: Path
) -> None:
    sections = ("Buitenland", "Binnenland", "Sport")
    for section in sections[1:]:
        newsroom.publish_many(
            newsroom.moments(25, newsroom.now.replace(hour=0, minute=0, second=0), newsroom.now), section
        )
    runs = [
        start_crawl(
            f"anp_{section.lower()}",
            settings=FAST,
            folder=tmp_path,
            ledger=ledger_url,
            start_url=newsroom.index_url(section),
        )
        for section in sections
    ]
    for result in [run.wait() for run in runs]:
        assert result.exit_code == 0, result.stderr
    assert faults_of(newsroom, tmp_path, sections=sections) == NO_FAULTS
