"""The database of a ledger: SQLite in the output folder, or PostgreSQL for several machines."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError as BadUrl
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from newscrawl.ledger import schema

FILE = "ledger.sqlite3"
WAIT = 60  # seconds for another run's transaction; each takes milliseconds
_MODE = "newscrawl_mode"  # of a transaction of SQLite that writes
_NORMAL, _FULL = "NORMAL", "FULL"
_LOCK = 0x6E657773  # of PostgreSQL's advisory locks, together with a ledger's number


class LedgerError(Exception):
    """A ledger that cannot be opened, read or written; the message names it, without its password, and says why."""

    @property
    def is_damaged(self) -> bool:
        """Whether what is there is no SQLite file, or not a whole one."""
        return any(word in str(self) for word in ("malformed", "not a database"))


class Store:
    """A database with any number of ledgers, and the only place that knows which kind of database it is."""

    def __init__(self, url: str, folder: Path) -> None:
        """Open the database at *url*; the SQLite file in *folder* where that is empty. Raises: LedgerError."""
        self.url = _url(url, folder)
        self.name = _named(self.url)
        """Its address, without password and options."""
        self.is_shared = self.url.get_backend_name() == "postgresql"
        """Whether runs on several machines may write to it."""
        try:
            self._engine = _postgresql(self.url) if self.is_shared else _sqlite(self.url)
            self._connection = self._engine.connect()
        except (SQLAlchemyError, OSError, ImportError) as error:
            raise self._failure(error) from error
        try:
            with self.writing(0) as connection:
                schema.migrate(connection)
        except schema.NewerLedger as error:
            self.close()
            raise self._failure(error) from error
        except LedgerError:
            self.close()
            raise

    @staticmethod
    def is_there(url: str, folder: Path) -> bool:
        """Return whether `Store` would find a database, without making one; True also where only it can tell why not.

        Raises: LedgerError for an address that is none.
        """
        made = _url(url, folder)
        if made.get_backend_name() == "sqlite":
            return Path(made.database or "").exists()
        engine = _postgresql(made)
        try:
            return inspect(engine).has_table(schema.schema_version.name)
        except SQLAlchemyError:
            return True
        finally:
            engine.dispose()

    def close(self) -> None:
        """Close the database; it stays as it was last committed."""
        try:
            self._connection.close()
        except SQLAlchemyError:
            self._connection.invalidate()
        self._engine.dispose()

    def number_of(self, name: str) -> int:
        """Return the number of the ledger called *name*, which there is from now on."""
        with self.writing(0) as connection:
            found = connection.execute(select(schema.ledgers.c.id).where(schema.ledgers.c.name == name)).scalar()
            if found is None:
                insert = schema.ledgers.insert().values(name=name).returning(schema.ledgers.c.id)
                found = connection.execute(insert).scalar_one()
        return int(found)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give what was last committed, by whomever. Raises: LedgerError."""
        try:
            with self._connection.begin():
                yield self._connection
        except SQLAlchemyError as error:
            raise self._failure(error) from error

    @contextmanager
    def writing(self, ledger: int, *, durable: bool = False) -> Iterator[Connection]:
        """Give a transaction in which nobody else writes to the ledger with that number; committed at its end.

        Args:
            ledger: its number; 0 for the list of ledgers.
            durable: whether it has to outlive a loss of power, together with all that was committed before.
        Raises: LedgerError.
        """
        # A commit that a loss of power takes back is no harm while files are open: they are cut back to what is left.
        mode = _FULL if durable else _NORMAL
        connection = self._connection
        try:
            connection.execution_options(**{_MODE: mode})
            with connection.begin():
                if self.is_shared:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:a, :b)"), {"a": _LOCK, "b": ledger})
                yield connection
        except SQLAlchemyError as error:
            raise self._failure(error) from error
        finally:
            connection.execution_options(**{_MODE: None})

    def _failure(self, error: Exception) -> LedgerError:
        cause = getattr(error, "orig", None) or error
        return LedgerError(f"ledger {self.name}: {' '.join(str(cause).split())}")


def _url(url: str, folder: Path) -> URL:
    if not url:
        return URL.create("sqlite", database=str(folder / FILE))
    wanted = "NEWSCRAWL_LEDGER: postgresql://USER:PASSWORD@HOST/DATABASE or sqlite:///FILE is wanted"
    try:
        made = make_url(url)
        backend = made.get_backend_name()
    except (BadUrl, NoSuchModuleError, ValueError):
        raise LedgerError(f"{wanted}, not a text that is no address") from None  # it may hold a password
    if backend not in ("postgresql", "sqlite") or not made.database:
        raise LedgerError(f"{wanted}, not {_named(made)}")
    return made.set(drivername="postgresql+psycopg") if backend == "postgresql" else made


def _named(url: URL) -> str:
    return url.set(query={}).render_as_string(hide_password=True)  # there may be a password among the options too


def _sqlite(url: URL) -> Engine:
    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    # One connection for the run: a second one could only wait for it.
    engine = create_engine(url, poolclass=StaticPool, connect_args={"timeout": WAIT, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver would begin transactions by itself, and too late
        connection.execute("PRAGMA journal_mode=WAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get(_MODE)
        if mode:
            connection.exec_driver_sql(f"PRAGMA synchronous={mode}")
        # A transaction that reads first and writes later could find that somebody wrote in between.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if mode else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    options = f"-c lock_timeout={WAIT}s -c idle_in_transaction_session_timeout={WAIT}s"
    return create_engine(
        url, connect_args={"options": options, "application_name": "newscrawl", "connect_timeout": WAIT}
    )
