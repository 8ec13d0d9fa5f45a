"""Feeds by themselves: what is read in each kind, and what happens to all that is none, or that means harm."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.reading import feed as module
from newscrawl.reading.feed import FeedEntry, FeedError, read_feed

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
     xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>Buitenland</title><link>https://nieuws.example/</link><pubDate>Tue, 24 Feb 2026 09:00:00 GMT</pubDate>
    <atom:link rel="self" href="https://nieuws.example/rss"/>
    <item>
      <media:title>Foto van een veerpont</media:title><atom:link rel="replies" href="https://nieuws.example/reacties"/>
      <title><![CDATA[Veer & brug]]></title>
      <link>
        https://nieuws.example/veer
      </link>
      <guid isPermaLink="false">7</guid><pubDate> Tue, 24 Feb 2026
        08:20:30 +0100</pubDate><dc:date>2026-02-20</dc:date>
    </item>
    <item><title>Sluis</title><guid>https://nieuws.example/sluis</guid><dc:date>2026-02-24T08:20:30+01:00</dc:date></item>
    <item><description>Niets dan tekst</description></item>
  </channel>
</rss>
"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://nieuws.example/buitenland/">
  <updated>2026-02-24T09:00:00Z</updated>
  <entry xml:base="berichten/">
    <title type="html">Veer &amp;amp; brug</title><id>https://nieuws.example/id/7</id>
    <link rel="enclosure" href="foto.jpg"/><link href="veer"/><link rel="alternate" href="later"/>
    <published>2026-02-24T08:20:30+01:00</published><updated>2026-02-24T08:50:00+01:00</updated>
    <source><published>2020-01-01T00:00:00Z</published></source>
  </entry>
  <entry><title>Sluis</title><updated>2026-02-24T08:50:00+01:00</updated></entry>
</feed>
"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
  <url><loc>https://nieuws.example/veer</loc><lastmod>2026-02-24</lastmod>
    <news:news>
      <news:publication><news:name>Nieuws</news:name><news:language>nl</news:language></news:publication>
      <news:publication_date>2026-02-24T08:20:30+01:00</news:publication_date><news:title>Veer</news:title>
    </news:news>
  </url>
  <url><loc>https://nieuws.example/contact</loc><lastmod>2026-02-24</lastmod></url>
</urlset>
"""


def test_rss() -> None:
    assert read_feed(RSS.encode()) == (
        FeedEntry("https://nieuws.example/veer", None, "Veer & brug", "Tue, 24 Feb 2026 08:20:30 +0100", None),
        FeedEntry(None, "https://nieuws.example/sluis", "Sluis", "2026-02-24T08:20:30+01:00", None),
        FeedEntry(None, None, None, None, None),
    )


