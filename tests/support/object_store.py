"""An object store on loopback (moto's server), behind a gate that can fail in all the ways in which one does."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import pytest
from moto.server import ThreadedMotoServer

HEADS = ("connection", "transfer-encoding", "content-length")
"""Fields that say how a message is framed: the gate frames its answers itself."""

EXPIRED = (
    b"<?xml version='1.0'?><Error><Code>%b</Code><Message>The provided token has expired.</Message></Error>"
)


class Fault(Enum):
    """What goes wrong with one request."""

    REFUSED = auto()
    """The connection ends without an answer."""
    CUT = auto()
    """The answer ends in the middle; what was sent does not reach the store."""
    WRONG = auto()
    """The last byte of the answer is another one."""
    EXPIRED = auto()
    UNKNOWN_KEY = auto()
    BROKEN = auto()
    """The server says that it has an error."""
    HELD = auto()
    """No answer comes until the gate lets go."""


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    """With its query."""
    heads: dict[str, str]


@dataclass
class ObjectStore:
    """The store, what it was asked, and what goes wrong with it from now on."""

    endpoint: str
    requests: list[Asked] = field(default_factory=list)
    fault_of: Callable[[Asked], Fault | None] = lambda _: None
    """Which fault a request meets."""
    held: threading.Event = field(default_factory=threading.Event)
    """Set when a request is held."""
    let_go: threading.Event = field(default_factory=threading.Event)

    @property
    def environment(self) -> dict[str, str]:
        """By what programs find the store."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "AKTEST",
            "AWS_SECRET_ACCESS_KEY": "not-a-secret",
            "AWS_REGION": "us-east-1",
        }

    def use(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let this process find the store, with nothing wrong and nothing asked so far."""
        for name, value in self.environment.items():
            monkeypatch.setenv(name, value)
        self.recovers()
        self.requests.clear()
        self.held.clear()
        self.let_go.clear()

    def fails(self, fault: Fault, *methods: str, of: str = "") -> None:
        """Let requests by some methods (all if none is named) whose path has `of` in it meet a fault."""
        self.fault_of = lambda asked: (
            fault if (not methods or asked.method in methods) and of in asked.path else None
        )

    def recovers(self) -> None:
        """Let nothing go wrong any more."""
        self.fault_of = lambda _: None
        self.let_go.set()

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Ask the store directly, as another program does."""
        host = self.endpoint.removeprefix("http://")
        connection = HTTPConnection(host, timeout=30)
        try:
            # moto does not look at signatures, only for whose account it is asked.
            heads = {"Authorization": "AWS4-HMAC-SHA256 Credential=AKTEST/20260101/us-east-1/s3/aws4_request"}
            connection.request(method, path, body, heads)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def make_bucket(self, name: str) -> None:
        status, said = self.ask("PUT", f"/{name}")
        assert status == 200, said

    def put(self, path: str, body: bytes) -> None:
        status, said = self.ask("PUT", path, body)
        assert status == 200, said


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    """Run a store for this block."""
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    gate = ThreadingHTTPServer(("127.0.0.1", 0), _Gate)
    gate.daemon_threads = True
    store = ObjectStore(f"http://127.0.0.1:{gate.server_port}")
    gate.store, gate.behind = store, f"{host}:{port}"  # type: ignore[attr-defined]
    thread = threading.Thread(target=gate.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield store
    finally:
        store.recovers()
        gate.shutdown()
        gate.server_close()
        moto.stop()


class _Gate(BaseHTTPRequestHandler):
    """Hands requests on, unless a fault is due."""

    protocol_version = "HTTP/1.1"

    def handle_one_request(self) -> None:
        with suppress(ConnectionError):  # a client that was killed
            super().handle_one_request()

    def do_GET(self) -> None:
        store: ObjectStore = self.server.store  # type: ignore[attr-defined]
        asked = Asked(self.command, self.path, {name.lower(): value for name, value in self.headers.items()})
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        store.requests.append(asked)
        fault = store.fault_of(asked)
        if fault is Fault.HELD:
            store.held.set()
            store.let_go.wait(60)
        if fault is Fault.REFUSED or (fault is Fault.CUT and body):
            self.close_connection = True
        elif fault in _SAID:
            self._answer(*_SAID[fault], [], fault)
        else:
            answer, said = self._behind(body)
            fields = [(name, value) for name, value in answer.getheaders() if name.lower() not in HEADS]
            length = answer.getheader("Content-Length") if self.command == "HEAD" else None
            self._answer(answer.status, said, fields, fault, length)

    do_PUT = do_POST = do_HEAD = do_DELETE = do_GET

    def _behind(self, body: bytes) -> tuple[HTTPResponse, bytes]:
        connection = HTTPConnection(self.server.behind, timeout=60)  # type: ignore[attr-defined]
        try:
            connection.request(self.command, self.path, body, dict(self.headers.items()))
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def _answer(
        self,
        status: int,
        body: bytes,
        fields: list[tuple[str, str]],
        fault: Fault | None,
        length: str | None = None,
    ) -> None:
        self.send_response_only(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", length or str(len(body)))
        self.end_headers()
        if fault is Fault.WRONG and body:
            body = body[:-1] + bytes([body[-1] ^ 1])
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if fault is Fault.CUT else body)
        self.close_connection = self.close_connection or fault is Fault.CUT

    def log_message(self, *_: object) -> None:
        """The tests read `requests`."""


_SAID: dict[Fault | None, tuple[int, bytes]] = {
    Fault.EXPIRED: (403, EXPIRED % b"ExpiredToken"),
    Fault.UNKNOWN_KEY: (403, EXPIRED % b"InvalidAccessKeyId"),
    Fault.BROKEN: (503, EXPIRED % b"SlowDown"),
}
