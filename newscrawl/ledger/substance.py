"""What of a story is substance: what has to change before it is a revision.

White space, quotes, punctuation, hyphens, accents, capitals and broken encoding are none; words and numbers are.
"""

import hashlib
import html
import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

# Letters that no decomposition takes apart, and marks that stand for one that matters, between digits or to a reader.
_PLAIN = str.maketrans(
    {
        **{"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ħ": "h", "Ħ": "H"},
        **{"ŧ": "t", "Ŧ": "T", "ı": "i", "þ": "th", "Þ": "Th", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ß": "ss"},
        **{"ẞ": "SS", "ŋ": "n", "Ŋ": "N", "ĸ": "k"},
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‘’‚‛‹›´", "'"),
        **dict.fromkeys("‐‑‒–—―", "-"),
        **{"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⁄": "/"},
        **{digit: f"^{value}" for value, digit in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
        **{digit: f"^{value}" for value, digit in enumerate("₀₁₂₃₄₅₆₇₈₉")},
    }
)

# The byte each character was, where UTF-8 was read as Windows-1252 or, where that has no character, as Latin-1.
_BYTE = {chr(byte): byte for byte in range(0x80, 0x100)} | {
    char: byte for byte in range(0x80, 0x100) for char in bytes([byte]).decode("cp1252", "ignore")
}
_NEXT = "[" + "".join(char for char, byte in _BYTE.items() if byte < 0xC0) + "]"
# Not all that bytes can spell: É with a closing quote is a word in capitals, and á with two dashes no syllable of Cree.
_MISREAD = re.compile(
    f"[Â-ÅÎ-Ñ]{_NEXT}|Æ[\x92’]|È[\x98-\x9b˜™š›]|Ë[\x86\x9c†œ]|á[¸-»]{_NEXT}"
    f"|â[\x80\x82\x84\x86\x88€‚„†ˆ]{_NEXT}|ï[¬»¿]{_NEXT}|ð[\x9fŸ]{_NEXT}{{2}}"
)
_LOST = re.compile("â€\ufffd?")  # a misread quote whose last byte is gone
_LOST_HYPHEN = re.compile("Ã(?=[a-z])")  # a misread í whose second byte was taken for a soft hyphen
_LOST_SPACE = re.compile(r"(?<=[a-z0-9.,;:!?%)'\"])Â(?=[ \n.,;:!?'\"()]|$)")  # a misread space, by now none or two

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,31});")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]+")

_LETTER = "a-z\u0370-\u2211\u2213-\U0010ffff"  # small, or of another alphabet; U+2212 is the minus
_BETWEEN_DIGITS = re.compile(f"([0-9])([^0-9{_LETTER}]+)(?=[0-9])")
_MINUS = re.compile(f"(?<![0-9{_LETTER}])-(?=[0-9])")
_STRAY_MINUS = re.compile("−(?![0-9])")
_KEPT = {"-": "D", ",": "C", ".": "P", ":": "T", "/": "S", " ": "W", "−": "M"}  # folded text has no capitals
_SUBSTANCE = str.maketrans(
    {chr(code): None for code in range(128) if not chr(code).isalnum()}
    | {letter: mark for mark, letter in _KEPT.items()}
)

_END = re.compile(r"[.!?…][\s\"'“”„‘’«»)\]]*$")


def legible(text: str) -> str:
    """Return *text* in plain letters: entities and misread bytes repaired, accents off, quotes and dashes straight.

    Capitals, white space and punctuation stay. Letters of other alphabets stay too; other signs become white space.

    >>> legible("De caf&eacute;s in GenÃ¨ve – „BelÃ©m”")
    'De cafes in Geneve - "Belem"'
    """
    if "&" in text:
        for _ in range(3):  # as often as an editing system may escape what is escaped already
            text, count = _ENTITY.subn(_unescaped, text)
            if not count:
                break
    if text.isascii():
        return text
    if "Ã" in text:
        text = _LOST_HYPHEN.sub("í", text)
    if "Â" in text:
        text = _LOST_SPACE.sub(" ", text)
    return _BEYOND_ASCII.sub(_plain, text)


