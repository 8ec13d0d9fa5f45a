"""What is a revision: a change in substance, found once, whichever part of the site shows it first."""

from datetime import timedelta
from typing import Any

import pytest
from desk import HEADLINE, MORE, NINE, PAGE, SITE, TEXT, URL, Desk, shown

from newscrawl.items import Article, Brief, Item, Story

HOUR = timedelta(hours=1)
CHANGED = TEXT.replace("12 mensen", "14 mensen")
AGAIN = TEXT.replace("12 mensen", "15 mensen")
START = TEXT.partition(". ")[0] + "."


def index(text: str = TEXT, hours: int = 0, **fields: Any) -> list[Item]:
    return shown(text=text, at=NINE + hours * HOUR, page=PAGE, **fields)


def sidebar(text: str = TEXT, hours: int = 0, **fields: Any) -> list[Item]:
    return shown(text=text, at=NINE + hours * HOUR, where="sidebar", page=f"{SITE}/nieuws/elders", **fields)


def article(text: str = TEXT + MORE, hours: int = 0, **fields: Any) -> list[Item]:
    return shown(Article, text=text, at=NINE + hours * HOUR, **fields)


def novelties(desk: Desk, *pages: list[Item] | None) -> list[str]:
    """Return what each page of some runs brings; None is the begin of the next run."""
    found: list[str] = []
    for page in pages:
        if page is None:
            desk.run()
        else:
            found += desk.see(*page)
    return found


@pytest.mark.parametrize("kind", [Brief, Article])
@pytest.mark.parametrize(
    ("change", "novelty"),
    [
        pytest.param({"text": CHANGED}, "revised", id="number of dead"),
        pytest.param({"text": f"{TEXT} De dader is aangehouden."}, "revised", id="added sentence"),
        pytest.param({"text": f"{TEXT}\n\nDe dader is aangehouden."}, "revised", id="added paragraph"),
        pytest.param({"dateline": "LIMA (ANP/RTR)"}, "revised", id="added agency"),
        pytest.param({"dateline": "QUITO (ANP)"}, "revised", id="place"),
        pytest.param({"headline": f"{HEADLINE} na ongeluk"}, "revised", id="headline"),
        pytest.param({"text": TEXT.replace(" ", " \u00a0")}, "known", id="white space"),
        pytest.param({"text": TEXT.replace(". ", ".\n\n")}, "known", id="paragraphs"),
        pytest.param({"text": TEXT.replace("ongeluk", "onge\u00adluk")}, "known", id="soft hyphen"),
        pytest.param({"headline": f"„{HEADLINE}”"}, "known", id="quotes"),
        pytest.param({"headline": HEADLINE.upper()}, "known", id="capitals"),
        pytest.param({}, "known", id="nothing"),
    ],
)
def test_a_change_in_substance_is_a_revision(
    desk: Desk, kind: type[Story], change: dict[str, Any], novelty: str
) -> None:
    before, after = shown(kind), shown(kind, at=NINE + HOUR, **change)
    assert novelties(desk, before, None, after) == ["new", novelty]
    assert [story.revision for story in (before[0], after[0]) if isinstance(story, Story)] == [
        0,
        int(novelty == "revised"),
    ]
    assert novelties(desk, None, shown(kind, at=NINE + 2 * HOUR, **change)) == ["known"]


@pytest.mark.parametrize(("shows", "later"), [("Belém", "BelÃ©m"), ("zo’n", "zoâ€™n"), ("BelÃ©m", "Belém")])
def test_mojibake_is_no_revision(desk: Desk, shows: str, later: str) -> None:
    assert novelties(desk, index(f"{shows}: {TEXT}"), None, index(f"{later}: {TEXT}", 1)) == ["new", "known"]


def test_a_brief_is_no_revision_of_its_article(desk: Desk) -> None:
    pages = [index(), article(), index(START, 1, headline="Brug weer open"), article(hours=1)]
    assert novelties(desk, *pages[:2], None, article(hours=1), index(hours=1)) == ["new", "new", "known", "known"]
    assert novelties(desk, None, article(f"{TEXT}{MORE} Een zin meer.", 2), index(hours=2)) == ["revised", "known"]


