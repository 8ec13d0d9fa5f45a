"""What a page tells machines, in JSON-LD, microdata and meta elements: claims, not truth. Who uses them checks them."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Any

from lxml import etree

from newscrawl.characters import clean
from newscrawl.reading.markup import elements_with, text_of

# schema.org's articles that carry news; a comment, a report of a company or a web page is none.
ARTICLE_TYPES = frozenset(
    (
        *("article", "newsarticle", "analysisnewsarticle", "askpublicnewsarticle", "backgroundnewsarticle"),
        *("opinionnewsarticle", "reportagenewsarticle", "reviewnewsarticle", "blogposting", "liveblogposting"),
    )
)
# Meta elements whose names mean publication, the surest first; `date` and `dc.date` may mean anything.
PUBLISHED_NAMES = (
    *("article:published_time", "og:article:published_time", "datepublished", "dcterms.issued", "dc.date.issued"),
    *("parsely-pub-date", "pubdate", "publishdate", "publish-date", "publication_date"),
)
MODIFIED_NAMES = ("article:modified_time", "og:article:modified_time", "datemodified", "dcterms.modified")

_SCHEMA_ORG = re.compile(r"^(?:(?:https?://)?(?:www\.)?schema\.org/|schema:)", re.IGNORECASE)
# What hides a script from software that knows none: comments, CDATA, and the comments of JavaScript around these.
_OPENING = re.compile(r"(?:\s|//|/\*|\*/|<!--|-->|<!\[CDATA\[|>)*+")
_CLOSING = re.compile(r"(?:\s|//|/\*|\*/|<!--|<!|-->|\]\]>|;)+$")
_LONGEST_CLOSING = 60  # characters
_MAX_JSON = 1_000_000  # characters; a larger script is data, not a description of the page
_MAX_NODES = 2_000  # of one script
_MAX_ARTICLES = 300  # of a page; a list of more is no list beside a lead
_MAX_CLAIMS = 4  # of one property
_MAX_PROPERTIES = 200  # of one item of microdata
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml"})
_MAX_FEEDS = 5


@dataclass(frozen=True, slots=True)
class ArticleClaim:
    """What the page tells machines of one article, in JSON-LD."""

    headline: str | None
    urls: tuple[str, ...]
    """Its addresses as written, the one that tells most first."""
    published: tuple[str, ...]
    """When it was published, as written; more than one where the page gives a list."""
    modified: str | None = None
    in_head: bool = False
    """Whether it stands in the head, where a page speaks of itself."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the head and the scripts of a page claim."""

    title: str | None = None
    base_href: str | None = None
    canonical: str | None = None
    twins: tuple[str, ...] = ()
    """Other addresses of the same page, as written: for sharing, for phones."""
    language: str | None = None
    published: tuple[str, ...] = ()
    """When the story of the page was published, as its meta elements and its microdata have it, the surest first."""
    modified: str | None = None
    next_href: str | None = None
    feeds: tuple[str, ...] = ()
    """Where feeds and maps of the site are, in the order of the page, as written."""
    articles: tuple[ArticleClaim, ...] = ()
    """Articles that stand by themselves, in JSON-LD."""
    listed: tuple[ArticleClaim, ...] = ()
    """Articles in a list, such as that of the stories beside the lead, in JSON-LD."""


def read_metadata(root: etree._Element) -> Metadata:
    """Return the claims of an HTML document."""
    metas: dict[str, str] = {}
    # In the body a meta element may speak for whichever item it stands in: see `_microdata`.
    for element in (meta for head in root.iter("head") for meta in head.iter("meta")):
        content = clean(element.get("content") or "")
        for key in ("property", "name", "itemprop"):
            name = (element.get(key) or "").strip().casefold()
            if name and content:
                metas.setdefault(name, content)
    links: dict[str, str] = {}
    for element in elements_with(root, "rel"):
        if element.tag in ("link", "a"):
            for relation in (element.get("rel") or "").casefold().split():
                links.setdefault(relation, (element.get("href") or "").strip())
    microdata = _microdata(root)
    found = list(islice(_articles(root), _MAX_ARTICLES))
    base = next((element.get("href") for element in root.iter("base") if element.get("href")), None)
    title = next((clean(text_of(element)) for element in root.iter("title")), None)
    published = [*_values(metas, PUBLISHED_NAMES), *_values(microdata, ("datepublished",))]
    modified = [*_values(metas, MODIFIED_NAMES), *_values(microdata, ("datemodified",))]
    return Metadata(
        title=metas.get("og:title") or title or None,
        base_href=base,
        canonical=links.get("canonical") or metas.get("og:url"),
        twins=_values(metas, ("og:url",)) + _values(links, ("amphtml",)),
        language=(root.get("lang") or "").strip() or None,
        published=tuple(dict.fromkeys(published)),
        modified=next(iter(modified), None),
        next_href=links.get("next"),
        feeds=_feeds(root),
        articles=tuple(article for article, listed in found if not listed),
        listed=tuple(article for article, listed in found if listed),
    )


