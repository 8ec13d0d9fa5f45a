"""A ledger made anew from the files of runs knows what the old one knew."""

import fcntl
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from endurance import Faults, faults_of, lines_of
from harness import FAST, CrawlResult, StartCrawl
from newsroom import Newsroom
from postgres import Postgres

from newscrawl.ledger import rebuild as room
from newscrawl.ledger.rebuild import RebuildError, Rebuilt, Watcher, rebuild
from newscrawl.ledger.store import LedgerError, Store

SECTIONS = {"anp_buitenland": "buitenland", "anp_sport": "sport"}
BEGIN = datetime.fromisoformat("2026-02-24T07:00:11+00:00")
BETWEEN = timedelta(minutes=15)
Row = dict[str, Any]


def tables(folder: Path, ledger: str = "") -> dict[str, dict[tuple[Any, ...], Row]]:
    """Return the rows of a ledger's tables by their keys, without what is a matter of one database."""
    keys = {
        "stories": ("id",),
        "names": ("key",),
        "lines": ("story", "kind"),
        "copies": ("story", "kind"),
        "articles": ("address",),
        "runs": ("spider", "name"),
    }
    found: dict[str, dict[tuple[Any, ...], Row]] = {}
    store = Store(ledger, folder)
    with closing(store), store.reading() as connection:
        names = {row.id: row.name for row in connection.exec_driver_sql("SELECT id, name FROM ledgers")}
        for table, key in keys.items():
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").mappings()  # noqa: S608 - names of our own
            found[table] = {
                (names[row["ledger"]], *(row[name] for name in key)): {
                    name: value for name, value in row.items() if name not in ("ledger", "id", "number", "run")
                }
                for row in rows
            }
    return found


def made(folder: Path, ledger: str = "") -> tuple[Rebuilt, list[str]]:
    """Make a ledger anew. Return what came of it, and what was told."""
    told: list[str] = []
    return rebuild(folder, ledger, SECTIONS, Watcher(told.append)), told


def crawl_at(
    start_crawl: StartCrawl, newsroom: Newsroom, at: datetime, folder: Path, section: str = "Buitenland", **more: str
) -> CrawlResult:
    """Crawl a newsroom by its own clock."""
    newsroom.at = at
    result = start_crawl(
        f"anp_{section.lower()}", settings=FAST, folder=folder, start_url=newsroom.index_url(section),
        max_pages="50", crawled_at=(at + timedelta(seconds=1)).isoformat(), **more,
    ).wait()  # fmt: skip
    assert result.exit_code == 0, result.stderr
    return result


@pytest.fixture(scope="module")
def day(start_crawl: StartCrawl, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Newsroom, Path]]:
    """Return a newsroom with revisions and pages that fail, and the output of crawls of two of its sections."""
    folder = tmp_path_factory.mktemp("day")
    with Newsroom(just_in=8) as newsroom:
        newsroom.publish_many(newsroom.moments(40, BEGIN - timedelta(days=2), BEGIN))
        newsroom.publish_many(newsroom.moments(15, BEGIN - timedelta(days=2), BEGIN), "Sport")
        newsroom.publish_many(newsroom.moments(20, BEGIN, BEGIN + 4 * BETWEEN))
        for number in range(4):
            at = BEGIN + number * BETWEEN
            for story in newsroom.shown(at, "Buitenland")[2:20:5]:
                newsroom.revise(story, at)
            if number == 2:
                newest = newsroom.shown(at, "Buitenland")[0]
                newsroom.errors = {f"/nieuws/{newest.slug}": [500] * 9}
            for section in ("Sport", "Buitenland"):
                crawl_at(start_crawl, newsroom, at, folder, section)
        newsroom.errors = {}
        yield newsroom, folder


@pytest.fixture
def output(day: tuple[Newsroom, Path], tmp_path: Path) -> Path:
    """Return a copy of what the day's crawls have left."""
    return shutil.copytree(day[1], tmp_path / "output")


# --- The same as before -----------------------------------------------------------------------------------------------


def test_stories_names_and_lines_are_as_they_were(output: Path) -> None:
    before = tables(output)
    figures, told = made(output)
    after = tables(output)
    assert told == []
    assert figures.damaged == 0
    assert figures.runs == 8
    assert (figures.lines, figures.sightings) == tuple(len(lines_of(output, kind)) for kind in ("stories", "sightings"))
    assert after["stories"] == before["stories"]
    assert after["names"] == before["names"]
    assert after["copies"] == before["copies"]
    assert after["lines"].keys() == before["lines"].keys()
    assert any(line["revision"] for line in before["lines"].values())
    for key, line in after["lines"].items():
        old = before["lines"][key]
        seen = {"in_index", "in_sidebar"}
        assert {name: line[name] for name in line if name not in seen} == {
            name: old[name] for name in old if name not in seen
        }
        for name in seen:  # only the part of the site that a line was written from is known
            assert line[name] in (None, old[name])
    assert after["runs"].keys() == before["runs"].keys()
    assert all(run["verdict"] == before["runs"][key]["verdict"] for key, run in after["runs"].items())


