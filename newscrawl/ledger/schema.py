"""The tables of a ledger, and how an older ledger becomes a newer one.

Keys are 64-bit hashes (see `newscrawl.ledger.identity`), moments are microseconds since 1970 in UTC. One database holds
any number of ledgers, one for each site and kind of run; nothing is shared between them.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    inspect,
    select,
)

metadata = MetaData()


def _table(name: str, *columns: Column[object] | UniqueConstraint | Index) -> Table:
    # SQLite stores such a table as its primary key: half the bytes, and one search instead of two.
    return Table(name, metadata, *columns, sqlite_with_rowid=False)


def _key(name: str) -> Column[object]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


schema_version = _table("newscrawl_schema", Column("version", Integer, primary_key=True, autoincrement=False))

ledgers = Table("ledgers", metadata, Column("id", Integer, primary_key=True), Column("name", Text, unique=True))
"""A number for each ledger's name."""

stories = _table(
    "stories",
    _key("ledger"),
    _key("id"),
    Column("address", BigInteger),  # key of the first address under which it was seen; null without any
    Column("first_shown", BigInteger, nullable=False),  # when the first page that shows it was made
    Column("last_shown", BigInteger, nullable=False),
    Column("sightings", Integer, nullable=False),
    Column("earliest", BigInteger),  # of its publication, as narrow as all evidence makes it
    Column("latest", BigInteger),
    Column("precision", SmallInteger),
    Column("source", SmallInteger),
    Column("weight", SmallInteger),
    Column("raw", Text),
    Column("anew_earliest", BigInteger),  # of the moment at which it was published anew, where it was
    Column("anew_latest", BigInteger),
)
"""What is known of each story. One that only "Net binnen" or a feed has shown has no lines yet."""

names = _table("names", _key("ledger"), _key("key"), Column("story", BigInteger, nullable=False))
"""Other keys by which a story is known; the key that is its id is not among them."""

lines = _table(
    "lines",
    _key("ledger"),
    _key("story"),
    Column("kind", SmallInteger, primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
    Column("run", Integer, nullable=False),  # that wrote the last one
    Column("substance", BigInteger, nullable=False),  # of the last one
    Column("in_index", BigInteger),  # substance of a brief as last seen on an index page, and in a sidebar
    Column("in_sidebar", BigInteger),
    Column("due", BigInteger),  # of an article: when it is to be looked at again; null for never
)
"""The last line written of each kind for each story."""

copies = _table(
    "copies",
    _key("ledger"),
    _key("story"),
    Column("kind", SmallInteger, primary_key=True, autoincrement=False),
    Column("shown", BigInteger, nullable=False),
    Column("copy", LargeBinary, nullable=False),
    Index("copies_by_age", "ledger", "shown"),
)
"""The last line of stories of the last days, packed: what near-duplicates and other forms are compared with."""

bands = _table("bands", _key("ledger"), _key("band"), _key("story"))
"""Keys that texts which are alike share, for the stories in `copies`."""

articles = _table(
    "articles",
    _key("ledger"),
    _key("address"),
    Column("url", Text, nullable=False),
    Column("spider", Text, nullable=False),  # that is to fetch it
    Column("announced", BigInteger, nullable=False),
    Column("attempts", SmallInteger, nullable=False),  # that failed
    Column("failed", BigInteger),  # when the last of them did
)
"""Articles that were announced and are not there yet."""

walks = _table(
    "walks",
    _key("ledger"),
    Column("spider", Text, primary_key=True),
    _key("start"),
    Column("depth", Integer, nullable=False),
)
"""How many index pages of a list, from the first, have been read to their end."""

runs = Table(
    "runs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("ledger", Integer, nullable=False),
    Column("spider", Text, nullable=False),
    Column("name", Text, nullable=False),  # of its files
    Column("started", BigInteger, nullable=False),
    Column("finished", BigInteger),  # null while it goes on, and for one that was killed until it is mended
    Column("verdict", Text),
    Column("stories_bytes", BigInteger, nullable=False),  # of its files, as far as they are committed
    Column("sightings_bytes", BigInteger, nullable=False),
    Column("progress", Text, nullable=False),  # JSON: fields of its report, as of the last commit
    Index("runs_by_spider", "ledger", "spider", "started"),
)

STEPS: Sequence[Callable[[Connection], None]] = ()
"""What makes a ledger of version N+2 out of one of version N+1; none of them is ever changed once it was released."""

VERSION = 1 + len(STEPS)


class NewerLedger(Exception):
    """A ledger that a later newscrawl has written; the message says so."""


def migrate(connection: Connection) -> None:
    """Bring a ledger up to date, in the transaction of *connection*. Raises: NewerLedger."""
    version = None
    if inspect(connection).has_table(schema_version.name):
        version = connection.execute(select(schema_version.c.version)).scalar_one()
    if version is None:
        metadata.create_all(connection)
        connection.execute(schema_version.insert().values(version=VERSION))
        return
    if version > VERSION:
        raise NewerLedger(f"it has version {version}, and this newscrawl knows {VERSION}: a later one is needed")
    for step in STEPS[version - 1 :]:
        step(connection)
    connection.execute(schema_version.update().values(version=VERSION))
