"""One page to items: read, timed and named, as far as that page by itself goes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from newscrawl.dating import Dated, Dating
from newscrawl.items import Article, Brief, Item, Sighting, Where
from newscrawl.ledger.identity import Names
from newscrawl.loaders import ArticleLoader, BriefLoader, SightingLoader
from newscrawl.making import Maker
from newscrawl.publication import set_publication
from newscrawl.reading import Page, read_page
from newscrawl.reading.dateline import Dateline
from newscrawl.sites import SITES, Site
from newscrawl.timing.claims import MAX_LENGTH, DistrustedClaim
from newscrawl.timing.evidence import Publication, publication
from newscrawl.timing.rendering import rendered_at
from newscrawl.urls import absolute_url, canonical_url


@dataclass(slots=True)
class Extract:
    """The items of a page, and what was odd about it."""

    page: Page
    items: list[Item] = field(default_factory=list)
    times_read: int = 0
    """Times shown that were understood."""
    unread: list[str] = field(default_factory=list)
    """Times shown that were not understood, as shown."""
    distrusted: list[DistrustedClaim] = field(default_factory=list)
    """Why machine-readable times were left aside, each with the `reason` by which it is counted."""
    contradictions: int = 0
    """Pieces of evidence that contradicted a surer one."""
    day_contradicted: bool = False
    """Whether the page shows another day than that of the clock it is read by."""
    repaired: int = 0
    """Texts that were mojibake and have been repaired."""


def extract(
    body: bytes | str,
    *,
    url: str | None,
    crawled_at: datetime,
    content_type: str = "text/html",
    headers: Mapping[str, str] | None = None,
    site: str = "zeelandnet",
) -> list[Item]:
    """Return the items of one page: articles, briefs, and a sighting for every appearance.

    Pure: no network, no files, no clock, no state. What needs other pages (dedupe, revisions, narrowing) is not done.

    Args:
        body: the page, as it came.
        url: its address; None where it has none. What is no http(s) address counts as none.
        crawled_at: when it arrived, or was stored; aware.
        content_type: ``text/html`` or ``text/plain``, with its charset if one was declared.
        headers: the headers it came with; ``Date`` and ``Age`` tell when it was made.
        site: a name in `newscrawl.sites.SITES`.
    Raises: PageError, saying why, for what is no news page; ValueError for a naive *crawled_at* or an unknown *site*.
    """
    return extract_page(
        body, url=url, crawled_at=crawled_at, content_type=content_type, headers=headers, site=site_named(site)
    ).items


def site_named(name: str) -> Site:
    """Return the site with that name. Raises: ValueError, naming those there are."""
    if name not in SITES:
        raise ValueError(f"site: one of {', '.join(SITES)} is wanted, not {name!r}")
    return SITES[name]


def extract_page(
    body: bytes | str,
    *,
    url: str | None,
    crawled_at: datetime,
    content_type: str,
    headers: Mapping[str, str] | None,
    site: Site,
    spider: str | None = None,
) -> Extract:
    """Return what `extract` returns, with the page it was made of and what was odd about it."""
    if crawled_at.tzinfo is None:
        raise ValueError(f"crawled_at: an aware datetime is wanted, not {crawled_at!r}")
    url = absolute_url(url, None)
    page = read_page(body, url=url, content_type=content_type, site=site)
    return _Extraction(page, url, rendered_at(crawled_at, headers), crawled_at, site, spider).run()


@dataclass(slots=True)
class _Appearance:
    """A story at one place of the page."""

    where: Where
    names: Names
    url: str | None
    headline: str | None
    section: str | None
    position: int | None
    dated: Dated
    dateline: Dateline | None = None
    paragraphs: tuple[str, ...] = ()
    crossheads: tuple[tuple[str, int], ...] = ()
    shown: str | None = None
    """Its time, as shown."""
    own: Publication | None = field(init=False)
    """What it says of its story's publication by itself."""
    story_id: str = field(init=False)
    """The id under which its story goes on this page; there once all names have come together."""

    def __post_init__(self) -> None:
        self.own = publication(self.dated.evidence)


