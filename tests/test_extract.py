"""One call for other programs: what it gives, what it refuses, and that nothing else ever comes of it."""

import dataclasses
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import NOW, PAGES, SIDEBAR, articles, briefs

from newscrawl import PageError, extract
from newscrawl.items import Article, Brief, Sighting

SEED = Path(__file__).parents[2] / "shared" / "seeds" / "000_2d5340f15a449ff6.txt"


@pytest.mark.skipif(not SEED.exists(), reason="the seed page lies beside the developers' checkout only")
def test_the_seed_comes_out_whole() -> None:
    items = extract(SEED.read_bytes(), url=None, crawled_at=NOW, content_type="text/plain")
    (lead,) = articles(items)
    assert lead.headline == "Minister Lavrov: focus van Rusland op relatie met China"
    assert (lead.dateline, lead.place, lead.agencies) == ("MOSKOU (ANP/RTR/DPA)", "MOSKOU", ["ANP", "RTR", "DPA"])
    assert len(lead.text.split("\n\n")) == 6
    assert [(crosshead.text, crosshead.before_paragraph) for crosshead in lead.crossheads] == [("Bondgenoot", 3)]
    assert lead.section == "Buitenland"
    assert lead.published_at is None
    assert lead.published_source is None
    found = [(brief.place, "/".join(brief.agencies), brief.published_raw, brief.position) for brief in briefs(items)]
    assert found == [
        ("WASHINGTON", "ANP", "2 uur geleden", 0),
        ("LONDEN", "ANP", "4 uur geleden", 1),
        ("SANTA CRUZ DE TENERIFE", "ANP", "5 uur geleden", 2),
        ("TEHERAN", "ANP/RTR", "7 uur geleden", 3),
        ("PARIJS", "ANP/AFP", "7 uur geleden", 4),
        ("CARACAS", "ANP/AFP", "7 uur geleden", 5),
        ("PARIJS", "ANP/RTR", "8 uur geleden", 6),
    ]
    for brief in briefs(items):
        hours = int((brief.published_raw or "").split()[0])
        assert brief.published_latest == NOW - timedelta(hours=hours)
        assert brief.published_earliest == NOW - timedelta(hours=hours + 1)
        assert brief.text.endswith((".", '."', '".'))
        assert "geleden" not in brief.text
    # Every word of the page is in one item, and in one only.
    words = " ".join(SEED.read_text("utf-8").split())
    for item in (lead, *briefs(items)):
        for paragraph in item.text.split("\n\n"):
            assert words.count(paragraph) == 1
    assert [item.where for item in items if isinstance(item, Sighting)] == ["lead", *["sidebar"] * 7]


def test_items_are_complete_as_far_as_one_page_goes() -> None:
    url = "http://zeelandnet.nl/nieuws/haven-weer-open?fbclid=1"
    items = extract(SIDEBAR, url=url, crawled_at=NOW, headers={"Date": "Tue, 24 Feb 2026 08:59:00 GMT"})
    (lead,), (brief,) = articles(items), briefs(items)
    assert lead.url == lead.found_on == brief.found_on == "https://www.zeelandnet.nl/nieuws/haven-weer-open"
    assert brief.url == "https://www.zeelandnet.nl/nieuws/x"
    assert (brief.revision, brief.spider, brief.site, brief.language, brief.schema_version) == (
        0,
        None,
        "zeelandnet",
        "nl",
        1,
    )
    assert brief.rendered_at == NOW - timedelta(minutes=1)
    assert brief.crawled_at == NOW
    assert brief.published_latest == NOW - timedelta(hours=2, minutes=1)
    assert brief.published_at == NOW - timedelta(hours=2, minutes=31)
    sightings = [item for item in items if isinstance(item, Sighting)]
    assert [(sighting.where, sighting.story_id) for sighting in sightings] == [
        ("lead", lead.story_id),
        ("sidebar", brief.story_id),
    ]


def test_cards_that_are_links_keep_their_own_times() -> None:
    cards = "".join(
        f"<a href='/nieuws/{hours}'><h3>Kop {hours}</h3><p>LIMA (ANP) - Tekst {hours}.</p><p>Tweede alinea.</p><p>{hours} uur geleden</p></a>"
        for hours in (1, 2, 3)
    )
    page = f"<h1>Haven</h1><p>GENT (ANP) - De haven is dicht.</p><h2>Meer uit Buitenland</h2>{cards}"
    items = extract(page, url="https://www.zeelandnet.nl/nieuws/haven", crawled_at=NOW)
    assert [(brief.headline, brief.published_raw, brief.text.count("\n\n")) for brief in briefs(items)] == [
        (f"Kop {hours}", f"{hours} uur geleden", 1) for hours in (1, 2, 3)
    ]


