"""Foreign records in our archive are the foreign bytes, found through our index, and say where they came from."""

import gzip
import hashlib
import json
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from warcio.checker import Checker

from archive.collection import importing
from archive.collection.collection import Collection
from archive.collection.importing import is_import, origin_of
from archive.errors import ArchiveUnreadable
from archive.evidence.manifest import Manifest
from archive.evidence.manifest_lines import current_files
from archive.index import index_files
from archive.replay.captures import ArchivedCapture, CaptureReader
from archive.replay.stored_records import read_payload
from archive.warc.closed_file import ClosedWarc
from archive.warc.files import RecordFile
from tests.support import foreign_records
from tests.support.foreign_records import PACKERS
from tests.support.kill_points import survives_kills
from tests.support.logs import make_log
from tests.support.tools import find_tool
from tests.support.warc_records import read_warc
from tests.support.warcs import answer, news, wacz

KEPT = {
    "software": "test/1",
    "operator": "Wire Desk",
    "isPartOf": "news",
    "format": "WARC File Format 1.1",
    "conformsTo": "https://warc.example/1.1/",
}
INFO = {**KEPT, "robots": "RFC 9309", "http-header-user-agent": "test/1 (+https://news.example/)"}


def collection(folder: Path) -> Collection:
    return Collection(folder / "news", "news", INFO, 10**9)


def silent(message: str) -> None:
    raise AssertionError(f"nothing was to be reported, but: {message}")


def bring_in(folder: Path, path: Path) -> Path:
    (ours,) = collection(folder).bring_in(path, silent)
    return ours


def index(folder: Path) -> list[dict[str, str]]:
    return [
        json.loads(line.split(b" ", 2)[2]) for line in index_files.read_lines(folder / "news" / "indexes")
    ]


def captures(path: Path) -> list[ArchivedCapture]:
    with CaptureReader([path], lambda _: None) as reader:
        return list(reader.read(path))


def assert_valid(path: Path) -> None:
    checker = Checker(type("Arguments", (), {"verbose": False, "inputs": [str(path)]}))
    checker.process_all()
    assert checker.exit_value == 0


def test_gzip_members_are_copied_untouched(tmp_path: Path) -> None:
    foreign = news().save(tmp_path / "Orla News, 2021.warc.gz")
    ours = bring_in(tmp_path, foreign)

    data = ours.read_bytes()
    info = read_warc(ours)[0]
    assert data[info.length :] == foreign.read_bytes()
    assert_valid(ours)


def test_the_copy_begins_with_its_origin(tmp_path: Path) -> None:
    foreign = news().save(tmp_path / "Orla News, 2021.warc.gz")
    ours = bring_in(tmp_path, foreign)

    sha256 = hashlib.sha256(foreign.read_bytes()).hexdigest()
    assert ours.name.startswith("news-")
    assert ours.name.endswith(f"-import-Orla_News_2021-{sha256[:16]}.warc.gz")
    info = read_warc(ours)[0]
    assert (info.type, info.get("WARC-Filename")) == ("warcinfo", ours.name)
    assert info.notes == {
        "description": "Records of another archive, copied unchanged",
        "imported-from": foreign.name,
        "imported-sha256": sha256,
        "imported-bytes": str(foreign.stat().st_size),
        **KEPT,
    }


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (f"{'o' * 81}.warc.gz", "o" * 80),
        ("orla.warc", "orla"),
        ("orla.gz", "orla"),
        ("a - b (ü).warc.gz", "a_b_"),
        ("dot.and_line.warc.gz", "dot.and_line"),
    ],
)
def test_the_name_of_a_copy_has_what_any_system_can_name(tmp_path: Path, name: str, wanted: str) -> None:
    file = RecordFile(news(1).save(tmp_path / name))
    assert origin_of(file, "0123456789abcdef" * 4) == f"import-{wanted}-0123456789abcdef"


def test_uncompressed_records_become_members_of_the_same_bytes(tmp_path: Path) -> None:
    foreign = news(gzip=False).save(tmp_path / "orla.warc")
    ours = bring_in(tmp_path, foreign)

    info, *copied = read_warc(ours)
    assert gzip.decompress(ours.read_bytes()[info.length :]) == foreign.read_bytes()
    data = ours.read_bytes()
    for record in copied:
        assert gzip.decompress(data[record.offset : record.offset + record.length]).startswith(
            b"WARC/1.1\r\n"
        )
    assert_valid(ours)


