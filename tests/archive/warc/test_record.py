"""What a record says of itself."""

import pytest

from archive.warc.record import WarcRecord

HEADERS = (
    ("warc-record-id", "<urn:uuid:1>"),
    ("warc-concurrent-to", "<urn:uuid:2>"),
    ("warc-concurrent-to", "urn:uuid:3"),
    ("warc-date", "2021"),
    ("warc-date", "<2022>"),
)
RECORD = WarcRecord("response", HEADERS, b"", True, 0, 9)


@pytest.mark.parametrize(
    ("name", "value"),
    [("warc-record-id", "urn:uuid:1"), ("warc-date", "2022"), ("WARC-Date", ""), ("warc-type", "")],
)
def test_of_repeated_fields_the_last_counts(name: str, value: str) -> None:
    assert RECORD.get(name) == value


def test_ids_are_as_written_and_those_of_an_exchange_are_compared_without_brackets() -> None:
    assert RECORD.id == "<urn:uuid:1>"
    assert RECORD.concurrent_to == {"urn:uuid:2", "urn:uuid:3"}
    bare = WarcRecord("response", (), b"", True, 0, 9)
    assert (bare.id, bare.concurrent_to) == ("", set())
