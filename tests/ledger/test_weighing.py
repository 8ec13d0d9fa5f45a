"""What lists and feeds say of one story's time, weighed together: the order of pages does not matter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from desk import Desk
from harness import LEAD

from newscrawl.batch import Batch, FeedClaim
from newscrawl.items import Brief, Sighting
from newscrawl.ledger.draft import Draft
from newscrawl.ledger.identity import Names, id_of_url
from newscrawl.ledger.weighing import weigh
from newscrawl.publication import evidence_of
from newscrawl.timing.evidence import Evidence, Publication
from newscrawl.timing.interval import Interval

HOUR = timedelta(hours=1)
TEN = datetime(2026, 2, 24, 9, tzinfo=UTC)  # by the clock of Amsterdam
URL = "https://www.zeelandnet.nl/nieuws/a"

Weighing = Callable[..., tuple[Draft, Publication, list[str]]]


def brief(hours: int | None, rendered_at: datetime = TEN, *, wide: int = 1) -> Brief:
    """Return a brief that was *hours* old, or a little more, when its page was made."""
    made = Brief(url=URL, headline="AEX sluit hoger", text=LEAD, rendered_at=rendered_at)
    if hours is not None:
        made.published_latest = rendered_at - hours * HOUR
        made.published_earliest = made.published_latest - wide * HOUR
        made.published_source, made.published_precision, made.published_raw = "relative", "hour", f"{hours} uur geleden"
    return made


@pytest.fixture
def weighed(desk: Desk) -> Weighing:
    """Return a function that weighs a batch of these items."""

    def weigh_batch(*items: Brief, claim: FeedClaim | None = None) -> tuple[Draft, Publication, list[str]]:
        """Return the draft, what it knows of the one story of *items*, and why *claim* is doubted."""
        desk.ledger.discard()
        desk.run()
        sightings = [
            Sighting(where="index", url=URL, headline=item.headline, rendered_at=item.rendered_at) for item in items
        ]
        batch = Batch(items=[*map(replace, items), *sightings], claims=[claim] if claim else [])
        doubts: list[str] = []
        made = desk.ledger.begin(batch)
        weigh(batch, made, lambda doubt, _: doubts.append(doubt.reason))
        known = made.publication(id_of_url(URL))
        assert known is not None
        return made, known, doubts

    return weigh_batch


def test_what_lists_say_does_not_depend_on_their_order(weighed: Weighing) -> None:
    pages = [brief(1), brief(5), brief(3)]
    found = {str(weighed(*order)[1:]) for order in permutations(pages)}
    assert len(found) == 1, found
    _, known, _ = weighed(*pages)
    assert known.interval.latest == TEN - 5 * HOUR
    assert known.modified_at == TEN - 1.5 * HOUR


def test_what_a_later_list_says_is_cut_off_and_counts_once(weighed: Weighing) -> None:
    later = brief(0, TEN + HOUR / 2)  # and so no older than half past nine, while the first list shows it at nine
    later.published_earliest = TEN - HOUR / 4
    shown = [brief(1), later]
    draft, known, _ = weighed(*shown)
    assert (draft.contradictions, known.contradictions) == (0, 0)
    assert known.modified_at is not None
    for item in shown:
        evidence = evidence_of(item)
        assert evidence is not None
        draft.learn(id_of_url(URL), evidence, shown=TEN)
        assert draft.publication(id_of_url(URL)) == known, "it was told before"


@pytest.mark.parametrize(
    ("names", "hours", "doubts", "source"),
    [
        pytest.param(Names.of(URL, None, "", None), 24, [], "feed", id="an address is believed"),
        pytest.param(Names.of(None, None, "", "AEX sluit hoger"), 24, ["variance"], "relative", id="yesterday's"),
        pytest.param(Names.of(None, None, "", "AEX sluit hoger"), 1.5, [], "feed", id="today's"),
    ],
)
def test_a_headline_alone_does_not_outweigh_what_pages_show(
    weighed: Weighing, names: Names, hours: float, doubts: list[str], source: str
) -> None:
    at = TEN - hours * HOUR
    claim = FeedClaim(names, Evidence("feed", Interval(at, at, "second"), "x"), "https://www.zeelandnet.nl/rss", TEN)
    _, known, found = weighed(brief(1), brief(1, TEN + HOUR / 2), claim=claim)
    assert (found, known.source) == (doubts, source)
