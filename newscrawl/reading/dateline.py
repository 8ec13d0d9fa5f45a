"""The dateline with which wire copy begins: ``MOSKOU (ANP/RTR/DPA) - …``, and ``THOLEN - …`` in local news."""

import re
from dataclasses import dataclass

MAX_LENGTH = 140  # characters; the longest dateline seen has 60

_WITH_AGENCIES = re.compile(r"(?P<place>[^\s(].{1,80}?)\s*\((?P<agencies>[^()]{2,60})\)\s*(?P<dash>[-–—]\s*|$)")
_PLACE_ONLY = re.compile(r"(?P<place>[^\s(].{1,60}?)\s[-–—](?:\s+|$)")
_ELIDED_ARTICLE = re.compile(r"^['’](?:s-|t )")

# "HENGELO (OV) - …" names a province, not a news agency.
_PROVINCES = frozenset({"DR", "FL", "FR", "FRL", "GLD", "GR", "L", "LB", "LIMB", "NB", "NH", "OV", "UT", "ZH", "ZLD"})
_NOT_IN_A_PLACE = frozenset('":;!?…%&=+*<>|[]{}@#_0123456789“”„«»')


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline: as written but for the dash, and its parts."""

    raw: str
    place: str
    agencies: tuple[str, ...]


def split_dateline(text: str) -> tuple[Dateline | None, str]:
    """Return the dateline that *text* begins with, or None, and the rest of the text.

    >>> split_dateline("DEN HAAG (ANP/RTR) - De Kamer debatteert.")[0].agencies
    ('ANP', 'RTR')
    >>> split_dateline("THOLEN - De haven is dicht.")
    (Dateline(raw='THOLEN', place='THOLEN', agencies=()), 'De haven is dicht.')
    >>> split_dateline("De Kamer - voltallig - debatteert.")[0] is None
    True
    """
    if len(text) < 3 or not _may_begin(text):
        return None, text
    head = text[:MAX_LENGTH]
    match = _WITH_AGENCIES.match(head)
    if match and _is_place(match["place"]):
        agencies = _agencies(match["agencies"])
        if agencies:
            place = " ".join(match["place"].split())
            raw = f"{place} ({' '.join(match['agencies'].split())})"
            return Dateline(raw, place, agencies), text[match.end() :].strip()
    match = _PLACE_ONLY.match(head)
    if match and _is_place(match["place"]) and not text[match.end() : match.end() + 1].islower():
        place = " ".join(match["place"].split())
        return Dateline(place, place, ()), text[match.end() :].strip()
    return None, text


def _may_begin(text: str) -> bool:
    """Return cheaply whether a dateline may stand here: it begins with two capitals, or as an elided article does."""
    return (text[0].isupper() and not text[1].islower()) or text[0] in "'’"


def _is_place(text: str) -> bool:
    name = _ELIDED_ARTICLE.sub("", text)
    letters = sum(character.isalpha() for character in name)
    if name.count("(") != name.count(")"):
        return False  # "ANP) - …": a text that begins within its dateline
    return letters >= 2 and name == name.upper() and not _NOT_IN_A_PLACE.intersection(name)


def _agencies(text: str) -> tuple[str, ...]:
    names = tuple(" ".join(name.split()) for name in re.split(r"[/,]", text))
    if any(not name or name != name.upper() or not name[0].isalpha() for name in names):
        return ()
    return () if set(names) <= _PROVINCES else names
