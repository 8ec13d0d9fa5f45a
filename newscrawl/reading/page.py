"""Blocks to the parts of a page: lead, briefs, "Net binnen", next page."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise, takewhile
from typing import Literal
from urllib.parse import urlsplit

from lxml import etree, html

from newscrawl.reading.blocks import Node, html_blocks, text_blocks
from newscrawl.reading.decoding import decode
from newscrawl.reading.entries import Entry, read_entries
from newscrawl.reading.just_in import ClockLine, read_clock_lines
from newscrawl.reading.lead import Lead, read_lead
from newscrawl.reading.metadata import Metadata, read_metadata
from newscrawl.reading.signs import Part, Sign, read_signs
from newscrawl.sites import Site
from newscrawl.timing.calendar import parse_day
from newscrawl.urls import absolute_url

_PAGE_NUMBER = re.compile(r"[?&]page=(\d{1,6})(?:&|#|$)")


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
    """The day that an index page shows as its own."""
    next_url: str | None
    base_url: str | None
    metadata: Metadata = field(default_factory=Metadata)
    lead_datetimes: tuple[str, ...] = ()
    """Machine-readable times inside the lead's own article element."""


def read_page(body: bytes | str, *, url: str | None, content_type: str, site: Site) -> Page:
    """Return the parts of a page.

    Raises: PageError, with the reason, for what is empty, no text, or no news page.
    """
    kind = content_type.partition(";")[0].strip().casefold()
    if kind.startswith(("image/", "audio/", "video/", "font/")) or kind in ("application/pdf", "application/zip"):
        raise PageError(f"no news page: its content type is {kind}")
    text = decode(body, content_type)
    if not text.strip():
        raise PageError("no news page: it is empty")
    if kind == "text/plain":
        metadata, parts = Metadata(), read_signs(text_blocks(text))
    else:
        root = _parse(text)
        metadata = read_metadata(root)
        parts = read_signs(html_blocks(root))
    return _page(parts, metadata, url=url, site=site)


def _parse(text: str) -> html.HtmlElement:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise PageError(f"no news page: no HTML could be read from it ({error})") from None
    return root


def _page(parts: list[Part], metadata: Metadata, *, url: str | None, site: Site) -> Page:
    sections = frozenset(site.sections.values())
    index_section = _index_section(url, site)
    comments = _zones(parts, Sign.COMMENTS)
    rest = _without(parts, comments)
    sidebars = _zones(rest, Sign.MORE_FROM)
    rest = _without(rest, sidebars)
    clock_lines, rest = _take_clock_lines(rest)
    sidebar_lists = [
        EntryList("sidebar", zone[0].section, tuple(entries))
        for zone in sidebars
        if (entries := read_entries(zone[1:]))
    ]
    lead, lists = None, sidebar_lists
    is_index = index_section is not None or _looks_like_index(rest, sidebars, clock_lines)
    section = index_section or _named_section(rest, sections)
    if is_index:
        lists = (
            [EntryList("index", section, tuple(entries))]
            if (entries := read_entries(_below_head(rest, sections)))
            else []
        )
        lists += [EntryList("index", found.section, found.entries) for found in sidebar_lists]
    else:
        announced = bool(sidebars) or metadata.is_article
        lead = read_lead(rest, sections=sections, announced=announced, title=metadata.title)
        section = next((zone[0].section for zone in sidebars), None) or index_section
    if lead is None and not lists and not clock_lines:
        raise PageError("no news page: it holds no lead, no briefs and no 'Net binnen'")
    base_url = absolute_url(metadata.base_href, url) or url or absolute_url(metadata.canonical, None)
    return Page(
        lead=lead,
        lists=tuple(lists),
        clock_lines=tuple(clock_lines),
        section=section,
        day=next((parse_day(part.body) for part in rest if part.sign is Sign.DAY), None) if is_index else None,
        next_url=_next_url(parts, metadata, base_url, url),
        base_url=base_url,
        metadata=metadata,
        lead_datetimes=_lead_datetimes(lead, rest),
    )


# --- Which parts belong together --------------------------------------------------------------------------------------


def _zones(parts: Sequence[Part], sign: Sign) -> list[list[Part]]:
    """Return, for each heading with *sign*, that heading and the parts it stands above.

    These are all that follow it in the smallest element that holds a brief too; up to the next such heading, and to the
    headline of the page.
    """
    zones: list[list[Part]] = []
    for index, part in enumerate(parts):
        if part.sign is not sign:
            continue
        room = _room_of_list(parts, index)
        zone = [part]
        for later in parts[index + 1 :]:
            if later.sign in (sign, Sign.COMMENTS, Sign.JUST_IN, Sign.MORE_FROM) or later.block.heading == 1:
                break
            if room is not None and room not in later.node.ancestors():
                break
            zone.append(later)
        zones.append(zone)
    return zones


