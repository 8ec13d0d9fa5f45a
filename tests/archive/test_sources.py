"""Files that a path stands for."""

import os
from pathlib import Path

import pytest

from newscrawl.archive.sources import ArchiveError, find_sources

NAMES = ("a.warc", "b.WARC.GZ", "c.warc.wet", "d.warc.wet.gz", "e.wet.gz", "f.wacz", "g.html", "h.HTM", "i.txt")
OTHERS = ("notes.md", "x.arc.gz", "y.warc.gz.part", "z.gz", "._a.warc", ".hidden.html")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (*NAMES, *OTHERS):
        (tmp_path / name).touch()
    below = tmp_path / "jaar" / "maand"
    below.mkdir(parents=True)
    (below / "a.warc.gz").touch()
    (tmp_path / ".oud").mkdir()
    (tmp_path / ".oud" / "a.warc").touch()
    return tmp_path


def test_a_folder_is_all_that_is_below_it(folder: Path) -> None:
    assert find_sources(str(folder)) == sorted([*(folder / name for name in NAMES), folder / "jaar/maand/a.warc.gz"])


def test_a_file_is_itself(folder: Path) -> None:
    assert find_sources(str(folder / "b.WARC.GZ")) == [folder / "b.WARC.GZ"]


def test_a_glob_is_what_fits_it(folder: Path) -> None:
    assert find_sources(str(folder / "**" / "*.warc*")) == sorted(
        [folder / "a.warc", folder / "c.warc.wet", folder / "d.warc.wet.gz", folder / "jaar/maand/a.warc.gz"]
    )
    assert find_sources(str(folder / "j*")) == [folder / "jaar/maand/a.warc.gz"]


def test_a_glob_follows_no_links_to_folders_below_it(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elders")
    (elsewhere / "z.warc").touch()
    (folder / "hier").symlink_to(folder)
    (folder / "elders").symlink_to(elsewhere)
    assert find_sources(str(folder / "**" / "*.warc")) == [folder / "a.warc"]
    assert find_sources(str(folder / "**" / "maand" / "**" / "*.gz")) == [folder / "jaar/maand/a.warc.gz"]
    assert find_sources(str(folder / "**")) == find_sources(str(folder))
    assert find_sources(str(folder / "e*" / "*.warc")) == [folder / "elders" / "z.warc"]


def test_a_file_whose_name_looks_like_a_glob_is_itself(tmp_path: Path) -> None:
    (tmp_path / "a[1].html").touch()
    assert find_sources(str(tmp_path / "a[1].html")) == [tmp_path / "a[1].html"]


def test_each_file_comes_once(tmp_path: Path) -> None:
    (tmp_path / "a.html").touch()
    (tmp_path / "b.html").symlink_to(tmp_path / "a.html")
    assert find_sources(str(tmp_path)) == [tmp_path / "a.html"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", "is wanted"),
        ("weg.warc", "there is no"),
        ("weg*.warc", "nothing fits"),
        ("x.arc.gz", "what is read is .warc, "),
        ("leeg", "there is no archive in"),
        ("*.md", "there is no archive in"),
    ],
)
def test_what_is_nothing_is_told(folder: Path, path: str, said: str) -> None:
    (folder / "leeg").mkdir()
    with pytest.raises(ArchiveError, match=said) as caught:
        find_sources(str(folder / path) if path else "")
    assert "\n" not in str(caught.value)
    assert path in str(caught.value)


def test_what_may_not_be_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Who runs the tests may read all; the answer of the system is the one thing that can be changed.
    monkeypatch.setattr(os, "access", lambda path, _: Path(path).name != "g.html")
    with pytest.raises(ArchiveError, match=r"g\.html may not be read"):
        find_sources(str(folder))
