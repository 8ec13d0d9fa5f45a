"""The stories of the demo edition and the moment each of them was published.

A recent story comes back every 72 hours as a story of its own, so the newsroom has young stories by any clock, and
two clocks a quarter of an hour apart see one and the same newsroom.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any, Self
from zlib import crc32

from newscrawl.timing.calendar import AMSTERDAM

PERIOD = timedelta(hours=72)
"""The time after which a recent story is published again, and after which its article is gone."""

_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a story, on one line."""

    text: str


@dataclass(frozen=True)
class Crosshead:
    """A subheading between two paragraphs."""

    text: str


@dataclass(frozen=True)
class Story:
    """A story as it was published at one moment."""

    slug: str
    """The last part of its address; of a recent story it ends in its day in Amsterdam: ``-20261124``."""
    section: str
    """The section as printed: ``Buitenland``, or a place for local news."""
    headline: str
    dateline: str
    """Place and agencies, without a dash: ``BOEDAPEST (ANP/AFP)``; empty where the story has none."""
    photo: str | None
    """The credit line of its photo: ``Foto: ANP``; None without a photo."""
    parts: tuple[Paragraph | Crosshead, ...]
    """The text in reading order; it starts with a paragraph."""
    published_at: datetime
    """Aware, UTC, whole seconds."""

    @property
    def brief(self) -> str:
        """The first paragraph: all that a list shows of the story."""
        return self.parts[0].text

    @property
    def path(self) -> str:
        """The address of its article, without scheme and host."""
        return f"/nieuws/{self.slug}"


class Newsroom:
    """Every story, by any clock. The clock is an argument of each question; the newsroom itself never changes."""

    def __init__(self, documents: Iterable[Mapping[str, Any]]) -> None:
        """Take stories from *documents*: each a ``section`` and its ``story`` tables.

        A table holds ``slug``, ``headline``, ``dateline``, ``text`` (an empty line between paragraphs, ``## `` before
        a crosshead), and perhaps ``photo``. One with ``published``, a wall time in Amsterdam such as
        ``2022-03-28T14:05``, is an old story: published then and never again.
        """
        self._once: dict[str, Story] = {}
        self._recurring: dict[str, Story] = {}  # each as it ran for the first time, in the first 72 hours of 1970
        recent = defaultdict(list)
        for document in documents:
            for table in document["story"]:
                if "published" in table:
                    local = datetime.fromisoformat(table["published"]).replace(tzinfo=AMSTERDAM)
                    self._once[table["slug"]] = _story(document["section"], table, local.astimezone(UTC))
                else:
                    recent[document["section"]].append(_story(document["section"], table, _START))
        for stories in recent.values():
            self._recurring |= {story.slug: story for story in _spread(stories)}
        every = (self._once | self._recurring).values()
        self.sections: tuple[str, ...] = tuple(sorted({story.section for story in every}))
        """The sections that have stories, in alphabetical order."""

    @classmethod
    def shipped(cls) -> Self:
        """Return the newsroom whose stories ship with the package."""
        folder = files("newscrawl.demo") / "stories"
        return cls(
            tomllib.loads(file.read_text(encoding="utf-8"))
            for file in sorted(folder.iterdir(), key=lambda file: file.name)
            if file.name.endswith(".toml")
        )

    def stories(self, at: datetime, section: str | None = None) -> list[Story]:
        """Return what is in print at the moment *at* (aware), newest first; of one *section*, or of all."""
        stories = [
            *(_occurrence(story, at) for story in self._recurring.values() if section in (None, story.section)),
            *(story for story in self._once.values() if section in (None, story.section) and story.published_at <= at),
        ]
        return sorted(stories, key=lambda story: (story.published_at, story.slug), reverse=True)

    def story(self, slug: str, at: datetime) -> Story | None:
        """Return the story with *slug*; None when at the moment *at* (aware) it is unknown, still to come or gone."""
        if once := self._once.get(slug):
            return once if once.published_at <= at else None
        first = self._recurring.get(re.sub(r"-[0-9]{8}$", "", slug))
        story = first and _occurrence(first, at)
        return story if story and story.slug == slug else None


def _story(section: str, table: Mapping[str, Any], published_at: datetime) -> Story:
    blocks = re.split(r"\n\s*\n", table["text"].strip())
    return Story(
        slug=table["slug"],
        section=section,
        headline=table["headline"],
        dateline=table["dateline"],
        photo=table.get("photo"),
        parts=tuple(
            Crosshead(block.removeprefix("## ")) if block.startswith("## ") else Paragraph(block) for block in blocks
        ),
        published_at=published_at,
    )


def _spread(stories: list[Story]) -> Iterator[Story]:
    """Give each story of a section its own moment in the period: one in each slot, anywhere in that slot."""
    slot = PERIOD.total_seconds() / len(stories)
    for place, story in enumerate(sorted(stories, key=_number)):
        jitter = _number(story) % 997 / 997
        yield replace(story, published_at=_START + timedelta(seconds=int((place + jitter) * slot)))


def _number(story: Story) -> int:
    return crc32(story.slug.encode())  # not hash(): that differs from one process to the next


def _occurrence(first: Story, at: datetime) -> Story:
    """The latest time that the story ran, up to and including *at*."""
    published_at = first.published_at + (at - first.published_at) // PERIOD * PERIOD
    day = published_at.astimezone(AMSTERDAM)
    return replace(first, slug=f"{first.slug}-{day:%Y%m%d}", published_at=published_at)
