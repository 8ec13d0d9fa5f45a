"""What a crawl takes on a ledger of a million stories and on an empty one: python -m tests.benchmarks.ledger.

    python -m tests.benchmarks.ledger [--stories 1000000] [--rounds 5] [--pages 300] [--folder FOLDER]

The large ledger is made by `scrapy ledger rebuild` from files that are written first, or was left in FOLDER by an
earlier call. Then whole processes crawl one local site, on an empty and on the large ledger in turns, so that a busy
machine slows both; each round has new stories. Shown are the medians of the rounds. Nothing is asserted.
"""

import os
import sqlite3
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import orjson

sys.path.insert(0, str(Path(__file__).parent.parent))  # as pytest does

from harness import FAST, ROOT, crawl_command, environment
from newsroom import AGENCIES, PLACES, VOCABULARY, Newsroom

from newscrawl.ledger.identity import id_of_url
from newscrawl.ledger.scope import scope_of
from newscrawl.sites import SITES

SPIDER = "anp_buitenland"
YEARS = timedelta(days=20 * 365)  # over which the stories are spread
A_RUN = 20  # new stories in each of the runs that made the ledger
SITE = "http://127.0.0.1:1"  # of the stories that are there


# --- A ledger of many stories -----------------------------------------------------------------------------------------


def write_output(folder: Path, stories: int, url: str, random: Random) -> None:
    """Write the files that runs of many years would have left: of each story a brief, an article and both sightings."""
    words = VOCABULARY.split()
    numbers = iter(range(stories))
    for kind in ("stories", "sightings", "runs"):
        (folder / kind / SPIDER).mkdir(parents=True)
    while some := list(islice(numbers, A_RUN)):
        at = datetime.now(UTC).replace(microsecond=0) - YEARS * (1 - some[0] / stories) - timedelta(hours=1)
        name = f"{at:%Y%m%dT%H%M%SZ}-{some[0]}"
        lines = [_lines(number, at, url, words, random) for number in some]
        briefs = [brief for brief, _ in lines]
        articles = [article for _, article in lines]
        _write(folder / "stories" / SPIDER / f"{name}.jsonl", [*briefs, *articles])
        _write(
            folder / "sightings" / SPIDER / f"{name}.jsonl",
            [_sighting(line, "index") for line in briefs] + [_sighting(line, "lead") for line in articles],
        )
        _write(folder / "runs" / SPIDER / f"{name}.json", [_report(at, url, 2 * len(some))])


def _lines(number: int, at: datetime, url: str, words: list[str], random: Random) -> tuple[dict[str, Any], ...]:
    headline = " ".join(random.choices(words, k=6)).capitalize()
    slug = "-".join(headline.lower().replace("ë", "e").split()[:4])
    place, agencies = random.choice(PLACES), random.choice(AGENCIES)
    opening = " ".join(random.choices(words, k=36)).capitalize() + "."
    rest = " ".join(random.choices(words, k=70)).capitalize() + "."
    earliest = at - timedelta(hours=random.randint(1, 20))
    story = {
        "kind": "brief",
        "story_id": id_of_url(f"{url}/nieuws/{slug}-{number}x"),
        "revision": 0,
        "url": f"{url}/nieuws/{slug}-{number}x",
        "headline": headline,
        "section": "Buitenland",
        "dateline": f"{place} ({agencies})",
        "place": place,
        "agencies": agencies.split("/"),
        "text": opening,
        "crossheads": [],
        "position": number % A_RUN,
        "published_at": earliest + timedelta(minutes=30),
        "published_earliest": earliest,
        "published_latest": earliest + timedelta(hours=1),
        "published_precision": "hour",
        "published_source": "relative",
        "published_raw": f"{(at - earliest) // timedelta(hours=1) - 1} uur geleden",
        "modified_at": None,
        "language": "nl",
        "site": "zeelandnet",
        "spider": SPIDER,
        "found_on": f"{url}/nieuws/buitenland",
        "crawled_at": at,
        "rendered_at": at,
        "schema_version": 1,
    }
    article = story | {
        "kind": "article",
        "text": f"{opening}\n\n{rest}",
        "position": None,
        "found_on": story["url"],
        "crawled_at": at + timedelta(seconds=2 + number % A_RUN),
        "rendered_at": at + timedelta(seconds=2 + number % A_RUN),
    }
    return story, article


def _sighting(line: dict[str, Any], where: str) -> dict[str, Any]:
    is_lead = where == "lead"
    return {
        "story_id": line["story_id"],
        "where": where,
        "url": line["url"],
        "headline": line["headline"],
        "section": line["section"],
        "position": line["position"],
        "page_url": line["found_on"],
        "raw": None if is_lead else line["published_raw"],
        "earliest": None if is_lead else line["published_earliest"],
        "latest": None if is_lead else line["published_latest"],
        "crawled_at": line["crawled_at"],
        "rendered_at": line["rendered_at"],
    }