def _values(values: dict[str, str], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(values[name] for name in names if values.get(name))


def _feeds(root: etree._Element) -> tuple[str, ...]:
    hrefs: dict[str, None] = {}
    for element in root.iter("link"):
        relations = (element.get("rel") or "").casefold().split()
        kind = (element.get("type") or "").partition(";")[0].strip().casefold()
        href = (element.get("href") or "").strip()
        if href and ("sitemap" in relations or ("alternate" in relations and kind in _FEED_TYPES)):
            hrefs.setdefault(href)
    return tuple(hrefs)[:_MAX_FEEDS]


def _microdata(root: etree._Element) -> dict[str, str]:
    """Return the times of the microdata article that the h1 belongs to, and of no item inside or beside it.

    One that stands in a list or an aside is not its time, though by its scope it would be, nor are several: the page
    has then left out the scopes of the briefs beside it.
    Source: HTML Living Standard, section 5.2.5: a property belongs to the nearest `itemscope` around it.
    """
    scopes = {scope for h1 in islice(root.iter("h1"), _MAX_PROPERTIES) if (scope := _scope(h1)) is not None}
    if len(scopes) != 1:
        return {}
    scope = next(iter(scopes))
    if not any(_is_article(kind) for kind in (scope.get("itemtype") or "").split()):
        return {}
    times: dict[str, set[str]] = {}
    properties = (element for element in scope.iter() if element.get("itemprop"))
    for element in islice(properties, _MAX_PROPERTIES):
        for name in (element.get("itemprop") or "").casefold().split():
            value = clean(element.get("content") or element.get("datetime") or "")
            if value and name in ("datepublished", "datemodified") and _is_of(element, scope):
                times.setdefault(name, set()).add(value)
    return {name: next(iter(values)) for name, values in times.items() if len(values) == 1}


def _scope(element: etree._Element) -> etree._Element | None:
    return next((parent for parent in element.iterancestors() if parent.get("itemscope") is not None), None)


def _is_of(element: etree._Element, scope: etree._Element) -> bool:
    """Return whether a property belongs to *scope*, and stands in no list, aside or article inside it."""
    for parent in element.iterancestors():
        if parent is scope:
            return True
        if parent.get("itemscope") is not None or parent.tag in ("article", "aside", "li", "nav"):
            return False
    return False


# --- JSON-LD ----------------------------------------------------------------------------------------------------------


def _articles(root: etree._Element) -> Iterator[tuple[ArticleClaim, bool]]:
    """Yield the articles of all scripts, and whether each stands in a list."""
    of_head = {script for head in root.iter("head") for script in head.iter("script")}
    for script in root.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().casefold() != "application/ld+json":
            continue
        data = _json(script.text or "")
        for node, listed, url in _nodes(data):
            kinds = node.get("@type")
            if any(_is_article(kind) for kind in (kinds if isinstance(kinds, list) else [kinds])):
                urls = (*(_url(node.get(key)) for key in ("url", "mainEntityOfPage", "@id")), url)
                headline = _text(node.get("headline")) or _text(node.get("name"))
                article = ArticleClaim(
                    headline=clean(unescape(headline)) if headline else None,
                    urls=tuple(dict.fromkeys(url for url in urls if url)),
                    published=tuple(_times(node.get("datePublished"))),
                    modified=next(_times(node.get("dateModified")), None),
                    in_head=script in of_head,
                )
                yield article, listed


def _json(source: str) -> Any:
    """Return what a script holds, or None: a broken script tells nothing; its neighbours may."""
    if len(source) > _MAX_JSON:
        return None
    text = source.strip("\ufeff \t\r\n")
    text = text[_OPENING.match(text).end() :]  # type: ignore[union-attr]
    text = text[:-_LONGEST_CLOSING] + _CLOSING.sub("", text[-_LONGEST_CLOSING:])
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(data: Any) -> Iterator[tuple[dict[str, Any], bool, str | None]]:
    """Yield the objects that stand by themselves, in an array or a `@graph`, for what a page is about, or in a list.

    With each comes whether it stands in a list, and the address that the list has for it.
    """
    waiting: list[tuple[Any, bool, str | None]] = [(data, False, None)]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        value, listed, url = waiting.pop()
        if isinstance(value, list):
            waiting.extend((part, listed, None) for part in reversed(value[:_MAX_NODES]))
        elif isinstance(value, dict):
            yield value, listed, url
            waiting.extend((value[key], listed, None) for key in ("@graph", "mainEntity") if key in value)
            waiting.extend((value[key], True, None) for key in ("itemListElement",) if key in value)
            waiting.extend((value[key], True, _text(value.get("url"))) for key in ("item",) if key in value)


def _is_article(kind: object) -> bool:
    return isinstance(kind, str) and _SCHEMA_ORG.sub("", kind.strip(), count=1).casefold() in ARTICLE_TYPES


def _times(value: Any) -> Iterator[str]:
    """Yield a time as written: as text, as an object with a `@value`, or as a list of these."""
    for part in value[:_MAX_CLAIMS] if isinstance(value, list) else [value]:
        told = part.get("@value") if isinstance(part, dict) else part
        if isinstance(told, int) and not isinstance(told, bool):
            told = str(told)
        if text := _text(told):
            yield text


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    return clean(value.encode("utf-8", "replace").decode("utf-8")) or None  # JSON can hold half a character


def _url(value: Any) -> str | None:
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return _text(value)
