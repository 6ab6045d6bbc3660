"""Which answers become revisit records, and that none refers to a record that is not there."""

import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from archive.collection.collection import Collection
from archive.collection.deduplication import _BATCH, is_in_place
from archive.index.run_digests import RunDigests
from archive.warc.digests import Original, payload_key, url_key
from archive.warc.exchange_log import ExchangeLog
from archive.warc.gzip_file import OPEN_SUFFIX
from archive.warc.response import TransferCoding
from tests.support.checkout import ROOT
from tests.support.logs import MOMENT, make_log
from tests.support.warc_records import Seen, read_collection

A, B, C = (f"http://news.example/{name}" for name in "abc")
PROFILES = "http://netpreserve.org/warc/1.1/revisit/"


class Index(RunDigests):
    """An index that tells what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.added: list[Mapping[bytes, Original]] = []

    def add(self, originals: Mapping[bytes, Original]) -> None:
        self.added.append(dict(originals))
        super().add(originals)


@pytest.fixture
def index() -> Index:
    return Index()


def collection(folder: Path, index: RunDigests | None) -> Collection:
    return Collection(folder, "news", {}, 10**9, digests=index)


def answered(head: bytes, body: bytes = b"", url: str = A, method: str = "GET") -> ExchangeLog:
    log = make_log(url, method=method)
    log.received[:] = head + b"\r\n\r\n" + body
    return log


def not_modified(url: str = A) -> ExchangeLog:
    return answered(b'HTTP/1.1 304 Not Modified\r\nETag: "1"', url=url)


def write(folder: Path, index: RunDigests | None, *logs: ExchangeLog) -> list[Seen]:
    """Write exchanges as one run: the records of their answers."""
    writing = collection(folder, index)
    for log in logs:
        writing.write(log, {})
    writing.finish_file()
    return answers(folder)[-len(logs) :]


def answers(folder: Path) -> list[Seen]:
    return [record for record in read_collection(folder) if record.type in ("response", "revisit")]


def types(records: list[Seen]) -> list[str]:
    return [record.type for record in records]


def test_a_repeated_payload_is_referred_to_with_the_head_that_came_with_it(
    tmp_path: Path, index: Index
) -> None:
    later = make_log(B, content_type="text/plain", began=MOMENT + timedelta(hours=1))
    original, revisit = write(tmp_path, index, make_log(A), later)

    assert revisit.type == "revisit"
    assert revisit.block == b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 26\r\n\r\n"
    assert (
        dict(revisit.fields).items()
        >= {
            "WARC-Target-URI": B,
            "WARC-Date": "2021-01-28T10:00:00.123456Z",
            "WARC-Profile": f"{PROFILES}identical-payload-digest",
            "WARC-Refers-To": original.get("WARC-Record-ID"),
            "WARC-Refers-To-Target-URI": A,
            "WARC-Refers-To-Date": original.get("WARC-Date"),
            "WARC-Payload-Digest": original.get("WARC-Payload-Digest"),
            "WARC-Truncated": "length",
            "Content-Length": str(len(revisit.block)),
        }.items()
    )


def test_an_answer_304_refers_to_the_newest_payload_of_its_url(tmp_path: Path, index: Index) -> None:
    logs = [make_log(A, b"first"), make_log(A, b"second"), make_log(B, b"other"), not_modified(A)]
    _, second, _, revisit = write(tmp_path, index, *logs)

    assert revisit.block == logs[-1].received
    assert (
        dict(revisit.fields).items()
        >= {
            "WARC-Profile": f"{PROFILES}server-not-modified",
            "WARC-Refers-To": second.get("WARC-Record-ID"),
            "WARC-Refers-To-Target-URI": A,
            "WARC-Payload-Digest": second.get("WARC-Payload-Digest"),
        }.items()
    )
    assert revisit.get("WARC-Truncated") is None


def test_the_newest_payload_of_a_url_can_itself_be_a_revisit(tmp_path: Path, index: Index) -> None:
    logs = [make_log(A, b"first"), make_log(A, b"second"), make_log(A, b"first"), not_modified(A)]
    first, _, again, revisit = write(tmp_path, index, *logs)

    assert types([again, revisit]) == ["revisit"] * 2
    assert revisit.get("WARC-Refers-To") == first.get("WARC-Record-ID")


def test_an_answer_304_without_an_archived_payload_is_a_response(tmp_path: Path, index: Index) -> None:
    assert types(write(tmp_path, index, make_log(B), not_modified(A))) == ["response"] * 2


LENGTH = b"\r\nContent-Length: 4"
CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 9"
NO_ORIGINALS = {
    "empty": make_log(A, b""),
    "404": answered(b"HTTP/1.1 404 No" + LENGTH, b"text"),
    "206": answered(b"HTTP/1.1 206 Part" + LENGTH, b"text"),
    "redirect": answered(b"HTTP/1.1 301 Gone\r\nLocation: /b" + LENGTH, b"text"),
    "POST": make_log(A, b"text", method="POST"),
    "HEAD": answered(b"HTTP/1.1 200 OK" + LENGTH, method="HEAD"),
    "cut": answered(CUT, b"text"),
}


@pytest.mark.parametrize("kind", NO_ORIGINALS)
def test_only_whole_answers_200_to_a_get_are_referred_to(tmp_path: Path, index: Index, kind: str) -> None:
    log = NO_ORIGINALS[kind]
    payload = bytes(log.received).partition(b"\r\n\r\n")[2]

    assert types(write(tmp_path, index, log, make_log(B, payload))) == ["response"] * 2


@pytest.mark.parametrize(
    ("log", "kind"),
    [
        (answered(b"HTTP/1.1 404 No" + LENGTH, b"text"), "revisit"),
        (answered(b"HTTP/1.1 503 Busy" + LENGTH, b"text"), "revisit"),
        (make_log(A, b"text", method="POST"), "response"),
        (answered(b"HTTP/1.1 200 OK" + LENGTH, method="HEAD"), "response"),
        (answered(CUT, b"text"), "response"),
    ],
)
def test_whatever_answers_a_get_as_a_whole_may_refer(
    tmp_path: Path, index: Index, log: ExchangeLog, kind: str
) -> None:
    assert types(write(tmp_path, index, make_log(B, b"text"), log)) == ["response", kind]


@pytest.mark.parametrize("repetition", [answered(b"HTTP/1.1 404 No" + LENGTH, b"text"), make_log(A, b"text")])
def test_only_a_whole_answer_200_is_what_a_server_says_has_not_changed(
    tmp_path: Path, index: Index, repetition: ExchangeLog
) -> None:
    written = write(tmp_path, index, make_log(B, b"text"), repetition, not_modified(A))
    is_original = repetition.received.startswith(b"HTTP/1.1 200")
    assert types(written) == ["response", "revisit", "revisit" if is_original else "response"]


def test_a_later_run_refers_to_the_records_of_an_earlier_one(tmp_path: Path, index: Index) -> None:
    (original,) = write(tmp_path, index, make_log(A))
    again, not_again = write(tmp_path, index, make_log(A), not_modified(A))

    assert again.get("WARC-Refers-To") == not_again.get("WARC-Refers-To") == original.get("WARC-Record-ID")
    assert len(list((tmp_path / "archive").iterdir())) == 2


def test_without_an_index_everything_is_written(tmp_path: Path) -> None:
    assert types(write(tmp_path, None, make_log(A), make_log(A), not_modified(A))) == ["response"] * 3


def test_two_payloads_of_one_sha1_are_two(
    tmp_path: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.warc.new_records.sha1_digest", lambda *pieces: "sha1:COLLISION")

    assert types(write(tmp_path, index, make_log(A, b"true"), make_log(B, b"forged"))) == ["response"] * 2


def test_a_record_that_is_no_longer_there_is_not_referred_to(tmp_path: Path, index: Index) -> None:
    write(tmp_path, index, make_log(A))
    (path,) = (tmp_path / "archive").iterdir()
    path.unlink()

    assert types(write(tmp_path, index, make_log(A), make_log(A))) == ["response", "revisit"]


@pytest.mark.parametrize("offset", [1, 415, 10**6])
def test_a_record_elsewhere_in_its_file_is_not_in_its_place(
    tmp_path: Path, index: Index, offset: int
) -> None:
    write(tmp_path, index, make_log(A))
    known = index.find(url_key(A))
    assert known is not None
    moved = Original(known.url, known.date, known.record_id, known.payload_digest, known.warc, offset)

    assert is_in_place(tmp_path / "archive", known)
    assert not is_in_place(tmp_path / "archive", moved)


def test_a_record_is_in_its_place_while_its_file_is_still_written(tmp_path: Path, index: Index) -> None:
    """By another run, or by one that was killed."""
    write(tmp_path, index, make_log(A))
    (path,) = (tmp_path / "archive").iterdir()
    path.rename(path.with_name(path.name + OPEN_SUFFIX))
    known = index.find(url_key(A))
    assert known is not None
    assert is_in_place(tmp_path / "archive", known)


TAKE = (
    "import sys, pathlib; from archive.warc.gzip_file import LeftOver; "
    "print(LeftOver.take(pathlib.Path(sys.argv[1])))"
)


def test_a_repetition_within_the_open_file_leaves_it_locked(
    tmp_path: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """POSIX drops a process's lock when it closes any handle of the file."""
    monkeypatch.setattr("archive.collection.deduplication._BATCH", 1)
    writing = collection(tmp_path, index)
    for _ in range(2):
        writing.write(make_log(A), {})
        writing.sync()
    (path,) = (tmp_path / "archive").glob("*.open")
    taking = subprocess.run([sys.executable, "-c", TAKE, path], cwd=ROOT, capture_output=True, check=True)
    writing.finish_file()

    assert types(answers(tmp_path)) == ["response", "revisit"]
    assert taking.stdout.strip() == b"None"


