"""Files and ledger that never say different things, wherever a run is killed."""

import json
import os
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from desk import NINE, PAGE, SITE, shown
from postgres import Postgres

from newscrawl.batch import Batch
from newscrawl.items import Article, Brief
from newscrawl.ledger.ledger import Ledger
from newscrawl.ledger.store import LedgerError, Store
from newscrawl.ledger.weighing import weigh
from newscrawl.output import RunFiles, part_of
from newscrawl.recording import KILLED, AlreadyRunning, Recording, RecordingError

KILL = 9
WORDS = ("De sluis is dicht.", "Een trein rijdt weer.", "Het debat duurt voort.")
ABOUT = {"spider": "anp_test", "site": "test", "arguments": {"max_pages": "2"}, "started_at": NINE}


def batches() -> list[Batch]:
    """Return what a run reads: a list of three stories, and two of their articles."""
    urls = [f"{SITE}/nieuws/{number}" for number in range(3)]
    made = [
        [shown(kind, url=url, text=text, headline=text) for url, text in zip(urls, WORDS, strict=True)]
        for kind in (Brief, Article)
    ]
    lists = Batch(items=[item for items in made[0] for item in items], announced=urls[:2], depth=1)
    return [lists, *(Batch(items=made[1][number], fetched=urls[number], moved_to=urls[number]) for number in (0, 1))]


def record(recording: Recording, batch: Batch) -> None:
    """Record a batch as the pipelines do."""
    draft = recording.begin(batch)
    weigh(batch, draft, lambda *_: None)
    stories = [story for story in batch.stories if draft.judge(story) != "known"]
    draft.walked(batch, "anp_test", PAGE, NINE)
    recording.commit(stories, list(batch.sightings))


def recording_in(folder: Path, ledger: str = "", spider: str = "anp_test") -> Recording:
    files = RunFiles.of(folder, spider, NINE, str(os.getpid()))
    made = Recording(files=files, ledger_url=ledger, scope="test", started_at=NINE, about=ABOUT)
    part = part_of(files.stories)
    made.progress = lambda: {"counts": {"bytes": part.stat().st_size if part.exists() else 0}}
    return made


def end(recording: Recording) -> None:
    recording.finish()
    report = {"verdict": "ok", "reasons": [], "finished_at": NINE.isoformat(), **ABOUT, "started_at": NINE.isoformat()}
    recording.conclude(
        "ok", NINE, json.dumps(report | {"files": recording.files.written}).encode(), recording.progress()
    )


def run(folder: Path, ledger: str = "") -> Recording:
    """Record a whole run."""
    recording = recording_in(folder, ledger)
    recording.open()
    for batch in batches():
        record(recording, batch)
    end(recording)
    return recording


