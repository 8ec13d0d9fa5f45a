"""Several sources, one story: the surer wins, those that agree narrow, those that do not are counted."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

from newscrawl.timing.evidence import Evidence, Source, publication
from newscrawl.timing.interval import Interval

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
