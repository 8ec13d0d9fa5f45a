"""How long `newscrawl.timing.resolve` takes, side by side with dateparser: python -m tests.benchmarks.resolve.

Needs the extra `benchmark`. Both read the same phrases in turns in one process, so that a busy machine slows both; the
medians of the rounds are shown. Nothing is asserted.
"""

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import cycle, islice
from statistics import median
from time import perf_counter

import dateparser

from newscrawl.timing import resolve

ROUNDS = 9
CALLS = 400  # a round
RENDERED_AT = datetime(2026, 2, 24, 20, 0, tzinfo=UTC)
SETTINGS = {"RELATIVE_BASE": RENDERED_AT.replace(tzinfo=None), "TIMEZONE": "UTC", "RETURN_AS_TIMEZONE_AWARE": True}

# As the site words ages.
SITE = [
    *("1 minuut geleden", *(f"{count} minuten geleden" for count in range(2, 60))),
    *(f"{count} uur geleden" for count in range(1, 24)),
    *("1 dag geleden", *(f"{count} dagen geleden" for count in range(2, 7))),
    *("1 week geleden", *(f"{count} weken geleden" for count in range(2, 5))),
    *("1 maand geleden", *(f"{count} maanden geleden" for count in range(2, 12))),
    *(f"{count} jaar geleden" for count in range(1, 5)),
]
# As other sites word them.
OTHERS = [
    *("zojuist", "vandaag", "gisteren", "eergisteren", "vorige week", "een uur geleden", "een paar seconden geleden"),
    *("1 dag en 3 uur geleden", "1 week, 2 dagen geleden", "ongeveer 2 uur geleden", "bijna 2 jaar geleden"),
    *("meer dan een jaar geleden", "5 min. geleden", "3 dgn geleden", "Geplaatst: 2 uur geleden", "half uur geleden"),
    *("gisteren 22:10", "vandaag om 13:15", "afgelopen maandag om 09:00", "13:15", "3 november 2025", "3-11-2025"),
    *("ma 3 nov 2025", "3 november 2025 13:15", "maandag 3 november 2025 om 13:15 uur"),
]
MIXED = [phrase for pair in zip(SITE, cycle(OTHERS), strict=False) for phrase in pair]

# Of all that newscrawl.timing keeps.
CLEAR: list[Callable[[], None]] = list(
    {
        kept: kept.cache_clear
        for name, module in sys.modules.items()
        if name.startswith("newscrawl.timing")
        for kept in list(vars(module).values())
        if callable(kept) and hasattr(kept, "cache_clear")
    }.values()
)


def ours(phrase: str) -> object:
    return resolve(phrase, RENDERED_AT)


def theirs(phrase: str) -> object:
    return dateparser.parse(phrase, languages=["nl"], settings=SETTINGS)


def forgetful(phrase: str) -> object:
    """Read a phrase as if for the first time: all that was kept is thrown away before it."""
    for clear in CLEAR:
        clear()
    return resolve(phrase, RENDERED_AT)


def microseconds(read: Callable[[str], object], phrases: Sequence[str]) -> float:
    start = perf_counter()
    for phrase in phrases:
        read(phrase)
    return (perf_counter() - start) / len(phrases) * 1e6


def side_by_side(readers: Sequence[Callable[[str], object]], phrases: Sequence[str]) -> list[float]:
    """Return the median of what each reader takes for a phrase, in microseconds."""
    phrases = list(islice(cycle(phrases), CALLS))
    for read in readers:
        microseconds(read, phrases)  # imports, tables, caches
    rounds = [[microseconds(read, phrases) for read in readers] for _ in range(ROUNDS)]
    return [median(times) for times in zip(*rounds, strict=True)]


def main() -> None:
    print(f"{'µs a call':<26}{'resolve':>8}{'dateparser':>12}{'ratio':>10}")
    for name, phrases in (("the site's phrases", SITE), ("a mixed set", MIXED)):
        # One after the other: what is read for the first time leaves nothing that is kept.
        for label, read in ((name, ours), ("  read for the first time", forgetful)):
            mine, other = side_by_side((read, theirs), phrases)
            print(f"{label:<26}{mine:>8.1f}{other:>12.1f}{other / mine:>9.0f}x")


if __name__ == "__main__":
    main()