def test_articles_that_are_not_there_yet_are_pending(output: Path) -> None:
    figures, _ = made(output)
    (article,) = tables(output)["articles"].values()
    assert figures.pending == 1
    assert article["spider"] == "anp_buitenland"
    there = {line["url"] for line in lines_of(output, "stories") if line["kind"] == "article"}
    assert article["url"] not in there


def test_the_next_crawl_writes_nothing_that_is_known(
    start_crawl: StartCrawl, day: tuple[Newsroom, Path], output: Path
) -> None:
    newsroom, _ = day
    (output / "ledger.sqlite3").unlink()
    made(output)
    before = lines_of(output, "stories")
    crawl_at(start_crawl, newsroom, BEGIN + 3 * BETWEEN, output)
    new = [line for line in lines_of(output, "stories") if line not in before]
    assert [line["kind"] for line in new if line["revision"] == 0] == ["article"]  # the one that had failed
    # Others are articles whose briefs had changed when they were read already.
    assert {line["kind"] for line in new} == {"article"}
    told = {(line["kind"], line["story_id"], line["text"]) for line in before}
    assert not [line for line in new if (line["kind"], line["story_id"], line["text"]) in told]


def test_the_next_crawl_writes_what_has_changed(
    start_crawl: StartCrawl, day: tuple[Newsroom, Path], output: Path
) -> None:
    newsroom, _ = day
    shutil.copytree(output, output.with_name("other"))
    made(output)
    at = BEGIN + 4 * BETWEEN
    stories = newsroom.stories
    try:
        newsroom.stories = {slug: _copy(story) for slug, story in stories.items()}
        for story in newsroom.shown(at, "Buitenland")[1:9:3]:
            newsroom.revise(story, at)
        newsroom.publish(at - timedelta(minutes=1))
        for folder in (output, output.with_name("other")):
            crawl_at(start_crawl, newsroom, at, folder)
    finally:
        newsroom.stories = stories
    one, other = (
        {(line["kind"], line["story_id"], line["revision"]) for line in lines_of(folder, "stories")}
        for folder in (output, output.with_name("other"))
    )
    # The ledger that crawls of a past day have kept forgets what was pending, by the clock of today.
    assert {key for key in one if key[0] == "brief"} == {key for key in other if key[0] == "brief"}
    assert other <= one
    assert any(revision for _, _, revision in one)


def _copy(story: Any) -> Any:
    copy = type(story)(**{name: getattr(story, name) for name in story.__dataclass_fields__})
    copy.versions = list(story.versions)
    return copy


def test_a_ledger_of_each_site_and_kind_of_run(start_crawl: StartCrawl, tmp_path: Path) -> None:
    for given in ({}, {"crawled_at": "2026-02-24T10:00:00+01:00"}):
        assert start_crawl(folder=tmp_path, site="demo", **given).wait().exit_code == 0
    before = tables(tmp_path)
    figures, told = made(tmp_path)
    after = tables(tmp_path)
    assert told == []
    assert figures.scopes == {"demo", "demo, replayed"}
    assert after["stories"].keys() == before["stories"].keys()
    assert after["names"] == before["names"]


