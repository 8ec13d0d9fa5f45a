"""A newsroom on loopback of which the whole truth is known: what was published, revised and shown, and when."""

import re
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from newscrawl.demo.ago import ago
from newscrawl.timing.calendar import AMSTERDAM

TEASERS = 10  # on an index page
BRIEFS = (5, 10)  # beside an article: fewest and most
PLACES = (
    *("MOSKOU", "BRUSSEL", "DEN HAAG", "SANTA CRUZ DE TENERIFE", "GAZA-STAD", "WASHINGTON/OSLO", "GENÈVE", "KYIV"),
    *("CORTINA D'AMPEZZO", "PARIJS", "TOKIO", "NEW YORK", "CARACAS", "TEHERAN", "OTTAWA", "NAIROBI"),
)
AGENCIES = ("ANP", "ANP/RTR", "ANP/AFP", "ANP/RTR/DPA", "ANP/BLOOMBERG", "ANP/DPA/BELGA")
VOCABULARY = (
    "akkoord arrestatie begroting belasting betoging bewoners bezoek boeren brand brug burgemeester coalitie crisis"
    " delegatie dijk douane energie exporteurs fabriek gevangenis gezant gouverneur grens haven hitte hulp ingenieurs"
    " inspectie justitie kabinet kanaal kiezers kust leger luchthaven markt minister motie olie onderhandelingen"
    " onderzoek oogst oppositie orkaan overeenkomst parlement partij patiënten pers politie premier president"
    " proces protest raad rechter regering republiek ruimtevaart sancties schepen senaat soldaten spoor staking stad"
    " stroom studenten telescoop toeristen top treinen uitspraak vakbond veiligheid verdachte verdrag vergunning"
    " verkiezing verzekeraars vliegtuig vluchteling voedsel vulkaan wapens water werkgevers wet ziekenhuis zaak"
    " achter bestaand blijvend dreigend eerder fel gesloten groot haastig ingrijpend internationaal jong kapot"
    " langdurig machtig nieuw onverwacht openlijk plotseling recent scherp somber streng tijdelijk uitgebreid"
    " verdeeld voorlopig zwaar aanvaardt belooft bespreekt bestrijdt betwist eist erkent herstelt hervat negeert"
    " onderzoekt ontkent opent steunt verbiedt verlaat vreest vraagt waarschuwt weigert wijst"
)


@dataclass
class Story:
    """A story, and what it said from which moment on."""

    slug: str
    section: str
    headline: str
    place: str
    agencies: str
    published_at: datetime
    versions: list[tuple[datetime, tuple[str, ...]]] = field(default_factory=list)
    """Paragraphs, and the moment from which they are shown; the oldest first."""

    def paragraphs(self, at: datetime) -> tuple[str, ...]:
        """Return what the story says at a moment."""
        return [paragraphs for moment, paragraphs in self.versions if moment <= at][-1]

    def opening(self, at: datetime) -> str:
        """Return its first paragraph with its dateline, as HTML."""
        return escape(f"{self.place} ({self.agencies}) - {self.paragraphs(at)[0]}", quote=False)

    def texts(self, kind: str) -> list[str]:
        """Return every text that its article or brief has ever had, the oldest first."""
        texts = ["\n\n".join(said if kind == "article" else said[:1]) for _, said in self.versions]
        return list(dict.fromkeys(texts))


