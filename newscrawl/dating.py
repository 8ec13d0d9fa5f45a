"""What a page says of times, in words and to machines, weighed: what is believed of each story, and what is left aside.

Reading gives the words and claims as they stand on the page, timing what each of them means. Here it is decided which
of them speak of which story, and whether they can be true.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from newscrawl.characters import clean
from newscrawl.ledger.identity import id_of_headline
from newscrawl.reading import Page
from newscrawl.reading.entries import Entry
from newscrawl.reading.lead import Lead
from newscrawl.reading.metadata import ArticleClaim
from newscrawl.sites import Site
from newscrawl.timing import UnknownTimePhrase, resolve, resolve_clocks
from newscrawl.timing.claims import DistrustedClaim, resolve_claim
from newscrawl.timing.days import parse_clock
from newscrawl.timing.evidence import Evidence, Source
from newscrawl.timing.interval import Interval
from newscrawl.timing.rendering import day_contradicts, resolve_on_day
from newscrawl.timing.stamps import tells_clock, tells_update


@dataclass(slots=True)
class Dated:
    """What one appearance of a story says of its time."""

    evidence: list[Evidence] = field(default_factory=list)
    """What is believed, the words shown first."""
    aside: list[str] = field(default_factory=list)
    """Machine-readable times that are not believed, as written."""
    modified_at: datetime | None = None


class Dating:
    """The weighing of one page's times, and the count of what was odd about them."""

    def __init__(
        self,
        page: Page,
        rendered_at: datetime,
        site: Site,
        own_url: str | None,
        address: Callable[[str | None], str | None],
    ) -> None:
        """Weigh the times of *page*, whose canonical address is *own_url*; *address* makes canonical ones of hrefs."""
        self.page, self.rendered_at, self.site, self._address = page, rendered_at, site, address
        self.day_contradicted = page.day is not None and day_contradicts(page.day, rendered_at, site.time_zone)
        """Whether the page shows another day than that of the clock it is read by."""
        past = page.day is not None and page.day <= rendered_at.astimezone(site.time_zone).date()
        self._day = page.day if self.day_contradicted and past else None  # none shows a day that is still to come
        self.read = 0
        """Times shown that were understood."""
        self.unread: list[str] = []
        """Times shown that were not understood, as shown."""
        self.distrusted: list[DistrustedClaim] = []
        """Why machine-readable times were left aside."""
        self.contradictions = 0
        """Machine-readable times that contradicted a surer one."""
        metadata = page.metadata
        addresses = (own_url, *map(address, (metadata.canonical, *metadata.twins)))
        self._own_urls = {known for known in addresses if known and (known == own_url or not site.is_index(known))}
        self._told = dict(self._told_of_urls())
        self._beside: set[str] | None = None

    # --- The lead -----------------------------------------------------------------------------------------------------

    def of_lead(self, lead: Lead) -> Dated:
        """Return what the page says of its lead's time: to machines alone, for a lead shows none."""
        metadata = self.page.metadata
        dated = Dated()
        articles = self._articles_about(lead, dated)
        claims = [claim for article in articles for claim in article.published]
        claims += [*metadata.published, *self._first_believed(self._beside_words(lead.times, dated))]
        modified = next((article.modified for article in articles if article.modified), metadata.modified)
        changed = self._believed(modified) if modified else None
        self._weigh(claims, dated, None, changed)
        if modified and changed and any(changed.latest < piece.interval.earliest for piece in dated.evidence):
            self.distrusted.append(DistrustedClaim("variance", "modified before it was published", modified))
            changed = None
        if changed:
            dated.modified_at = changed.best
        elif modified:
            dated.aside.append(modified)
        return dated

    def _articles_about(self, lead: Lead, dated: Dated) -> list[ArticleClaim]:
        """Return what the page tells of its lead as an article: where it tells of several, those with its headline."""
        about = [article for article in self.page.metadata.articles if self._is_about(article, lead.headline)]
        same = [article for article in about if _same_headline(article.headline, lead.headline)]
        if not same and len({article.published for article in about}) > 1:
            why = "one of several articles that all claim this page"
            dated.aside += [claim for article in about for claim in article.published]
            self.distrusted += [DistrustedClaim("variance", why, claim) for claim in dated.aside]
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
        urls = [url for url in map(self._address, article.urls) if url]
        decisive = next((url for url in urls if url in self._own_urls or self._is_elsewhere(url)), None)
        if decisive is not None:
            return decisive in self._own_urls or (same and not self._own_urls.isdisjoint(urls))
        if article.headline is None:
            return not urls and article.in_head and len(self.page.metadata.articles) == 1
        return same

    def _is_elsewhere(self, url: str) -> bool:
        """Return whether *url* is that of another page of the site; its front page is an address of no story."""
        hosts = {urlsplit(own).netloc for own in self._own_urls}
        return urlsplit(url).netloc in hosts and urlsplit(url).path.strip("/") != ""

    def _headlines_beside(self) -> set[str]:
        if self._beside is None:
            entries = (entry for entries in self.page.lists for entry in entries.entries)
            self._beside = {id_of_headline(entry.headline) for entry in entries if entry.headline}
        return self._beside

    # --- Lists --------------------------------------------------------------------------------------------------------

    def of_entry(self, entry: Entry, url: str | None) -> Dated:
        """Return what the page says of the time of a brief, whose canonical address is *url*."""
        dated = Dated()
        claims = list(self._told.get(url or "", ()))
        shown, undated = self._shown(entry) if entry.stamp else (None, False)
        if entry.stamp and tells_update(entry.stamp):
            dated.modified_at = shown.best if shown else None
        else:
            claims += [clean(entry.datetime)] if entry.datetime else []
            if entry.stamp and shown:
                source: Source = "clock" if tells_clock(entry.stamp) else "relative"
                dated.evidence.append(Evidence(source, shown, entry.stamp, undated))
        self._weigh(claims, dated, entry.stamp)
        if entry.stamp:
            self._count(entry.stamp, understood=bool(shown or dated.evidence))
        return dated

    def of_clock_lines(self) -> Iterator[Dated]:
        """Yield what each line of "Net binnen" says of its story's time."""
        clocks = [line.clock for line in self.page.clock_lines]
        if self._day:
            intervals = [self._phrase(f"{clock:%H:%M}") if clock else None for clock in map(parse_clock, clocks)]
        else:
            intervals = resolve_clocks(clocks, self.rendered_at, zone=self.site.time_zone)
        for clock, interval in zip(clocks, intervals, strict=True):
            self._count(clock, understood=interval is not None)
            yield Dated([Evidence("clock", interval, clock, undated=True)] if interval else [])

    def _told_of_urls(self) -> dict[str, tuple[str, ...]]:
        """Return the times that the page tells of articles, by the address of each but its own."""
        told: dict[str, tuple[str, ...]] = {}
        for article in (*self.page.metadata.listed, *self.page.metadata.articles):
            url = next((url for url in map(self._address, article.urls) if url), None)
            if url is not None and url not in self._own_urls and article.published:
                told.setdefault(url, article.published)
        return told

    # --- What can be true ---------------------------------------------------------------------------------------------

    def _weigh(self, claims: Sequence[str], dated: Dated, words: str | None, changed: Interval | None = None) -> None:
        """Add to *dated* what machine-readable times say together, the surest first, and those left aside.

        One that contradicts the *words* shown beside it is distrusted; one that contradicts a surer one is counted,
        unless it tells when the story was *changed*.
        """
        if not claims:
            return
        shown = dated.evidence[0].interval if dated.evidence else None
        believed: Evidence | None = None
        for claim in dict.fromkeys(claim for claim in claims if claim.strip()):
            interval = self._believed(claim)
            if interval is None:
                dated.aside.append(claim)
            elif shown and interval.intersection(shown) is None:
                why = f"at variance with {words!r} beside it"
                self.distrusted.append(DistrustedClaim("variance", why, claim))
                dated.aside.append(claim)
            elif believed is None:
                believed = Evidence("metadata", interval, claim)
            elif common := believed.interval.intersection(interval):
                believed = Evidence("metadata", common, believed.raw)
            elif changed is None or changed.intersection(interval) is None:
                self.contradictions += 1
                dated.aside.append(claim)
        if believed is not None:
            dated.evidence.append(believed)

    def _beside_words(self, times: Iterable[tuple[str, str]], dated: Dated) -> list[str]:
        """Return the times of a byline but for those of updates, and those at variance with the words beside them."""
        agreeing = []
        for words, claim in times:
            if tells_update(words):
                continue
            interval = self._phrase(words)
            with suppress(DistrustedClaim):
                told = resolve_claim(claim, self.rendered_at, zone=self.site.time_zone)
                if interval and told.intersection(interval) is None:
                    self.distrusted.append(DistrustedClaim("variance", f"at variance with {words!r} beside it", claim))
                    dated.aside.append(claim)
                    continue
            agreeing.append(claim)
        return agreeing

    def _first_believed(self, times: Sequence[str]) -> list[str]:
        """Return the times up to the first that can be true; those that follow it beside a headline tell of updates."""
        for index, claim in enumerate(times):
            with suppress(DistrustedClaim):
                resolve_claim(claim, self.rendered_at, zone=self.site.time_zone)
                return list(times[: index + 1])
        return list(times)

    def _shown(self, entry: Entry) -> tuple[Interval | None, bool]:
        """Return what the time of a brief means, and whether its day had to be inferred."""
        assert entry.stamp
        clock = parse_clock(entry.stamp)
        if clock and entry.day:
            return self._phrase(f"{entry.day:%d-%m-%Y} {clock:%H:%M}"), False
        return self._phrase(entry.stamp), clock is not None

    def _phrase(self, phrase: str) -> Interval | None:
        rounding, zone = self.site.rounding, self.site.time_zone
        try:
            if self._day:
                return resolve_on_day(phrase, self._day, rounding=rounding, zone=zone).until(self.rendered_at)
            return resolve(phrase, self.rendered_at, rounding=rounding, zone=zone)
        except UnknownTimePhrase:
            return None

    def _believed(self, claim: str) -> Interval | None:
        try:
            return resolve_claim(claim, self.rendered_at, zone=self.site.time_zone)
        except DistrustedClaim as error:
            self.distrusted.append(error)
            return None

    def _count(self, shown: str, *, understood: bool) -> None:
        if understood:
            self.read += 1
        else:
            self.unread.append(shown)


def _same_headline(one: str | None, other: str | None) -> bool:
    return bool(one and other) and id_of_headline(one or "") == id_of_headline(other or "")
