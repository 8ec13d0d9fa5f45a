"""Archives that were cut, overwritten or written wrong: each place is told once, and the rest is read."""

from collections.abc import Callable
from contextlib import suppress
from hashlib import shake_256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from stored import Archive, by_hand, damaged, in_one, listed, page, passed, stored, zipped

from newscrawl.archive.catalogue import read, scan
from newscrawl.archive.records import Damaged, DamagedRecord, Listed

COUNT = 6
PLAIN = Archive(gzipped=False).pages(COUNT)
GZIP = Archive().pages(COUNT)
ONE = in_one(PLAIN.data)
RANDOM = shake_256(b"7").digest(90)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def left(source: Path) -> list[int]:
    """Return the numbers of the pages that are read; each must be whole."""
    bodies = {page(number): number for number in range(COUNT)}
    return [bodies[read(one.place).body] for one in listed(source)]


def over(data: bytes, begin: int, by: bytes) -> bytes:
    return data[:begin] + by + data[begin + len(by) :]


def with_length(number: int, change: int) -> list[bytes]:
    """Return the plain records, one of them with another Content-Length."""
    pieces = list(PLAIN.pieces)
    head, _, block = pieces[number].partition(b"\r\n\r\n")
    size = len(block) - 4
    pieces[number] = head.replace(b"Content-Length: %d" % size, b"Content-Length: %d" % (size + change))
    pieces[number] += b"\r\n\r\n" + block
    assert pieces != PLAIN.pieces
    return pieces


def without(number: int) -> list[int]:
    return [other for other in range(COUNT) if other != number]


@pytest.mark.parametrize("garbage", [bytes(90), RANDOM, b"\x1f\x8b\x08" * 30, b"\nWARC/1.0\r\n" * 8])
@pytest.mark.parametrize("offset", [0, 5, 60, 300, -45])
def test_an_overwritten_range_costs_the_records_it_lies_in(tmp_path: Path, garbage: bytes, offset: int) -> None:
    begin = GZIP.begins[2] + offset
    source = stored(tmp_path / "a.warc.gz", over(GZIP.data, begin, garbage))
    assert left(source) == ([0, 3, 4, 5] if offset < 0 else without(2))
    (one,) = damaged(source)
    assert one.place.offset == GZIP.begins[1 if offset < 0 else 2]
    assert str(one).startswith(f"{source} at byte {one.place.offset}: ")


@pytest.mark.parametrize("garbage", [bytes(90), RANDOM])
@pytest.mark.parametrize("offset", [0, 60, -45])
def test_an_overwritten_range_of_a_plain_file(tmp_path: Path, garbage: bytes, offset: int) -> None:
    source = stored(tmp_path / "a.warc", over(PLAIN.data, PLAIN.begins[2] + offset, garbage))
    assert left(source) == ([0, 3, 4, 5] if offset < 0 else without(2))
    (one,) = damaged(source)
    assert one.place.offset == PLAIN.begins[1 if offset < 0 else 2]


@pytest.mark.parametrize("garbage", [b"X", b"X\r\n", b"X\nWARC/1.0\r\n", b"\x1f\x8b\x08"])
@pytest.mark.parametrize("ending", [".warc", ".warc.gz"])
def test_much_garbage_is_one_place(tmp_path: Path, garbage: bytes, ending: str) -> None:
    archive = PLAIN if ending == ".warc" else GZIP
    head, tail = b"".join(archive.pieces[:3]), b"".join(archive.pieces[3:])
    source = stored(tmp_path / f"a{ending}", head + garbage * 20_000 + b"\n" + tail)
    assert left(source) == list(range(COUNT))
    assert [one.place.offset for one in damaged(source)] == [len(head)]


def test_content_that_was_overwritten_is_told_when_it_is_read(tmp_path: Path) -> None:
    source = stored(tmp_path / "a.warc", over(PLAIN.data, PLAIN.begins[3] - 100, bytes(50)))
    assert not damaged(source)
    with pytest.raises(DamagedRecord, match="does not fit its digest") as caught:
        left(source)
    assert caught.value.damaged.place.offset == PLAIN.begins[2]


def test_one_digest_that_fits_is_enough(tmp_path: Path) -> None:
    digest = next(line for line in PLAIN.pieces[0].split(b"\r\n") if line.startswith(b"WARC-Block-Digest"))
    source = stored(tmp_path / "a.warc", PLAIN.data.replace(digest, digest[:-4] + b"AAAA"))
    assert left(source) == list(range(COUNT))


@pytest.mark.parametrize("bit", range(8))
def test_a_flipped_bit(tmp_path: Path, bit: int) -> None:
    begin = GZIP.begins[2] + 200
    source = stored(tmp_path / "a.warc.gz", over(GZIP.data, begin, bytes([GZIP.data[begin] ^ 1 << bit])))
    assert left(source) == without(2)
    assert [one.place.offset for one in damaged(source)] == [GZIP.begins[2]]


