import json
import re
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from parsel import Selector

import newscrawl.demo
from newscrawl.demo import DEMO_URL
from newscrawl.demo.ago import ago
from newscrawl.demo.newsroom import Crosshead, Newsroom, Story
from newscrawl.demo.pages import Edition, layouts
from newscrawl.timing.calendar import AMSTERDAM

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
NATIONAL = ["Buitenland", "Binnenland", "Politiek", "Financieel", "Sport", "Voetbal"]
NEWSROOM = Newsroom.shipped()
EDITION = Edition(NEWSROOM, "bem")


def page(target: str, at: datetime = AT, edition: Edition = EDITION) -> Selector:
    answer = edition.answer(target, at)
    assert (answer.status, answer.content_type) == (200, "text/html; charset=utf-8")
    return Selector(answer.body.decode())


def words(selector: Selector) -> str:
    """The text that a reader sees, on one line."""
    return " ".join(" ".join(selector.xpath(".//text()[not(parent::script or parent::style)]").getall()).split())


def printed(story: Story) -> str:
    return f"{story.dateline} - {story.brief}" if story.dateline else story.brief


def teasers(selector: Selector) -> list[str]:
    return [words(teaser) for teaser in selector.xpath("//main//article")]


def walk(path: str, at: datetime = AT) -> list[Selector]:
    """The page at *path*, and all that follow by the link to the next."""
    pages = [page(path, at)]
    while following := pages[-1].xpath("//a[@rel='next']/@href").get():
        pages.append(page(following, at))
    return pages


@pytest.mark.parametrize("section", NATIONAL)
def test_an_index_lists_every_story_of_its_section_once(section: str) -> None:
    pages = walk(f"/nieuws/{section.lower()}")
    assert len(pages) > 1
    assert [len(teasers(selector)) for selector in pages[:-1]] == [10] * (len(pages) - 1)
    assert [teaser for selector in pages for teaser in teasers(selector)] == [
        words(Selector(f"<p>{story.headline} {printed(story)} {ago(story.published_at, AT)}</p>"))
        for story in NEWSROOM.stories(AT, section)
    ]
    assert re.search(r"\d jaar geleden$", teasers(pages[-1])[-1])


def test_page_one_opens_with_the_newest_of_all_sections() -> None:
    selector = page("/nieuws/sport")
    assert selector.xpath("//main//*[self::h1 or self::h2][position() <= 2]/text()").getall()[0] == "Net binnen"
    assert [words(line) for line in selector.xpath("//main//ol/li")] == [
        f"{story.section} {story.published_at + timedelta(hours=1):%H:%M} {story.headline}"
        for story in NEWSROOM.stories(AT)[:10]
    ]
    assert selector.xpath("//main//ol//a/@href").getall() == [story.path for story in NEWSROOM.stories(AT)[:10]]
    assert selector.xpath("//main//ol/following::h1/text()").getall() == ["Sport"]
    assert "Editie:" not in words(selector)


def test_the_clock_of_net_binnen_follows_amsterdam_through_the_change() -> None:
    change = datetime(2026, 10, 25, 1, tzinfo=UTC)
    at = change + timedelta(hours=2)
    lines = page("/nieuws/sport", at).xpath("//main//ol/li")
    stories = NEWSROOM.stories(at)[:10]
    assert stories[0].published_at >= change > stories[-1].published_at
    for line, story in zip(lines, stories, strict=True):
        offset = timedelta(hours=1 if story.published_at >= change else 2)
        assert f" {story.published_at + offset:%H:%M} " in words(line)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (AT, "dinsdag 24 november 2026"),
        (datetime(2026, 11, 24, 23, 30, tzinfo=UTC), "woensdag 25 november 2026"),
        (datetime(2026, 3, 29, 23, 30, tzinfo=UTC), "maandag 30 maart 2026"),
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), "maandag 26 oktober 2026"),
        (datetime(2028, 2, 29, 12, tzinfo=UTC), "dinsdag 29 februari 2028"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "vrijdag 1 januari 2027"),
    ],
)
@pytest.mark.parametrize("target", ["/nieuws/sport?page=2", "/nieuws/regio/tholen"])
def test_other_pages_show_the_day_in_amsterdam(target: str, at: datetime, day: str) -> None:
    selector = page(target, at)
    heading = "Sport" if "sport" in target else "Tholen"
    assert f"{day} Editie: NL & Wereld | Zeeland {heading} " in words(selector)
    assert "Net binnen" not in words(selector)
    assert f"© 1996-{day[-4:]} " in words(selector)


