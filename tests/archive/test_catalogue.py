"""Archives as others write them: what is listed, what is passed by, and what is read."""

import gzip
import os
import pickle
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest
from backports import zstd
from fastwarc import ArchiveIterator
from stored import HTML, SITE, Archive, by_hand, damaged, in_one, listed, page, passed, stored, zipped

from newscrawl.archive.captures import Captures
from newscrawl.archive.catalogue import read, scan
from newscrawl.archive.records import Damaged, DamagedRecord, Listed, Record

NINE = datetime(2026, 2, 24, 9, tzinfo=UTC)


def plain(path: Path) -> Path:
    return stored(path / "a.warc", Archive(gzipped=False).pages(5).data)


def by_record(path: Path) -> Path:
    return stored(path / "a.warc.gz", Archive().pages(5).data)


def as_one(path: Path) -> Path:
    return stored(path / "a.warc.gz", in_one(Archive(gzipped=False).pages(5).data))


def in_blocks(path: Path) -> Path:
    data = Archive(gzipped=False).pages(5).data
    return stored(path / "a.warc.gz", b"".join(in_one(data[at : at + 300]) for at in range(0, len(data), 300)))


def in_pairs(path: Path) -> Path:
    pieces = Archive(gzipped=False).pages(5).pieces
    return stored(path / "a.warc.gz", b"".join(in_one(b"".join(pieces[at : at + 2])) for at in (0, 2, 4)))


def with_bare_lines(path: Path) -> Path:
    return stored(path / "a.warc", Archive(gzipped=False).pages(5).data.replace(b"\r\n\r\nWARC/", b"WARC/"))


def in_zip(path: Path) -> Path:
    return zipped(path / "a.wacz", {"archive/data.warc.gz": Archive().pages(5).data, "pages/pages.jsonl": b"{}"})


def in_deflated_zip(path: Path) -> Path:
    return zipped(path / "a.wacz", {"archive/data.warc": Archive(gzipped=False).pages(5).data}, deflated=True)


WAYS = [plain, by_record, as_one, in_blocks, in_pairs, with_bare_lines, in_zip, in_deflated_zip]


@pytest.mark.parametrize("write", WAYS)
def test_all_pages_are_listed_and_read(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    source = write(tmp_path)
    found = list(scan(source))
    assert all(isinstance(one, Listed) for one in found)
    for number, one in enumerate(listed(source)):
        record = read(one.place)
        assert (record.body, record.url) == (page(number), f"{SITE}/nieuws/{number}")
        assert record.captured_at == one.captured_at == NINE + timedelta(minutes=number)
        assert (record.content_type, record.status, record.kind, record.truncated) == (HTML, 200, "response", False)
    assert len(found) == 5


@pytest.mark.parametrize("write", WAYS)
def test_places_are_read_in_any_order_and_by_others(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    places = pickle.loads(pickle.dumps([one.place for one in listed(write(tmp_path))]))  # noqa: S301 - made here
    for number in (3, 0, 4, 4, 1):
        assert read(places[number]).body == page(number)


@pytest.mark.parametrize("write", [plain, by_record, in_zip, in_deflated_zip])
def test_what_is_sound_is_left_to_fastwarc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], Path]
) -> None:
    monkeypatch.delattr("newscrawl.archive.framing.read_head")
    assert len(listed(write(tmp_path))) == 5


def test_a_long_stream_is_gone_back_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newscrawl.archive.streams._APART", 1 << 20)
    padding = bytes(1 << 18)
    archive = Archive(gzipped=False)
    for number in range(40):
        archive.response(page(number))
        archive.other("resource", padding, "image/png")
    places = [one.place for one in listed(stored(tmp_path / "a.warc.gz", in_one(archive.data)))]
    for number in (39, 35, 38, 2, 36):
        assert read(places[number]).body == page(number)


