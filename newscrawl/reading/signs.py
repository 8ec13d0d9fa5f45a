"""What each block of a page says: a dateline, a time, "Meer uit Buitenland", or just text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from newscrawl.reading.blocks import Block, Node
from newscrawl.reading.dateline import Dateline, split_dateline
from newscrawl.timing.calendar import parse_day
from newscrawl.timing.resolution import is_stamp


class Sign(Enum):
    """What a block is, as far as its own words tell."""

    TEXT = auto()
    DATELINE = auto()  # begins with a dateline
    STAMP = auto()  # says when something was published, and nothing else
    MORE_FROM = auto()  # "Meer uit Buitenland"
    JUST_IN = auto()  # "Net binnen"
    COMMENTS = auto()  # "Reacties"
    RELATED = auto()  # "Lees ook", "Meest gelezen"
    CREDIT = auto()  # "Foto: ANP"
    DAY = auto()  # "maandag 3 november 2025"
    EDITION = auto()  # "Editie: NL & Wereld | Zeeland"
    CHROME = auto()  # furniture of the page: webmail, sharing, cookies, "Lees meer"


_MORE_FROM = re.compile(r"meer uit (?:de |het )?(?P<section>[^.:!?]{2,40}?)\s*[:»›>→]*", re.IGNORECASE)
_BY_WORDS: tuple[tuple[Sign, re.Pattern[str]], ...] = tuple(
    (sign, re.compile(words, re.IGNORECASE))
    for sign, words in (
        (Sign.JUST_IN, r"net binnen:?"),
        (Sign.COMMENTS, r"(?:\d+\s)?reacties?(?:\s?\(\d+\))?:?|(?:plaats (?:een|je) )?reactie|reageer.{0,40}|comments"),
        (
            Sign.RELATED,
            r"lees ook\b.*|lees verder\b:?|ook interessant:?|gerelateerd(?:e .{1,20})?:?|meest gelezen:?|tags?:.*|"
            r"meer (?:nieuws|over|lezen over)\b.{0,40}|zie ook\b.*|uitgelicht:?",
        ),
        (Sign.CREDIT, r"(?:foto|beeld|fotograaf|foto's|video)\s?:.{0,120}|©\s?(?:ANP|foto|AFP|EPA|Reuters)\b.{0,80}"),
        (Sign.EDITION, r"editie:.{1,80}"),
        (
            Sign.CHROME,
            r"(?:kies je )?webmail|advertentie|deel(?: dit| via| op)?\b.{0,30}|lees meer\b\W*|meer lezen\b\W*|"
            r"(?:volgende|vorige)(?: pagina)?\W*|print(?:en)?|e-?mail|facebook|twitter|x|whatsapp|linkedin|"
            r"(?:alles )?accepteren|weigeren|(?:laat )?meer (?:laden|zien)",
        ),
    )
)
_LONGEST_SIGN = 140  # characters; longer text is text
_DIGITS = frozenset("0123456789")


@dataclass(slots=True, eq=False)
class Part:
    """A block and what it says."""

    block: Block
    sign: Sign
    body: str
    """The text without the dateline."""
    dateline: Dateline | None = None
    section: str | None = None
    """What follows "Meer uit"."""

    @property
    def node(self) -> Node:
        """Where the block stands."""
        return self.block.node

    @property
    def is_title(self) -> bool:
        """Whether the page itself sets it as a title: a heading, or a link and nothing else."""
        return self.sign is Sign.TEXT and bool(self.block.heading or self.block.href)


def read_signs(blocks: Iterable[Block]) -> list[Part]:
    """Return the blocks with what each of them says; a dateline in a block of its own is put before its text."""
    parts: list[Part] = []
    for block in blocks:
        part = _part(block)
        before = parts[-1] if parts else None
        if before is not None and before.sign is Sign.DATELINE and not before.body and part.sign is Sign.TEXT:
            before.body = part.body.lstrip("-–— ")
        else:
            parts.append(part)
    return parts


def _part(block: Block) -> Part:
    text = block.text
    if block.is_time:
        return Part(block, Sign.STAMP, text)
    if len(text) <= _LONGEST_SIGN:
        more_from = _MORE_FROM.fullmatch(text)
        if more_from:
            return Part(block, Sign.MORE_FROM, text, section=more_from["section"])
        if (text[-1] not in ".!?" or text[0] in _DIGITS) and is_stamp(text):
            return Part(block, Sign.STAMP, text)
        if parse_day(text):
            return Part(block, Sign.DAY, text)
        for sign, words in _BY_WORDS:
            if words.fullmatch(text):
                return Part(block, sign, text)
    dateline, body = split_dateline(text)
    return Part(block, Sign.DATELINE if dateline else Sign.TEXT, body, dateline=dateline)
