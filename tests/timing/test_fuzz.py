"""Whatever the text: an interval, or the one refusal, and that soon."""

import random
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from newscrawl.timing import UnknownTimePhrase, resolve
from newscrawl.timing.calendar import AMSTERDAM
from newscrawl.timing.vocabulary import (
    DAYS,
    DAYS_WITH_PART,
    FEW,
    HALVES,
    JUST_NOW,
    LABELS,
    MONTH_NAMES,
    NUMBERS,
    PARTS,
    QUALIFIERS,
    UNITS,
    WEEKDAY_NAMES,
)

WORDS = (
    *(*DAYS, *DAYS_WITH_PART, *HALVES, *MONTH_NAMES, *NUMBERS, *PARTS, *UNITS, *WEEKDAY_NAMES),
    *(" ".join(words) for table in (FEW, JUST_NOW, LABELS, QUALIFIERS) for entries in table.values() for words, _ in entries),
    *("geleden", "vorige", "afgelopen", "deze", "over", "om", "op", "en", "uur", ",", ".", ":", "-", "'25", "vannacht", "nieuws"),
    *("13:15", "13.15", "25:61", "13u15", "3-11-2025", "31-2-2025", "2025-11-03", "3/11/'25", "2025", "2,5", "0", "9999", "12345"),
)  # fmt: skip
PHRASES = (
    *("2 uur geleden", "1 dag en 3 uur geleden", "gisteren 22:10", "maandag 3 november 2025 om 13:15 uur", "zojuist"),
    *("ongeveer 2 maanden geleden", "een paar uur geleden", "vorige week", "Laatste update: 5 min. geleden"),
)
ODD = "\u00a0\u2009\u3000\u200b\u00ad\u202e\ufeff\x00\ud800²½٣０’'\"()!?€é\u0301İß\n\t"
MOMENTS = (
    *(datetime(2026, 3, 29, hour, 30, tzinfo=UTC) for hour in (0, 1, 22)),
    *(datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1, 22)),
    datetime(2028, 2, 29, 23, 30, tzinfo=UTC),
    datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=AMSTERDAM),
    datetime(2025, 12, 31, 12, tzinfo=timezone(timedelta(hours=-11, minutes=-30))),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
)


def texts(seed: int) -> Iterator[str]:
    """Yield texts without end: words of time in any order, phrases with something wrong, and noise."""
    dice = random.Random(seed)  # noqa: S311 - nothing secret
    while True:
        kind = dice.randrange(3)
        if kind == 0:
            joint = dice.choice((" ", "", "  ", "\u00a0"))
            yield joint.join(_word(dice) for _ in range(dice.randint(1, 7)))
        elif kind == 1:
            yield _spoilt(dice.choice(PHRASES), dice)
        else:
            yield "".join(chr(dice.choice((0x7F, 0x250, 0x10FFFF))) if dice.random() < 0.1 else dice.choice(ODD) for _ in range(dice.randint(0, 30)))  # fmt: skip


def _word(dice: random.Random) -> str:
    return str(dice.randrange(70)) if dice.random() < 0.3 else dice.choice(WORDS)


def _spoilt(phrase: str, dice: random.Random) -> str:
    for _ in range(dice.randint(0, 3)):
        at = dice.randrange(len(phrase) + 1)
        phrase = dice.choice(
            (
                phrase[:at] + dice.choice(ODD) + phrase[at:],
                phrase[:at] + phrase[at + 1 :],
                phrase[:at],
                phrase[at:] + phrase[:at],
                phrase.upper(),
                unicodedata.normalize("NFD", phrase),
                phrase * dice.choice((1, 2, 50)),
            )
        )
    return phrase


def check(seed: int, count: int) -> int:
    """Resolve *count* texts; return how many of them were stamps."""
    dice = random.Random(-seed)  # noqa: S311
    understood = 0
    for text, _ in zip(texts(seed), range(count), strict=False):
        moment, rounding = dice.choice(MOMENTS), dice.choice(("any", "down"))
        try:
            found = resolve(text, moment, rounding=rounding)  # type: ignore[arg-type]
        except UnknownTimePhrase:
            continue
        understood += 1
        assert found.earliest <= found.latest <= moment
        assert found.earliest.tzinfo is found.latest.tzinfo is UTC
    return understood


def test_any_text_is_a_stamp_or_is_refused() -> None:
    assert check(seed=1, count=20_000) > 500, "the texts are so odd that they test nothing"


@pytest.mark.long
def test_a_million_texts() -> None:
    assert check(seed=2, count=1_000_000) > 25_000


@pytest.mark.parametrize(
    "text", ["2 " * 500_000, "9" * 1_000_000, "en " * 33 + "uur", "een " * 25, "3-11-" * 20, "½" * 100]
)
def test_no_text_takes_long(text: str) -> None:
    began = datetime.now(UTC)
    for _ in range(20):
        with pytest.raises(UnknownTimePhrase):
            resolve(text, MOMENTS[0])
    assert datetime.now(UTC) - began < timedelta(seconds=5), "20 refusals take milliseconds"
