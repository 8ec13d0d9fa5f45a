"""What crawls leave behind that are killed, or that follow each other through a day: all of it, once, whole and true.

    python -m tests.endurance [--kills 200] [--crawls 20] [--ledger sqlite|postgres|both] [--seed 1]

Prints a table of both trials, a column for each ledger; exits with 1 when a promise is broken.
"""

import json
import os
import signal
import sys
import time
from argparse import ArgumentParser, Namespace
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent))  # as pytest does

from contract import check_report
from harness import FAST, RunningCrawl, StartCrawl, WarmProcess
from newsroom import Newsroom, Story
from postgres import Postgres

from newscrawl.ledger.ledger import Ledger
from newscrawl.ledger.scope import scope_of
from newscrawl.ledger.store import Store
from newscrawl.sites import SITES

SPIDER = "anp_buitenland"
Line = dict[str, Any]

# --- What is wrong with what crawls left behind -----------------------------------------------------------------------


@dataclass
class Faults:
    """Broken promises, each told in a few words."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lost or self.doubled or self.torn or self.wrong)


def faults_of(newsroom: Newsroom, *folders: Path, sections: Iterable[str] = ("Buitenland",)) -> Faults:
    """Compare all files in output folders that share a ledger with the truth of *newsroom*."""
    faults = Faults()
    stories: list[Line] = []
    sightings: list[Line] = []
    for folder in folders:
        faults.torn += [f"{file.name} is left" for file in folder.rglob("*.part")]
        for file in _files(folder, "stories"):
            lines = _lines(file, faults)
            stories += lines
            keys = Counter((line["kind"], line["story_id"]) for line in lines)
            faults.doubled += [f"{key} in one file" for key, number in keys.items() if number > 1]
        for file in _files(folder, "sightings"):
            sightings += _lines(file, faults)
        _check_reports(folder, faults)
    _check_once(stories, sightings, faults)
    _check_truth(newsroom, stories, sightings, faults)
    there = {(line["kind"], _slug(line)) for line in stories}
    for story in (story for section in sections for story in newsroom.shown(newsroom.now, section)):
        faults.lost += [f"{kind} {story.slug}" for kind in ("article", "brief") if (kind, story.slug) not in there]
    return faults


def lines_of(folder: Path, kind: str) -> list[Line]:
    """Return all lines of one kind, file by file."""
    return [json.loads(line) for file in _files(folder, kind) for line in file.read_bytes().splitlines()]


def _files(folder: Path, kind: str) -> list[Path]:
    return sorted((folder / kind).glob("*/*.jsonl"))


def _lines(file: Path, faults: Faults) -> list[Line]:
    data = file.read_bytes()
    lines = []
    if not data.endswith(b"\n"):
        faults.torn.append(f"{file.name} does not end in a line end")
    for line in data.splitlines():
        try:
            lines.append(json.loads(line))
        except ValueError:
            faults.torn.append(f"{file.name}: {line[-60:]!r}")
    return lines


def _check_reports(folder: Path, faults: Faults) -> None:
    """Check that each file has its run report, and that each report tells what is in its files."""
    names = {(file.parent.name, file.stem) for kind in ("stories", "sightings") for file in _files(folder, kind)}
    names |= {(file.parent.name, file.stem) for file in (folder / "runs").glob("*/[!.]*.json")}
    for spider, name in sorted(names):
        try:
            report = json.loads((folder / "runs" / spider / f"{name}.json").read_bytes())
            check_report(report)
        except (OSError, ValueError, KeyError, AssertionError) as error:
            faults.torn.append(f"run report of {name}: {error!r}")
            continue
        for kind, count in (("stories", "written"), ("sightings", "sightings")):
            file = folder / kind / spider / f"{name}.jsonl"
            lines = file.read_bytes().count(b"\n") if file.exists() else 0
            if report["counts"][count] != lines or (kind in report["files"]) != file.exists():
                faults.torn.append(f"run report of {name}: {report['counts'][count]} {count}, not {lines}")


def _check_once(stories: list[Line], sightings: list[Line], faults: Faults) -> None:
    seen = {(line["story_id"], line["crawled_at"]) for line in sightings}
    faults.lost += [
        f"sighting of {_slug(line)}" for line in stories if (line["story_id"], line["crawled_at"]) not in seen
    ]
    appearances = Counter(json.dumps(line) for line in sightings)
    faults.doubled += [f"sighting {line}" for line, number in appearances.items() if number > 1]
    ids = defaultdict(set)
    revisions = defaultdict(list)
    for line in stories:
        ids[line["url"]].add(line["story_id"])
        revisions[line["kind"], line["story_id"]].append(line)
    faults.doubled += [f"{url} as {sorted(known)}" for url, known in ids.items() if len(known) > 1]
    for key, lines in revisions.items():
        lines.sort(key=lambda line: int(line["revision"]))
        numbers = [line["revision"] for line in lines]
        faults.doubled += [f"{key} revision {number}" for number, times in Counter(numbers).items() if times > 1]
        faults.lost += [f"{key} revision {number}" for number in range(max(numbers)) if number not in numbers]
        for before, after in pairwise(lines):
            if all(before[name] == after[name] for name in ("headline", "dateline", "text")):
                faults.doubled.append(f"{key} revision {after['revision']} says nothing new")


def _check_truth(newsroom: Newsroom, stories: list[Line], sightings: list[Line], faults: Faults) -> None:
    for line in stories:
        story = newsroom.stories.get(_slug(line))
        if story is None or line["text"] not in story.texts(line["kind"]) or line["headline"] != story.headline:
            faults.wrong.append(f"{line['kind']} {_slug(line)} is not what was published")
        elif not _holds_truth(story, line["published_earliest"], line["published_latest"]):
            faults.wrong.append(f"{line['kind']} {_slug(line)} was published {story.published_at}")
    for line in sightings:
        story = newsroom.stories.get(_slug(line))
        if story is None or not _holds_truth(story, line["earliest"], line["latest"]):
            faults.wrong.append(f"sighting of {_slug(line)}")


def _holds_truth(story: Story, earliest: str | None, latest: str | None) -> bool:
    if earliest is None or latest is None:
        return earliest is latest
    return datetime.fromisoformat(earliest) <= story.published_at <= datetime.fromisoformat(latest)


def _slug(line: Line) -> str:
    return str(line["url"]).rpartition("/")[2]


# --- Crawls that are killed -------------------------------------------------------------------------------------------


@dataclass
class KillTrial:
    """What came of a trial."""

    kills: int
    runs: int
    stories: int
    lines: int
    faults: Faults


def kill_trial(
    start_crawl: StartCrawl, newsroom: Newsroom, folder: Path, ledger: str, *, kills: int, seed: int, stories: int = 300
) -> KillTrial:
    """Kill crawls of a busy newsroom at random instants, *kills* times; then let one come to its end."""
    random = Random(seed)  # noqa: S311 - a trial can be repeated
    newsroom.publish_many(newsroom.moments(stories, newsroom.now - timedelta(days=3), newsroom.now))

    def start() -> RunningCrawl:
        return start_crawl(
            SPIDER, settings=FAST, folder=folder, ledger=ledger, start_url=newsroom.index_url(), max_pages="500"
        )

    killed = runs = 0
    while killed < kills:
        _bustle(newsroom, random)
        run = start()
        _strike(run, newsroom, random)
        result = run.wait()
        runs += 1
        killed += result.exit_code == -signal.SIGKILL
        if result.exit_code not in (0, -signal.SIGKILL):
            raise AssertionError(f"exit code {result.exit_code} after {killed} kills: {result.stderr}")
    result = start().wait()
    if result.exit_code:
        raise AssertionError(f"exit code {result.exit_code} of the undisturbed run: {result.stderr}")
    lines = len(lines_of(folder, "stories"))
    return KillTrial(killed, runs + 1, len(newsroom.stories), lines, faults_of(newsroom, folder))


def _bustle(newsroom: Newsroom, random: Random) -> None:
    for _ in range(random.randint(0, 5)):
        newsroom.publish(newsroom.now)
    for story in random.sample(newsroom.shown(newsroom.now)[:40], random.randint(0, 3)):
        newsroom.revise(story, newsroom.now)


def _strike(run: RunningCrawl, newsroom: Newsroom, random: Random) -> None:
    """Kill a crawl at a random instant: as it starts, mends, reads lists or articles, or closes."""
    asked, files = len(newsroom.asked), _finished(run.folder)
    way = random.choice(("start", "mending", "page", "page", "closing", "signal"))
    if way in ("page", "signal"):
        pages = random.randint(1, 40)
        _wait(run, lambda: len(newsroom.asked) >= asked + pages)
        _bustle(newsroom, random)
    if way == "closing":
        _wait(run, lambda: len(newsroom.asked) > asked)
        files = _finished(run.folder)
    if way in ("mending", "closing"):
        _wait(run, lambda: _finished(run.folder) != files)
    if way == "signal":
        run.kill(signal.SIGTERM)
    until = time.monotonic() + random.uniform(0, 0.4 if way == "start" else 0.03)
    _wait(run, lambda: time.monotonic() >= until)
    run.kill()


def _finished(folder: Path) -> set[str]:
    folders = [folder / kind / SPIDER for kind in ("stories", "sightings", "runs")]
    return {name for place in folders if place.exists() for name in os.listdir(place) if not name.endswith(".part")}  # noqa: PTH208 - is faster


def _wait(run: RunningCrawl, happened: Callable[[], bool]) -> None:
    while not (happened() or run.ended):
        time.sleep(0.001)


# --- Crawls that follow each other ------------------------------------------------------------------------------------


@dataclass
class Known:
    """What is known of a story's publication."""

    earliest: datetime
    latest: datetime
    seen: int = 0
    """How often a time was shown with it, by the sightings."""

    @property
    def width(self) -> timedelta:
        return self.latest - self.earliest


