"""One call for other programs: what it gives, what it refuses, and that nothing else ever comes of it."""

import dataclasses
import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl import PageError, extract
from newscrawl.demo import DEMO_URL
from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.pages import Edition, layouts
from newscrawl.extraction import Extract, extract_page
from newscrawl.items import Article, Brief, Sighting
from newscrawl.sites import SITES
from newscrawl.timing import resolve

NOW = datetime(2026, 2, 24, 9, 0, tzinfo=UTC)
SEED = Path(__file__).parents[2] / "shared" / "seeds" / "000_2d5340f15a449ff6.txt"
PAGES = sorted((Path(__file__).parent / "pages").glob("*/*.html"))
LAYOUTS = [path for path in PAGES if path.parent.name == "layout"]
URL = "https://www.zeelandnet.nl/nieuws/haven-weer-open"

SIDEBAR = """
<h1>Haven weer open</h1><p>ANTWERPEN (ANP/BELGA) - De haven is maandag weer opengegaan na een storing in de sluizen.</p>
<aside><h2>Meer uit Buitenland</h2>
<p><a href="/nieuws/x?utm_source=rss#top">Trein rijdt weer</a></p><p>WENEN (ANP) - De trein rijdt weer.</p><p>2 uur geleden</p>
</aside>"""


def articles(items: list[Article | Brief | Sighting]) -> list[Article]:
    return [item for item in items if isinstance(item, Article)]


def briefs(items: list[Article | Brief | Sighting]) -> list[Brief]:
    return [item for item in items if isinstance(item, Brief)]


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


@pytest.mark.parametrize("day", ["vrijdag 31 december 9999", "maandag 1 januari 0001", "zondag 0 mei 2025"])
def test_a_day_that_never_was_upsets_nothing(day: str) -> None:
    page = SIDEBAR.replace("Meer uit Buitenland", "Binnenland").replace("<aside>", f"<p>{day}</p>")
    assert extract(page, url="https://www.zeelandnet.nl/nieuws/buitenland", crawled_at=NOW)


@pytest.mark.parametrize("charset", ["zlib", "bz2", "rot13", "hex", "base64", "idna", "utf-7", "\0", "x" * 1000])
def test_a_charset_that_is_none_upsets_nothing(charset: str) -> None:
    body = SIDEBAR.encode()
    assert extract(body, url=None, crawled_at=NOW, content_type=f"text/html; charset={charset}")
    assert extract(f"<meta charset={charset}>".encode() + body, url=None, crawled_at=NOW)


@pytest.mark.parametrize(
    ("claim", "source", "latest"),
    [
        ("2026-02-24T07:30:00+01:00", "metadata", datetime(2026, 2, 24, 6, 30, tzinfo=UTC)),
        ("2026-02-23T08:00:00Z", "relative", NOW - timedelta(hours=2)),  # contradicts the words beside it
        ("2026-02-24T12:00:00Z", "relative", NOW - timedelta(hours=2)),  # later than the page
        ("gisteren", "relative", NOW - timedelta(hours=2)),
    ],
)
def test_a_machine_readable_time_is_believed_where_the_words_beside_it_allow(
    claim: str, source: str, latest: datetime
) -> None:
    page = SIDEBAR.replace("2 uur geleden", f"<time datetime='{claim}'>2 uur geleden</time>")
    (brief,) = briefs(extract(page, url="https://www.zeelandnet.nl/nieuws/a", crawled_at=NOW))
    assert (brief.published_source, brief.published_latest) == (source, latest)


def test_a_lead_is_not_modified_before_it_was_published() -> None:
    head = (
        '<head><meta property="article:published_time" content="2022-03-01T10:00:00Z">'
        '<meta property="article:modified_time" content="{}"></head>'
    )
    url = "https://www.zeelandnet.nl/nieuws/a"
    (lead,) = articles(extract(head.format("2021-03-01T10:00:00Z") + SIDEBAR, url=url, crawled_at=NOW))
    assert (lead.published_source, lead.modified_at) == ("metadata", None)
    (lead,) = articles(extract(head.format("2022-03-02T10:00:00Z") + SIDEBAR, url=url, crawled_at=NOW))
    assert lead.modified_at == datetime(2022, 3, 2, 10, tzinfo=UTC)


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