def test_another_reader_finds_the_same(tmp_path: Path) -> None:
    source = stored(tmp_path / "a.warc.gz", Archive().pages(5).data)
    with source.open("rb") as file:
        theirs = [(record.stream_pos, record.reader.read()) for record in ArchiveIterator(file)]
    assert [(one.place.offset, read(one.place).body) for one in listed(source)] == theirs


def test_runs_are_told_apart(tmp_path: Path) -> None:
    archive = Archive()
    first = archive.info()
    archive.pages(2)
    second = archive.info()
    archive.pages(1)
    archive.response(page(9), about={"WARC-Warcinfo-ID": "<urn:uuid:9>"})
    runs = [one.run for one in listed(stored(tmp_path / "a.warc.gz", archive.data))]
    assert runs == [first, first, second, "<urn:uuid:9>"]


def test_a_moment_that_cannot_be_true_is_none_unless_a_clock_is_given(tmp_path: Path) -> None:
    archive = Archive()
    for moment in ("1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        archive.response(page(1), about={"WARC-Date": moment})
    (tmp_path / "a.html").write_bytes(page(1))
    os.utime(tmp_path / "a.html", (0, 0))
    for source, count in ((stored(tmp_path / "a.warc.gz", archive.data), 3), (tmp_path / "a.html", 1)):
        assert len(damaged(source)) == count
        found = [one for one in scan(source, clock=NINE) if isinstance(one, Listed)]
        assert [read(one.place, NINE).captured_at for one in found] == [NINE] * count


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    captures = Captures([tmp_path / "a.warc.gz", tmp_path / "b.html"])
    captures.find()
    assert [one.reason for one in captures.damaged] == ["it cannot be read: No such file or directory"] * 2


@pytest.mark.parametrize(("status", "count"), [("203 Non-Authoritative Information", 1), ("206 Partial Content", 0)])
def test_whatever_succeeded_may_be_a_page_but_for_a_part_of_one(tmp_path: Path, status: str, count: int) -> None:
    archive = Archive()
    archive.response(page(1), status=status)
    assert len(listed(stored(tmp_path / "a.warc.gz", archive.data))) == count


def test_what_is_no_page_is_passed_by_and_said(tmp_path: Path) -> None:
    archive = Archive()
    archive.info()
    archive.response(b"x", headers=[("Content-Type", "image/png")])
    archive.response(b"x", status="404 Not Found")
    archive.response(b"", status="304 Not Modified")
    archive.response(b"x", url=f"{SITE}/robots.txt?a", headers=[("Content-Type", "text/plain")])
    archive.other("request", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request")
    archive.other("metadata", b"a: b", "application/warc-fields")
    archive.other("resource", b"body {}", "text/css")
    archive.other("resource", b"wget", "text/plain", url="metadata://gnu.org/wget.log")
    archive.other("response", b"20260224", "text/dns", url="dns:www.voorbeeld.nl")
    source = stored(
        tmp_path / "a.warc.gz", archive.data + in_one(by_hand(b"HTTP/1.1 200 OK\r\n\r\n", WARC_Type="revisit"))
    )
    assert passed(source) == [
        "image/png", "status 404", "status 304", "robots.txt", "text/css", "metadata", "dns", "revisit"
    ]  # fmt: skip
    assert len(list(scan(source))) == 8


def test_records_without_http_are_read(tmp_path: Path) -> None:
    archive = Archive()
    archive.other("resource", page(1), "text/html", url="urn:pagina:1")
    archive.other("conversion", "Café is dicht".encode(), "text/plain")
    one, two = (read(one.place) for one in listed(stored(tmp_path / "a.warc.wet.gz", archive.data)))
    assert (one.url, one.kind, one.content_type, one.body, dict(one.headers)) == (
        None, "resource", "text/html", page(1), {}
    )  # fmt: skip
    assert (two.url, two.kind, two.content_type) == (SITE, "conversion", "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-02-24T09:00:00.123456Z", NINE.replace(microsecond=123456)),
        ("2026-02-24T09:00:00.123456789Z", NINE.replace(microsecond=123456)),
        ("2026-02-24T09:00:00", NINE),
        ("2026-02-24T10:00:00+01:00", NINE),
        ("", None),
        ("2026-02-24", None),
        ("gisteren", None),
        ("2026-02-30T09:00:00Z", None),
        ("0001-01-01T00:00:00+23:00", None),
    ],
)
def test_the_date_is_the_records_own(tmp_path: Path, written: str, moment: datetime | None) -> None:
    data = by_hand(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page(1), WARC_Date=written)
    source = stored(tmp_path / "a.warc", data + by_hand(b"HTTP/1.1 200 OK\r\n\r\n"))
    found = next(scan(source))
    if moment is None:
        assert isinstance(found, Damaged)
        assert "it has no date" in found.reason
    else:
        assert isinstance(found, Listed)
        assert found.captured_at == read(found.place).captured_at == moment
        assert found.captured_at.utcoffset() == timedelta()
    assert len(list(scan(source))) == 2


