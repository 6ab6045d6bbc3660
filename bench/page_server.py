"""Serves pages and feeds that name them on several loopback hosts, from a process of its own."""

import asyncio
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from bench.pages import ServedPage

HOSTS = tuple(f"127.0.0.{number}" for number in range(1, 17))


@contextmanager
def served(pages: Sequence[ServedPage], folder: Path) -> Iterator[Path]:
    """A file with the addresses of the feeds, one for each host, that name all the pages."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("fork").Process(target=_run, args=(pages, theirs), daemon=True)
    server.start()
    port = ours.recv()
    feeds = folder / "feeds.txt"
    feeds.write_text("".join(f"http://{host}:{port}/feed/{number}\n" for number, host in enumerate(HOSTS)))
    try:
        yield feeds
    finally:
        server.terminate()
        server.join()


def _run(pages: Sequence[ServedPage], to_parent: Connection) -> None:
    asyncio.run(_serve(pages, to_parent))


async def _serve(pages: Sequence[ServedPage], to_parent: Connection) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            writer.write(_answer(head.split(" ")[1], pages))
            await writer.drain()
        writer.close()

    # One server on all loopback addresses: a client finds the same pages at each.
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    others = [await asyncio.start_server(answer, host, port) for host in HOSTS[1:]]
    to_parent.send(port)
    async with server:
        await asyncio.gather(*(each.serve_forever() for each in (server, *others)))


async def _head(reader: asyncio.StreamReader) -> str:
    """The first line of a request; empty at the end of the connection."""
    try:
        return (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[0]
    except (asyncio.IncompleteReadError, ConnectionError):
        return ""


def _answer(path: str, pages: Sequence[ServedPage]) -> bytes:
    match path.strip("/").split("/"):
        case ["p", number]:
            page = pages[int(number)]
            return _response(page.body, page.content_type)
        case ["feed", number]:
            return _response(_feed(range(int(number), len(pages), len(HOSTS))), "application/rss+xml")
        case _:
            return _response(b"", "text/plain")


def _feed(numbers: Sequence[int]) -> bytes:
    items = "".join(f"<item><title>Story {each}</title><link>/p/{each}</link></item>" for each in numbers)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()


def _response(body: bytes, content_type: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