# --- Times told to machines -------------------------------------------------------------------------------------------
# A time of one story must never date another, least of all the lead: however it is written, in whatever layout.

NEWS = "https://schema.org/NewsArticle"
SCRIPT = '<script type="application/ld+json">{}</script>'
STAMP = re.compile(
    r"(?<![\w/])(?P<count>\d+)(?:\s|&nbsp;|&#160;)+(?P<unit>minuten|uur|dag|dagen)(?:\s|&nbsp;|&#160;)+geleden(?=\s*(?:<|$))"
)
UNITS = {
    "minuten": timedelta(minutes=1),
    "uur": timedelta(hours=1),
    "dag": timedelta(days=1),
    "dagen": timedelta(days=1),
}
# How a brief's own time may stand in it, around the words or behind them; whether it is the brief's to be read; and the
# type of an item that the page itself is.
OF_BRIEF = {
    "time": ('<time datetime="{at}">{words}</time>', True, None),
    "time pubdate": ('<time pubdate datetime="{at}">{words}</time>', True, None),
    "property": ('<time itemprop="datePublished" datetime="{at}">{words}</time>', True, None),
    "property on a page that is an item": (
        '<time itemprop="datePublished" datetime="{at}">{words}</time>',
        True,
        "https://schema.org/WebPage",
    ),
    "property of an item": (
        f'<span itemscope itemtype="{NEWS}"><time itemprop="datePublished" datetime="{{at}}">{{words}}</time></span>',
        True,
        NEWS,
    ),
    "meta of an item": (
        f'<span itemscope itemtype="{NEWS}">{{words}}<meta itemprop="datePublished" content="{{at}}"></span>',
        False,
        NEWS,
    ),
    "meta": ('{words}<meta itemprop="datePublished" content="{at}">', False, None),
    "meta on a page that is an item": ('{words}<meta itemprop="datePublished" content="{at}">', False, NEWS),
    "open graph": ('{words}<meta property="article:published_time" content="{at}">', False, None),
    "data": ('<span data-published="{at}" data-date-published="{at}">{words}</span>', False, None),
    "abbreviation": ('<abbr class="published" title="{at}">{words}</abbr>', False, None),
    "script": ("{words}" + SCRIPT.format('{{"@type": "NewsArticle", "datePublished": "{at}"}}'), False, None),
}


def moment_of(words: str, now: datetime) -> datetime:
    """Return a moment that *words* allow, off the middle."""
    stamp = STAMP.search(words)
    assert stamp is not None, words
    unit = UNITS[stamp["unit"]]
    return now - unit * int(stamp["count"]) - unit / 4


def stored(path: Path) -> tuple[str, str | None, datetime]:
    """Return a stored page without the times it tells machines, its address and its clock."""
    meta = json.loads(path.with_suffix(".meta.json").read_text("utf-8"))
    page = re.sub("<!-- ?-->|</?time\\b[^>]*>", "", path.read_text("utf-8"))
    return page, meta["url"], datetime.fromisoformat(meta["crawled_at"])


def check_neighbours_times(page: str, url: str | None, now: datetime, way: str, site: str) -> None:
    as_written, read, scope = OF_BRIEF[way]
    told, count = STAMP.subn(
        lambda stamp: as_written.format(at=moment_of(stamp[0], now).isoformat(), words=stamp[0]), page
    )
    assert count, "the page shows times"
    told = re.sub(r"<body\b", f'<body itemscope itemtype="{scope}"', told, count=1) if scope else told
    items = extract(told, url=url, crawled_at=now, site=site)
    for lead in articles(items):
        assert (lead.published_at, lead.published_raw, lead.published_source) == (None, None, None)
    sightings = {item.story_id: item for item in reversed(items) if isinstance(item, Sighting) and item.where != "lead"}
    assert briefs(items)
    for brief in briefs(items):
        words = sightings[brief.story_id].raw or ""
        if read:
            assert (brief.published_source, brief.published_at) == ("metadata", moment_of(words, now))
        else:
            interval = resolve(words, now, rounding="down")
            assert (brief.published_source, brief.published_raw) == ("relative", words)
            assert (brief.published_earliest, brief.published_latest) == (interval.earliest, interval.latest)


