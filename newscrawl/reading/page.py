"""Blocks to the parts of a page: lead, briefs, "Net binnen", next page."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from html import unescape
from itertools import pairwise, takewhile
from typing import Literal
from urllib.parse import urlsplit

from lxml import etree

from newscrawl.reading.blocks import text_blocks
from newscrawl.reading.decoding import decode, repair
from newscrawl.reading.entries import Entry, read_entries, without_credits
from newscrawl.reading.just_in import ClockLine
from newscrawl.reading.lead import Lead, is_paragraph, read_lead
from newscrawl.reading.markup import html_blocks
from newscrawl.reading.metadata import Metadata, read_metadata
from newscrawl.reading.nesting import flattened
from newscrawl.reading.rows import without_long_rows
from newscrawl.reading.signs import Part, Sign, read_signs
from newscrawl.reading.zones import (
    day_of_page,
    settle_stamps,
    take_clock_lines,
    talk,
    without,
    without_related,
    zones_below,
)
from newscrawl.sites import Site
from newscrawl.urls import absolute_url

_ARTICLE_PATH = re.compile(r"/nieuws/[^/]+/?")
# A tag with a thousand attributes is as long as this at least, unless quotes in it hold a ">".
_LONG_TAG = re.compile(r"<[a-zA-Z][^>]{3000}")
_WINDOW = 1500  # characters; such a tag fills one of these at least
_LONG_TEXT = 200_000  # characters; in a shorter one such a tag does no harm
# Tags and texts up to a tag with more attributes than that. Possessive: nothing is looked at twice.
_TAGS_OF_FEW = re.compile(
    r"""(?:[^<]++|<[a-zA-Z][^\s/>]*+"""
    r"""(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+){0,1000}+[\s/]*+(?:>|$)"""
    r"""|<(?![a-zA-Z]))*+"""
)
_NEXT = re.compile(r"volgende(?: pagina)?\W*|[›»]", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"[?&]page=(\d{1,6})(?:&|#|$)")


MAX_LENGTH = 64 * 1024 * 1024  # bytes; time and memory grow with them
MAX_TAGS = 1_000_000  # or lines of plain text; each takes a kilobyte, however few bytes it has


class PageError(ValueError):
    """A page that cannot be read, or is no news page; the message says why."""


@dataclass(frozen=True, slots=True)
class EntryList:
    """A list of briefs: where it stands, the section it names, and what it holds."""

    where: Literal["sidebar", "index"]
    section: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says, before anything is made of it. Addresses are as written; `base_url` completes them."""

    lead: Lead | None
    lists: tuple[EntryList, ...]
    clock_lines: tuple[ClockLine, ...]
    section: str | None
    day: date | None
    """The day that an index page shows in its head as its own."""
    next_url: str | None
    base_url: str | None
    metadata: Metadata = field(default_factory=Metadata)
    repaired: int = 0
    """Texts that were mojibake and have been repaired."""


def read_page(body: bytes | str, *, url: str | None, content_type: str, site: Site) -> Page:
    """Return the parts of a page.

    Raises: PageError, with the reason, for what is empty, too large, no text, or no news page.
    """
    if len(body) > MAX_LENGTH:
        raise PageError(f"no news page: it is larger than {MAX_LENGTH} bytes")
    kind = content_type.partition(";")[0].strip().casefold()
    if kind.startswith(("image/", "audio/", "video/", "font/")) or kind in ("application/pdf", "application/zip"):
        raise PageError(f"no news page: its content type is {kind}")
    text, repaired = repair(decode(body, content_type))
    if not text.strip():
        raise PageError("no news page: it is empty")
    is_plain = kind == "text/plain"
    if not is_plain and "<" not in text:  # without a tag it is text, whatever it is called
        text, is_plain = unescape(text), True
    if len(text) > MAX_TAGS and sum(map(text.count, "\r\n" if is_plain else "<")) > MAX_TAGS:
        raise PageError(f"no news page: it has more than {MAX_TAGS} {'lines' if is_plain else 'tags'}")
    if is_plain:
        metadata, parts = Metadata(), read_signs(text_blocks(text))
    else:
        root = _parse(without_long_rows(text, frozenset(site.sections.values())))
        metadata = read_metadata(root)
        parts = read_signs(html_blocks(root))
    page = _page(parts, metadata, url=url, site=site)
    return replace(page, repaired=repaired) if repaired else page


