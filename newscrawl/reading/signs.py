"""What each block of a page says: a dateline, a time, "Meer uit Buitenland", or just text."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from newscrawl.reading.blocks import Block, Node
from newscrawl.reading.dateline import Dateline, split_dateline
from newscrawl.timing.grammar import parse
from newscrawl.timing.stamps import (
    is_faint,
    is_update_label,
    looks_like_stamp,
    parse_age,
    parse_day,
    tells_clock,
    tells_update,
)
from newscrawl.timing.vocabulary import AGO


class Sign(Enum):
    """What a block is, as far as its own words tell."""

    TEXT = auto()
    DATELINE = auto()  # begins with a dateline
    STAMP = auto()  # says when something was published, and nothing else
    UPDATED = auto()  # "Laatst bijgewerkt: 3 minuten geleden": of a brief, or of the whole page
    MORE_FROM = auto()  # "Meer uit Buitenland"
    JUST_IN = auto()  # "Net binnen"
    COMMENTS = auto()  # "Reacties"
    RELATED = auto()  # "Lees ook", "Meest gelezen", "Nieuwsbrief": a box of its own
    CREDIT = auto()  # "Foto: ANP"
    DAY = auto()  # "maandag 3 november 2025"
    EDITION = auto()  # "Editie: NL & Wereld | Zeeland"
    READ_ON = auto()  # "Lees meer": the link of a brief, and no word of it
    ADVERT = auto()  # "Advertentie", "Tekst gaat verder onder de advertentie"
    CHROME = auto()  # furniture of the page: webmail, sharing, cookies


READ_ON = re.compile(
    r"\W*(?:lees (?:meer|verder)(?: over .{1,120})?|meer lezen|verder lezen|lees (?:het )?hele (?:artikel|bericht))\W*",
    re.IGNORECASE,
)
COMMENT_COUNT = re.compile(r"\d{1,4} reacties?", re.IGNORECASE)
_MORE_FROM = re.compile(r"(?i:meer uit) (?:de |het )?(?P<section>[A-ZÀ-Þ][^.:!?]{1,40}?)\s*[:»›>→]*")
_CREDIT = re.compile(r"(?:foto|foto's|beeld|fotograaf|video|bron)\s?:.*|(?:©|\(c\)|copyright\b).*", re.IGNORECASE)
# What stands first wins; each is the whole text of a block.
_WORDS: dict[Sign, tuple[str, ...]] = {
    Sign.READ_ON: (READ_ON.pattern,),
    Sign.JUST_IN: ("net binnen:?",),
    Sign.COMMENTS: (
        r"(?:\d+ )?reacties?(?:\s?\(\d+\))?:?",
        "(?:plaats (?:een|je) )?reactie",
        "reageer.{0,40}",
        "comments",
    ),
    Sign.RELATED: (
        r"lees (?:ook|verder)\b.*",
        "ook interessant:?",
        "gerelateerd(?:e .{1,20})?:?",
        "meest gelezen:?",
        "tags?:.*",
        r"meer (?:nieuws|over|lezen over)\b.{0,40}",
        r"zie ook\b.*",
        "uitgelicht:?",
        r"(?:onze )?nieuwsbrief\b.{0,40}",
        r"(?:schrijf|meld) (?:je|u) (?:in|aan)\b.{0,60}",
        r"(?:blijf|altijd) op de hoogte\b.{0,40}",
        r"volg ons\b.{0,40}",
    ),
    Sign.EDITION: ("editie:.{1,80}",),
    Sign.ADVERT: (
        r"\W*advertentie\W*",
        r"\W*(?:de )?(?:tekst|artikel|verhaal) gaat (?:verder|door) (?:onder|na) .{1,40}",
    ),
    Sign.CHROME: (
        "(?:kies je )?webmail",
        r"deel (?:dit|via|op)\b.{0,30}",
        r"(?:volgende|vorige)(?: pagina)?\W*",
        "(?:alles )?accepteren|weigeren",
        "(?:laat )?meer (?:laden|zien)",
        r"(?:bekijk|toon|zie|naar) (?:alles|alle .{1,60}|meer .{1,60})\W*",
        r"(?:(?:delen?|opslaan|bewaren?|reageren|printen?|e-?mail|facebook|twitter|x|whatsapp|linkedin)\b\W*)+",
    ),
}
_BY_WORDS = re.compile("|".join(f"(?P<{sign.name}>{'|'.join(words)})" for sign, words in _WORDS.items()), re.IGNORECASE)
_CLOCK = re.compile(r"\d[:.]\d")
_FIELD_SIGN = re.compile("[•·|–—-]")
_FIELD_BORDER = re.compile(r"\s*[•·|]\s*|\s+[-–—]\s+")
LONGEST_LABEL = 30  # characters; "Buitenland • 12 minuten geleden"
_HALVES = 2  # of a time: "vandaag", "14:30"
_CACHE = 4_096  # short texts; menus come again on each page, and briefs for days
_LONGEST_SIGN = 140  # characters; longer text is text
# What a title may look like by its words alone.
LIKE_TITLES = frozenset({Sign.COMMENTS, Sign.RELATED, Sign.CREDIT, Sign.CHROME, Sign.ADVERT})
_LONGEST_CREDIT = 400  # characters; a credit may describe the photo
_LONGEST_TITLE = 90  # characters


# How a line begins of which the beginning is missing; "iPhone" and "'t" begin a whole one.
_TORN = re.compile(r"[a-zß-ÿ](?![A-Z])|[,.;:)\]!?%/…”»–—-]|[^(]{0,60}\)\s*[-–—]\s|\([^()]{2,60}\)\s*[-–—]\s")


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
    place: int = 0
    """Its place on the page."""

    @property
    def node(self) -> Node:
        """Where the block stands."""
        return self.block.node

    @property
    def is_title(self) -> bool:
        """Whether the page itself sets it as a title: a heading, or a link and nothing else."""
        return self.sign is Sign.TEXT and bool(self.block.heading or self.block.href)

    @property
    def is_first_line(self) -> bool:
        """Whether plain text begins with it."""
        return self.place == 0 and self.block.is_plain

    @property
    def is_torn(self) -> bool:
        """Whether plain text begins with it, and that within a sentence or a dateline."""
        return self.is_first_line and _TORN.match(self.block.text) is not None


def nodes_around(parts: Iterable[Part]) -> set[Node]:
    """Return all nodes in which some of *parts* stand; each node is passed once, however many parts stand in it."""
    around: set[Node] = set()
    for part in parts:
        node: Node | None = part.block.node
        while node is not None and node not in around:
            around.add(node)
            node = node.parent
    return around


def read_signs(blocks: Iterable[Block]) -> list[Part]:
    """Return the blocks with what each of them says, each seen beside its neighbours."""
    parts: list[Part] = []
    before: Part | None = None
    for place, block in enumerate(blocks):
        part = _part(block, place)
        if before is not None:
            if before.sign is Sign.DATELINE and not before.body and part.sign is Sign.TEXT:
                before.body = part.body.lstrip("-–— ")  # a dateline in a block of its own stands before its text
                continue
            if block.href and _is_time_in_link(before, part):
                part.sign, part.body = Sign.STAMP, time_shown(part.body, _tells_age_or_clock) or part.body
            if part.sign is not Sign.TEXT or block.is_update:
                if _is_label_of_update(before, part):
                    part.body, part.sign = f"{before.body} {part.body}", Sign.UPDATED
                    parts.pop()
                elif part.sign is Sign.DATELINE:
                    _settle_above_text(parts, part)
            if before.sign is Sign.CHROME and _is_about_webmail(part):
                part.sign = Sign.CHROME
        parts.append(part)
        before = part
    return parts


def _is_time_in_link(before: Part, part: Part) -> bool:
    """Return whether a part is a time that follows a title in one link."""
    if before.block.node is not part.block.node or part.sign is not Sign.TEXT or not part.block.href:
        return False
    one_link = before.block.href == part.block.href and not part.block.heading
    return one_link and time_shown(part.body, _tells_age_or_clock) is not None


def _is_label_of_update(before: Part, part: Part) -> bool:
    """Return whether "Bijgewerkt" stands in an element of its own, before its time."""
    if part.sign is not Sign.STAMP and not (part.block.is_update and not tells_update(part.body)):
        return False
    if before.sign is not Sign.TEXT or before.block.href or before.block.heading or part.block.is_plain:
        return False
    return before.place + 1 == part.place and is_update_label(before.body)


def _is_about_webmail(part: Part) -> bool:
    """Return whether a text is the sentence that stands below "Kies je webmail"."""
    return part.sign is Sign.TEXT and part.body[-1] in ".!" and "webmail" in part.body.casefold()


def _settle_above_text(parts: Sequence[Part], text: Part) -> None:
    """See again what stands directly above a dateline: there a title stands, whatever its words look like."""
    above = parts[-1]
    if above.sign is Sign.DATELINE:
        weak = text.dateline is not None and not text.dateline.agencies and text.node.parent is above.node.parent
        weak = weak and not above.body.casefold().endswith(AGO)  # a brief that ends in its time has ended
        if weak and above.dateline is not None and above.dateline.agencies:
            text.sign, text.dateline, text.body = Sign.TEXT, None, text.block.text  # "PSV - AZ eindigde in 6-2."
        elif is_rather_a_title(above):
            above.sign, above.dateline, above.body = Sign.TEXT, None, above.block.text
    elif above.sign in LIKE_TITLES:
        begins = len(parts) > 1 and parts[-2].sign in (Sign.STAMP, Sign.MORE_FROM)
        begins = begins and (above.block.is_plain or above.node is not parts[-2].node)  # else it stands beside the time
        counts = COMMENT_COUNT.fullmatch(above.body) is not None
        if (begins and not counts) or above.block.heading or above.block.link:
            above.sign = Sign.TEXT


def is_rather_a_title(part: Part) -> bool:
    """Return whether what looks like a local dateline is a title, such as ``EU - VK: boomhut mag blijven``."""
    return part.dateline is not None and not part.dateline.agencies and len(part.block.text) <= _LONGEST_TITLE


def _part(block: Block, place: int) -> Part:
    text, node = block.text, block.node
    heading = node.heading
    if block.is_time and not (heading and parse_day(text)):
        return Part(block, Sign.UPDATED if block.is_update else Sign.STAMP, text, None, None, place)
    is_stamp = _reading_of_times(block)
    read = _read_kept if len(text) <= _LONGEST_CREDIT else _read
    sign, body, dateline, section = read(text, heading, is_stamp, node.parent is None)
    return Part(block, sign, body, dateline, section, place)


def _read(
    text: str, heading: int, is_stamp: Callable[[str], object], plain: bool
) -> tuple[Sign, str, Dateline | None, str | None]:
    """Return what a text that the page does not mark as a time is, the rest of it, its dateline and its section."""
    if len(text) <= _LONGEST_SIGN:
        read = _read_short(text, heading, is_stamp, plain=plain)
        if read is not None:
            sign, body, section = read
            return sign, body, None, section
    if len(text) <= _LONGEST_CREDIT and _CREDIT.fullmatch(text):
        return Sign.CREDIT, text, None, None
    if heading:
        return Sign.TEXT, text, None, None
    dateline, body = split_dateline(text)
    return Sign.DATELINE if dateline else Sign.TEXT, body, dateline, None


_read_kept = lru_cache(maxsize=_CACHE)(_read)


def _read_short(
    text: str, heading: int, is_stamp: Callable[[str], object], *, plain: bool
) -> tuple[Sign, str, str | None] | None:
    """Return what a short text is by its words, what counts of them, and the section it names; None for mere text."""
    more_from = _MORE_FROM.fullmatch(text)
    if more_from:
        return Sign.MORE_FROM, text, more_from["section"]
    if parse_day(text):
        return Sign.DAY, text, None
    stamp = time_shown(text, is_stamp)
    if stamp and not (plain and split_dateline(text)[0]):  # a text may be cut off at "Twee uur geleden"
        return Sign.UPDATED if tells_update(stamp) else Sign.STAMP, stamp, None
    sign = _sign_of_words(text, heading)
    return None if sign is None else (sign, text, None)


def says_nothing(text: str) -> bool:
    """Return whether the short *text* of a link is by its words no more than a name, such as that of a section.

    >>> [says_nothing(text) for text in ("Kunst en cultuur", "Meer uit Zeeland", "14:30 Brug dicht", "GOES - De brug")]
    [True, False, False, False]
    """
    if not text[:1].isalpha() or not text[-1].isalnum():  # the number of a page, or a sentence
        return False
    if AGO in text.casefold() or _CLOCK.search(text) or _CREDIT.fullmatch(text):
        return False
    return _read_short(text, 0, looks_like_stamp, plain=False) is None and split_dateline(text)[0] is None


def _reading_of_times(block: Block) -> Callable[[str], object]:
    """Return what tells whether a text in *block* is a time."""
    if block.node.heading or block.href:  # a title may be a word of time too, such as "Vandaag"
        in_brief = not block.node.heading and block.node.in_link
        return _tells_age_or_clock if in_brief else parse_age  # in a link around all of a brief it has its line
    return _is_plainly_stamp


def _tells_age_or_clock(text: str) -> bool:
    return parse_age(text) is not None or tells_clock(text)


def _is_plainly_stamp(text: str) -> bool:
    return looks_like_stamp(text) and not is_faint(text)


def _sign_of_words(text: str, heading: int) -> Sign | None:
    words = _BY_WORDS.fullmatch(text)
    if words is None or words.lastgroup is None:
        return None
    sign = Sign[words.lastgroup]
    if heading == 1 and sign is not Sign.JUST_IN:
        return None  # the headline of a story may be worded like anything
    if sign is Sign.COMMENTS and text[0].isdigit() and not heading:
        return Sign.CHROME  # "3 reacties" below a brief
    return sign


def time_shown(text: str, is_stamp: Callable[[str], object] = looks_like_stamp) -> str | None:
    """Return the time that *text* shows, by itself or beside short labels, or None when it says anything else.

    Two fields may be the halves of one time, or one of them the time of an update, which tells nothing of the other.
    """
    if text[:1] == "(" and text[-1:] == ")":
        text = text[1:-1]
    text = text.strip(" |•·")
    if is_stamp(text):
        return text
    if not _FIELD_SIGN.search(text):
        return None
    fields = _FIELD_BORDER.split(text)
    if len(fields) == 1:
        return None
    stamps = [index for index, field in enumerate(fields) if is_stamp(field)]
    if any(len(field) > LONGEST_LABEL for index, field in enumerate(fields) if index not in stamps):
        return None
    if len(stamps) == _HALVES:
        both = " ".join(fields[index] for index in stamps)
        if stamps[0] + 1 == stamps[1] and parse(both) is not None:
            return both
        stamps = [index for index in stamps if not tells_update(fields[index])]
    return fields[stamps[0]] if len(stamps) == 1 else None
