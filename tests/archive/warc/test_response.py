import pytest

from archive.warc.exchange_log import Cut
from archive.warc.http import MAX_HEAD_BYTES
from archive.warc.response import Answer, TransferCoding, read_answer, read_message
from tests.support.logs import make_log

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKS = b"5;x=y\r\nLe po\r\n3\r\nrt.\r\n0\r\nX-Trailer: t\r\n\r\n"


def answer_to(
    received: bytes, coding: TransferCoding = TransferCoding.DECODED, method: str = "GET"
) -> Answer:
    log = make_log(method=method)
    log.received[:] = received
    answer = read_answer(log, coding)
    assert answer is not None
    return answer


def test_chunks_are_joined_and_said_to_be() -> None:
    answer = answer_to(HEAD + CHUNKS)

    assert answer.body == b"Le port."
    assert answer.head == (
        b"HTTP/1.1 200 OK\r\nX-Archive-Orig-Transfer-Encoding: chunked\r\nContent-Length: 8\r\n\r\n"
    )


def test_chunks_are_kept_where_that_is_asked_for() -> None:
    answer = answer_to(HEAD + CHUNKS + b"HTTP/1.1 next", TransferCoding.AS_RECEIVED)

    assert (answer.head, answer.body) == (HEAD, CHUNKS)


@pytest.mark.parametrize("coding", TransferCoding)
def test_without_chunks_both_codings_store_the_same(coding: TransferCoding) -> None:
    received = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

    answer = answer_to(received + b"more", coding)
    assert (answer.head + answer.body, answer.cut, answer.status) == (received, "", 200)


@pytest.mark.parametrize("coding", TransferCoding)
def test_a_body_without_its_last_chunk_is_cut(coding: TransferCoding) -> None:
    assert answer_to(HEAD + CHUNKS[:12], coding).cut == "disconnect"


@pytest.mark.parametrize("coding", TransferCoding)
def test_an_answer_to_head_has_no_body_whatever_its_head_says(coding: TransferCoding) -> None:
    answer = answer_to(HEAD, coding, method="HEAD")

    assert (answer.head, answer.body, answer.cut) == (HEAD, b"", "")


@pytest.mark.parametrize("received", [b"", b"hello", b"HTTP/1.1 200 OK\r\n", b"SSH-2.0 200\r\n\r\n"])
def test_what_has_no_whole_head_is_no_answer(received: bytes) -> None:
    log = make_log()
    log.received[:] = received

    assert read_answer(log) is None


@pytest.mark.parametrize(
    ("received", "cut", "is_orderly", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nOrla", "", False, "disconnect"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nOrla", "time", False, "time"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nOrla", "", True, ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nOrla\n", "", False, ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nOrla\n", "length", True, "length"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nOrla", "disconnect", False, ""),
        (b"HTTP/1.1 200 OK\r\n\r\nOrla", "", False, ""),
        (b"HTTP/1.1 200 OK\r\n\r\nOrla", "disconnect", False, "disconnect"),
        (b"HTTP/1.1 200 OK\r\n\r\nOrla\n", "time", False, ""),
    ],
)
def test_an_answer_is_cut_unless_its_length_or_its_content_says_that_it_is_whole(
    received: bytes, cut: Cut, is_orderly: bool, expected: str
) -> None:
    log = make_log()
    log.received[:], log.cut, log.is_orderly = received, cut, is_orderly
    message = read_message(log)
    assert message is not None
    assert message.cut == expected
    assert message.status == 200
    assert bool(message.flaw) is (bool(expected) or b"9" in received)


def test_a_message_keeps_the_form_of_its_body_that_its_record_has() -> None:
    log = make_log()
    log.received[:] = HEAD + CHUNKS
    message = read_message(log)
    assert message is not None
    assert message.to_store(TransferCoding.AS_RECEIVED) is message
    stored = message.to_store(TransferCoding.DECODED)
    assert (stored.body.raw, stored.body.payload, stored.head) == (b"", b"Le port.", HEAD)
    log.settle(stored)
    assert read_message(log) is stored


@pytest.mark.parametrize("more", [-5, -4, -3, 0, 1, MAX_HEAD_BYTES])
def test_a_head_is_found_wherever_it_ends_in_a_long_answer(more: int) -> None:
    head = b"HTTP/1.1 200 OK\r\nX: ".ljust(2 * MAX_HEAD_BYTES + more, b"x") + b"\r\n\r\n"
    body = b"Orla " * 1000
    answer = answer_to(head + body)
    assert (answer.head, answer.body) == (head, body)
