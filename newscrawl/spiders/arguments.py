"""What can be given to a spider with ``-a NAME=VALUE``, and what each value may be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from newscrawl.archive.sources import ArchiveError, find_sources
from newscrawl.sites import SITES
from newscrawl.timing.calendar import YEARS

MAX_PAGES = 10_000
MAX_WORKERS = 64


class ArgumentError(ValueError):
    """A spider argument that is not known or not allowed; the message names it, its value and what is allowed."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: how its value is read, what it means, and what it is where it is not given."""

    read: Callable[[str], Any]
    meaning: str
    default: Any = None
    required: bool = False


def _site(value: str) -> str:
    if value not in SITES:
        raise ArgumentError(f"{' or '.join(SITES)} is wanted")
    return value


def _http_url(value: str) -> str:
    wanted = "an http or https address is wanted"
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ArgumentError(wanted) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0 or any(map(str.isspace, value)):
        raise ArgumentError(wanted)
    return value


def _count(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 5 and 1 <= int(value) <= MAX_PAGES):
        raise ArgumentError(f"a whole number from 1 to {MAX_PAGES} is wanted")
    return int(value)


def _moment(value: str) -> datetime:
    wanted = "a time in ISO 8601 with its offset is wanted, such as 2026-02-24T10:00:00+01:00"
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None or moment.year not in YEARS:
            raise ArgumentError(wanted)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ArgumentError(wanted) from None


def _workers(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 3 and 1 <= int(value) <= MAX_WORKERS):
        raise ArgumentError(f"a whole number from 1 to {MAX_WORKERS} is wanted")
    return int(value)


def _render(value: str) -> str:
    if value != "http":
        raise ArgumentError("http is wanted")
    return value


SECTION_ARGUMENTS: dict[str, Argument] = {
    "site": Argument(
        _site, "the site to read; `demo` ships with the package and is served by the crawl itself", "zeelandnet"
    ),
    "start_url": Argument(_http_url, "the index page to start from instead of the site's own"),
    "max_pages": Argument(
        _count, "index pages to walk at most; a page that holds nothing new ends the walk earlier", 5
    ),
    "crawled_at": Argument(_moment, "ISO 8601 with offset: the clock to read pages by, for replays"),
    "render": Argument(_render, "how pages are fetched: `http`", "http"),
}

ARCHIVE_ARGUMENTS: dict[str, Argument] = {
    "path": Argument(
        find_sources,
        "what to read: a `.warc`, `.warc.gz`, `.warc.wet.gz`, `.wacz`, `.html` or `.txt` file, a folder or a glob",
        required=True,
    ),
    "url": Argument(_http_url, "the address of a single `.html` or `.txt` file"),
    "crawled_at": Argument(
        _moment, "ISO 8601 with offset: the clock to read all pages by, instead of the date of each record"
    ),
    "workers": Argument(_workers, "processes that read pages; the output is the same for any number", 1),
}

# Scrapyd gives the id of the job this way.
FROM_SCRAPYD = "_job"


def read_arguments(given: Mapping[str, object], known: Mapping[str, Argument]) -> dict[str, Any]:
    """Return the value of every known argument: as given, else its default.

    Raises: ArgumentError, in one line that names argument, value and what is allowed.

    >>> read_arguments({"max_pages": "0"}, SECTION_ARGUMENTS)
    Traceback (most recent call last):
    newscrawl.spiders.arguments.ArgumentError: max_pages: a whole number from 1 to 10000 is wanted, not '0'
    """
    values = {name: argument.default for name, argument in known.items()}
    for name, argument in known.items():
        if argument.required and name not in given:
            raise ArgumentError(f"{name}: it has to be given, as {argument.meaning}")
    for name, value in given.items():
        if name == FROM_SCRAPYD:
            continue
        if name not in known:
            raise ArgumentError(f"{name}: no such argument (given as {value!r}); there are {', '.join(known)}")
        try:
            values[name] = known[name].read(str(value))  # a program may give a number as a number
        except ArgumentError as error:
            raise ArgumentError(f"{name}: {error}, not {value!r}") from None
        except ArchiveError as error:
            raise ArgumentError(f"{name}: {error}") from None
    return values