def test_the_index_leads_to_each_answer_to_a_get(tmp_path: Path) -> None:
    archive = news(2)
    archive.exchange("https://orla.example/form", answer(b"thanks"), "POST")
    archive.add("response", "https://orla.example/unasked", answer(b"no request record"))
    archive.add("metadata", "metadata://orla.example/log", b"noise: 1\r\n")
    foreign = archive.save(tmp_path / "orla.warc.gz")
    ours = bring_in(tmp_path, foreign)

    bodies = {capture.url: capture.body for capture in captures(foreign) if capture.method == "GET"}
    entries = index(tmp_path)
    assert [entry["url"] for entry in entries] == sorted(bodies)
    for entry in entries:
        assert entry["filename"] == ours.name
        assert read_payload(ours, int(entry["offset"])).body == bodies[entry["url"]]


def test_the_members_of_a_package_become_files_of_their_own(tmp_path: Path) -> None:
    members = [(f"{name}.warc.gz", news(count).data) for name, count in (("a", 1), ("b", 2))]
    package = wacz(tmp_path / "orla.wacz", members, zipfile.ZIP_DEFLATED)
    ours = collection(tmp_path).bring_in(package, silent)

    assert [path.name.split("-import-")[1][:2] for path in ours] == ["a-", "b-"]
    assert sorted(ours) == ours
    assert [read_warc(path)[0].notes["imported-from"] for path in ours] == [
        "orla.wacz!archive/a.warc.gz",
        "orla.wacz!archive/b.warc.gz",
    ]
    for path, (_, data) in zip(ours, members, strict=True):
        assert path.read_bytes().endswith(data)
    assert len(index(tmp_path)) == 3


def test_what_was_imported_is_not_imported_again(tmp_path: Path) -> None:
    foreign = news().save(tmp_path / "orla.warc.gz")
    first = bring_in(tmp_path, foreign)
    lines = index(tmp_path)

    assert bring_in(tmp_path, foreign) == first
    assert bring_in(tmp_path, first) == first
    assert list(first.parent.iterdir()) == [first]
    assert index(tmp_path) == lines


def test_of_a_damaged_archive_the_whole_records_are_imported(tmp_path: Path) -> None:
    archive = news(3)
    foreign = tmp_path / "orla.warc.gz"
    foreign.write_bytes(archive.data[: archive.ends[3]] + b"noise" * 9 + archive.data[archive.ends[3] : -20])
    reports: list[str] = []
    (ours,) = collection(tmp_path).bring_in(foreign, reports.append)

    info, *copied = read_warc(ours)
    assert ours.read_bytes()[info.length :] == archive.data[: archive.ends[-2]]
    assert len(copied) == len(archive.ends) - 2
    assert len(reports) == 2
    assert_valid(ours)


@pytest.mark.parametrize("name", ["garbage.warc.gz", "old.arc"])
def test_what_cannot_be_copied_record_by_record_is_refused(tmp_path: Path, name: str) -> None:
    data = {
        "garbage.warc.gz": b"no archive",
        "old.arc": b"filedesc://old.arc 0.0.0.0 20210128100000 text/plain 4\n1 0\n",
    }
    (tmp_path / name).write_bytes(data[name])
    with pytest.raises(ArchiveUnreadable, match=r"warcio recompress|no whole WARC record"):
        bring_in(tmp_path, tmp_path / name)
    assert not list((tmp_path / "news").rglob("*.*"))


def test_a_killed_import_leaves_nothing_behind_and_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_files, "SMALL_BYTES", 0)
    foreign = news(5).save(tmp_path / "orla.warc.gz")
    work, base = tmp_path / "work", tmp_path / "base"
    writing = collection(base)
    for number in range(40):
        writing.write(make_log(f"http://news.example/{number}"), {})
    writing.finish_file()
    collection(base).recover()
    before = len(index(base))

    def check() -> None:
        again = collection(work)
        again.recover()
        assert not list(work.rglob("*.open"))
        imported = [path for path in again.archive.iterdir() if is_import(path.name)]
        assert len(index(work)) == before + 5 * len(imported)
        (ours,) = again.bring_in(foreign, silent)
        assert ours.read_bytes().endswith(foreign.read_bytes())
        stored = b"".join(path.read_bytes() for path in again.indexes.glob("*.cdxj"))
        assert stored.count(b"\n") == before + 5

    tries = 0
    for _ in survives_kills(work, lambda: bring_in(work, foreign), check):
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(base, work)
        tries += 1
    assert tries >= 4