def test_the_past_at_the_end_of_a_text_is_no_time() -> None:
    text = (
        SIDEBAR.partition("<aside>")[0]
        + "<h2>Meer uit Buitenland</h2><p>LIMA (ANP) - De brug viel, ruim 180 jaar geleden</p>"
    )
    (brief,) = briefs(extract(text, url="https://www.zeelandnet.nl/nieuws/a", crawled_at=NOW))
    assert brief.published_at is None
    assert brief.text.endswith("180 jaar geleden")


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":["NewsArticle",{}]}',
        '{"@type":{}}',
        "[[[[",
        '{"@graph":7}',
        "null",
        '"x"',
        '{"@type":"NewsArticle","datePublished":[1]}',
        "[" * 100_000,
    ],
)
def test_json_ld_of_any_shape_upsets_nothing(script: str) -> None:
    page = f'<script type="application/ld+json">{script}</script>{SIDEBAR}'
    (lead,) = articles(extract(page, url="https://www.zeelandnet.nl/nieuws/a", crawled_at=NOW))
    assert lead.published_at is None


@pytest.mark.parametrize(
    "hostile",
    [
        "<p " + " ".join(f"a{number}=1" for number in range(60_000)) + ">x",
        "<div>" * 100_000,
        "<h1>xx</h1>" * 20_000,
        "<p>xx</p>" * 20_000 + "<h2>Meer uit Buitenland</h2>",
        "<h2>Net binnen</h2>" * 20_000,
        "<article>" + "<h2>xx</h2>" * 20_000 + "<p>GOES (ANP) - X.</p>",
        "<p>maandag 3 november 2025</p><p>Sport</p>" * 10_000 + "<p>GOES (ANP) - X.</p><p>2 uur geleden</p>",
        "<div>" * 190 + "<h1>xx</h1><p>GOES (ANP) - X.</p>" + "<p>xx</p>" * 5_000,
        "<h2>Meer uit Buitenland</h2>" * 20_000,
        "<div>" + "<span>2 uur geledenGOES (ANP) - X. </span>" * 5_000,
        "<div data-x='{" + '\n        "naam": [1,\n            2],' * 300 + "}'>x</div>",
        "<p title='" + " " * 6_000 + "'>x",
        "<h2>Meer uit Sport</h2><p>maandag 3 november 2025</p>",
    ],
    ids=lambda hostile: hostile[:24],
)
def test_a_hostile_page_gives_items_or_the_one_documented_error(hostile: str) -> None:
    # What grows with the square of the page takes minutes here; what grows with the page, a second or two.
    with suppress(PageError):
        assert extract(hostile, url="https://www.zeelandnet.nl/nieuws/a", crawled_at=NOW)


def test_it_is_pure() -> None:
    once, again = (extract(SIDEBAR, url="https://www.zeelandnet.nl/nieuws/a", crawled_at=NOW) for _ in range(2))
    assert once == again


def test_bytes_and_text_are_the_same() -> None:
    as_bytes = extract(SIDEBAR.encode("utf-16"), url=None, crawled_at=NOW)
    assert as_bytes == extract(SIDEBAR, url=None, crawled_at=NOW)


def test_another_offset_is_another_spelling_of_the_same_moment() -> None:
    amsterdam = datetime.fromisoformat("2026-02-24T10:00:00+01:00")
    assert extract(SIDEBAR, url=None, crawled_at=amsterdam) == extract(SIDEBAR, url=None, crawled_at=NOW)


