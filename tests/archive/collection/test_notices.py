"""Whom a collection believes what is said of its records."""

from pathlib import Path

import pytest

from archive.collection.notices import Notice, read_notices
from archive.evidence.signing import SigningKey, read_or_make_key
from archive.evidence.statements import Statement, make_statement
from archive.evidence.tombstones import Tombstone, make_tombstone
from archive.warc.closed_file import Redaction
from archive.warc.gzip_file import compress
from archive.warc.record import WarcRecord
from tests.support.warcs import news

OURS, IMPORT = "news-20210128090000000-00000-0123abcd.warc.gz", "news-1-import-their-0123456789abcdef.warc.gz"
REMOVED = WarcRecord("response", (("warc-record-id", "<urn:uuid:1>"),), b"", True, 0, 9)


@pytest.fixture
def ours(tmp_path: Path) -> SigningKey:
    return read_or_make_key(tmp_path / "ours.pem")


@pytest.fixture
def theirs(tmp_path: Path) -> SigningKey:
    return read_or_make_key(tmp_path / "theirs.pem")


def tombstone(key: SigningKey, *, forged: bool = False) -> bytes:
    record = make_tombstone(REMOVED, Redaction("https://vella.example/", "2026", "as asked"), key).to_bytes()
    return compress(record.replace(b"as asked", b"by order") if forged else record)


def statement(key: SigningKey | None, *, forged: bool = False) -> bytes:
    record = make_statement("review", {"who": "Ada"}, key).to_bytes()
    return compress(record.replace(b"Ada", b"Bob") if forged else record)


def read(path: Path, content: bytes, keys: list[SigningKey]) -> list[str]:
    path.write_bytes(news(1).data + content)
    found = list(read_notices([path], [key.public_key for key in keys], pytest.fail))
    assert all(notice == Notice(path, notice.record, notice.says) for notice in found)
    return [type(notice.says).__name__ for notice in found]


def test_of_our_own_file_statements_of_a_key_of_ours_and_whole_tombstones_count(
    tmp_path: Path, ours: SigningKey, theirs: SigningKey
) -> None:
    said, stone = [Statement.__name__], [Tombstone.__name__]
    path = tmp_path / OURS
    for content, keys, wanted in [
        (statement(ours), [ours], said),
        (statement(ours), [theirs, ours], said),
        (statement(theirs), [ours], []),
        (statement(ours, forged=True), [ours], []),
        (statement(None), [ours], []),
        (statement(None), [], said),
        (tombstone(ours), [ours], stone),
        (tombstone(theirs), [ours], stone),
        (tombstone(ours, forged=True), [ours], []),
        (tombstone(ours) + statement(ours), [ours], stone + said),
    ]:
        assert read(path, content, keys) == wanted


def test_of_an_import_only_tombstones_count_that_a_key_of_ours_signed(
    tmp_path: Path, ours: SigningKey, theirs: SigningKey
) -> None:
    path = tmp_path / IMPORT
    for content, keys, wanted in [
        (statement(ours), [ours], []),
        (statement(None), [], []),
        (tombstone(ours), [theirs, ours], [Tombstone.__name__]),
        (tombstone(theirs), [ours], []),
        (tombstone(ours), [], []),
        (tombstone(ours, forged=True), [ours], []),
    ]:
        assert read(path, content, keys) == wanted


def test_a_file_that_cannot_be_read_is_reported_and_hides_no_other(tmp_path: Path, ours: SigningKey) -> None:
    garbage, whole = tmp_path / "a.warc.gz", tmp_path / OURS
    garbage.write_bytes(b"no archive")
    whole.write_bytes(news(1).data + statement(ours))
    reports: list[str] = []

    [notice] = read_notices([garbage, whole], [ours.public_key], reports.append)
    assert notice.path == whole
    assert isinstance(notice.says, Statement)
    assert notice.record.id == notice.says.record_id
    [report] = reports
    assert "a.warc.gz" in report
