"""Makes the labelled pairs from the stories: python -m tests.ledger.pairs.make.

Of each story every second goes to `development.jsonl`, by which thresholds may be chosen, and the others to
`held_out.jsonl`. Nothing is left to chance, so the same stories make the same pairs.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson

HERE = Path(__file__).parent

# What stands on sites that are made to be tested: the same text under each headline.
FILLER = (
    "Dit is een bericht waarmee een pagina wordt gevuld. Het heeft een begin, een midden en een eind, zoals een bericht"
    " uit de krant. De lezer vindt hier niets dat hij nog niet wist, maar wel genoeg zinnen om te zien hoe de kolommen"
    " lopen en of de letters goed staan. Onder dit bericht staan nog vijf andere."
)
SEEDED = (
    "Dit is verhaal {number} van een lange reeks. De redactie schrijft elke dag nieuwe verhalen over {topic}. Wie meer"
    " wil weten over {topic}, leest ook de andere delen. Het verhaal is gemaakt om te zien of de lezer er iets aan"
    " heeft, en telt precies zoveel zinnen als alle andere verhalen in deze reeks."
)
# A reader takes one other thing, where all else is the same, for a correction; another number, day or name he does not.
THINGS = {
    "vuurwerk",
    "tong",
    "orgel",
    "hofarts",
    "een oude vrouw",
    "heup",
    "bananen",
    "kringloopwinkel",
    "schoenenwinkel",
}
TOPICS = ["windmolens", "waterputten", "veerponten", "dijken", "kassen", "molens", "sluizen", "bruggen"]


@dataclass(frozen=True)
class Shown:
    place: str | None
    headline: str | None
    text: str


@dataclass(frozen=True)
class Pair:
    one: Shown
    other: Shown
    same: bool
    why: str


def paragraphs(text: str) -> list[str]:
    return text.split("\n\n")


def sentences(paragraph: str) -> list[str]:
    """Split at full stops before a capital; good enough for what is written in stories.toml."""
    *pieces, last = paragraph.split(". ")
    return [*(f"{piece}." for piece in pieces), last]


def misread(text: str) -> str:
    quoted = text.replace('"', "“", 1).replace('"', "”", 1)
    return quoted.encode().decode("cp1252", "replace")


def same(number: int, story: Shown, told: dict[str, Any]) -> Iterator[Pair]:
    """Yield what stays the same story; of each kind some stories, so that no kind weighs more than it is common."""
    text, parts = story.text, paragraphs(story.text)
    first, last = sentences(parts[0]), sentences(parts[-1])
    old, new = told["fix"][number % 2]
    yield Pair(story, replace(story, text=text.replace(old, new, 1)), True, "corrected word")
    if number % 4 < 2:
        (one, by), (two, by_too) = told["fix"]
        twice = text.replace(one, by, 1).replace(two, by_too, 1)
        yield Pair(story, replace(story, text=twice), True, "two words corrected")
        yield Pair(story, replace(story, text=f"{paragraphs(twice)[0]} {told['added']}"), True, "brief that was edited")
    kinds: list[Pair] = []

    def kind(other: Shown, why: str, one: Shown = story) -> None:
        kinds.append(Pair(one, other, True, why))

    kind(replace(story, text=f"{text} {told['added']}"), "sentence added at the end")
    kind(replace(story, text="\n\n".join([f"{parts[0]} {told['added']}", *parts[1:]])), "sentence added")
    kind(replace(story, text=text.removesuffix(last[-1]).strip()), "last sentence removed")
    kind(replace(story, text="\n\n".join([parts[0].replace(first[1], "", 1).strip(), *parts[1:]])), "sentence removed")
    kind(replace(story, headline=told["longer"]), "headline says more")
    kind(replace(story, headline=told["longer"], text=f"{text} {told['added']}"), "headline and sentence")
    kind(replace(story, headline=told["elsewhere"]), "headline of another portal")
    kind(replace(story, headline=told["elsewhere"], text=parts[0]), "brief of another portal")
    kind(replace(story, text=misread(text)), "misread bytes")
    kind(replace(story, text=misread(misread(parts[0])).replace("\u00ad", "")), "brief, misread twice")
    kind(replace(story, text=text.replace('"', "'").replace("'", "’").replace("-", "‑")), "quotes and hyphens")
    kind(replace(story, headline=(story.headline or "").upper(), text=text.replace("\n\n", "")), "glued paragraphs")
    kind(replace(story, text=text[: len(text) * 2 // 3]), "cut off")
    kind(replace(story, headline=None, text=text[: len(text) // 2]), "cut off, no headline")
    kind(Shown(None, None, parts[0]), "brief without anything else")
    if len(parts) > 1:
        kind(replace(story, text=parts[0]), "brief and article")
        kind(replace(story, headline=None, text=parts[0]), "brief without headline")
        kind(replace(story, text=parts[0].replace(old, new, 1)), "brief with a corrected word")
        kind(replace(story, text=f"{parts[0]} {told['added']}"), "brief with a sentence of its own")
    if len(parts) > 2:
        kind(replace(story, text="\n\n".join([parts[0], parts[2], parts[1]])), "paragraphs changed places")
        kind(replace(story, text="\n\n".join([parts[1], parts[0], parts[2]])), "first paragraph moved down")
        kind(replace(story, text="\n\n".join(parts[:2])), "without its last paragraph")
    yield from (pair for index, pair in enumerate(kinds) if index % 8 == number // 2 % 8)
    if number % 16 == 0:  # a count that goes up is the same story to a reader, and cannot be told from another
        old, new = told["other"][0]
        yield Pair(story, replace(story, text=text.replace(old, new)), True, "a count that went up")


def different(number: int, story: Shown, told: dict[str, Any]) -> Iterator[Pair]:
    """Yield what is another story, like it as it may be."""
    text, parts = story.text, paragraphs(story.text)
    changed, headline = text, story.headline or ""
    first = sentences(parts[0])[0]
    for old, new in told["other"]:
        assert old in text, (story.headline, old)
        changed = changed.replace(old, new)
        headline = headline.replace(old, new)
    yield Pair(story, Shown(story.place, headline, changed), False, "the same template, another event")
    facts = [(old, new) for old, new in told["other"] if old not in THINGS]
    old, new = facts[number // 2 % len(facts)]
    if number % 16 or [old, new] != told["other"][0]:  # not what `same` has as a count that went up
        alone = replace(story, text=text.replace(old, new))
        yield Pair(story, alone, False, "one number or name is another")
        if number % 4 < 2:
            bare = replace(story, headline=None)
            yield Pair(bare, replace(alone, headline=None), False, "one number or name is another, no headlines")
    if number % 4 == 2:
        yield Pair(story, Shown(story.place, headline, paragraphs(changed)[0]), False, "brief of another event")
    if "again" in told:
        lead = told["again"]
        shown = replace(story, headline=None) if number % 3 == 0 else story
        yield Pair(shown, Shown(story.place, shown.headline, lead), False, "the same place and topic, another report")
        opened = Shown(story.place, shown.headline, f"{first} {lead}")
        yield Pair(replace(shown, text=parts[0]), opened, False, "another report after the same first sentence")
        yield Pair(shown, opened, False, "another report after the same first sentence, whole")
    if "follow" in told:
        later = Shown(story.place, told["followed"], f"{told['follow']}\n\n{parts[0]}")
        yield Pair(story, later, False, "later report that repeats a paragraph")
        yield Pair(replace(story, headline=None, text=parts[0]), later, False, "brief and later report that repeats it")
        yield Pair(
            Shown(story.place, None, parts[0]), replace(later, headline=None), False, "the same without headlines"
        )


def between(stories: list[tuple[int, Shown]]) -> Iterator[Pair]:
    for (number, one), (_, other) in pairwise(stories):
        if number % 4 < 2:
            yield Pair(replace(one, text=FILLER), replace(one, headline=other.headline, text=FILLER), False, "filler")
        else:
            topic = TOPICS[number % 8]
            here = Shown(None, f"Verhaal {number}", SEEDED.format(number=number, topic=topic))
            yield Pair(
                here,
                Shown(None, f"Verhaal {number + 1}", SEEDED.format(number=number + 1, topic=topic)),
                False,
                "series that is numbered",
            )
            if number % 8 == 2:
                words = "over molens en sluizen"
                yield Pair(
                    Shown("ZIERIKZEE", f"Bericht {words}", SEEDED.format(number="zoveel", topic=topic)),
                    Shown(
                        "ZIERIKZEE", f"Bericht {words}", SEEDED.format(number="zoveel", topic=TOPICS[(number + 1) % 8])
                    ),
                    False,
                    "series of which the topic is another",
                )
        if number % 8 < 2:
            yield Pair(one, replace(other, place=one.place), False, "two stories of one place")
        if number % 16 == 4:
            yield Pair(one, replace(one, place=other.place), False, "the same text from another place")


def pairs(half: int) -> Iterator[Pair]:
    """Yield the pairs of one half: 0 is for development, 1 is held out."""
    told = tomllib.loads((HERE / "stories.toml").read_text(encoding="utf-8"))["story"]
    stories = [
        (number, Shown(story.get("place"), story["headline"], story["text"].strip()))
        for number, story in enumerate(told)
        if number % 2 == half
    ]
    for number, story in stories:
        yield from same(number, story, told[number])
        yield from different(number, story, told[number])
    yield from between(stories)


def lines(half: int) -> bytes:
    return b"".join(orjson.dumps(pair) + b"\n" for pair in pairs(half))


def main() -> None:
    for half, name in enumerate(("development", "held_out")):
        (HERE / f"{name}.jsonl").write_bytes(lines(half))


if __name__ == "__main__":
    main()