def in_child(work: Callable[[], Any]) -> int:
    """Do *work* in a process of its own. Return its exit code."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def killed_before(step: int, work: Callable[[], Any]) -> bool:
    """Do *work* in a process that dies before its *step*-th word to a file or a database. Return whether it died."""
    words = {"write", "open", "link", "replace", "unlink", "mkdir", "ftruncate", "fsync", "fdatasync", "close", "flock"}
    steps = count(1)

    def watch(_: Any, event: str, called: Any) -> None:
        if event == "c_call" and (
            (called.__module__ in ("posix", "fcntl") and called.__name__ in words)
            or isinstance(called.__self__, sqlite3.Connection | sqlite3.Cursor)
        ):
            die()

    def die() -> None:
        if next(steps) == step:
            os._exit(KILL)

    def watched() -> None:
        wait = psycopg.Connection.wait

        def counted(*args: Any, **kwargs: Any) -> Any:
            die()
            return wait(*args, **kwargs)

        psycopg.Connection.wait = counted  # type: ignore[method-assign]
        sys.setprofile(watch)
        work()

    code = in_child(watched)
    assert code in (0, KILL)
    return code == KILL


def lines_of(folder: Path, kind: str) -> list[list[dict[str, Any]]]:
    """Return the lines of each file of a kind; all of them are whole, and each file has a report."""
    files = sorted((folder / kind).glob("*/*"))
    assert all(file.suffix == ".jsonl" and file.read_bytes().endswith(b"\n") for file in files)
    assert all((folder / "runs" / file.parent.name / f"{file.stem}.json").exists() for file in files)
    return [[json.loads(line) for line in file.read_bytes().splitlines()] for file in files]


def check(folder: Path, ledger: str) -> None:
    """Check that nothing is lost, doubled or torn, and that the ledger knows that all runs are over."""
    stories = [line for lines in lines_of(folder, "stories") for line in lines]
    assert sorted((line["kind"], line["text"], line["revision"]) for line in stories) == sorted(
        (story.kind, story.text, 0) for batch in batches() for story in batch.stories
    )
    for lines in lines_of(folder, "sightings"):
        assert len(lines) in (3, 4, 5), "of each batch all or none"
        assert set(Counter(json.dumps(line) for line in lines).values()) == {1}
    assert not list(folder.rglob("*.part"))
    reports = [json.loads(file.read_bytes()) for file in (folder / "runs").glob("*/*.json")]
    assert all(report["verdict"] in ("ok", "degraded") for report in reports)
    store = Store(ledger, folder)
    known = Ledger(store, "test")
    assert all(run.finished_at and run.verdict for run in known.runs.last(9))
    assert known.backlog("anp_test", NINE) == []
    store.close()


def kill_at(steps: Iterable[int], folder: Path, ledger: Callable[[], str], *, before: int | None = None) -> int:
    """Kill a run before each of some steps, and check what the next one makes of that. Return how many were killed.

    Where a number of batches is *before*, another run was killed after these, so that the first steps mend that one.
    """
    for killed, step in enumerate(steps):
        place, url = folder / str(step), ledger()
        if before is not None:
            killed_after(before, place, url)
        if not killed_before(step, partial(run, place, url)):
            return killed
        run(place, url)
        check(place, url)
    raise AssertionError("no run came to its end")


@pytest.mark.parametrize("before", [None, 2], ids=["", "while it mends another"])
@pytest.mark.parametrize("stride", [53, pytest.param(1, marks=pytest.mark.long)])
def test_a_run_that_is_killed_before_any_step_is_finished_by_the_next(
    tmp_path: Path, stride: int, before: int | None
) -> None:
    assert kill_at(count(stride // 3, stride), tmp_path, lambda: "", before=before) > 100 / stride


@pytest.mark.parametrize("stride", [41, pytest.param(1, marks=pytest.mark.long)])
def test_the_same_with_a_postgresql(tmp_path: Path, postgres: Postgres, stride: int) -> None:
    assert kill_at(count(stride // 3, stride), tmp_path, postgres.database) > 80 / stride


# --- What a killed run leaves -----------------------------------------------------------------------------------------


def killed_after(number: int, folder: Path, ledger: str = "") -> RunFiles:
    """Leave what a run leaves that is killed after some batches; return its files."""

    def work() -> None:
        recording = recording_in(folder, ledger)
        recording.open()
        for batch in batches()[:number]:
            record(recording, batch)
        os._exit(KILL)

    assert in_child(work) == KILL
    (files,) = RunFiles.unfinished(folder)
    return files


def test_a_killed_run_has_a_report_of_what_it_had_done(tmp_path: Path) -> None:
    files = killed_after(2, tmp_path)
    assert run(tmp_path).mended == 1
    report = json.loads(files.report.read_bytes())
    assert (report["verdict"], report["reasons"]) == ("degraded", [KILLED])
    assert (report["site"], report["arguments"], report["started_at"]) == (
        "test",
        {"max_pages": "2"},
        "2026-02-24T09:00:00Z",
    )
    assert report["counts"] == {"bytes": files.stories.stat().st_size}, "as of its last batch"
    assert report["files"] == files.written
    assert set(report["files"]) == {"stories", "sightings"}
    assert report["started_at"] < report["finished_at"]


def test_what_is_behind_the_committed_length_is_cut_off(tmp_path: Path) -> None:
    files = killed_after(1, tmp_path)
    for path in (files.stories, files.sightings):
        with part_of(path).open("ab") as file:
            file.write(b'{"kind":"brief"}\n{"kind":"bri')
    run(tmp_path)
    check(tmp_path, "")


@pytest.mark.parametrize("kind", ["stories", "sightings"])
@pytest.mark.parametrize("lost", [1, 400, None])
def test_a_file_that_is_shorter_than_what_was_committed_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: str, lost: int | None
) -> None:
    files = killed_after(1, tmp_path)
    part = part_of(getattr(files, kind))
    size = part.stat().st_size
    os.truncate(part, 0 if lost is None else size - lost)
    run(tmp_path)
    (told,) = [record.message for record in caplog.records if record.levelname == "ERROR"]
    assert f"{part}: {size} bytes of it were committed" in told
    assert "scrapy ledger rebuild" in told
    report = json.loads(files.report.read_bytes())
    assert report["verdict"] == "degraded"
    assert any(f"{size} bytes" in reason for reason in report["reasons"])
    assert (kind in report["files"]) == (lost is not None)
    lines_of(tmp_path, kind)  # whole lines are left


def test_a_run_on_another_ledger_is_left_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    elsewhere = f"sqlite:///{tmp_path / 'elders.sqlite3'}"
    folder = tmp_path / "output"
    files = killed_after(1, folder, elsewhere)
    left = {path: path.read_bytes() for path in folder.rglob("*.part")}
    assert len(left) == 3
    assert run(folder).mended == 0
    assert {path: path.read_bytes() for path in folder.rglob("*.part")} == left
    assert f"was left by a run on another ledger, {elsewhere}" in caplog.text
    assert run(folder, elsewhere).mended == 1
    assert files.stories.exists()
    assert not list(folder.rglob("*.part"))


@pytest.mark.parametrize("content", [b"", b"{", b"{}"])
def test_a_run_whose_mark_is_damaged_is_found_in_the_ledger_by_its_name(tmp_path: Path, content: bytes) -> None:
    files = killed_after(2, tmp_path)
    part_of(files.report).write_bytes(content)
    run(tmp_path)
    check(tmp_path, "")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}"])
def test_a_damaged_mark_keeps_no_run_from_beginning(tmp_path: Path, content: bytes) -> None:
    files = killed_after(0, tmp_path)
    for path in (files.stories, files.sightings):
        part_of(path).unlink()
    part_of(files.report).write_bytes(content)
    run(tmp_path)
    assert len(lines_of(tmp_path, "stories")) == 1
    assert not list(tmp_path.rglob("*.part"))


# --- Two at once ------------------------------------------------------------------------------------------------------


def test_a_second_run_of_a_spider_in_one_folder_has_nothing_to_do(tmp_path: Path) -> None:
    first, second = recording_in(tmp_path), recording_in(tmp_path)
    first.open()
    record(first, batches()[0])
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.part")}
    with pytest.raises(AlreadyRunning, match=f"anp_test is at work in {tmp_path} already"):
        second.open()
    assert second.is_idle
    second.finish()
    second.conclude("failed", NINE, b"{}", {})
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.part")} == before
    other = recording_in(tmp_path, spider="anp_sport")
    other.open()
    assert other.mended == 0, "the first one lives"
    end(other)
    for batch in batches()[1:]:
        record(first, batch)
    end(first)
    check(tmp_path, "")
    assert run(tmp_path).mended == 0


def test_runs_on_a_shared_ledger_work_at_once(tmp_path: Path, postgres: Postgres) -> None:
    ledger = postgres.database()
    first, second = recording_in(tmp_path, ledger), recording_in(tmp_path, ledger)
    first.open()
    second.files = RunFiles.of(tmp_path, "anp_test", NINE, str(os.getpid()))
    second.open()
    for one, other in zip(batches(), batches(), strict=True):
        record(first, one)
        record(second, other)
    end(second)
    end(first)
    check(tmp_path, ledger)


# --- What fails -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", [0, 1, 300])
def test_a_disk_that_is_full_takes_back_the_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    recording = recording_in(tmp_path)
    recording.open()
    first, second, _ = batches()
    record(recording, first)
    write = os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda fd, data: write(fd, data[:written]))
        with pytest.raises(RecordingError, match="set NEWSCRAWL_OUTPUT_DIR to another folder"):
            record(recording, second)
    with pytest.raises(RecordingError):
        recording.begin(second)
    end(recording)
    assert [len(lines) for lines in lines_of(tmp_path, "stories")] == [3]
    run(tmp_path)
    check(tmp_path, "")


@pytest.mark.parametrize("committed", [True, False])
def test_a_ledger_that_fails_leaves_it_to_the_next_run_what_is_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    recording = recording_in(tmp_path)
    recording.open()
    first, second, _ = batches()
    record(recording, first)
    commit = Ledger.commit

    def fail(ledger: Ledger, *args: Any) -> None:
        if committed:
            commit(ledger, *args)
        raise LedgerError("ledger x: connection lost")

    with monkeypatch.context() as broken:
        broken.setattr(Ledger, "commit", fail)
        with pytest.raises(RecordingError, match="ledger x: connection lost; see that it can be reached"):
            record(recording, second)
    end(recording)
    assert len(list(tmp_path.rglob("*.part"))) == 3
    assert run(tmp_path).mended == 1
    check(tmp_path, "")


def test_nothing_is_recorded_before_it_is_open(tmp_path: Path) -> None:
    recording = recording_in(tmp_path)
    with pytest.raises(RecordingError, match="not open yet"):
        recording.begin(Batch())
    recording.finish()
    recording.open()
    with pytest.raises(RecordingError, match="no batch has begun"):
        _ = recording.draft
    end(recording)
