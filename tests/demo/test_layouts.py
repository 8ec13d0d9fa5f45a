"""The same stories in every layout give the same items, field by field: those that the newsroom wrote."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from newscrawl import extract
from newscrawl.demo import DEMO_URL
from newscrawl.demo.ago import ago
from newscrawl.demo.newsroom import PERIOD, Crosshead, Newsroom, Story
from newscrawl.demo.pages import BRIEFS, MIXED, TEASERS, Edition, layouts
from newscrawl.items import Article, Brief, Sighting
from newscrawl.timing import resolve
from newscrawl.timing.calendar import AMSTERDAM

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
NEWSROOM = Newsroom.shipped()
EDITIONS = {layout: Edition(NEWSROOM, layout) for layout in [*layouts(), MIXED]}
SECTIONS = ("Buitenland", "Binnenland", "Politiek", "Financieel", "Sport", "Voetbal")
STORIES = NEWSROOM.stories(AT)


def some() -> list[Story]:
    """Return stories of several sorts: by their parts, a dateline, agencies, a photo, their age."""
    sorts: dict[tuple[object, ...], Story] = {}
    for story in STORIES:
        crossheads = sum(isinstance(part, Crosshead) for part in story.parts)
        bare = not story.dateline
        sort = (min(crossheads, 2), len(story.parts) > 1, bare, "(" in story.dateline, bool(story.photo), is_old(story))
        sorts.setdefault(sort, story)
    return list(sorts.values())


def is_old(story: Story) -> bool:
    return AT - story.published_at >= PERIOD


SOME = some()


def read(layout: str, target: str) -> list[Article | Brief | Sighting]:
    answer = EDITIONS[layout].answer(target, AT)
    assert answer.status == 200
    return extract(answer.body, url=DEMO_URL + target, crawled_at=AT, content_type=answer.content_type, site="demo")


def fields(item: Article | Brief | Sighting) -> dict[str, Any]:
    """Return what the newsroom decides of an item; the rest is the same for every item of a page, or made of this."""
    if isinstance(item, Sighting):
        names = ["where", "url", "headline", "section", "position", "page_url", "raw", "earliest", "latest"]
        return {name: getattr(item, name) for name in names}
    names = ["kind", "url", "headline", "section", "dateline", "place", "agencies", "text", "position"]
    names += ["published_earliest", "published_latest", "published_source", "published_raw", "modified_at", "found_on"]
    crossheads = [(crosshead.text, crosshead.before_paragraph) for crosshead in item.crossheads]
    return {name: getattr(item, name) for name in names} | {"crossheads": crossheads}


def told(story: Story, source: str | None) -> dict[str, Any]:
    """Return the time of a story as one source has it."""
    earliest = latest = raw = None
    if source == "metadata":
        raw = story.published_at.astimezone(AMSTERDAM).isoformat()
        earliest = latest = story.published_at
    elif source == "clock":
        raw = f"{story.published_at.astimezone(AMSTERDAM):%H:%M}"
        earliest = story.published_at.replace(second=0)
        latest = earliest + timedelta(minutes=1, microseconds=-1)
    elif source == "relative":
        raw = ago(story.published_at, AT)
        interval = resolve(raw, AT, rounding="down")
        earliest, latest = interval.earliest, interval.latest
    return {"raw": raw, "earliest": earliest, "latest": latest}


def published(story: Story, source: str | None) -> dict[str, Any]:
    return {f"published_{name}": value for name, value in told(story, source).items()} | {"published_source": source}


def sighting(story: Story, where: str, target: str, position: int | None, source: str | None) -> dict[str, Any]:
    headline, url, page_url = story.headline, DEMO_URL + story.path, DEMO_URL + target
    of_story = {"url": url, "headline": headline, "section": story.section, "position": position, "page_url": page_url}
    return {"where": where, **of_story, **told(story, source)}


def written(story: Story, kind: str, target: str, position: int | None) -> dict[str, Any]:
    place, _, agencies = story.dateline.rstrip(")").partition(" (")
    paragraphs: list[str] = []
    crossheads = []
    for part in story.parts:
        if isinstance(part, Crosshead):
            crossheads.append((part.text, len(paragraphs)))
        else:
            paragraphs.append(part.text)
    return {
        "kind": kind,
        "url": DEMO_URL + story.path,
        "headline": story.headline,
        "section": story.section,
        "dateline": story.dateline or None,
        "place": place or None,
        "agencies": agencies.split("/") if agencies else [],
        "text": "\n\n".join(paragraphs) if kind == "article" else story.brief,
        "crossheads": crossheads if kind == "article" else [],
        "position": position,
        "modified_at": None,
        "found_on": DEMO_URL + target,
    }


@pytest.mark.parametrize("layout", EDITIONS)
@pytest.mark.parametrize("story", SOME, ids=lambda story: story.slug[:30])
def test_an_article_is_read_as_it_was_written(layout: str, story: Story) -> None:
    check_article(layout, story)


@pytest.mark.long
@pytest.mark.parametrize("layout", EDITIONS)
def test_every_article_is_read_as_it_was_written(layout: str) -> None:
    for story in STORIES:
        check_article(layout, story)


def check_article(layout: str, story: Story) -> None:
    others = [other for other in NEWSROOM.stories(AT, story.section) if other.slug != story.slug]
    fewest, most = BRIEFS
    today = sum(AT - other.published_at < timedelta(days=1) for other in others)
    beside = list(enumerate(others[: min(max(today, fewest), most)]))
    source = "metadata" if is_old(story) else None
    assert [fields(item) for item in read(layout, story.path)] == [
        written(story, "article", story.path, None) | published(story, source),
        *(written(other, "brief", story.path, place) | published(other, "relative") for place, other in beside),
        sighting(story, "lead", story.path, None, source),
        *(sighting(other, "sidebar", story.path, place, "relative") for place, other in beside),
    ]


@pytest.mark.parametrize("layout", EDITIONS)
@pytest.mark.parametrize("page", [1, 2])
@pytest.mark.parametrize("section", SECTIONS)
def test_an_index_is_read_as_it_was_written(layout: str, section: str, page: int) -> None:
    path = f"/nieuws/{section.lower()}"
    target = path if page == 1 else f"{path}?page={page}"
    teasers = list(enumerate(NEWSROOM.stories(AT, section)[(page - 1) * TEASERS : page * TEASERS]))
    latest = list(enumerate(STORIES[:TEASERS] if page == 1 else []))
    exact = {story.slug for _, story in latest}
    assert [fields(item) for item in read(layout, target)] == [
        *(
            written(story, "brief", target, place) | published(story, "clock" if story.slug in exact else "relative")
            for place, story in teasers
        ),
        *(sighting(story, "index", target, place, "relative") for place, story in teasers),
        *(sighting(story, "net_binnen", target, place, "clock") for place, story in latest),
    ]


@pytest.mark.parametrize("layout", EDITIONS)
def test_a_regional_index_is_read_as_it_was_written(layout: str) -> None:
    target = "/nieuws/regio/tholen"
    stories = list(enumerate(NEWSROOM.stories(AT, "Tholen")))
    assert [fields(item) for item in read(layout, target)] == [
        *(written(story, "brief", target, place) | published(story, "relative") for place, story in stories),
        *(sighting(story, "index", target, place, "relative") for place, story in stories),
    ]


@pytest.mark.parametrize("layout", layouts())
def test_each_layout_is_nested_in_a_way_of_its_own(layout: str) -> None:
    story = STORIES[-1]
    body = EDITIONS[layout].answer(story.path, AT).body.decode()
    others = [EDITIONS[other].answer(story.path, AT).body.decode() for other in layouts() if other != layout]
    assert len(layouts()) >= 9
    assert nesting(body) not in [nesting(other) for other in others]


def nesting(body: str) -> list[str]:
    return re.findall(r"<[a-z0-9]+", body.partition("<body")[2])


def test_an_edition_in_all_layouts_prints_each_address_in_one_of_them() -> None:
    targets = [story.path for story in STORIES[::2]] + [f"/nieuws/{section.lower()}" for section in SECTIONS]
    used = []
    for target in targets:
        page = EDITIONS[MIXED].answer(target, AT)
        (layout,) = (layout for layout in layouts() if EDITIONS[layout].answer(target, AT) == page)
        later = AT + timedelta(seconds=1)
        assert EDITIONS[MIXED].answer(target, later) == EDITIONS[layout].answer(target, later)
        used.append(layout)
    assert set(used) == set(layouts())