def test_in_pieces_it_comes_to_the_same(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(output)
    whole = tables(output)
    monkeypatch.setattr(room, "AT_ONCE", 30)
    made(output)
    assert tables(output) == whole


def test_two_ids_that_turned_out_to_be_one_story(output: Path) -> None:
    lines = lines_of(output, "sightings")
    last = [line for line in lines if line["where"] == "index"][-1]
    run = sorted((output / "sightings" / "anp_buitenland").iterdir())[-1]
    other = "00" * 8
    with run.open("a") as file:  # from then on the story goes by the other's id
        print(json.dumps(last | {"story_id": other}), file=file)
    made(output)
    after = tables(output)
    ids = {id for _, id in after["stories"]}
    old = int.from_bytes(bytes.fromhex(last["story_id"]), signed=True)
    assert 0 in ids
    assert old not in ids
    assert {row["story"] for (_, key), row in after["names"].items() if key == old} == {0}


# --- Bad input --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["nowhere", "empty"])
def test_a_folder_without_files(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(RebuildError, match=folder):
        made(tmp_path / folder)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["empty"]


def test_damaged_lines_are_told_and_passed_by(output: Path) -> None:
    whole, _ = made(output)
    file = sorted((output / "stories" / "anp_buitenland").iterdir())[0]
    lines = file.read_bytes().splitlines(keepends=True)
    known = json.loads(lines[1])
    damaged = [
        b"\n",
        b"[]\n",
        lines[0][:80] + b"\n",
        b'{"kind":"brief"}\n',
        json.dumps(known | {"story_id": "zz"}).encode() + b"\n",
        json.dumps(known | {"story_id": 12}).encode() + b"\n",
        json.dumps(known | {"kind": ["brief"]}).encode() + b"\n",
        json.dumps(known | {"crawled_at": "2026-02-24T09:00:00"}).encode() + b"\n",
        json.dumps(known | {"rendered_at": "0001-01-01T00:00:00+09:00"}).encode() + b"\n",
        json.dumps(known | {"published_latest": "2020-01-01T00:00:00Z"}).encode() + b"\n",
        json.dumps(known | {"published_source": "hearsay"}).encode() + b"\n",
        b'{"text": "\xff"}\n',
    ]
    file.write_bytes(b"".join([lines[0], *damaged, *lines[1:], lines[0][:50]]))
    figures, told = made(output)
    assert figures.damaged == len(told) == len(damaged) + 1
    assert [line.partition(": ")[0] for line in told[:2]] == [f"{file}, line 2", f"{file}, line 3"]
    assert (figures.stories, figures.lines) == (whole.stories, whole.lines)


def test_more_damage_than_anybody_reads(output: Path) -> None:
    file = sorted((output / "stories" / "anp_buitenland").iterdir())[0]
    with file.open("a") as more:
        more.write("{\n" * 500)
    figures, told = made(output)
    assert figures.damaged == 500
    assert len(told) == room.MOST_TOLD + 1


def test_fields_of_a_later_version(output: Path) -> None:
    made(output)
    before = tables(output)
    for file in output.glob("s*/*/*.jsonl"):
        lines = [json.loads(line) | {"schema_version": 2, "mood": ["grim"]} for line in file.read_text().splitlines()]
        file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    made(output)
    assert tables(output)["stories"] == before["stories"]


@pytest.mark.parametrize("damage", [None, "{", "[]", "{}"])
def test_without_a_report_the_lines_tell_which_ledger_is_theirs(output: Path, damage: str | None) -> None:
    whole, _ = made(output)
    before = tables(output)
    reports = [path for path in output.glob("runs/*/*.json") if "stories" in json.loads(path.read_bytes())["files"]]
    for report in reports:
        report.unlink() if damage is None else report.write_text(damage)
    figures, told = made(output)
    after = tables(output)
    assert len(told) == (0 if damage == "{}" else len(reports))
    assert figures.scopes == whole.scopes
    assert after["stories"] == before["stories"]
    assert [run["verdict"] for run in after["runs"].values()].count(None) == len(reports)


def test_a_site_that_nobody_knows(output: Path) -> None:
    whole, _ = made(output)
    folder = output / "stories" / "anp_elsewhere"
    folder.mkdir()
    line = lines_of(output, "stories")[0] | {"site": "elsewhere", "story_id": "11" * 8}
    (folder / "20260224T090000Z-1.jsonl").write_text(f"{json.dumps(line)}\n")
    figures, told = made(output)
    assert figures.stories == whole.stories
    assert any("anp_elsewhere" in line for line in told)


# --- Runs at work, dead runs, and a rebuild that fails ----------------------------------------------------------------


def test_it_refuses_while_a_run_is_at_work(start_crawl: StartCrawl, newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.publish_many(newsroom.moments(20, newsroom.now - timedelta(hours=9), newsroom.now))
    newsroom.latency = 0.1
    run = start_crawl(settings=FAST, folder=tmp_path, start_url=newsroom.index_url())
    while len(newsroom.asked) < 5:
        assert not run.ended
    with pytest.raises(RebuildError, match="anp_buitenland is at work"):
        made(tmp_path)
    newsroom.latency = 0
    assert run.wait().exit_code == 0
    assert faults_of(newsroom, tmp_path) == Faults()
    assert made(tmp_path)[0].stories == 20


@pytest.mark.parametrize(
    "ledger", ["lost", *(pytest.param(ledger, marks=pytest.mark.long) for ledger in ("there", "damaged"))]
)
def test_a_run_that_was_killed_is_finished_first(
    start_crawl: StartCrawl, newsroom: Newsroom, tmp_path: Path, ledger: str
) -> None:
    newsroom.publish_many(newsroom.moments(30, newsroom.now - timedelta(hours=9), newsroom.now))
    newsroom.latency = 0.01
    run = start_crawl(settings=FAST, folder=tmp_path, start_url=newsroom.index_url(), max_pages="50")
    while len(newsroom.asked) < 15:
        assert not run.ended
    run.kill()
    run.wait()
    (part,) = tmp_path.glob("stories/*/*.part")
    with part.open("a") as file:
        file.write('{"torn')
    if ledger != "there":
        for path in tmp_path.glob("ledger.sqlite3*"):
            path.unlink()
    if ledger == "damaged":
        (tmp_path / "ledger.sqlite3").write_bytes(b"\x07garbage" * 512)
    figures, told = made(tmp_path)
    assert figures.damaged == 0
    assert len(told) == (ledger == "damaged")
    assert not list(tmp_path.rglob("*.part*"))
    newsroom.latency = 0
    result = start_crawl(settings=FAST, folder=tmp_path, start_url=newsroom.index_url(), max_pages="50").wait()
    assert result.exit_code == 0, result.stderr
    faults = faults_of(newsroom, tmp_path)
    assert (faults.lost, faults.doubled, faults.wrong) == ([], [], [])


def test_files_of_a_run_on_another_ledger_are_left_out(output: Path) -> None:
    whole, _ = made(output)
    mark = output / "runs" / "anp_sport" / "20260224T120000Z-9.json.part"
    mark.write_text('{"run": "1", "ledger": "postgresql://elsewhere/news", "about": {}}')
    part = output / "stories" / "anp_sport" / "20260224T120000Z-9.jsonl.part"
    part.write_bytes(b"{}\n")
    figures, told = made(output)
    assert any(str(part) in line for line in told)
    assert part.read_bytes() == b"{}\n"
    assert figures.stories == whole.stories


def test_a_rebuild_that_fails_leaves_the_old_ledger(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (output / "ledger.sqlite3").read_bytes()

    def fail(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(room, "_enter", fail)
    with pytest.raises(OSError, match="no room"):
        made(output)
    assert (output / "ledger.sqlite3").read_bytes() == before
    assert sorted(path.name for path in output.iterdir()) == ["ledger.sqlite3", "runs", "sightings", "stories"]


def test_a_ledger_that_somebody_reads_stays(output: Path) -> None:
    with closing(sqlite3.connect(output / "ledger.sqlite3")) as reader:
        reader.execute("SELECT count(*) FROM stories").fetchone()
        with pytest.raises(RebuildError, match="in use"):
            made(output)
    made(output)


def test_a_ledger_of_a_later_version_stays(output: Path) -> None:
    with closing(sqlite3.connect(output / "ledger.sqlite3")) as ledger:
        ledger.execute("UPDATE newscrawl_schema SET version = 99")
        ledger.commit()
    with pytest.raises(LedgerError, match="version 99"):
        made(output)


def test_what_a_killed_rebuild_left_is_no_hindrance(output: Path) -> None:
    (output / room.PLACE).mkdir()
    (output / room.PLACE / "ledger.sqlite3").write_bytes(b"half")
    made(output)
    assert not (output / room.PLACE).exists()


def test_one_rebuild_at_a_time(output: Path) -> None:
    with _held(output / "runs"), pytest.raises(RebuildError, match="another rebuild"):
        made(output)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    yield
    os.close(descriptor)


# --- A ledger that is shared ------------------------------------------------------------------------------------------


def test_an_empty_postgresql_is_filled(output: Path, postgres: Postgres) -> None:
    ledger = postgres.database()
    made(output)
    figures, _ = made(output, ledger)
    here, there = tables(output), tables(output, ledger)
    assert figures.stories == len(here["stories"])
    for name in ("stories", "names", "lines", "articles", "runs"):
        assert there[name] == here[name]


def test_a_postgresql_that_knows_something_stays(output: Path, postgres: Postgres) -> None:
    ledger = postgres.database()
    made(output, ledger)
    before = tables(output, ledger)
    with pytest.raises(RebuildError, match="only an empty one") as error:
        made(output, ledger)
    assert "niet-voor-in-het-logboek" not in str(error.value)
    assert tables(output, ledger) == before


def test_revisions_follow_each_other(output: Path) -> None:
    """The day is worth its tests only if it has stories that were revised more than once, or in both kinds."""
    seen: dict[tuple[str, str], list[int]] = {}
    for line in lines_of(output, "stories"):
        seen.setdefault((line["kind"], line["story_id"]), []).append(line["revision"])
    assert {kind for (kind, _), revisions in seen.items() if len(revisions) > 1} == {"article", "brief"}
    assert all(later == earlier + 1 for revisions in seen.values() for earlier, later in pairwise(revisions))
