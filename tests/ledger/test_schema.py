"""Steps from one version of the schema to the next."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, select, text

from newscrawl.ledger import schema
from newscrawl.ledger.store import LedgerError, Store


def version(store: Store) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(schema.schema_version.c.version)).scalar_one())


def test_a_new_ledger_has_all_tables_and_this_version(ledger_url: str, tmp_path: Path) -> None:
    store = Store(ledger_url, tmp_path)
    with store.reading() as connection:
        assert set(inspect(connection).get_table_names()) == set(schema.metadata.tables)
    assert version(store) == schema.VERSION
    store.close()


def add_a_table(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE later (id INTEGER)"))


def fail(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE half (id INTEGER)"))
    connection.execute(text("DELETE FROM no_such_table"))


def test_an_older_ledger_is_brought_up_to_date_in_one_transaction(
    ledger_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(ledger_url, tmp_path).close()
    monkeypatch.setattr(schema, "VERSION", 3)
    monkeypatch.setattr(schema, "STEPS", [add_a_table, fail])
    with pytest.raises(LedgerError, match="no_such_table"):
        Store(ledger_url, tmp_path)
    monkeypatch.setattr(schema, "STEPS", [add_a_table, lambda _: None])
    for _ in range(2):
        store = Store(ledger_url, tmp_path)
        assert version(store) == 3
        with store.reading() as connection:
            tables = set(inspect(connection).get_table_names())
        assert "later" in tables, "what the failed attempt began was taken back, and done now"
        assert "half" not in tables
        store.close()
