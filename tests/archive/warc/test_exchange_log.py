"""What a log of an exchange holds, and how much of it."""

from ipaddress import ip_address

import pytest

from archive.warc.exchange_log import ExchangeLog

ADDRESS = ip_address("198.51.100.7")
HEAD, BODY = b"HTTP/1.1 200 OK\r\n\r\n", b"<p>Orla"


def begun(url: str = "http://news.example/", max_received: int = 0) -> ExchangeLog:
    log = ExchangeLog(url, "GET")
    log.max_received = max_received
    log.begin(ADDRESS, None)
    log.sent += b"GET / HTTP/1.1\r\n\r\n"
    return log


def test_every_byte_that_passes_counts_wherever_it_is_kept() -> None:
    log = begun()
    log.receive(b"HTTP/1.1 100 Go\r\n\r\n" + HEAD + BODY)
    sent, received = len(log.sent), log.received_bytes
    assert log.size == sent + received
    log.begin_body(HEAD, BODY)
    assert (bytes(log.received), log.head, log.body.getvalue()) == (b"HTTP/1.1 100 Go\r\n\r\n", HEAD, BODY)
    assert log.received_bytes == received
    log.receive(b" Tarn")
    assert log.body.getvalue() == BODY + b" Tarn"
    assert log.size == sent + received + 5

    log.settle(None)
    assert log.received_bytes == received + 5
    log.settle("what was read")
    assert (log.received_bytes, log.settled, log.size) == (0, "what was read", sent + received + 5)
    log.forget()
    assert (log.settled, log.size) == (None, sent + received + 5)


def test_what_is_forgotten_before_it_was_read_counts_too() -> None:
    log = begun()
    log.receive(HEAD)
    size = log.size
    log.forget()
    assert (log.received_bytes, log.size) == (0, size)


def test_after_its_end_nothing_is_taken_and_the_error_is_kept() -> None:
    log = begun()
    log.receive(HEAD)
    log.close(OSError("reset"), "disconnect")
    log.receive(BODY)
    assert (bytes(log.received), log.cut, log.error, log.is_closed) == (
        HEAD,
        "disconnect",
        "OSError: reset",
        True,
    )
    assert log.ended is not None
    assert log.on_received is None
    whole = begun()
    whole.close()
    assert (whole.cut, whole.error) == ("", "")


def test_another_connection_begins_anew() -> None:
    log = begun()
    log.is_orderly = True
    log.receive(HEAD + BODY)
    log.begin_body(HEAD, BODY)
    first = log.began
    log.begin(ip_address("198.51.100.8"), None)
    assert (log.attempts, log.address, log.is_orderly) == (2, ip_address("198.51.100.8"), False)
    assert bytes(log.sent + log.received) + log.head + log.body.getvalue() == b""
    assert log.began >= first


@pytest.mark.parametrize(("most", "is_overfull"), [(0, False), (25, True), (26, False), (27, False)])
def test_more_bytes_than_allowed_are_too_many(most: int, is_overfull: bool) -> None:
    log = begun(max_received=most)
    log.receive(HEAD + BODY)
    assert log.received_bytes == 26
    assert log.is_overfull is is_overfull


def test_until_the_handshake_a_request_over_tls_is_not_sent() -> None:
    assert begun().was_sent
    assert not begun("https://news.example/").was_sent
    unsent = begun()
    unsent.sent.clear()
    assert not unsent.was_sent
    made = ExchangeLog("https://news.example/", "GET")
    made.begin_reconstructed(b"GET / HTTP/1.1\r\n\r\n")
    assert made.was_sent
    assert (made.attempts, made.is_reconstructed) == (1, True)
