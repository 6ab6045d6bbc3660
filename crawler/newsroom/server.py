"""Shows a site on loopback: HTTP/1.1 with validators, content coding and, where a site has the habit, chunks."""

import gzip
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from typing import Any, NamedTuple

from crawler.newsroom.rendering import Answer, SiteRenderer

_CHUNK_BYTES = 4096
_POLL_S = 0.02


class Exchange(NamedTuple):
    """One request and how it was answered."""

    site: str
    method: str
    path: str
    status: int


class SiteServer(ThreadingHTTPServer):
    """One site on 127.0.0.1, until `stop`."""

    daemon_threads = True

    def __init__(
        self,
        renderer: SiteRenderer,
        port: int,
        *,
        compress: bool,
        chunked: bool,
        note: Callable[[str, str, int, bytes], None],
    ) -> None:
        self.renderer = renderer
        self.compress = compress
        self.chunked = chunked
        self.note = note
        """Called after each answer with method, path, status and the body's octets, no transfer coding."""
        self._connections: set[socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), SiteHandler)
        self._thread = threading.Thread(target=self.serve_forever, args=(_POLL_S,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Close the port and the connections that clients keep alive."""
        self.shutdown()
        self.server_close()
        self._thread.join()
        with self._lock:
            for connection in self._connections:
                _hang_up(connection)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)


class SiteHandler(BaseHTTPRequestHandler):
    """Answers GET and HEAD."""

    server: SiteServer
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    # Head and body leave in one piece each: without this the second would wait for the client's ACK.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: requests are counted in `Newsroom.requests`."""

    def _answer(self) -> None:
        base = f"http://{self.headers.get('Host') or self.server.url.removeprefix('http://')}"
        answer = self.server.renderer.answer(self.path.partition("?")[0], base)
        body, coding = self._content(answer)
        etag = f'{answer.etag[:-1]}-{coding}"' if coding else answer.etag
        status = 304 if answer.status == 200 and self._is_fresh(answer, etag) else answer.status
        if status == 304:
            body = b""
        self.server.note(self.command, self.path, status, body)
        self.send_response(status)
        for name, value in self._fields(answer, status, etag, coding, len(body)):
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET" and status != 304:
            self._send(body)

    def _content(self, answer: Answer) -> tuple[bytes, str]:
        accepted = "gzip" in self.headers.get("Accept-Encoding", "")
        packed = answer.content_type.startswith("application/gzip")
        if self.server.compress and accepted and not packed:
            return gzip.compress(answer.body, mtime=0), "gzip"
        return answer.body, ""

    def _is_fresh(self, answer: Answer, etag: str) -> bool:
        """True if the client's copy is still good; an entity tag outweighs a date (RFC 9110, 13.2.2)."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        since = self.headers.get("If-Modified-Since")
        return since is not None and answer.modified is not None and answer.modified <= _http_date(since)

    def _fields(
        self, answer: Answer, status: int, etag: str, coding: str, length: int
    ) -> Iterator[tuple[str, str]]:
        if status != 304:
            yield "Content-Type", answer.content_type
        if status in (200, 304):
            yield "ETag", etag
            if answer.modified is not None:
                yield "Last-Modified", _render_http_date(answer)
        if self.server.compress:
            yield "Vary", "Accept-Encoding"
        yield from answer.headers.items()
        if status == 304:
            return
        if coding:
            yield "Content-Encoding", coding
        if self.server.chunked:
            yield "Transfer-Encoding", "chunked"
        else:
            yield "Content-Length", str(length)

    def _send(self, body: bytes) -> None:
        if not self.server.chunked:
            self.wfile.write(body)
            return
        chunks = [body[start : start + _CHUNK_BYTES] for start in range(0, len(body), _CHUNK_BYTES)]
        self.wfile.write(b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in [*chunks, b""]))


def _hang_up(connection: socket) -> None:
    try:
        connection.shutdown(SHUT_RDWR)
    except OSError:
        return  # the client was faster


def _render_http_date(answer: Answer) -> str:
    assert answer.modified is not None
    return format_datetime(answer.modified.astimezone(UTC), usegmt=True)


def _http_date(text: str) -> datetime:
    """A time from a header; one that cannot be read is long past, so that the whole answer is sent."""
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
