"""Records are found whatever their compression, and whatever is slightly wrong between them."""

import gzip
from pathlib import Path

import pytest

from archive.errors import ArchiveUnreadable
from archive.warc.files import RecordFile
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord
from tests.support.foreign_records import (
    PACKERS,
    arc,
    arc_head,
    lz4,
    record,
    response,
    skippable,
    story,
    url_of,
    warcinfo,
    zstd_dictionary,
    zstd_frame,
)

NAMES = ("Tolm", "Brenna", "Ferrol", "Ústí")


def read(path: Path, data: bytes, reports: list[str] | None = None) -> list[WarcRecord]:
    """The records of a file, each of which is found again by its offset."""
    path.write_bytes(data)
    told = [] if reports is None else reports
    records = list(read_records(RecordFile(path), told.append))
    assert reports is not None or told == []
    for each in records:
        assert next(read_records(RecordFile(path), told.append, each.offset)) == each
    return records


def stories(records: list[WarcRecord]) -> list[str]:
    """The names whose stories were read whole."""
    whole = {url_of(name): name for name in NAMES}
    return [
        whole[each.get("warc-target-uri")]
        for each in records
        if each.type != "warcinfo" and each.block == story(whole[each.get("warc-target-uri")])
    ]


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst", "a", "a.warc.gz.bak"])
def test_the_content_tells_the_compression_whatever_the_name(tmp_path: Path, coding: str, name: str) -> None:
    pack = PACKERS[coding]
    data = b"".join(map(pack, [warcinfo(), *map(response, NAMES)]))
    records = read(tmp_path / name, data)
    assert stories(records) == list(NAMES)
    assert records[0].offset == 0
    assert sum(found.length for found in records) == len(data)


