"""The database: which one, what is wrong with it in one line, and never its password."""

import sqlite3
from contextlib import suppress
from pathlib import Path
from traceback import format_exception

import pytest
from desk import NINE, PAGE, URL, Desk, shown
from postgres import PASSWORD
from sqlalchemy import text

from newscrawl.ledger import schema
from newscrawl.ledger.ledger import Ledger
from newscrawl.ledger.store import FILE, LedgerError, Store

MARKER = "wachtwoord"


def refused(url: str, folder: Path) -> str:
    """Return why a store is refused; its password is in no part of the error."""
    with pytest.raises(LedgerError) as error:
        Store(url, folder)
    told = "".join(format_exception(error.value))
    assert PASSWORD not in told
    assert MARKER not in told
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_store_is_a_file_in_the_output_folder_which_need_not_be_there(tmp_path: Path) -> None:
    store = Store("", tmp_path / "new" / "output")
    file = tmp_path / "new" / "output" / FILE
    assert (store.name, store.is_shared, file.exists()) == (f"sqlite:///{file}", False, True)
    store.close()
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_a_file_elsewhere(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'elders.db'}", tmp_path / "output")
    store.close()
    assert (tmp_path / "elders.db").exists()
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mysql://reader:wachtwoord@host/news", "mysql://reader:***@host/news"),
        ("postgresql://reader:wachtwoord@host", "postgresql://reader:***@host"),
        ("sqlite://", "not sqlite://"),
        ("sqlite:///", "not sqlite"),
        ("reader:wachtwoord@host/news", "a text that is no address"),
        ("postgresql://reader:wachtwoord@host:poort/news", "a text that is no address"),
        ("nosuch://reader:wachtwoord@host/news", "nosuch://reader:***@host/news"),
        ("ledger.sqlite3", "a text that is no address"),
    ],
)
def test_an_address_of_no_use_is_told_without_its_password(tmp_path: Path, url: str, shown: str) -> None:
    told = refused(url, tmp_path)
    assert told.startswith("NEWSCRAWL_LEDGER: ")
    assert shown in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_postgresql_that_is_not_there(tmp_path: Path, scheme: str) -> None:
    told = refused(f"{scheme}://reader:{PASSWORD}@127.0.0.1:1/news", tmp_path)
    assert "reader:***@127.0.0.1:1/news" in told


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_a_password_among_the_options_is_not_told_either(tmp_path: Path, scheme: str) -> None:
    assert "127.0.0.1:1/news" in refused(f"{scheme}://reader@127.0.0.1:1/news?password={MARKER}", tmp_path)


@pytest.mark.parametrize("content", [b"\x07garbage" * 512, b"SQLite format 3\0" + b"\xff" * 4096, b"kort"])
def test_a_damaged_file_is_named_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert refused("", tmp_path).startswith(f"ledger sqlite:///{tmp_path / FILE}: ")
    assert (tmp_path / FILE).read_bytes() == content


def test_a_folder_where_the_file_should_be_and_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert str(tmp_path / FILE) in refused("", tmp_path)
    (tmp_path / "output").write_text("")
    assert str(tmp_path / "output") in refused("", tmp_path / "output")
    assert "/proc/newscrawl" in refused("", Path("/proc/newscrawl"))


def test_a_ledger_of_a_later_newscrawl_is_refused_and_left_as_it_is(ledger_url: str, tmp_path: Path) -> None:
    store = Store(ledger_url, tmp_path)
    with store.writing(0) as connection:
        connection.execute(schema.schema_version.update().values(version=schema.VERSION + 1))
    store.close()
    told = refused(ledger_url, tmp_path)
    assert f"it has version {schema.VERSION + 1}, and this newscrawl knows {schema.VERSION}" in told
    assert "later" in told


def test_a_transaction_that_fails_leaves_nothing_and_the_store_in_use(ledger_url: str, tmp_path: Path) -> None:
    store = Store(ledger_url, tmp_path)
    with pytest.raises(LedgerError), store.writing(0) as connection:
        connection.execute(schema.ledgers.insert().values([{"name": "half"}, {"name": "half"}]))
    with suppress(ZeroDivisionError), store.writing(0) as connection:
        connection.execute(schema.ledgers.insert().values(name="half"))
        raise ZeroDivisionError
    with pytest.raises(LedgerError, match="no_such_table"), store.writing(0) as connection:
        connection.execute(text("DELETE FROM no_such_table"))
    with store.reading() as connection:
        assert connection.execute(schema.ledgers.select()).all() == []
    one, other = store.number_of("one"), store.number_of("other")
    store.close()
    again = Store(ledger_url, tmp_path)
    assert [again.number_of(name) for name in ("one", "other")] == [one, other]
    assert one != other
    again.close()


def test_ledgers_in_one_store_know_nothing_of_each_other(ledger_url: str, tmp_path: Path) -> None:
    store = Store(ledger_url, tmp_path)
    one, other = Desk(store, "zeelandnet"), Desk(store, "zeelandnet, replayed")
    assert one.see(*shown(), announced=[URL], depth=3) == ("new",)
    assert other.ledger.articles([URL], NINE) == {URL: "unknown"}
    assert other.ledger.depth("anp_test", PAGE) == other.ledger.count_pending("anp_test", NINE) == 0
    assert other.see(*shown()) == ("new",)
    assert len(Ledger(store, "zeelandnet").runs.last(5)) == 1
    store.close()
