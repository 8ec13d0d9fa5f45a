"""Which story is which: one id for all appearances, in whatever order and however many crawls they come."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from desk import HEADLINE, MORE, NINE, SITE, TEXT, URL, Desk, ids, line_of_net_binnen, shown

from newscrawl.batch import Batch
from newscrawl.items import Article, Item
from newscrawl.ledger.identity import Names, id_of_headline, id_of_text, id_of_url

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OTHER = f"{SITE}/nieuws/brug-lima-open"
OTHER_TEXT = "Twee gemeenten in het zuiden fuseren, is zaterdag besloten. De raden stemden na een lang debat in."


def by_text(at: timedelta = timedelta(), text: str = TEXT) -> list[Item]:
    return shown(url=None, at=NINE + at, text=text)


def by_url(at: timedelta = timedelta(), text: str = TEXT, url: str = URL, headline: str = HEADLINE) -> list[Item]:
    return shown(url=url, at=NINE + at, text=text, headline=headline)


def article(at: timedelta = timedelta(), text: str = TEXT + MORE, url: str = URL) -> list[Item]:
    return shown(Article, url=url, at=NINE + at, text=text)


# --- A story with and without an address ------------------------------------------------------------------------------


@pytest.mark.parametrize("apart", ["batches", "runs"])
@pytest.mark.parametrize("order", list(permutations([by_text, by_url, article])), ids=lambda order: order[0].__name__)
def test_the_id_that_was_published_first_stays(
    desk: Desk, order: tuple[Callable[..., list[Item]], ...], apart: str
) -> None:
    first, *others = (make() for make in order)
    desk.see(*first)
    for other in others:
        if apart == "runs":
            desk.run()
        desk.see(*other)
    own = id_of_text("LIMA", TEXT) if order[0] is by_text else id_of_url(URL)
    assert ids(*first, *others[0], *others[1]) == [own]


def test_a_page_that_shows_it_both_ways_has_one_story(desk: Desk) -> None:
    items = [*by_text(), *shown(url=URL, where="sidebar", page=OTHER)]
    assert desk.see(*items) == ("new", "known")
    assert len(ids(*items)) == 1


def test_a_text_belongs_to_the_first_address_that_comes_with_it(desk: Desk) -> None:
    texts, one, other = by_text(), by_url(), by_url(url=OTHER)
    desk.see(*texts)
    desk.see(*one, *other)
    assert ids(*texts, *one, *other) == [id_of_text("LIMA", TEXT), id_of_url(OTHER)]


# --- Two ids that were published for one story ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make_first", "make_second"),
    [
        pytest.param(by_text, partial(by_url, HOUR, OTHER_TEXT), id="the text first"),
        pytest.param(partial(by_url, text=OTHER_TEXT), partial(by_text, HOUR), id="the address first"),
    ],
)
def test_two_published_ids_become_one(
    desk: Desk, make_first: Callable[[], list[Item]], make_second: Callable[[], list[Item]]
) -> None:
    first, second = make_first(), make_second()
    desk.see(*first)
    desk.see(*second)
    assert len(ids(*first, *second)) == 2
    desk.run()
    together = by_url(2 * HOUR)
    assert desk.see(*together) == (("revised",) if first[0].url else ("known",))
    later, without = by_url(3 * HOUR), by_text(4 * HOUR)
    desk.run()
    desk.see(*later)
    desk.see(*without)
    assert ids(*together, *later, *without) == ids(*first)
    assert desk.ledger.publication(ids(*second)[0]) == desk.ledger.publication(ids(*first)[0])


@pytest.mark.parametrize("first", [URL, OTHER])
def test_two_addresses_that_lead_to_one_page_become_one_story(desk: Desk, first: str) -> None:
    second = OTHER if first == URL else URL
    one, two = by_url(url=first), by_url(HOUR, OTHER_TEXT, second, "Gemeenten gaan samen")
    desk.see(*one)
    desk.see(*two)
    desk.run()
    at_end = article(2 * HOUR, OTHER_TEXT, OTHER)
    desk.see(*at_end, fetched=URL, moved_to=OTHER)
    again = [*by_url(3 * HOUR, url=first), *by_url(3 * HOUR, OTHER_TEXT, second)]
    desk.run()
    desk.see(*again)
    assert ids(*at_end, *again) == [id_of_url(first)]


def test_an_address_that_leads_on_is_its_story(desk: Desk) -> None:
    brief, moved = by_url(), article(text=TEXT + MORE, url=OTHER)
    desk.see(*brief)
    desk.see(*moved, fetched=URL, moved_to=OTHER)
    assert ids(*brief, *moved) == [id_of_url(URL)]
    assert desk.ledger.articles([URL, OTHER], NINE) == {URL: "done", OTHER: "done"}


def test_what_is_known_of_the_time_of_both_is_known_of_the_one(desk: Desk) -> None:
    published: dict[str, Any] = {
        "published_source": "relative",
        "published_precision": "hour",
        "published_raw": "2 uur geleden",
    }
    ends: dict[str, Any] = {"published_earliest": NINE - 3 * HOUR, "published_latest": NINE - 2 * HOUR}
    desk.see(*shown(url=None, **published, **ends))
    ends = {"published_earliest": NINE - 2.5 * HOUR, "published_latest": NINE - 1.5 * HOUR}
    desk.see(*shown(text=OTHER_TEXT, **published, **ends))
    desk.see(*by_url(HOUR))
    known = desk.ledger.publication(id_of_text("LIMA", TEXT))
    assert known is not None
    assert (known.interval.earliest, known.interval.latest) == (NINE - 2.5 * HOUR, NINE - 2 * HOUR)


# --- An address that changes, and one that stays ----------------------------------------------------------------------


def test_an_address_that_comes_to_carry_another_text_is_its_story_revised(desk: Desk) -> None:
    before, after = by_url(), by_url(5 * DAY, OTHER_TEXT, headline="Gemeenten gaan samen")
    desk.see(*before)
    desk.run()
    assert desk.see(*after) == ("revised",)
    assert ids(*before, *after) == [id_of_url(URL)]


@pytest.mark.parametrize(("later", "is_same"), [(HOUR, True), (3 * DAY, True), (3 * DAY + HOUR, False)])
@pytest.mark.parametrize("make", [by_url, article])
def test_the_same_copy_under_a_new_address(
    desk: Desk, make: Callable[..., list[Item]], later: timedelta, is_same: bool
) -> None:
    before, after = make(), make(later, url=OTHER)
    desk.see(*before)
    desk.run()
    assert desk.see(*after) == ("known" if is_same else "new",)
    assert (ids(*before) == ids(*after)) == is_same
    desk.run()
    again = make(later + 5 * DAY, url=OTHER)
    desk.see(*again)
    assert ids(*again) == ids(*after), "and stays under it"


def test_three_days_count_from_when_it_was_last_seen(desk: Desk) -> None:
    before = by_url()
    desk.see(*before)
    for days in (2, 4):
        desk.run()
        desk.see(*by_url(days * DAY))
    desk.run()
    after = by_url(6 * DAY, url=OTHER)
    desk.see(*after)
    assert ids(*after) == ids(*before)


@pytest.mark.parametrize("apart", [False, True], ids=["one page", "two pages"])
@pytest.mark.parametrize("known", [None, URL, OTHER])
def test_two_addresses_that_one_run_shows_are_two_stories(desk: Desk, known: str | None, apart: bool) -> None:
    if known:
        desk.see(*by_url(url=known))
        desk.run()
    one, other = by_url(HOUR), by_url(HOUR, url=OTHER)
    if not apart:
        desk.see(*one, *other)
    else:  # the one that is known first: what was joined before is not taken apart
        for items in (other, one) if known == OTHER else (one, other):
            desk.see(*items)
    assert ids(*one, *other) == [id_of_url(URL), id_of_url(OTHER)]
    desk.run()
    later = [*by_url(5 * HOUR, url=OTHER), *by_url(5 * HOUR)]
    assert set(desk.see(*later)) == {"known"}
    assert ids(*later) == [id_of_url(OTHER), id_of_url(URL)]


def test_another_place_is_another_story(desk: Desk) -> None:
    here, there = by_url(), shown(url=OTHER, dateline="QUITO (ANP)", at=NINE + HOUR)
    desk.see(*here)
    desk.run()
    desk.see(*there)
    assert ids(*here, *there) == [id_of_url(URL), id_of_url(OTHER)]


# --- Headlines --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("later", "is_same"), [(HOUR, True), (3 * DAY, True), (3 * DAY + HOUR, False)])
def test_a_headline_alone_is_that_of_the_last_story_under_it(desk: Desk, later: timedelta, is_same: bool) -> None:
    older, newer = by_url(-5 * DAY), by_url(text=OTHER_TEXT, url=OTHER)
    desk.see(*older)
    desk.run()
    desk.see(*newer)
    line = line_of_net_binnen("Brug in  Lima weer open", at=NINE + later)
    desk.run()
    desk.see(line)
    assert (ids(line) == [id_of_url(OTHER)]) == is_same
    assert ids(line) != [id_of_url(URL)]


def test_an_old_story_that_is_read_again_does_not_take_the_headline_of_the_last(desk: Desk) -> None:
    desk.see(*by_url(-DAY))
    desk.see(*by_url(text=OTHER_TEXT, url=OTHER))
    desk.run()
    desk.see(*by_url(HOUR))
    line = line_of_net_binnen(at=NINE + 2 * HOUR)
    desk.see(line)
    assert ids(line) == [id_of_url(OTHER)]


@pytest.mark.parametrize("apart", ["", "batches", "runs"])
@pytest.mark.parametrize("make", [by_url, by_text])
def test_a_line_of_net_binnen_comes_before_its_brief(desk: Desk, make: Callable[..., list[Item]], apart: str) -> None:
    line, brief = line_of_net_binnen(page=f"{SITE}/nieuws/sport"), make(HOUR)
    if apart:
        desk.see(line)
        if apart == "runs":
            desk.run()
        assert desk.see(*brief) == ("new",)
    else:
        desk.see(line, *brief)
        assert ids(line, *brief) == ids(*brief)
    assert ids(*brief) == [id_of_url(URL) if make is by_url else id_of_text("LIMA", TEXT)]
    known = desk.ledger.publication(ids(*brief)[0])
    assert known is not None
    assert (known.source, known.interval.earliest) == ("clock", NINE - HOUR)


def test_a_line_of_net_binnen_that_is_too_old_tells_no_time_of_a_brief(desk: Desk) -> None:
    desk.see(line_of_net_binnen())
    desk.run()
    brief = by_url(4 * DAY)
    desk.see(*brief)
    assert desk.ledger.publication(ids(*brief)[0]) is None
    line = line_of_net_binnen(at=NINE + 4 * DAY + HOUR)
    desk.see(line)
    assert ids(line) == ids(*brief), "from now on it is this story's"


def test_an_address_is_surer_than_a_headline(desk: Desk) -> None:
    brief = by_url()
    desk.see(*brief)
    line = line_of_net_binnen(url=OTHER)
    desk.see(line)
    assert ids(line) == [id_of_url(OTHER)]


# --- What is no page names no story -----------------------------------------------------------------------------------


def test_what_is_looked_up_is_not_learnt(desk: Desk) -> None:
    texts = by_text()
    desk.see(*texts)
    draft = desk.ledger.begin(Batch())
    assert draft.known_as(Names.of(URL, None, "", None)) == id_of_url(URL)
    assert draft.known_as(Names.of(None, None, "", "Brug")) == id_of_headline("Brug")
    desk.ledger.discard()
    with_url = by_url()
    desk.see(*with_url)
    assert ids(*with_url) == ids(*texts), "an address that no page has shown is free to become that of the text"
