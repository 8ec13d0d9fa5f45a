"""Whether two copies, seen within days of each other at different addresses, are one story.

Candidates share a key of `bands`, and are then held side by side by `alike`. A false join loses a story, and a missed
one writes it twice, so what tells two reports apart - a number, a day, a name, a headline - outweighs any likeness.
"""

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from rensa import RMinHash  # type: ignore[import-untyped]

from newscrawl.ledger.substance import folded, legible

WITHIN = timedelta(days=3)
"""How far apart two copies of one story are looked for."""

SHARED = 0.75
"""Least share of the shorter text's shingles that the longer has too.

Of the pairs for development some are falsely joined below 0.7; above 0.75 each step costs recall, as
tests/benchmarks/likeness.py shows.
"""

SHARED_IN_DOUBT = 0.85
"""The same, where not both show a place, or one shows a headline and the other does not."""

SAME_THROUGHOUT = 0.8
"""Least share of all shingles that both have, where they do not start alike: paragraphs may have changed places."""

ENOUGH = 12  # words; what is shorter is like many others
START = 16  # words; what a brief shows is what its article starts with
LEAD = 24  # words; any brief shows as many
SHINGLE = 3  # words
BANDS_OF_LEAD = 8  # of two rows each, as are the others
BANDS_OF_TEXT = 4
SEED = 20  # any; another makes other keys

# Names that Dutch writes in several ways, folded; the first is kept.
_SPELLINGS = {
    other: first
    for first, *others in (
        *(("kyiv", "kiev", "kiew"), ("charkiv", "charkov", "kharkiv"), ("odesa", "odessa"), ("lviv", "lvov")),
        *(("zaporizja", "zaporizjzja", "zaporozje", "zaporizhzhia"), ("dnipro", "dnjepr"), ("donbas", "donbass")),
        *(("zelensky", "zelenski", "zelenskyj", "zelenskiy", "zelenskyy"), ("poetin", "putin"), ("hamas", "chamas")),
        *(("beijing", "peking"), ("mumbai", "bombay"), ("teheran", "tehran"), ("qatar", "katar")),
        *(("koeweit", "kuwait"), ("turkije", "turkiye"), ("hezbollah", "hezbolla", "hizbollah", "hizbullah")),
        *(("denhaag", "sgravenhage"), ("denbosch", "shertogenbosch")),
    )
    for other in others
}

# Words of which another makes the same sentence tell something else.
_TELLING = re.compile(
    "(?!(?:een|en)$)(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|der|veer|tach|twin|tig|honderd|duizend"
    "|miljoen|miljard|half|anderhalf|en)*(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|tig|honderd"
    "|duizend|miljoen|miljard|half|eerste|derde)(?:de|ste|e|en|tal|tallen)?|helft|dubbel|dubbele"
    r"|(?:maan|dins|woens|donder|vrij|zater|zon)dag\w*|(?:gister|van)?(?:morgen|ochtend|middag|avond|nacht)|(?:eer)?gisteren"
    "|vandaag|weekeinde|weekend|januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    r"|lente|zomer|herfst|winter|voorjaar|najaar|(?:noord|oost|zuid|west)\w*|links|rechts"
    "|gele?|oranje|rode?|rood|groene?|blauwe?|niet|geen|nooit|meer|minder|hoger|lager|hoogste|laagste|omhoog|omlaag"
    r"|gestegen|gedaald|stijg\w+|steeg|stegen|dalen|daal\w*|daling|winst\w*|verlie\w+|verloor|verloren|verloor|won|wonnen"
    r"|wint|winnen|gewonnen|gelijkspel|geopend|opende?|opent|sluit|sloot|gesloten|mannen|vrouwen|man|vrouw|jongen|meisje"
    "|vrijgesproken|veroordeeld|doden?|gewond|gewonden|overleden|aangenomen|verworpen|zon|regen|sneeuw|storm|mist"
)

