"""Hostile hosts on loopback, each with an address of its own, whose answers are streams of bytes."""

import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 600.0
"""How long a host waits for a client that neither reads nor closes."""


@dataclass(frozen=True, slots=True)
class Trap:
    """One hostile answer, and the fates that are right for its URL."""

    path: str
    stream: Callable[[], Iterable[bytes]]
    """All bytes of the answer, head and body, made anew for each request."""
    fates: frozenset[str]
    is_listing: bool = False
    """A run begins with it; else a feed names it."""
    then_hangs: bool = False


def trap(
    path: str,
    body: Callable[[], Iterable[bytes]] | bytes,
    *fates: str,
    content_type: str = "text/html; charset=utf-8",
    is_listing: bool = False,
    then_hangs: bool = False,
    **fields: str,
) -> Trap:
    """An answer with status 200 whose body ends with its connection, or has the length of the given bytes."""
    head = {"Content-Type": content_type, **{name.replace("_", "-"): value for name, value in fields.items()}}
    if isinstance(body, bytes):
        head["Content-Length"] = str(len(body))
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())

    def stream() -> Iterator[bytes]:
        yield f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode()
        yield from [body] if isinstance(body, bytes) else body()

    return Trap(path, stream, frozenset(fates), is_listing, then_hangs)


def raw(path: str, answer: bytes, *fates: str, then_hangs: bool = False) -> Trap:
    """An answer of just these bytes, head included."""
    return Trap(path, lambda: [answer], frozenset(fates), then_hangs=then_hangs)


def drip(piece: bytes, every_s: float = 1.0) -> Iterator[bytes]:
    """The same bytes again and again, for ever."""
    while True:
        yield piece
        time.sleep(every_s)


@dataclass(frozen=True, slots=True)
class Host:
    """One address with its traps."""

    url: str
    traps: Sequence[Trap]

    @property
    def start_urls(self) -> list[str]:
        own = [self.url + each.path for each in self.traps if each.is_listing]
        return [f"{self.url}/feed", *own] if len(own) < len(self.traps) else own

    @property
    def entry(self) -> str:
        """The host in a registry of sources."""
        return (
            f'[[source]]\nid = "{self.url[7:].replace(".", "-").replace(":", "-")}"\nname = "Veld"\n'
            f'homepage = "{self.url}/"\ncountry = "ML"\nlanguages = ["en"]\ntimezone = "UTC"\nkind = "newspaper"\n'
            f"listings = {json.dumps(self.start_urls)}\nmax_pages = {len({*self.fates, *self.start_urls})}\n"
        )

    @property
    def fates(self) -> dict[str, frozenset[str]]:
        """URL -> the fates that are right for it."""
        return {self.url + each.path: each.fates for each in self.traps}


@contextmanager
def open_hosts(groups: Iterable[Sequence[Trap]], sources: Path) -> Iterator[list[Host]]:
    """Serve each group of traps from a host of its own; `sources` becomes a registry of them.

    A source has a limit that is reached with its traps: what hostile listings name beyond them stays pending.
    """
    with ExitStack() as stack:
        hosts = [
            stack.enter_context(_serve(f"127.0.1.{number}", traps))
            for number, traps in enumerate(groups, start=1)
        ]
        sources.write_text("\n".join(host.entry for host in hosts), encoding="utf-8")
        yield hosts


@contextmanager
def _serve(address: str, traps: Sequence[Trap]) -> Iterator[Host]:
    by_path = {each.path: each for each in traps}

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            request = self.rfile.readline()
            while self.rfile.readline().strip():
                pass
            path = request.split(b" ", 2)[1].decode("latin-1") if request.count(b" ") > 1 else ""
            found = by_path.get(path)
            for piece in found.stream() if found else _own_pages(path, traps):
                self.wfile.write(piece)
            if found and found.then_hangs:
                self.rfile.read(1)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True
        request_queue_size = 64

        def get_request(self) -> tuple[object, object]:  # type: ignore[override]
            connection, client = super().get_request()
            connection.settimeout(PATIENCE_S)
            return connection, client

        def handle_error(self, request: object, client_address: object) -> None:
            pass  # the client hung up

    with Server((address, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield Host(f"http://{address}:{server.server_address[1]}", traps)
        finally:
            server.shutdown()
            thread.join()


def _own_pages(path: str, traps: Sequence[Trap]) -> Iterator[bytes]:
    """The feed of a host, which lists its traps; robots.txt, which allows all; no other pages."""
    status, body = "404 Not Found", b""
    if path == "/feed":
        items = "".join(f"<item><link>{each.path}</link></item>" for each in traps if not each.is_listing)
        status, body = "200 OK", f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    yield f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
