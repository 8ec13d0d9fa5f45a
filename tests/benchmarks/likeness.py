"""What the thresholds of `newscrawl.ledger.likeness` find and join, and how long it takes: python -m tests.benchmarks.likeness.

Shows precision and recall over the labelled pairs of tests/ledger/pairs, for a range of thresholds; beside them what the
shared words alone would do, which is why names, numbers and headlines are heard as well. Nothing is asserted.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from unittest.mock import patch

import orjson

from newscrawl.ledger import likeness
from newscrawl.ledger.likeness import Copy, alike, bands

PAIRS = Path(__file__).parents[1] / "ledger" / "pairs"
HALVES = ["development", "held_out"]
THRESHOLDS = [
    (0.3, 0.4),
    (0.4, 0.5),
    (0.5, 0.6),
    (0.6, 0.7),
    (0.65, 0.75),
    (0.7, 0.8),
    (0.75, 0.85),
    (0.8, 0.9),
    (0.9, 0.95),
]
ROUNDS = 5

Labelled = tuple[Copy, Copy, bool]


def read(half: str) -> list[Labelled]:
    pairs = [orjson.loads(line) for line in (PAIRS / f"{half}.jsonl").read_bytes().splitlines()]
    return [(Copy(**pair["one"]), Copy(**pair["other"]), pair["same"]) for pair in pairs]


def joined(one: Copy, other: Copy) -> bool:
    return not set(bands(one.text)).isdisjoint(bands(other.text)) and alike(one, other)


def shares_words(one: Copy, other: Copy) -> bool:
    words = sorted((likeness._read(copy.text).words for copy in (one, other)), key=len)
    return likeness._share_enough(words[0], words[1], likeness.SHARED)


def score(join: Callable[[Copy, Copy], bool], pairs: Sequence[Labelled]) -> str:
    """Return precision and recall, as they are printed."""
    found = sum(same for one, other, same in pairs if join(one, other))
    wrong = sum(not same for one, other, same in pairs if join(one, other))
    return f"{found / (found + wrong):>10.3f}{found / sum(same for *_, same in pairs):>8.3f}"


def microseconds(call: Callable[[], object], calls: int) -> float:
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        call()
        times.append((perf_counter() - start) / calls * 1e6)
    return median(times)


def main() -> None:
    halves = [read(half) for half in HALVES]
    columns = "".join(f"{half:>18}" for half in HALVES)
    print(f"{'precision, recall':<30}{columns}")
    for threshold, doubt in THRESHOLDS:
        with patch.multiple(likeness, SHARED=threshold, SHARED_IN_DOUBT=doubt):
            print(
                f"{f'SHARED {threshold}, IN_DOUBT {doubt}':<30}",
                *(score(joined, pairs) for pairs in halves),
                sep="",
            )
            print(f"{'  by shared words alone':<30}", *(score(shares_words, pairs) for pairs in halves), sep="")
    copies = [copy for pairs in halves for one, other, _ in pairs for copy in (one, other)]
    length = sum(len(copy.text) for copy in copies) / len(copies)
    print(f"\n{len(copies)} copies of {length:.0f} characters; at the thresholds in use:")
    of_bands = microseconds(lambda: [bands(copy.text) for copy in copies], len(copies))
    of_alike = microseconds(
        lambda: [alike(one, other) for pairs in halves for one, other, _ in pairs], len(copies) // 2
    )
    print(
        f"bands {of_bands:.0f} µs, alike {of_alike:.0f} µs; {1e6 / (of_bands + of_alike):.0f} stories/s with one candidate"
    )


if __name__ == "__main__":
    main()
