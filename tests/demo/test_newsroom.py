import re
import tomllib
from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.demo.newsroom import PERIOD, Crosshead, Newsroom, Paragraph

NEWSROOM = Newsroom.shipped()
SECOND = timedelta(seconds=1)
CLOCKS = [
    pytest.param(datetime(2026, 11, 24, 23, 30, tzinfo=UTC), id="half past eleven at night"),
    pytest.param(datetime(2026, 3, 29, 1, 0, tzinfo=UTC), id="clocks go forward"),
    pytest.param(datetime(2026, 10, 25, 1, 0, tzinfo=UTC), id="clocks go back"),
    pytest.param(datetime(2028, 2, 29, 12, 0, 7, tzinfo=UTC), id="29 February"),
]

SMALL = Newsroom(
    [
        tomllib.loads(r"""
            section = "Buitenland"

            [[story]]
            slug = "veer-vaart-weer"
            headline = "Veer vaart weer"
            dateline = "BOEDAPEST (ANP/AFP)"
            photo = "Foto: ANP"
            text = "Het veer vaart weer.\n\n## Brug\n\nDe brug is nog dicht.\n"

            [[story]]
            slug = "oude-brug"
            headline = "Oude brug"
            dateline = ""
            published = "2022-03-28T14:05"
            text = "In de zomertijd."

            [[story]]
            slug = "oudere-brug"
            headline = "Oudere brug"
            dateline = ""
            published = "2022-01-10T14:05"
            text = "In de wintertijd."
        """)
    ]
)
FERRY = SMALL.stories(datetime(2026, 11, 24, 9, tzinfo=UTC))[0]


@pytest.mark.parametrize("at", CLOCKS)
def test_by_any_clock_there_are_120_young_stories_newest_first(at: datetime) -> None:
    stories = NEWSROOM.stories(at)
    ages = [at - story.published_at for story in stories]
    assert sum(age < PERIOD for age in ages) >= 120
    assert ages == sorted(ages)
    assert ages[0] >= timedelta(0)
    assert len({story.slug for story in stories}) == len(stories)


@pytest.mark.parametrize("at", CLOCKS)
def test_every_section_has_a_story_in_every_two_slots(at: datetime) -> None:
    for section in NEWSROOM.sections:
        stories = NEWSROOM.stories(at, section)
        assert {story.section for story in stories} == {section}
        recent = sum(at - story.published_at < PERIOD for story in stories)
        assert at - stories[0].published_at < 2 * PERIOD / recent


@pytest.mark.parametrize("at", CLOCKS)
def test_a_quarter_of_an_hour_later_it_is_the_same_newsroom(at: datetime) -> None:
    later = at + timedelta(minutes=15)
    before, after = set(NEWSROOM.stories(at)), set(NEWSROOM.stories(later))
    assert len(after) == len(before)
    assert all(at < story.published_at <= later for story in after - before)
    assert {story.headline for story in after - before} == {story.headline for story in before - after}
    assert after & before


@pytest.mark.parametrize("at", CLOCKS)
def test_a_recent_story_comes_back_after_72_hours_as_a_story_of_its_own(at: datetime) -> None:
    stories = NEWSROOM.stories(at)
    again = {story.headline: story for story in NEWSROOM.stories(at + timedelta(hours=72))}
    for story in stories:
        if at - story.published_at < PERIOD:
            assert again[story.headline].published_at - story.published_at == timedelta(hours=72)
            assert again[story.headline].slug != story.slug
        else:
            assert again[story.headline] == story


def test_moments_are_the_same_on_every_machine() -> None:
    # the CRC-32 of "veer-vaart-weer", by gzip, is 230744938: step 255 of the 997 in 72 hours, counted from 1970
    assert FERRY.published_at == datetime(2026, 11, 21, 18, 24, 54, tzinfo=UTC)
    assert [story.slug for story in Newsroom.shipped().stories(FERRY.published_at)] == [
        story.slug for story in NEWSROOM.stories(FERRY.published_at)
    ]


def test_the_day_in_a_slug_is_that_of_amsterdam() -> None:
    clocks = [datetime(2026, month, 15, 23, 59, 59, tzinfo=UTC) for month in range(1, 13)]
    late = [story for at in clocks for story in NEWSROOM.stories(at) if at - story.published_at < timedelta(hours=1)]
    assert late
    for story in late:
        assert story.slug.endswith(f"-2026{story.published_at:%m}16")


def test_an_article_is_there_from_its_moment_until_it_comes_back() -> None:
    at = FERRY.published_at
    assert SMALL.story(FERRY.slug, at - SECOND) is None
    assert SMALL.story(FERRY.slug, at) == FERRY
    assert SMALL.story(FERRY.slug, at + PERIOD - SECOND) == FERRY
    assert SMALL.story(FERRY.slug, at + PERIOD) is None


def test_an_old_story_has_one_moment_in_the_wall_time_of_amsterdam() -> None:
    summer = datetime(2022, 3, 28, 12, 5, tzinfo=UTC)
    winter = datetime(2022, 1, 10, 13, 5, tzinfo=UTC)
    assert [(story.slug, story.published_at) for story in SMALL.stories(datetime(2026, 11, 24, tzinfo=UTC))[1:]] == [
        ("oude-brug", summer),
        ("oudere-brug", winter),
    ]
    assert SMALL.story("oude-brug", summer - SECOND) is None
    assert SMALL.story("oude-brug", summer) in SMALL.stories(summer)
    assert "oude-brug" not in [story.slug for story in SMALL.stories(summer - SECOND)]
    assert SMALL.story("oude-brug", summer + timedelta(days=3650)) == SMALL.story("oude-brug", summer)


@pytest.mark.parametrize(
    "slug", ["", "nooit-gebeurd", "nooit-gebeurd-20261124", "veer-vaart-weer", "oude-brug-20220328"]
)
def test_a_slug_that_nothing_has_is_none(slug: str) -> None:
    assert SMALL.story(slug, FERRY.published_at) is None


def test_a_story_is_read_from_its_table() -> None:
    assert FERRY.slug == "veer-vaart-weer-20261121"
    assert FERRY.path == "/nieuws/veer-vaart-weer-20261121"
    assert (FERRY.section, FERRY.headline) == ("Buitenland", "Veer vaart weer")
    assert (FERRY.dateline, FERRY.photo) == ("BOEDAPEST (ANP/AFP)", "Foto: ANP")
    assert FERRY.parts == (Paragraph("Het veer vaart weer."), Crosshead("Brug"), Paragraph("De brug is nog dicht."))
    assert FERRY.brief == "Het veer vaart weer."
    assert SMALL.sections == ("Buitenland",)


def test_the_shipped_stories_are_well_formed() -> None:
    stories = NEWSROOM.stories(datetime(2026, 11, 24, tzinfo=UTC))
    assert {"Buitenland", "Binnenland", "Politiek", "Financieel", "Sport", "Voetbal"} < set(NEWSROOM.sections)
    assert any(story.published_at.year < 2026 for story in stories)
    for story in stories:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", story.slug)
        assert story.headline
        assert isinstance(story.parts[0], Paragraph)
        assert isinstance(story.parts[-1], Paragraph)
        assert all(part.text == " ".join(part.text.split()) for part in story.parts)
        assert not any(part.text.startswith("#") for part in story.parts)