def test_every_second_title_on_a_regional_page_has_the_credit_run_into_it() -> None:
    titles = [words(title) for title in page("/nieuws/regio/tholen").xpath("//main//article/h2")]
    stories = NEWSROOM.stories(AT, "Tholen")
    assert titles == [f"ANP {story.headline}" if place % 2 else story.headline for place, story in enumerate(stories)]
    assert len(titles) > 1


def test_page_links_know_their_neighbours() -> None:
    first, second = walk("/nieuws/politiek")[:2]
    assert first.xpath("//a[@rel='prev']") == []
    assert words(first.xpath("//a[@rel='next']")[0]) == "Volgende"
    assert words(second.xpath("//a[@rel='prev']")[0]) == "Vorige"
    assert second.xpath("//a[@rel='prev']/@href").get() == "/nieuws/politiek"
    assert second.xpath("//a[text()='1']/@href").get() == "/nieuws/politiek"
    assert second.xpath("//*[@aria-current='page']/text()").getall() == ["2"]
    assert second.xpath("//a[text()='2']") == []
    assert page("/nieuws/politiek?page=1").get() == first.get()


@pytest.mark.parametrize(
    "target",
    [
        *("/nieuws/politiek?page=99", "/nieuws/politiek?page=0", "/nieuws/politiek?page=-1", "/nieuws/politiek?page=x"),
        *("/nieuws/politiek?page=" + "9" * 5000, "/nieuws/politiek?page=²", "/nieuws/politiek/", "/nieuws/tholen"),
        *("/nieuws", "/nieuws/", "/nieuws/regio/nergens", "/nieuws/nooit-gebeurd", "/favicon.ico", "//", "*", ""),
        *("/nieuws/%FF", "/nieuws/%00", "/nieuws/../robots.txt", "?page=2"),
    ],
)
def test_what_is_not_there_is_a_404_page(target: str) -> None:
    answer = EDITION.answer(target, AT)
    assert (answer.status, answer.content_type) == (404, "text/html; charset=utf-8")
    assert "<h1" in answer.body.decode()


def test_an_article_shows_the_whole_story() -> None:
    story = next(story for story in NEWSROOM.stories(AT) if story.photo and len(story.parts) > 3)
    selector = page(story.path)
    assert selector.xpath("//link[@rel='canonical']/@href").getall() == [DEMO_URL + story.path]
    assert selector.xpath("//h1/text()").getall() == [story.headline]
    assert selector.xpath("//main/article/p/text()").getall() == [
        printed(story),
        *(part.text for part in story.parts[1:] if not isinstance(part, Crosshead)),
    ]
    assert selector.xpath("//main/article/h2/text()").getall() == [
        part.text for part in story.parts if isinstance(part, Crosshead)
    ]
    assert selector.xpath("//figcaption/text()").getall() == [story.photo]


def test_a_story_without_dateline_or_photo_has_neither() -> None:
    story = next(story for story in NEWSROOM.stories(AT) if not story.dateline and not story.photo)
    selector = page(story.path)
    assert selector.xpath("//main/article/p/text()").get() == story.brief
    assert selector.xpath("//figure") == []


@pytest.mark.parametrize("section", NATIONAL)
def test_beside_an_article_stand_the_newest_others_of_its_section(section: str) -> None:
    stories = NEWSROOM.stories(AT, section)
    for story in (stories[0], stories[-1]):
        others = [other for other in stories if other is not story]
        aside = page(story.path).xpath("//aside")[0]
        briefs = aside.xpath("article")
        assert aside.xpath("h2/text()").get() == f"Meer uit {section}"
        assert 5 <= len(briefs) <= 10
        assert briefs.xpath("h3/a/@href").getall() == [other.path for other in others[: len(briefs)]]
        assert briefs.xpath("p/text()").getall() == [printed(other) for other in others[: len(briefs)]]
        assert briefs.xpath("span/text()").getall() == [ago(other.published_at, AT) for other in others[: len(briefs)]]


