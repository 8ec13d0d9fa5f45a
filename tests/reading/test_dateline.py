"""Datelines as the wire writes them, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.reading.dateline import split_dateline


@pytest.mark.parametrize(
    ("text", "raw", "place", "agencies"),
    [
        ("MOSKOU (ANP/RTR/DPA) - Tekst.", "MOSKOU (ANP/RTR/DPA)", "MOSKOU", ("ANP", "RTR", "DPA")),
        ("DEN HAAG (ANP) – Tekst.", "DEN HAAG (ANP)", "DEN HAAG", ("ANP",)),
        ("SANTA CRUZ DE TENERIFE (ANP) -Tekst.", "SANTA CRUZ DE TENERIFE (ANP)", "SANTA CRUZ DE TENERIFE", ("ANP",)),
        ("WASHINGTON/OSLO/CARACAS (ANP/AF) - Tekst.", "WASHINGTON/OSLO/CARACAS (ANP/AF)", "WASHINGTON/OSLO/CARACAS", ("ANP", "AF")),
        ("CORTINA D'AMPEZZO (ANP) - Tekst.", "CORTINA D'AMPEZZO (ANP)", "CORTINA D'AMPEZZO", ("ANP",)),
        ("'S-HERTOGENBOSCH (ANP) - Tekst.", "'S-HERTOGENBOSCH (ANP)", "'S-HERTOGENBOSCH", ("ANP",)),
        ("’s-HERTOGENBOSCH (ANP) - Tekst.", "’s-HERTOGENBOSCH (ANP)", "’s-HERTOGENBOSCH", ("ANP",)),
        ("OŚWIĘCIM (ANP/BLOOMBERG/AFP/BELGA) - Tekst.", "OŚWIĘCIM (ANP/BLOOMBERG/AFP/BELGA)", "OŚWIĘCIM", ("ANP", "BLOOMBERG", "AFP", "BELGA")),
        ("GAZA-STAD (ANP) - Tekst.", "GAZA-STAD (ANP)", "GAZA-STAD", ("ANP",)),
        ("HENGELO (OV) (ANP) - Tekst.", "HENGELO (OV) (ANP)", "HENGELO (OV)", ("ANP",)),
        ("THOLEN - Tekst.", "THOLEN", "THOLEN", ()),
        ("SINT-MAARTENSDIJK – Tekst.", "SINT-MAARTENSDIJK", "SINT-MAARTENSDIJK", ()),
        ("ÅRE (ANP) - Tekst.", "ÅRE (ANP)", "ÅRE", ("ANP",)),
    ],
)  # fmt: skip
def test_a_dateline(text: str, raw: str, place: str, agencies: tuple[str, ...]) -> None:
    dateline, rest = split_dateline(text)
    assert dateline is not None
    assert (dateline.raw, dateline.place, dateline.agencies) == (raw, place, agencies)
    assert rest == "Tekst."


def test_quotes_and_digits_may_follow() -> None:
    assert split_dateline('LIMA (ANP) - "Kom", zei ze - en ging.')[1] == '"Kom", zei ze - en ging.'
    assert split_dateline("LIMA (ANP) - 6-2.")[1] == "6-2."


@pytest.mark.parametrize(
    "text",
    [
        "", "A", "-", "UTRECH", "DEN HAAG (A", "DEN HAAG (ANP/", "De Kamer (ANP) - debatteert.", "De brug - een oude - is dicht.",
        "KMT", "NAVO-top begint", "VN: 3000 - doden", "EU - en daarna", "2000 - 2010", "Lima (ANP) - Tekst.",
        "A" * 100_000, "(" * 1000, "A (" * 10_000, "- " * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_dateline(text: str) -> None:
    assert split_dateline(text) == (None, text)


CAPITALS = st.text(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZÀÉÖŚĘ"), min_size=2, max_size=12)
PLACES = st.lists(CAPITALS, min_size=1, max_size=3).flatmap(
    lambda words: st.sampled_from([" ", "-", "/"]).map(lambda by: by.join(words))
)


@given(
    PLACES,
    st.lists(CAPITALS, max_size=3),
    st.sampled_from([" - ", " – ", " -"]),
    st.from_regex(r"[A-Z0-9'\"][a-z ()/-]{0,40}[.\"]", fullmatch=True),
)
def test_every_dateline_of_the_wires_making_is_read_and_nothing_is_lost(
    place: str, partners: list[str], dash: str, text: str
) -> None:
    agencies = ["ANP", *partners]
    dateline, rest = split_dateline(f"{place} ({'/'.join(agencies)}){dash}{text}")
    assert dateline is not None
    assert (dateline.place, list(dateline.agencies)) == (place, agencies)
    assert rest == text
