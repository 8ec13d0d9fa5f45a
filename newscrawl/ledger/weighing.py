"""All that one batch says of the times of its stories, weighed together, so that no order of pages matters."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from newscrawl.batch import Batch, FeedClaim
from newscrawl.items import Item
from newscrawl.ledger.draft import Draft
from newscrawl.ledger.naming import shown_at
from newscrawl.publication import evidence_of
from newscrawl.timing.claims import Distrust as DistrustReason
from newscrawl.timing.claims import DistrustedClaim
from newscrawl.timing.evidence import Evidence
from newscrawl.timing.interval import Interval

Distrust = Callable[[DistrustedClaim, str], None]


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is said of a story, when that was shown, and the moment after which it cannot be."""

    story_id: str
    evidence: Evidence
    shown: datetime
    until: datetime | None


def weigh(batch: Batch, draft: Draft, distrust: Distrust) -> None:
    """Tell *draft* what the pages and feeds of *batch* say of times, the surest first.

    Where a feed cannot be right about a story that pages show, *distrust* is told why and which feed.
    """
    shown: defaultdict[str, _Shown] = defaultdict(_Shown)
    with_brief = {(story.found_on, story.story_id) for story in batch.stories}
    # With its page such a line was weighed already, and the brief holds what came of it.
    apart = [item for item in batch.sightings if (item.page_url, item.story_id) not in with_brief]
    pieces = [*_of_pages([*batch.stories, *apart], draft, shown), *_of_feeds(batch, draft, shown, distrust)]
    for piece in sorted(pieces, key=lambda piece: piece.evidence.order):
        draft.learn(piece.story_id, piece.evidence, shown=piece.shown, until=piece.until)
    for item in batch.sightings:
        evidence = evidence_of(item)
        if evidence is not None:
            draft.was_weighed(item.story_id or "", evidence)


def _of_pages(items: Iterable[Item], draft: Draft, shown: defaultdict[str, "_Shown"]) -> Iterator[_Piece]:
    """Yield what pages say of each story, and enter into *shown* what feeds have to agree with."""
    for item in sorted(items, key=shown_at):
        story_id, evidence = item.story_id or "", evidence_of(item)
        story = shown[story_id]
        story.first = first = story.first or draft.first_shown(story_id) or shown_at(item)
        if evidence is not None:
            story.times.append(evidence.interval)
            # A later page may say more than it knows. One that contradicts may show a story that came anew.
            cut = evidence.interval.earliest <= first < shown_at(item)
            yield _Piece(story_id, evidence, shown_at(item), first if cut else None)


def _of_feeds(batch: Batch, draft: Draft, shown: Mapping[str, "_Shown"], distrust: Distrust) -> Iterator[_Piece]:
    for claim in batch.claims:
        story_id = draft.known_as(claim.names)
        first = draft.first_shown(story_id)
        if first is None and claim.names.url is None:
            continue  # a headline by itself makes no story
        story = shown.get(story_id, _Shown(first))
        doubt = _doubt(claim, story) if story.first else None
        if doubt:
            distrust(DistrustedClaim(*doubt, claim.evidence.raw or ""), claim.feed_url)
        else:
            yield _Piece(story_id, claim.evidence, claim.shown, story.first)


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
