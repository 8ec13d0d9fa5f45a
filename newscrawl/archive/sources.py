"""Which files a path stands for."""

import os
from collections.abc import Iterator
from glob import escape, glob, has_magic
from pathlib import Path

WARCS = (".warc", ".warc.gz", ".wet", ".wet.gz")
WACZ = ".wacz"
PAGES = (".html", ".htm", ".txt")
_ENDINGS = (*WARCS, WACZ, *PAGES)
_READ = "what is read is .warc, .warc.gz, .warc.wet, .warc.wet.gz, .wet.gz, .wacz, .html, .htm and .txt"


class ArchiveError(ValueError):
    """A path that no stored page can be read from; one line."""


def find_sources(path: str) -> list[Path]:
    """Return the files that *path* stands for, sorted, each once.

    Other files in a folder, or that a glob fits, are passed by, and so are hidden ones.

    Args:
        path: a file, a folder with all that is below it, or a glob, in which ``**`` stands for folders below.
    Raises: ArchiveError.
    """
    if not path.strip():
        raise ArchiveError(f"a file, a folder or a glob is wanted, not {path!r}")
    start = Path(path).expanduser()
    if start.exists():
        found = list(_below(start)) if start.is_dir() else [start]
        if not start.is_dir() and not _fits(start):
            raise ArchiveError(f"{path} is no archive; {_READ}")
    elif has_magic(path):
        fitting = list(_fitting(start))
        if not fitting:
            raise ArchiveError(f"nothing fits {path}")
        found = [file for place in fitting for file in (_below(place) if place.is_dir() else (place,)) if _fits(file)]
    else:
        raise ArchiveError(f"there is no {path}")
    if not found:
        raise ArchiveError(f"there is no archive in {path}; {_READ}")
    for file in found:
        if not os.access(file, os.R_OK):
            raise ArchiveError(f"{file} may not be read")
    return sorted({file.resolve(): file for file in sorted(found, reverse=True)}.values())


def _fitting(pattern: Path) -> Iterator[Path]:
    """Return what fits a glob. Below ``**`` no link is followed: two that lead back would be followed for ever."""
    parts = pattern.parts
    if "**" not in parts:
        yield from map(Path, glob(str(pattern)))  # noqa: PTH207 - Path takes no absolute one
        return
    before, behind = Path(*parts[: parts.index("**")]), parts[parts.index("**") + 1 :]
    for start in glob(str(before)):  # noqa: PTH207
        if not behind:
            yield Path(start)
            continue
        for folder, folders, _ in os.walk(start, onerror=_refuse):
            folders[:] = [name for name in folders if not name.startswith(".")]
            yield from _fitting(Path(escape(folder), *behind))


def _below(folder: Path) -> Iterator[Path]:
    """Return the archives in *folder* and below it."""
    for place, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            file = Path(place, name)
            if not name.startswith(".") and _fits(file):
                yield file


def _fits(file: Path) -> bool:
    return file.name.casefold().endswith(_ENDINGS) and file.is_file()


def _refuse(error: OSError) -> None:
    raise ArchiveError(f"{error.filename} cannot be read: {error.strerror}") from error


def is_page(file: Path) -> bool:
    """Return whether a file is one page, and no archive of them."""
    return file.name.casefold().endswith(PAGES)