class _Extraction:
    """The making of one page's items."""

    def __init__(
        self, page: Page, url: str | None, rendered: datetime, crawled_at: datetime, site: Site, spider: str | None
    ) -> None:
        self.page, self.site = page, site
        self.page_url = page_url = canonical_url(url, site) if url else None
        self.dating = Dating(page, rendered, site, page_url, self._address)
        language = (page.metadata.language or site.language).partition("-")[0].casefold()
        moments = {"crawled_at": crawled_at.astimezone(rendered.tzinfo), "rendered_at": rendered}
        of_stories = {"language": language, "site": site.name, "spider": spider, "found_on": page_url, **moments}
        self.articles, self.briefs = Maker(ArticleLoader, of_stories), Maker(BriefLoader, of_stories)
        self.sightings = Maker(SightingLoader, {"page_url": page_url, **moments})

    def run(self) -> Extract:
        appearances = [*self._lead(), *self._entries(), *self._clock_lines()]
        ids: dict[str, str] = {}  # any name of a story to the one it goes by on this page
        by_story: dict[str, list[_Appearance]] = {}
        for appearance in appearances:
            appearance.story_id = appearance.names.join(ids)
            by_story.setdefault(appearance.story_id, []).append(appearance)
        published = {story_id: _published(same) for story_id, same in by_story.items()}
        dating = self.dating
        result = Extract(
            self.page,
            times_read=dating.read,
            unread=dating.unread,
            distrusted=dating.distrusted,
            contradictions=dating.contradictions + sum(known.contradictions for known in published.values() if known),
            day_contradicted=dating.day_contradicted,
            repaired=self.page.repaired,
        )
        told: set[tuple[str, str]] = set()
        for appearance in appearances:
            kind, story_id = _KINDS.get(appearance.where), appearance.story_id
            if kind is not None and (kind, story_id) not in told:
                told.add((kind, story_id))
                result.items.append(self._story(kind, appearance, published[story_id]))
        result.items += map(self._sighting, appearances)
        return result

    # --- What appears on the page -------------------------------------------------------------------------------------

    def _lead(self) -> Iterator[_Appearance]:
        lead = self.page.lead
        if lead is None:
            return
        url = self.page_url or self._address(self.page.metadata.canonical)
        yield _Appearance(
            "lead",
            Names.of(url, lead.dateline.place if lead.dateline else None, " ".join(lead.paragraphs), lead.headline),
            url,
            lead.headline,
            self.page.section,
            None,
            self.dating.of_lead(lead),
            lead.dateline,
            lead.paragraphs,
            lead.crossheads,
        )

    def _entries(self) -> Iterator[_Appearance]:
        for entries in self.page.lists:
            for position, entry in enumerate(entries.entries):
                url = self._address(entry.href)
                place = entry.dateline.place if entry.dateline else None
                names = Names.of(url, place, " ".join(entry.paragraphs), entry.headline)
                if url and self._leads_nowhere(entry.href or "", url, names):
                    url, names = None, replace(names, url=None)
                yield _Appearance(
                    entries.where,
                    names,
                    url,
                    entry.headline,
                    entries.section,
                    position,
                    self.dating.of_entry(entry, url),
                    entry.dateline,
                    entry.paragraphs,
                    shown=entry.stamp,
                )

    def _leads_nowhere(self, href: str, url: str, names: Names) -> bool:
        """Return whether a link leads to a place on the page of a lead, and its brief tells another story than that."""
        lead = self.page.lead
        if lead is None or not (href.startswith("?") or (url == self.page_url and self.places_on_page > 1)):
            return False
        place = lead.dateline.place if lead.dateline else None
        own = Names.of(None, place, " ".join(lead.paragraphs), lead.headline)
        return (own.text is None or own.text != names.text) and (own.headline is None or own.headline != names.headline)

    @cached_property
    def places_on_page(self) -> int:
        """How many links of briefs lead to a place on this page."""
        hrefs = {entry.href for entries in self.page.lists for entry in entries.entries if entry.href}
        return sum(self._address(href) == self.page_url for href in hrefs)

    def _clock_lines(self) -> Iterator[_Appearance]:
        lines = zip(self.page.clock_lines, self.dating.of_clock_lines(), strict=True)
        for position, (line, dated) in enumerate(lines):
            url = self._address(line.href)
            yield _Appearance(
                "net_binnen",
                Names.of(url, None, "", line.headline),
                url,
                line.headline,
                line.section,
                position,
                dated,
                shown=line.clock,
            )

    def _address(self, href: str | None) -> str | None:
        if href is None or href.startswith("#"):
            return None
        url = absolute_url(href, self.page.base_url)
        return canonical_url(url, self.site) if url else None

    # --- Items --------------------------------------------------------------------------------------------------------

    def _story(self, kind: str, appearance: _Appearance, known: Publication | None) -> Article | Brief:
        maker = self.articles if kind == "article" else self.briefs
        dateline = appearance.dateline
        story: Article | Brief = maker.make(
            {
                "story_id": appearance.story_id,
                "url": appearance.url,
                "headline": appearance.headline,
                "section": appearance.section,
                "dateline": dateline.raw if dateline else None,
                "place": dateline.place if dateline else None,
                "agencies": dateline.agencies if dateline else None,
                "text": appearance.paragraphs,
                "crossheads": appearance.crossheads or None,
                "position": appearance.position,
            }
        )
        story.modified_at = appearance.dated.modified_at
        story.published_raw = appearance.shown  # what is shown is kept, also where it is not understood
        if known is not None:
            set_publication(story, known)
        return story

    def _sighting(self, appearance: _Appearance) -> Sighting:
        interval = appearance.own.interval if appearance.own else None
        sighting: Sighting = self.sightings.make(
            {
                "story_id": appearance.story_id,
                "where": appearance.where,
                "url": appearance.url,
                "headline": appearance.headline,
                "section": appearance.section,
                "position": appearance.position,
                "raw": _raw(appearance),
                "earliest": interval.earliest if interval else None,
                "latest": interval.latest if interval else None,
            }
        )
        return sighting


def _published(same: list[_Appearance]) -> Publication | None:
    """Return what all appearances of one story say of its publication."""
    if len(same) == 1:
        return same[0].own
    return publication(piece for appearance in same for piece in appearance.dated.evidence)


def _raw(appearance: _Appearance) -> str | None:
    """Return what a sighting keeps as written: the words shown, else what was believed; behind it what was not."""
    counts = appearance.shown or (appearance.own.raw if appearance.own else None)
    aside = [_cut(claim) for claim in appearance.dated.aside]
    if counts is None and aside:
        counts, *aside = aside
    return " ".join([counts, *(f"[{claim}]" for claim in aside)]) if counts else None


def _cut(claim: str) -> str:
    return claim if len(claim) <= MAX_LENGTH else f"{claim[:MAX_LENGTH]}…"


_KINDS: Mapping[str, str] = {"lead": "article", "sidebar": "brief", "index": "brief"}