def test_a_naive_clock_and_an_unknown_site_are_errors_of_the_caller() -> None:
    with pytest.raises(ValueError, match="crawled_at: an aware datetime is wanted") as error:
        extract(SIDEBAR, url=None, crawled_at=datetime(2026, 2, 24))
    assert not isinstance(error.value, PageError)
    with pytest.raises(ValueError, match="site: one of zeelandnet, demo is wanted, not 'nu'"):
        extract(SIDEBAR, url=None, crawled_at=NOW, site="nu")


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        (b"", "text/html", "it is empty"),
        (b" \n ", "text/plain", "it is empty"),
        (b"\x00\x00", "text/html", "it is empty"),
        (b"%PDF-1.4", "application/pdf", "application/pdf"),
        (b"\x89PNG", "image/png", "image/png"),
        (b"<!-- niets -->", "text/html", "no news page"),
        (b"<h1>Contact</h1><p>Bel ons op werkdagen van negen tot vijf uur.</p>", "text/html", "no lead, no briefs"),
    ],
)
def test_what_is_no_news_page_is_refused_with_the_reason(body: bytes, content_type: str, reason: str) -> None:
    with pytest.raises(PageError, match="no news page") as refused:
        extract(body, url=None, crawled_at=NOW, content_type=content_type)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "//",
        "http://",
        "http://[",
        "http://a:b/",
        "urn:uuid:1",
        "\ud800",
        "http://\ud800.nl/",
        "http://a..b/",
        "http://" + "a" * 70_000,
    ],
)
def test_what_is_no_address_counts_as_none(url: str) -> None:
    page = SIDEBAR.replace("/nieuws/x?utm_source=rss#top", url)
    items = extract(page, url=url, crawled_at=NOW)
    (lead,), (brief,) = articles(items), briefs(items)
    assert lead.url == lead.found_on
    assert lead.url is None or lead.url.startswith("http://a")
    assert brief.url is None or brief.url.startswith("http://")


def test_one_story_at_two_places_of_a_page_is_one_brief_and_two_sightings() -> None:
    page = SIDEBAR.replace("</aside>", "") + (
        '<p><a href="/nieuws/x">Trein rijdt weer</a></p><p>WENEN (ANP) - De trein rijdt weer.</p><p>3 uur geleden</p></aside>'
    )
    items = extract(page, url="https://www.zeelandnet.nl/nieuws/a", crawled_at=NOW)
    (brief,) = briefs(items)
    sightings = [item for item in items if isinstance(item, Sighting) and item.where == "sidebar"]
    assert [sighting.raw for sighting in sightings] == ["2 uur geleden", "3 uur geleden"]
    # Both can be true at one moment only: three hours ago.
    assert brief.published_earliest == brief.published_latest == NOW - timedelta(hours=3)


def test_a_lead_that_its_own_sidebar_shows_has_that_time_and_no_other() -> None:
    items = extract(SIDEBAR, url="https://www.zeelandnet.nl/nieuws/x", crawled_at=NOW)
    (lead,) = articles(items)
    assert lead.published_raw == "2 uur geleden"


@settings(max_examples=150, deadline=None)
@given(
    page=st.sampled_from(PAGES).map(Path.read_bytes),
    at=st.floats(0, 1),
    junk=st.one_of(
        st.binary(max_size=30), st.sampled_from([b"</div>", b"<div>", b"\x00", b"&#xD800;", b"<!--", b"geleden"])
    ),
    cut=st.integers(0, 200),
)
def test_a_page_that_was_spoilt_gives_items_or_the_one_documented_error(
    page: bytes, at: float, junk: bytes, cut: int
) -> None:
    middle = int(at * len(page))
    spoilt = page[:middle] + junk + page[middle + cut :]
    for content_type in ("text/html", "text/plain"):
        try:
            items = extract(spoilt, url="https://www.zeelandnet.nl/nieuws/a", crawled_at=NOW, content_type=content_type)
        except PageError:
            continue
        assert all(item.story_id for item in items)
        for item in items:
            assert all(moment <= NOW for moment in vars_of(item) if isinstance(moment, datetime))


def vars_of(item: Article | Brief | Sighting) -> list[object]:
    return [getattr(item, field.name) for field in dataclasses.fields(item)]


def test_text_that_is_called_html_is_read_as_text() -> None:
    text = (Path(__file__).parent / "pages" / "text" / "index_titles_like_others.txt").read_bytes()
    as_text, as_html = (
        extract(text, url=None, crawled_at=NOW, content_type=kind) for kind in ("text/plain", "text/html")
    )
    assert as_html == as_text != []
    (brief, *_) = briefs(
        extract("LIMA (ANP) - Zo&#39;n caf&eacute; is dicht.\n2 uur geleden", url=None, crawled_at=NOW)
    )
    assert brief.text == "Zo'n café is dicht."
