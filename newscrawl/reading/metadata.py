"""What a page tells machines, in JSON-LD and meta elements: claims, not truth. Who uses them checks them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import html

from newscrawl.reading.blocks import clean

ARTICLE_TYPES = frozenset({"Article", "NewsArticle", "ReportageNewsArticle", "BackgroundNewsArticle", "BlogPosting"})
_MAX_JSON = 1_000_000  # characters; a larger script is data, not a description of the page
_MAX_NODES = 2_000


@dataclass(frozen=True, slots=True)
class ArticleClaim:
    """What one JSON-LD article says of itself."""

    headline: str | None
    urls: tuple[str, ...]
    published: str | None
    modified: str | None


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the head and the scripts of a page claim."""

    title: str | None = None
    base_href: str | None = None
    canonical: str | None = None
    language: str | None = None
    published: str | None = None
    modified: str | None = None
    next_href: str | None = None
    articles: tuple[ArticleClaim, ...] = field(default_factory=tuple)


def read_metadata(root: html.HtmlElement) -> Metadata:
    """Return the claims of an HTML document."""
    metas: dict[str, str] = {}
    # In the body a meta element may speak for whichever item it stands in: see `_microdata`.
    for element in (meta for head in root.iter("head") for meta in head.iter("meta")):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").casefold()
        content = clean(element.get("content") or "")
        if name and content:
            metas.setdefault(name, content)
    metas |= _microdata(root)
    links: dict[str, str] = {}
    for element in root.iter("link", "a"):
        for relation in (element.get("rel") or "").casefold().split():
            links.setdefault(relation, (element.get("href") or "").strip())
    articles = tuple(_articles(root))
    base = next((element.get("href") for element in root.iter("base") if element.get("href")), None)
    title = next((clean(element.text_content()) for element in root.iter("title")), None)
    return Metadata(
        title=metas.get("og:title") or title or None,
        base_href=base,
        canonical=links.get("canonical") or metas.get("og:url"),
        language=(root.get("lang") or "").strip() or None,
        published=metas.get("article:published_time") or metas.get("datepublished"),
        modified=metas.get("article:modified_time") or metas.get("datemodified"),
        next_href=links.get("next"),
        articles=articles,
    )


def _microdata(root: html.HtmlElement) -> dict[str, str]:
    """Return the times of the microdata item that the h1 belongs to, and of no item inside or beside it.

    Source: HTML Living Standard, section 5.2.5: a property belongs to the nearest `itemscope` around it.
    """
    scopes = {scope for h1 in root.iter("h1") if (scope := _scope(h1)) is not None}
    if len(scopes) != 1:
        return {}
    times: dict[str, str] = {}
    for element in next(iter(scopes)).iter("meta", "time"):
        name = (element.get("itemprop") or "").casefold()
        if name in ("datepublished", "datemodified") and _scope(element) in scopes:
            times.setdefault(name, clean(element.get("content") or element.get("datetime") or ""))
    return times


def _scope(element: html.HtmlElement) -> html.HtmlElement | None:
    return next((parent for parent in element.iterancestors() if parent.get("itemscope") is not None), None)


def _articles(root: html.HtmlElement) -> Iterator[ArticleClaim]:
    for script in root.iter("script"):
        if (script.get("type") or "").split(";")[0].strip().casefold() != "application/ld+json":
            continue
        source = script.text or ""
        if not source.strip() or len(source) > _MAX_JSON:
            continue
        try:
            data = json.loads(source, strict=False)
        except (ValueError, RecursionError):
            continue  # a broken script tells nothing; its neighbours may
        for node in _nodes(data):
            kinds = node.get("@type")
            if any(kind in ARTICLE_TYPES for kind in (kinds if isinstance(kinds, list) else [kinds]) if _text(kind)):
                yield ArticleClaim(
                    headline=_text(node.get("headline")),
                    urls=tuple(url for key in ("url", "@id", "mainEntityOfPage") if (url := _url(node.get(key)))),
                    published=_text(node.get("datePublished")),
                    modified=_text(node.get("dateModified")),
                )


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects that stand by themselves, in a list or `@graph`, or are what a page is about."""
    waiting = [data]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value[:_MAX_NODES]))
        elif isinstance(value, dict):
            yield value
            waiting.extend(value[key] for key in ("@graph", "mainEntity") if key in value)


def _text(value: Any) -> str | None:
    return clean(value) or None if isinstance(value, str) else None


def _url(value: Any) -> str | None:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return _text(value)
