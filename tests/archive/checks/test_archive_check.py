"""Whatever is changed in a collection is named, and nothing else is."""

import gzip
import json
import random
import shutil
from pathlib import Path

import pytest

from archive.checks.archive_check import verify_collection
from archive.checks.findings import Checked, Finding, Severity
from archive.collection.collection import Collection
from archive.evidence.manifest import Manifest
from archive.evidence.manifest_lines import Head
from archive.evidence.signing import read_or_make_key
from archive.index.run_digests import RunDigests
from archive.warc.files import RecordFile
from archive.warc.gzip_file import WarcFile
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord
from tests.support.logs import make_log
from tests.support.warcs import answer, news


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "key.pem"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, key: Path) -> Path:
    """Two files with pages, a revisit and a HEAD, and an import."""
    folder = tmp_path_factory.mktemp("written") / "news"
    writing = Collection(folder, "news", {}, 10**9, digests=RunDigests(), manifest=Manifest(folder, key))
    noise = random.Random(7)
    for number in range(6):
        writing.write(make_log(f"http://news.example/{number}", noise.randbytes(3000)), {"how": "feed"})
        if number == 2:
            writing.write(make_log("http://news.example/head", b"", method="HEAD"), {})
            writing.finish_file()
    writing.write(make_log("http://news.example/same", random.Random(7).randbytes(3000)), {})
    writing.finish_file()
    writing.bring_in(news(2).save(folder.parent / "foreign.warc.gz"), pytest.fail)
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "news"))


def verify(folder: Path, *heads: Head) -> list[Finding]:
    return list(verify_collection(folder, Checked(), heads=heads))


def faults(folder: Path) -> list[str]:
    found = verify(folder)
    assert all(finding.severity is Severity.FAULT for finding in found)
    return [finding.sentence for finding in found]


def warcs(folder: Path) -> list[Path]:
    return sorted((folder / "archive").glob("*.warc.gz"))


def records(path: Path) -> list[WarcRecord]:
    return list(read_records(RecordFile(path), pytest.fail))


def response(path: Path, url: str) -> WarcRecord:
    found = (record for record in records(path) if record.type == "response")
    return next(record for record in found if record.get("warc-target-uri") == url)


def test_what_was_written_has_no_fault(written: Path, key: Path) -> None:
    checked = Checked()
    head = Manifest(written, key).head
    assert not list(verify_collection(written, checked, read_or_make_key(key).id, [head]))

    assert (checked.files, checked.lines, checked.indexed) == (3, 3, 9)
    assert checked.records == sum(len(records(path)) for path in warcs(written))
    assert checked.bytes == sum(path.stat().st_size for path in warcs(written))


def test_an_empty_folder_has_no_fault(tmp_path: Path) -> None:
    assert not verify(tmp_path)


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_one_changed_byte_is_named_with_its_record(folder: Path, part: float) -> None:
    path = warcs(folder)[0]
    data = bytearray(path.read_bytes())
    data[int(len(data) * part)] ^= 1
    path.write_bytes(data)

    found = faults(folder)
    assert found[0] == f"{path.name} was changed: size or SHA-256 is not what the manifest says of it."
    assert any("is damaged from byte" in sentence or "payload digest" in sentence for sentence in found)


def test_a_removed_record_is_named(folder: Path) -> None:
    path = warcs(folder)[0]
    gone = response(path, "http://news.example/1")
    data = path.read_bytes()
    path.write_bytes(data[: gone.offset] + data[gone.offset + gone.length :])

    found = faults(folder)
    assert f"{path.name} was changed: size or SHA-256 is not what the manifest says of it." in found
    assert f"{path.name} has 12 whole records; the manifest says 13." in found
    assert any(f"http://news.example/1 at byte {gone.offset}" in sentence for sentence in found)


def test_a_record_with_another_body_is_named(folder: Path) -> None:
    path = warcs(folder)[0]
    record = response(path, "http://news.example/1")
    data = path.read_bytes()
    end = record.offset + record.length
    text = bytearray(gzip.decompress(data[record.offset : end]))
    text[-100] ^= 1
    path.write_bytes(data[: record.offset] + gzip.compress(bytes(text)) + data[end:])

    place = f"The response record at byte {record.offset} of {path.name} (http://news.example/1)"
    found = faults(folder)
    assert f"{place} does not have its block digest." in found
    assert f"{place} does not have its payload digest." in found


def test_a_cut_file_is_named(folder: Path) -> None:
    path = warcs(folder)[1]
    path.write_bytes(path.read_bytes()[:-100])

    assert any("its tail is cut or damaged" in sentence for sentence in faults(folder))


def test_a_removed_file_is_named(folder: Path) -> None:
    path = warcs(folder)[0]
    path.unlink()

    assert faults(folder) == [
        f"{path.name} is gone: the manifest lists it.",
        f"The index has 3 lines for {path.name}, which is not there.",
    ]


def test_an_emptied_file_is_named(folder: Path) -> None:
    path = warcs(folder)[0]
    path.write_bytes(b"")

    assert any(f"{path.name} is empty" in sentence for sentence in faults(folder))


def test_an_unsigned_file_is_named(folder: Path) -> None:
    news(1).save(folder / "archive" / "planted.warc.gz")

    planted, unindexed = faults(folder)
    assert planted == "planted.warc.gz is not in the manifest: the archive did not write it."
    assert unindexed.startswith(
        "The index lacks 1 line for answers in planted.warc.gz; the first is that of https:"
    )


def test_swapped_manifest_lines_are_named(folder: Path) -> None:
    path = folder / "manifest.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[1], lines[0], lines[2]]))

    assert [sentence[:6] for sentence in faults(folder)] == ["Line 1", "Line 2", "Line 3"]


