"""Why a request got no answer, or no whole one: Scrapy's exception for it, with a sentence that people understand."""

from collections.abc import Mapping

from OpenSSL.SSL import Error as TlsError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    UnsupportedURLSchemeError,
)
from service_identity import VerificationError
from twisted.internet import error as tx
from twisted.internet.defer import CancelledError
from twisted.web._newclient import RequestNotSent, ResponseNeverReceived
from twisted.web.error import SchemeNotSupported

from archive.errors import words_of
from archive.warc.http import HeadTooLarge, NotHttp

_Known = Mapping[type[BaseException], tuple[type[Exception], str]]

_KNOWN: _Known = {  # the more special kind before the general one
    NotHttp: (DownloadFailedError, ""),
    HeadTooLarge: (DownloadCancelledError, ""),
    tx.DNSLookupError: (CannotResolveHostError, ""),
    tx.UnknownHostError: (CannotResolveHostError, "The name of the host is unknown"),
    tx.ConnectionRefusedError: (DownloadConnectionRefusedError, "The server refused the connection"),
    tx.TCPTimedOutError: (DownloadTimeoutError, "The server did not accept a connection in time"),
    tx.TimeoutError: (DownloadTimeoutError, "The server did not accept a connection in time"),
    tx.NoRouteError: (DownloadFailedError, "No way leads to the server's network"),
    tx.ConnectError: (DownloadFailedError, "No connection to the server could be opened"),
    tx.ConnectingCancelledError: (DownloadTimeoutError, "The server did not accept a connection in time"),
    tx.ConnectionDone: (
        DownloadFailedError,
        "The server closed the connection within the head of its answer",
    ),
    tx.ConnectionAborted: (DownloadFailedError, "The connection was cut off"),
    tx.ConnectionLost: (DownloadFailedError, "The connection broke"),
    tx.CertificateError: (DownloadFailedError, "The server's certificate is not valid"),
    VerificationError: (DownloadFailedError, "The server's certificate is that of another host"),
    RequestNotSent: (DownloadFailedError, "The connection was closed before the request was sent"),
    SchemeNotSupported: (UnsupportedURLSchemeError, "The URL is neither http nor https"),
    UnicodeError: (CannotResolveHostError, "The name of the host is none that can be looked up"),
}
"""What Twisted, the libraries below it and our reading of heads raise; without a sentence it has one already."""


_OF_HTTP_2: Mapping[str, str] = {
    "InvalidNegotiatedProtocol": "The server does not speak HTTP/2",
    "InactiveStreamClosed": "The connection was closed before the request was sent",
    "InvalidHostname": "The connection is for another host",
    "ProtocolError": "The server broke the rules of HTTP/2",
    "RemoteTerminatedConnection": "The server ended the HTTP/2 connection",
}
"""By the names of exceptions whose package is not always installed."""


def download_error(error: Exception, max_bytes: int = 0) -> Exception:
    """Scrapy's exception for what a download handler or a library below it raised; any other one is returned as it is.

    `max_bytes`: the limit of the body's size, beyond which Scrapy cancels a download without a word.
    """
    cause = _cause(error)
    if isinstance(cause, TlsError):
        return DownloadFailedError(f"TLS failed: {_tls_reason(cause)}")
    if isinstance(cause, (CancelledError, DownloadCancelledError)):
        limit = f"The answer is larger than {max_bytes} bytes" if max_bytes else "The download was cancelled"
        return DownloadCancelledError(limit)
    if _is_silence(error) and isinstance(cause, tx.ConnectionClosed):
        return DownloadFailedError("The server closed the connection without an answer")
    if sentence := _OF_HTTP_2.get(type(cause).__name__):
        return DownloadFailedError(sentence)
    for kind, (scrapys, sentence) in _KNOWN.items():
        if isinstance(cause, kind):
            return scrapys(sentence or str(cause))
    if isinstance(cause, DownloadFailedError):
        return cause
    return DownloadFailedError(_words(cause)) if isinstance(cause, OSError) or cause is not error else error


def _cause(error: BaseException) -> BaseException:
    """What an exception of Twisted's wraps, or one of Scrapy's was raised from; else itself."""
    reasons = getattr(error, "reasons", None)
    if reasons:
        reason = getattr(reasons[0], "value", reasons[0])
        # Scrapy's HTTP/2 makes failures out of words.
        return _cause(reason) if isinstance(reason, BaseException) else DownloadFailedError(str(reason))
    wrapped = error.__cause__
    if isinstance(error, DownloadFailedError) and wrapped is not None:
        return _cause(wrapped)
    return error


def _is_silence(error: BaseException) -> bool:
    return isinstance(error, ResponseNeverReceived) or isinstance(error.__cause__, ResponseNeverReceived)


def _tls_reason(error: TlsError) -> str:
    """OpenSSL's words for what went wrong: `certificate verify failed`."""
    reasons = error.args[0] if error.args and isinstance(error.args[0], list) else []
    words = ", ".join(str(reason[-1]) for reason in reasons if reason[-1])
    return words or "the connection ended during the handshake"


def _words(error: BaseException) -> str:
    """What the system says, or what the exception that nobody foresaw is called."""
    if isinstance(error, OSError) and error.strerror:
        return f"The system refused the connection: {error.strerror}"
    return f"The request failed ({words_of(error)})"
