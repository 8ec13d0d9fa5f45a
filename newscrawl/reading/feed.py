"""RSS, Atom and news sitemaps: when each story was published, as written. Claims, not truth: who uses them checks."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

from lxml import etree

from newscrawl.characters import clean

MAX_BYTES = 2 * 1024 * 1024  # a feed holds the news of some days; a file that is larger holds something else
MAX_TEXT = 2000  # characters; what is longer is no address, no headline and no time
MAX_ENTRIES = 1000  # as many as a news sitemap may hold

_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
# A prefix that no feed declares stays part of the name; the feed is broken, and what it says is plain nevertheless.
_DUBLIN_CORE_DATE = ("{http://purl.org/dc/elements/1.1/}date", "dc:date")


class FeedError(ValueError):
    """Something that is no feed; the message says why."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """What a feed says of one story. Each is None where it says nothing."""

    url: str | None
    """Address, as written but for `xml:base`; it may be relative to that of the feed."""
    guid: str | None
    """The same by another name: an RSS guid that is a permalink."""
    headline: str | None
    published: str | None
    """Time of publication, as written: RFC 5322 or ISO 8601."""
    modified: str | None
    """Time of the last change, as written."""


def read_feed(body: bytes) -> tuple[FeedEntry, ...]:
    """Return the entries of a feed, in its order; of one with more than `MAX_ENTRIES`, the first.

    - RSS: ``pubDate``, else ``dc:date``, of an ``item``. A ``guid`` is an address unless it says otherwise.
    - Atom: ``published`` of an ``entry``. ``updated`` is the time of a change, and ``id`` need not be an address.
    - News sitemap: ``news:publication_date`` of a ``url``. One that has no ``news:news`` tells nothing: ``lastmod`` is
      the time of a change. So a sitemap without any has no entries, and a sitemap index is no feed.

    Broken XML is read as far as it goes. Nothing is fetched, and no entity is expanded.
    Raises: FeedError for all that is no feed, and for what declares entities or is larger than `MAX_BYTES`.
    Source: RSS 2.0 (rssboard.org/rss-specification) and RSS 1.0 with its Dublin Core module; RFC 4287, sections 4.1.2
    and 4.2; "News sitemap reference" of Google Search Central.
    """
    root = _parse(body)
    kind = _split(root)[1].rpartition(":")[2]
    if kind == "sitemapindex":
        raise FeedError("no feed: it is an index of sitemaps")
    if kind not in _READERS:
        raise FeedError(f"no feed: its root element is <{kind[:40]}>")
    name, read = _READERS[kind]
    entries: list[FeedEntry] = []
    for element in root.iter(etree.Element):
        if len(entries) == MAX_ENTRIES:
            break
        if _split(element)[1] == name:
            entries += read(element)
    return tuple(entries)


def _parse(body: bytes) -> etree._Element:
    if len(body) > MAX_BYTES:
        raise FeedError(f"no feed: it is larger than {MAX_BYTES} bytes")
    if b"<!ENTITY" in body.replace(b"\0", b""):  # without the zeros of UTF-16 and UTF-32
        raise FeedError("no feed: it declares entities of its own")
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise FeedError("no feed: it is not XML")
    return root


def _rss_item(item: etree._Element) -> Iterator[FeedEntry]:
    parts = _parts(item)
    guid = parts.get("guid")
    permalink = guid is not None and (guid.get("isPermaLink") or "true").strip().casefold() == "true"
    address = _text(guid) if permalink else None
    dates = (_text(parts.get(name)) for name in ("pubdate", *_DUBLIN_CORE_DATE))
    yield FeedEntry(
        url=_completed(parts.get("link"), _text(parts.get("link"))),
        guid=address if address and address.startswith(("http://", "https://")) else None,
        headline=_headline(parts.get("title")),
        published=next(filter(None, dates), None),
        modified=None,
    )


def _atom_entry(entry: etree._Element) -> Iterator[FeedEntry]:
    parts = _parts(entry)
    links = (part for part in entry.iterchildren(etree.Element) if _name(part, entry) == "link")
    page = next((link for link in links if (link.get("rel") or "alternate").strip() == "alternate"), None)
    yield FeedEntry(
        url=_completed(page, None if page is None else (page.get("href") or "").strip()),
        guid=None,
        headline=_headline(parts.get("title")),
        published=_text(parts.get("published")),
        modified=_text(parts.get("updated")),
    )


def _sitemap_url(url: etree._Element) -> Iterator[FeedEntry]:
    parts = _parts(url)
    news = parts.get(f"{_NEWS}news", parts.get("news:news"))
    if news is None:
        return
    of_news = _parts(news)
    yield FeedEntry(
        url=_text(parts.get("loc")),
        guid=None,
        headline=_headline(of_news.get("title", of_news.get("news:title"))),
        published=_text(of_news.get("publication_date", of_news.get("news:publication_date"))),
        modified=_text(parts.get("lastmod")),
    )


# The root element of each kind of feed, to the name of its entries and what reads one.
_READERS = {
    "rss": ("item", _rss_item),
    "rdf": ("item", _rss_item),
    "feed": ("entry", _atom_entry),
    "urlset": ("url", _sitemap_url),
}


def _parts(element: etree._Element) -> dict[str, etree._Element]:
    """Return the children of *element* by their names, the first of each."""
    parts: dict[str, etree._Element] = {}
    for child in element.iterchildren(etree.Element):
        parts.setdefault(_name(child, element), child)
    return parts


def _name(child: etree._Element, parent: etree._Element) -> str:
    """Return the name of *child*, with its namespace where that is not its parent's: `media:title` is no `title`."""
    namespace, local = _split(child)
    # What has a prefix that is not declared has no namespace, and its prefix is part of its name.
    return local if namespace == _split(parent)[0] or ":" in local else f"{namespace}}}{local}"


def _split(element: etree._Element) -> tuple[str, str]:
    """Return namespace and name of *element*, in small letters; not by `QName`, which refuses what broken XML names."""
    namespace, _, local = str(element.tag).casefold().rpartition("}")
    return namespace, local


def _text(element: etree._Element | None) -> str | None:
    if element is None:
        return None
    text = ""
    for piece in element.itertext():
        text += str(piece)
        if len(text) > MAX_TEXT:
            return None
    return clean(text) or None


def _headline(element: etree._Element | None) -> str | None:
    text = _text(element)
    return clean(unescape(text)) or None if text else None  # many escape a headline twice


def _completed(element: etree._Element | None, address: str | None) -> str | None:
    """Return *address* under the `xml:base` of *element*. Source: RFC 4287, section 2."""
    if element is None or not address:
        return None
    try:
        return urljoin(element.base or "", address)
    except ValueError:
        return address
