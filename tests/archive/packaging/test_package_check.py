"""A WACZ is compared with the list of its members; what it does not say is told."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from archive.packaging.package_check import check_package
from archive.replay.captures import CaptureReader
from archive.warc.files import locate
from archive.warc.reader import read_records
from tests.support.foreign_records import response, url_of

GOOD = response("Tolm")


def package(
    members: dict[str, bytes], listed: dict[str, str] | None, compression: int = zipfile.ZIP_STORED
) -> bytes:
    """A package with a list of members and their hashes; without one if it is None."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, data in members.items():
            made.writestr(name, data)
        if listed is not None:
            resources = [{"path": name, "hash": value} for name, value in listed.items()]
            made.writestr("datapackage.json", json.dumps({"resources": resources}))
    return out.getvalue()


def sha256(data: bytes, label: str = "sha256:") -> str:
    return label + hashlib.sha256(data).hexdigest()


NAME = "archive/a.warc"
FAULTS = {
    "right": ({NAME: sha256(GOOD)}, ""),
    "right in capitals": ({NAME: sha256(GOOD).upper()}, ""),
    "right with a hyphen": ({NAME: sha256(GOOD, "sha-256:")}, ""),
    "of another algorithm": ({NAME: "xxh3:0123"}, ""),
    "wrong": ({NAME: sha256(b"other")}, "is not what its package lists: its SHA-256 is another."),
    "not of the archive": ({"pages/pages.jsonl": sha256(b"other")}, ""),
    "elsewhere": ({"archive/https://orla.example/a.warc": sha256(b"other")}, ""),
    "without a hash": ({NAME: ""}, ""),
    "gone": ({NAME: sha256(GOOD), "archive/b.warc": sha256(b"")}, "archive/b.warc is gone or broken"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_member_that_is_not_as_listed_is_told(tmp_path: Path, what: str) -> None:
    listed, fault = FAULTS[what]
    path = tmp_path / "a.wacz"
    path.write_bytes(package({NAME: GOOD}, listed))
    checked = check_package(path)
    assert len(checked.faults) == bool(fault)
    assert fault in "".join(checked.faults)
    assert bool(checked.notes) is (what == "elsewhere")


def test_a_package_without_a_list_or_with_members_elsewhere_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    for listed, note in (
        (None, "has no readable list of its members"),
        ({"https://orla.example/b.wacz": ""}, "names 1 members that lie elsewhere"),
    ):
        path.write_bytes(package({NAME: GOOD}, listed))
        checked = check_package(path)
        assert checked.faults == ()
        assert note in checked.notes[0]


@pytest.mark.parametrize(
    "listed",
    [b"", b"[]", b"{}", b'{"resources": 7}', b"\xff", b'{"resources": {"a": 1', b"7"],
)
def test_a_list_that_cannot_be_read_is_none(tmp_path: Path, listed: bytes) -> None:
    path = tmp_path / "a.wacz"
    path.write_bytes(package({NAME: GOOD, "datapackage.json": listed}, None))
    assert check_package(path).faults == ()
    [note] = check_package(path).notes
    assert note.endswith("has no readable list of its members (datapackage.json).")


def test_of_a_list_what_is_no_member_is_passed_over(tmp_path: Path) -> None:
    resources = [7, None, {"hash": "x"}, {"path": NAME, "hash": sha256(b"other")}]
    path = tmp_path / "a.wacz"
    path.write_bytes(
        package({NAME: GOOD, "datapackage.json": json.dumps({"resources": resources}).encode()}, None)
    )
    assert len(check_package(path).faults) == 1


@pytest.mark.parametrize(("more", "is_read"), [(0, True), (1, False)])
def test_a_list_has_a_largest_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int, is_read: bool
) -> None:
    listed = json.dumps({"resources": []}).encode()
    path = tmp_path / "a.wacz"
    path.write_bytes(package({NAME: GOOD, "datapackage.json": listed}, None))
    monkeypatch.setattr("archive.packaging.package_check._MAX_LIST_BYTES", len(listed) - more)
    assert bool(check_package(path).notes) is not is_read


def test_what_is_no_package_has_nothing_to_compare(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(GOOD)
    assert check_package(path) == check_package(path).__class__()


@pytest.mark.parametrize("outer", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("inner", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_packages_in_packages_are_read_compared_and_found_again(
    tmp_path: Path, outer: int, inner: int
) -> None:
    def part(name: str) -> bytes:
        data = response(name)
        return package({f"archive/{name}.warc": data}, {f"archive/{name}.warc": sha256(b"wrong")}, inner)

    deepest = package({"parts/c.wacz": part("Ferrol")}, None, inner)
    members = {"a.wacz": part("Tolm"), "b.WACZ": part("Brenna"), "deep.wacz": deepest}
    path = tmp_path / "all.zip"
    path.write_bytes(package(members, {name: sha256(data) for name, data in members.items()}, outer))
    with CaptureReader([path], pytest.fail) as reader:
        captures = list(reader.read(path))
    assert [capture.url for capture in captures] == [url_of(name) for name in ("Tolm", "Brenna", "Ferrol")]
    assert captures[2].location.warc == f"{path}!deep.wacz!parts/c.wacz!archive/Ferrol.warc"
    for capture in captures:
        file = locate(Path(capture.location.warc))
        assert file.path == path
        assert file.size == len(b"".join(file.open().readlines()))
        (record,) = read_records(file, pytest.fail)
        assert record.get("warc-target-uri") == capture.url
    assert len(check_package(path).faults) == 3
