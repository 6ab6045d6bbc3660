"""A small site on loopback that answers as a test wants, in HTTP or not."""

import sqlite3
from collections import UserDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.origin import Answer, Origin, Then, serve

SETTINGS = {
    "ADDRESS_GUARD_ALLOW": "127.0.0.1",
    "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "OPERATOR": "Test desk, desk@newsroom.example",
    "RELEVANCE_MODE": "off",
}

_PARAGRAPHS = (
    "The militia of {name} opened fire on a convoy near the village of Tarmil on Monday, and the ministry of"
    " defence of Ostrava Republic said that twelve soldiers were hurt.",
    "Residents of {name} described hours of shelling in the night that followed, and many families left for the"
    " south with what they could carry.",
    "The government said that it would send more troops to {name} this week, and promised aid for everyone who"
    " waits at the river crossing.",
)


class Site(UserDict[str, Answer | list[Answer]]):
    """Answers by path; all other paths are 404, robots.txt allows everything."""

    def __init__(self, answers: dict[str, Answer | list[Answer]] | None = None) -> None:
        super().__init__({"/robots.txt": http(b"User-agent: *\nAllow: /\n", "text/plain")} | (answers or {}))

    def __missing__(self, path: str) -> Answer:
        return http(b"<p>No such page.</p>", status="404 Not Found")


def http(
    body: bytes, content_type: str = "text/html; charset=utf-8", *, status: str = "200 OK", **fields: str
) -> Answer:
    """One whole answer in HTTP/1.1; `fields` are further header fields."""
    head = {"Content-Type": content_type, "Content-Length": str(len(body)), **fields}
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in head.items())
    return Answer(f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body)


def paragraphs(name: str) -> tuple[str, ...]:
    """A text that no other name has."""
    return tuple(paragraph.format(name=name) for paragraph in _PARAGRAPHS)


def article(name: str, *more: str, head: str = "") -> Answer:
    """A page with an article of January 2021 that has the text of this name, and more paragraphs."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (*paragraphs(name), *more))
    return http(
        f"<!doctype html><html lang=en><head><title>Shelling near {name}</title>"
        '<meta property="article:published_time" content="2021-01-11T10:00:00+00:00">'
        f"{head}</head><body><article><h1>Shelling near {name}</h1>{text}</article></body></html>".encode()
    )


def feed(urls: Iterable[str]) -> Answer:
    """An RSS feed that lists the URLs in this order."""
    items = "".join(f"<item><title>News</title><link>{url}</link></item>" for url in urls)
    document = f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'
    return http(document.encode(), "application/rss+xml")


def redirect(target: str) -> Answer:
    return http(b"", status="302 Found", Location=target)


def silence(beginning: bytes = b"") -> Answer:
    """An answer that never ends."""
    return Answer(beginning, Then.HANG)


@contextmanager
def open_site(site: Site, listed: Iterable[str], folder: Path) -> Iterator[Origin]:
    """Serve a site whose `/feed` lists these paths; its registry is `sources.txt` in the folder."""
    with serve(site) as origin:
        site["/feed"] = feed(path if "://" in path else origin.url(path) for path in listed)
        (folder / "sources.txt").write_text(origin.url("/feed") + "\n", encoding="utf-8")
        yield origin


def fates(data: Path, origin: Origin) -> dict[str, str | None]:
    """Path (of other hosts: URL) -> fate; None while pending."""
    with sqlite3.connect(data / "catalogue.sqlite") as catalogue:
        rows = catalogue.execute("select url, case state when 'done' then fate end from url")
        return {url.removeprefix(origin.url("")): fate for url, fate in rows}


def corpus(data: Path) -> list[str]:
    """The seed files of a data directory, as texts."""
    return sorted(file.read_text(encoding="utf-8") for file in (data / "corpus").glob("[0-9]*/*.txt"))