def _report(at: datetime, url: str, written: int) -> dict[str, Any]:
    counts = dict.fromkeys(("requests", "failed_requests", "pages", "not_news", "leads", "briefs", "sightings"), A_RUN)
    others = dict.fromkeys(("times_read", "times_unread", "written", "revised", "known", "pending"), 0)
    return {
        "verdict": "ok",
        "reasons": [],
        "spider": SPIDER,
        "site": "zeelandnet",
        "arguments": {"start_url": f"{url}/nieuws/buitenland"},
        "started_at": at,
        "finished_at": at + timedelta(minutes=1),
        "counts": counts | others | {"written": written},
        "times": {"metadata": {}, "feed": {}, "clock": {}, "relative": {"hour": written}, "none": 0},
    }


def _write(path: Path, lines: list[dict[str, Any]]) -> None:
    path.write_bytes(b"".join(orjson.dumps(line, option=orjson.OPT_UTC_Z) + b"\n" for line in lines))


def make_ledger(folder: Path, stories: int) -> None:
    """Make a ledger of so many stories in *folder*, as `scrapy ledger rebuild` does."""
    begun = perf_counter()
    write_output(folder, stories, SITE, Random(1))  # noqa: S311 - repeatable
    print(f"{stories:,} stories written as files in {perf_counter() - begun:,.0f} s", flush=True)
    command = [sys.executable, "-m", "scrapy", "ledger", "rebuild"]
    seconds, peak = _timed(command, folder)
    print(f"made a ledger of them in {seconds:,.0f} s, with at most {peak:,.0f} MiB of memory", flush=True)
    for kind in ("stories", "sightings", "runs"):  # a crawl does not read them
        (folder / kind).rename(folder / f"{kind}-read")


# --- The crawl --------------------------------------------------------------------------------------------------------


def _timed(command: list[str], folder: Path) -> tuple[float, float]:
    """Return how long a process with that output folder takes, in seconds, and its peak memory in MiB."""
    begun = perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment(folder), stderr=subprocess.PIPE, text=True)
    assert process.stderr
    told = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise AssertionError(f"exit code {process.returncode}: {told[-2000:]}")
    return perf_counter() - begun, usage.ru_maxrss / 1024


def crawl(newsroom: Newsroom, folder: Path) -> tuple[float, float]:
    arguments = {"start_url": newsroom.index_url(), "max_pages": "500"}
    return _timed(crawl_command(SPIDER, arguments, FAST), folder)


def rounds(full: Path, empty: Path, number: int, pages: int) -> Iterator[tuple[Any, Any]]:
    """Yield for each round what the crawl took on an empty ledger and on the full one."""
    for turn in range(number):
        with Newsroom(seed=turn + os.getpid()) as newsroom:
            newsroom.publish_many(newsroom.moments(pages, newsroom.now - timedelta(days=3), newsroom.now))
            adopt(full / "ledger.sqlite3", newsroom)
            folders = [empty / str(turn), full]
            took = {folder: crawl(newsroom, folder) for folder in folders[:: 1 if turn % 2 else -1]}
            yield took[folders[0]], took[full]


def adopt(ledger: Path, newsroom: Newsroom) -> None:
    """Make the one ledger in a database that of a site: it has stories of its own on each host and port."""
    name = scope_of(SITES["zeelandnet"], newsroom.index_url())
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("UPDATE ledgers SET name = ?", (name,))
        connection.commit()


# --- On disk ----------------------------------------------------------------------------------------------------------


def bytes_by_table(ledger: Path) -> tuple[int, int, list[tuple[str, int]]]:
    """Return the stories of a ledger, its bytes after a checkpoint, and the bytes of each table, the largest first."""
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (stories,) = connection.execute("SELECT count(*) FROM stories").fetchone()
        try:
            question = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY sum(pgsize) DESC"
            tables = connection.execute(question).fetchall()
        except sqlite3.OperationalError:  # this SQLite cannot tell
            tables = []
    return stories, ledger.stat().st_size, tables


def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--stories", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--folder", type=Path, help="where the ledger is, or is left for the next call")
    given = parser.parse_args()
    with TemporaryDirectory() as temporary:
        work = Path(temporary)
        full = (given.folder or work / "full").absolute()
        if not (full / "ledger.sqlite3").exists():
            make_ledger(full, given.stories)
        took = list(rounds(full, work / "empty", given.rounds, given.pages))
        stories, size, tables = bytes_by_table(full / "ledger.sqlite3")
    on_empty, on_full = zip(*took, strict=True)
    print(f"{'':<28}{'empty':>10}{f'{stories:,}':>12}{'ratio':>8}")
    for label, index, digits in (("seconds a crawl", 0, 2), ("peak memory in MiB", 1, 0)):
        one, other = (median(values[index] for values in each) for each in (on_empty, on_full))
        print(f"{label:<28}{one:>10.{digits}f}{other:>12.{digits}f}{other / one:>8.2f}")
    ratios = [other[0] / one[0] for one, other in took]
    print(f"ratio of each round: {', '.join(f'{ratio:.2f}' for ratio in ratios)}")
    print(f"{size / stories:,.0f} bytes a story on disk" + "".join(f", {n / stories:,.0f} {t}" for t, n in tables))


if __name__ == "__main__":
    main()