def test_rss_1_0() -> None:
    source = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Buitenland</title><dc:date>2026-02-24</dc:date>
        </channel><item rdf:about="https://nieuws.example/7"><title>Veer</title><link>https://nieuws.example/veer</link>
        <dc:date>2026-02-24T08:20+01:00</dc:date></item></rdf:RDF>"""
    assert read_feed(source.encode()) == (
        FeedEntry("https://nieuws.example/veer", None, "Veer", "2026-02-24T08:20+01:00", None),
    )


def test_atom_where_updated_is_no_time_of_publication_and_an_id_no_address() -> None:
    published, updated = "2026-02-24T08:20:30+01:00", "2026-02-24T08:50:00+01:00"
    assert read_feed(ATOM.encode()) == (
        FeedEntry("https://nieuws.example/buitenland/berichten/veer", None, "Veer & brug", published, updated),
        FeedEntry(None, None, "Sluis", None, updated),
    )


def test_an_address_that_is_broken_is_left_as_it_is() -> None:
    (entry,) = read_feed(b"<feed xml:base='https://nieuws.example/'><entry><link href='http://['/></entry></feed>")
    assert entry.url == "http://["


def test_a_news_sitemap_where_lastmod_is_no_time_of_publication() -> None:
    assert read_feed(SITEMAP.encode()) == (
        FeedEntry("https://nieuws.example/veer", None, "Veer", "2026-02-24T08:20:30+01:00", "2026-02-24"),
    )
    plain = SITEMAP[: SITEMAP.index("<news:news>")] + SITEMAP[SITEMAP.index("</news:news>") + len("</news:news>") :]
    assert read_feed(plain.encode()) == ()


@pytest.mark.parametrize(
    ("guid", "address"),
    [
        ("<guid>https://nieuws.example/veer</guid>", "https://nieuws.example/veer"),
        ("<guid isPermaLink=' True '>https://nieuws.example/veer</guid>", "https://nieuws.example/veer"),
        ("<guid isPermaLink='false'>https://nieuws.example/veer</guid>", None),
        ("<guid>nieuws-7</guid>", None),
        ("<guid>javascript:alert(1)</guid>", None),
        ("<guid/>", None),
    ],
)
def test_a_guid_is_an_address_unless_it_says_otherwise(guid: str, address: str | None) -> None:
    (entry,) = read_feed(f"<rss><channel><item>{guid}</item></channel></rss>".encode())
    assert entry.guid == address


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_any_encoding_that_is_declared(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    source = (
        f"<?xml version='1.0' encoding='{declared}'?><rss><channel><item><title>Café</title></item></channel></rss>"
    )
    (entry,) = read_feed(source.encode(encoding))
    assert entry.headline == "Café"


@pytest.mark.parametrize(
    ("source", "headlines"),
    [
        pytest.param(b"\n\n <?xml version='1.0'?><rss><item><title>A</title></item></rss>", ["A"], id="space before"),
        pytest.param(b"<rss><item><title>A</title></item><item><title>B</ti", ["A", "B"], id="cut off"),
        pytest.param(b"<rss><item><title>A & B</title></item></rss>", ["A B"], id="a bare ampersand"),
        pytest.param(b"<rss><item><title>A&nbsp;B</title></item></rss>", ["A B"], id="an entity of HTML"),
        pytest.param(b"<rss><item><title>A\xff\xfe\x00</title></item><item/></rss>", None, id="bytes of no text"),
        pytest.param(b"<rss><item><dc:date>2026</dc:date><title>A</title></item></rss>", ["A"], id="a lost prefix"),
        pytest.param(b"<RSS><Channel><ITEM><Title>A</Title></ITEM></Channel></RSS>", ["A"], id="capitals"),
        pytest.param(
            b'<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss.dtd">'
            b"<rss><item><title>A</title></item></rss>",
            ["A"],
            id="a document type elsewhere",
        ),
    ],
)
def test_broken_xml_is_read_as_far_as_it_goes(source: bytes, headlines: list[str] | None) -> None:
    found = [entry.headline for entry in read_feed(source)]
    assert found == headlines if headlines is not None else found


def test_a_date_whose_prefix_is_not_declared_is_read() -> None:
    (entry,) = read_feed(b"<rss><item><dc:date>2026-02-24</dc:date></item></rss>")
    assert entry.published == "2026-02-24"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"", "it is not XML"),
        (b" \n ", "it is not XML"),
        (b"{}", "it is not XML"),
        (b"\0\0\0", "it is not XML"),
        (b"<html><rss/></html>", "its root element is <html>"),
        (b"<opml/>", "its root element is <opml>"),
        (b"<" + 500 * b"x" + b"/>", f"its root element is <{40 * 'x'}>"),
        (b"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "it is an index of sitemaps"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><rss/>', "it declares entities of its own"),
        ('<!DOCTYPE r [<!ENTITY a "b">]><rss/>'.encode("utf-16"), "it declares entities of its own"),
        (b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hosts">]><rss/>', "it declares entities of its own"),
        (b'<!DOCTYPE r [<!ENTITY % a SYSTEM "http://127.0.0.1:9/"> %a;]><rss/>', "it declares entities of its own"),
    ],
)
def test_what_is_no_feed_says_why(source: bytes, reason: str) -> None:
    with pytest.raises(FeedError) as caught:
        read_feed(source)
    assert str(caught.value) == f"no feed: {reason}"


def test_a_bomb_of_entities_is_not_set_off() -> None:
    lines = "".join(f"<!ENTITY e{n} '{10 * f'&e{n - 1};'}'>" for n in range(1, 20))
    source = f"<!DOCTYPE rss [<!ENTITY e0 'ha'>{lines}]><rss><item><title a='&e19;'>&e19;</title></item></rss>"
    began = time.perf_counter()
    with pytest.raises(FeedError, match="entities"):
        read_feed(source.encode())
    assert time.perf_counter() - began < 1


def test_a_feed_has_a_size_and_a_number_of_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    source = f"<rss>{1200 * '<item><title>A</title></item>'}</rss>".encode()
    assert len(read_feed(source)) == module.MAX_ENTRIES == 1000
    monkeypatch.setattr(module, "MAX_BYTES", len(source) - 1)
    with pytest.raises(FeedError, match=f"larger than {len(source) - 1} bytes"):
        read_feed(source)


def test_a_feed_of_the_largest_size_does_not_hold_up_a_crawl() -> None:
    # Names that are not declared cost the parser the most.
    source = b"<rss><channel><item><title>" + (module.MAX_BYTES // 4 - 10) * b"&ab;"
    began = time.perf_counter()
    (entry,) = read_feed(source)
    assert time.perf_counter() - began < 1
    assert entry.headline is None
    with pytest.raises(FeedError, match="larger"):
        read_feed(source + 40 * b"&ab;")
    assert module.MAX_BYTES <= 2 * 1024 * 1024


def test_depth_costs_no_more_than_length() -> None:
    began = time.perf_counter()
    assert len(read_feed(b"<rss>" + 100_000 * b"<item>")) <= module.MAX_ENTRIES
    assert time.perf_counter() - began < 5


def read(source: bytes) -> Any:
    try:
        return read_feed(source)
    except FeedError as error:
        return str(error)


@given(st.binary(max_size=300))
def test_any_bytes_give_entries_or_the_one_error(source: bytes) -> None:
    assert read(source)


@given(
    st.sampled_from([RSS.encode(), ATOM.encode(), SITEMAP.encode(), RSS.encode("utf-16")]),
    st.lists(st.tuples(st.integers(0, 2500), st.integers(0, 40), st.binary(max_size=6)), max_size=6),
)
def test_any_damage_to_a_feed_gives_entries_or_the_one_error(
    source: bytes, damages: list[tuple[int, int, bytes]]
) -> None:
    for begin, length, put in damages:
        source = source[:begin] + put + source[begin + length :]
    found = read(source)
    for entry in found if isinstance(found, tuple) else ():
        for text in (entry.url, entry.guid, entry.headline, entry.published, entry.modified):
            assert text is None or (text == text.strip() != "")


NAMES = ["rss", "rdf", "feed", "urlset", "item", "entry", "url", "link", "guid", "news:news", "a:b:c", "dc:date", ":"]


@given(st.lists(st.tuples(st.sampled_from(["<", "</"]), st.sampled_from(NAMES)), max_size=30))
def test_any_heap_of_tags_gives_entries_or_the_one_error(tags: list[tuple[str, str]]) -> None:
    assert read("".join(f"{bracket}{name}>" for bracket, name in tags).encode()) is not None
