"""What a crawl yields: stories (articles and briefs) and sightings of them.

Moments are aware datetimes in UTC. A field that is not known is None: nothing here is guessed. The order of the fields
is that of the lines written.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from newscrawl.timing.evidence import Source
from newscrawl.timing.interval import Precision

SCHEMA_VERSION = 1

Kind = Literal["article", "brief"]
Where = Literal["lead", "sidebar", "index", "net_binnen"]


@dataclass(slots=True)
class Crosshead:
    """A subheading inside a text."""

    text: str
    """The subheading itself."""

    before_paragraph: int
    """Index, from 0, of the paragraph that follows it."""


@dataclass(slots=True, kw_only=True)
class Story:
    """What articles and briefs share: one line of the output."""

    kind: Kind | None = None
    """`article` (a lead) or `brief` (a teaser, in a sidebar or on an index page)."""

    story_id: str | None = None
    """The same for a brief and the article it announces; 16 hexadecimal digits, the same on every machine."""

    revision: int = 0
    """0 at first; one more each time headline, dateline or text changed in substance."""

    url: str | None = None
    """Address of the article, absolute and canonical; null where the source has none."""

    headline: str | None = None
    """Headline; null where the source shows none."""

    section: str | None = None
    """Section as the page names it, such as `Buitenland`; null where it names none."""

    dateline: str | None = None
    """Dateline as written, without the dash: `MOSKOU (ANP/RTR/DPA)`; null where there is none."""

    place: str | None = None
    """Place of the dateline: `MOSKOU`; null without a dateline."""

    agencies: list[str] = field(default_factory=list)
    """Wire agencies of the dateline, in its order: `["ANP", "RTR", "DPA"]`."""

    text: str = ""
    """Body after the dateline; paragraphs are parted by one empty line."""

    crossheads: list[Crosshead] = field(default_factory=list)
    """Subheadings and where they stand."""

    position: int | None = None
    """Place of a brief in its list, from 0; null for an article."""

    published_at: datetime | None = None
    """Best estimate of the moment of publication: the middle of the interval; null when nothing is known."""

    published_earliest: datetime | None = None
    """Earliest moment at which it can have been published; null when nothing is known."""

    published_latest: datetime | None = None
    """Latest moment at which it can have been published; null when nothing is known."""

    published_precision: Precision | None = None
    """How finely the moment is known: `second`, `minute`, `hour`, `day`, `week`, `month` or `year`."""

    published_source: Source | None = None
    """Surest source of the moment: `metadata`, `feed`, `clock` or `relative`."""

    published_raw: str | None = None
    """What that source showed, as shown: `2 uur geleden`; also where it was not understood and the rest is null."""

    modified_at: datetime | None = None
    """When it was published anew, as far as the page or a contradicting sighting tells; else null."""

    language: str | None = None
    """Language of the text, a BCP 47 tag."""

    site: str | None = None
    """Name of the site, as in the argument `site`."""

    spider: str | None = None
    """Name of the spider; null for items made by `extract`."""

    found_on: str | None = None
    """Address of the page it was read from; null where the page has none."""

    crawled_at: datetime | None = None
    """When the page arrived; in an archive, the record's date."""

    rendered_at: datetime | None = None
    """When the page was made, as far as its headers tell; else when it arrived."""

    schema_version: int = SCHEMA_VERSION
    """Version of this list of fields."""


@dataclass(slots=True, kw_only=True)
class Article(Story):
    """A lead: the story that a page is about."""

    kind: Kind | None = "article"
    """Always `article`."""


@dataclass(slots=True, kw_only=True)
class Brief(Story):
    """A teaser of a story, in a sidebar or on an index page."""

    kind: Kind | None = "brief"
    """Always `brief`."""


@dataclass(slots=True, kw_only=True)
class Sighting:
    """One appearance of a story on a page, also of a story that is known already."""

    story_id: str | None = None
    """The story that was seen."""

    where: Where | None = None
    """Part of the page: `lead`, `sidebar`, `index` or `net_binnen`."""

    url: str | None = None
    """Address of the story as this appearance gives it; null where it gives none."""

    headline: str | None = None
    """Headline as this appearance gives it; null where it gives none."""

    section: str | None = None
    """Section that this appearance names; null where it names none."""

    position: int | None = None
    """Place in its list, from 0; null for a lead."""

    page_url: str | None = None
    """Address of the page; null where it has none."""

    raw: str | None = None
    """Time as shown, else as told to machines; then in brackets what was told and not believed; null without any."""

    earliest: datetime | None = None
    """Earliest moment of publication that this appearance allows; null when it tells nothing."""

    latest: datetime | None = None
    """Latest moment of publication that this appearance allows; null when it tells nothing."""

    crawled_at: datetime | None = None
    """When the page arrived."""

    rendered_at: datetime | None = None
    """When the page was made."""


Item = Article | Brief | Sighting
