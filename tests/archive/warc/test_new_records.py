import base64
from datetime import UTC, datetime, timedelta, timezone
from ipaddress import ip_address

import pytest

from archive.warc.digests import Original, sha1_digest
from archive.warc.exchange_log import Cut, ExchangeLog, TlsSession
from archive.warc.new_records import NewRecord, exchange_records, one_line, warc_date, warcinfo
from archive.warc.response import read_answer, read_message
from tests.support.logs import make_log

ID = "<urn:uuid:00000000-0000-4000-8000-000000000000>"


def records_of(log: ExchangeLog, metadata: dict[str, str] | None = None) -> list[NewRecord]:
    return exchange_records(log, read_answer(log), None, metadata or {}, ID)


def fields_of(log: ExchangeLog, place: int = 0) -> list[tuple[str, str]]:
    return list(records_of(log)[place].fields)


def test_a_record_is_written_as_the_standard_says() -> None:
    record = warcinfo("news-1.warc.gz", {"software": "test"})
    head, _, rest = record.to_bytes().partition(b"\r\n\r\n")

    assert head.split(b"\r\n")[0] == b"WARC/1.1"
    assert f"WARC-Record-ID: {record.id}".encode() in head
    assert f"WARC-Block-Digest: {sha1_digest(record.block)}".encode() in head
    assert b"Content-Length: 16" in head
    assert rest == b"software: test\r\n" + b"\r\n\r\n"


def test_digests_are_base32_sha1() -> None:
    assert sha1_digest(b"") == "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"


def test_dates_are_utc_with_microseconds() -> None:
    moment = datetime(2021, 1, 28, 12, 0, 0, 5, timezone(timedelta(hours=3)))

    assert warc_date(moment) == "2021-01-28T09:00:00.000005Z"


@pytest.mark.parametrize(
    ("value", "line"),
    [("a\r\nb", "a b"), ("\x00a\x85b\u2028c ", "a b c"), ("\n", ""), ("نص عربي", "نص عربي")],
)
def test_no_value_leaves_its_line(value: str, line: str) -> None:
    assert one_line(value) == line


def test_what_cannot_be_encoded_is_replaced() -> None:
    metadata = records_of(make_log(), {"title": "a\ud800b"})[-1]

    assert b"title: a?b\r\n" in metadata.block


def test_a_request_is_recorded_as_it_is_masked() -> None:
    log = make_log()
    log.masks = lambda sent: sent.replace(b"GET", b"***")
    [request] = [record for record in records_of(log) if record.type == "request"]

    assert request.block == bytes(log.sent).replace(b"GET", b"***") != bytes(log.sent)


def test_the_notes_of_a_request_without_an_answer_are_tied_to_it() -> None:
    log = make_log()
    log.received.clear()

    request, metadata = records_of(log)
    assert (request.type, metadata.type) == ("request", "metadata")
    assert ("WARC-Concurrent-To", request.id) in metadata.fields


def test_a_body_that_ends_with_the_connection_is_cut_only_if_something_went_wrong() -> None:
    log = make_log()
    log.received[:] = b"HTTP/1.0 200 OK\r\n\r\nhalf"
    assert "WARC-Truncated" not in dict(fields_of(log))

    log.cut = "time"
    assert dict(fields_of(log))["WARC-Truncated"] == "time"


def test_a_whole_body_is_not_cut_whatever_happened_after_it() -> None:
    log = make_log()
    log.cut = "time"

    assert "WARC-Truncated" not in dict(fields_of(log))


def test_the_connection_is_described() -> None:
    log = make_log("https://news.example/")
    log.tls = TlsSession("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256")

    for place in range(3):
        fields = fields_of(log, place)
        assert ("WARC-IP-Address", "198.51.100.7") in fields
        assert [value for name, value in fields if name == "WARC-Protocol"] == ["http/1.1", "tls/1.2"]