@pytest.mark.parametrize("is_listed", [True, False])
def test_an_import_that_has_its_line_is_kept_and_one_without_is_made_again(
    tmp_path: Path, is_listed: bool
) -> None:
    folder, foreign = tmp_path / "news", news(2).save(tmp_path / "orla.warc.gz")
    manifest = Manifest(folder, tmp_path / "key.pem")
    (ours,) = Collection(folder, "news", INFO, 10**9, manifest=manifest).bring_in(foreign, silent)
    ours.rename(ours.with_name(f"{ours.name}.open"))  # killed before it had its name
    if not is_listed:
        manifest.path.unlink()  # killed before that

    again = Collection(folder, "news", INFO, 10**9, manifest=manifest)
    assert again.recover() == ([ours.name] if is_listed else [])
    assert [path.name for path in again.archive.iterdir()] == ([ours.name] if is_listed else [])
    assert len(index(tmp_path)) == (2 if is_listed else 0)
    assert list(current_files(manifest.lines())) == ([ours.name] if is_listed else [])
    assert len(list(manifest.lines())) == is_listed
    (made,) = again.bring_in(foreign, silent)
    assert (made == ours) is is_listed
    assert len(index(tmp_path)) == 2


def test_archives_of_other_tools_are_copied(shared: Path, tmp_path: Path) -> None:
    for foreign in sorted((shared / "samples").glob("*.warc*")):
        if foreign.name == "example.warc":  # its last record is cut
            continue
        ours = bring_in(tmp_path, foreign)
        data = ours.read_bytes()[read_warc(ours)[0].length :]
        assert (gzip.decompress(data) if foreign.suffix == ".warc" else data) == foreign.read_bytes()
        assert [capture.body for capture in captures(ours)] == [capture.body for capture in captures(foreign)]


@pytest.mark.slow
def test_the_index_of_other_tools_archives_is_that_of_cdxj_indexer(shared: Path, tmp_path: Path) -> None:
    indexer = find_tool("TOOL_CDXJ_INDEXER", "cdxj-indexer")
    for name in ("dupes", "example-url-agnostic-orig", "example-url-agnostic-revisit", "iana"):
        ours = bring_in(tmp_path / name, shared / "samples" / f"{name}.warc.gz")
        wanted = subprocess.run([indexer, "--sort", ours], capture_output=True, check=True).stdout
        named = wanted.replace(b"//test@", b"//")  # of ours no line has a user name
        assert b"".join(index_files.read_lines(tmp_path / name / "news" / "indexes")) == named


@pytest.mark.parametrize("coding", PACKERS)
@pytest.mark.parametrize("as_one", [True, False])
def test_whatever_its_compression_the_copy_has_each_record_in_a_gzip_member(
    tmp_path: Path, coding: str, as_one: bool
) -> None:
    records = [foreign_records.warcinfo(), *map(foreign_records.response, ("Tolm", "Brenna", "Ústí"))]
    pieces = [b"".join(records)] if as_one else records
    foreign = tmp_path / "orla.warc"
    foreign.write_bytes(b"".join(map(PACKERS[coding], pieces)))
    ours = bring_in(tmp_path, foreign)

    info, *copied = read_warc(ours)
    assert info.notes["imported-sha256"] == hashlib.sha256(foreign.read_bytes()).hexdigest()
    data = ours.read_bytes()
    members = [gzip.decompress(data[each.offset : each.offset + each.length]) for each in copied]
    assert members == records
    assert len(index(tmp_path)) == 3


def test_a_copy_that_reads_otherwise_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = news(gzip=False).save(tmp_path / "orla.warc")
    compress = importing._compressed
    for changed in (b"Bridge 1 ", b"WARC-Type: response"):

        def wrongly(pieces: Iterable[bytes], old: bytes = changed) -> Iterator[bytes]:
            return compress([b"".join(pieces).replace(old, old[::-1])])

        monkeypatch.setattr(importing, "_compressed", wrongly)
        with pytest.raises(ArchiveUnreadable, match="does not read as the file itself") as refusal:
            bring_in(tmp_path, foreign)
        assert str(foreign) in str(refusal.value)
        assert not list((tmp_path / "news").rglob("*.*"))


def test_the_dates_of_a_foreign_warcinfo_count_for_nothing(tmp_path: Path) -> None:
    foreign = tmp_path / "orla.warc"
    early = foreign_records.record("warcinfo", "", b"software: x\r\n", WARC_Date="1999-01-01T00:00:00Z")
    foreign.write_bytes(early + foreign_records.response("Tolm"))
    closed = ClosedWarc.read(bring_in(tmp_path, foreign), "a.warc.gz")
    assert (closed.first, closed.last) == (foreign_records.DATE, foreign_records.DATE)