def test_a_lead_shows_no_time_of_its_own() -> None:
    around = page("/nieuws/contact")
    for story in NEWSROOM.stories(AT):
        selector = page(story.path)
        text = [story.headline, "E-mail Deel Kopieer link", printed(story), *(part.text for part in story.parts[1:])]
        assert words(selector.xpath("//main/article")[0]) == " ".join(filter(None, (*text, story.photo)))
        assert words(selector.xpath("//header")[0]) == words(around.xpath("//header")[0])
        assert words(selector.xpath("//footer")[0]) == words(around.xpath("//footer")[0])
        assert selector.xpath("//meta").getall() == around.xpath("//meta").getall()
        assert selector.xpath("//body//script").getall() == around.xpath("//body//script").getall()
        assert selector.xpath("//time | //@datetime") == []


def test_an_article_of_the_archive_tells_machines_its_time_and_a_young_one_does_not() -> None:
    stories = NEWSROOM.stories(AT)
    for story in stories:
        scripts = page(story.path).xpath("//head/script[@type='application/ld+json']/text()").getall()
        if AT - story.published_at < timedelta(hours=72):
            assert scripts == []
            continue
        (claims,) = map(json.loads, scripts)
        assert claims["@type"] == "NewsArticle"
        assert (claims["headline"], claims["mainEntityOfPage"]) == (story.headline, DEMO_URL + story.path)
        assert datetime.fromisoformat(claims["datePublished"]) == story.published_at
        assert claims["datePublished"].endswith((":00+01:00", ":00+02:00")), (
            "with seconds, and by the clock of Amsterdam"
        )
    assert AT - stories[-1].published_at > timedelta(days=365)


@pytest.mark.parametrize("section", NATIONAL)
def test_two_sections_announce_a_feed_on_each_index_page(section: str) -> None:
    path = f"/nieuws/{section.lower()}"
    for selector in walk(path):
        feeds = selector.xpath("//head/link[@rel='alternate'][@type='application/rss+xml']/@href").getall()
        assert feeds == ([f"{path}/rss"] if section in ("Buitenland", "Sport") else [])
    assert EDITION.answer(f"{path}/rss", AT).status == (200 if section in ("Buitenland", "Sport") else 404)


@pytest.mark.parametrize("section", ["Buitenland", "Sport"])
@pytest.mark.parametrize(
    "at",
    [
        AT,
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 1, tzinfo=UTC),
        datetime(2028, 2, 29, 23, 30, tzinfo=UTC),
    ],
)
def test_a_feed_holds_the_newest_stories_that_are_six_hours_old(section: str, at: datetime) -> None:
    answer = EDITION.answer(f"/nieuws/{section.lower()}/rss", at)
    assert (answer.status, answer.content_type) == (200, "application/rss+xml; charset=utf-8")
    items = ElementTree.fromstring(answer.body).findall("channel/item")  # noqa: S314 - our own
    ripe = [story for story in NEWSROOM.stories(at, section) if at - story.published_at >= timedelta(hours=6)]
    assert len(items) == 5
    for item, story in zip(items, ripe, strict=False):
        assert item.findtext("title") == story.headline
        assert item.findtext("link") == item.findtext("guid") == DEMO_URL + story.path
        assert item.findtext("description") == printed(story)
        assert parsedate_to_datetime(item.findtext("pubDate", "")) == story.published_at


def test_an_article_is_gone_when_it_has_come_back() -> None:
    story = NEWSROOM.stories(AT)[0]
    later = story.published_at + timedelta(hours=72)
    assert EDITION.answer(story.path, later - timedelta(seconds=1)).status == 200
    assert EDITION.answer(story.path, later).status == 404


def test_every_link_leads_somewhere_and_every_story_is_reached() -> None:
    seen: set[str] = set()
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        waiting += page(address).xpath("//a/@href[starts-with(., '/')]").getall()
    assert {"/zoeken", "/nieuws/contact", "/nieuws/sport?page=2", "/nieuws/regio/tholen"} < seen
    assert {story.path for story in NEWSROOM.stories(AT)} < seen


def test_robots_may_not_search_nor_read_partners() -> None:
    answer = EDITION.answer("/robots.txt", AT)
    assert (answer.status, answer.content_type) == (200, "text/plain; charset=utf-8")
    lines = answer.body.decode().splitlines()
    assert lines == ["User-agent: *", "Disallow: /zoeken", "Disallow: /nieuws/partner/"]


@pytest.mark.parametrize("target", ["/", "/nieuws/contact", "/zoeken", "/nieuws/partner/drijvende-tuinen"])
def test_a_page_without_news_has_no_dateline_and_no_age(target: str) -> None:
    assert not re.search(r"\(ANP|geleden", words(page(target).xpath("//main")[0]))