@pytest.mark.parametrize("first", [index, sidebar])
@pytest.mark.parametrize("form", [{"text": START}, {"headline": "Brug open"}, {"text": START, "headline": None}])
def test_the_form_of_an_index_and_that_of_a_sidebar_differ_without_a_revision(
    desk: Desk, first: Any, form: dict[str, Any]
) -> None:
    short = {"text": START} | form
    pages = [index(), sidebar(**short)] if first is index else [sidebar(**short), index()]
    assert novelties(desk, *pages, None, *pages, None, *pages) == ["new", *["known"] * 5]


@pytest.mark.parametrize("other", [index, sidebar])
def test_a_change_that_arrives_in_the_other_part_later_is_none(desk: Desk, other: Any) -> None:
    one = sidebar if other is index else index
    pages = [one(), other(), None, one(CHANGED, 1), other(TEXT, 1), None, one(CHANGED, 2), other(CHANGED, 2)]
    assert novelties(desk, *pages) == ["new", "known", "revised", "known", "known", "known"]
    assert novelties(desk, None, other(AGAIN, 3), one(CHANGED, 3)) == ["revised", "known"]


def test_a_change_of_the_start_arrives_in_the_short_form_of_the_sidebar_later(desk: Desk) -> None:
    new, new_start = (text.replace("maandag", "dinsdag") for text in (TEXT, START))
    pages = [index(), sidebar(START), None, index(new, 1), sidebar(START, 1), None, sidebar(new_start, 2)]
    assert novelties(desk, *pages) == ["new", "known", "revised", "known", "known"]


def test_a_change_in_the_sidebar_alone_is_a_revision(desk: Desk) -> None:
    pages = [index(), sidebar(), None, index(hours=1), sidebar(CHANGED, 1), None, index(hours=2), sidebar(CHANGED, 2)]
    assert novelties(desk, *pages) == ["new", "known", "known", "revised", "known", "known"]


@pytest.mark.parametrize("make", [index, article])
def test_a_capture_that_is_cut_off_is_no_revision(desk: Desk, make: Any) -> None:
    cut = TEXT[:-20]
    assert novelties(desk, make(TEXT), None, make(cut, 1), None, make(TEXT, 2)) == ["new", "known", "known"]


def test_a_capture_that_ends_with_a_sentence_is_one(desk: Desk) -> None:
    assert novelties(desk, index(), None, index(START, 1)) == ["new", "revised"]


def test_a_second_change_in_one_run_waits_for_the_next(desk: Desk) -> None:
    pages = [index(), index(CHANGED), None, index(CHANGED, 1), index(AGAIN, 1), None]
    assert novelties(desk, *pages) == ["new", "later", "revised", "later"]
    last = index(AGAIN, 2)
    assert novelties(desk, last, None, index(AGAIN, 3)) == ["revised", "known"]
    assert isinstance(last[0], Brief)
    assert last[0].revision == 2


def test_what_is_changed_back_is_changed(desk: Desk) -> None:
    assert novelties(desk, index(), None, index(CHANGED, 1), None, index(TEXT, 2)) == ["new", "revised", "revised"]


def test_a_brief_that_changes_makes_its_article_due(desk: Desk) -> None:
    desk.see(*index(), announced=[URL])
    desk.see(*article(), fetched=URL, moved_to=URL)
    now = NINE + HOUR / 2
    assert desk.ledger.articles([URL], now) == {URL: "done"}
    desk.run()
    assert novelties(desk, index(hours=0), index(CHANGED)) == ["known", "revised"]
    assert desk.ledger.articles([URL], now) == {URL: "due"}
    desk.see(*article(CHANGED + MORE), fetched=URL, moved_to=URL, at=now)
    assert desk.ledger.articles([URL], now) == {URL: "done"}


@pytest.mark.parametrize("make", [index, sidebar, article])
def test_an_older_capture_that_is_read_later_is_no_revision(desk: Desk, make: Any) -> None:
    assert novelties(desk, make(CHANGED, 5), None, make(TEXT, 2), None, make(TEXT, 4)) == ["new", "known", "known"]
    assert novelties(desk, None, make(AGAIN, 6)) == ["revised"]


def test_an_archive_that_is_read_again_brings_what_a_story_became_and_nothing_twice(desk: Desk) -> None:
    captures = [article(), article(CHANGED, 1), article(AGAIN, 2)]
    assert novelties(desk, *captures) == ["new", "later", "later"]
    assert novelties(desk, None, *captures) == ["known", "known", "revised"]
    assert novelties(desk, None, *captures) == ["known", "known", "known"]