def folded(text: str) -> str:
    """Return *text* as far as it is substance: small letters and digits, and the marks that make a number another.

    A mark between two digits stays, and so does a minus. A letter that was lost, and shown as U+FFFD or a question
    mark, cannot be told; such a text differs.

    >>> folded("Zo’n 1,5 miljoen, zegt GENÈVE.") == folded("zo'n 1,5 miljoen,\\u00a0zegt “GenÃ¨ve”")
    True
    >>> folded("Het werd 2 – 1 bij -5 graden.")
    'hetwerd2-1bij−5graden'
    """
    text = _BETWEEN_DIGITS.sub(_mark, legible(text).casefold())
    if "-" in text:
        text = _MINUS.sub("M", text)
    if "−" in text:
        text = _STRAY_MINUS.sub("", text)
    return text.translate(_SUBSTANCE)


@dataclass(frozen=True, slots=True)
class Substance:
    """The substance of one appearance of a story; what has the same is no revision."""

    headline: str
    """Folded headline; empty where none is shown."""

    dateline: str
    """Folded dateline, with its agencies; empty where there is none."""

    text: str
    """Folded text, without its dateline."""

    is_open: bool = field(compare=False)
    """Whether the text as shown ends in mid-sentence, so that it may be cut off."""

    @classmethod
    def of(cls, headline: str | None, dateline: str | None, text: str) -> "Substance":
        """Return the substance of what is shown as *headline*, *dateline* and *text*."""
        return cls(folded(headline or ""), folded(dateline or ""), folded(text), _END.search(text[-16:]) is None)

    @property
    def digest(self) -> int:
        """A signed 64-bit number, the same on every machine; another where headline, dateline or text is another."""
        key = f"{self.headline}\n{self.dateline}\n{self.text}".encode("utf-8", "replace")
        return int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "big", signed=True)

    def is_cut_of(self, other: "Substance") -> bool:
        """Return whether this is *other* with the end of its text cut off in mid-sentence, and nothing else changed.

        What this lacks of headline and dateline is no change either.
        """
        return (
            self.is_open
            and 0 < len(self.text) < len(other.text)
            and other.text.startswith(self.text)
            and self.headline in ("", other.headline)
            and self.dateline in ("", other.dateline)
        )


def _unescaped(match: re.Match[str]) -> str:
    return html.unescape(match[0])


def _mark(match: re.Match[str]) -> str:
    """Return the one mark that says how two numbers stand to each other, whatever else stands between them."""
    digit, between = match.groups()
    first = next((char for char in between if char in "-,.:/−"), " ")
    if first not in "-−" and between[-1] in "-−":  # `10, -5`
        return f"{digit}{_KEPT[first]}M"
    return digit + _KEPT["-" if first == "−" else first]


@lru_cache(maxsize=4096)
def _short_plain(run: str) -> str:
    for _ in range(4):
        run, count = _MISREAD.subn(_read_anew, run)
        if not count:
            break
    run = unicodedata.normalize("NFKD", _LOST.sub(" ", run).translate(_PLAIN)).translate(_PLAIN)
    if run.isascii():
        return run
    kept = []
    for char in run:
        if char.isascii() or char == "−" or (char >= "\u0370" and char.isalnum()):
            kept.append(char)
        elif unicodedata.category(char) not in {"Mn", "Me", "Cf", "Lm", "Sk"}:
            kept.append(" ")
    return "".join(kept)


def _plain(match: re.Match[str]) -> str:
    run = match[0]
    # A word or two at most, in what is written with Latin letters; what is longer is not worth keeping.
    return _short_plain(run) if len(run) <= 32 else _short_plain.__wrapped__(run)


def _read_anew(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTE[char] for char in match[0]).decode()
    except UnicodeDecodeError:
        return match[0]