@pytest.mark.parametrize("way", OF_BRIEF)
@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.stem)
def test_the_time_of_a_brief_is_its_own_in_every_layout(path: Path, way: str) -> None:
    check_neighbours_times(*stored(path), way, "zeelandnet")


@pytest.mark.parametrize("way", OF_BRIEF)
@pytest.mark.parametrize("layout", layouts())
def test_the_time_of_a_brief_is_its_own_in_every_layout_of_the_demo(layout: str, way: str) -> None:
    now = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    newsroom = Newsroom.shipped()
    for story in newsroom.stories(now, "Buitenland")[:3]:
        page = Edition(newsroom, layout).answer(story.path, now).body.decode()
        assert "Meer uit Buitenland" in page
        check_neighbours_times(page, DEMO_URL + story.path, now, way, "demo")


def as_list(told: Sequence[dict[str, object]]) -> object:
    parts = [{"@type": "ListItem", "position": place, "item": one} for place, one in enumerate(told, 1)]
    return {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": parts}


# How a script may tell of all briefs at once: what it says of each, in which shape, and whether that names the brief.
IN_SCRIPT: dict[str, tuple[tuple[str, ...], Callable[[list[dict[str, object]]], object], bool]] = {
    "list": (("url", "headline"), as_list, True),
    "list of addresses": (("url",), as_list, True),
    "list of headlines": (("headline",), as_list, False),
    "list of nothing else": ((), as_list, False),
    "array": (("url", "headline"), list, True),
    "array of headlines": (("headline",), list, False),
    "array that gives each the address of the page": (("page", "headline"), list, False),
    "array of nothing else": ((), list, False),
    "graph": (("url", "headline"), lambda told: {"@graph": told}, True),
    "what the page is about": (("url", "headline"), lambda told: {"@type": "WebPage", "mainEntity": told}, True),
}


@pytest.mark.parametrize("way", IN_SCRIPT)
@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.stem)
def test_a_script_about_the_briefs_does_not_date_the_lead(path: Path, way: str) -> None:
    page, url, now = stored(path)
    names, shape, read = IN_SCRIPT[way]
    shown = briefs(extract(page, url=url, crawled_at=now))
    told: list[dict[str, object]] = []
    for brief in shown:
        assert brief.published_latest
        at = (brief.published_latest - timedelta(seconds=1)).isoformat()
        values = {"url": brief.url, "headline": brief.headline, "page": url}
        named = {"url" if name == "page" else name: values[name] for name in names if values[name]}
        told.append({"@type": "NewsArticle", "datePublished": at, **named})
    script = SCRIPT.format(json.dumps(shape(told)))
    # In the body: in the head, one article that names nothing is that of the page.
    page = page.replace("</body>", f"{script}</body>") if "</body>" in page else page + script
    items = extract(page, url=url, crawled_at=now)
    assert all(lead.published_at is None for lead in articles(items))
    for brief, before in zip(briefs(items), shown, strict=True):
        if read and brief.url:
            assert before.published_latest
            expected = ("metadata", before.published_latest - timedelta(seconds=1))
            assert (brief.published_source, brief.published_at) == expected
        else:
            assert (brief.published_source, brief.published_at) == ("relative", before.published_at)


