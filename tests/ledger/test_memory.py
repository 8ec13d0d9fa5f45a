"""What one run knows: each piece of evidence counts once, and what is no page names no story."""

from datetime import UTC, datetime, timedelta

from newscrawl.items import Brief
from newscrawl.ledger.identity import Names, id_of_headline, id_of_url
from newscrawl.ledger.memory import RunLedger
from newscrawl.timing.evidence import Evidence
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
