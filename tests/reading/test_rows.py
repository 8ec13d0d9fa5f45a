"""Long rows of links: of a menu of hundreds only the ends are read."""

from collections.abc import Iterable

import pytest

from newscrawl.reading.rows import without_long_rows

NAMES = [f"Rubriek {number}" for number in range(40)]


def row(names: Iterable[str], item: str = '<li class="m"><a class="l" href="/x">{}</a></li>\n') -> str:
    return "".join(item.format(name) for name in names)


def left(source: str) -> str:
    return without_long_rows(source, ["Buitenland"])


@pytest.mark.parametrize(
    "item",
    [
        '<li><a href="/x">{}</a></li>',
        '<li class="m">\n  <a class="l" href="/x">{}</a>\n</li>\n',
        '<div id="m"><a href=/x><span class="s">{}</span></a></div> ',
        '<p><a title="Naar deze rubriek" href="/x">{}</a></p>',
        '<li><a href="/x"><i class="icon"></i><span>{}</span></a></li>',
        '<li><a href="/x"> <svg width="9"><use href="#pijl"/><path d="M1"></path></svg> {} <b></b> </a></li>',
        '<li><a href="/x"><span><i></i> {}</span></a> <small class="n">(12)</small></li>\n',
    ],
)
def test_of_a_long_row_the_ends_stay(item: str) -> None:
    source = f"<p>een</p><ul>{row(NAMES, item)}</ul><p>twee</p>"
    assert left(source) == f"<p>een</p><ul>{row(NAMES[:3] + NAMES[-3:], item)}</ul><p>twee</p>"


@pytest.mark.parametrize(
    "said",
    [
        *("2 uur geleden", "14:30 Brug dicht", "Gisteren", "maandag 3 november 2025", "Meer uit Zeeland", "Net binnen"),
        *("Reacties", "Lees ook", "Nieuwsbrief", "Volgende", "Foto: ANP", "GOES - De brug is dicht", "Een zin.", "2"),
        *("Buitenland", "2&nbsp;uur geleden"),
    ],
)
def test_what_says_something_stays_with_what_stands_beside_it(said: str) -> None:
    assert left(row([*NAMES[:20], said, *NAMES[20:]])) == row(
        [*NAMES[:3], *NAMES[17:20], said, *NAMES[20:23], *NAMES[-3:]]
    )


@pytest.mark.parametrize(
    "source",
    [
        row(NAMES[:7]),
        row(NAMES, '<li><a href="?page=3">{}</a></li>'),
        row(NAMES, '<li><a rel="next" href="/x">{}</a></li>'),
        row(NAMES, '<li><a href="/x"><span itemprop="name">{}</span></a></li>'),
        row(NAMES, '<li><a name="x">{}</a></li>'),
        row(NAMES, '<li><a href="/x"></span>{}<span></a></li>'),
        row(NAMES, '<li><a href="/x"><i>{}</a></li>'),
        row(NAMES, "<li><a href=/x/><i></i><b>{}</a></li>"),
        row(NAMES, '<li><a href="/x"><svg><title>Pijl</title></svg>{}</a></li>'),
        row(NAMES, '<li><a href="/x"><span>Nieuws</span> {}</a></li>'),
        row(NAMES, '<li><a href="/x">{}</a> <small>14:30</small></li>'),
        row(NAMES, '<li><a href="/x">{}</a> (12)</li>'),
        row(NAMES, '<li><a href="/x">{}</a> <time>12</time></li>'),
        row(NAMES, '<li><a href="/x>{}</a></li>'),
        row(NAMES, "<li>{}</li>"),
        row(NAMES, '<li><a href="/x">{}</a> 14:30</li>'),
        row(NAMES, '<li><a href="/x">{} en nog heel veel meer woorden dan er in een menu ooit staan</a></li>'),
        row(NAMES[:6]) + "<li>2 uur geleden</li>" + row(NAMES[:6]),
        "<form><p>Zoek</p><ul>" + row(NAMES) + "</ul></form>",
    ],
)
def test_what_may_be_more_than_a_menu_stays_whole(source: str) -> None:
    assert left(source) == source


def test_behind_a_form_a_row_is_cut_short() -> None:
    source = f"<form><p>Zoek</p></form>{row(NAMES)}<form>"
    assert left(source) == f"<form><p>Zoek</p></form>{row(NAMES[:3] + NAMES[-3:])}<form>"


def test_a_line_that_comes_twice_in_a_row_is_not_made() -> None:
    assert left(row([*NAMES[:3], *NAMES[:20], NAMES[2], "Anders", "Nog een"])).count("Rubriek 12") == 1
