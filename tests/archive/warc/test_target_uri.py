"""No URL of a record shows a name or a password where we write it; what others archived stays as it is."""

from pathlib import Path

import pytest

from archive.checks.findings import described
from archive.collection.page_records import page_url
from archive.evidence.signing import read_or_make_key
from archive.evidence.tombstones import make_tombstone
from archive.index.cdxj import index_line
from archive.replay.archived_run import ArchivedRun
from archive.warc.closed_file import Redaction
from archive.warc.exchanges import Exchange
from archive.warc.record import WarcRecord
from archive.warc.target_uri import without_any_credentials, without_credentials
from tests.support.warcs import Archive, answer

URLS = {
    "http://reader:Geheim@orla.example/a": "http://orla.example/a",
    "https://reader@orla.example:8443/a?b=c@d": "https://orla.example:8443/a?b=c@d",
    "HTTP://:Geheim@orla.example": "HTTP://orla.example",
    "http://a:b@c:Geheim@orla.example/": "http://orla.example/",
    "http:reader:Geheim@orla.example/": "http:orla.example/",
    r"http:\\reader:Geheim@orla.example\a": r"http:\\orla.example\a",
    "//reader:Geheim@orla.example/a": "//orla.example/a",
    "ftp://reader:Geheim@orla.example/a": "ftp://orla.example/a",
    "urn:text:http://reader:Geheim@orla.example/a": "urn:text:http://orla.example/a",
    "http://@orla.example/": "http://orla.example/",
    "http://orla.example/a@b": "http://orla.example/a@b",
    "http://orla.example?a@b": "http://orla.example?a@b",
    "http://orla.example#a@b": "http://orla.example#a@b",
    "mailto:desk@orla.example": "mailto:desk@orla.example",
    "dns:orla.example": "dns:orla.example",
    "": "",
}


@pytest.mark.parametrize(("url", "shown"), URLS.items())
def test_credentials_are_left_out_and_nothing_else(url: str, shown: str) -> None:
    assert without_credentials(url) == shown
    assert without_credentials(shown) == shown
    assert without_any_credentials(f"Cannot read '{url}': gone.") == f"Cannot read '{shown}': gone." or (
        url[:2] == "//"  # without a scheme it is no URL in a sentence
    )


def foreign(kind: str = "response") -> WarcRecord:
    url = "https://reader:Geheim@orla.example/a"
    fields = {"warc-type": kind, "warc-target-uri": url, "warc-date": "2021-01-28T10:00:00Z"}
    fields |= {"warc-record-id": "<urn:uuid:1>"}
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nGeheim stays in the body"
    return WarcRecord(kind, tuple(fields.items()), block, True, 0, 100)


def test_what_is_made_of_foreign_records_shows_none(tmp_path: Path) -> None:
    record = foreign()
    line = index_line(Exchange(answer=record), "a.warc.gz")
    key = read_or_make_key(tmp_path / "key.pem")
    tombstone = make_tombstone(record, Redaction("https://orla.example/a", "2026", "asked"), key)
    shown = [
        line or b"",
        tombstone.to_bytes(),
        described(record, "a.warc.gz").encode(),
        page_url(record).encode(),
    ]
    assert all(b"orla.example/a" in each for each in shown)
    assert not any(b"Geheim" in each or b"reader" in each for each in shown)
    assert record.get("warc-target-uri") == "https://reader:Geheim@orla.example/a"


@pytest.mark.parametrize(
    ("archived", "asked"),
    [
        ("http://orla.example/a%7Cb?c=%5B1%5D", "http://orla.example/a|b?c=[1]"),
        ("http://orla.example/a|b?c=[1]", "http://orla.example/a|b?c=[1]"),
        ("http://orla.example/x/../a", "http://orla.example/a"),
        ("http://orla.example:80/a#top", "http://orla.example/a"),
        ("HTTP://ORLA.example/é", "http://orla.example/%C3%A9"),
        ("http://reader:Geheim@orla.example/a", "http://orla.example/a"),
        ("http://orla.example:99999/", "http://orla.example:99999/"),
    ],
)
def test_a_request_finds_what_was_archived_under_another_spelling(
    archived: str, asked: str, tmp_path: Path
) -> None:
    archive = Archive()
    archive.exchange(archived, answer(b"story"))
    run = ArchivedRun([archive.save(tmp_path / "a.warc.gz")], print)
    try:
        found = run.fetch("GET", asked)
        assert found is not None
        assert run.fetch("POST", asked) is None
    finally:
        run.close()
