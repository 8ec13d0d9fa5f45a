"""What is seen as a time stamp in a text: all that is understood, and nothing that is a word of the page."""

import pytest
from timing import test_phrases

from newscrawl.timing.grammar import parse
from newscrawl.timing.stamps import is_faint, looks_like_stamp, tells_update

# These name tabs and boxes of a page ("Recent", "Deze maand") far more often than they tell a time.
NAMES_OF_TABS = {"nu", "recent", "net", "deze maand"}


def phrases_understood() -> list[str]:
    tests = (test_phrases.test_ages, test_phrases.test_units_of_the_calendar, test_phrases.test_days_and_clocks)
    marks = [mark for test in tests for mark in vars(test)["pytestmark"]]
    return [phrase for mark in marks for phrase, *_ in mark.args[1]]


@pytest.mark.parametrize("phrase", phrases_understood())
def test_what_is_understood_is_seen(phrase: str) -> None:
    assert parse(phrase) is not None
    assert looks_like_stamp(" ".join(phrase.split())) is (phrase not in NAMES_OF_TABS)


@pytest.mark.parametrize(
    "phrase",
    [
        *("vorige week", "maandag", "afgelopen maandag", "afgelopen nacht", "zo-even", "een aantal dagen geleden"),
        *("2½ uur geleden", "13u15", "24 feb '26", "'n uur geleden", "24 feb 2026 - 14:30", "vandaag | 14:30"),
        *("gisteren • 14:30", "vandaag", "gisteren", "zojuist", "2u geleden", "3 november", "99.99 uur"),
    ],
)
def test_a_stamp(phrase: str) -> None:
    assert looks_like_stamp(phrase)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Nu",
            "Net",
            "Recent",
            "Recent.",
            "Deze week",
            "Dit jaar",
            "Vandaag is rood",
            "Maandag gehaktdag",
            "Net binnen",
        ),
        *("Sport", "Vorige", "Vorige maandag was het druk", "2 doden", "Binnen een uur", "Update van de storm", ""),
    ],
)
def test_no_stamp(text: str) -> None:
    assert not looks_like_stamp(text)


@pytest.mark.parametrize("text", ["maandag", "op maandag", "vorige week", "afgelopen nacht", "5 min.", "1 dag"])
def test_what_may_be_a_crosshead_or_a_length_too_is_faint(text: str) -> None:
    assert is_faint(text)


@pytest.mark.parametrize(
    "text", ["vandaag", "vannacht", "maandagavond", "5 min. geleden", "maandag 14:05", "ma 3 nov", "november 2025"]
)
def test_what_can_only_be_a_time_is_not(text: str) -> None:
    assert not is_faint(text)


def test_an_update_is_none_of_the_faint() -> None:
    assert tells_update("Bijgewerkt 5 minuten geleden")
    assert not is_faint("Bijgewerkt 5 minuten geleden")
