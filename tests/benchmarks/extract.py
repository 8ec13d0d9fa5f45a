"""How long `newscrawl.extract` takes, side by side with lxml alone: python -m tests.benchmarks.extract.

A page of the demo, with a lead and eight briefs, is filled up to the size of a page of the web with what such pages are
filled with; each filling by itself, and all of them together. Both read the same bytes in turns in one process, so that
a busy machine slows both; the medians of the rounds are shown. Nothing is asserted.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from statistics import median
from time import perf_counter

from lxml import html

from newscrawl import extract
from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.pages import Edition
from newscrawl.items import Article, Brief

SIZE = 69_000  # bytes
BRIEFS = 8
ROUNDS = 60
CRAWLED_AT = datetime(2026, 11, 24, 11, tzinfo=UTC)
ADDRESS = "http://demo.newscrawl.test"

WORDS = (
    *("haven", "brug", "markt", "school", "trein", "veer", "dijk", "molen", "toren", "plein"),
    *("raad", "feest", "museum", "sluis", "strand", "schip", "bakker", "boer", "fiets", "weg"),
)


def name(number: int) -> str:
    """Return a name of two words, the same for the same number, and seldom the same for another."""
    one, two = WORDS[number % len(WORDS)], WORDS[number // len(WORDS) % len(WORDS)]
    return f"{one.capitalize()} en {two} {number}"


def menu_item(number: int) -> str:
    return f'<li class="menu__item"><a class="menu__link" href="/gids/{number}">{name(number)}</a></li>\n'


def icon_item(number: int) -> str:
    """Return an item that is more than a link: an icon, the name, and how many pages there are."""
    return (
        f'<li class="tree__item"><a class="tree__link" href="/gids/{number}"><i class="icon icon--{number % 9}"></i>'
        f'<span class="tree__name">{name(number)}</span></a> <small class="tree__count">({number % 90})</small></li>\n'
    )


def card(number: int) -> str:
    return (
        f'<div class="card"><div class="card__head"><h4 class="card__title">{name(number)}</h4></div>'
        f'<p class="card__text">In de gids staat <b>alles</b> over {name(number + 7).lower()}.</p></div>\n'
    )


def script_line(number: int) -> str:
    return f'window.gids = window.gids || []; window.gids.push({{"id": {number}, "naam": "{name(number)}"}});\n'


def style_line(number: int) -> str:
    return f".tree__item--{number} {{ color: #0b4f6c; margin: 0 auto; }}\n"


def comment(number: int) -> str:
    return f"<!-- blok {number}: {name(number)} -->\n"


def paragraph(number: int) -> str:
    return f"<p>{name(number)} liggen {number} meter van elkaar, en daar verandert voorlopig niemand iets aan.</p>\n"


def fill(before: str, item: Callable[[int], str], behind: str, size: int) -> str:
    """Return *before*, as many items as fit into *size* bytes, and *behind*."""
    items: list[str] = []
    left = size - len((before + behind).encode())
    for number in count(1):
        items.append(item(number))
        left -= len(items[-1].encode())
        if left <= 0:
            break
    return before + "".join(items) + behind


FILLINGS: dict[str, tuple[tuple[str, Callable[[int], str], str], ...]] = {
    "menus": (("<ul>", menu_item, "</ul>"),),
    "menus in nav": (("<nav><ul>", menu_item, "</ul></nav>"),),
    "menus with icons": (("<div><ul>", icon_item, "</ul></div>"),),
    "cards": (("<section><h3>Gids</h3>", card, "</section>"),),
    "scripts": (("<script>", script_line, "</script>"),),
    "styles": (("<style>", style_line, "</style>"),),
    "comments": (("<div>", comment, "</div>"),),
    "paragraphs in the footer": (("<footer>", paragraph, "</footer>"),),
}
FILLINGS["a mix"] = tuple(part for parts in FILLINGS.values() for part in parts)


def page() -> tuple[str, bytes]:
    """Return path and body of the page of the demo that is filled up."""
    edition = Edition(Newsroom.shipped())
    stories = Newsroom.shipped().stories(CRAWLED_AT, "Buitenland")
    path = next(story.path for story in stories if len(story.parts) > 6)  # a long one
    return path, edition.answer(path, CRAWLED_AT).body


def filled(body: bytes, parts: tuple[tuple[str, Callable[[int], str], str], ...]) -> bytes:
    room = (SIZE - len(body)) // len(parts)
    filler = "".join(fill(before, item, behind, room) for before, item, behind in parts)
    return body.replace(b"<main", filler.encode() + b"<main", 1)


def milliseconds(read: Callable[[], object]) -> float:
    start = perf_counter()
    read()
    return (perf_counter() - start) * 1e3


def main() -> None:
    path, body = page()
    print(f"{'a page filled with':<26}{'bytes':>8}{'lxml, ms':>10}{'extract, ms':>13}{'ratio':>8}")
    for filling, parts in {"nothing": (), **FILLINGS}.items():
        whole = filled(body, parts) if parts else body

        def alone(whole: bytes = whole) -> object:
            return html.fromstring(whole)

        def ours(whole: bytes = whole) -> list[object]:
            return list(extract(whole, url=ADDRESS + path, crawled_at=CRAWLED_AT, site="demo"))

        kinds = [type(item) for item in ours()]
        if kinds.count(Article) != 1 or kinds.count(Brief) < BRIEFS:
            raise SystemExit(f"{filling}: a lead and {BRIEFS} briefs are wanted, not {kinds}")
        rounds = [(milliseconds(alone), milliseconds(ours)) for _ in range(ROUNDS)]
        mine, other = median(took for _, took in rounds), median(took for took, _ in rounds)
        print(f"{filling:<26}{len(whole):>8}{other:>10.2f}{mine:>13.2f}{mine / other:>7.1f}x")


if __name__ == "__main__":
    main()