def test_addresses_of_old_tools_are_bare(tmp_path: Path) -> None:
    data = by_hand(b"HTTP/1.1 200 OK\r\n\r\n", WARC_Target_URI=f"<{SITE}/a>")
    data += by_hand(b"HTTP/1.1 200 OK\r\n\r\n", WARC_Target_URI="http://[stuk")
    data += by_hand(b"HTTP/1.1 200 OK\r\n\r\n", WARC_Target_URI="")
    assert [one.url for one in listed(stored(tmp_path / "a.warc", data))] == [f"{SITE}/a", None, None]


def read_http(path: Path, block: bytes, **fields: str) -> Record:
    (one,) = listed(stored(path / "a.warc", by_hand(block, **fields)))
    return read(one.place)


@pytest.mark.parametrize(
    ("head", "headers", "kind"),
    [
        (b"HTTP/1.1 200 OK\r\ndate: x\r\nDATE: y\r\nAge:3\r\n\r\n", {"Date": "y", "Age": "3"}, "text/html"),
        (b"HTTP/1.1 200\r\nzonder teken\r\nX-A: b\r\n  c\r\n\r\n", {"X-A": "b\r\n  c"}, "text/html"),
        (b"HTTP/2 200\ncontent-type: text/plain\n\n", {"Content-Type": "text/plain"}, "text/plain"),
        (b"HTTP/1.0 200 OK\r\nX: caf\xe9\r\n\r\n", {"X": "café"}, "text/html"),
        (b"", {}, "text/html"),
    ],
)
def test_heads_of_http_are_read_as_far_as_they_go(
    tmp_path: Path, head: bytes, headers: dict[str, str], kind: str
) -> None:
    record = read_http(tmp_path, head + page(1))
    assert ({name: " ".join(value.split()) for name, value in record.headers.items()}, record.content_type) == (
        {name: " ".join(value.split()) for name, value in headers.items()},
        kind,
    )
    assert record.body == page(1)


def test_a_head_of_http_without_an_end_is_told(tmp_path: Path) -> None:
    with pytest.raises(DamagedRecord, match="its HTTP head has no end"):
        read_http(tmp_path, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")


def chunked(body: bytes) -> bytes:
    parts = [body[at : at + 100] for at in range(0, len(body), 100)]
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def raw_deflate(body: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(body) + deflater.flush()


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("transfer", [False, True])
def test_codings_are_undone(tmp_path: Path, coding: str, *, transfer: bool) -> None:
    body = CODINGS[coding](page(1, 400))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n" + "Transfer-Encoding: chunked\r\n" * transfer + "\r\n"
    assert read_http(tmp_path, head.encode() + (chunked(body) if transfer else body)).body == page(1, 400)


@pytest.mark.parametrize("coding", [*CODINGS, "compress"])
def test_what_is_plain_already_is_taken_as_it_is(tmp_path: Path, coding: str) -> None:
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nTransfer-Encoding: chunked\r\nContent-Length: 9999\r\n\r\n"
    )
    assert read_http(tmp_path, head.encode() + page(1)).body == page(1)


@pytest.mark.parametrize("coding", CODINGS)
def test_cut_content_is_told_unless_the_archive_says_so(tmp_path: Path, coding: str) -> None:
    block = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n".encode() + CODINGS[coding](page(1, 4000))[:-400]
    with pytest.raises(DamagedRecord, match="cut off"):
        read_http(tmp_path, block)
    record = read_http(tmp_path, block, WARC_Truncated="length")
    assert record.truncated
    assert page(1, 4000).startswith(record.body)


@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, coding: str) -> None:
    monkeypatch.setattr("newscrawl.archive.payloads.MOST", 1 << 20)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n".encode()
    assert read_http(tmp_path, head + CODINGS[coding](bytes(1 << 20))).body == bytes(1 << 20)
    with pytest.raises(DamagedRecord, match="unfolds to more than 1 MB"):
        read_http(tmp_path, head + CODINGS[coding](bytes((1 << 20) + 1)))


