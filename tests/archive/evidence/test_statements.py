"""What people say of an archive is kept in it, signed, and belongs to no page."""

from pathlib import Path

import pytest

from archive.checks.archive_check import verify_collection
from archive.checks.findings import Checked, Severity
from archive.checks.record_check import RecordsCheck
from archive.collection.collection import Collection
from archive.collection.page_records import belongs
from archive.evidence.manifest import Manifest
from archive.evidence.signing import read_or_make_key
from archive.evidence.statements import make_statement, read_statement
from archive.index.index_files import read_lines
from archive.warc.closed_file import ClosedWarc
from archive.warc.files import RecordFile
from archive.warc.gzip_file import compress
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord
from tests.support.logs import make_log

SAYINGS: list[dict[str, str]] = [
    {"url": "https://vella.example/a?x=1&y=ü", "who": "Ada Özdemir", "choice": "accept"},
    {"reason": "Bitte der Familie, 3. Mai\n\tsignature: forged", "url": "http://тарн.example/б"},
    {"articles": '[["<urn:uuid:1>", "2021-01", 5]]', "empty": ""},
]


def collection(folder: Path, signed: bool) -> Collection:
    manifest = Manifest(folder / "news", folder / "key.pem") if signed else None
    return Collection(folder / "news", "news", {"software": "test"}, 10**9, manifest=manifest)


def records(folder: Path) -> list[WarcRecord]:
    paths = sorted((folder / "news" / "archive").iterdir())
    return [record for path in paths for record in read_records(RecordFile(path), pytest.fail)]


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("said", SAYINGS)
def test_a_statement_is_read_as_it_was_made(said: dict[str, str], signed: bool, tmp_path: Path) -> None:
    ours = collection(tmp_path, signed)
    record_id = ours.state("review", said)
    ours.finish_file()

    _, record = records(tmp_path)
    statement = read_statement(record)
    assert statement is not None
    assert (statement.kind, statement.record_id) == ("review", record_id)
    assert (record.get("content-type"), statement.date) == (
        "application/warc-fields",
        record.get("warc-date"),
    )
    kept = {name: " ".join(value.split()) for name, value in said.items() if value}
    assert {name: statement.said[name] for name in kept} == kept
    assert statement.fields.is_signed is signed
    if signed:
        assert statement.fields.public_key == read_or_make_key(tmp_path / "key.pem").public_key


def test_a_statement_is_on_disk_at_once_and_in_the_manifest_in_the_end(tmp_path: Path) -> None:
    ours = collection(tmp_path, signed=True)
    ours.state("review", SAYINGS[0])
    assert read_statement(records(tmp_path)[-1]) is not None
    ours.abandon()

    again = collection(tmp_path, signed=True)
    [name] = again.recover()
    assert again.manifest is not None
    assert again.manifest.has(name)
    assert read_statement(records(tmp_path)[-1]) is not None


def test_a_statement_belongs_to_no_page_and_has_no_line_in_the_index(tmp_path: Path) -> None:
    ours = collection(tmp_path, signed=True)
    ours.write(make_log("https://vella.example/a"), {})
    ours.state("redaction", {"url": "https://vella.example/a"})
    ours.finish_file()
    assert len(list(read_lines(tmp_path / "news" / "indexes"))) == 1
    statement = records(tmp_path)[-1]
    assert not belongs(statement, lambda url: "vella" in url, ())
    findings = verify_collection(tmp_path / "news", Checked())
    assert [each for each in findings if each.severity is Severity.FAULT] == []


@pytest.mark.parametrize("change", [("Ada", "Bob"), ("accept", "reject"), ("signature: ", "signature: AAAA")])
def test_a_changed_statement_is_a_fault_even_where_the_file_was_signed_anew(
    change: tuple[str, str], tmp_path: Path
) -> None:
    key = read_or_make_key(tmp_path / "key.pem")
    record = make_statement("review", {"who": "Ada", "choice": "accept"}, key)
    block = record.block.replace(change[0].encode(), change[1].encode())
    assert block != record.block
    forged = type(record)(record.type, record.id, record.fields, block)
    archive = tmp_path / "news" / "archive"
    archive.mkdir(parents=True)
    path = archive / "news-20210128090000000-00000-0123abcd.warc.gz"
    path.write_bytes(compress(forged.to_bytes()))
    Manifest(tmp_path / "news", tmp_path / "key.pem").add(ClosedWarc.read(path, path.name))
    faults = [each.sentence for each in verify_collection(tmp_path / "news", Checked())]
    assert any("signature of the statement" in each for each in faults)

    imported = path.rename(archive / "news-import-others-0123456789abcdef.warc.gz")
    sentences = [each.sentence for each in RecordsCheck(RecordFile(imported), {}).run()]
    assert not any(
        "signature of the statement" in each for each in sentences
    )  # others may say so what they like


@pytest.mark.parametrize("kind", ["tombstone", "notes", "of a page", "response"])
def test_other_notes_are_no_statements(kind: str) -> None:
    headers = {"warc-target-uri": "https://vella.example/a"} if kind == "of a page" else {}
    block = {"tombstone": b"redacted: now\r\n", "notes": b"kind: article\r\n"}.get(
        kind, b"statement: review\r\n"
    )
    type_ = "response" if kind == "response" else "metadata"
    assert read_statement(WarcRecord(type_, tuple(headers.items()), block, True, 0, 0)) is None