@pytest.mark.parametrize("coding", ["gzip", "zstd", "lz4"])
@pytest.mark.parametrize("pieces", [1, 2, 7, 40])
def test_a_file_compressed_without_heed_of_its_records_is_read(
    tmp_path: Path, coding: str, pieces: int
) -> None:
    text = b"".join([warcinfo(), *map(response, NAMES)])
    size = -(-len(text) // pieces)
    data = b"".join(PACKERS[coding](text[at : at + size]) for at in range(0, len(text), size))
    records = read(tmp_path / "a.warc.gz", data)
    assert stories(records) == list(NAMES)
    assert [found.offset for found in records][1] == len(warcinfo())


def test_zstd_dictionaries_are_those_of_the_file(tmp_path: Path) -> None:
    one, two = zstd_dictionary(*map(response, NAMES)), zstd_dictionary(response("Ossa" * 50), story("Ossa"))
    with_one = b"".join(zstd_frame(response(name), one) for name in NAMES)
    with_two = b"".join(zstd_frame(response(name), two) for name in NAMES)
    plain, packed = skippable(one.dict_content), skippable(zstd_frame(one.dict_content))
    for beginning in (plain, packed, skippable(b"a comment", 3) + plain):
        assert stories(read(tmp_path / "a.warc.zst", beginning + with_one)) == list(NAMES)
    joined = plain + with_one + skippable(two.dict_content) + with_two
    assert stories(read(tmp_path / "a.warc.zst", joined)) == [*NAMES, *NAMES]
    with pytest.raises(ArchiveUnreadable, match="zstd and a dictionary that it does not hold"):
        read(tmp_path / "a.warc.zst", with_one)


def test_a_frame_that_names_no_dictionary_is_read_with_that_of_the_file(tmp_path: Path) -> None:
    dictionary = zstd_dictionary(*map(response, NAMES))
    frames = b"".join(zstd_frame(response(name), dictionary, is_named=False) for name in NAMES)
    assert stories(read(tmp_path / "a.warc.zst", skippable(dictionary.dict_content) + frames)) == list(NAMES)


def test_frames_without_content_are_passed_over(tmp_path: Path) -> None:
    for pack in (zstd_frame, lz4):
        data = skippable(b"who made this", 1) + pack(b"") + pack(response("Tolm")) + skippable(b"", 0)
        assert stories(read(tmp_path / "a.warc", data + pack(response("Brenna")))) == ["Tolm", "Brenna"]


@pytest.mark.parametrize("coding", ["gzip", "zstd", "lz4"])
def test_a_broken_member_costs_only_its_record(tmp_path: Path, coding: str) -> None:
    members = [PACKERS[coding](response(name)) for name in NAMES]
    members[1] = members[1][:9] + b"\xff\x00" * 12 + members[1][33:]
    reports: list[str] = []
    records = read(tmp_path / "a.warc", b"".join(members), reports)
    assert stories(records) == ["Tolm", "Ferrol", "Ústí"]
    begin = len(members[0])
    assert f"damaged from byte {begin} to {begin + len(members[1])}" in reports[0]


WRONG: dict[str, dict[str, object]] = {
    "one too long": {"add": 1},
    "two too long": {"add": 2},
    "three too long": {"add": 3},
    "twenty too long": {"add": 20},
    "one too short": {"add": -1},
    "four too short": {"add": -4},
    "no empty lines": {"end": b""},
    "one line end": {"end": b"\n"},
    "many line ends": {"end": b"\r\n" * 5},
    "bare LF": {"line_end": "\n", "end": b"\n\n"},
    "lines of CR CR LF": {"line_end": "\r\r\n"},
    "WARC 0.17": {"version": "0.17"},
    "WARC 0.18": {"version": "0.18"},
    "a later WARC": {"version": "1.2"},
    "no length": {"Content_Length": ""},
    "a length in words": {"Content_Length": "many"},
}


@pytest.mark.parametrize("coding", ["plain", "gzip", "zstd"])
@pytest.mark.parametrize("what", WRONG)
def test_what_is_slightly_wrong_costs_nothing(tmp_path: Path, what: str, coding: str) -> None:
    wrong = dict(WRONG[what])
    add = int(str(wrong.pop("add", 0)))
    made = []
    for name in NAMES:
        length = {"length": len(story(name)) + add} if add else {}
        made.append(PACKERS[coding](response(name, **wrong, **length)))
    # The last has nothing behind it that tells its end, were its length too large.
    made.append(PACKERS[coding](response("Tolm")))
    records = read(tmp_path / "a.warc", b"".join(made))
    assert [found.get("warc-target-uri") for found in records] == [*map(url_of, NAMES), url_of("Tolm")]
    for name, found in zip(NAMES, records, strict=False):
        surplus = max(add, 0) if add < 4 else 0
        assert found.block[: len(story(name))] == story(name)
        assert len(found.block) <= len(story(name)) + surplus


@pytest.mark.parametrize("coding", ["plain", "gzip"])
def test_field_names_in_any_case_are_read(tmp_path: Path, coding: str) -> None:
    lower = [
        head.replace(b"WARC-", b"warc-").replace(b"Content-", b"content-") + b"\r\n\r\n" + block
        for head, _, block in (response(name).partition(b"\r\n\r\n") for name in NAMES)
    ]
    assert stories(read(tmp_path / "a.warc", b"".join(map(PACKERS[coding], lower)))) == list(NAMES)


def test_a_page_that_quotes_a_record_stays_whole(tmp_path: Path) -> None:
    quoting = b"HTTP/1.1 200 OK\r\n\r\n<pre>\r\n\r\n" + response("Brenna") + b"</pre>"
    for pack in PACKERS.values():
        made = [response("Tolm"), response("Ferrol")]
        made.insert(
            1,
            made[0].replace(story("Tolm"), quoting).replace(b"%d" % len(story("Tolm")), b"%d" % len(quoting)),
        )
        records = read(tmp_path / "a.warc", b"".join(map(pack, made)))
        assert [found.block for found in records] == [story("Tolm"), quoting, story("Ferrol")]


@pytest.mark.parametrize(("short", "lost"), [(64, 0), (65, 65)])
def test_a_few_bytes_behind_a_block_belong_to_it(tmp_path: Path, short: int, lost: int) -> None:
    text = story("Tolm") + b"x" * 65
    told = b"Content-Length: %d" % (len(text) - short)
    made = (
        response("Tolm")
        .replace(b"Content-Length: %d" % len(story("Tolm")), told)
        .replace(story("Tolm"), text)
    )
    reports: list[str] = []
    [found, following] = read(tmp_path / "a.warc", made + response("Brenna"), reports)
    assert len(reports) == bool(lost)
    assert found.block == text[: len(text) - lost]
    assert following.block == story("Brenna")


def test_a_byte_order_mark_does_not_hide_which_format_it_is(tmp_path: Path) -> None:
    [found] = read(tmp_path / "a", b"\xef\xbb\xbf\r\n" + arc(url_of("Tolm"), story("Tolm")), [])
    assert found.block == story("Tolm")


def test_a_length_beyond_the_file_costs_nothing_that_follows(tmp_path: Path) -> None:
    data = response("Tolm", length=10**15) + response("Brenna") + response("Ferrol")
    assert stories(read(tmp_path / "a.warc", data)) == ["Tolm", "Brenna", "Ferrol"]


ARC_HEADS = {
    "spaces in the URL": (
        "http://orla.example/mail?title=Three New Mills",
        "192.0.2.7 20210128100000 text/html {length}",
    ),
    "no length": ("http://orla.example/a", "192.0.2.7 20210128100000 28Jan202110:00-1:47GMT"),
    "a media type of two": ("http://orla.example/a", "192.0.2.7 20210128100000 text/html, text/x {length}"),
    "no media type": ("http://orla.example/a", "192.0.2.7 20210128100000 {length}"),
    "no address": ("http://orla.example/a", "20210128100000 text/html {length}"),
    "IPv6": ("http://orla.example/a", "2001:db8::7 20210128100000 text/html {length}"),
    "version 2": (
        "http://orla.example/a",
        "192.0.2.7 20210128100000 text/html 200 - - 1041 a.arc.gz {length}",
    ),
    "a date of twelve": ("http://orla.example/a", "192.0.2.7 202101281000 text/html {length}"),
    "a length too large": ("http://orla.example/a", "192.0.2.7 20210128100000 text/html 1{length}"),
    "a length of 0": ("http://orla.example/a", "192.0.2.7 20210128100000 text/html 0"),
}


@pytest.mark.parametrize("coding", ["plain", "gzip"])
@pytest.mark.parametrize("what", ARC_HEADS)
def test_an_odd_head_of_an_arc_costs_at_most_itself(tmp_path: Path, what: str, coding: str) -> None:
    url, rest = ARC_HEADS[what]
    made = [arc_head("a.arc"), arc(url_of("Tolm"), story("Tolm")), arc(url, story("Brenna"), rest)]
    made.append(arc(url_of("Ferrol"), story("Ferrol")))
    reports: list[str] = []
    info, first, odd, last = read(tmp_path / "a.arc", b"".join(map(PACKERS[coding], made)), reports)
    assert (info.type, first.block, last.block) == ("warcinfo", story("Tolm"), story("Ferrol"))
    assert odd.get("warc-target-uri") == url.replace(" ", "%20")
    assert odd.block == story("Brenna") or (what, coding) == ("a length of 0", "plain")


@pytest.mark.parametrize("coding", ["plain", "gzip"])
def test_after_damage_an_arc_goes_on_as_a_warc_does(tmp_path: Path, coding: str) -> None:
    pack = PACKERS[coding]
    made = [pack(arc_head("a.arc")), *(pack(arc(url_of(name), story(name))) for name in NAMES[:3])]
    made[2] = bytes(len(made[2]))
    reports: list[str] = []
    records = read(tmp_path / "a.arc.gz", b"".join(made), reports)
    assert stories(records) == ["Tolm", "Ferrol"]
    begin = len(made[0] + made[1])
    assert reports and all(f"damaged from byte {begin} to {begin + len(made[2])}" in told for told in reports)


def test_an_answer_of_http_0_9_in_an_arc_is_a_resource(tmp_path: Path) -> None:
    data = arc_head("a.arc") + arc("http://orla.example/a", b"<p>All body.</p>")
    _, found = read(tmp_path / "a.arc", data)
    assert (found.type, found.get("content-type")) == ("resource", "text/html")


def test_many_damaged_bytes_are_counted(tmp_path: Path) -> None:
    path, skipped = tmp_path / "a.warc", list[int]()
    path.write_bytes(
        b"x" * 500 + response("Tolm") + b"\r\n" + b"y" * 900 + response("Brenna") + b"WARC/1.0\r\n"
    )
    records = list(read_records(RecordFile(path), lambda _: None, skipped=skipped.append))
    assert stories(records) == ["Tolm", "Brenna"]
    assert skipped == [500, 900, 10]


@pytest.mark.parametrize("missing", [1, 3, 8])
def test_damage_behind_the_last_record_of_a_stream_is_told(tmp_path: Path, missing: int) -> None:
    path, reports = tmp_path / "a.warc.gz", list[str]()
    path.write_bytes(gzip.compress(b"".join(map(response, NAMES)))[:-missing])
    assert stories(list(read_records(RecordFile(path), reports.append))) == list(NAMES)
    [report] = reports
    assert "its tail is cut or damaged" in report


def test_a_cut_gzip_stream_gives_what_is_whole(tmp_path: Path) -> None:
    data = gzip.compress(b"".join(map(response, NAMES)))
    reports: list[str] = []
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data[:-20])
    records = list(read_records(RecordFile(path), reports.append))
    assert stories(records) == list(NAMES)[: len(records)]
    assert 0 < len(records) < 4
    assert len(reports) == 1


@pytest.mark.parametrize(
    ("end", "following"),
    [
        (b"", b""),
        (b"\n", b""),
        (b"\r\n\r\n", b""),
        (b"", response("Ferrol")),
        (b"\n", response("Ferrol")),
        (b"\r\n\r\n", response("Ferrol")),
        (b"\r\n\r\n", bytes(300)),
    ],
)
def test_a_page_that_quotes_a_record_is_whole_however_it_ends(
    tmp_path: Path, end: bytes, following: bytes
) -> None:
    quoting = b"HTTP/1.1 200 OK\r\n\r\n<pre>\r\n\r\n" + response("Brenna") + b"</pre>"
    data = record("response", url_of("Tolm"), quoting, end=end) + following
    found, *others = read(tmp_path / "a.warc", data, [])
    assert found.block == quoting
    assert stories(others) == (["Ferrol"] if following.strip(b"\0") else [])
