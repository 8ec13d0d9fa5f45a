"""What a batch changes: each piece of evidence counts once, articles are fetched until they are there, or given up."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from desk import NINE, PAGE, SITE, URL, Desk, ids, shown

from newscrawl.batch import Batch, FeedClaim
from newscrawl.items import Article, Brief, Sighting
from newscrawl.ledger.draft import Draft
from newscrawl.ledger.identity import Names, id_of_url
from newscrawl.ledger.schedule import AGAIN, FORGOTTEN, MAX_ATTEMPTS
from newscrawl.publication import evidence_of
from newscrawl.timing.evidence import Evidence, Source
from newscrawl.timing.interval import Interval

HOUR = timedelta(hours=1)
STORY = id_of_url(URL)


def relative(earliest: datetime) -> Evidence:
    return Evidence("relative", Interval(earliest, earliest + HOUR, "hour"), "1 uur geleden")


def told() -> Batch:
    """Return a batch that tells of the story, by a feed."""
    names = Names.of(URL, None, "", None)
    return Batch(claims=[FeedClaim(names, relative(NINE), f"{SITE}/rss", NINE)])


def learn(draft: Draft, *pieces: Evidence, story_id: str = STORY, **given: Any) -> int:
    """Return how many contradictions there are after some pieces of evidence."""
    for piece in pieces:
        draft.learn(story_id, piece, shown=NINE, **given)
    return draft.contradictions


# --- When -------------------------------------------------------------------------------------------------------------


def test_the_same_evidence_counts_once_in_a_run(desk: Desk) -> None:
    draft = desk.ledger.begin(told())
    claim = Evidence("feed", Interval(NINE, NINE, "second"), "Tue, 24 Feb 2026 09:00:00 GMT")
    learn(draft, claim)
    for _ in range(3):
        assert learn(draft, relative(NINE - 5 * HOUR)) == 1
        assert learn(draft, claim) == 1
    assert learn(draft, relative(NINE - 6 * HOUR)) == 2
    assert learn(draft, relative(NINE - 5 * HOUR), story_id="ab" * 8) == 2, "each story has its own"
    desk.ledger.commit(0, 0, {})
    assert learn(desk.ledger.begin(told()), claim, relative(NINE - 5 * HOUR)) == 0, "nor in the next batch"
    known = desk.ledger.draft.publication(STORY) if desk.ledger.draft else None
    assert known is not None
    assert (known.source, known.interval) == ("feed", claim.interval)


def test_what_is_cut_off_and_what_was_weighed_elsewhere_counts_once(desk: Desk) -> None:
    draft = desk.ledger.begin(told())
    learn(draft, relative(NINE), until=NINE + HOUR / 2)
    known = draft.publication(STORY)
    assert known is not None
    assert known.interval.latest == NINE + HOUR / 2
    draft.was_weighed(STORY, relative(NINE - 5 * HOUR))
    assert learn(draft, relative(NINE), relative(NINE - 5 * HOUR)) == 0
    assert draft.publication(STORY) == known


@pytest.mark.parametrize("committed", [True, False])
def test_what_is_learnt_is_there_for_later_runs_once_it_is_committed(desk: Desk, committed: bool) -> None:
    learn(desk.ledger.begin(told()), relative(NINE - HOUR))
    if committed:
        desk.ledger.commit(0, 0, {})
    else:
        desk.ledger.discard()
    known = desk.run().publication(STORY)
    assert (known is not None) == committed
    learn(desk.ledger.begin(told()), relative(NINE - HOUR / 2))
    desk.ledger.commit(0, 0, {})
    known = desk.ledger.publication(STORY)
    assert known is not None
    earliest = NINE - HOUR / 2
    assert (known.interval.earliest, known.interval.latest) == (earliest, NINE if committed else earliest + HOUR)


def test_a_story_that_came_anew_still_does_in_a_later_run(desk: Desk) -> None:
    learn(desk.ledger.begin(told()), relative(NINE - 5 * HOUR), relative(NINE - 2 * HOUR))
    desk.ledger.commit(0, 0, {})
    known = desk.run().publication(STORY)
    assert known is not None
    assert known.modified_at == NINE - 1.5 * HOUR
    assert known.interval == relative(NINE - 5 * HOUR).interval


def test_when_a_story_was_first_shown(desk: Desk) -> None:
    draft = desk.ledger.begin(told())
    draft.learn(STORY, relative(NINE - HOUR), shown=NINE + 10 * HOUR)
    assert draft.first_shown(STORY) is None, "a feed is no page"
    desk.ledger.commit(0, 0, {})
    for hours in (5, 3, 4):
        desk.run()
        desk.see(*shown(at=NINE + hours * HOUR))
    assert desk.ledger.begin(Batch(items=shown(at=NINE + 6 * HOUR))).first_shown(STORY) == NINE + 3 * HOUR


@pytest.mark.parametrize(
    ("source", "raw", "undated"),
    [
        ("clock", "15:30", True),
        ("clock", "gisteren 22:10", False),
        ("clock", "3 november 2025", False),
        ("relative", "2 uur geleden", False),
        ("metadata", None, False),
    ],
)
def test_a_clock_without_a_day_is_told_from_one_with_a_day(source: Source, raw: str | None, undated: bool) -> None:
    shown = {"published_earliest": NINE, "published_latest": NINE + HOUR, "published_precision": "hour"}
    evidence = evidence_of(Brief(url=URL, published_source=source, published_raw=raw, **shown))  # type: ignore[arg-type]
    assert evidence is not None
    assert evidence.undated == undated


def test_of_sightings_a_line_of_net_binnen_alone_tells_a_time_and_no_day() -> None:
    for where in ("net_binnen", "index"):
        evidence = evidence_of(Sighting(story_id="a", where=where, earliest=NINE, latest=NINE, raw="10:00"))
        assert (evidence is not None) == (where == "net_binnen")
        assert evidence is None or evidence.undated


# --- Articles ---------------------------------------------------------------------------------------------------------


def state(desk: Desk, now: datetime = NINE) -> str:
    """Return what has become of the article, and check that what counts as pending is that."""
    found = desk.ledger.articles([URL], now)[URL]
    backlog = desk.ledger.backlog("anp_test", now)
    assert len(backlog) == desk.ledger.count_pending("anp_test", now)
    assert set(backlog) <= {URL}
    if found in ("unknown", "done", "given_up"):
        assert not backlog
    return found


def test_an_article_is_announced_and_fetched_and_looked_at_again(desk: Desk) -> None:
    assert state(desk) == "unknown"
    desk.see(*shown(), announced=[URL])
    assert state(desk) == "pending"
    desk.run()
    assert state(desk) == "pending", "also for the next run"
    desk.see(*shown(Article), fetched=URL, moved_to=URL)
    assert state(desk) == "done"
    looks = [state(desk, NINE + minutes * HOUR / 60) for minutes in (0, 59, 60, 90)]
    assert looks == ["done", "done", "due", "due"]
    desk.run()
    desk.see(*shown(Article, at=NINE + 2 * HOUR), fetched=URL, moved_to=URL, at=NINE + 2 * HOUR)
    assert [state(desk, NINE + hours * HOUR) for hours in (2.9, 3)] == ["done", "due"]
    desk.run()
    late = NINE + 60 * HOUR
    desk.see(*shown(Article, at=late), fetched=URL, moved_to=URL, at=late)
    assert state(desk, NINE + 1000 * HOUR) == "done", "it is not looked at any more"


def test_a_revised_article_is_looked_at_as_often_as_a_new_one(desk: Desk) -> None:
    desk.see(*shown(Article), fetched=URL, moved_to=URL)
    desk.run()
    late = NINE + 60 * HOUR
    changed = shown(Article, at=late, text="Iets heel anders is er nu gebeurd.")
    assert desk.see(*changed, fetched=URL, moved_to=URL, at=late) == ("revised",)
    assert [state(desk, late + hours * HOUR) for hours in (0.9, 1)] == ["done", "due"]


def test_an_article_that_fails_is_pending_up_to_a_limit_and_tried_once_more_a_day_later(desk: Desk) -> None:
    desk.see(*shown(), announced=[URL])
    for _ in range(MAX_ATTEMPTS):
        assert state(desk) == "pending"
        desk.run()
        desk.see(failed=URL)
    assert state(desk) == "given_up"
    assert state(desk, NINE + AGAIN - HOUR) == "given_up"
    later = NINE + AGAIN
    assert desk.ledger.articles([URL], later) == {URL: "pending"}, "where a list still shows it"
    assert desk.ledger.backlog("anp_test", later) == [], "and nowhere else"
    desk.see(failed=URL, at=later)
    assert state(desk, later + AGAIN - HOUR) == "given_up"
    desk.see(*shown(Article), fetched=URL, moved_to=URL, at=later + AGAIN)
    assert state(desk, later + AGAIN) == "done"


def test_an_article_that_fails_before_it_is_announced_is_pending(desk: Desk) -> None:
    desk.see(failed=URL)
    assert state(desk) == "pending"


def test_an_article_that_may_not_be_asked_for_is_given_up_at_once(desk: Desk) -> None:
    desk.see(*shown(), announced=[URL])
    desk.see(failed=URL, refused=True)
    assert state(desk) == "given_up"


def test_a_look_that_fails_leaves_an_article_there(desk: Desk) -> None:
    desk.see(*shown(Article), fetched=URL, moved_to=URL)
    desk.see(failed=URL, at=NINE + HOUR)
    assert desk.ledger.articles([URL], NINE + HOUR) == {URL: "due"}
    desk.see(*shown(Article, at=NINE + 2 * HOUR), fetched=URL, moved_to=URL, at=NINE + 2 * HOUR)
    assert state(desk, NINE + 2 * HOUR) == "done"


def test_an_article_that_does_not_come_is_forgotten_after_a_week(desk: Desk) -> None:
    desk.see(*shown(), announced=[URL])
    assert desk.ledger.count_pending("anp_test", NINE + FORGOTTEN - HOUR) == 1
    assert desk.ledger.count_pending("anp_test", NINE + FORGOTTEN) == 0
    assert desk.ledger.backlog("anp_test", NINE + FORGOTTEN) == []


def test_a_backlog_begins_with_what_was_announced_first_and_is_each_spiders_own(desk: Desk) -> None:
    one, two, three = (f"{SITE}/nieuws/{name}" for name in ("c", "b", "a"))
    desk.see(announced=[one], at=NINE)
    desk.see(announced=[one, two], at=NINE + HOUR)
    desk.see(announced=[three], at=NINE + 2 * HOUR)
    desk.see(fetched=two)
    later = NINE + 3 * HOUR
    assert desk.ledger.backlog("anp_test", later) == [one, three]
    assert desk.ledger.backlog("anp_sport", later) == []
    assert desk.ledger.articles([one, two, three], later) == {one: "pending", two: "unknown", three: "pending"}


def test_how_far_a_walk_came_is_kept_for_each_start(desk: Desk) -> None:
    assert desk.ledger.depth("anp_test", PAGE) == 0
    for depth in (3, 1):
        desk.see(depth=depth)
        assert desk.run().depth("anp_test", PAGE) == depth
    desk.see(*shown(Article), fetched=URL)
    assert desk.ledger.depth("anp_test", PAGE) == 1, "an article is no list"
    assert desk.ledger.depth("anp_sport", PAGE) == desk.ledger.depth("anp_test", f"{PAGE}?page=2") == 0


# --- Batches ----------------------------------------------------------------------------------------------------------


def test_a_batch_that_is_discarded_has_never_been(desk: Desk) -> None:
    items = shown()
    draft = desk.ledger.begin(Batch(items=items, announced=[URL], depth=2))
    for story in items[:1]:
        assert isinstance(story, Brief)
        assert draft.judge(story) == "new"
    draft.walked(Batch(announced=[URL], depth=2), "anp_test", PAGE, NINE)
    desk.ledger.discard()
    assert state(desk) == "unknown"
    assert desk.ledger.depth("anp_test", PAGE) == 0
    assert desk.see(*shown()) == ("new",)


def test_two_batches_at_once_are_an_error_and_not_a_mixture(desk: Desk) -> None:
    desk.ledger.begin(Batch())
    with pytest.raises(RuntimeError, match="another one was on its way"):
        desk.ledger.begin(Batch())


def test_a_page_of_a_thousand_stories(desk: Desk) -> None:
    pages = [
        [
            item
            for number in range(1000)
            for item in shown(url=f"{URL}-{number}", headline=f"{number}", text=f"{number} x")
        ]
        for _ in "12"
    ]
    assert set(desk.see(*pages[0])) == {"new"}
    assert set(desk.see(*pages[1])) == {"known"}
    assert len(ids(*pages[0], *pages[1])) == 1000
