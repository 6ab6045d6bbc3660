"""Rows of the catalogue are held against the records that they name."""

from contextlib import closing
from pathlib import Path

import pytest

from archive.checks.findings import Finding
from crawler.audit.catalogue_check import check_catalogue
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