def test_a_wrong_checksum(tmp_path: Path) -> None:
    source = stored(tmp_path / "a.warc.gz", over(GZIP.data, GZIP.begins[3] - 8, b"abcd"))
    assert left(source) == without(2)
    assert [one.reason for one in damaged(source)] == ["its checksum does not fit"]


@pytest.mark.parametrize("change", [-300, -20, 20, 300, 1_000, 1 << 20, 1 << 28, 1 << 40])
@pytest.mark.parametrize("number", [0, 3])
@pytest.mark.parametrize("ending", [".warc", ".warc.gz", ".one.warc.gz"])
def test_a_wrong_content_length(tmp_path: Path, change: int, number: int, ending: str) -> None:
    pieces = with_length(number, change)
    data = b"".join(map(in_one, pieces)) if ending == ".warc.gz" else b"".join(pieces)
    source = stored(tmp_path / f"a{ending}", in_one(data) if "one" in ending else data)
    assert left(source) == without(number)
    (one,) = damaged(source)
    assert "Content-Length" in one.reason


def test_no_record_reaches_into_the_next_gzip_member(tmp_path: Path) -> None:
    pieces = with_length(2, len(PLAIN.pieces[3]))  # so that what follows looks like the end of a record
    source = stored(tmp_path / "a.warc.gz", b"".join(map(in_one, pieces)))
    assert left(source) == without(2)
    assert "Content-Length is wrong" in damaged(source)[0].reason


@pytest.mark.parametrize("value", ["", "veel", "-5", "1" * 30])
def test_a_content_length_that_is_none(tmp_path: Path, value: str) -> None:
    data = PLAIN.pieces[0] + by_hand(OK, Content_Length=value) + PLAIN.pieces[1]
    source = stored(tmp_path / "a.warc", data)
    assert left(source) == [0, 1]
    assert "its Content-Length is no number" in damaged(source)[0].reason


@pytest.mark.parametrize("cut", [1, 8, 9, 100, 400])
def test_a_cut_file(tmp_path: Path, cut: int) -> None:
    source = stored(tmp_path / "a.warc.gz", GZIP.data[:-cut])
    assert left(source) == without(COUNT - 1)
    assert [(one.place.offset, one.reason) for one in damaged(source)] == [(GZIP.begins[-1], "it is cut off")]


@pytest.mark.parametrize(("cut", "lost"), [(2, 0), (4, 0), (5, 1), (300, 1)])
def test_a_cut_plain_file(tmp_path: Path, cut: int, lost: int) -> None:
    source = stored(tmp_path / "a.warc", PLAIN.data[:-cut])
    assert left(source) == list(range(COUNT - lost))
    assert [one.place.offset for one in damaged(source)] == PLAIN.begins[COUNT - lost :]


@pytest.mark.parametrize("damage", [lambda data: data[:-700], lambda data: over(data, len(data) - 700, bytes(40))])
def test_damage_in_one_stream_costs_no_record_before_it(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    source = stored(tmp_path / "a.warc.gz", damage(ONE))
    places = [one.place for one in listed(source)]
    assert [read(place).body for place in places[:3]] == [page(number) for number in range(3)]
    assert len(places) < COUNT
    assert damaged(source)[0].place.inner == PLAIN.begins[len(places)]


@pytest.mark.parametrize("cut", [4, 700])
def test_a_cut_stream_is_told_once(tmp_path: Path, cut: int) -> None:
    assert [one.reason for one in damaged(stored(tmp_path / "a.warc.gz", ONE[:-cut]))] == ["it is cut off"]


def test_a_cut_film_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newscrawl.archive.framing.MOST", 1 << 20)
    film = Archive(gzipped=False)
    film.response(bytes(2 << 20), headers=[("Content-Type", "video/mp4")])
    source = stored(tmp_path / "a.warc.gz", in_one(film.data)[:-400])
    assert [one.reason.partition(",")[0] for one in damaged(source)] == ["it is cut off"]


@pytest.mark.parametrize(("data", "said"), [(b"", "it is empty"), (b"<html>" * 99, "no "), (in_one(b"x" * 99), "no ")])
@pytest.mark.parametrize("ending", [".warc", ".warc.gz"])
def test_what_is_no_archive(tmp_path: Path, data: bytes, said: str, ending: str) -> None:
    (one,) = scan(stored(tmp_path / f"a{ending}", data))
    assert isinstance(one, Damaged)
    assert (one.place.offset, one.reason.startswith(said)) == (0, True)


def test_what_is_too_large_is_told_and_a_film_is_passed_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newscrawl.archive.framing.MOST", 1 << 20)
    archive = Archive(gzipped=False)
    archive.response(bytes(2 << 20), headers=[("Content-Type", "video/mp4")])
    archive.response(bytes(2 << 20))
    for data in (archive.data, in_one(archive.data)):
        source = stored(
            tmp_path / "a.warc.gz", PLAIN.pieces[0] + data + PLAIN.pieces[1] if data == archive.data else data
        )
        assert passed(source) == ["video/mp4"]
        assert [one.reason for one in damaged(source)] == ["it is larger than 64 MB"]
        assert len(listed(source)) == (2 if data == archive.data else 0)


def test_a_record_in_segments_is_no_whole_page(tmp_path: Path) -> None:
    source = stored(tmp_path / "a.warc", by_hand(OK, WARC_Segment_Number="1"))
    assert [one.reason for one in scan(source) if isinstance(one, Damaged)] == ["it is stored in segments"]


def test_a_cut_zip_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "a.wacz", {"archive/a.warc.gz": GZIP.data}).read_bytes()
    source = stored(tmp_path / "b.wacz", whole[: whole.index(GZIP.data) + GZIP.begins[4] + 50])
    assert left(source) == [0, 1, 2, 3]
    reasons = [one.reason for one in damaged(source)]
    assert reasons == ["the zip cannot be read: File is not a zip file", "it is cut off"]


