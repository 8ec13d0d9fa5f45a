"""Several sources, one story: the surer wins, those that agree narrow, those that do not are counted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from newscrawl.timing.evidence import SOURCES, Evidence, Publication, Source, publication
from newscrawl.timing.interval import PRECISIONS, Interval

START = datetime(2026, 2, 24, 6, 0, tzinfo=UTC)


def said(source: Source, earliest: int, latest: int, raw: str = "") -> Evidence:
    ends = START + timedelta(minutes=earliest), START + timedelta(minutes=latest)
    return Evidence(source, Interval(*ends, "hour"), raw or source)


def test_no_evidence_is_no_publication() -> None:
    assert publication([]) is None


def test_agreeing_evidence_is_intersected_and_goes_by_its_surest_source() -> None:
    evidence = [said("relative", 0, 60), said("clock", 20, 21, "06:20"), said("relative", 10, 70)]
    for order in permutations(evidence):
        known = publication(order)
        assert known is not None
        assert known.interval == said("clock", 20, 21).interval.intersection(said("relative", 0, 60).interval)
        assert (known.source, known.raw, known.contradictions) == ("clock", "06:20", 0)


def test_a_surer_source_wins_over_one_that_contradicts_it_and_that_is_counted() -> None:
    for order in permutations([said("metadata", 0, 0), said("relative", 60, 120)]):
        known = publication(order)
        assert known is not None
        assert (known.source, known.contradictions, known.modified_at) == ("metadata", 1, None)
        assert known.interval.latest == START


def test_a_later_sighting_that_contradicts_an_equal_one_means_published_anew() -> None:
    known = publication([said("relative", 0, 60, "5 uur geleden"), said("relative", 180, 240, "2 uur geleden")])
    assert known is not None
    assert known.interval == said("relative", 0, 60).interval
    assert known.raw == "5 uur geleden"
    assert known.modified_at == START + timedelta(minutes=210)


def test_an_earlier_sighting_that_comes_later_is_a_contradiction() -> None:
    known = publication([said("relative", 180, 240)])
    assert known is not None
    known = known.with_evidence(said("relative", 0, 60))
    assert known.contradictions == 1
    assert known.modified_at is None
    # A surer source that comes late still wins.
    assert known.with_evidence(said("clock", 0, 1)).source == "clock"


# --- Laws -------------------------------------------------------------------------------------------------------------

MOMENT = 300  # minutes after START, inside every interval of what agrees

sources = st.sampled_from(SOURCES)
agreeing = st.builds(
    lambda source, before, after: said(source, MOMENT - before, MOMENT + after),
    sources,
    st.integers(0, 200),
    st.integers(0, 200),
)
anything = st.builds(
    lambda source, earliest, width: said(source, earliest, earliest + width),
    sources,
    st.integers(0, 500),
    st.integers(0, 300),
)


@given(
    st.lists(agreeing, min_size=1, max_size=6).flatmap(
        lambda pieces: st.tuples(st.just(pieces), st.permutations(pieces))
    )
)
def test_where_nothing_contradicts_the_order_does_not_matter(case: tuple[list[Evidence], list[Evidence]]) -> None:
    pieces, shuffled = case
    known, again = publication(pieces), publication(shuffled)
    assert known is not None
    assert again is not None
    assert (known.interval, known.source, known.contradictions) == (again.interval, again.source, 0)
    one_by_one = Publication.by(shuffled[0])
    for piece in shuffled[1:]:
        one_by_one = one_by_one.with_evidence(piece)
    assert (one_by_one.interval, one_by_one.source) == (known.interval, known.source)
    assert known.interval.earliest == max(piece.interval.earliest for piece in pieces)
    assert known.interval.latest == min(piece.interval.latest for piece in pieces)
    assert known.source == min((piece.source for piece in pieces), key=SOURCES.index)
    assert known.modified_at is None


@given(st.lists(agreeing, min_size=1, max_size=5), agreeing)
def test_more_evidence_that_agrees_never_widens(pieces: list[Evidence], more: Evidence) -> None:
    known, narrower = publication(pieces), publication([*pieces, more])
    assert known is not None
    assert narrower is not None
    assert narrower.interval.width <= min(known.interval.width, more.interval.width)
    assert PRECISIONS.index(narrower.interval.precision) <= PRECISIONS.index(known.interval.precision)


@given(st.lists(anything, min_size=1, max_size=6))
def test_the_surest_source_is_never_left(pieces: list[Evidence]) -> None:
    known = publication(pieces)
    assert known is not None
    surest = [piece for piece in pieces if piece.source == min((one.source for one in pieces), key=SOURCES.index)]
    assert known.source == surest[0].source
    first = min(surest, key=lambda piece: piece.interval.earliest)
    assert first.interval.earliest <= known.interval.earliest <= known.interval.latest <= first.interval.latest
    assert known.contradictions < len(pieces)


def test_a_clock_whose_day_was_inferred_gives_way_to_words_that_contradict_it() -> None:
    words, clock = said("relative", 0, 60, "2 uur geleden"), replace(said("clock", 200, 201, "15:30"), undated=True)
    for order in permutations([words, clock]):
        known = publication(order)
        assert known is not None
        assert (known.interval, known.source, known.contradictions) == (words.interval, "relative", 1)
    agreeing = replace(said("clock", 30, 31, "12:30"), undated=True)
    for order in permutations([words, agreeing]):
        known = publication(order)
        assert known is not None
        assert (known.source, known.raw) == ("clock", "12:30")
        assert known.interval == agreeing.interval.intersection(words.interval)


def test_words_that_a_clock_has_narrowed_can_still_come_anew() -> None:
    known = publication([said("relative", 0, 60), replace(said("clock", 30, 31), undated=True)])
    assert known is not None
    assert known.with_evidence(said("relative", 180, 240)).modified_at == START + timedelta(minutes=210)
