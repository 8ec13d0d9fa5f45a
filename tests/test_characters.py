"""Texts as a reader sees them."""

import sys

from newscrawl.characters import clean

WHITE = [character for character in map(chr, range(sys.maxunicode + 1)) if character.isspace()]
UNSEEN = [
    chr(code) for code in (0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
]


def test_white_space_of_any_kind_is_one_space() -> None:
    for character in WHITE:
        for run in (character, f"{character} ", f" {character}", 2 * character):
            assert clean(f"a{run}b") == clean(f"{run}a b") == clean(f"a b{run}") == "a b", hex(ord(character))
            assert clean(run) == ""


def test_what_nobody_sees_is_left_out() -> None:
    for character in UNSEEN:
        assert clean(f"{character}a{character}b{character}") == "ab", hex(ord(character))
        assert clean(f"a {character} b{character} ") == "a b", hex(ord(character))


def test_all_else_stays() -> None:
    for character in map(chr, range(0x3100)):
        if not character.isspace() and character not in UNSEEN:
            assert clean(f"a {character}b") == f"a {character}b", hex(ord(character))