def test_the_index_hears_of_records_only_when_they_are_on_disk(tmp_path: Path, index: Index) -> None:
    writing = collection(tmp_path, index)
    logs = [make_log(f"http://news.example/{number}", b"page %d" % number) for number in range(_BATCH)]
    for log in logs:
        writing.write(log, {})
    assert index.added == []

    writing.sync()
    assert [len(originals) for originals in index.added] == [2 * _BATCH]
    writing.write(make_log(A), {})
    writing.sync()
    assert len(index.added) == 1  # too few for a transaction of their own
    writing.finish_file()
    assert [len(originals) for originals in index.added[1:]] == [2]


def test_what_a_killed_run_did_not_sync_is_not_in_the_index(tmp_path: Path, index: Index) -> None:
    killed = collection(tmp_path, index)
    killed.write(make_log(A), {})
    killed.abandon()

    assert index.added == []
    recovering = collection(tmp_path, index)
    recovering.recover()
    recovering.write(make_log(A), {})
    recovering.finish_file()
    assert types(answers(tmp_path)) == ["response"] * 2


def test_an_unchanged_page_adds_nothing_to_the_index(tmp_path: Path, index: Index) -> None:
    write(tmp_path, index, make_log(A))
    write(tmp_path, index, make_log(A), not_modified(A))

    assert len(index.added) == 1


