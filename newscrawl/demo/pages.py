"""The pages of the demo edition: an address and a moment to the answer of a web server. No network, no clock."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from importlib.resources import files
from urllib.parse import parse_qs, unquote
from zlib import crc32

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from newscrawl.demo import DEMO_URL
from newscrawl.demo.ago import ago
from newscrawl.demo.newsroom import PERIOD, Crosshead, Newsroom, Story
from newscrawl.timing.calendar import AMSTERDAM, MONTHS, WEEKDAYS

TEASERS = 10  # on an index page, and in "Net binnen"
BRIEFS = (5, 10)  # beside an article: fewest and most; in between, all of the last day
WITH_FEED = ("Buitenland", "Sport")
FEED_DELAY = timedelta(hours=6)  # how long a story is for readers of the site alone
FEED_ITEMS = 5
MIXED = "mixed"  # no layout, but each page in one of them: which one follows from its address
NATIONAL = ("Buitenland", "Binnenland", "Politiek", "Financieel", "Sport", "Voetbal")

DRESSED_FROM = 12  # words; what may be a dateline stays bare
_DRESSES = (
    *("<em>{}</em>", "<b>{}</b>", '<a href="/zoeken">{}</a>', "<span>{}</span>", '<abbr title="voluit">{}</abbr>'),
    *["{}"] * 40,
)

HTML = "text/html; charset=utf-8"
RSS = "application/rss+xml; charset=utf-8"
ROBOTS = "User-agent: *\nDisallow: /zoeken\nDisallow: /nieuws/partner/\n"


@dataclass(frozen=True)
class Notice:
    """A page that holds no news."""

    title: str
    text: str


_FRONT = Notice("Welkom", "Kies hierboven een rubriek. Alle berichten in deze editie zijn verzonnen.")
_CONTACT = Notice(
    "Contact",
    "De redactie van Demoland bestaat niet, en is dus dag en nacht onbereikbaar. Tips zijn niettemin welkom: leg ze"
    " onder een steen naar keuze.",
)
_SEARCH = Notice("Zoeken", "In een editie die elke drie dagen terugkomt, hoeft niemand te zoeken. Wachten volstaat.")
_PARTNER = Notice("Partner", "Hier stond een advertentie. De adverteerder was net zo verzonnen als het nieuws.")
_MISSING = Notice(
    "Pagina niet gevonden", "Deze pagina is er niet, of niet meer: de meeste berichten verdwijnen na drie dagen."
)


@dataclass(frozen=True)
class Answer:
    """What a web server answers: *status* of HTTP, *content_type* with its charset, and the *body* in it."""

    status: int
    content_type: str
    body: bytes


def layouts() -> list[str]:
    """Return the names of the layouts that an edition can be printed in."""
    return sorted(folder.name for folder in (files("newscrawl.demo") / "templates").iterdir() if folder.is_dir())


class Edition:
    """A newsroom in print: in one layout, or each page in one of them all."""

    def __init__(self, newsroom: Newsroom, layout: str = MIXED) -> None:
        """Print the stories of *newsroom* with the templates of *layout*.

        The layout decides what is nested in what and how machines are told, not what they are told: an article of the
        archive has its time of publication in each of them, in JSON-LD or in a meta element.

        Raises: ValueError when there is no such layout.
        """
        if layout not in (*layouts(), MIXED):
            raise ValueError(f"layout: one of {', '.join((*layouts(), MIXED))} is wanted, not {layout!r}")
        self._newsroom = newsroom
        self._layouts = layouts() if layout == MIXED else [layout]
        self._sections = {section_path(section): section for section in newsroom.sections}
        self._feeds = {feed_path(section): section for section in WITH_FEED if section in newsroom.sections}
        self._templates = Environment(
            loader=PackageLoader("newscrawl.demo", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.tests["crosshead"] = lambda part: isinstance(part, Crosshead)
        self._templates.filters["dressed"] = _dressed
        self._templates.globals.update(
            national=[section for section in NATIONAL if section in newsroom.sections],
            regional=[section for section in newsroom.sections if section not in NATIONAL],
            section_path=section_path,
            feed_path=feed_path,
            with_feed=WITH_FEED,
            hashed=lambda name: f"css-{crc32(name.encode()):x}",
        )

    def answer(self, target: str, at: datetime) -> Answer:
        """Return the page for *target*, a path with or without a query, as it stands at the moment *at* (aware)."""
        path, _, query = target.partition("?")
        path = unquote(path)
        if path == "/robots.txt":
            return Answer(200, "text/plain; charset=utf-8", ROBOTS.encode())
        if section := self._feeds.get(path):
            return self._feed(section, at)
        layout = self._layouts[crc32(target.encode()) % len(self._layouts)]
        if notice := _notice(path):
            return self._html(layout, "notice", at, notice=notice)
        if section := self._sections.get(path):
            return self._index(layout, section, parse_qs(query).get("page", ["1"])[0], at)
        if path.startswith("/nieuws/"):
            return self._article(layout, path.removeprefix("/nieuws/"), at)
        return self._missing(layout, at)

    def _index(self, layout: str, section: str, page: str, at: datetime) -> Answer:
        stories = self._newsroom.stories(at, section)
        pages = -(-len(stories) // TEASERS)
        number = int(page) if re.fullmatch("[1-9][0-9]{0,3}", page) else 0
        if not 1 <= number <= pages:
            return self._missing(layout, at)
        return self._html(
            layout,
            "index",
            at,
            section=section,
            teasers=stories[(number - 1) * TEASERS : number * TEASERS],
            latest=self._newsroom.stories(at)[:TEASERS] if number == 1 and section in NATIONAL else [],
            page=number,
            pages=pages,
        )

    def _feed(self, section: str, at: datetime) -> Answer:
        stories = [story for story in self._newsroom.stories(at, section) if at - story.published_at >= FEED_DELAY]
        return self._print("feed.xml.j2", RSS, at, section=section, stories=stories[:FEED_ITEMS], base_url=DEMO_URL)

    def _article(self, layout: str, slug: str, at: datetime) -> Answer:
        story = self._newsroom.story(slug, at)
        if story is None:
            return self._missing(layout, at)
        others = [other for other in self._newsroom.stories(at, story.section) if other.slug != slug]
        claims = _claims(story) if at - story.published_at >= PERIOD else None
        return self._html(
            layout,
            "article",
            at,
            story=story,
            canonical=DEMO_URL + story.path,
            briefs=_briefs(others, at),
            claims=claims,
            related=others[-2:],
        )

    def _missing(self, layout: str, at: datetime) -> Answer:
        return self._html(layout, "notice", at, status=404, notice=_MISSING)

    def _html(self, layout: str, template: str, at: datetime, *, status: int = 200, **parts: object) -> Answer:
        folder = "" if template == "notice" else f"{layout}/"
        return self._print(f"{folder}{template}.html.j2", HTML, at, status=status, layout=layout, **parts)

    def _print(self, template: str, content_type: str, at: datetime, *, status: int = 200, **parts: object) -> Answer:
        local = at.astimezone(AMSTERDAM)
        text = self._templates.get_template(template).render(
            **parts,
            ago=lambda story: ago(story.published_at, at),
            clock=lambda story: f"{story.published_at.astimezone(AMSTERDAM):%H:%M}",
            pub_date=lambda story: format_datetime(story.published_at.astimezone(AMSTERDAM)),
            today=f"{WEEKDAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}",
            year=local.year,
        )
        return Answer(status, content_type, text.encode())


def section_path(section: str) -> str:
    """Return the address of the first index page of *section*, without scheme and host."""
    folder = "/nieuws" if section in NATIONAL else "/nieuws/regio"
    return f"{folder}/{section.lower()}"


def feed_path(section: str) -> str:
    """Return the address of the feed of *section*, without scheme and host."""
    return f"{section_path(section)}/rss"


def _claims(story: Story) -> dict[str, str]:
    """Return what an article of the archive says of itself to machines, as JSON-LD."""
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline,
        "mainEntityOfPage": DEMO_URL + story.path,
        "datePublished": story.published_at.astimezone(AMSTERDAM).isoformat(),
    }


def _dressed(text: str) -> Markup:
    """Return *text* as an editor dresses it: some words in inline elements, and a line break in its middle."""
    words = [escape(word) for word in text.split(" ")]
    for place in range(DRESSED_FROM, len(words)):
        dress = _DRESSES[crc32(words[place].encode()) % len(_DRESSES)]
        words[place] = Markup(dress).format(words[place])  # noqa: S704 - ours, and what it is laid around is escaped
    middle = max(len(words) // 2, DRESSED_FROM)
    return Markup("<br>\n").join([Markup(" ").join(words[:middle]), Markup(" ").join(words[middle:])])


def _notice(path: str) -> Notice | None:
    if path.startswith("/nieuws/partner/"):
        return _PARTNER
    return {"/": _FRONT, "/nieuws/contact": _CONTACT, "/zoeken": _SEARCH}.get(path)


def _briefs(stories: Sequence[Story], at: datetime) -> Sequence[Story]:
    fewest, most = BRIEFS
    today = sum(at - story.published_at < timedelta(days=1) for story in stories)
    return stories[: min(max(today, fewest), most)]
