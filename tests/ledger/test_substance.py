"""What of a story is substance, so that a change of it is a revision, and what is none."""

import os
import re
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from newscrawl.ledger.substance import Substance, folded, legible

TEXT = (
    "Zeker twaalf mensen zijn maandag bij Genève gewond geraakt. „De bus kwam uit Belém”, zei burgemeester Núñez. "
    "De schade is zo'n 1,5 miljoen euro. Het was -5 graden.\n\nEr waren 48 reizigers aan boord."
)
# What is written with Latin letters between Lisbon and Warsaw, and what stands around it in a newspaper.
EUROPEAN = "abeimnoszABEINSéèëêïíìîöóòôüúùûáàâäãåçñøæœßłśżźćńęąčšžřěůőűăâîșțđıİÉÈËÏÍÖÓÜÁÀÄÅÇÑØŁŚŻŠŽČ 0123456789.,:;!?-–—“”‘’„…€%()/"
# What would be misread bytes, were it not written so: nobody can tell, and a reading has to be chosen.
AMBIGUOUS = re.compile("[ÂÃÄÅÆÈËÎÏÐÑâáï][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Â(?![A-Za-z])")
european = st.text(EUROPEAN, max_size=60).filter(
    lambda text: not AMBIGUOUS.search(f"{text} {text.upper()} {text.lower()} ")
)
any_text = st.text(max_size=60)


def misread(text: str) -> str:
    """Read UTF-8 as Windows-1252, and what that does not know as Latin-1, as browsers do."""
    return "".join(
        bytes([byte]).decode("latin-1" if byte in b"\x81\x8d\x8f\x90\x9d" else "cp1252") for byte in text.encode()
    )


@pytest.mark.parametrize(
    "shown",
    [
        TEXT.upper(),
        TEXT.replace(" ", "\u00a0 \n"),
        TEXT.replace("\n\n", ""),  # glued at the break
        TEXT.replace("\n\n", " \u2028"),
        TEXT.replace("„", '"').replace("”", '"').replace("'", "’"),
        TEXT.replace("ur", "u\u00adr").replace("en", "e\u200bn\ufeff"),
        TEXT.replace("-", "−"),
        unicodedata.normalize("NFD", TEXT),
        "".join(char for char in unicodedata.normalize("NFD", TEXT) if not unicodedata.combining(char)),
        misread(TEXT),
        misread(misread(TEXT)),
        TEXT.encode().decode("latin-1"),
        TEXT.encode().decode("cp1252", "replace"),  # the end of the quote is lost
        " ".join(misread(TEXT).replace("\u00ad", "").split()),  # as `clean` leaves it
        TEXT.replace("è", "&egrave;").replace("é", "&#233;").replace("„", "&amp;bdquo;").replace("'", "&#39;"),
        TEXT.replace(". ", " . ").replace(",", ";").replace("1;5", "1,5"),
        "\x00" + TEXT + "\ud800",
    ],
)
def test_what_is_no_substance_does_not_count(shown: str) -> None:
    assert folded(shown) == folded(TEXT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,5 miljoen", "15 miljoen"),
        ("het werd 2-1", "het werd 21"),
        ("het werd 2-1", "het werd 1-2"),
        ("het werd 2-1", "het werd 2,1"),
        ("het is -5 graden", "het is 5 graden"),
        ("van 10, -5 en 3", "van 10, 5 en 3"),
        ("om 12:30 uur", "om 1230 uur"),
        ("seizoen 2024/25", "seizoen 202425"),
        ("1½ uur", "11/2 uur"),
        ("10² meter", "102 meter"),
        ("nummers 1 en 2", "nummers 12"),
        ('"6-2." 12 doden', "6-212 doden"),
        ("twaalf doden", "dertien doden"),
        ("De bus reed.", "De bus reed. De bus stond."),
        ("Κύπρος", "Ελλάδα"),  # letters of other alphabets are no decoration
    ],
)
def test_numbers_and_words_are_substance(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("", ""),
        ("\x00\ud800\udfff\ufffd?!", ""),
        ("CAFÉ”", "cafe"),  # no letter of West Africa, though its bytes could be one
        ("SÃO PAULO", "saopaulo"),
        ("lÃder en voilÃ  daar", "liderenvoiladaar"),  # what `clean` leaves of a misread í and à
        ("Łódź, Ærø, Straße, ĳs", "lodzaerostrasseijs"),
        ("covid-19", "covid19"),
        ("12\u202f300 en 12\u200b300", "12 300en12300"),
        ("AT&T, R&D en &onbekend;", "attrdenonbekend"),
        ("&amp;amp;amp;eacute;", "eacute"),  # escaped more often than anybody does
        ("10 – 12", "10-12"),
        ("−5 en - 5", "−5en5"),
    ],
)
def test_hard_cases(shown: str, expected: str) -> None:
    assert folded(shown) == expected


def test_legible_keeps_what_a_reader_reads_by() -> None:
    assert legible("Núñez: „GenÃ¨ve – 1½ uur”\n\nEinde") == 'Nunez: "Geneve - 1 1/2 uur"\n\nEinde'