def test_a_damaged_member_of_a_zip(tmp_path: Path) -> None:
    source = zipped(tmp_path / "a.wacz", {"archive/a.warc": PLAIN.data, "archive/b.warc.gz": GZIP.data}, deflated=True)
    source.write_bytes(over(source.read_bytes(), 300, bytes(50)))
    assert {one.place.member for one in damaged(source)} == {"archive/a.warc"}
    assert left(source)[-COUNT:] == list(range(COUNT))


def test_a_zip_without_archives(tmp_path: Path) -> None:
    assert [one.reason for one in damaged(zipped(tmp_path / "a.wacz", {"a.txt": b""}))] == ["there is no WARC in it"]


def test_another_record_than_was_listed(tmp_path: Path) -> None:
    source = stored(tmp_path / "a.warc", PLAIN.data)
    place = listed(source)[1].place
    stored(source, over(PLAIN.data, place.offset + 20, b"X" * 900))
    with pytest.raises(DamagedRecord, match="another record"):
        read(place)


WOUNDS = st.lists(st.tuples(st.integers(0, 6000), st.binary(max_size=60), st.integers(0, 80)), min_size=1, max_size=4)


def wounded(data: bytes, wounds: list[tuple[int, bytes, int]]) -> bytes:
    for begin, by, size in wounds:
        data = data[:begin] + by + data[begin + size :]
    return data


@given(wounds=WOUNDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_whole_is_read_and_nothing_else(tmp_path: Path, wounds: list[tuple[int, bytes, int]]) -> None:
    data = wounded(GZIP.data, wounds)
    source = stored(tmp_path / "a.warc.gz", data)
    whole = [number for number, piece in enumerate(GZIP.pieces) if piece in data]
    assert left(source) == whole
    assert damaged(source) or data.startswith(GZIP.data) or whole != list(range(COUNT))


PAIRS = b"".join(in_one(b"".join(PLAIN.pieces[at : at + 2])) for at in range(0, COUNT, 2))
UNUSUAL = by_hand(OK + page(9)).replace(b"Content-Length:", b"content-length :").replace(b"\r\n", b"\n", 4)


@pytest.mark.parametrize(
    "data",
    [GZIP.data, PLAIN.data, ONE, PAIRS, UNUSUAL + PLAIN.data + 3 * UNUSUAL + PLAIN.data],
    ids=["gzip", "plain", "one", "pairs", "unusual"],
)
@given(wounds=WOUNDS | st.just([]))
@example(wounds=[(54, b"resource", 9)])  # a line that only some tools take for one
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_fastwarc_changes_nothing(tmp_path: Path, data: bytes, wounds: list[tuple[int, bytes, int]]) -> None:
    source = stored(tmp_path / "a.warc.gz", wounded(data, wounds))
    found = list(scan(source))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("newscrawl.archive.framing.ArchiveIterator", lambda *_, **__: iter(()))
        assert list(scan(source)) == found


@pytest.mark.parametrize("data", [PLAIN.data, ONE], ids=["plain", "one"])
@given(wounds=WOUNDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_damage_gives_no_other_error(tmp_path: Path, data: bytes, wounds: list[tuple[int, bytes, int]]) -> None:
    for found in scan(stored(tmp_path / "a.warc.gz", wounded(data, wounds))):
        if isinstance(found, Listed):
            with suppress(DamagedRecord):
                read(found.place)
