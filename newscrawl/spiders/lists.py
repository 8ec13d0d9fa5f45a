"""What the lists of a crawl say, kept back until the last of them has been read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from newscrawl.extraction import Item
from newscrawl.ledger.identity import Names
from newscrawl.ledger.memory import RunLedger, evidence_of
from newscrawl.timing.claims import DistrustedClaim
from newscrawl.timing.evidence import SOURCES, Evidence

Distrust = Callable[[DistrustedClaim, str], None]


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
        self._items: list[Item] = []
        self._claims: list[FeedClaim] = []

    def hold(self, items: Iterable[Item]) -> None:
        """Hold the items of an index page."""
        self._items += items

    def hold_claims(self, claims: Iterable[FeedClaim]) -> None:
        """Hold what a feed says."""
        self._claims += claims

    def release(self, distrust: Distrust) -> tuple[list[Item], int]:
        """Tell the ledger all that was held. Return the items in the order they came, and the number of contradictions.

        Where a feed says that a story is younger than a page that showed it, *distrust* is told why and which feed.
        """
        items, claims = self._items, self._claims
        self._items, self._claims = [], []
        for item in items:  # all names first: a line of "Net binnen" may stand before the brief that it belongs to
            self._ledger.identify(item)
        shown_by: dict[str, datetime] = {}
        told = [*self._of_pages(items, shown_by), *self._of_feeds(claims, shown_by, distrust)]
        contradictions = 0
        for story_id, evidence in sorted(told, key=lambda piece: SOURCES.index(piece[1].source)):
            before = self._ledger.publication(story_id)
            known = self._ledger.learn(story_id, evidence)
            contradictions += known.contradictions - (before.contradictions if before else 0)
        return items, contradictions

    def _of_pages(self, items: Iterable[Item], shown_by: dict[str, datetime]) -> Iterator[tuple[str, Evidence]]:
        """Yield what pages say of each story, and enter into *shown_by* when the first of them was made."""
        for item in sorted(items, key=_rendered_at):
            story_id, evidence = self._ledger.identify(item), evidence_of(item)
            first = shown_by.setdefault(story_id, _rendered_at(item))
            if evidence is not None:
                # A later page may say more than it knows. One that contradicts may show a story that came anew.
                cut = evidence.interval.earliest <= first < _rendered_at(item)
                yield story_id, _until(evidence, first) if cut else evidence

    def _of_feeds(
        self, claims: Iterable[FeedClaim], shown_by: Mapping[str, datetime], distrust: Distrust
    ) -> Iterator[tuple[str, Evidence]]:
        for claim in claims:
            story_id, evidence = self._ledger.known_as(claim.names), claim.evidence
            first = shown_by.get(story_id)
            if first is not None and evidence.interval.earliest > first:
                why = "later than a page that shows its story"
                distrust(DistrustedClaim("future", why, evidence.raw or ""), claim.feed_url)
            else:
                yield story_id, _until(evidence, first) if first else evidence


def _rendered_at(item: Item) -> datetime:
    assert item.rendered_at  # every item of a page has it
    return item.rendered_at


def _until(evidence: Evidence, moment: datetime) -> Evidence:
    return replace(evidence, interval=evidence.interval.until(moment))
