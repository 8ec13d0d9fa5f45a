"""What a walk asks of a ledger, and what the ledger forgets."""

from datetime import timedelta

import pytest
from desk import NINE, SITE, TEXT, URL, Desk, ids, line_of_net_binnen, shown
from sqlalchemy import func, select

from newscrawl.items import Article, Brief
from newscrawl.ledger import ledger as module
from newscrawl.ledger import schema
from newscrawl.ledger.identity import id_of_url
from newscrawl.ledger.runs import RunRecord, find_run

DAY = timedelta(days=1)
OTHER = f"{SITE}/nieuws/anders"


def known(desk: Desk, *briefs: object) -> set[str]:
    return desk.ledger.known([brief for brief in briefs if isinstance(brief, Brief)])


def test_briefs_are_known_that_any_run_has_written(desk: Desk) -> None:
    assert known(desk, *shown()) == set()
    desk.see(*shown())
    assert known(desk, *shown()) == {id_of_url(URL)}
    desk.run()
    assert known(desk, *shown(), *shown(url=OTHER, text="Iets anders.")) == {id_of_url(URL)}


def test_a_brief_whose_article_alone_was_written_is_not_known(desk: Desk) -> None:
    desk.see(*shown(Article), line_of_net_binnen(url=OTHER))
    assert known(desk, *shown(), *shown(url=OTHER)) == set()


def test_a_brief_is_known_by_its_pages_own_id_whatever_id_it_was_published_under(desk: Desk) -> None:
    desk.see(*shown(url=None))
    desk.see(*shown())
    assert known(desk, *shown()) == {id_of_url(URL)}
    assert known(desk, *shown(url=None)) == set(ids(*shown(url=None)))


def rows(desk: Desk, table: str) -> int:
    columns = schema.metadata.tables[table].c
    with desk.store.reading() as connection:
        number = desk.number
        return connection.execute(select(func.count()).where(columns.ledger == number)).scalar_one()


def test_copies_are_forgotten_that_nothing_will_be_compared_with(desk: Desk) -> None:
    desk.see(*shown(at=NINE - 4 * DAY))
    desk.see(*shown(url=OTHER, text=TEXT.replace("brug", "sluis"), at=NINE))
    before = rows(desk, "bands")
    desk.ledger.forget(NINE + 30 * DAY)
    assert (rows(desk, "copies"), rows(desk, "stories"), rows(desk, "lines")) == (1, 2, 2)
    assert 0 < rows(desk, "bands") < before
    desk.run()
    assert desk.see(*shown(at=NINE + DAY)) == ("known",), "that it was written is never forgotten"
    assert desk.see(*shown(url=f"{OTHER}-2", text=TEXT.replace("brug", "sluis"), at=NINE + DAY)) == ("known",)


def test_a_busy_ledger_keeps_the_newest_copies_only(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_COPIES", 3)
    for minute in range(6):
        desk.see(*shown(url=f"{OTHER}-{minute}", text=f"{TEXT} {minute}", at=NINE + minute * DAY / 1440))
        desk.run()
    desk.ledger.forget(NINE)
    assert rows(desk, "copies") == 3


def test_articles_are_forgotten_that_nobody_asks_for_any_more(desk: Desk) -> None:
    desk.see(announced=[URL])
    desk.ledger.forget(NINE + 7 * DAY)
    assert rows(desk, "articles") == 1
    desk.ledger.forget(NINE + 9 * DAY)
    assert rows(desk, "articles") == 0
    assert desk.ledger.articles([URL], NINE + 9 * DAY) == {URL: "unknown"}


def test_runs_are_remembered_the_newest_first(desk: Desk) -> None:
    runs = desk.ledger.runs
    for number, spider in enumerate(("anp_sport", "anp_voetbal"), 1):
        started = NINE + number * DAY
        run_id = f"{desk.name} {number}"
        runs.begin(RunRecord(id=run_id, spider=spider, name="n", started_at=started, progress={"counts": {}}))
        runs.finish(run_id, started + DAY, "ok", {"counts": {"pages": number}})
    assert [run.spider for run in runs.last(2)] == ["anp_voetbal", "anp_sport"]
    (run,) = runs.last(5, "anp_sport")
    assert (run.verdict, run.finished_at, run.progress) == ("ok", NINE + 2 * DAY, {"counts": {"pages": 1}})
    found = find_run(desk.store, f"{desk.name} 1")
    assert found == (desk.name, run)
    assert find_run(desk.store, "nobody's") is None