@dataclass
class Day:
    """What came of a day of crawls."""

    crawls: int
    known: dict[str, Known]
    """From the files of sightings, by slug."""
    in_ledger: dict[str, Known]
    """From the ledger, by slug."""
    true: float
    """Share of the intervals, from either, that hold the truth."""
    faults: Faults

    @property
    def often_seen(self) -> list[str]:
        """The stories seen at least four times."""
        return [slug for slug, known in self.known.items() if known.seen >= 4]

    @property
    def seen_late(self) -> list[str]:
        """Those among them that were hours old when they were seen first, and whose age was told in hours."""
        return [slug for slug in self.often_seen if self.known[slug].latest < BEGIN - timedelta(hours=1)]

    def widths(self) -> list[float]:
        """Return the median width in minutes of either list, by the sightings and by the ledger."""
        return [
            median(known[slug].width / timedelta(minutes=1) for slug in slugs)
            for slugs in (self.often_seen, self.seen_late)
            for known in (self.known, self.in_ledger)
        ]


BETWEEN = timedelta(minutes=15)  # two crawls
BEGIN = datetime.fromisoformat("2026-02-24T07:00:11+00:00")


def newsroom_day(start_crawl: StartCrawl, newsroom: Newsroom, folder: Path, ledger: str, *, crawls: int) -> Day:
    """Crawl a newsroom, which has not published yet, every quarter of an hour by its own clock."""
    end = BEGIN + crawls * BETWEEN
    newsroom.publish_many(newsroom.moments(60, BEGIN - timedelta(days=2), BEGIN))
    newsroom.publish_many(newsroom.moments(6 * crawls // 4, BEGIN, end))
    for number in range(crawls):
        newsroom.at = BEGIN + number * BETWEEN
        arrived_at = newsroom.at + timedelta(seconds=1)
        result = start_crawl(
            SPIDER, settings=FAST, folder=folder, ledger=ledger, start_url=newsroom.index_url(), max_pages="500",
            crawled_at=arrived_at.isoformat(),
        ).wait()  # fmt: skip
        if result.exit_code:
            raise AssertionError(f"exit code {result.exit_code} of crawl {number + 1}: {result.stderr}")
    faults = faults_of(newsroom, folder)
    known, in_ledger = _by_sightings(folder), _by_ledger(newsroom, folder, ledger)
    truths = [
        one.earliest <= newsroom.stories[slug].published_at <= one.latest
        for source in (known, in_ledger)
        for slug, one in source.items()
    ]
    return Day(crawls, known, in_ledger, sum(truths) / len(truths) if truths else 0, faults)


def _by_sightings(folder: Path) -> dict[str, Known]:
    known: dict[str, Known] = {}
    for line in lines_of(folder, "sightings"):
        if line["earliest"] is not None:
            earliest, latest = (datetime.fromisoformat(line[name]) for name in ("earliest", "latest"))
            before = known.get(_slug(line), Known(earliest, latest))
            known[_slug(line)] = Known(max(before.earliest, earliest), min(before.latest, latest), before.seen + 1)
    return known


def _by_ledger(newsroom: Newsroom, folder: Path, ledger: str) -> dict[str, Known]:
    slugs = {line["story_id"]: _slug(line) for line in lines_of(folder, "sightings")}
    store = Store(ledger, folder)
    replays = Ledger(store, scope_of(SITES["zeelandnet"], newsroom.index_url(), replay=True))
    published = {slug: replays.publication(story_id) for story_id, slug in slugs.items()}
    store.close()
    return {slug: Known(known.interval.earliest, known.interval.latest) for slug, known in published.items() if known}


# --- The command ------------------------------------------------------------------------------------------------------


@dataclass
class Endured:
    """What came of both trials with one ledger."""

    ledger: str
    trial: KillTrial
    day: Day

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        day = self.day
        narrow = max(day.widths()) <= MOST_MINUTES
        return not self.trial.faults and not day.faults and day.true == 1 and narrow

    def figures(self) -> dict[str, object]:
        """Return its column of the table."""
        trial, day = self.trial, self.day
        often, often_in_ledger, late, late_in_ledger = (f"{width:.1f}" for width in day.widths())
        return {
            "killed runs": trial.kills,
            "runs in all": trial.runs,
            "stories on the site": trial.stories,
            "lines in the files": trial.lines,
            **{name: len(told) for name, told in vars(trial.faults).items()},
            "crawls of the newsroom day": day.crawls,
            "faults of that day": sum(map(len, vars(day.faults).values())),
            "intervals that hold the truth": f"{day.true:.1%}",
            "stories seen at least 4 times": len(day.often_seen),
            "- median minutes by sightings": often,
            "- median minutes by the ledger": often_in_ledger,
            "- of these hours old when first seen": len(day.seen_late),
            "-- median minutes by sightings": late,
            "-- median minutes by the ledger": late_in_ledger,
        }


MOST_MINUTES = 15.0


def main() -> None:
    parser = ArgumentParser(prog="python -m tests.endurance", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=200, help="default: %(default)s")
    parser.add_argument("--crawls", type=int, default=20, help="of the newsroom day; default: %(default)s")
    parser.add_argument("--ledger", choices=("sqlite", "postgres", "both"), default="both", help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    given = parser.parse_args()
    if given.crawls < 8:
        parser.error(f"--crawls: 8 or more are wanted, for stories that are seen four times, not {given.crawls}")
    with TemporaryDirectory(prefix="newscrawl-endurance-") as folder, ExitStack() as stack:
        process = WarmProcess(Path(folder))
        stack.callback(process.close)
        endured = []
        if given.ledger != "postgres":
            endured.append(_endure("sqlite", str, process.start, Path(folder), given))
        if given.ledger != "sqlite":
            server = Postgres()
            stack.callback(server.close)
            endured.append(_endure("postgres", server.database, process.start, Path(folder), given))
        console = Console(soft_wrap=True)
        table = Table("", *(one.ledger for one in endured))
        for name in endured[0].figures():
            table.add_row(name, *(str(one.figures()[name]) for one in endured))
        console.print(table)
        for one in endured:
            for faults in (one.trial.faults, one.day.faults):
                for name, told in vars(faults).items():
                    for fault in told[:20]:
                        console.print(f"{one.ledger}: {name}: {fault}", markup=False, highlight=False)
        sys.exit(0 if all(one.kept for one in endured) else 1)


def _endure(
    name: str, new_ledger: Callable[[], str], start_crawl: StartCrawl, folder: Path, given: Namespace
) -> Endured:
    with Newsroom(given.seed) as newsroom:
        trial = kill_trial(
            start_crawl, newsroom, folder / f"{name}-killed", new_ledger(), kills=given.kills, seed=given.seed
        )
    with Newsroom(given.seed) as newsroom:
        day = newsroom_day(start_crawl, newsroom, folder / f"{name}-day", new_ledger(), crawls=given.crawls)
    return Endured(name, trial, day)


if __name__ == "__main__":
    main()