def _parse(text: str) -> etree._Element:
    """Return the tree of an HTML document.

    The parser stops without a word where elements are nested too deeply for it. What is nested so is read again with
    its depths laid side by side, as browsers do it.
    """
    if _has_tag_of_thousands(text):
        # The time that they take grows with their square.
        raise PageError("no news page: one of its tags has more than a thousand attributes")
    for source in (text, None):
        # Not the parser of lxml.html: its elements are of classes that are looked up in Python, one by one.
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
        try:
            root = etree.fromstring((source or flattened(text)).encode("utf-8"), parser)
        except (etree.ParserError, ValueError) as error:
            raise PageError(f"no news page: no HTML could be read from it ({error})") from None
        if root is None:
            raise PageError("no news page: no HTML could be read from it (Document is empty)")
        if not _is_cut_off(parser):
            return root
    raise PageError("no news page: its elements are nested too deeply")


def _has_tag_of_thousands(text: str) -> bool:
    if len(text) <= _LONG_TEXT:
        windows = range(0, len(text) - _WINDOW, _WINDOW)
        if all(">" in text[at : at + _WINDOW] for at in windows) or not _LONG_TAG.search(text):
            return False
    few = _TAGS_OF_FEW.match(text)
    return few is not None and few.end() < len(text)


def _is_cut_off(parser: etree.HTMLParser) -> bool:
    error = parser.error_log.last_error
    return error is not None and error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT and "depth" in error.message


def _page(parts: list[Part], metadata: Metadata, *, url: str | None, site: Site) -> Page:
    sections = frozenset(site.sections.values())
    index_section = _index_section(url, site)
    rest = without(parts, talk(parts))
    sidebars = zones_below(rest, Sign.MORE_FROM)
    rest = without(rest, sidebars)
    clock_lines, rest = take_clock_lines(rest, sections)
    found = [
        EntryList("sidebar", zone[0].section, tuple(entries))
        for zone in sidebars
        if (entries := _entries(zone, sections))
    ]
    # A capture may end inside the name of the section.
    named = [zone[0].section for zone in sidebars if len(zone) > 1 or zone[0].section in sections]
    lead, lists, section, day = None, found, next(iter(named), None), None
    is_index = index_section is not None or _looks_like_index(rest, sidebars, clock_lines, url)
    if is_index:
        section = index_section or _named_section(rest, sections)
        rest = settle_stamps(rest)
        day = day_of_page(rest)
        just_in = next((part.place for part in parts if part.sign is Sign.JUST_IN), None)
        below = _below_head(rest, sections, just_in)
        entries = without_credits(read_entries(_without_section_names(_visible(below), sections)))
        lists = [EntryList("index", section, tuple(entries))] if entries else []
        lists += [EntryList("index", sidebar.section, sidebar.entries) for sidebar in found]
    else:
        own = without_related(rest)
        lead = read_lead(
            own,
            sections=sections,
            lists=[zone[0] for zone in sidebars],
            related=without(rest, [own]),
            claimed=bool(metadata.articles),
            title=metadata.title,
        )
    if lead is None and not lists and not clock_lines:
        raise PageError("no news page: it holds no lead, no briefs and no 'Net binnen'")
    base_url = absolute_url(metadata.base_href, url) or url or absolute_url(metadata.canonical, None)
    return Page(
        lead=lead,
        lists=tuple(lists),
        clock_lines=tuple(clock_lines),
        section=section,
        day=day,
        next_url=_next_url(parts, metadata, base_url, url) if lead is None else None,
        base_url=base_url,
        metadata=metadata,
    )


def _entries(zone: Sequence[Part], sections: Iterable[str]) -> list[Entry]:
    """Return the entries below a heading; a footer or a menu counts only where the heading stands in one itself."""
    below = zone[1:] if zone[0].node.furniture else _visible(zone[1:])
    return read_entries(_without_section_names(settle_stamps(below), sections))


def _without_section_names(parts: Iterable[Part], sections: Iterable[str]) -> list[Part]:
    """Return the parts of a list without those that only name the section of a brief."""
    labels = {section.casefold() for section in sections}
    return [part for part in parts if part.body.casefold() not in labels]


# --- Index or article -------------------------------------------------------------------------------------------------


def _index_section(url: str | None, site: Site) -> str | None:
    """Return the section of which *url* is the index on *site*, or None when it is no index."""
    if url is None:
        return None
    path = urlsplit(url).path.strip("/").casefold()
    return site.sections.get(path.removeprefix("nieuws/")) if path.startswith("nieuws/") else None


