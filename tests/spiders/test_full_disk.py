"""Disks that take no more, and ledgers that fail: one clear line, exit 1, and nothing that the next run cannot mend."""

import json
import os
import resource
import subprocess
import time
from functools import partial
from pathlib import Path

import pytest
from endurance import Faults, faults_of, lines_of
from harness import FAST, ROOT, CrawlResult, StartCrawl, crawl_command, environment, errors_of
from newsroom import Newsroom
from postgres import PASSWORD, Postgres

LEDGER = "ledger.sqlite3"
NO_FAULTS = Faults()


@pytest.fixture(autouse=True)
def news(newsroom: Newsroom) -> None:
    """Have some stories published by each newsroom."""
    now = newsroom.now
    newsroom.publish_many(newsroom.moments(25, now.replace(hour=0, minute=0, second=0), now))


def given(newsroom: Newsroom) -> dict[str, str]:
    return {"start_url": newsroom.index_url(), "max_pages": "50"}


def crawl_with_full_disk(newsroom: Newsroom, folder: Path, ledger: str, size: int) -> CrawlResult:
    """Run a crawl none of whose files may grow beyond a size in bytes."""
    done = subprocess.run(
        crawl_command("anp_buitenland", given(newsroom), FAST),
        cwd=ROOT,
        env=environment(folder, ledger),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size)),
    )
    return CrawlResult(done.returncode, done.stderr, folder)


@pytest.mark.parametrize(
    "size", [3_000, *(pytest.param(size, marks=pytest.mark.long) for size in (0, 9_000, 20_000, 50_000))]
)
def test_a_full_disk_fails_the_run_and_the_next_one_mends_it(
    start_crawl: StartCrawl, newsroom: Newsroom, ledger_url: str, tmp_path: Path, size: int
) -> None:
    failed = crawl_with_full_disk(newsroom, tmp_path, ledger_url, size)
    assert failed.exit_code == 1
    assert "Traceback" not in failed.stderr
    reports = [json.loads(file.read_bytes()) for file in tmp_path.glob("runs/*/*.json")]
    assert [report["verdict"] for report in reports] in ([], ["failed"])
    for kind in ("stories", "sightings"):
        lines_of(tmp_path, kind)  # each line of a finished file is whole
    next_run = start_crawl(settings=FAST, folder=tmp_path, ledger=ledger_url, **given(newsroom)).wait()
    assert next_run.exit_code == 0, next_run.stderr
    assert faults_of(newsroom, tmp_path) == NO_FAULTS


@pytest.mark.long
def test_a_disk_that_is_full_for_later_runs(
    start_crawl: StartCrawl, newsroom: Newsroom, ledger_url: str, tmp_path: Path
) -> None:
    def crawl() -> CrawlResult:
        return start_crawl(settings=FAST, folder=tmp_path, ledger=ledger_url, **given(newsroom)).wait()

    assert crawl().exit_code == 0
    newsroom.publish_many(newsroom.moments(15, newsroom.now, newsroom.now))
    assert crawl_with_full_disk(newsroom, tmp_path, ledger_url, 10_000).exit_code == 1
    assert crawl().exit_code == 0
    assert faults_of(newsroom, tmp_path) == NO_FAULTS


@pytest.mark.parametrize("damage", [pytest.param("middle", marks=pytest.mark.long), "all"])
def test_a_damaged_ledger_is_named_and_left_as_it_is(
    start_crawl: StartCrawl, newsroom: Newsroom, tmp_path: Path, damage: str
) -> None:
    assert start_crawl(settings=FAST, folder=tmp_path, **given(newsroom)).wait().exit_code == 0
    ledger = tmp_path / LEDGER
    data = ledger.read_bytes()
    garbage = b"\x07garbage" * 512
    ledger.write_bytes(
        {
            "middle": data[:8192] + garbage * (len(data) // len(garbage)),
            "all": garbage,
        }[damage]
    )
    damaged = ledger.read_bytes()
    lines = lines_of(tmp_path, "stories")
    newsroom.publish(newsroom.now)
    failed = start_crawl(settings=FAST, folder=tmp_path, **given(newsroom)).wait()
    assert failed.exit_code == 1
    assert_one_clear_line(failed, f"sqlite:///{ledger}")
    if damage != "middle":  # that can be opened, and is found out by whoever reads so far
        assert ledger.read_bytes() == damaged
    assert lines_of(tmp_path, "stories") == lines


def test_a_ledger_that_is_a_folder(start_crawl: StartCrawl, newsroom: Newsroom, tmp_path: Path) -> None:
    (tmp_path / LEDGER).mkdir()
    failed = start_crawl(settings=FAST, folder=tmp_path, **given(newsroom)).wait()
    assert failed.exit_code == 1
    assert_one_clear_line(failed, f"sqlite:///{tmp_path / LEDGER}")
    assert newsroom.asked == []
    (tmp_path / LEDGER).rmdir()
    assert start_crawl(settings=FAST, folder=tmp_path, **given(newsroom)).wait().exit_code == 0
    assert faults_of(newsroom, tmp_path) == NO_FAULTS


def test_a_folder_that_cannot_be_written(start_crawl: StartCrawl, newsroom: Newsroom, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        folder = Path("/proc/newscrawl")  # where not even root may write
    else:
        folder = tmp_path / "closed"
        folder.mkdir(mode=0o500)
    failed = start_crawl(settings=FAST, folder=folder, **given(newsroom)).wait()
    assert failed.exit_code == 1
    (line,) = errors_of(failed)
    assert str(folder) in line
    assert "set NEWSCRAWL_OUTPUT_DIR to another folder" in line
    assert newsroom.asked == []


def test_a_postgresql_that_is_not_there(start_crawl: StartCrawl, newsroom: Newsroom, tmp_path: Path) -> None:
    ledger = f"postgresql://reader:{PASSWORD}@127.0.0.1:1/news"
    failed = start_crawl(settings=FAST, folder=tmp_path, ledger=ledger, **given(newsroom)).wait()
    assert failed.exit_code == 1
    assert_one_clear_line(failed, "postgresql+psycopg://reader:***@127.0.0.1:1/news")
    assert newsroom.asked == []


def test_a_postgresql_that_stops_while_a_run_goes_on(
    start_crawl: StartCrawl, newsroom: Newsroom, postgres: Postgres, tmp_path: Path
) -> None:
    newsroom.latency = 0.02
    ledger = postgres.database()
    run = start_crawl(settings=FAST, folder=tmp_path, ledger=ledger, **given(newsroom))
    while len(newsroom.asked) < 12:
        time.sleep(0.001)
    postgres.stop()
    try:
        failed = run.wait()
    finally:
        postgres.start()
    assert failed.exit_code == 1
    assert_one_clear_line(failed, "postgresql+psycopg://postgres:***@/newscrawl_")
    assert len(newsroom.asked) < 25, "the run ends soon"
    assert start_crawl(settings=FAST, folder=tmp_path, ledger=ledger, **given(newsroom)).wait().exit_code == 0
    assert faults_of(newsroom, tmp_path) == NO_FAULTS


def assert_one_clear_line(result: CrawlResult, name: str) -> None:
    """Assert that one line tells of the ledger by its name, and nothing tells its password."""
    assert PASSWORD not in result.stderr
    assert "Traceback" not in result.stderr
    (line,) = errors_of(result)
    assert f"ledger {name}" in line