# Words that are written with a capital only because a sentence starts with them, and that say little in a headline.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        aan achter afgelopen al alle alleen als bij binnen boven buiten daar daarbij daardoor daarmee daarna daarnaast
        daarom daarop daarvoor dat de deze die dit door doordat dus echter een eerder eerst en enkele er ging had
        hadden hebben heeft het hierdoor hiermee hij hoe hoewel hun ik in inmiddels intussen is je kan kon later maar
        men met mogelijk momenteel na naar naast nadat niemand nog nu of om omdat ondanks onder ons ook op over
        overigens per rond ruim s sinds sommige steeds te tegen terwijl tijdens toch toen tot tussen u uit
        uiteindelijk van vanaf vandaar veel verder verschillende volgens voor vooral vorig vorige waar waarom
        waarschijnlijk wanneer want waren was wat we wel werd wie wij worden wordt ze zeker zelf zij zijn zo zodra
        zonder zou zouden
        """,
    )
)

_WORD = re.compile(r"(?:(?<![\w-])-|−)?\d+(?:[.,:/-]\d+)*|[^\W\d_]+")
_ENDS_SENTENCE = re.compile(r"[.!?][\s\"')\]]*$")


@dataclass(frozen=True, slots=True)
class Copy:
    """A story as one page shows it."""

    place: str | None
    """Place of the dateline, or None."""

    headline: str | None
    """Headline, or None."""

    text: str
    """Body without its dateline; paragraphs may be parted by empty lines."""


class _Reading(NamedTuple):
    words: list[str]  # folded, each name in one spelling
    telling: list[int]  # which of the words tell this report from another
    is_open: bool  # ends in mid-sentence, so perhaps in mid-word


def bands(text: str) -> tuple[int, ...]:
    """Return the keys, signed 64-bit numbers, under which copies like this one are found.

    Two texts that are alike share at least one with high probability, also where one is only the start of the other;
    most keys are made from the first `LEAD` words alone. A text of less than `SHINGLE` words has none.

    The keys are the same on every machine and in every process, but not in every version of rensa: after a new one,
    copies on both sides of the change are not found for as long as `WITHIN`, and nothing else is wrong.
    """
    words = _read(text).words
    keys = _keys(words[:LEAD], BANDS_OF_LEAD, 0)
    return keys + _keys(words, BANDS_OF_TEXT, BANDS_OF_LEAD) if len(words) > LEAD else keys


def alike(one: Copy, other: Copy) -> bool:
    """Return whether two copies are the same story, perhaps with small edits, or the start of one and the whole of it.

    It is decided on the texts themselves; the order of the two does not matter. Not the same, however like they are:
    copies of different places; of different headlines, unless the one only says more; and texts of which the shorter
    has a number, day, name or other telling word that the longer has not in the same surroundings, or of which the
    longer has one more in what is the same sentence otherwise.
    """
    place, also = _places(one.place), _places(other.place)
    if place and also and not (place <= also or also <= place):  # a second place may be added to a dateline
        return False
    shorter, longer = sorted((_read(one.text), _read(other.text)), key=lambda reading: len(reading.words))
    if len(shorter.words) < ENOUGH:
        return (
            bool(one.headline)
            and place == also
            and folded(one.headline or "") == folded(other.headline or "")
            and folded(one.text) == folded(other.text) != ""
        )
    if not _headlines_agree(one.headline, other.headline, shorter.words):
        return False
    in_doubt = not (place and also) or bool(one.headline) != bool(other.headline)
    if not _share_enough(shorter.words, longer.words, SHARED_IN_DOUBT if in_doubt else SHARED):
        return False
    if len(shorter.words) == len(longer.words) and not _tells_nothing_else(longer, shorter):
        return False
    return _tells_nothing_else(shorter, longer) and not _has_put_in(longer, shorter)


def _keys(words: Sequence[str], count: int, first: int) -> tuple[int, ...]:
    if len(words) < SHINGLE:
        return ()
    sketch = RMinHash(num_perm=2 * count, seed=SEED)
    sketch.update([" ".join(shingle) for shingle in _shingles(words)])
    rows = sketch.digest()
    return tuple(
        # Numbered, so that the key of one band is none of another.
        ((rows[2 * band] << 32 | rows[2 * band + 1]) + (first + band) * 0x9E3779B97F4A7C15 + 2**63) % 2**64 - 2**63
        for band in range(count)
    )


def _shingles(words: Sequence[str]) -> set[tuple[str, str, str]]:
    return set(zip(words, words[1:], words[2:], strict=False))


def _read(text: str) -> _Reading:
    text = legible(text)
    words: list[str] = []
    telling: list[int] = []
    for match in _WORD.finditer(text):
        shown = match[0]
        word = shown.casefold().replace("−", "-")
        word = _SPELLINGS.get(word, word)
        if _is_telling(word) or (shown[0].isupper() and word not in _COMMON):
            telling.append(len(words))
        words.append(word)
    return _Reading(words, telling, not _ENDS_SENTENCE.search(text[-16:]))


@lru_cache(maxsize=8192)
def _is_telling(word: str) -> bool:
    return word[-1].isdecimal() or (len(word) <= 40 and _TELLING.fullmatch(word) is not None)


def _places(place: str | None) -> set[str]:
    names = (folded(name) for name in (place or "").split("/"))
    return {_SPELLINGS.get(name, name) for name in names if name}


def _share_enough(shorter: Sequence[str], longer: Sequence[str], least: float) -> bool:
    mine, theirs = _shingles(shorter), _shingles(longer)
    shared = len(mine & theirs)
    if shared < least * min(len(mine), len(theirs)):
        return False
    start = _shingles(shorter[:START])
    if 2 * len(start & _shingles(longer[: 2 * START])) >= len(start):
        return True
    return shared >= SAME_THROUGHOUT * len(mine | theirs)


def _tells_nothing_else(one: _Reading, other: _Reading) -> bool:
    """Return whether each telling word of *one* stands in *other* too, and beside a word it stands beside in *one*."""
    words = one.words
    pairs = set(pairwise(other.words))
    last = len(words) - 1
    for index in one.telling:
        if index and (words[index - 1], words[index]) in pairs:
            continue
        if index < last and (words[index], words[index + 1]) in pairs:
            continue
        if index == last and one.is_open and _is_cut_word(words, other.words):
            continue
        return False
    # What is put in another's place more than once is what the report is about.
    missing = Counter(word for word in words if word not in _COMMON)
    for word in other.words:
        missing.pop(word, None)
    return all(count == 1 for count in missing.values())


def _has_put_in(longer: _Reading, shorter: _Reading) -> bool:
    """Return whether *longer* has a telling word within what is one sentence of *shorter*, such as a "niet"."""
    words, shingles = longer.words, _shingles(shorter.words)
    return any(
        (*words[index - 2 : index], *words[index + 1 : index + 2]) in shingles
        or (*words[index - 1 : index], *words[index + 1 : index + 3]) in shingles
        for index in longer.telling
        if index
    )


def _is_cut_word(words: Sequence[str], longer: Sequence[str]) -> bool:
    """Return whether the last of *words* is the start of a word, not of a number, that follows the same one."""
    before, cut = words[-2:]
    return cut.isalpha() and any(one == before and word.startswith(cut) for one, word in pairwise(longer))


def _headlines_agree(one: str | None, other: str | None, words: Sequence[str]) -> bool:
    """Return whether two headlines can stand above one text, of which *words* are the shorter form.

    They are equal, or one says more than the other and the text bears both out; a single one must fit the text.
    """
    if not one and not other:
        return True
    if one and other and folded(one) == folded(other):
        return True
    said, also_said = sorted((_said(one), _said(other)), key=len)
    stems = {word[:5] for word in words}
    known = set(words)
    if not one or not other:
        numbers = {word for word in also_said if word[-1].isdecimal()}
        return numbers <= known and 3 * sum(word[:5] in stems for word in also_said) >= len(also_said) > 0
    return (
        len(said) >= 3
        and said < also_said
        and 2 * len(said) >= len(also_said)
        and sum(word[:5] in stems for word in said) >= 2
        and all(word in known for word in also_said - said if _is_telling(word))
    )


def _said(headline: str | None) -> AbstractSet[str]:
    return {word for word in _read(headline or "").words if word not in _COMMON}
