"""One page to items: read, timed and named, as far as that page by itself goes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from newscrawl.items import Article, Brief, Sighting, Story, Where
from newscrawl.ledger.identity import Names, id_of_headline
from newscrawl.loaders import ArticleLoader, BriefLoader, SightingLoader, load
from newscrawl.reading import Page, read_page
from newscrawl.reading.dateline import Dateline
from newscrawl.reading.lead import Lead
from newscrawl.reading.metadata import ArticleClaim
from newscrawl.sites import SITES, Site
from newscrawl.timing import UnknownTimePhrase, resolve, resolve_clocks
from newscrawl.timing.claims import MAX_LENGTH, DistrustedClaim, resolve_claim
from newscrawl.timing.evidence import Evidence, Publication, Source, publication
from newscrawl.timing.interval import Interval
from newscrawl.timing.rendering import day_contradicts, rendered_at, resolve_on_day
from newscrawl.timing.stamps import tells_clock, tells_update
from newscrawl.urls import absolute_url, canonical_url

Item = Article | Brief | Sighting


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
    dateline: Dateline | None = None
    paragraphs: tuple[str, ...] = ()
    crossheads: tuple[tuple[str, int], ...] = ()
    shown: str | None = None
    evidence: list[Evidence] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    """Machine-readable times that were not believed, as written."""
    modified_at: datetime | None = None


class _Extraction:
    """The making of one page's items."""

    def __init__(
        self, page: Page, url: str | None, rendered: datetime, crawled_at: datetime, site: Site, spider: str | None
    ) -> None:
        self.page, self.site, self.rendered = page, site, rendered
        self.result = Extract(page)
        self.result.day_contradicted = page.day is not None and day_contradicts(page.day, rendered, site.time_zone)
        page_url = canonical_url(url, site) if url else None
        self.page_url = page_url
        metadata = page.metadata
        addresses = (page_url, self._url(metadata.canonical), *map(self._url, metadata.twins))
        self.own_urls = {address for address in addresses if address}
        self._beside: set[str] | None = None
        language = (page.metadata.language or site.language).partition("-")[0].casefold()
        self.moments = {"crawled_at": crawled_at.astimezone(rendered.tzinfo), "rendered_at": rendered}
        self.of_page: dict[str, Any] = {
            "language": language,
            "site": site.name,
            "spider": spider,
            "found_on": page_url,
            **self.moments,
        }

    def run(self) -> Extract:
        appearances = [*self._lead(), *self._entries(), *self._clock_lines()]
        ids: dict[str, str] = {}  # any name of a story to the one it goes by on this page
        by_story: dict[str, list[_Appearance]] = {}
        for appearance in appearances:
            by_story.setdefault(appearance.names.join(ids), []).append(appearance)
        published = {
            story_id: publication(piece for appearance in same for piece in appearance.evidence)
            for story_id, same in by_story.items()
        }
        self.result.contradictions += sum(known.contradictions for known in published.values() if known)
        told: set[tuple[str, str]] = set()
        for appearance in appearances:
            story_id = appearance.names.join(ids)
            kind = _KINDS.get(appearance.where)
            if kind is not None and (kind, story_id) not in told:
                told.add((kind, story_id))
                self.result.items.append(self._story(kind, story_id, appearance, published[story_id]))
        self.result.items += [self._sighting(appearance.names.join(ids), appearance) for appearance in appearances]
        return self.result

    # --- What appears on the page -------------------------------------------------------------------------------------

    def _lead(self) -> Iterator[_Appearance]:
        lead = self.page.lead
        if lead is None:
            return
        metadata = self.page.metadata
        url = self.page_url or self._url(metadata.canonical)
        articles = self._articles_about(lead)
        appearance = _Appearance(
            "lead",
            Names.of(url, lead.dateline.place if lead.dateline else None, " ".join(lead.paragraphs), lead.headline),
            url,
            lead.headline,
            self.page.section,
            None,
            lead.dateline,
            lead.paragraphs,
            lead.crossheads,
        )
        claims = [claim for article in articles for claim in article.published]
        claims += [*metadata.published, *self._first_believed(self._beside_words(lead.times, appearance))]
        modified = next((article.modified for article in articles if article.modified), metadata.modified)
        changed = self._believed(modified) if modified else None
        self._weigh(claims, appearance, changed)
        if changed and any(changed.latest < evidence.interval.earliest for evidence in appearance.evidence):
            why = "modified before it was published"
            self.result.distrusted.append(DistrustedClaim("variance", why, modified or ""))
        elif changed:
            appearance.modified_at = changed.best
        yield appearance

    def _articles_about(self, lead: Lead) -> list[ArticleClaim]:
        """Return what the page tells of its lead as an article: where it tells of several, those with its headline."""
        about = [article for article in self.page.metadata.articles if self._is_about(article, lead.headline)]
        same = [article for article in about if _same_headline(article.headline, lead.headline)]
        if not same and len({article.published for article in about}) > 1:
            why = "one of several articles that all claim this page"
            self.result.distrusted += [
                DistrustedClaim("variance", why, claim) for article in about for claim in article.published
            ]
            return []
        return same or about

    def _is_about(self, article: ArticleClaim, headline: str | None) -> bool:
        """Return whether what the page tells of an article is told of its lead, which has that *headline*.

        Its address decides: that of this page, or of another page of the site. Where it has neither, its headline does;
        one that has no address and no headline speaks for the page if it is its only article and stands in its head.
        """
        same = _same_headline(article.headline, headline)
        if not same and article.headline and id_of_headline(article.headline) in self._headlines_beside():
            return False  # of a brief, though the page may give its own address for it
        urls = [url for url in map(self._url, article.urls) if url]
        decisive = next((url for url in urls if url in self.own_urls or self._is_elsewhere(url)), None)
        if decisive is not None:
            return decisive in self.own_urls or (same and not self.own_urls.isdisjoint(urls))
        if article.headline is None:
            return not urls and article.in_head and len(self.page.metadata.articles) == 1
        return same

    def _is_elsewhere(self, url: str) -> bool:
        """Return whether *url* is that of another page of the site; its front page is an address of no story."""
        hosts = {urlsplit(own).netloc for own in self.own_urls}
        return urlsplit(url).netloc in hosts and urlsplit(url).path.strip("/") != ""

    def _headlines_beside(self) -> set[str]:
        if self._beside is None:
            entries = (entry for entries in self.page.lists for entry in entries.entries)
            self._beside = {id_of_headline(entry.headline) for entry in entries if entry.headline}
        return self._beside

    def _entries(self) -> Iterator[_Appearance]:
        told = self._told_of_urls()
        for entries in self.page.lists:
            for position, entry in enumerate(entries.entries):
                url = self._url(entry.href)
                place = entry.dateline.place if entry.dateline else None
                appearance = _Appearance(
                    entries.where,
                    Names.of(url, place, " ".join(entry.paragraphs), entry.headline),
                    url,
                    entry.headline,
                    entries.section,
                    position,
                    entry.dateline,
                    entry.paragraphs,
                    shown=entry.stamp,
                )
                claims = [*told.get(url or "", ())]
                interval = self._phrase(entry.stamp) if entry.stamp else None
                if entry.stamp and tells_update(entry.stamp):
                    appearance.modified_at = interval.best if interval else None
                else:
                    claims += [entry.datetime] if entry.datetime else []
                    if entry.stamp and interval:
                        source: Source = "clock" if tells_clock(entry.stamp) else "relative"
                        appearance.evidence.append(Evidence(source, interval, entry.stamp))
                self._weigh(claims, appearance)
                if entry.stamp:
                    self._count(entry.stamp, understood=bool(interval or appearance.evidence))
                yield appearance

    def _told_of_urls(self) -> dict[str, tuple[str, ...]]:
        """Return the times that the page tells of articles, by the address of each but its own."""
        told: dict[str, tuple[str, ...]] = {}
        for article in (*self.page.metadata.listed, *self.page.metadata.articles):
            url = next((url for url in map(self._url, article.urls) if url), None)
            if url is not None and url not in self.own_urls and article.published:
                told.setdefault(url, article.published)
        return told

    def _clock_lines(self) -> Iterator[_Appearance]:
        lines = self.page.clock_lines
        if self.page.day is not None and self.result.day_contradicted:
            intervals: list[Interval | None] = [self._phrase(line.clock) for line in lines]
        else:
            intervals = resolve_clocks([line.clock for line in lines], self.rendered, zone=self.site.time_zone)
        for position, (line, interval) in enumerate(zip(lines, intervals, strict=True)):
            self._count(line.clock, understood=interval is not None)
            url = self._url(line.href)
            yield _Appearance(
                "net_binnen",
                Names.of(url, None, "", line.headline),
                url,
                line.headline,
                line.section,
                position,
                shown=line.clock,
                evidence=[Evidence("clock", interval, line.clock)] if interval else [],
            )

    def _url(self, href: str | None) -> str | None:
        if href is None or href.startswith("#"):
            return None
        url = absolute_url(href, self.page.base_url)
        return canonical_url(url, self.site) if url else None

    # --- When it was published ----------------------------------------------------------------------------------------

    def _weigh(self, claims: Iterable[str], appearance: _Appearance, changed: Interval | None = None) -> None:
        """Add to *appearance* what machine-readable times say together, the surest first, and those left aside.

        One that contradicts the words shown beside it is distrusted; one that contradicts a surer one is counted,
        unless it tells when the story was *changed*.
        """
        shown = appearance.evidence[0].interval if appearance.evidence else None
        believed: Evidence | None = None
        for claim in dict.fromkeys(claim for claim in claims if claim.strip()):
            interval = self._believed(claim)
            if interval is None:
                appearance.aside.append(claim)
            elif shown and interval.intersection(shown) is None:
                why = f"at variance with {appearance.shown!r} beside it"
                self.result.distrusted.append(DistrustedClaim("variance", why, claim))
                appearance.aside.append(claim)
            elif believed is None:
                believed = Evidence("metadata", interval, claim)
            elif common := believed.interval.intersection(interval):
                believed = Evidence("metadata", common, believed.raw)
            elif changed is None or changed.intersection(interval) is None:
                self.result.contradictions += 1
                appearance.aside.append(claim)
        if believed is not None:
            appearance.evidence.append(believed)

    def _beside_words(self, times: Iterable[tuple[str, str]], appearance: _Appearance) -> list[str]:
        """Return the times of a byline but for those at variance with the words they stand beside."""
        agreeing = []
        for words, claim in times:
            interval = self._phrase(words)
            with suppress(DistrustedClaim):
                told = resolve_claim(claim, self.rendered, zone=self.site.time_zone)
                if interval and told.intersection(interval) is None:
                    self.result.distrusted.append(
                        DistrustedClaim("variance", f"at variance with {words!r} beside it", claim)
                    )
                    appearance.aside.append(claim)
                    continue
            agreeing.append(claim)
        return agreeing

    def _first_believed(self, times: Sequence[str]) -> list[str]:
        """Return the times up to the first that can be true; those that follow it beside a headline tell of updates."""
        for index, claim in enumerate(times):
            with suppress(DistrustedClaim):
                resolve_claim(claim, self.rendered, zone=self.site.time_zone)
                return list(times[: index + 1])
        return list(times)

    def _phrase(self, phrase: str) -> Interval | None:
        rounding, zone = self.site.rounding, self.site.time_zone
        try:
            if self.page.day is not None and self.result.day_contradicted:
                return resolve_on_day(phrase, self.page.day, rounding=rounding, zone=zone)
            return resolve(phrase, self.rendered, rounding=rounding, zone=zone)
        except UnknownTimePhrase:
            return None

    def _believed(self, claim: str) -> Interval | None:
        try:
            return resolve_claim(claim, self.rendered, zone=self.site.time_zone)
        except DistrustedClaim as error:
            self.result.distrusted.append(error)
            return None

    def _count(self, shown: str, *, understood: bool) -> None:
        if understood:
            self.result.times_read += 1
        else:
            self.result.unread.append(shown)

    # --- Items --------------------------------------------------------------------------------------------------------

    def _story(self, kind: str, story_id: str, appearance: _Appearance, known: Publication | None) -> Article | Brief:
        loader = ArticleLoader() if kind == "article" else BriefLoader()
        dateline = appearance.dateline
        story: Article | Brief = load(
            loader,
            {
                "story_id": story_id,
                "url": appearance.url,
                "headline": appearance.headline,
                "section": appearance.section,
                "dateline": dateline.raw if dateline else None,
                "place": dateline.place if dateline else None,
                "agencies": dateline.agencies if dateline else None,
                "text": appearance.paragraphs,
                "crossheads": appearance.crossheads,
                "position": appearance.position,
                **self.of_page,
            },
        )
        story.modified_at = appearance.modified_at
        story.published_raw = appearance.shown  # what is shown is kept, also where it is not understood
        if known is not None:
            set_publication(story, known)
        return story

    def _sighting(self, story_id: str, appearance: _Appearance) -> Sighting:
        own = publication(appearance.evidence)
        sighting: Sighting = load(
            SightingLoader(),
            {
                "story_id": story_id,
                "where": appearance.where,
                "url": appearance.url,
                "headline": appearance.headline,
                "section": appearance.section,
                "position": appearance.position,
                "page_url": self.page_url,
                "raw": _raw(appearance, own),
                "earliest": own.interval.earliest if own else None,
                "latest": own.interval.latest if own else None,
                **self.moments,
            },
        )
        return sighting


def _same_headline(one: str | None, other: str | None) -> bool:
    return bool(one and other) and id_of_headline(one or "") == id_of_headline(other or "")


def _raw(appearance: _Appearance, own: Publication | None) -> str | None:
    """Return what a sighting keeps as written: the words shown, else what was believed; behind it what was not."""
    counts = appearance.shown or (own.raw if own else None)
    aside = [_cut(claim) for claim in appearance.aside]
    if counts is None and aside:
        counts, *aside = aside
    return " ".join([counts, *(f"[{claim}]" for claim in aside)]) if counts else None


def _cut(claim: str) -> str:
    return claim if len(claim) <= MAX_LENGTH else f"{claim[:MAX_LENGTH]}…"


_KINDS: Mapping[str, str] = {"lead": "article", "sidebar": "brief", "index": "brief"}


def set_publication(story: Story, known: Publication) -> None:
    """Write what is known of a story's publication into its fields."""
    interval = known.interval
    story.published_at = interval.best
    story.published_earliest, story.published_latest = interval.earliest, interval.latest
    story.published_precision = interval.precision
    story.published_source = known.source
    story.published_raw = known.raw
    story.modified_at = known.modified_at or story.modified_at
