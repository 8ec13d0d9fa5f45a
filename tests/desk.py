"""A ledger as crawls use it, without pages or files: what is shown in one run after another, and what that is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from newscrawl.batch import Batch, FeedClaim
from newscrawl.items import Article, Brief, Item, Sighting, Story, Where
from newscrawl.ledger.identity import Names
from newscrawl.ledger.ledger import Ledger
from newscrawl.ledger.runs import RunRecord
from newscrawl.ledger.store import Store
from newscrawl.ledger.weighing import weigh
from newscrawl.timing.claims import DistrustedClaim

NINE = datetime(2026, 2, 24, 9, tzinfo=UTC)
SITE = "https://www.zeelandnet.nl"
URL = f"{SITE}/nieuws/brug-open"
PAGE = f"{SITE}/nieuws/buitenland"
HEADLINE = "Brug in Lima weer open"
TEXT = (
    "De brug over de rivier is weer open voor verkeer, heeft de beheerder maandag laten weten. Bij het ongeluk van"
    " vorige week kwamen 12 mensen om het leven."
)
MORE = "\n\nHet herstel van de motor duurde een week langer dan was voorzien."
_NAMES = count(1)


def shown(
    kind: type[Story] = Brief,
    *,
    at: datetime = NINE,
    where: Where | None = None,
    page: str | None = None,
    url: str | None = URL,
    headline: str | None = HEADLINE,
    dateline: str | None = "LIMA (ANP)",
    text: str = TEXT,
    **fields: Any,
) -> list[Item]:
    """Return a story as one page shows it, and its sighting."""
    place = dateline.partition(" (")[0] if dateline else None
    own = Names.of(url, place, text, headline).own
    where = where or ("lead" if kind is Article else "index")
    page = page or (url if where == "lead" else f"{SITE}/nieuws/buitenland")
    moments: dict[str, Any] = {"crawled_at": at, "rendered_at": at}
    story = kind(
        story_id=own, url=url, headline=headline, dateline=dateline, place=place, text=text, found_on=page, **moments,
        **fields,
    )  # fmt: skip
    assert isinstance(story, Article | Brief)
    return [story, Sighting(story_id=own, where=where, url=url, headline=headline, page_url=page, **moments)]


def line_of_net_binnen(
    headline: str = HEADLINE, *, url: str | None = None, at: datetime = NINE, page: str = PAGE
) -> Sighting:
    """Return a line of "Net binnen" that says a story was published an hour before *at*."""
    earliest = at - timedelta(hours=1)
    return Sighting(
        story_id=Names.of(url, None, "", headline).own, where="net_binnen", url=url, headline=headline, raw="09:00",
        page_url=page, earliest=earliest, latest=earliest + timedelta(seconds=59),
        crawled_at=at, rendered_at=at,
    )  # fmt: skip


@dataclass
class Desk:
    """A ledger in one store; each `run` is one crawl."""

    store: Store
    name: str = "test"

    def __post_init__(self) -> None:
        self.doubts: list[str] = []
        self.number = self.store.number_of(self.name)
        self.run()

    def run(self) -> Ledger:
        """Begin the next run, that has seen nothing yet."""
        self.ledger = Ledger(self.store, self.name)
        begun = RunRecord(id=f"run {next(_NAMES)}", spider="anp_test", name="20260224", started_at=NINE, progress={})
        self.ledger.runs.begin(begun)
        return self.ledger

    def see(
        self, *items: Item, claims: Iterable[FeedClaim] = (), at: datetime | None = None, **batch: Any
    ) -> tuple[str, ...]:
        """Let the run read a page with these items, and commit it. Return what each story is: new, revised or known."""
        known = Batch(items=list(items), claims=list(claims), **batch)
        draft = self.ledger.begin(known)
        weigh(known, draft, self._distrust)
        novelties = tuple(draft.judge(story) for story in known.stories)
        draft.walked(known, "anp_test", PAGE, at or NINE)
        self.contradictions = draft.contradictions
        self.ledger.commit(0, 0, {})
        return novelties

    def _distrust(self, claim: DistrustedClaim, _: str) -> None:
        self.doubts.append(claim.reason)


def ids(*items: Item) -> list[str]:
    """Return the different ids that items go by, in their order."""
    return list(dict.fromkeys(item.story_id or "" for item in items))
