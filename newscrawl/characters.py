"""What a reader sees of a text: white space folded, and characters that nobody sees left out."""

# Soft hyphens, zero-width spaces and joiners, marks of direction, byte order marks.
_UNSEEN = dict.fromkeys(
    (0x00AD, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF), None
)


def clean(text: str) -> str:
    """Return *text* on one line, as a reader sees it.

    >>> clean("\\n 2\\u00a0 uur\\u200b   geleden\\ufeff ")
    '2 uur geleden'
    """
    if not text.isascii():
        text = text.translate(_UNSEEN)
    return " ".join(text.split())
