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

# Inline tags without a text, of which an icon is made, or which are laid around a name.
_TAGS = r"(?:</?(?:span|i|b|em|strong|small|svg|g|path|use|circle|rect|line|polyline|polygon)\b[^<>']*+>\s*+)*+"
# One item of a row: an element around a link, and nothing beside it but how many there are of what it names. Runs are
# possessive, so each is looked at once.
_ITEM = re.compile(
    rf"<(li|dd|div|p|td)\b[^<>']*+>\s*+<a\s[^<>']*+>\s*+{_TAGS}([^<>\s][^<>]{{0,59}}+){_TAGS}</a>\s*+"
    rf"(?:<(span|small|em|i|b)\b[^<>']*+>\s*+\(?[0-9]{{1,5}}\)?\s*+</\3>\s*+)?+</\1>\s*+"
)
_TAG = re.compile(r"</?[a-z][a-z0-9]*+|/>")
_TAGS_OF_PLAIN = 4  # of an item with neither an icon nor a count
# What a link may tell machines, and the number of a page.
_TELLING = ("rel", "itemprop", "page=")


def without_long_rows(source: str, sections: Collection[str]) -> str:
    """Return the HTML *source* with its long rows of links cut short.

    The names of *sections* stay: one may be a label above what follows.
    """
    labels = frozenset(section.casefold() for section in sections)
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
            if not _is_mere_name(item[2], labels) or not _is_bare(item[0], telling)
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
def _is_mere_name(source: str, labels: Collection[str]) -> bool:
    return says_nothing(clean(unescape(source))) and source.strip().casefold() not in labels


def _is_bare(item: str, telling: Sequence[str]) -> bool:
    """Return whether an item of a row is a link, whole in its quotes and tags, without any of the words *telling*.

    With quotes and tags in pairs, leaving it out never changes what is inside of others.
    """
    if " href=" not in item or item.count('"') % 2 or (telling and any(word in item for word in telling)):
        return False
    return item.count("<") == _TAGS_OF_PLAIN or _is_nested_well("".join(_TAG.findall(item)))


@lru_cache(maxsize=_CACHE)
def _is_nested_well(tags: str) -> bool:
    """Return whether each of *tags*, such as ``<li<a<i</i</a</li``, ends what began last, and nothing stays open."""
    opened: list[str] = []
    for tag in _TAG.findall(tags):
        if not tag.startswith(("</", "/>")):
            opened.append(tag[1:])
        elif not opened or (opened.pop() != tag[2:] and tag != "/>"):
            return False
    return not opened