def _room_of_list(parts: Sequence[Part], index: int) -> Node | None:
    """Return the smallest element that holds the heading at *index* and a brief, time or comment that follows it."""
    content = (Sign.DATELINE, Sign.STAMP) if parts[index].sign is not Sign.COMMENTS else (Sign.STAMP, Sign.TEXT)
    below = {node for part in parts[index + 1 :] if part.sign in content for node in part.node.ancestors()}
    return next((node for node in parts[index].node.ancestors() if node in below), None)


def _without(parts: Sequence[Part], zones: Iterable[Sequence[Part]]) -> list[Part]:
    taken = {id(part) for zone in zones for part in zone}
    return [part for part in parts if id(part) not in taken]


def _take_clock_lines(parts: Sequence[Part]) -> tuple[list[ClockLine], list[Part]]:
    """Return the lines of "Net binnen", and the parts without them."""
    lines: list[ClockLine] = []
    rest: list[Part] = []
    index = 0
    while index < len(parts):
        if parts[index].sign is Sign.JUST_IN:
            found, taken = read_clock_lines(parts[index + 1 :])
            lines += found
            index += 1 + taken
        else:
            rest.append(parts[index])
            index += 1
    return lines, rest


# --- Index or article -------------------------------------------------------------------------------------------------


def _index_section(url: str | None, site: Site) -> str | None:
    """Return the section of which *url* is the index on *site*, or None when it is no index."""
    if url is None:
        return None
    path = urlsplit(url).path.strip("/").casefold()
    return site.sections.get(path.removeprefix("nieuws/")) if path.startswith("nieuws/") else None


def _looks_like_index(rest: Sequence[Part], sidebars: Sequence[object], clock_lines: Sequence[object]) -> bool:
    """Return whether a page is an index: outside its sidebars stand texts with times, or it bears an index's head."""
    if any(part.sign is Sign.EDITION for part in rest):
        return True
    if sidebars:
        return False
    if clock_lines or any(part.sign is Sign.DAY for part in rest):
        return True
    seen_text = False
    for part in rest:
        if part.sign is Sign.STAMP and seen_text and not part.node.furniture:
            return True
        seen_text = seen_text or part.sign is Sign.DATELINE
    linked = sum(part.sign is Sign.DATELINE and not part.node.furniture for part in rest)
    return linked > 1 and sum(part.is_title and part.block.heading > 1 for part in rest) > 1


def _named_section(rest: Sequence[Part], sections: Iterable[str]) -> str | None:
    """Return the section that the head of an index names: in a heading, below the day, or as the only one there."""
    by_name = {section.casefold(): section for section in sections}
    head = list(takewhile(lambda part: part.sign not in (Sign.DATELINE, Sign.STAMP), _visible(rest)))
    named = [part for part in head if part.body.casefold() in by_name]
    headings = sorted((part for part in named if part.block.heading), key=lambda part: part.block.heading)
    below_day = [
        after for before, after in pairwise(head) if before.sign in (Sign.DAY, Sign.EDITION) and after in named
    ]
    alone = named if len({part.body.casefold() for part in named}) == 1 else []
    return next((by_name[part.body.casefold()] for part in (*headings, *below_day, *alone)), None)


def _visible(parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if not part.node.furniture]


def _below_head(rest: Sequence[Part], sections: Iterable[str]) -> list[Part]:
    """Return the parts of an index page below its head: the section's name, the day, the edition."""
    names = {section.casefold() for section in sections}
    begin = 0
    for index, part in enumerate(rest):
        if part.sign in (Sign.DATELINE, Sign.STAMP) and not part.node.furniture:
            break
        if part.sign in (Sign.DAY, Sign.EDITION) or part.body.casefold() in names or part.block.heading == 1:
            begin = index + 1
    return list(rest[begin:])


# --- Addresses and times ----------------------------------------------------------------------------------------------


def _next_url(parts: Sequence[Part], metadata: Metadata, base_url: str | None, url: str | None) -> str | None:
    """Return the address of the next index page: by its relation, else by its name, else by its number."""
    links = [part for part in parts if part.block.href]
    named = (part.block.href for part in links if part.body.casefold().startswith(("volgende", "›", "»")))
    href = metadata.next_href or next(named, None)
    if href is None and url is not None:
        number = _page_number(url)
        href = next((part.block.href for part in links if _page_number(part.block.href or "") == number + 1), None)
    return absolute_url(href, base_url)


def _page_number(url: str) -> int:
    """Return the N of ``?page=N``; 1 where there is none."""
    match = _PAGE_NUMBER.search(url)
    return int(match[1]) if match else 1


def _lead_datetimes(lead: Lead | None, rest: Iterable[Part]) -> tuple[str, ...]:
    """Return the times that stand, for machines, in the same article element as the lead."""
    if lead is None:
        return ()
    room = next((node for node in lead.first.node.ancestors() if node.tag == "article"), None)
    if room is None:
        return ()
    return tuple(part.block.datetime for part in rest if part.block.datetime and room in part.node.ancestors())
