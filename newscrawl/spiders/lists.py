"""What the lists of a crawl say, kept back until the last of them has been read."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from newscrawl.extraction import Item
from newscrawl.items import Sighting
from newscrawl.ledger.identity import Names
from newscrawl.ledger.memory import RunLedger, evidence_of
from newscrawl.timing.claims import Distrust as DistrustReason
from newscrawl.timing.claims import DistrustedClaim
from newscrawl.timing.evidence import Evidence
from newscrawl.timing.interval import Interval

Distrust = Callable[[DistrustedClaim, str], None]
_Piece = tuple[str, Evidence, datetime | None]  # a story, what is said of it, and the moment after which it cannot be


@dataclass(frozen=True, slots=True)
class FeedClaim:
    """What a feed says of one story's publication."""

    names: Names
    evidence: Evidence
    feed_url: str


class HeldLists:
    """The items of index pages, and what feeds say of their times, until all lists have been read.

    So the first line of a story holds what every list says of its time, and not only the list that showed it first.
    """

    def __init__(self, ledger: RunLedger) -> None:
        self._ledger = ledger
        self.items: list[Item] = []
        """The items of the index pages, in the order they came."""
        self._claims: list[FeedClaim] = []

    def hold(self, items: Iterable[Item]) -> None:
        """Hold the items of an index page."""
        self.items += items

    def hold_claims(self, claims: Iterable[FeedClaim]) -> None:
        """Hold what a feed says."""
        self._claims += claims

    def weigh(self, distrust: Distrust) -> int:
        """Tell the ledger all that is held. Return the number of contradictions.

        Where a feed cannot be right about a story that pages show, *distrust* is told why and which feed.
        """
        for item in self.items:  # all names first: a line of "Net binnen" may stand before the brief that it belongs to
            self._ledger.identify(item)
        shown: defaultdict[str, _Shown] = defaultdict(_Shown)
        told = [*self._of_pages(shown), *self._of_feeds(shown, distrust)]
        contradictions = 0
        for story_id, evidence, until in sorted(told, key=lambda piece: piece[1].order):
            before = self._ledger.publication(story_id)
            known = self._ledger.learn(story_id, evidence, until=until)
            contradictions += known.contradictions - (before.contradictions if before else 0)
        return contradictions

    def _of_pages(self, shown: defaultdict[str, "_Shown"]) -> Iterator[_Piece]:
        """Yield what pages say of each story, and enter into *shown* what feeds have to agree with."""
        with_brief = {(item.found_on, item.story_id) for item in self.items if not isinstance(item, Sighting)}
        for item in sorted(self.items, key=_rendered_at):
            story_id, evidence = self._ledger.identify(item), evidence_of(item)
            story = shown[story_id]
            story.first = first = story.first or _rendered_at(item)
            if evidence and isinstance(item, Sighting) and (item.page_url, item.story_id) in with_brief:
                self._ledger.was_weighed(story_id, evidence)  # with its page, whose brief holds what came of it
            elif evidence is not None:
                story.times.append(evidence.interval)
                # A later page may say more than it knows. One that contradicts may show a story that came anew.
                cut = evidence.interval.earliest <= first < _rendered_at(item)
                yield story_id, evidence, first if cut else None

    def _of_feeds(self, shown: Mapping[str, "_Shown"], distrust: Distrust) -> Iterator[_Piece]:
        for claim in self._claims:
            story_id, evidence = self._ledger.known_as(claim.names), claim.evidence
            story = shown.get(story_id)
            doubt = _doubt(claim, story) if story else None
            if doubt:
                distrust(DistrustedClaim(*doubt, evidence.raw or ""), claim.feed_url)
            else:
                yield story_id, evidence, story.first if story else None


@dataclass(slots=True)
class _Shown:
    """What pages show of a story: when the first of them was made, and the times they show."""

    first: datetime | None = None
    times: list[Interval] = field(default_factory=list)


def _doubt(claim: FeedClaim, story: _Shown) -> tuple[DistrustReason, str] | None:
    """Return why *claim* is not to be believed about a *story* that pages show, or None."""
    interval = claim.evidence.interval
    if story.first is not None and interval.earliest > story.first:
        return "future", "later than a page that shows its story"
    # "AEX sluit hoger" comes back every other day: a headline alone may be that of another story.
    by_headline = claim.names.url is None
    if by_headline and story.times and not any(interval.intersection(time) for time in story.times):
        return "variance", "at variance with the pages that show a story with its headline"
    return None


def _rendered_at(item: Item) -> datetime:
    assert item.rendered_at  # every item of a page has it
    return item.rendered_at
