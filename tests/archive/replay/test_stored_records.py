"""One record, by its place."""

from pathlib import Path

import pytest

from archive.errors import ArchiveUnreadable
from archive.replay.stored_records import read_record
from tests.support.captures import BODY, PAGE, read
from tests.support.warcs import Archive, answer, news, sha1


def test_a_record_agrees_with_its_digest_until_it_is_changed(tmp_path: Path) -> None:
    archive = Archive(gzip=False)
    archive.exchange(PAGE, answer(BODY), WARC_Payload_Digest=sha1(BODY))
    path = archive.save(tmp_path / "a.warc")
    place = read(path)[0].durable()
    record = read_record(path, place.offset)
    assert (record.head, record.body, record.agrees) == (answer(b""), BODY, True)
    assert record.payload_digest == place.payload_digest
    assert ("warc-target-uri", PAGE) in record.headers
    path.write_bytes(path.read_bytes().replace(b"ferry", b"Ferry"))
    changed = read_record(path, place.offset)
    assert changed.agrees is False
    assert changed.payload_digest != place.payload_digest


def test_a_digest_over_chunk_lines_agrees_too(tmp_path: Path) -> None:
    chunked = b"5\r\nferry\r\n0\r\n\r\n"
    archive = Archive()
    for payload in (chunked, b"ferry"):
        archive.add(
            "response", PAGE, answer(chunked, "Transfer-Encoding: chunked"), WARC_Payload_Digest=sha1(payload)
        )
    path = archive.save(tmp_path / "a.warc.gz")
    assert [read_record(path, offset).agrees for offset in archive.ends[:2]] == [True, True]


def test_a_record_that_is_not_at_its_place_is_refused(tmp_path: Path) -> None:
    archive = news(2)
    path = archive.save(tmp_path / "a.warc.gz")
    with pytest.raises(ArchiveUnreadable, match="no record at byte 7"):
        read_record(path, 7)
