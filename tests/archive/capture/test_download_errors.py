"""Whatever ends a download is one of Scrapy's exceptions, with a sentence that people understand."""

import re
from typing import Any

import pytest
from OpenSSL.SSL import Error as TlsError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    UnsupportedURLSchemeError,
)
from service_identity import VerificationError
from twisted.internet import error as twisted_errors
from twisted.internet.defer import CancelledError
from twisted.python.failure import Failure
from twisted.web._newclient import (
    RequestGenerationFailed,
    RequestNotSent,
    RequestTransmissionFailed,
    ResponseFailed,
    ResponseNeverReceived,
)
from twisted.web.error import SchemeNotSupported
from twisted.web.http import _DataLoss

from archive.capture.answer_parser import BrokenFraming
from archive.capture.download_errors import download_error
from archive.warc.http import HeadTooLarge, NotHttp

tx: Any = twisted_errors


def wrapped(kind: Any, *errors: BaseException) -> Any:
    return kind([Failure(error) for error in errors])  # type: ignore[no-untyped-call]


def unwrapped(reason: object) -> Any:
    """As Scrapy's HTTP/2 makes it."""
    return ResponseFailed([reason])  # type: ignore[no-untyped-call]


def named(name: str) -> BaseException:
    """An exception of a package that is not always installed."""
    return type(name, (Exception,), {})("b'h2'")  # type: ignore[no-any-return]


UNTRUSTED = TlsError([("SSL routines", "", "certificate verify failed")])
ERRORS: list[tuple[Exception, type[Exception], str]] = [
    (wrapped(ResponseNeverReceived, tx.ConnectionDone()), DownloadFailedError, "without an answer"),
    (wrapped(ResponseNeverReceived, tx.ConnectionLost()), DownloadFailedError, "without an answer"),
    (wrapped(ResponseNeverReceived, UNTRUSTED), DownloadFailedError, "TLS failed: certificate verify failed"),
    (wrapped(ResponseFailed, tx.ConnectionDone()), DownloadFailedError, "within the head"),
    (wrapped(ResponseFailed, tx.ConnectionLost(), _DataLoss()), DownloadFailedError, "connection broke"),
    (
        wrapped(ResponseFailed, NotHttp("The server sent a riddle")),
        DownloadFailedError,
        "The server sent a riddle",
    ),
    (wrapped(ResponseFailed, HeadTooLarge("A head of 9 MB")), DownloadCancelledError, "A head of 9 MB"),
    (wrapped(ResponseFailed, BrokenFraming("x")), DownloadFailedError, "request failed (broken framing)"),
    (
        wrapped(ResponseFailed, wrapped(ResponseFailed, tx.ConnectionAborted())),
        DownloadFailedError,
        "cut off",
    ),
    (wrapped(RequestTransmissionFailed, tx.ConnectionLost()), DownloadFailedError, "connection broke"),
    (
        wrapped(RequestGenerationFailed, ValueError("b'\\n'")),
        DownloadFailedError,
        "request failed (value error)",
    ),
    (RequestNotSent(), DownloadFailedError, "before the request was sent"),
    (UNTRUSTED, DownloadFailedError, "certificate verify failed"),
    (TlsError([]), DownloadFailedError, "during the handshake"),
    (TlsError(), DownloadFailedError, "during the handshake"),
    (TlsError("ssl"), DownloadFailedError, "during the handshake"),
    (VerificationError(errors=[]), DownloadFailedError, "another host"),
    (tx.CertificateError(), DownloadFailedError, "certificate"),
    (tx.DNSLookupError("no address for orla.example"), CannotResolveHostError, "no address for orla.example"),
    (tx.UnknownHostError(), CannotResolveHostError, "unknown"),
    (UnicodeError("label too long"), CannotResolveHostError, "looked up"),
    (tx.ConnectionRefusedError(111), DownloadConnectionRefusedError, "refused"),
    (tx.TCPTimedOutError(110), DownloadTimeoutError, "in time"),
    (tx.TimeoutError(), DownloadTimeoutError, "in time"),
    (tx.ConnectingCancelledError(None), DownloadTimeoutError, "in time"),
    (tx.NoRouteError(113), DownloadFailedError, "No way"),
    (tx.ConnectError(99, "odd"), DownloadFailedError, "No connection"),
    (OSError(24, "Too many open files"), DownloadFailedError, "Too many open files"),
    (OSError(), DownloadFailedError, "request failed (os error)"),
    (SchemeNotSupported("gopher"), UnsupportedURLSchemeError, "neither http nor https"),
    (
        wrapped(ResponseFailed, named("InvalidNegotiatedProtocol")),
        DownloadFailedError,
        "does not speak HTTP/2",
    ),
    (wrapped(ResponseFailed, named("ProtocolError")), DownloadFailedError, "broke the rules of HTTP/2"),
    (
        unwrapped(named("RemoteTerminatedConnection")),
        DownloadFailedError,
        "ended the HTTP/2 connection",
    ),
    (unwrapped("The peer sent RST_STREAM"), DownloadFailedError, "peer sent RST"),
    (CancelledError(), DownloadCancelledError, "larger than 900 bytes"),
    (
        DownloadCancelledError("Received 901 bytes in request <GET http://a>"),
        DownloadCancelledError,
        "900 bytes",
    ),
]


@pytest.mark.parametrize(
    ("error", "kind", "words"), ERRORS, ids=[f"{type(each[0]).__name__} {each[2]}" for each in ERRORS]
)
def test_each_end_has_a_sentence(error: Exception, kind: type[Exception], words: str) -> None:
    told = download_error(error, 900)
    assert type(told) is kind
    assert words in str(told)
    assert not re.search(r"<|twisted|Failure|object at|\[|b'", str(told))
    assert str(told)[0].isupper() or isinstance(error, tx.DNSLookupError)


@pytest.mark.parametrize("wrapped_error", [each[0] for each in ERRORS if isinstance(each[0], ResponseFailed)])
def test_what_scrapys_own_handler_raises_is_told_alike(wrapped_error: ResponseFailed) -> None:
    scrapys = DownloadFailedError(str(wrapped_error))
    scrapys.__cause__ = wrapped_error

    assert str(download_error(scrapys)) == str(download_error(wrapped_error))


@pytest.mark.parametrize(
    "error",
    [
        IgnoreRequest("no"),
        KeyError("x"),
        ValueError("y"),
        DownloadTimeoutError("took 9 s"),
        DownloadFailedError("z"),
    ],
)
def test_other_exceptions_stay_what_they_are(error: Exception) -> None:
    assert download_error(error) is error


def test_a_download_that_nobody_limits_was_cancelled() -> None:
    assert str(download_error(CancelledError())) == "The download was cancelled"