def test_a_cut_manifest_is_named_by_its_file_and_by_its_head(folder: Path, key: Path) -> None:
    head = Manifest(folder, key).head
    path = folder / "manifest.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))

    cut, unlisted = (finding.sentence for finding in verify(folder, head))
    assert cut == "The manifest once had 3 lines, now it has 2: its end was cut off."
    assert "-import-" in unlisted
    assert "is not in the manifest" in unlisted


def rewrite_line(folder: Path, of: str, **changes: str) -> None:
    """Change fields of a URL's line in the index."""
    path = folder / "indexes" / "index.cdxj"
    lines = []
    for line in path.read_bytes().splitlines():
        key, timestamp, text = line.split(b" ", 2)
        fields = json.loads(text)
        if fields["url"] == of:
            timestamp = changes.pop("timestamp", timestamp.decode()).encode()
            fields |= changes
        lines.append(b"%b %b %b\n" % (key, timestamp, json.dumps(fields).encode()))
    path.write_bytes(b"".join(sorted(lines)))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "http://news.example/other"),
        ("digest", "sha1:AAAA"),
        ("timestamp", "20200101000000"),
        ("status", "404"),
    ],
)
def test_an_edited_index_line_is_named(folder: Path, field: str, value: str) -> None:
    rewrite_line(folder, "http://news.example/4", **{field: value})

    (sentence,) = faults(folder)
    assert "(http://news.example/4)" in sentence
    assert f"its {field} is '{value}', the record's " in sentence


def test_an_index_line_that_leads_elsewhere_is_named(folder: Path) -> None:
    rewrite_line(folder, "http://news.example/4", offset="77")

    name = warcs(folder)[1].name
    missing, stray = faults(folder)
    assert f"lacks 1 line for answers in {name}; the first is that of http://news.example/4" in missing
    assert f"has 1 line for bytes of {name} where no such answer begins" in stray
    assert "http://news.example/4 at byte 77" in stray


def test_an_index_line_of_what_is_not_indexed_is_named(folder: Path) -> None:
    path = warcs(folder)[0]
    head = response(path, "http://news.example/head")
    rewrite_line(folder, "http://news.example/4", offset=str(head.offset), filename=path.name)

    place = f"the response record at byte {head.offset} of {path.name} (http://news.example/head)"
    assert f"A line of the index leads to {place}, which should have none." in faults(folder)


def test_an_index_that_is_not_sorted_is_named(folder: Path) -> None:
    path = folder / "indexes" / "index.cdxj"
    first, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*rest, first]))

    assert faults(folder) == ["Line 9 of indexes/index.cdxj is in the wrong place: the file is not sorted."]


def test_rubbish_in_the_index_is_named(folder: Path) -> None:
    (folder / "indexes" / "index-1.cdxj").write_bytes(b"rubbish\n\xff {}\n")

    assert faults(folder) == [
        "Line 1 of indexes/index-1.cdxj is no CDXJ: it was changed.",
        "Line 2 of indexes/index-1.cdxj is no CDXJ: it was changed.",
    ]


def test_a_file_that_is_still_open_is_a_note(folder: Path, key: Path) -> None:
    writing = Collection(folder, "news", {}, 10**9, manifest=Manifest(folder, key))
    writing.write(make_log("http://news.example/new"), {})
    writing.abandon()

    (note,) = verify(folder)
    assert note.severity is Severity.NOTE
    assert "is still open" in note.sentence


def test_a_foreign_record_that_came_with_a_wrong_digest_is_a_note(folder: Path, key: Path) -> None:
    archive = news(0)
    archive.exchange("https://orla.example/x", answer(b"Orla"), WARC_Payload_Digest="sha1:" + 32 * "A")
    writing = Collection(folder, "news", {}, 10**9, manifest=Manifest(folder, key))
    writing.bring_in(archive.save(folder.parent / "wrong.warc.gz"), pytest.fail)

    (note,) = verify(folder)
    assert note.severity is Severity.NOTE
    assert "1 records in " in note.sentence
    assert "do not have the digests that they name" in note.sentence
    assert "(https://orla.example/x)" in note.sentence


def test_a_signed_file_is_still_read_record_by_record(folder: Path, key: Path) -> None:
    """A fault of the writer is found although the manifest vouches for the file."""
    wrong = WarcFile(folder / "archive", "news-99999999999999999-00000-00000000.warc.gz")
    block = "HTTP/1.1 200 OK\r\n\r\nx"
    fields = {
        "WARC-Type": "response",
        "WARC-Target-URI": "http://news.example/w",
        "WARC-Date": "2021-01-28T09:00:00Z",
        "WARC-Block-Digest": f"sha1:{32 * 'A'}",
        "Content-Type": "application/http;msgtype=response",
        "Content-Length": str(len(block)),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    wrong.append(f"WARC/1.1\r\n{head}\r\n{block}\r\n\r\n".encode())
    Manifest(folder, key).add(wrong.describe())
    wrong.close()

    (sentence,) = faults(folder)
    assert "(http://news.example/w) does not have its block digest" in sentence


def test_a_file_that_was_signed_and_not_yet_closed_is_not_gone(folder: Path) -> None:
    path = sorted((folder / "archive").glob("*.warc.gz"))[0]
    path.rename(path.with_name(path.name + ".open"))
    found = list(verify_collection(folder, Checked()))
    assert [(each.severity, each.file) for each in found] == [(Severity.NOTE, path.name)]
    path.with_name(path.name + ".open").unlink()
    assert any(f"{path.name} is gone" in each.sentence for each in verify_collection(folder, Checked()))
