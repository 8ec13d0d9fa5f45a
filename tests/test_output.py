"""Lines and files that are whole or absent."""

import json
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pytest
from harness import ROOT, CrawlResult, crawl_command, environment

from newscrawl.items import Brief
from newscrawl.output import RunFiles, WholeLines, dumps, write_whole

START = datetime(2026, 2, 24, 9, 0, 0, 500, tzinfo=UTC)


def test_one_name_for_all_files_of_a_run(tmp_path: Path) -> None:
    files = RunFiles.of(tmp_path, "anp_sport", START.astimezone(timezone(timedelta(hours=1))), "42")
    assert files.stories == tmp_path / "stories" / "anp_sport" / "20260224T090000Z-42.jsonl"
    assert files.sightings == tmp_path / "sightings" / "anp_sport" / "20260224T090000Z-42.jsonl"
    assert files.report == tmp_path / "runs" / "anp_sport" / "20260224T090000Z-42.json"


@pytest.mark.parametrize(
    ("job", "name"), [("../..", "_.."), ("a/b\\c", "a_b_c"), ("", "0"), ("..", "0"), ("x" * 200, "x" * 80)]
)
def test_a_job_never_names_another_folder(tmp_path: Path, job: str, name: str) -> None:
    files = RunFiles.of(tmp_path, "s", START, job)
    assert files.name == f"20260224T090000Z-{name}"
    assert files.stories.resolve().is_relative_to(tmp_path)


def test_moments_are_iso_8601_in_utc() -> None:
    line = dumps(Brief(crawled_at=START))
    assert b'"crawled_at":"2026-02-24T09:00:00.000500Z"' in line
    assert b"\n" not in dumps(Brief(text="a\nb\u2028c"))


def test_the_lines_of_a_batch_are_one_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = WholeLines(tmp_path / "a.jsonl")
    written: list[bytes] = []

    def note(_: int, data: bytes) -> int:
        written.append(data)
        return len(data)

    monkeypatch.setattr(os, "write", note)
    length = lines.append([Brief(text="x" * 100_000), Brief(text="y" * 100_000)])
    assert [len(piece) for piece in written] == [length]
    assert written[0].endswith(b"}\n")
    assert written[0].count(b"\n") == 2


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    write_whole(tmp_path / "new" / "a.json", b"1")
    write_whole(tmp_path / "new" / "a.json", b"2")
    assert [path.read_bytes() for path in (tmp_path / "new").iterdir()] == [b"2"]


def test_a_disk_that_fills_up_tears_no_line(tmp_path: Path) -> None:
    code = f"""
import resource, signal
from pathlib import Path
from newscrawl.items import Brief
from newscrawl.output import WholeLines
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
lines = WholeLines(Path({str(tmp_path / "a.jsonl")!r}))
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    while True:
        lines.keep(lines.append([Brief(text="x" * 700), Brief(text="y" * 300)]))
except OSError as error:
    lines.cut()
    print("stopped", lines.length)
"""
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    left = (tmp_path / "a.jsonl.part").read_bytes()
    assert shown == ["stopped", str(len(left))]
    assert left.endswith(b"}\n")
    assert left.count(b"\n") >= 4
    assert left.count(b"\n") % 2 == 0, "of a batch all lines or none"


def test_a_disk_that_fills_up_fails_the_run_and_leaves_whole_lines(tmp_path: Path) -> None:
    done = subprocess.run(
        crawl_command("anp_buitenland", {"site": "demo"}, {}),
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=partial(resource.setrlimit, resource.RLIMIT_FSIZE, (300_000, 300_000)),  # beyond an empty ledger
    )
    result = CrawlResult(done.returncode, done.stderr, tmp_path)
    assert result.exit_code == 1
    assert result.report["verdict"] == "failed"
    assert "output could not be written" in result.report["reasons"][0]
    assert "Traceback" not in result.stderr
    written = result.report["counts"]["written"]
    assert written > 0
    # A file that could not be finished may hold more than was committed; the next run cuts that off.
    (stories,) = (tmp_path / "stories" / "anp_buitenland").iterdir()
    lines = stories.read_bytes().splitlines()[:written]
    assert len([json.loads(line) for line in lines]) == written
    assert stories.suffix == ".part" or len(result.stories) == written