def test_a_killed_run_of_revisits_is_recovered_with_the_index_that_a_finished_one_writes(
    tmp_path: Path, index: Index
) -> None:
    logs = [make_log(A), make_log(B), not_modified(A)]
    write(tmp_path / "finished", index, *logs)
    finished = (tmp_path / "finished" / "indexes" / "index.cdxj").read_bytes()
    (path,) = (tmp_path / "finished" / "archive").iterdir()
    (tmp_path / "killed" / "archive").mkdir(parents=True)
    path.rename(tmp_path / "killed" / "archive" / f"{path.name}.open")

    collection(tmp_path / "killed", index).recover()

    assert finished.count(b'"mime": "warc/revisit"') == 2
    assert (tmp_path / "killed" / "indexes" / "index.cdxj").read_bytes() == finished


def test_chunks_are_part_of_what_is_compared_where_they_are_kept(tmp_path: Path, index: Index) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked"
    logs = [
        answered(head, chunks, url)
        for url, chunks in (
            (A, b"4\r\ntext\r\n0\r\n\r\n"),
            (B, b"2\r\nte\r\n2\r\nxt\r\n0\r\n\r\n"),
            (C, b"4\r\ntext\r\n0\r\n\r\n"),
        )
    ]
    as_received = Collection(tmp_path / "raw", "news", {}, 10**9, TransferCoding.AS_RECEIVED, index)
    for log in logs:
        as_received.write(log, {})
    as_received.finish_file()

    assert types(answers(tmp_path / "raw")) == ["response", "response", "revisit"]
    assert types(write(tmp_path / "decoded", RunDigests(), *logs)) == ["response", "revisit", "revisit"]


def test_keys_are_those_of_the_stored_body(tmp_path: Path, index: Index) -> None:
    write(tmp_path, index, make_log(A, b"text"))

    found = index.find(payload_key(b"text"))
    assert found is not None
    assert (found.url, found.date) == (A, "2021-01-28T09:00:00.123456Z")
