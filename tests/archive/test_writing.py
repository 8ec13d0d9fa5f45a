"""The WARC of a live crawl: read back by a library that did not write it, and whole whatever cut it off."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from newscrawl.archive.writing import Capture, WarcFile, finish_warc
from newscrawl.output import part_of

NOW = datetime(2026, 2, 24, 9, 0, 0, 123456, tzinfo=UTC)
HEADERS = [(b"Content-Type", b"text/html"), (b"Set-Cookie", b"a=1"), (b"Set-Cookie", b"b=2")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a WARC of three pages that is not finished."""
    path = tmp_path / "warc" / "anp_buitenland" / "run.warc.gz"
    file = WarcFile(path, "anp_buitenland", NOW)
    for number in range(3):
        file.add(Capture(f"https://example.org/{number}", NOW, 200, HEADERS, b"page %d\r\n\r\n" % number * 400))
    file.close()
    return path


def pages(path: Path) -> Iterator[tuple[str, str, bytes]]:
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            if record.rec_type == "response":
                headers = record.rec_headers
                yield (
                    headers.get_header("WARC-Target-URI"),
                    headers.get_header("WARC-Date"),
                    record.content_stream().read(),
                )


def test_another_library_reads_what_was_kept(path: Path) -> None:
    finish_warc(path)
    assert list(pages(path)) == [
        (f"https://example.org/{number}", "2026-02-24T09:00:00.123456Z", b"page %d\r\n\r\n" % number * 400)
        for number in range(3)
    ]
    with path.open("rb") as file:
        info, first, *_ = ArchiveIterator(file)
        assert info.rec_type == "warcinfo"
        assert first.rec_headers.get_header("WARC-Warcinfo-ID") == info.rec_headers.get_header("WARC-Record-ID")
        assert first.http_headers.statusline == "200 OK"
        assert [value for name, value in first.http_headers.headers if name == "Set-Cookie"] == ["a=1", "b=2"]


def test_it_is_valid_to_a_checker(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    finish_warc(path)
    checker = Checker(type("Command", (), {"inputs": [str(path)], "verbose": True})())
    checker.process_all()
    assert checker.exit_value == 0, capsys.readouterr().out


def test_cut_anywhere_it_is_finished_with_the_records_that_are_whole(path: Path) -> None:
    whole = part_of(path).read_bytes()
    counts = []
    for length in (*range(0, len(whole), 7), len(whole)):
        part_of(path).write_bytes(whole[:length])
        finish_warc(path)
        assert not part_of(path).exists()
        counts.append(len(list(pages(path))) if path.exists() else 0)
        path.unlink(missing_ok=True)
    assert counts == sorted(counts)
    assert set(counts) == {0, 1, 2, 3}


def test_rubbish_behind_the_last_record_is_cut_off(path: Path) -> None:
    with part_of(path).open("ab") as file:
        file.write(b"\0" * 5000)
    finish_warc(path)
    assert len(list(pages(path))) == 3


def test_one_that_is_finished_already_is_left_alone(path: Path) -> None:
    finish_warc(path)
    before = path.read_bytes()
    finish_warc(path)
    assert path.read_bytes() == before


def test_what_could_not_be_written_is_taken_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = path.with_name("full.warc.gz")
    file = WarcFile(path, "anp_buitenland", NOW)
    file.add(Capture("https://example.org/0", NOW, 200, HEADERS, b"first"))
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:10]))
    with pytest.raises(OSError, match="only 10 of"):
        file.add(Capture("https://example.org/1", NOW, 200, HEADERS, b"second"))
    monkeypatch.undo()
    file.close()
    finish_warc(path)
    assert [url for url, _, _ in pages(path)] == ["https://example.org/0"]
