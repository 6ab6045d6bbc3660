"""Four hosts with fifty articles each, and the corpus that a crawl of them must give."""

import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from crawler.texts.seed_format import Seed, render_seed
from tests.support.hostile_site import Site, article, open_site, paragraphs
from tests.support.origin import Origin

HOSTS = 4
NAMES = [
    "".join(parts) for parts in product(("Ka", "Be", "Du", "Ro", "Si"), ("vel", "mir", "tan", "gol", "zen"))
]
TOWNS = [
    f"{name} {part}"
    for name in NAMES
    for part in ("Upper", "Lower", "East", "West", "Old", "New", "Port", "Hill")
]
"""200 places, and an article about each."""


@dataclass
class Press:
    """Hosts that publish and count requests."""

    origins: list[Origin]
    pages: dict[str, bytes]
    """What is sent for each article's URL, header fields included."""
    seeds: set[bytes]
    """The files that the articles must become."""

    @property
    def requests(self) -> Counter[str]:
        """How often each URL was requested."""
        return Counter(
            {origin.url(path): len(read) for origin in self.origins for path, read in origin.read.items()}
        )

    @property
    def article_requests(self) -> int:
        """How many requests for articles came."""
        return sum(
            len(read) for origin in self.origins for path, read in list(origin.read.items()) if "/a/" in path
        )

    def settle(self) -> None:
        """Wait until all that a dead client had sent is counted."""
        for origin in self.origins:
            # Connections are accepted in their order.
            with socket.create_connection(("127.0.0.1", origin.port)) as last:
                last.sendall(b"GET /robots.txt HTTP/1.1\r\n\r\n")
                last.recv(1)
            while origin.connections:
                time.sleep(0.005)

    def paces(self) -> list[float]:
        """The mean time in seconds between requests to each host, which a busy machine cannot shorten."""
        return [
            (origin.moments[-1] - origin.moments[0]) / (len(origin.moments) - 1) for origin in self.origins
        ]


@contextmanager
def open_press(folder: Path, articles: int = len(TOWNS)) -> Iterator[Press]:
    """Serve so many articles; the registry is `sources.txt` in the folder."""
    press = Press([], {}, set())
    registry = folder / "sources.txt"
    feeds = ""
    with ExitStack() as stack:
        for number in range(HOSTS):
            towns = TOWNS[number:articles:HOSTS]
            pages = {f"/a/{town.replace(' ', '-').lower()}": article(town) for town in towns}
            origin = stack.enter_context(open_site(Site(dict(pages)), pages, folder))
            feeds += registry.read_text(encoding="utf-8")
            press.origins.append(origin)
            press.pages |= {origin.url(path): answer.data for path, answer in pages.items()}
            press.seeds |= {render_seed(Seed("2021-01", paragraphs(town))) for town in towns}
        registry.write_text(feeds, encoding="utf-8")
        yield press