# What may stand around a lead: a header that shows today, boxes, comments, captions, a footer.
AROUND = {
    "header": "<header><time datetime='{at}'>vandaag</time></header>{lead}",
    "footer": "{lead}<footer><p>Laatst bijgewerkt <time datetime='{at}'>zojuist</time></p></footer>",
    "related": "{lead}<section><h3>Lees ook</h3><ul><li><a href='/nieuws/y'>Sluis dicht</a> <time datetime='{at}'>1 uur geleden</time></li></ul></section>",
    "most read": "{lead}<div><h3>Meest gelezen</h3><p><time datetime='{at}'>1 uur geleden</time> <a href='/nieuws/y'>Sluis dicht</a></p></div>",
    "comments": "{lead}<section><h2>Reacties</h2><p>Mooi zo.</p><p>Jan <time datetime='{at}'>1 uur geleden</time></p></section>",
    "caption": "{caption}",
    "menu": "<nav><time datetime='{at}'>vandaag</time></nav>{lead}",
}


@pytest.mark.parametrize("where", AROUND)
@pytest.mark.parametrize("tag", ["article", "main", "div"])
def test_a_time_around_the_lead_is_not_its_own(where: str, tag: str) -> None:
    head, _, rest = SIDEBAR.partition("</h1>")
    text, _, sidebar = rest.partition("<aside>")
    at = "2026-02-24T08:00:00Z"
    caption = f"<figure><img src='x'><figcaption>De haven <time datetime='{at}'>vandaag</time></figcaption></figure>"
    lead = f"<{tag}>{head}</h1>{text}</{tag}>"
    captioned = f"<{tag}>{head}</h1>{caption}{text}</{tag}>"
    page = AROUND[where].format(at=at, lead=lead, caption=captioned) + f"<aside>{sidebar}"
    (found,) = articles(extract(f"<body>{page}</body>", url=URL, crawled_at=NOW))
    assert found.headline == "Haven weer open"
    assert (found.published_at, found.modified_at) == (None, None)


def with_lead(byline: str = "", head: str = "") -> str:
    return f"<head>{head}</head><body><article>{SIDEBAR.replace('</h1>', f'</h1>{byline}').replace('<aside>', '</article><aside>')}</body>"


def lead_of(page: str) -> tuple[Article, Sighting, Extract]:
    found = extract_page(
        page, url=URL, crawled_at=NOW, content_type="text/html", headers=None, site=SITES["zeelandnet"]
    )
    (lead,) = articles(found.items)
    sighting = next(item for item in found.items if isinstance(item, Sighting) and item.where == "lead")
    return lead, sighting, found


GOOD, BETTER, ZONELESS, LATER = (
    "2022-03-01T10:00+01:00",
    "2022-03-01T10:00:30+01:00",
    "2022-03-01T10:00:00",
    "2027-01-01T00:00:00Z",
)
META = '<meta property="article:published_time" content="{}">'


def json_ld(**fields: object) -> str:
    return SCRIPT.format(json.dumps({"@type": "NewsArticle", "url": URL, **fields}))


