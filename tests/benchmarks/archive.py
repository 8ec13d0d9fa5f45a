"""How fast archives are read, side by side with fastwarc and warcio alone: python -m tests.benchmarks.archive.

    python -m tests.benchmarks.archive [--records 5000] [--replayed 300] [--rounds 3]

The pages of the demo edition are written as a live crawl keeps them: as they are, without gzip, as one gzip stream, and
with the scripts of a page of 33 KB. All readers take each archive in turns, so that a busy machine slows all; the
medians of the rounds are shown, in records a second, and beside them their share of what fastwarc does that only hands
out the bytes. Nothing is asserted.
"""

import gzip
from argparse import ArgumentParser
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count, islice
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from fastwarc.warc import ArchiveIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator
from warcio.exceptions import ArchiveLoadFailed

from newscrawl.archive.captures import Captures, Found
from newscrawl.archive.catalogue import read, scan
from newscrawl.archive.records import Listed, Place
from newscrawl.archive.replay import Reading, readers, replay
from newscrawl.archive.writing import Capture, WarcFile, finish_warc
from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.pages import HTML, Edition
from newscrawl.sites import SITES
from newscrawl.spiders.archive import AT_ONCE

SITE = SITES["zeelandnet"]
BEGIN = datetime(2026, 2, 24, 9, tzinfo=UTC)
BUNDLE = 30_000  # bytes of scripts
HOW = Reading(SITE.name, "anp_archive")


# --- Archives ---------------------------------------------------------------------------------------------------------


def write(path: Path, records: int, scripts: int) -> Path:
    """Write articles of the demo edition, hour by hour."""
    newsroom, random = Newsroom.shipped(), Random(1)  # noqa: S311 - the same each time
    edition = Edition(newsroom)
    archive = WarcFile(path, "benchmark", BEGIN)
    moments = (BEGIN + timedelta(hours=hour) for hour in count())
    shown = ((story, at) for at in moments for story in newsroom.stories(at))
    for story, at in islice(shown, records):
        body = edition.answer(story.path, at).body
        if scripts:
            script = f"<script>var bundle = '{random.randbytes(scripts // 2).hex()}';</script></body>"
            body = body.replace(b"</body>", script.encode())
        archive.add(Capture(SITE.base_url + story.path, at, 200, [(b"Content-Type", HTML.encode())], body))
    archive.close()
    finish_warc(path)
    return path


def archives(folder: Path, records: int) -> dict[str, Path]:
    """Return what is read, by its name."""
    members = write(folder / "pages.warc.gz", records, 0)
    plain, stream = folder / "pages.warc", folder / "stream.warc.gz"
    plain.write_bytes(gzip.decompress(members.read_bytes()))
    stream.write_bytes(gzip.compress(plain.read_bytes(), compresslevel=6))
    large = write(folder / "large.warc.gz", records, BUNDLE)
    return {"pages, gzip": members, "pages, plain": plain, "pages, one gzip stream": stream, "33 KB, gzip": large}


# --- Readers ----------------------------------------------------------------------------------------------------------


def fastwarc_alone(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for record in ArchiveIterator(file, parse_http=False) if record.reader.read())


def warcio_alone(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for record in WarcioIterator(file) if record.content_stream().read())


def scan_alone(path: Path) -> int:
    return sum(isinstance(found, Listed) for found in scan(path))


def read_alone(places: list[Place]) -> int:
    return sum(read(place).status == 200 for place in places)


def replay_by(executor: Executor, records: list[Found]) -> int:
    begins = range(0, len(records), AT_ONCE)
    shares = [executor.submit(replay, records[begin : begin + AT_ONCE], HOW) for begin in begins]
    return sum(outcome.extract is not None for share in shares for outcome in share.result())


def speed(call: Callable[[], int]) -> float:
    start = perf_counter()
    try:
        records = call()
    except ArchiveLoadFailed:  # warcio takes no gzip stream of many records
        return 0.0
    return records / (perf_counter() - start)


def main() -> None:
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=5000)
    parser.add_argument("--replayed", type=int, default=300, help="records that are read as pages too")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with TemporaryDirectory() as temporary, readers(1) as one, readers(2) as two:
        for name, path in archives(Path(temporary), given.records).items():
            captures = Captures([path])
            captures.find()
            found = list(captures)
            some = found[: given.replayed]
            calls: dict[str, Callable[[], int]] = {
                "fastwarc alone": partial(fastwarc_alone, path),
                "warcio alone": partial(warcio_alone, path),
                "scan": partial(scan_alone, path),
                "read": partial(read_alone, [one.place for one in found]),
                "replay, 1 worker": partial(replay_by, one, some),
                "replay, 2 workers": partial(replay_by, two, some),
            }
            replay_by(two, some)  # processes start, and import
            rounds = [[speed(call) for call in calls.values()] for _ in range(given.rounds)]
            speeds = [median(each) for each in zip(*rounds, strict=True)]
            print(f"{name}: {path.stat().st_size / given.records / 1000:.1f} KB a record")
            for label, records in zip(calls, speeds, strict=True):
                print(f"  {label:<20}{records:>10,.0f} /s{records / speeds[0]:>10.2g}")


if __name__ == "__main__":
    main()