class Newsroom:
    """Publishes, revises and serves: within `with` it listens on a free port of loopback."""

    def __init__(self, seed: int = 1, just_in: int = 0) -> None:
        """Make stories from *seed*. *just_in* is the number of lines in "Net binnen"."""
        self.at: datetime | None = None
        """The clock that pages are made by; None for the machine's."""
        self.latency = 0.0
        """Seconds that each page takes."""
        self.errors: dict[str, list[int]] = {}
        """Path and query to the statuses that are answered before it works."""
        self.asked: list[str] = []
        self.stories: dict[str, Story] = {}
        self._just_in = just_in
        self._random = Random(seed)  # noqa: S311 - a test wants it repeatable
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def index_url(self, section: str = "Buitenland") -> str:
        """Return the address of the first index page of a section."""
        return f"{self.url}/nieuws/{section.lower()}"

    @property
    def now(self) -> datetime:
        """The moment at which a page is made that is asked for now; in whole seconds, as a `Date` header has them."""
        return self.at or datetime.now(UTC).replace(microsecond=0)

    # --- The desk -----------------------------------------------------------------------------------------------------

    def publish(self, published_at: datetime, section: str = "Buitenland") -> Story:
        """Publish a new story; where that is still to come, it is shown from then on."""
        headline = self._sentence(6).rstrip(".")
        slug = f"{'-'.join(headline.lower().replace('ë', 'e').split()[:4])}-{len(self.stories) + 1}"
        place, agencies = self._random.choice(PLACES), self._random.choice(AGENCIES)
        paragraphs = [self._paragraph() for _ in range(self._random.randint(2, 5))]
        paragraphs[0] += f" Zeker {self._random.randint(3, 20)} mensen raakten gewond."
        story = Story(slug, section, headline, place, agencies, published_at, [(published_at, tuple(paragraphs))])
        self.stories = self.stories | {slug: story}  # whoever serves a page sees the old ones or the new ones
        return story

    def publish_many(self, moments: Iterable[datetime], section: str = "Buitenland") -> None:
        """Publish a new story at each of these moments."""
        for moment in moments:
            self.publish(moment, section)

    def revise(self, story: Story, at: datetime) -> None:
        """Raise the number of a story in its first paragraph, and add a sentence to its last one."""
        opening, *others = story.paragraphs(at)
        opening = re.sub(r"Zeker (\d+)", lambda found: f"Zeker {int(found[1]) + 1}", opening)
        others[-1] = f"{others[-1]} {self._sentence(9)}"
        story.versions.append((at, (opening, *others)))

    def shown(self, at: datetime, section: str | None = None) -> list[Story]:
        """Return what is in print at a moment, newest first; of one section, or of all."""
        stories = [
            story for story in self.stories.values() if story.published_at <= at and section in (None, story.section)
        ]
        return sorted(stories, key=lambda story: (story.published_at, story.slug), reverse=True)

    def moments(self, number: int, earliest: datetime, latest: datetime) -> list[datetime]:
        """Return moments at random in whole seconds, in order."""
        span = int((latest - earliest).total_seconds())
        return sorted(earliest + timedelta(seconds=self._random.randint(0, span)) for _ in range(number))

    def _paragraph(self) -> str:
        return " ".join(self._sentence(self._random.randint(8, 14)) for _ in range(self._random.randint(2, 4)))

    def _sentence(self, words: int) -> str:
        return " ".join(self._random.choices(VOCABULARY.split(), k=words)).capitalize() + "."

    # --- The pages ----------------------------------------------------------------------------------------------------

    def page(self, target: str, at: datetime) -> str | None:
        """Return the page at a path with or without a query, as it is at a moment; None where there is none."""
        parts = urlsplit(target)
        name = parts.path.removeprefix("/nieuws/")
        story = self.stories.get(name)
        if story is not None and story.published_at <= at:
            return self._article(story, at)
        number = int(parse_qs(parts.query).get("page", ["1"])[0])
        return self._index(name.capitalize(), number, at)

    def _index(self, section: str, number: int, at: datetime) -> str | None:
        stories = self.shown(at, section)
        teasers = stories[TEASERS * (number - 1) : TEASERS * number]
        if not teasers:
            return None
        latest = self.shown(at)[: self._just_in] if number == 1 else []
        lines = "".join(
            f"<li>{story.section} {story.published_at.astimezone(AMSTERDAM):%H:%M}"
            f" <a href='/nieuws/{story.slug}'>{escape(story.headline)}</a></li>"
            for story in latest
        )
        just_in = f"<section><h2>Net binnen</h2><ul>{lines}</ul></section>" if lines else ""
        more = TEASERS * number < len(stories)
        link = f"<a rel='next' href='/nieuws/{section.lower()}?page={number + 1}'>Volgende</a>" if more else ""
        return _html(f"{just_in}<h1>{section}</h1>{_briefs(teasers, at)}{link}")

    def _article(self, story: Story, at: datetime) -> str:
        others = [other for other in self.shown(at, story.section) if other is not story]
        fewest, most = BRIEFS
        briefs = others[: fewest + len(story.slug) % (most - fewest + 1)]
        paragraphs = [story.opening(at), *(escape(text, quote=False) for text in story.paragraphs(at)[1:])]
        text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        aside = f"<aside><h2>Meer uit {story.section}</h2>{_briefs(briefs, at)}</aside>" if briefs else ""
        return _html(f"<article><h1>{escape(story.headline)}</h1>{text}</article>{aside}")


def _briefs(stories: Iterable[Story], at: datetime) -> str:
    return "".join(
        f"<div><h3><a href='/nieuws/{story.slug}'>{escape(story.headline)}</a></h3>"
        f"<p>{story.opening(at)}</p><span>{ago(story.published_at, at)}</span></div>"
        for story in stories
    )


def _html(body: str) -> str:
    return f"<!DOCTYPE html><html lang='nl'><head><meta charset='utf-8'></head><body>{body}</body></html>"


class _Server(ThreadingHTTPServer):
    def __init__(self, newsroom: Newsroom) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.newsroom = newsroom

    def handle_error(self, *args: Any) -> None:
        """Say nothing: whoever asked may have been killed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the second write of an answer waits 40 milliseconds
    server: _Server

    def do_GET(self) -> None:
        newsroom = self.server.newsroom
        at = newsroom.now
        time.sleep(newsroom.latency)
        statuses = newsroom.errors.get(self.path)
        page = None if self.path == "/robots.txt" else newsroom.page(self.path, at)
        status = statuses.pop(0) if statuses else HTTPStatus.NOT_FOUND if page is None else HTTPStatus.OK
        body = (page if page is not None and status == HTTPStatus.OK else "Hier is niets.").encode()
        self.send_response_only(status)
        self.send_header("Date", format_datetime(at, usegmt=True))
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        newsroom.asked.append(self.path)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""
