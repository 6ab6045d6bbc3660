"""Rows of the catalogue are held against the records that they name."""

import hashlib
from contextlib import closing
from pathlib import Path

import pytest

from archive.checks.findings import Finding, Severity
from crawler.audit.catalogue_check import check_catalogue
from crawler.catalogue.foreign_files import ForeignFile, note_foreign_file
from crawler.catalogue.runs import begin_run
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from tests.support.catalogues import ask, change

SAVED = "(select capture_id from article where file is not null order by id limit 1)"


def found(data: Path) -> list[str]:
    with closing(Catalogue.open("", data)) as catalogue:
        findings: list[Finding] = []
        check_catalogue(catalogue, DataDir.at(data), findings.append)
        return [finding.sentence for finding in findings]


def test_a_catalogue_as_it_was_written_has_no_fault(data: Path) -> None:
    assert found(data) == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            "payload_digest = 'sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'",
            "does not have the catalogue's payload digest",
        ),
        ("record_id = '<urn:uuid:00000000-0000-4000-8000-000000000000>'", "lies another record than that of"),
        ("offset = offset + 1", "is not at byte"),
        ("warc = 'news-gone.warc.gz'", "is not at byte"),
    ],
)
def test_a_row_that_names_another_record_is_found(data: Path, changed: str, sentence: str) -> None:
    [(url,)] = ask(data, f"select url from url join capture on url_id = url.id where capture.id = {SAVED}")
    change(data, f"update capture set {changed} where id = {SAVED}")
    assert any(sentence in each and url in each for each in found(data)), found(data)


def test_an_article_without_a_record_is_found(data: Path) -> None:
    change(data, f"update article set capture_id = null where capture_id = {SAVED}")
    assert any("knows no record for the page" in each for each in found(data))


@pytest.mark.parametrize("state", ["gone", "changed", "as it was"])
def test_an_archive_of_others_that_is_not_as_it_was_is_told_and_out_of_reach(
    tmp_path: Path, state: str
) -> None:
    path = tmp_path / "foreign.warc.gz"
    path.write_bytes(b"as it was")
    known = ForeignFile(str(path), 9, hashlib.sha256(b"as it was").hexdigest())
    if state == "gone":
        path.unlink()
    elif state == "changed":
        path.write_bytes(b"otherwise")
    findings: list[Finding] = []
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        note_foreign_file(catalogue, begin_run(catalogue, "replay", {}, ""), known)
        report = check_catalogue(catalogue, DataDir.at(tmp_path / "data"), findings.append)
    is_sound = state == "as it was"
    assert report.foreign == ((known,) if is_sound else ())
    assert report.broken == (set() if is_sound else {str(path)})
    told = [(each.severity, state in each.sentence) for each in findings]
    assert told == ([] if is_sound else [(Severity.FAULT, True)])


@pytest.mark.parametrize("name", ["2021-01/007_ferry.txt", "2021-01/notes.md", "odd/x.txt"])
def test_a_file_of_the_corpus_that_nobody_knows_is_told(tmp_path: Path, name: str) -> None:
    stray = DataDir.at(tmp_path).corpus / name
    stray.parent.mkdir(parents=True)
    stray.write_text("date 2021-01 Паром пішов.")
    (stray.parent / ".hidden").touch()
    assert [name in sentence and "does not know it" in sentence for sentence in found(tmp_path)] == [True]