@pytest.mark.parametrize(
    ("head", "byline", "latest", "raw", "doubts", "contradictions"),
    [
        ("", f"<p>Redactie, <time datetime='{BETTER}'>1 maart 2022</time></p>", BETTER, BETTER, 0, 0),
        ("", f"<time datetime='{BETTER}'>1 maart 2022</time>", BETTER, BETTER, 0, 0),
        (META.format(BETTER), "", BETTER, BETTER, 0, 0),
        (json_ld(datePublished=BETTER), "", BETTER, BETTER, 0, 0),
        # What agrees leaves what all allow, under the name of the surest.
        (json_ld(datePublished="2022-03-01") + META.format(GOOD), f"<time datetime='{BETTER}'>toen</time>", BETTER, "2022-03-01", 0, 0),
        # Of what contradicts, the surer wins; the other is counted and kept.
        (json_ld(datePublished=BETTER) + META.format("2022-03-02"), "", BETTER, f"{BETTER} [2022-03-02]", 0, 1),
        (META.format(BETTER), "<time datetime='2022-03-02'>later</time>", BETTER, f"{BETTER} [2022-03-02]", 0, 1),
        # What is distrusted makes room for the next, and is kept too.
        (json_ld(datePublished=ZONELESS) + META.format(BETTER), "", BETTER, f"{BETTER} [{ZONELESS}]", 1, 0),
        (json_ld(datePublished=[LATER, ZONELESS, BETTER]), "", BETTER, f"{BETTER} [{LATER}] [{ZONELESS}]", 2, 0),
        (json_ld(datePublished=LATER) + META.format(ZONELESS), f"<time datetime='{BETTER}'>toen</time>", BETTER, f"{BETTER} [{LATER}] [{ZONELESS}]", 2, 0),
        (META.format(LATER), f"<time datetime='{ZONELESS}'>toen</time>", None, f"{LATER} [{ZONELESS}]", 2, 0),
        (META.format("binnenkort"), "", None, "binnenkort", 1, 0),
        # The same thing said twice is said once.
        (json_ld(datePublished=LATER) + META.format(LATER), "", None, LATER, 1, 0),
        # A second time beside the headline is that of an update, and so is one that is the time of the last change.
        ("", f"<p><time datetime='{BETTER}'>1 maart 2022</time>, bijgewerkt <time datetime='2022-03-02'>2 maart 2022</time></p>", BETTER, BETTER, 0, 0),
        ("", f"<p><time datetime='{BETTER}'>eerst</time></p><p><time datetime='2022-03-02'>later</time></p>", BETTER, BETTER, 0, 0),
        ("", f"<p><time datetime='{LATER}'>ooit</time></p><p><time datetime='{BETTER}'>toen</time></p>", BETTER, f"{BETTER} [{LATER}]", 1, 0),
        (json_ld(datePublished=BETTER, dateModified="2022-03-02"), "<time datetime='2022-03-02'>later</time>", BETTER, BETTER, 0, 0),
        # No other property is a time of publication.
        (json_ld(dateCreated=BETTER), "", None, None, 0, 0),
        (f'<meta name="date" content="{BETTER}">', "", None, None, 0, 0),
    ],
)  # fmt: skip
def test_the_sources_of_a_lead_are_asked_from_the_surest_on(
    head: str, byline: str, latest: str | None, raw: str | None, doubts: int, contradictions: int
) -> None:
    lead, sighting, found = lead_of(with_lead(byline, head))
    assert lead.published_latest == sighting.latest == (datetime.fromisoformat(latest) if latest else None)
    assert lead.published_source == ("metadata" if latest else None)
    assert sighting.raw == raw
    assert lead.published_raw == (raw.partition(" [")[0] if raw and latest else None)
    assert (len(found.distrusted), found.contradictions) == (doubts, contradictions)


@pytest.mark.parametrize(
    ("words", "believed"),
    [
        ("1 maart 2022", True),
        ("1 maart 2022 10:00", True),
        ("2 maart 2022", False),
        ("2 uur geleden", False),
        ("toen", True),
    ],
)
def test_the_words_of_a_byline_are_held_against_what_machines_are_told(words: str, believed: bool) -> None:
    lead, sighting, found = lead_of(with_lead(f"<p><time datetime='{BETTER}'>{words}</time></p>"))
    assert (lead.published_at is not None) == believed
    assert sighting.raw == BETTER
    assert [doubt.reason for doubt in found.distrusted] == ([] if believed else ["variance"])


def test_a_time_above_the_headline_is_its_own_inside_its_article_only() -> None:
    time = f"<p><time datetime='{BETTER}'>1 maart 2022</time></p>"
    page = with_lead()
    assert lead_of(page.replace("<h1>", f"{time}<h1>"))[0].published_at == datetime.fromisoformat(BETTER)
    assert lead_of(page.replace("<article>", f"{time}<article>"))[0].published_at is None


OTHER = {"url": "/nieuws/x", "headline": "Trein rijdt weer"}


