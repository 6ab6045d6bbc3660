"""What passed over a connection for one request: plain data, filled by the wire, read by the writer."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Literal

Cut = Literal["", "length", "time", "disconnect"]
"""Why an answer is not whole, in the words of WARC-Truncated (WARC 1.1, 5.13)."""


@dataclass(frozen=True, slots=True)
class TlsSession:
    """What a TLS handshake agreed on, in OpenSSL's names: `TLSv1.3`, `TLS_AES_256_GCM_SHA384`."""

    version: str
    cipher: str


@dataclass(slots=True)
class ExchangeLog:
    """The bytes of one exchange and the circumstances; `url` has no fragment."""

    url: str
    method: str
    max_received: int = 0
    """Bytes after which the connection is cut; 0: no limit."""
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime = field(default_factory=lambda: datetime.now(UTC))
    sent: bytearray = field(default_factory=bytearray)
    received: bytearray = field(default_factory=bytearray)
    address: IPv4Address | IPv6Address | None = None
    tls: TlsSession | None = None
    protocol: str = "http/1.1"
    """In the words of WARC-Protocol: `http/1.1`, `h2`."""
    is_reconstructed: bool = False
    """Whether `sent` and `received` were made from objects that say what passed, not from the wire."""
    attempts: int = 0
    is_unverified: bool = False
    """Nobody checked that the certificate is the host's."""
    error: str = ""
    """Why there is no answer, or not all of it."""
    cut: Cut = ""
    is_closed: bool = False

    def begin(self, address: IPv4Address | IPv6Address, tls: TlsSession | None) -> None:
        """Start on a connection, from nothing: Twisted repeats a request if a pooled connection was dead."""
        self.attempts += 1
        self.began = datetime.now(UTC)
        self.address, self.tls = address, tls
        self.sent.clear()
        self.received.clear()

    def begin_reconstructed(self, request: bytes) -> None:
        """Start without a connection: what follows is made from objects that say what passed."""
        self.is_reconstructed = True
        self.attempts = 1
        self.began = datetime.now(UTC)
        self.sent += request

    def receive(self, data: bytes) -> None:
        """Take bytes of the answer, until the log is closed."""
        if not self.is_closed:
            self.received += data

    def close(self, error: BaseException | None = None, cut: Cut = "") -> None:
        """Note the end; what a connection still delivers after it is not part of the exchange."""
        self.ended = datetime.now(UTC)
        self.error = f"{type(error).__name__}: {error}" if error else ""
        self.cut = cut
        self.is_closed = True

    @property
    def is_overfull(self) -> bool:
        """Whether more came than was allowed."""
        return 0 < self.max_received < len(self.received)

    @property
    def was_sent(self) -> bool:
        """Whether the request left this machine: before the handshake TLS only holds it back."""
        is_free = self.is_reconstructed or not self.url.startswith("https:")
        return bool(self.sent) and (is_free or self.tls is not None)
