"""Serves a site on loopback: HTTP/1.1 with validators, content coding and, for some sites, chunks."""

import gzip
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket

from crawler.demo.rendering import Answer, SiteRenderer

HOST = "127.0.0.1"

_CHUNK_BYTES = 4096
_POLL_S = 0.02

Note = Callable[[str, str, int, bytes], None]
"""Called for each response with method, target, status, and the body without transfer coding."""


class SiteServer(ThreadingHTTPServer):
    """One site on loopback, until `stop`."""

    daemon_threads = True

    def __init__(
        self, renderer: SiteRenderer, port: int, note: Note, *, compress: bool, chunked: bool
    ) -> None:
        self.renderer = renderer
        self.note = note
        self.compress = compress
        self.chunked = chunked
        self._connections: set[socket] = set()
        self._lock = threading.Lock()
        super().__init__((HOST, port), SiteHandler)
        self._thread = threading.Thread(target=self.serve_forever, args=(_POLL_S,), daemon=True)

    @property
    def url(self) -> str:
        """The base URL, without a trailing slash."""
        return f"http://{HOST}:{self.server_port}"

    def start(self) -> None:
        """Serve, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Close the port, and the connections that clients keep alive."""
        self.shutdown()
        self.server_close()
        self._thread.join()
        with self._lock:
            for connection in self._connections:
                _hang_up(connection)

    def process_request(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        assert isinstance(request, socket)
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket | tuple[bytes, socket]) -> None:
        assert isinstance(request, socket)
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: socket | tuple[bytes, socket], client_address: object) -> None:
        # Clients may disconnect within a response; every other failure in a thread is shown.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class SiteHandler(BaseHTTPRequestHandler):
    """Answers GET and HEAD."""

    server: SiteServer
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    # Header and body are sent one after the other: by Nagle's algorithm the body would wait for the client's ACK.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: `Newsroom.requests` lists the requests."""

    def _answer(self) -> None:
        base = f"http://{self.headers['Host']}" if "Host" in self.headers else self.server.url
        answer = self.server.renderer.answer(self.path.partition("?")[0], base)
        body, coding = self._encode(answer)
        etag = f'{answer.etag[:-1]}-{coding}"' if coding else answer.etag
        status = 304 if answer.status == 200 and self._has_fresh_copy(answer, etag) else answer.status
        self.server.note(self.command, self.path, status, body)
        self.send_response(status)
        for name, value in self._validators(answer, etag):
            self.send_header(name, value)
        if status != 304:
            for name, value in self._describe(answer, coding, len(body)):
                self.send_header(name, value)
        self.end_headers()
        if self.command == "GET" and status != 304:
            self.wfile.write(_chunk(body) if self._is_chunked() else body)

    def _encode(self, answer: Answer) -> tuple[bytes, str]:
        is_gzip_file = answer.content_type == "application/gzip"
        if self.server.compress and not is_gzip_file and "gzip" in self.headers.get("Accept-Encoding", ""):
            return gzip.compress(answer.body, mtime=0), "gzip"
        return answer.body, ""

    def _has_fresh_copy(self, answer: Answer, etag: str) -> bool:
        """Whether the client's copy is fresh; an entity tag has precedence over a date (RFC 9110, 13.2.2)."""
        if tags := self.headers.get("If-None-Match"):
            return etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        since = self.headers.get("If-Modified-Since")
        return since is not None and answer.modified is not None and answer.modified <= _read_http_date(since)

    def _validators(self, answer: Answer, etag: str) -> Iterator[tuple[str, str]]:
        """Fields that a 304 carries too (RFC 9110, 15.4.5)."""
        if answer.status == 200:
            yield "ETag", etag
            if answer.modified is not None:
                yield "Last-Modified", format_datetime(answer.modified.astimezone(UTC), usegmt=True)
        if self.server.compress:
            yield "Vary", "Accept-Encoding"
        yield from answer.headers.items()

    def _describe(self, answer: Answer, coding: str, length: int) -> Iterator[tuple[str, str]]:
        yield "Content-Type", answer.content_type
        if coding:
            yield "Content-Encoding", coding
        if self._is_chunked():
            yield "Transfer-Encoding", "chunked"
        else:
            yield "Content-Length", str(length)

    def _is_chunked(self) -> bool:
        return self.server.chunked and self.request_version == "HTTP/1.1"


def _chunk(body: bytes) -> bytes:
    """The body in the chunked transfer coding (RFC 9112, 7.1)."""
    pieces = [body[start : start + _CHUNK_BYTES] for start in range(0, len(body), _CHUNK_BYTES)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in [*pieces, b""])


def _read_http_date(text: str) -> datetime:
    """A time from a header; one that cannot be parsed counts as long past, so that the whole response is sent."""
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _hang_up(connection: socket) -> None:
    try:
        connection.shutdown(SHUT_RDWR)
    except OSError:
        return  # the client has closed it already
