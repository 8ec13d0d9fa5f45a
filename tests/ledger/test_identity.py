"""By what a story is known, and that it is the same on every machine."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.ledger.identity import Names, id_of_headline, id_of_key, id_of_text, id_of_url, key_of

URL = "https://www.zeelandnet.nl/nieuws/brug-open"
TEXT = "De brug is weer open voor verkeer. Dat heeft de beheerder laten weten, na een dag van herstelwerk aan de motor."


def test_an_id_never_changes() -> None:
    # These values are in files of users: a change of them is a change of every story's name.
    assert id_of_url(URL) == "a5ce23f591281d26"
    assert id_of_text("LIMA", TEXT) == "24e7be7feb7c8fb7"


def test_what_is_no_substance_does_not_count_in_a_text() -> None:
    assert id_of_text("LIMA", TEXT) == id_of_text("Lima", TEXT.upper().replace(" ", "\u00a0 ").replace(".", " …"))
    assert id_of_text("LIMA", TEXT) == id_of_text("LIMA", TEXT + " Er kwam een zin bij."), "only the start counts"
    assert id_of_text("LIMA", TEXT) != id_of_text("QUITO", TEXT)
    assert id_of_text("LIMA", TEXT) != id_of_text(None, TEXT)
    assert id_of_text("LIMA", TEXT) != id_of_text("LIMA", TEXT.replace("weer", "niet"))


@given(st.text(), st.one_of(st.none(), st.text(max_size=5)))
def test_an_id_counts_letters_and_digits_of_any_script(text: str, place: str | None) -> None:
    kept, kept_place = ("".join(filter(str.isalnum, shown.casefold())) for shown in (text, place or ""))
    assert id_of_headline(text) == id_of_headline(kept)
    assert id_of_text(place, text[:80]) == id_of_text(kept_place, "".join(filter(str.isalnum, text[:80].casefold())))
    for sign in "_ .,-–“”’…\u00ad\ud800":
        assert id_of_headline(sign.join(text)) == id_of_headline(kept), hex(ord(sign))


def test_an_id_is_made_of_the_address_alone_else_of_the_text_alone() -> None:
    assert Names.of(URL, "LIMA", TEXT, "Kop").own == Names.of(URL, None, "", None).own == id_of_url(URL)
    assert Names.of(None, "LIMA", TEXT, "Kop").own == Names.of(None, "LIMA", TEXT, None).own == id_of_text("LIMA", TEXT)
    with pytest.raises(ValueError, match="no id"):
        _ = Names.of(None, "LIMA", "", None).own


def test_the_id_that_came_first_stays_for_both() -> None:
    with_url, without = Names.of(URL, "LIMA", TEXT, "Kop"), Names.of(None, "LIMA", TEXT, None)
    for first, *others in permutations([with_url, without, with_url]):
        ids: dict[str, str] = {}
        assert {first.join(ids), *(names.join(ids) for names in others)} == {first.own}


def test_two_addresses_with_one_text_are_two_stories() -> None:
    ids: dict[str, str] = {}
    one, other = Names.of(URL, "LIMA", TEXT, None), Names.of(f"{URL}-2", "LIMA", TEXT, None)
    assert one.join(ids) != other.join(ids)
    # Also where the text was known before either address: it belongs to the first.
    ids = {}
    text = Names.of(None, "LIMA", TEXT, None)
    assert text.join(ids) == one.join(ids) != other.join(ids)
    assert text.join(ids) == one.join(ids)


def test_a_headline_alone_finds_its_story() -> None:
    ids: dict[str, str] = {}
    story = Names.of(URL, "LIMA", TEXT, "Brug weer open").join(ids)
    assert Names.of(None, None, "", "Brug  weer open").join(ids) == story
    assert Names.of(None, None, "", "Brug weer dicht").join(ids) != story


@pytest.mark.parametrize("story_id", [id_of_url(URL), id_of_headline("Brug"), "0" * 16, "f" * 16, "8" + "0" * 15])
def test_a_ledger_keeps_an_id_as_a_number_and_gets_it_back(story_id: str) -> None:
    assert id_of_key(key_of(story_id)) == story_id
    assert -(2**63) <= key_of(story_id) < 2**63
