"""`scrapy ledger` and `scrapy ledger rebuild`, as they are called."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from harness import ROOT, StartCrawl, environment
from postgres import PASSWORD, Postgres


def scrapy(*arguments: str, folder: Path, ledger: str = "") -> "subprocess.CompletedProcess[str]":
    """Run a command of Scrapy on an output folder."""
    command = [sys.executable, "-W", "error", "-m", "scrapy", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment(folder, ledger), capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def crawled(start_crawl: StartCrawl, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an output folder in which the demo edition was crawled, by two clocks."""
    folder = tmp_path_factory.mktemp("crawled")
    for given in ({}, {"crawled_at": "2026-02-24T10:00:00+01:00"}):
        assert start_crawl(folder=folder, site="demo", **given).wait().exit_code == 0
    return folder


@pytest.fixture
def output(crawled: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    return shutil.copytree(crawled, tmp_path / "output")


def test_it_shows_what_each_ledger_knows(output: Path) -> None:
    shown = scrapy("ledger", folder=output)
    assert (shown.returncode, shown.stderr) == (0, "")
    lines = [line.strip() for line in shown.stdout.splitlines()]
    assert {"demo", "demo, replayed"} <= set(lines)
    assert re.search(r"kB on disk, [\d,]+ bytes a story", shown.stdout)
    assert re.search(r"stories +\d+, and \d+ that were only mentioned", shown.stdout)
    assert re.search(r"articles +\d+, 0 of them revised", shown.stdout)
    assert re.search(r"pending +0 articles, 0 given up", shown.stdout)
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +anp_buitenland +ok +\d+ +0 +0", shown.stdout)


def test_it_makes_no_ledger_by_looking(tmp_path: Path) -> None:
    shown = scrapy("ledger", folder=tmp_path / "output")
    assert (shown.returncode, shown.stderr) == (0, "")
    (line,) = shown.stdout.splitlines()
    assert str(tmp_path / "output") in line
    assert not (tmp_path / "output").exists()


def test_it_makes_no_ledger_in_a_postgresql_by_looking(postgres: Postgres, tmp_path: Path) -> None:
    ledger = postgres.database()
    for _ in range(2):
        shown = scrapy("ledger", folder=tmp_path, ledger=ledger)
        assert (shown.returncode, shown.stderr) == (0, "")
        assert "no ledger" in shown.stdout


@pytest.mark.parametrize("command", [["ledger"], ["ledger", "rebuild"]], ids=" ".join)
def test_a_ledger_that_cannot_be_reached(output: Path, command: list[str]) -> None:
    failed = scrapy(*command, folder=output, ledger=f"postgresql://reader:{PASSWORD}@127.0.0.1:1/news")
    assert failed.returncode == 1
    (line,) = failed.stderr.splitlines()
    assert "127.0.0.1:1/news" in line
    assert PASSWORD not in line


def test_a_ledger_that_is_damaged(output: Path) -> None:
    (output / "ledger.sqlite3").write_bytes(b"\x07garbage" * 512)
    failed = scrapy("ledger", folder=output)
    assert (failed.returncode, failed.stdout) == (1, "")
    (line,) = failed.stderr.splitlines()
    assert str(output / "ledger.sqlite3") in line
    assert scrapy("ledger", "rebuild", folder=output).returncode == 0
    assert scrapy("ledger", folder=output).returncode == 0


def test_rebuild_ends_with_one_line_of_figures(output: Path) -> None:
    before = scrapy("ledger", folder=output).stdout.splitlines()[2:]
    made = scrapy("ledger", "rebuild", folder=output)
    assert (made.returncode, made.stderr) == (0, "")
    (line,) = made.stdout.splitlines()
    assert str(output / "ledger.sqlite3") in line
    assert "of 2 runs" in line
    assert scrapy("ledger", folder=output).stdout.splitlines()[2:] == before


def test_rebuild_names_what_is_damaged(output: Path) -> None:
    (file,) = list(output.glob("stories/*/*.jsonl"))[:1]
    with file.open("a") as more:
        more.write('{"torn\n')
    made = scrapy("ledger", "rebuild", folder=output)
    assert made.returncode == 0
    (line,) = made.stderr.splitlines()
    assert line.startswith(f"{file}, line {len(file.read_bytes().splitlines())}: damaged")
    assert "1 damaged" in made.stdout


def test_rebuild_of_nothing(tmp_path: Path) -> None:
    failed = scrapy("ledger", "rebuild", folder=tmp_path)
    assert (failed.returncode, failed.stdout) == (1, "")
    (line,) = failed.stderr.splitlines()
    assert str(tmp_path) in line
    assert list(tmp_path.iterdir()) == []


def test_another_word(tmp_path: Path) -> None:
    failed = scrapy("ledger", "forget", folder=tmp_path)
    assert failed.returncode == 2
    assert "forget" in failed.stdout + failed.stderr
