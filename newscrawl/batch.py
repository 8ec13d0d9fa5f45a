"""What one step of a walk has found: a page, or all lists of a crawl."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from newscrawl.items import Article, Brief, Item, Sighting, Story
from newscrawl.ledger.identity import Names
from newscrawl.timing.evidence import Evidence


@dataclass(frozen=True, slots=True)
class FeedClaim:
    """What a feed says of one story's publication."""

    names: Names
    evidence: Evidence
    feed_url: str
    shown: datetime
    """When the feed was made."""


@dataclass(slots=True, kw_only=True)
class Batch:
    """Items that travel together, and are written and remembered together or not at all.

    Addresses are canonical.
    """

    items: list[Item] = field(default_factory=list)
    claims: list[FeedClaim] = field(default_factory=list)
    """What feeds say of the stories among these, and of others."""
    announced: list[str] = field(default_factory=list)
    """Addresses of articles that are to be fetched, by this run or else by a later one."""
    fetched: str | None = None
    """Address of the article that was asked for, and that these items are from."""
    moved_to: str | None = None
    """Address at which it was found, where that is another."""
    failed: str | None = None
    """Address of an article that could not be fetched, or that was none."""
    refused: bool = False
    """Whether what failed may not be asked for at all."""
    walk: str | None = None
    """Of what an archive holds: the crawl that made these pages, where that was one of newscrawl."""
    depth: int | None = None
    """Index pages, from the first, that have been read to their end; None where these are no lists."""

    @property
    def stories(self) -> Iterator[Article | Brief]:
        """The articles and briefs among the items."""
        return (item for item in self.items if isinstance(item, Story))

    @property
    def sightings(self) -> Iterator[Sighting]:
        """The sightings among the items."""
        return (item for item in self.items if isinstance(item, Sighting))
