"""Fixtures for tests of the ledger."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from desk import Desk
from postgres import Postgres

from newscrawl.ledger.store import Store

_LEDGERS = count(1)


@pytest.fixture(scope="session")
def database(postgres: Postgres) -> Iterator[Store]:
    """Return one PostgreSQL database that many tests share, each with a ledger of its own."""
    store = Store(postgres.database(), Path())
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """Return an empty ledger, in a store of each kind, in which a run has begun."""
    if request.param == "postgres":
        made = Desk(request.getfixturevalue("database"), f"test {next(_LEDGERS)}")
        yield made
        made.ledger.discard()
        return
    store = Store("", tmp_path)
    made = Desk(store)
    yield made
    made.ledger.discard()
    store.close()
