"""All captures of an archive in the order in which they were made, however many there are."""

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newscrawl.archive.catalogue import scan
from newscrawl.archive.records import PARTS, Damaged, Listed, Part, Passed, Place
from newscrawl.urls import host_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NONE = -1


@dataclass(frozen=True, slots=True)
class Found:
    """A record that may hold a page or feed, and the run of a crawler that made it."""

    place: Place
    run: str | None
    walk: str | None = None
    """The same where that was a crawl of newscrawl, whose lists all come before its articles."""
    ends_lists: bool = False
    """Whether no list of that crawl comes behind it."""
    part: Part | None = None
    """As what it was asked for, where that is known."""


class Captures:
    """The records of some files that may hold pages; a few numbers are kept of each."""

    def __init__(self, sources: Iterable[Path], clock: datetime | None = None) -> None:
        """Take the records of these files; *clock* is the moment of those that have none."""
        self.sources = list(sources)
        self._clock = clock
        self.bytes = 0
        """Bytes of all files."""
        for source in self.sources:
            with suppress(OSError):  # it is told when it is looked through
                self.bytes += source.stat().st_size
        self.bytes_seen = 0
        """Bytes that were looked through."""
        self.passed: Counter[str] = Counter()
        """Records that hold no page, by the reason."""
        self.damaged: list[Damaged] = []
        self._files: list[tuple[Path, str | None]] = []
        self._hosts: list[str] = []
        self._runs: list[str] = []
        self._began: dict[int, datetime] = {}
        """When runs of newscrawl began."""
        self._moments = array("q")
        self._offsets, self._lengths, self._inner = array("q"), array("q"), array("q")
        self._file, self._host, self._run = array("l"), array("l"), array("l")
        self._part = array("b")
        self._order: list[int] = []

    def __len__(self) -> int:
        return len(self._order)

    @property
    def length(self) -> int:
        """Bytes of all records that are to be read, unfolded."""
        return sum(self._lengths[index] for index in self._order)

    def find(self, goes_on: Callable[[], bool] = lambda: True) -> None:
        """Look through all files, for as long as *goes_on*."""
        files: dict[tuple[Path, str | None], int] = {}
        hosts: dict[str, int] = {}
        runs: dict[str, int] = {}
        for source in self.sources:
            for found in scan(source, self._advance, self._clock):
                if not goes_on():
                    return
                if isinstance(found, Passed):
                    self.passed[found.reason] += 1
                elif isinstance(found, Damaged):
                    self.damaged.append(found)
                else:
                    place = found.place
                    self._moments.append((found.captured_at - _EPOCH) // _MICROSECOND)
                    self._offsets.append(place.offset)
                    self._lengths.append(place.length)
                    self._inner.append(place.inner)
                    self._file.append(files.setdefault((place.source, place.member), len(files)))
                    host = host_of(found.url) if found.url else None
                    self._host.append(_NONE if host is None else hosts.setdefault(host, len(hosts)))
                    run = _NONE if found.run is None else runs.setdefault(found.run, len(runs))
                    self._run.append(run)
                    self._part.append(_NONE if found.part is None else PARTS.index(found.part))
                    if found.began_at is not None:
                        self._began[run] = found.began_at
        self._files, self._hosts, self._runs = list(files), list(hosts), list(runs)
        # Those of one moment stay as they stand in their files; those of crawls by one clock, as these were made.
        self._order = sorted(range(len(self._moments)), key=lambda index: self._began.get(self._run[index], _EPOCH))
        self._order.sort(key=self._moments.__getitem__)

    def _advance(self, size: int) -> None:
        self.bytes_seen += size

    def keep_hosts(self, hosts: Collection[str]) -> None:
        """Pass by what is on other *hosts*, where anything is on these; else all of it may be meant."""
        kept = {number for number, host in enumerate(self._hosts) if host in hosts}
        if kept:
            kept.add(_NONE)
            before = len(self._order)
            self._order = [index for index in self._order if self._host[index] in kept]
            if len(self._order) < before:
                self.passed["not on the site"] += before - len(self._order)

    def __iter__(self) -> Iterator[Found]:
        last = self._last_lists()
        for turn, index in enumerate(self._order):
            source, member = self._files[self._file[index]]
            number = self._run[index]
            place = Place(source, member, self._offsets[index], self._lengths[index], self._inner[index])
            run = None if number == _NONE else self._runs[number]
            walk = run if number in self._began else None
            part = None if self._part[index] == _NONE else PARTS[self._part[index]]
            yield Found(place, run, walk, last.get(number) == turn, part)

    def _last_lists(self) -> dict[int, int]:
        """Return when the last list comes of each crawl of newscrawl; of one that has marked none, its last record."""
        last: dict[int, tuple[bool, int]] = {}
        for turn, index in enumerate(self._order):
            number = self._run[index]
            if number in self._began:
                part = self._part[index]
                is_list = part != _NONE and PARTS[part] != "article"
                last[number] = max(last.get(number, (False, _NONE)), (is_list, turn))
        return {number: turn for number, (_, turn) in last.items()}


def first_addresses(sources: Iterable[Path], most: int) -> Iterator[str]:
    """Yield the addresses of the first records that may hold pages, *most* of them at most."""
    looked_at = 0
    for source in sources:
        for found in scan(source):
            looked_at += 1
            if isinstance(found, Listed) and found.url:
                yield found.url
            if looked_at >= most:
                return