def test_cipher_suites_have_their_registered_names() -> None:
    log = make_log("https://news.example/")
    log.tls = TlsSession("TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256")

    assert ("WARC-Cipher-Suite", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256") in fields_of(log)


def test_another_protocol_is_named() -> None:
    log = make_log("https://news.example/")
    log.protocol = "h2"

    assert ("WARC-Protocol", "h2") in fields_of(log)


@pytest.mark.parametrize(
    "received", [b"", b"HTTP/1.1 200 OK\r\n", b"ICY 200 OK\r\n\r\n", b"HTTP/1.1 100 Go\r\n\r\n"]
)
def test_only_a_whole_http_1_head_is_an_answer(received: bytes) -> None:
    log = make_log()
    log.received[:] = received

    assert read_message(log) is None
    assert [record.type for record in records_of(log)] == ["request", "metadata"]


def test_a_request_held_back_by_tls_was_not_sent() -> None:
    log = ExchangeLog("https://news.example/", "GET")
    log.sent += b"GET / HTTP/1.1\r\n\r\n"
    assert not log.was_sent

    log.tls = TlsSession("TLSv1.3", "TLS_AES_128_GCM_SHA256")
    assert log.was_sent


def test_a_request_that_is_repeated_has_only_the_bytes_of_its_last_connection() -> None:
    log, address = ExchangeLog("http://news.example/", "GET"), ip_address("198.51.100.7")
    for sent, received in (
        (b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 2"),
        (b"GET /", b"HTTP/1.1 204 No\r\n\r\n"),
    ):
        log.begin(address, None)
        log.sent += sent
        log.receive(received)

    assert (bytes(log.sent), bytes(log.received)) == (b"GET /", b"HTTP/1.1 204 No\r\n\r\n")
    assert log.attempts == 2


def test_a_log_takes_nothing_after_its_end() -> None:
    log = ExchangeLog("http://news.example/", "GET", began=datetime(2021, 1, 28, tzinfo=UTC))
    log.receive(b"a")
    log.close()
    log.receive(b"b")

    assert bytes(log.received) == b"a"


COMMON = [
    ("WARC-Target-URI", "http://news.example/"),
    ("WARC-Date", "2021-01-28T09:00:00.123456Z"),
    ("WARC-Warcinfo-ID", ID),
    ("WARC-IP-Address", "198.51.100.7"),
    ("WARC-Protocol", "http/1.1"),
]
ORIGINAL = Original(
    "http://news.example/old", "2021-01-01T09:00:00Z", "<urn:uuid:old>", "sha1:OLD", "a.warc.gz", 7
)
REFERRING = [
    ("WARC-Refers-To", "<urn:uuid:old>"),
    ("WARC-Refers-To-Target-URI", "http://news.example/old"),
    ("WARC-Refers-To-Date", "2021-01-01T09:00:00Z"),
]
PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
TYPED = ("Content-Type", "application/http;msgtype=response")


@pytest.mark.parametrize(
    ("status", "original", "cut", "type_", "more"),
    [
        ("200 OK", None, "", "response", []),
        ("200 OK", None, "time", "response", [("WARC-Truncated", "time")]),
        (
            "200 OK",
            ORIGINAL,
            "",
            "revisit",
            [
                ("WARC-Profile", f"{PROFILE}identical-payload-digest"),
                *REFERRING,
                ("WARC-Truncated", "length"),
            ],
        ),
        (
            "304 Not Modified",
            ORIGINAL,
            "",
            "revisit",
            [("WARC-Profile", f"{PROFILE}server-not-modified"), *REFERRING],
        ),
    ],
)
def test_an_exchange_has_exactly_these_records_and_fields(
    status: str, original: Original | None, cut: Cut, type_: str, more: list[tuple[str, str]]
) -> None:
    log = make_log()
    head, body = f"HTTP/1.0 {status}\r\n\r\n".encode(), b"" if "304" in status else b"Orla"
    log.received[:], log.cut = head + body, cut
    answer, request, notes = exchange_records(log, read_answer(log), original, {"how": "feed", "no": ""}, ID)

    assert (answer.type, list(answer.fields)) == (type_, [*COMMON, TYPED, *more])
    if original:
        assert (answer.block, answer.body, answer.payload_digest) == (head, b"", "sha1:OLD")
    else:
        assert (answer.block, answer.body, answer.payload_digest) == (head, b"Orla", sha1_digest(b"Orla"))
    tied = ("WARC-Concurrent-To", answer.id)
    assert (request.type, list(request.fields)) == (
        "request",
        [*COMMON, tied, ("Content-Type", "application/http;msgtype=request")],
    )
    assert (request.block, request.payload_digest) == (bytes(log.sent), sha1_digest(b""))
    assert (notes.type, list(notes.fields)) == (
        "metadata",
        [*COMMON, tied, ("Content-Type", "application/warc-fields")],
    )
    assert notes.block.startswith(b"how: feed\r\nfetchTimeMs: ")
    assert notes.block.count(b"\r\n") == 2 + bool(cut)
    assert len({answer.id, request.id, notes.id}) == 3


def test_what_was_not_as_usual_is_noted() -> None:
    log = make_log()
    log.began, log.ended = log.began, log.began + timedelta(milliseconds=1500.6)
    log.is_unverified = log.is_reconstructed = log.is_loss_accepted = True
    log.attempts, log.error = 2, "E" * 1001
    *_, notes = records_of(log)
    assert notes.block.decode().splitlines() == [
        "fetchTimeMs: 1501",
        "certificate: not verified",
        "connectionAttempts: 2",
        "capture: reconstructed",
        "dataLoss: accepted",
        f"error: {'E' * 1000}",
    ]


@pytest.mark.parametrize("size", [1, 64 * 1024, 64 * 1024 + 1])
def test_of_what_is_no_answer_the_beginning_is_noted(size: int) -> None:
    log = make_log()
    log.received[:] = b"x" * size
    *_, notes = records_of(log)
    fields = dict(line.split(": ") for line in notes.block.decode().splitlines())
    assert fields["receivedBytes"] == str(size)
    assert base64.b64decode(fields["receivedBase64"]) == b"x" * min(size, 64 * 1024)