@pytest.mark.parametrize("target", ["/", "/nieuws/sport", "/nieuws/sport?page=2", NEWSROOM.stories(AT)[0].path])
def test_what_stands_around_every_page(target: str) -> None:
    selector = page(target)
    assert selector.xpath("/html/@lang").get() == "nl"
    assert selector.xpath("/html/head/meta/@charset").get() == "utf-8"
    assert selector.xpath("//body/a/@href").get() == "#" + selector.xpath("//main/@id").get("")
    assert words(selector.xpath("//header")[0]).startswith("Webmail Kies je webmail Met webmail ")
    assert set(NEWSROOM.sections) < set(selector.xpath("//nav//a/text()").getall())
    assert selector.xpath("//nav//a[@href='/zoeken']")
    assert selector.xpath("//footer//a/@href").getall() == ["/nieuws/contact", "/nieuws/partner/drijvende-tuinen"]
    assert len(selector.xpath("//*[@aria-label='Cookies']/button")) == 2


class Nesting(HTMLParser):
    """Fails on an element that is not closed where it was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs)
        if tag not in {"meta", "link", "br", "hr", "img"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Leave what closes itself."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("layout", layouts())
def test_html_is_well_nested_and_every_text_escaped(layout: str) -> None:
    newsroom = Newsroom(
        [
            tomllib.loads("""
                section = "Sport"

                [[story]]
                slug = "schaatsen"
                headline = 'Kok & "Bos" <snel>'
                dateline = "CORTINA D'AMPEZZO (ANP)"
                photo = "Foto: <ANP>"
                text = "Een & twee <drie>."
            """),
            tomllib.loads("""
                section = "Politiek"

                [[story]]
                slug = "archief"
                headline = 'Archief "</script>" <open>'
                dateline = "DEN HAAG (ANP)"
                published = "2022-01-10T14:05"
                text = "Het archief is open."
            """),
        ]
    )
    edition = Edition(newsroom, layout)
    story = newsroom.stories(AT)[0]
    feed = ElementTree.fromstring(edition.answer("/nieuws/sport/rss", AT + timedelta(hours=6)).body)  # noqa: S314
    assert feed.findtext("channel/item/title") == story.headline
    old = newsroom.story("archief", AT)
    assert old is not None
    told = page(old.path, edition=edition)
    assert old.published_at.astimezone(AMSTERDAM).isoformat() in "".join(
        told.xpath("//meta/@content | //script/text()").getall()
    )
    scripts = list(map(json.loads, told.xpath("//script[@type='application/ld+json']/text()").getall()))
    assert not scripts or 'Archief "</script>" <open>' in str(scripts)
    for target in ("/", "/nieuws/sport", story.path, old.path):
        nesting = Nesting()
        nesting.feed(edition.answer(target, AT).body.decode())
        nesting.close()
        assert nesting.open == []
    selector = page(story.path, edition=edition)
    assert words(selector.xpath("//h1")[0]) == story.headline
    assert "Foto: <ANP>" in words(selector)
    assert "CORTINA D'AMPEZZO (ANP) - Een & twee <drie>." in words(selector)
    assert "Meer uit" not in words(selector)


def test_a_layout_that_is_not_there_is_named_with_those_that_are() -> None:
    assert "bem" in layouts()
    with pytest.raises(ValueError, match=r"layout: one of .*bem.*mixed is wanted, not 'krant'"):
        Edition(NEWSROOM, layout="krant")


def test_the_edition_is_printed_from_a_zipped_package(tmp_path: Path) -> None:
    package = Path(newscrawl.demo.__file__).parent
    archive = tmp_path / "newscrawl.egg"
    with ZipFile(archive, "w") as egg:
        egg.writestr("newscrawl/__init__.py", "")
        for file in package.rglob("*"):
            if "__pycache__" not in file.parts:
                egg.write(file, f"newscrawl/demo/{file.relative_to(package).as_posix()}")
    script = """if True:
        from datetime import datetime
        from newscrawl.demo.newsroom import Newsroom
        from newscrawl.demo.pages import Edition, __file__
        assert ".egg" in __file__, __file__
        answer = Edition(Newsroom.shipped(), "bem").answer("/nieuws/sport", datetime.fromisoformat("2026-11-24T09:00Z"))
        print(answer.body.decode())
    """
    run = subprocess.run(
        [sys.executable, "-W", "error", "-X", "utf8", "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(archive)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.rstrip() == EDITION.answer("/nieuws/sport", AT).body.decode().rstrip()
