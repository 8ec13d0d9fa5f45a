"""What a page says of times: whose each of them is, and which of them can be true."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import NOW, PAGES, SIDEBAR, URL, articles, briefs

from newscrawl import extract
from newscrawl.demo import DEMO_URL
from newscrawl.demo.newsroom import Newsroom
from newscrawl.demo.pages import Edition, layouts
from newscrawl.extraction import Extract, extract_page
from newscrawl.items import Article, Brief, Sighting
from newscrawl.sites import SITES
from newscrawl.timing import resolve

LAYOUTS = [path for path in PAGES if path.parent.name == "layout"]

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


@pytest.mark.parametrize(
    ("shown", "modified"),
    [
        ("Bijgewerkt 2 uur geleden", "2026-02-24T06:30:00Z"),
        ("Laatste update: 2 uur geleden", "2026-02-24T06:30:00Z"),
        ("Laatst gewijzigd gisteren 22:10", "2026-02-23T21:10:30Z"),
        ("Laatste update: <time datetime='2026-02-24T07:40:00+01:00'>2 uur geleden</time>", "2026-02-24T06:30:00Z"),
    ],
)
def test_a_brief_that_was_changed_is_not_known_to_have_been_published_then(shown: str, modified: str) -> None:
    text = "<h3><a href='/nieuws/{0}'>Kop {0}</a></h3><p>WENEN (ANP) - De trein rijdt weer.</p><p>{1}</p>"
    items = f"<li>{text.format('a', shown)}</li><li>{text.format('b', '3 uur geleden')}</li>"
    _, _, found = lead_of(SIDEBAR.partition("<aside>")[0] + f"<h2>Meer uit Buitenland</h2><ul>{items}</ul>")
    brief, other = briefs(found.items)
    assert other.published_raw == "3 uur geleden"
    assert (brief.published_at, brief.published_source) == (None, None)
    assert brief.modified_at is not None
    assert abs(brief.modified_at - datetime.fromisoformat(modified)) < timedelta(seconds=1)
    assert (found.times_read, found.unread, found.distrusted) == (2, [], [])


def test_a_lead_that_was_changed_is_not_known_to_have_been_published_then() -> None:
    changed = f"<p>Bijgewerkt: <time datetime='{BETTER}'>1 maart 2022 10:00</time></p>"
    lead, _, found = lead_of(with_lead(changed))
    assert (lead.published_at, found.distrusted) == (None, [])


@pytest.mark.parametrize(
    ("shown", "source", "earliest"),
    [
        ("gisteren 22:10", "clock", "2026-02-23T21:10:00Z"),
        ("ma 23 feb 13.15", "clock", "2026-02-23T12:15:00Z"),
        ("23 februari 2026", "clock", "2026-02-22T23:00:00Z"),
        ("vandaag om 09:12", "clock", "2026-02-24T08:12:00Z"),
        ("gisteren", "relative", "2026-02-22T09:00:00Z"),
        ("een uur geleden", "relative", "2026-02-24T07:00:00Z"),
        ("Geplaatst: 5 min. geleden", "relative", "2026-02-24T08:54:00Z"),
        ("1 uur en 5 minuten geleden", "relative", "2026-02-24T07:54:00Z"),
    ],
)
def test_other_words_than_those_of_the_site_date_a_brief_too(shown: str, source: str, earliest: str) -> None:
    _, _, found = lead_of(SIDEBAR.replace("2 uur geleden", shown))
    (brief,) = briefs(found.items)
    assert (brief.published_source, brief.published_raw) == (source, shown)
    assert brief.published_earliest == datetime.fromisoformat(earliest)
    assert brief.text == "De trein rijdt weer."


@pytest.mark.parametrize("href", ["?", "?x=1", "#bericht-1", f"{URL}#bericht-1"])
def test_a_brief_that_leads_to_the_page_it_stands_on_does_not_date_its_lead(href: str) -> None:
    text = "<h3><a href='{0}'>Kop {1}</a></h3><p>WENEN (ANP) - Trein {1} rijdt weer.</p><p>{1} uur geleden</p>"
    items = f"<li>{text.format(href, 2)}</li><li>{text.format(href.replace('1', '2'), 3)}</li>"
    lead, _, found = lead_of(SIDEBAR.partition("<aside>")[0] + f"<h2>Meer uit Buitenland</h2><ul>{items}</ul>")
    shown = [(brief.url, brief.published_raw) for brief in briefs(found.items)]
    assert shown == [(None, "2 uur geleden"), (None, "3 uur geleden")]
    assert lead.published_at is None


@pytest.mark.parametrize(("href", "headline"), [(URL, "Trein rijdt weer"), (f"{URL}#tekst", "Haven weer open")])
def test_a_brief_of_the_lead_itself_dates_it(href: str, headline: str) -> None:
    page = SIDEBAR.replace("/nieuws/x?utm_source=rss#top", href).replace("Trein rijdt weer", headline)
    lead, _, found = lead_of(page)
    (brief,) = briefs(found.items)
    assert brief.url == URL
    assert lead.published_raw == "2 uur geleden"


def index_of(briefs_and_days: str, now: datetime = NOW) -> Extract:
    return extract_page(
        f"<h1>Buitenland</h1>{briefs_and_days}",
        url="https://www.zeelandnet.nl/nieuws/buitenland",
        crawled_at=now,
        content_type="text/html",
        headers=None,
        site=SITES["zeelandnet"],
    )


TEASER = (
    "<article><h2><a href='/nieuws/{0}'>Kop {0}</a></h2><p>LIMA (ANP) - De {0} is open.</p><span>{1}</span></article>"
)


@pytest.mark.parametrize(
    "day", ["<footer>maandag 3 november 2025</footer>", "<div>Agenda</div><p>zaterdag 7 maart 2026</p>"]
)
def test_a_date_that_stands_anywhere_is_not_the_day_of_the_page(day: str) -> None:
    found = index_of(TEASER.format("a", "2 uur geleden") + TEASER.format("b", "3 uur geleden") + day)
    assert not found.day_contradicted
    assert [brief.published_latest for brief in briefs(found.items)] == [NOW - timedelta(hours=h) for h in (2, 3)]


def test_a_page_that_shows_a_day_to_come_is_read_by_the_clock_and_that_is_told() -> None:
    found = index_of("<p>woensdag 25 februari 2026</p>" + TEASER.format("a", "1 uur geleden"))
    assert found.day_contradicted
    (brief,) = briefs(found.items)
    assert brief.published_latest == NOW - timedelta(hours=1)


def test_in_a_list_by_days_each_clock_is_of_the_day_above_it() -> None:
    found = index_of(
        "<h3>zondag 22 februari 2026</h3>" + TEASER.format("a", "11:15") + TEASER.format("b", "1 dag geleden")
        + "<h3>zaterdag 21 februari 2026</h3>" + TEASER.format("c", "23:10")
    )  # fmt: skip
    assert not found.day_contradicted
    earliest = {brief.headline: brief.published_earliest for brief in briefs(found.items)}
    assert earliest["Kop a"] == datetime(2026, 2, 22, 10, 15, tzinfo=UTC)
    assert earliest["Kop b"] == NOW - timedelta(days=2)
    assert earliest["Kop c"] == datetime(2026, 2, 21, 22, 10, tzinfo=UTC)


JUST_IN = "<h2>Net binnen</h2><ul><li>Buitenland {} <a href='/nieuws/a'>Kop a</a></li></ul>"


@pytest.mark.parametrize(
    ("clock", "words", "source"),
    [
        ("09:47", "12 minuten geleden", "clock"),
        ("10:01", "zojuist", "relative"),  # the clock of the newsroom is ahead of the page's
        ("09:46", "2 dagen geleden", "relative"),  # of which day that clock is, the words tell better
    ],
)
def test_the_words_win_from_a_clock_whose_day_they_contradict(clock: str, words: str, source: str) -> None:
    found = index_of(JUST_IN.format(clock) + TEASER.format("a", words))
    (brief,) = briefs(found.items)
    assert brief.published_source == source
    assert brief.published_earliest is not None
    assert brief.published_earliest in resolve(words, NOW, rounding="down")


def test_nothing_is_modified_before_it_was_published() -> None:
    head = META.format("x").replace("published", "modified").replace('"x"', '"2026-02-23T09:00:00Z"')
    page = SIDEBAR.replace("/nieuws/x?utm_source=rss#top", URL).replace("Trein rijdt weer", "Haven weer open")
    lead, _, _ = lead_of(f"<head>{head}</head>{page}")
    assert lead.published_raw == "2 uur geleden"
    assert lead.modified_at is None
