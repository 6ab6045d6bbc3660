"""Files of records, on disk and in packages, by their names and places."""

import hashlib
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from archive.errors import ArchiveUnreadable
from archive.warc.files import RecordFile, locate, record_files


def packed(*members: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", compression) as package:
        for name, data in members:
            package.writestr(name, data)
    return out.getvalue()


def names(path: Path) -> list[str]:
    return [file.member for file in record_files(path)]


def test_records_of_a_package_are_in_its_archive_folder_in_the_order_of_their_names(tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    path.write_bytes(packed(*((name, b"") for name in (
        "archive/b.warc.gz", "archive/a.WARC", "archive/notes.txt", "elsewhere/c.warc.gz", "archive/d.arc",
    ))))  # fmt: skip
    assert names(path) == ["archive/a.WARC", "archive/b.warc.gz", "archive/d.arc"]
    path.write_bytes(packed(("x/b.warc.gz", b""), ("a.warc.zst", b""), ("c.warc.bak", b"")))
    assert names(path) == ["a.warc.zst", "x/b.warc.gz"]


@pytest.mark.parametrize(
    "content", [packed(), packed(("archive/notes.txt", b"")), packed(("a.wacz", packed()))]
)
def test_a_package_without_records_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(ArchiveUnreadable, match="has no WARC in its archive/ folder"):
        record_files(tmp_path / "a.zip")


def test_a_package_with_a_password_is_refused_in_a_sentence(tmp_path: Path) -> None:
    data = bytearray(packed(("archive/a.warc", b"WARC/1.0"), compression=zipfile.ZIP_DEFLATED))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags] |= 1
    (tmp_path / "a.wacz").write_bytes(data)
    [file] = record_files(tmp_path / "a.wacz")
    with pytest.raises(ArchiveUnreadable, match=r"a\.wacz is not a readable zip file .*password"):
        file.open()


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("around", [0, 1, 3, 4])
def test_packages_in_packages_are_read_to_a_depth_of_four(
    tmp_path: Path, around: int, compression: int
) -> None:
    data, name = b"WARC/1.0 of Orla " * 99, "archive/a.warc"
    content = packed((name, data), compression=compression)
    for _ in range(around):
        content, name = packed(("in.WACZ", content), compression=compression), f"in.WACZ!{name}"
    path = tmp_path / "a.wacz"
    path.write_bytes(content)
    if around == 4:
        with pytest.raises(ArchiveUnreadable):
            record_files(path)
        return
    [file] = record_files(path)
    assert (file.member, str(file), file.size) == (name, f"{path}!{name}", len(data))
    assert file.sha256() == hashlib.sha256(data).hexdigest()
    with file.open() as stream:
        assert stream.read(9) == data[:9]
        stream.seek(-9, 2)
        assert stream.read() == data[-9:]
        stream.seek(17)
        assert stream.read(4) == data[17:21]
    assert locate(Path(str(file))) == file


def test_a_location_names_a_file_or_a_member_of_a_package(tmp_path: Path) -> None:
    package, odd = tmp_path / "a.wacz", tmp_path / "b!c.zip"
    for path in (package, odd, tmp_path / "d!e.warc.gz"):
        path.touch()
    for text, file in [
        ("d!e.warc.gz", RecordFile(tmp_path / "d!e.warc.gz")),
        ("a.wacz!archive/x!y.warc", RecordFile(package, "archive/x!y.warc")),
        ("b!c.zip!archive/x.warc", RecordFile(odd, "archive/x.warc")),
        ("gone.warc.gz", RecordFile(tmp_path / "gone.warc.gz")),
        ("gone.wacz!archive/x.warc", RecordFile(tmp_path / "gone.wacz", "archive/x.warc")),
        ("gone.zip!archive/x.warc", RecordFile(tmp_path / "gone.zip!archive/x.warc")),
    ]:
        assert locate(tmp_path / text) == file


@pytest.mark.parametrize("suffix", [".warc", ".warc.gz", ".warc.zst", ".warc.lz4", ".arc", ".arc.gz"])
def test_each_kind_of_archive_is_one_in_a_package_too(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "a.zip").write_bytes(packed((f"archive/a{suffix}", b""), (f"archive/a{suffix}x", b"")))
    assert names(tmp_path / "a.zip") == [f"archive/a{suffix}"]
    (tmp_path / f"b{suffix}").write_bytes(b"")
    assert record_files(tmp_path / f"b{suffix}") == [RecordFile(tmp_path / f"b{suffix}")]


def test_a_package_that_is_no_zip_file_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.wacz").write_bytes(b"WARC/1.0\r\n")
    with pytest.raises(ArchiveUnreadable, match=r"a\.wacz is not a readable zip file"):
        record_files(tmp_path / "a.wacz")


def test_what_cannot_be_opened_is_told_in_one_sentence(tmp_path: Path) -> None:
    package = tmp_path / "a.wacz"
    package.write_bytes(packed(("archive/a.warc", b"")))
    for file, words in [
        (RecordFile(tmp_path / "gone"), "Cannot open .*gone: No such file or directory. Check the path"),
        (RecordFile(package, "archive/b.warc"), "a.wacz has no member .*: the file is not the one"),
    ]:
        for use in (file.open, file.sha256, lambda file=file: file.size):
            with pytest.raises(ArchiveUnreadable, match=words):
                use()
    package.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(ArchiveUnreadable, match=r"a\.wacz is not a readable zip file"):
        record_files(package)
