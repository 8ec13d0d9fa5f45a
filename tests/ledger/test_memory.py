"""What one run knows: each piece of evidence counts once, and what is no page names no story."""

from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.items import Brief, Sighting
from newscrawl.ledger.identity import Names, id_of_headline, id_of_url
from newscrawl.ledger.memory import RunLedger, evidence_of
from newscrawl.timing.evidence import Evidence, Source
from newscrawl.timing.interval import Interval

NINE = datetime(2026, 2, 24, 9, tzinfo=UTC)
URL = "https://www.zeelandnet.nl/nieuws/brug-open"
TEXT = "De brug is weer open voor verkeer. Dat heeft de beheerder laten weten, na een dag van herstelwerk aan de motor."
HOUR = timedelta(hours=1)


def relative(earliest: datetime) -> Evidence:
    return Evidence("relative", Interval(earliest, earliest + HOUR, "hour"), "1 uur geleden")


def test_the_same_evidence_counts_once() -> None:
    ledger = RunLedger()
    claim = Evidence("feed", Interval(NINE, NINE, "second"), "Tue, 24 Feb 2026 09:00:00 GMT")
    ledger.learn("a", claim)
    for _ in range(3):
        assert ledger.learn("a", relative(NINE - 5 * HOUR)).contradictions == 1
        assert ledger.learn("a", claim).contradictions == 1
    assert ledger.learn("a", relative(NINE - 6 * HOUR)).contradictions == 2
    assert ledger.learn("b", relative(NINE - 5 * HOUR)).contradictions == 0, "each story has its own"
    known = ledger.publication("a")
    assert known is not None
    assert (known.source, known.interval) == ("feed", claim.interval)


def test_a_story_is_known_by_its_address_else_by_its_headline() -> None:
    ledger = RunLedger()
    story_id = ledger.identify(Brief(url=URL, headline="Brug weer open", place="LIMA", text=TEXT))
    assert ledger.known_as(Names.of(URL, None, "", None)) == story_id
    assert ledger.known_as(Names.of(None, None, "", "Brug weer  open.")) == story_id
    other = f"{URL}-2"
    assert ledger.known_as(Names.of(other, None, "", "Brug weer open")) == id_of_url(other), "an address is surer"


def test_what_is_looked_up_is_not_learnt() -> None:
    ledger = RunLedger()
    first = ledger.identify(Brief(place="LIMA", text=TEXT))
    assert ledger.known_as(Names.of(URL, None, "", None)) == id_of_url(URL)
    assert ledger.known_as(Names.of(None, None, "", "Brug")) == id_of_headline("Brug")
    # An address that no page has shown yet is still free to become that of the text.
    assert ledger.identify(Brief(url=URL, place="LIMA", text=TEXT)) == first


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


def test_what_is_cut_off_and_what_was_weighed_elsewhere_counts_once() -> None:
    ledger = RunLedger()
    known = ledger.learn("a", relative(NINE), until=NINE + HOUR / 2)
    assert known.interval.latest == NINE + HOUR / 2
    ledger.was_weighed("a", relative(NINE - 5 * HOUR))
    for evidence in (relative(NINE), relative(NINE - 5 * HOUR)):
        assert ledger.learn("a", evidence) == known
