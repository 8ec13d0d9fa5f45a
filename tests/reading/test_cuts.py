"""A capture may end, or begin, anywhere: what stands whole in it is read as in the whole, and no item is made of a piece."""

from datetime import UTC, datetime
from functools import cache

import pytest

from newscrawl import PageError, extract
from newscrawl.items import Article, Brief

MOMENT = datetime(2026, 2, 24, 12, tzinfo=UTC)
URL = "https://www.zeelandnet.nl/nieuws/veerboot"
SEED = """Veerboot vaart weer na reparatie
BERGEN (ANP/DPA) - De veerboot naar het eiland vaart weer. De schroef is in een nacht vervangen.
Kade
Op de kade stonden 10 jaar geleden ook al rijen auto's.
Meer uit Buitenland
DEN HAAG (ANP) - De Kamer praat over de boot. Het debat begint om 02.45 uur
10 minuten geledenSANTA CRUZ (ANP/RTR) - "Wij gaan door", zegt de schipper. Dat was 3 jaar geleden wel anders.
2 uur geledenTHOLEN - De haven gaat dicht. Het werd 6-2.
12 uur geleden
"""
TITLED = """Webmail
Kies je webmail
Veerboot vaart weer na reparatie
Veerboot vaart weer na reparatie
BERGEN (ANP/DPA) - De veerboot naar het eiland vaart weer. De schroef is in een nacht vervangen.
KMT
Op de kade stonden 10 jaar geleden ook al rijen auto's.
Foto: ANP
Meer uit Buitenland
Kamer praat over boot
DEN HAAG (ANP) - De Kamer praat over de boot. Het debat begint om 02.45 uur

10 minuten geleden
2 uur op zee
SANTA CRUZ (ANP/RTR) - "Wij gaan door", zegt de schipper. Dat was 3 jaar geleden wel anders.

2 uur geleden
EU - VK: haven dicht
THOLEN - De haven gaat dicht. Het werd 6-2.

12 uur geleden
"""
STAMPS = ("10 minuten geleden", "2 uur geleden", "12 uur geleden")
DATELINES = ("DEN HAAG (ANP)", "SANTA CRUZ (ANP/RTR)", "THOLEN")


@cache
def read(text: str) -> tuple[Article | None, tuple[Brief, ...]]:
    try:
        items = extract(text, url=URL, crawled_at=MOMENT, content_type="text/plain")
    except PageError:
        return None, ()
    leads = [item for item in items if isinstance(item, Article)]
    return next(iter(leads), None), tuple(item for item in items if isinstance(item, Brief))


@pytest.mark.parametrize("capture", [SEED, TITLED], ids=["seed", "titled"])
def test_whole(capture: str) -> None:
    lead, briefs = read(capture)
    assert lead is not None
    assert [brief.dateline for brief in briefs] == list(DATELINES)
    assert [brief.published_raw for brief in briefs] == list(STAMPS)
    assert [brief.headline is None for brief in briefs] == [capture is SEED] * 3


@pytest.mark.parametrize("capture", [SEED, TITLED], ids=["seed", "titled"])
def test_cut_after_every_character(capture: str) -> None:
    lead, whole = read(capture)
    begin_of_list = capture.index("Meer uit")
    assert lead is not None
    for end in range(1, len(capture)):
        cut = capture[:end]
        found, briefs = read(cut)
        begun = "BERGEN (ANP/DPA) - D" in cut
        assert (found is not None) == begun, cut
        if found is not None:
            assert (found.headline, found.dateline) == (lead.headline, lead.dateline), cut
            assert lead.text.startswith(found.text), cut
            assert end < begin_of_list or (found.text, found.crossheads) == (lead.text, lead.crossheads), cut
        texts = [
            cut.find(f"{dateline} - {brief.text[0]}", begin_of_list)
            for dateline, brief in zip(DATELINES, whole, strict=True)
        ]
        assert len(briefs) == sum(place >= 0 for place in texts), cut
        for brief, full, place in zip(briefs, whole, texts, strict=False):
            shown = cut.find(full.published_raw or "", place)
            assert brief.published_raw == (full.published_raw if shown > 0 else None), cut
            assert (brief.headline, brief.dateline) == (full.headline, full.dateline), cut
            told = cut[place + len(full.dateline or "") + 3 :]
            assert brief.text == (told.strip() if len(told) < len(full.text) else full.text), cut


@pytest.mark.parametrize("capture", [SEED, TITLED], ids=["seed", "titled"])
def test_begun_after_every_character_of_the_lead(capture: str) -> None:
    lead, whole = read(capture)
    assert lead is not None
    for begin in range(1, capture.index("Meer uit")):
        rest = capture[begin:]
        found, briefs = read(rest)
        assert [(brief.headline, brief.text, brief.published_raw) for brief in briefs] == [
            (brief.headline, brief.text, brief.published_raw) for brief in whole
        ], rest
        if found is not None and found.headline is not None:
            # A short line does not show that it was a crosshead, nor one of capitals that it is torn; a paragraph does.
            assert "BERGEN" in rest or found.headline in (lead.headline, "Kade", "KMT", "MT", "T"), rest
