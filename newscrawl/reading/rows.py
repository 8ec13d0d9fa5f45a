"""Long rows of links in the source of a page, such as its menus, cut short before anything is made of them.

A page may hold hundreds of links to its own sections, and a line or two of news. What stands in the middle of such a
row, among links that say nothing either, is never read as part of a story: only the ends of a row stand beside
something else. So the middle is left out, which spares the parser as much as all that comes after it.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from html import unescape
from itertools import pairwise

from newscrawl.characters import clean
from newscrawl.reading.signs import says_nothing

_FEWEST = 8  # links of a row; shorter ones are left as they are
_CACHE = 4_096  # texts of links; a site has the same on each page
_ENDS = 3  # links that stay at each end of a row, and on both sides of a link that says something

# One item of a row: an element around a link, and nothing beside it. Runs are possessive, so each is looked at once.
_ITEM = re.compile(
    r"<(li|dd|div|p|td)\b[^<>']*+>\s*+<a\s[^<>']*+>\s*+(?:<span\b[^<>']*+>)?+"
    r"([^<>\s][^<>]{0,59}+)(?:</span>\s*+)?+</a>\s*+</\1>\s*+"
)
# What a link may tell machines, and the number of a page.
_TELLING = ("rel", "itemprop", "page=")


def without_long_rows(source: str, sections: Collection[str]) -> str:
    """Return the HTML *source* with its long rows of links cut short.

    The names of *sections* stay: one may be a label above what follows.
    """
    labels = {section.casefold() for section in sections}
    kept: list[str] = []
    start = end = 0
    in_form = False
    for row in _rows(source):
        opening, closing = (source.rfind(tag, end, row[0].start()) for tag in ("<form", "</form"))
        in_form = opening > closing or (in_form and opening == closing)
        end = row[-1].end()
        if in_form:  # of which the length tells whether it is the whole page
            continue
        whole = source[row[0].start() : end]
        telling = tuple(word for word in _TELLING if word in whole)
        speaking = [
            index
            for index, item in enumerate(row)
            if not (_is_mere_name(item[2]) and _is_bare(item[0], telling)) or item[2].strip().casefold() in labels
        ]
        for before, behind in pairwise((-1, *speaking, len(row))):
            first, last = before + 1 + _ENDS, behind - _ENDS
            if first < last and row[first - 1][2] != row[last][2]:  # a line that comes twice may be a headline
                kept.append(source[start : row[first].start()])
                start = row[last].start()
    kept.append(source[start:])
    return "".join(kept)


def _rows(source: str) -> Iterator[list[re.Match[str]]]:
    """Yield the rows that are long: items without anything between them."""
    row: list[re.Match[str]] = []
    end = -1
    for item in _ITEM.finditer(source):
        if item.start() != end:
            if len(row) >= _FEWEST:
                yield row
            row = []
        row.append(item)
        end = item.end()
    if len(row) >= _FEWEST:
        yield row


@lru_cache(maxsize=_CACHE)
def _is_mere_name(source: str) -> bool:
    return says_nothing(clean(unescape(source)))


def _is_bare(item: str, telling: Sequence[str]) -> bool:
    """Return whether an item of a row is a link, has its quotes in pairs, and holds none of the words *telling*.

    With quotes in pairs, leaving it out never changes what is inside quotes.
    """
    return " href=" in item and item.count('"') % 2 == 0 and not (telling and any(word in item for word in telling))
