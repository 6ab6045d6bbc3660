"""A server on loopback that writes exactly the bytes it is given, and remembers what it read."""

import socket
import socketserver
import ssl
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from io import BufferedIOBase
from ipaddress import ip_address
from pathlib import Path
from time import monotonic

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Then(Enum):
    """What follows an answer."""

    KEEP = "the connection stays open"
    CLOSE = "the connection is closed"
    HANG = "nothing, until the client closes"


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes to write, and what to do after them."""

    data: bytes
    then: Then = Then.KEEP


@dataclass(slots=True)
class Origin:
    """Answers by path; a list is given one by one, its last answer again and again."""

    answers: Mapping[str, Answer | list[Answer]]
    port: int = 0
    scheme: str = "http"
    read: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    """Requests by path, as bytes."""
    moments: list[float] = field(default_factory=list)
    """When each request came, by the monotonic clock."""
    connections: int = 0
    """How many are open."""

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def answer(self, path: str) -> Answer:
        answers = self.answers[path]
        if isinstance(answers, Answer):
            return answers
        return answers[min(len(self.read[path]), len(answers)) - 1]


@contextmanager
def serve(answers: Mapping[str, Answer | list[Answer]], certificate: Path | None = None) -> Iterator[Origin]:
    """Run an origin until the end of the block, over TLS if given a file with key and certificate."""
    origin = Origin(answers, scheme="https" if certificate else "http")

    class Handler(socketserver.StreamRequestHandler):
        timeout = 30

        def handle(self) -> None:
            while request := _read_request(self.rfile):
                origin.moments.append(monotonic())
                path = request.split(b" ", 2)[1].decode()
                origin.read[path].append(request)
                answer = origin.answer(path)
                self.wfile.write(answer.data)
                if answer.then is Then.HANG:
                    self.rfile.read(1)
                if answer.then is not Then.KEEP:
                    return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def get_request(self) -> tuple[socket.socket, str]:
            connection, address = super().get_request()
            connection.settimeout(30)
            with counting:
                origin.connections += 1
            return (context.wrap_socket(connection, server_side=True) if context else connection), address

        def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
            super().shutdown_request(request)
            with counting:
                origin.connections -= 1

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # clients that hang up are what some tests are about

    counting = threading.Lock()
    context = _server_context(certificate) if certificate else None
    with Server(("127.0.0.1", 0), Handler) as server:
        origin.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield origin
        finally:
            server.shutdown()
            thread.join()


def make_certificate(folder: Path) -> Path:
    """A file with a fresh key and its self-signed certificate for 127.0.0.1; a client that is told to may trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "origin.example")])
    now = datetime.now(UTC)
    its = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(its, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "origin.pem"
    path.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    return path


def _read_request(stream: BufferedIOBase) -> bytes:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            return b""
        head += line
    length = next(
        (int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"), 0
    )
    return head + stream.read(length)


def _server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