@given(any_text)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(european)
def test_misread_bytes_do_not_count(text: str) -> None:
    assert folded(misread(text)) == folded(text)
    assert folded(misread(misread(text))) == folded(text)


@given(european)
def test_capitals_and_composition_do_not_count(text: str) -> None:
    for other in (text.upper(), text.lower(), unicodedata.normalize("NFD", text)):
        assert folded(other) == folded(text)


@given(st.lists(european.map(str.strip), max_size=5), st.sampled_from([" ", "\n\n", "\u00a0", "\t \r\n"]))
def test_white_space_does_not_count_but_between_digits(pieces: list[str], white: str) -> None:
    text = white.join(pieces)
    assume(not AMBIGUOUS.search(text))
    assert folded(text) == folded(" ".join(pieces))


@given(european, st.lists(st.sampled_from("0123456789"), min_size=2, max_size=2, unique=True), european)
def test_another_digit_is_another_digest(before: str, digits: list[str], after: str) -> None:
    one, other = (Substance.of(None, None, before + digit + after) for digit in digits)
    assert one.digest != other.digest


def test_a_digest_never_changes() -> None:
    # It is stored; a change of it makes a revision of every story.
    assert Substance.of("Kop", "GENÈVE (ANP/AFP)", TEXT).digest == -4052995514908332295
    assert -(2**63) <= Substance.of(None, None, "").digest < 2**63


def test_a_digest_is_the_same_in_every_process() -> None:
    code = f"from newscrawl.ledger.substance import Substance; print(Substance.of('K', 'D', {TEXT!r}).digest)"
    for seed in ("0", "1"):
        run = subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        )
        assert int(run.stdout) == Substance.of("K", "D", TEXT).digest


@pytest.mark.parametrize(
    ("headline", "dateline", "text"),
    [
        ("Bus van de weg", "GENÈVE (ANP)", TEXT),
        ("Bus van weg", "GENÈVE (ANP/AFP)", TEXT),
        (None, "GENÈVE (ANP/AFP)", "Bus van weg " + TEXT),  # what moved to another field was read otherwise
        ("Bus van weg GENÈVE (ANP/AFP)", None, TEXT),
        ("Bus van weg", None, "GENÈVE (ANP/AFP) - " + TEXT),
        ("Bus van weg", "GENÈVE (ANP)", TEXT.replace("twaalf", "dertien")),
        ("Bus van weg", "GENÈVE (ANP)", TEXT + " De chauffeur wordt gehoord."),
        ("Bus van weg", "GENÈVE (ANP)", TEXT.replace(" Het was -5 graden.", "")),
    ],
)
def test_what_is_a_revision(headline: str | None, dateline: str | None, text: str) -> None:
    story = Substance.of("Bus van weg", "GENÈVE (ANP)", TEXT)
    assert Substance.of(headline, dateline, text).digest != story.digest
    assert Substance.of(headline, dateline, text) != story


def test_what_is_no_revision() -> None:
    story = Substance.of("Bus van weg", "GENÈVE (ANP)", TEXT)
    again = Substance.of("BUS  VAN WEG", "Geneve (ANP)", misread(TEXT).removesuffix("."))
    assert (story, story.digest) == (again, again.digest)


@pytest.mark.parametrize(
    ("cut", "whole", "expected"),
    [
        ("De bus reed te ha", "De bus reed te hard. Het regende.", True),
        ("De bus reed te hard. Het re", "De bus reed te hard. Het regende.", True),
        ("De bus reed te hard,", "De bus reed te hard, zei hij.", True),
        ("Er waren 1", "Er waren 12 reizigers.", True),
        ("De bus reed te hard.", "De bus reed te hard. Het regende.", False),  # a sentence was removed
        ("„De bus reed te hard.”", "„De bus reed te hard.” Het regende.", False),
        ("De bus reed te hard…", "De bus reed te hard. Het regende.", False),
        ("De bus reed te ha", "De bus reed te ha", False),
        ("De bus reed te hard. Het regende.", "De bus reed te ha", False),
        ("De bus stond te ha", "De bus reed te hard. Het regende.", False),
        ("", "De bus reed te hard.", False),
    ],
)
def test_what_is_cut_off(cut: str, whole: str, expected: bool) -> None:
    assert Substance.of("K", "D", cut).is_cut_of(Substance.of("K", "D", whole)) is expected
    assert Substance.of(None, None, cut).is_cut_of(Substance.of("K", "D", whole)) is expected
    assert not Substance.of("Andere kop", "D", cut).is_cut_of(Substance.of("K", "D", whole))
    assert not Substance.of("K", "D (ANP)", cut).is_cut_of(Substance.of("K", "D", whole))


@pytest.mark.parametrize("unit", ["x", " ", "1 ", "1-", "&", "&amp;", "Ã", "â€", "1\u00a0", "\ud800", "é", '"', "-5 "])
def test_a_megabyte_of_anything_is_folded(unit: str) -> None:
    """What takes longer than linear time never gets there."""
    folded(unit * (1_000_000 // len(unit)))
