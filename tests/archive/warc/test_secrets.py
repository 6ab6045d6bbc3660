"""What a request says that no record may hold is masked there, and found in answers in each form pages give it."""

import gzip

import pytest

from archive.warc.exchange_log import ExchangeLog
from archive.warc.response import read_message
from archive.warc.secrets import Secrets

VALUE = b"s3cret/&value=+1"
SECRETS = Secrets(("Cookie", "X-Key"), (VALUE, b"short", b"eleven-long", b"twelve-bytes"))

REQUEST = (
    b"GET /a HTTP/1.1\r\nHost: news.example\r\ncookie: sid=%s\r\nX-Keyring: a\r\nX-KEY:\r\n\r\nCookie: body"
    % VALUE
)


def echo(head: bytes, body: bytes) -> str:
    log = ExchangeLog("https://news.example/", "GET")
    log.receive(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%s\r\n%s" % (len(body), head, body))
    log.close()
    message = read_message(log)
    assert message is not None
    return SECRETS.echo_in(message)


def test_the_named_fields_are_masked_and_nothing_else_is() -> None:
    assert SECRETS.mask(REQUEST) == (
        b"GET /a HTTP/1.1\r\nHost: news.example\r\ncookie: [masked]\r\nX-Keyring: a\r\n"
        b"X-KEY: [masked]\r\n\r\nCookie: body"
    )


@pytest.mark.parametrize(
    ("head", "body", "where"),
    [
        (b"", b"nothing", ""),
        (b"", b"a %s b" % VALUE, "body"),
        (b"", b"/x?sid=s3cret%2F%26value%3D%2B1", "body"),
        (b"", b"<a>s3cret/&amp;value=+1</a>", "body"),
        (b"Content-Encoding: gzip\r\n", gzip.compress(VALUE, mtime=0), "body"),
        (b"Content-Encoding: gzip\r\n", b"broken " + VALUE, "body"),
        (b"Location: /x?s=%s\r\n" % VALUE, b"", "head"),
        (b"Set-Cookie: sid=%s\r\n" % VALUE, b"", ""),
        (b"X-Short: short\r\n", b"short", ""),
        (b"", b"eleven-long, that may be anything", ""),
        (b"", b"twelve-bytes, that are a secret", "body"),
    ],
)
def test_an_answer_that_repeats_a_value_is_known(head: bytes, body: bytes, where: str) -> None:
    assert echo(head, body) == where


def test_a_value_is_not_shown_by_accident() -> None:
    assert "s3cret" not in repr(SECRETS)