def _looks_like_index(
    rest: Sequence[Part], sidebars: Sequence[object], clock_lines: Sequence[object], url: str | None
) -> bool:
    """Return whether a page without the address of an index is one: outside sidebars it holds briefs, not a lead."""
    if sidebars:
        return False
    seen = _visible(rest)
    as_article = url is not None and _ARTICLE_PATH.fullmatch(urlsplit(url).path) is not None
    datelines = [index for index, part in enumerate(seen) if part.sign is Sign.DATELINE]
    if not datelines:
        return bool(clock_lines)
    stamp = next((index for index in range(1, datelines[0]) if seen[index].sign is Sign.STAMP), None)
    if stamp is not None and (
        seen[0].is_torn or (seen[0].is_first_line and is_paragraph(seen[0]) and is_paragraph(seen[stamp - 1]))
    ):
        return True  # a capture that begins within a brief
    stamps = sum(part.sign is Sign.STAMP and not part.block.is_time for part in seen[datelines[0] :])
    if stamps > (1 if as_article else 0):
        return True
    titles = sum(part.is_title and part.block.heading > 1 for part in seen)
    if len(datelines) > 1 and titles > 1:
        return True
    # A capture of an index that was cut off early: its head alone tells, and only where no address does.
    return url is None and (bool(clock_lines) or any(part.sign in (Sign.DAY, Sign.EDITION) for part in seen))


def _named_section(rest: Sequence[Part], sections: Iterable[str]) -> str | None:
    """Return the section that the head of an index names: in a heading, below the day, or as the only one there."""
    by_name = {section.casefold(): section for section in sections}
    head = list(takewhile(lambda part: part.sign not in (Sign.DATELINE, Sign.STAMP), _visible(rest)))
    named = [part for part in head if part.body.casefold() in by_name]
    headings = sorted((part for part in named if part.block.heading), key=lambda part: part.block.heading)
    below_day = [
        after
        for before, after in pairwise(head)
        if before.sign in (Sign.DAY, Sign.EDITION) and after.body.casefold() in by_name
    ]
    alone = named if len({part.body.casefold() for part in named}) == 1 else []
    return next((by_name[part.body.casefold()] for part in (*headings, *below_day, *alone)), None)


def _visible(parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if not part.node.furniture]


def _below_head(rest: Sequence[Part], sections: Iterable[str], just_in: int | None) -> list[Part]:
    """Return the parts of an index page below its head: the section's name, the day, the edition.

    In plain text what stands above "Net binnen", at the place *just_in*, belongs to the head too.

    The last day of the head comes with them: it may be the first of a list that is grouped by days.
    """
    names = {section.casefold() for section in sections}
    begin = 0
    first = next((part for part in rest if part.sign in (Sign.DATELINE, Sign.STAMP)), None)
    if just_in is not None and first is not None and first.block.is_plain and first.place > just_in:
        begin = sum(part.place < just_in for part in rest)
    for index, part in enumerate(rest):
        if part.sign in (Sign.DATELINE, Sign.STAMP) and not part.node.furniture:
            break
        if part.sign in (Sign.DAY, Sign.EDITION) or part.body.casefold() in names or part.block.heading == 1:
            begin = index + 1
    days = [part for part in _visible(rest[:begin]) if part.sign is Sign.DAY]
    return [*days[-1:], *rest[begin:]]


# --- Addresses and times ----------------------------------------------------------------------------------------------


def _next_url(parts: Sequence[Part], metadata: Metadata, base_url: str | None, url: str | None) -> str | None:
    """Return the address of the next index page: by its relation, else by its name, else by its number."""
    links = [part for part in parts if part.block.href and not part.block.href.startswith("#")]
    hrefs = [metadata.next_href, *(part.block.href for part in links if _NEXT.fullmatch(part.body))]
    urls = [absolute_url(href, base_url) for href in hrefs if href]
    if url is not None:
        wanted = _page_number(url) + 1
        addresses = [part.block.href or "" for part in links]
        # A first page has no number; of many links few have one, which is seen sooner than its value.
        numbered = (href for href in addresses if (wanted == 1 or "page=" in href) and _page_number(href) == wanted)
        urls += [there for there in (absolute_url(href, base_url) for href in numbered) if _same_path(there, url)]
    return next((there for there in urls if there), None)


def _same_path(there: str | None, here: str) -> bool:
    return there is not None and there.partition("?")[0] == here.partition("?")[0]


def _page_number(url: str) -> int:
    """Return the N of ``?page=N``; 1 where there is none."""
    match = _PAGE_NUMBER.search(url)
    return int(match[1]) if match else 1
