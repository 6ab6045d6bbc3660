"""What passed over a connection for one request: filled by the capture, read by the writer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Literal

Cut = Literal["", "length", "time", "disconnect"]
"""Why an answer is not whole, as WARC-Truncated says it (WARC 1.1, 5.13)."""


@dataclass(frozen=True, slots=True)
class TlsSession:
    """The result of a TLS handshake, in OpenSSL's names: `TLSv1.3`, `TLS_AES_256_GCM_SHA384`."""

    version: str
    cipher: str


@dataclass(slots=True)
class ExchangeLog:
    """The bytes of one exchange and its circumstances; `url` has no fragment."""

    url: str
    method: str
    max_received: int = 0
    """Bytes after which the connection is cut; 0 means no limit."""
    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime = field(default_factory=lambda: datetime.now(UTC))
    sent: bytearray = field(default_factory=bytearray)
    received: bytearray = field(default_factory=bytearray)
    """What came; the answer's head and body no longer, once they lie apart."""
    head: bytes = b""
    """Head of the final answer; empty until its body lies apart."""
    body: BytesIO = field(default_factory=BytesIO, repr=False)
    """What came behind that head: of its value there is no second copy."""
    address: IPv4Address | IPv6Address | None = None
    tls: TlsSession | None = None
    protocol: str = "http/1.1"
    """As WARC-Protocol says it: `http/1.1`, `h2`."""
    is_reconstructed: bool = False
    """`sent` and `received` were made from request and response objects, not from the wire."""
    attempts: int = 0
    masks: Callable[[bytes], bytes] | None = field(default=None, repr=False)
    """Takes out of the request what no record may hold; `archive.warc.secrets`."""
    is_unverified: bool = False
    """The certificate was not verified."""
    is_orderly: bool = False
    """The server itself ended the connection, and did so in order."""
    error: str = ""
    """Why there is no answer, or no whole one."""
    cut: Cut = ""
    is_loss_accepted: bool = False
    """The crawl takes the answer although it is not whole (Scrapy's DOWNLOAD_FAIL_ON_DATALOSS)."""
    is_closed: bool = False
    settled: object = field(default=None, repr=False)
    """The answer as `archive.warc.response` read it, in the place of the bytes; None until then, or without one."""
    settled_bytes: int = 0
    on_received: Callable[[int, Any], None] | None = field(default=None, repr=False)
    """Called with the size of each piece that comes, and with its connection."""

    def begin(self, address: IPv4Address | IPv6Address, tls: TlsSession | None) -> None:
        """Start anew on a connection: Twisted repeats a request if a pooled connection was dead."""
        self.attempts += 1
        self.began = datetime.now(UTC)
        self.address, self.tls = address, tls
        self.is_orderly = False
        self.sent.clear()
        self._clear()

    def begin_reconstructed(self, request: bytes) -> None:
        """Start without a connection: the bytes are made from request and response objects."""
        self.is_reconstructed = True
        self.attempts = 1
        self.began = datetime.now(UTC)
        self.sent += request

    def receive(self, data: bytes) -> None:
        """Add bytes of the answer, until the log is closed."""
        if self.is_closed:
            return
        if self.head:
            self.body.write(data)
        else:
            self.received += data

    def begin_body(self, head: bytes, rest: bytes) -> None:
        """Take the head of the final answer, and what has come behind it, out of what was received."""
        del self.received[len(self.received) - len(head) - len(rest) :]
        self.head = head
        self.body.write(rest)

    def close(self, error: BaseException | None = None, cut: Cut = "") -> None:
        """Note the end; what the connection delivers later is not part of the exchange."""
        self.ended = datetime.now(UTC)
        self.cut = cut
        self.is_closed = True
        self.on_received = None
        if error is not None:
            self.fail(error)

    def fail(self, error: BaseException) -> None:
        """Note why there is no answer, or no whole one."""
        self.error = f"{type(error).__name__}: {error}"

    def settle(self, message: object) -> None:
        """Keep the answer as it was read instead of the bytes, of which half would be held twice."""
        if message is not None:
            self.settled, self.settled_bytes = message, self.received_bytes
            self._clear()

    def forget(self) -> None:
        """Let the bytes go: a connection that is kept for further requests refers to the log of its last one."""
        self.settled_bytes += self.received_bytes
        self.settled = None
        self._clear()

    def _clear(self) -> None:
        self.received, self.head, self.body = bytearray(), b"", BytesIO()

    @property
    def size(self) -> int:
        """How many bytes passed."""
        return len(self.sent) + self.received_bytes + self.settled_bytes

    @property
    def received_bytes(self) -> int:
        """How many bytes of the answer are held as they came."""
        return len(self.received) + len(self.head) + self.body.tell()

    @property
    def is_overfull(self) -> bool:
        """Whether more bytes came than are allowed."""
        return 0 < self.max_received < self.received_bytes

    @property
    def was_sent(self) -> bool:
        """Whether the request left this machine: until the handshake TLS holds it back."""
        is_free = self.is_reconstructed or not self.url.startswith("https:")
        return bool(self.sent) and (is_free or self.tls is not None)
