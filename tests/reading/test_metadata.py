"""What a page tells machines: which of it is about publication, and of what."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from newscrawl.reading.metadata import Metadata, read_metadata

AT = "2026-02-24T09:00:00+01:00"


def read(source: str) -> Metadata:
    return read_metadata(html.document_fromstring(source))


def in_script(data: object) -> str:
    return f'<script type="application/ld+json">{data if isinstance(data, str) else json.dumps(data)}</script>'


def article(**other: object) -> dict[str, Any]:
    return {"@type": "NewsArticle", "headline": "Brug open", "datePublished": AT} | other


# --- Feeds ------------------------------------------------------------------------------------------------------------


def test_feeds_and_maps_of_the_site_in_their_order() -> None:
    page = """<head>
    <link rel="alternate" type="application/rss+xml" href=" /rss/buitenland ">
    <link rel="ALTERNATE nofollow" type="Application/Atom+XML; charset=utf-8" href="https://www.zeelandnet.nl/atom">
    <link rel="sitemap" type="application/xml" href="/sitemap.xml"><link rel="alternate" type="application/rss+xml" href="/rss/buitenland">
    </head>"""
    assert read(page).feeds == ("/rss/buitenland", "https://www.zeelandnet.nl/atom", "/sitemap.xml")


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" type="application/rss+xml" href="">',
        '<link rel="alternate" type="application/rss+xml">',
        '<link rel="alternate" hreflang="de" href="/de">',
        '<link rel="alternate" type="application/json" href="/wp-json">',
        '<link rel="stylesheet" type="application/rss+xml" href="/x">',
        '<link rel="alternates" type="application/rss+xml" href="/x">',
        '<link type="application/rss+xml" href="/x">',
        '<a rel="alternate" type="application/rss+xml" href="/x">RSS</a>',
    ],
)
def test_what_is_no_feed(link: str) -> None:
    assert read(f"<head>{link}</head><p>x</p>").feeds == ()


def test_a_page_of_feeds_is_not_followed_to_its_end() -> None:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{number}">' for number in range(1000))
    assert len(read(f"<head>{links}</head>").feeds) <= 5


# --- JSON-LD ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        article(),
        [article()],
        [[[article()]]],
        {"@graph": [{"@type": "WebSite"}, article()]},
        {"@graph": {"@graph": [article()]}},
        {"@type": "WebPage", "mainEntity": article()},
        article(**{"@type": ["Thing", "NewsArticle"]}),
        article(**{"@type": "http://schema.org/NewsArticle"}),
        article(**{"@type": "https://schema.org/ReportageNewsArticle"}),
        article(**{"@type": "schema:NewsArticle"}),
        article(**{"@type": " newsarticle "}),
        article(datePublished=[AT]),
        article(datePublished={"@type": "Date", "@value": AT}),
        article(datePublished=[{"@value": AT}]),
        [None, 7, "x", [], {}, {"@type": None}, {"@type": ["NewsArticle", {}], "datePublished": {}}, article()],
    ],
    ids=lambda data: json.dumps(data)[:60],
)
def test_the_time_of_an_article_is_found(data: object) -> None:
    found = [claim.published for claim in read(in_script(data)).articles if claim.published]
    assert found == [(AT,)]


@pytest.mark.parametrize(
    "script",
    [
        "<!-- {} -->",
        "<!--\n{}\n//-->",
        "//<![CDATA[\n{}\n//]]>",
        "/*<![CDATA[*/ {} /*]]>*/",
        "<![CDATA[{}]]>",
        "<!--//--><![CDATA[//><!--\n{}\n//--><!]]>",
        "\ufeff{};\n",
        "  \n{}\n ",
    ],
)
@pytest.mark.parametrize("data", [article(), [article()], [[article()]]])
def test_comments_around_a_script_hide_nothing(script: str, data: object) -> None:
    assert [claim.published for claim in read(in_script(script.format(json.dumps(data)))).articles] == [(AT,)]


def test_a_broken_script_is_passed_over_and_its_neighbours_are_read() -> None:
    broken = [
        '{"@type": "NewsArticle", "datePublished": "2026-01-01",}',
        "{",
        "[" * 100_000,
        "var x = 1;",
        "",
        "9" * 9_999,
    ]
    page = "".join(map(in_script, broken[:3])) + in_script(article()) + "".join(map(in_script, broken[3:]))
    assert [claim.published for claim in read(page).articles] == [(AT,)]


@pytest.mark.parametrize(
    "node",
    [
        {"dateCreated": AT, "datePublished": None},
        {"uploadDate": AT, "datePublished": None},
        {"dateModified": AT, "datePublished": None},
        {"datePublished": True},
        {"datePublished": {"value": AT}},
        {"datePublished": [[AT]]},
        {"datePublished": " "},
    ],
    ids=str,
)
def test_no_other_property_means_publication(node: dict[str, object]) -> None:
    (claim,) = read(in_script(article(**node))).articles
    assert claim.published == ()


@pytest.mark.parametrize(
    "kind",
    [
        "WebPage",
        "WebSite",
        "VideoObject",
        "Comment",
        "Product",
        "https://example.org/NewsArticle",
        "https://example.org/schema.org/NewsArticle",
        "NewsArticles",
        None,
        7,
    ],
)
def test_what_is_no_article_tells_nothing_of_one(kind: object) -> None:
    assert read(in_script(article(**{"@type": kind}))).articles == ()


@pytest.mark.parametrize(
    "name", ["hasPart", "isPartOf", "mentions", "citation", "relatedLink", "comment", "liveBlogUpdate", "about"]
)
def test_articles_that_an_article_points_to_are_not_those_of_the_page(name: str) -> None:
    data = article(**{name: [article(headline="Andere kop")]})
    assert [claim.headline for claim in read(in_script(data)).articles] == ["Brug open"]


def test_articles_in_a_list_are_kept_apart() -> None:
    page = in_script(
        {
            "@type": "ItemList",
            "url": "/nieuws/buitenland",
            "itemListElement": [
                {"@type": "ListItem", "item": article(url="/nieuws/a")},
                {"@type": "ListItem", "url": "/nieuws/b", "item": article()},
                article(url="/nieuws/c"),
                {"@type": "ListItem", "item": article()},
            ],
        }
    )
    assert read(page).articles == ()
    assert [claim.urls for claim in read(page).listed] == [("/nieuws/a",), ("/nieuws/b",), ("/nieuws/c",), ()]


def test_an_address_that_tells_more_stands_first() -> None:
    page = in_script(article(url="/a", mainEntityOfPage={"@type": "WebPage", "@id": "/b"}, **{"@id": "/c#x"}))
    assert read(page).articles[0].urls == ("/a", "/b", "/c#x")


def test_a_headline_is_read_as_a_reader_would() -> None:
    assert (
        read(in_script(article(headline="Storm &amp; regen&nbsp;in Gent"))).articles[0].headline
        == "Storm & regen in Gent"
    )


def test_half_a_character_can_be_written() -> None:
    page = in_script('{"@type": "NewsArticle", "datePublished": "\\ud800", "headline": "\\udc00x"}')
    read(page).articles[0].published[0].encode()


def test_a_page_of_scripts_is_not_read_to_its_end() -> None:
    assert len(read(in_script([article(headline=str(number)) for number in range(5000)])).articles) <= 2000
    assert len(read(in_script(article()) * 1000).articles) <= 300


def test_a_script_says_whether_it_speaks_in_the_head() -> None:
    page = f"<head>{in_script(article())}</head><body><p>x</p>{in_script(article())}</body>"
    assert [claim.in_head for claim in read(page).articles] == [True, False]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(AT),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["@type", "@graph", "@id", "@value", "url", "item", "itemListElement", "mainEntity", "mainEntityOfPage"]
            )
            | st.sampled_from(["headline", "name", "datePublished", "dateModified"]),
            inner | st.just("NewsArticle"),
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(json_values)
def test_any_json_is_read(data: object) -> None:
    metadata = read(in_script(json.dumps(data).replace("</", "<\\/")))
    for claim in (*metadata.articles, *metadata.listed):
        assert all(isinstance(text, str) and text for text in (*claim.published, *claim.urls))


# --- Meta elements ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "meta",
    [
        'property="article:published_time"',
        'name="article:published_time"',
        'property="og:article:published_time"',
        'itemprop="datePublished"',
        'name="datePublished"',
        'name="DC.date.issued"',
        'name="DCTERMS.issued"',
        'property="dcterms:issued" name="pubdate"',
        'name="parsely-pub-date"',
    ],
)
def test_names_that_mean_publication(meta: str) -> None:
    assert read(f'<head><meta {meta} content=" {AT} "></head>').published == (AT,)


@pytest.mark.parametrize(
    "meta",
    [
        'name="date"',
        'name="DC.date"',
        'name="DC.date.created"',
        'name="dcterms.created"',
        'property="article:modified_time"',
        'property="og:updated_time"',
        'property="article:expiration_time"',
        'name="last-modified"',
        'http-equiv="date"',
        'name="revised"',
        'property="video:release_date"',
    ],
)
def test_names_that_may_mean_anything_else(meta: str) -> None:
    assert read(f'<head><meta {meta} content="{AT}"></head>').published == ()


def test_meta_elements_are_asked_in_the_order_of_their_sureness() -> None:
    page = '<head><meta name="pubdate" content="3"><meta name="datePublished" content="2"><meta name="article:published_time" content=""><meta property="article:published_time" content="1"></head>'
    assert read(page).published == ("1", "2", "3")


def test_a_meta_element_in_the_body_does_not_speak_for_the_page() -> None:
    assert (
        read(
            f'<head><title>x</title></head><body><p>x</p><aside><meta property="article:published_time" content="{AT}"></aside></body>'
        ).published
        == ()
    )


# --- Microdata --------------------------------------------------------------------------------------------------------

ITEM = '<article itemscope itemtype="https://schema.org/NewsArticle"><h1>Brug open</h1>{}</article>'
TIME = f'<time itemprop="datePublished" datetime="{AT}">24 februari</time>'


@pytest.mark.parametrize(
    "inside",
    [
        TIME,
        f'<meta itemprop="datePublished" content="{AT}">',
        f'<span itemprop="dateCreated datePublished" content="{AT}">x</span>',
        f"<footer>{TIME}</footer>",
        TIME + TIME,
    ],
)
def test_a_property_of_the_item_around_the_headline(inside: str) -> None:
    assert read(ITEM.format(inside)).published == (AT,)


@pytest.mark.parametrize(
    "page",
    [
        ITEM.format("") + TIME,
        ITEM.format(f"<aside>{TIME}</aside>"),
        ITEM.format(f"<ul><li>{TIME}</li></ul>"),
        ITEM.format(f"<article>{TIME}</article>"),
        ITEM.format(f'<div itemscope itemtype="https://schema.org/NewsArticle">{TIME}</div>'),
        ITEM.format(f'<div itemprop="comment" itemscope><p>{TIME}</p></div>'),
        ITEM.format(TIME + TIME.replace("09:00", "08:00")),  # of two, one at least is a neighbour's
        ITEM.format(TIME).replace("NewsArticle", "WebPage"),
        ITEM.format(TIME).replace(' itemtype="https://schema.org/NewsArticle"', ""),
        ITEM.format(TIME) + "<div itemscope><h1>Portaal</h1></div>",
        ITEM.format(TIME.replace("datePublished", "dateCreated")),
        f"<h1>Brug open</h1>{TIME}",
    ],
)
def test_a_property_of_anything_else(page: str) -> None:
    assert read(page).published == ()