@pytest.mark.parametrize(
    ("head", "body", "said"),
    [
        ("Transfer-Encoding: chunked", chunked(page(1))[:-40], "its last chunk is cut off"),
        ("Transfer-Encoding: chunked", chunked(page(1))[:-5], "its last chunk is not there"),
        ("Transfer-Encoding: chunked", b"2\r\nabczz\r\n", "no chunk begins at its byte 5"),
        ("Content-Length: 9999", page(1), "it is cut off: "),
        ("Content-Encoding: gzip", gzip.compress(page(1))[:40] + bytes(100), "its content is damaged"),
        ("Content-Encoding: br", bytes(range(256)), "its content is damaged"),
        ("Content-Encoding: exi", bytes(9), "its coding 'exi' is not known"),
    ],
)
def test_damaged_content_is_told(tmp_path: Path, head: str, body: bytes, said: str) -> None:
    with pytest.raises(DamagedRecord, match=said) as caught:
        read_http(tmp_path, f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + body)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - made here


@pytest.mark.parametrize(("name", "kind"), [("a.html", "text/html"), ("b.HTM", "text/html"), ("c.txt", "text/plain")])
@pytest.mark.parametrize("body", [b"", page(1)])
def test_a_file_is_one_page(tmp_path: Path, name: str, kind: str, body: bytes) -> None:
    source = stored(tmp_path / name, body)
    os.utime(source, ns=(0, int(NINE.timestamp()) * 10**9 + 250_000_000))
    (one,) = listed(source)
    assert one.captured_at == NINE.replace(microsecond=250_000)
    assert read(one.place) == Record(one.place, None, one.captured_at, body, kind, {}, 200, "file")


def test_a_zip_is_read_where_it_lies(tmp_path: Path) -> None:
    pages = Archive().pages(3)
    names = {
        "archive/b.warc.gz": pages.data,
        "archive/../../a.WARC.GZ": pages.data,
        "elders/c.warc.gz": pages.data,
        "archive/readme.txt": b"x",
    }
    source = zipped(tmp_path / "a.wacz", names)
    found = listed(source)
    assert [one.place.member for one in found] == ["archive/../../a.WARC.GZ"] * 3 + ["archive/b.warc.gz"] * 3
    assert [one.place.offset for one in found] == pages.begins * 2
    assert [read(one.place).body for one in found] == [page(number) for number in (0, 1, 2)] * 2
    assert [path.name for path in tmp_path.iterdir()] == ["a.wacz"]


def test_bytes_that_were_read_are_told(tmp_path: Path) -> None:
    for write in WAYS[:3]:
        told: list[int] = []
        source = write(tmp_path)
        list(scan(source, told.append))
        assert sum(told) == source.stat().st_size


def test_what_is_not_there_any_more_is_told(tmp_path: Path) -> None:
    source = stored(tmp_path / "a.html", page(1))
    (one,) = listed(source)
    source.unlink()
    with pytest.raises(DamagedRecord, match="it cannot be read"):
        read(one.place)
    assert [one.reason for one in damaged(tmp_path / "weg.warc")] == ["it cannot be read: No such file or directory"]