@pytest.mark.parametrize(
    ("data", "own"),
    [
        ({"url": URL}, True),
        ({"url": "http://zeelandnet.nl/nieuws/haven-weer-open/?utm_source=x#top"}, True),
        ({"url": "/nieuws/haven-weer-open"}, True),
        ({"mainEntityOfPage": {"@type": "WebPage", "@id": URL}}, True),
        ({"mainEntityOfPage": URL, "@id": "#article"}, True),
        ({"@id": f"{URL}#article"}, True),
        ({"url": URL, "headline": "Haven van Antwerpen is weer open na storing"}, True),  # worded for search engines
        ({"headline": "Haven weer open"}, True),
        ({"headline": "HAVEN WEER OPEN!"}, True),
        ({"headline": "Haven weer open", "url": "https://www.zeelandnet.nl/"}, True),
        ({"headline": "Haven weer open", "mainEntityOfPage": "https://google.com/article"}, True),
        ({"headline": "Haven weer open", "url": "/amp/haven-weer-open", "mainEntityOfPage": URL}, True),
        ({}, True),
        ({"headline": "Sluis dicht"}, False),
        ({"url": "/nieuws/y"}, False),
        ({"headline": "Haven weer open", "url": "/nieuws/y"}, False),  # a headline may come back, an address does not
        ({"url": "/nieuws/y", "mainEntityOfPage": URL}, False),
        ({"url": URL, "headline": "Trein rijdt weer"}, False),  # that of a brief
        ({"url": "https://example.org/nieuws/haven-weer-open"}, False),
        ([{"url": URL}, {"url": URL, "datePublished": "2022-03-02T10:00:00Z"}], False),  # one is wrong, and which?
        ([{"url": URL, "headline": "Haven weer open"}, {"url": URL, "datePublished": "2022-03-02T10:00:00Z"}], True),
        ([{"url": URL, "datePublished": "2022-03-02T10:00:00Z"}, {"url": URL, "headline": "Haven weer open"}], True),
        ([OTHER | {"datePublished": "2026-02-24T06:30:00Z"}, {"url": URL}], True),
        ([{"url": URL}, OTHER | {"datePublished": "2026-02-24T06:30:00Z"}], True),
        ([OTHER, {}], False),
        ([{}, {}], False),
        ({"@type": "WebPage", "url": URL}, False),
        ([{"@type": "WebPage", "url": URL, "datePublished": "2020-01-01T10:00:00Z"}, {"url": URL}], True),
        ({"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "headline": "Haven weer open", "datePublished": BETTER}]}, False),
        ({"@type": "VideoObject", "headline": "Haven weer open"}, False),
    ],
    ids=str,
)  # fmt: skip
def test_a_script_dates_the_lead_only_where_it_speaks_of_it(data: Any, own: bool) -> None:
    told = [
        {"@type": "NewsArticle", "datePublished": BETTER} | one for one in (data if isinstance(data, list) else [data])
    ]
    lead, _, _ = lead_of(with_lead(head=SCRIPT.format(json.dumps(told))))
    assert lead.published_at == (datetime.fromisoformat(BETTER) if own else None)


@pytest.mark.parametrize(
    "link", ["<link rel=canonical href={}>", "<link rel=amphtml href={}>", "<meta property=og:url content={}>"]
)
def test_a_page_is_known_by_its_other_addresses(link: str) -> None:
    twin = "https://www.zeelandnet.nl/amp/haven"
    head = link.format(twin) + json_ld(datePublished=BETTER, url=twin, headline="Andere woorden")
    assert lead_of(with_lead(head=head))[0].published_at == datetime.fromisoformat(BETTER)
    head = json_ld(datePublished=BETTER, url=twin, headline="Andere woorden")
    assert lead_of(with_lead(head=head))[0].published_at is None


def test_what_is_told_of_the_lead_is_not_held_against_its_own_brief() -> None:
    page = with_lead(head=json_ld(datePublished=BETTER)).replace("/nieuws/x?utm_source=rss#top", URL)
    lead, _, found = lead_of(page)
    assert lead.published_at == datetime.fromisoformat(BETTER)
    assert (found.contradictions, found.distrusted) == (1, [])
    (sidebar,) = [item for item in found.items if isinstance(item, Sighting) and item.where == "sidebar"]
    assert sidebar.raw == "2 uur geleden"


def test_a_midnight_is_a_day_and_not_the_middle_of_it_by_chance() -> None:
    lead, _, _ = lead_of(with_lead(head=META.format("2022-03-01T00:00:00+01:00")))
    assert lead.published_earliest == datetime.fromisoformat("2022-02-28T23:00:00Z")
    assert lead.published_precision == "day"


@pytest.mark.parametrize(
    ("claim", "raw", "reason"),
    [
        ("2026-02-24T07:30:00+01:00", "2 uur geleden", None),
        ("2026-02-24", "2 uur geleden", None),
        ("2027-01-01T00:00:00Z", "2 uur geleden [2027-01-01T00:00:00Z]", "future"),
        ("2026-02-24T07:30:00", "2 uur geleden [2026-02-24T07:30:00]", "zone"),
        ("2026-02-24T07:30:00+01:07", "2 uur geleden [2026-02-24T07:30:00+01:07]", "zone"),
        ("2026-02-23T08:00:00Z", "2 uur geleden [2026-02-23T08:00:00Z]", "variance"),
        ("1970-01-01T00:00:00Z", "2 uur geleden [1970-01-01T00:00:00Z]", "early"),
        ("gisteren", "2 uur geleden [gisteren]", "unreadable"),
        ("x" * 100, f"2 uur geleden [{'x' * 64}…]", "unreadable"),
        (" ", "2 uur geleden", None),
    ],
)
def test_a_sighting_keeps_what_was_distrusted_behind_the_words(claim: str, raw: str, reason: str | None) -> None:
    page = SIDEBAR.replace("2 uur geleden", f"<time datetime='{claim}'>2 uur geleden</time>")
    _, _, found = lead_of(page)
    (brief,) = briefs(found.items)
    (sighting,) = [item for item in found.items if isinstance(item, Sighting) and item.where == "sidebar"]
    assert sighting.raw == raw
    assert [doubt.reason for doubt in found.distrusted] == ([reason] if reason else [])
    assert sighting.earliest is not None
    assert NOW - timedelta(hours=3) <= sighting.earliest
    assert brief.published_raw == ("2 uur geleden" if reason or not claim.strip() else claim)


def test_a_time_told_narrows_the_words_and_the_words_narrow_it() -> None:
    page = SIDEBAR.replace("2 uur geleden", "<time datetime='2026-02-24'>2 uur geleden</time>")
    (brief,) = briefs(extract(page, url=URL, crawled_at=NOW))
    assert (brief.published_source, brief.published_precision) == ("metadata", "hour")
    assert (brief.published_earliest, brief.published_latest) == (NOW - timedelta(hours=3), NOW - timedelta(hours=2))


def test_what_machines_are_told_in_words_that_nobody_knows_is_believed_without_them() -> None:
    page = SIDEBAR.replace("2 uur geleden", "<time datetime='2026-02-24T07:30:00+01:00'>lang na het ontbijt</time>")
    _, _, found = lead_of(page)
    (brief,) = briefs(found.items)
    assert brief.published_at == datetime(2026, 2, 24, 6, 30, tzinfo=UTC)
    assert (found.times_read, found.unread) == (1, [])


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.sampled_from([GOOD, URL]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["@type", "@graph", "@id", "@value", "url", "item", "itemListElement", "headline"])
                | st.sampled_from(["mainEntity", "mainEntityOfPage", "datePublished", "dateModified"]),
                inner | st.sampled_from(["NewsArticle", "ItemList", LATER, "Haven weer open"]),
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
def test_any_json_in_a_script_gives_items(data: object) -> None:
    script = SCRIPT.format(json.dumps(data).replace("</", "<\\/"))
    items = extract(script + SIDEBAR, url=URL, crawled_at=NOW)
    assert [type(item) for item in items] == [Article, Brief, Sighting, Sighting]
    orjson.dumps(items)
