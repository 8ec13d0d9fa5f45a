"""By what a story is known: its address, or where there is none the place and the start of its text."""

import hashlib
import re
from collections.abc import MutableMapping
from dataclasses import dataclass

_NOT_SUBSTANCE = re.compile(r"[\W_]+")
_PLAIN_NOT_SUBSTANCE = "".join(filter(_NOT_SUBSTANCE.fullmatch, map(chr, range(128)))).encode()
START = 80  # letters and digits; a capture that is cut off earlier cannot be told from another story


def id_of_url(url: str) -> str:
    """Return the story id made from a canonical address: 16 hexadecimal digits, the same on every machine."""
    return _digest(f"url\n{url}")


def id_of_text(place: str | None, text: str) -> str:
    """Return the story id made from the place of the dateline and the start of the text.

    White space, punctuation and capitals do not count, nor does what stands behind the first `START` characters.
    """
    return _digest(f"text\n{_folded(place or '')}\n{_folded(text[: 3 * START])[:START]}")


def id_of_headline(headline: str) -> str:
    """Return the story id made from a headline, for an appearance that shows nothing else."""
    return _digest(f"headline\n{_folded(headline)}")


@dataclass(frozen=True, slots=True)
class Names:
    """The ids by which one appearance of a story may be known, each None where it shows nothing to make it from."""

    url: str | None
    text: str | None
    headline: str | None

    @classmethod
    def of(cls, url: str | None, place: str | None, text: str, headline: str | None) -> "Names":
        """Return the names of what shows these; *text* is without its dateline."""
        return cls(
            id_of_url(url) if url else None,
            id_of_text(place, text) if text else None,
            id_of_headline(headline) if headline else None,
        )

    @property
    def own(self) -> str:
        """The id that is made from this appearance alone.

        Raises: ValueError for what has no address, no text and no headline.
        """
        own = self.url or self.text or self.headline
        if own is None:
            raise ValueError("a story without address, text and headline has no id")
        return own

    def join(self, ids: MutableMapping[str, str]) -> str:
        """Return the id under which this story goes in *ids*, and enter all its names there.

        An address tells a story for certain; a text is that of a story with an address only until another address comes
        with the same text; a headline counts where there is nothing else.
        """
        if self.url is not None and self.url in ids:
            story_id = ids[self.url]
        elif self.url is not None:
            story_id = self.text if self.text and self._is_first_address_of_text(ids) else self.url
        elif self.text is not None:
            story_id = ids.get(self.text, self.text)
        else:
            story_id = ids.get(self.own, self.own)
        for name in (self.url, self.text, self.headline):
            if name is not None:
                ids.setdefault(name, story_id)
        return story_id

    def _is_first_address_of_text(self, ids: MutableMapping[str, str]) -> bool:
        """Return whether the text was published without an address before, and this is the first address it gets."""
        return ids.get(self.text or "") == self.text and ids.setdefault(f"{self.text}@", self.url or "") == self.url


def key_of(story_id: str) -> int:
    """Return an id as the ledger keeps it: a signed number of 64 bits. `id_of_key` is the way back."""
    return int.from_bytes(bytes.fromhex(story_id), signed=True)


def id_of_key(key: int) -> str:
    """Return the id that `key_of` made *key* of."""
    return key.to_bytes(8, signed=True).hex()


def _folded(text: str) -> str:
    """Return the letters and digits of *text*, small."""
    # What is ASCII goes first, as bytes: mostly nothing else is left, and the pattern takes many times as long.
    utf8 = text.casefold().encode("utf-8", "surrogatepass").translate(None, _PLAIN_NOT_SUBSTANCE)
    rest = utf8.decode("utf-8", "surrogatepass")
    return rest if rest.isascii() or rest.isalnum() else _NOT_SUBSTANCE.sub("", rest)


def _digest(key: str) -> str:
    return hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).hexdigest()
