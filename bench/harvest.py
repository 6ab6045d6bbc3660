"""Measures how many related articles a run with a page limit finds: by link score, and in the order of listing.

    python -m bench.harvest [--articles 600] [--part 0.3] [--rounds 3]

On three invented sites one article in ten is related to the seed, most of these in the section on the world. One
headline in three says nothing, and some of the others are about wars in sport and on markets. Each order gets its own
data directory and is stopped after the same number of articles.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path

SITES = 3
SECTIONS = ("world", "politics", "economy", "sport", "culture")
RELATED = 0.1
IN_WORLD = 0.7
"""Share of the related articles that are in the section on the world."""
VAGUE = 1 / 3
"""Share of the headlines that say nothing."""

_TOWNS = [
    "".join(each) for each in product(("Ka", "Be", "Du", "Ro", "Si", "Ma"), ("vel", "mir", "tan", "gol"))
]
_WAR = (
    "Russian warplanes bomb rebel town of {} in Syria",
    "Air strikes kill civilians in {}, monitors say",
    "Islamic State fighters retreat from {} after Russian raids",
    "Syrian army shells {} as talks stall",
    "Rebels in Idlib report cluster bombs on {}",
)
_OTHER = (
    "Strikers fire {} United to the top of the table",
    "Battle of the budgets: {} council votes on roads",
    "Market rallies as {} mine reports record copper output",
    "New gallery opens in {} with paintings of the harbour",
    "Rain ends a long drought around {}",
    "{} coach bombards referee with complaints after defeat",
    "Ministers visit {} to open the new hospital wing",
    "Shares in {} Steel tumble, investors retreat",
    "Festival in {} draws record crowds",
)
_SILENT = ("What we know so far", "{}: the story in five questions", "A morning in {}", "Eyewitness from {}")
_WAR_TEXT = (
    "Russian air strikes hit the town of {0} in northern Syria on Monday, killing at least {1} civilians, according to"
    " the Observatory for {0}, which has a network of sources on the ground.",
    "The jets dropped cluster bombs on positions of Islamic State and on a hospital near {0}, rescuers said, while the"
    " Syrian army shelled rebel villages along the front line and {1} fighters were reported dead.",
    "The ministry of defence in Moscow said that its bombers had destroyed a command post of the jihadists. Rebels"
    " denied that any of their fighters had been in {0}, and a cease-fire agreed last week appeared to be over.",
)
_OTHER_TEXT = (
    "The council of {0} agreed on Monday to spend {1} million on the market hall, the swimming pool and the road to the"
    " harbour, after a long debate about parking.",
    "Residents of {0} had asked for shade and benches for years, and the architect promised that the old chestnut"
    " trees would stay where they are.",
    "Work begins in spring and is to take {1} weeks. The bakers of {0} hope that their stalls can stay open, and a"
    " choir will sing when the hall is finished.",
)


@dataclass(frozen=True, slots=True)
class Story:
    """An article of the invented sites."""

    path: str
    section: str
    headline: str
    text: tuple[str, ...]


def make_site(site: int, articles: int, seed: int) -> list[Story]:
    """The articles of a site, a tenth of them related, in random order."""
    chance = random.Random(f"{seed} {site}")
    stories = []
    for number in range(articles):
        is_related = number < RELATED * articles
        town = f"{chance.choice(_TOWNS)} {chance.choice(('East', 'West', 'Hill', 'Port'))}"
        in_world = IN_WORLD if is_related else 1 / len(SECTIONS)
        section = SECTIONS[0] if chance.random() < in_world else chance.choice(SECTIONS[1:])
        headlines = _SILENT if chance.random() < VAGUE else (_WAR if is_related else _OTHER)
        text = tuple(each.format(town, 3 + number) for each in (_WAR_TEXT if is_related else _OTHER_TEXT))
        path = f"/{'r' if is_related else 'o'}/{site}-{number}"
        stories.append(Story(path, section, chance.choice(headlines).format(town), text))
    chance.shuffle(stories)
    return stories


class Newsstand(ThreadingHTTPServer):
    """Serves sections and articles, and counts the requests for articles."""

    daemon_threads = True

    def __init__(self, stories: list[Story]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        self.pages = {story.path: _page(story) for story in stories}
        self.pages |= {f"/{section}": _listing(section, stories) for section in SECTIONS}
        self.pages["/robots.txt"] = b""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Newsstand
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        page = self.server.pages.get(self.path, b"")
        if self.path[:3] in ("/r/", "/o/"):
            self.server.asked.append(self.path)
        self.send_response(200)
        kind = (
            "text/plain"
            if self.path == "/robots.txt"
            else "application/rss+xml"
            if b"<rss" in page
            else "text/html"
        )
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_arguments: object) -> None:
        pass


def _page(story: Story) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in story.text)
    return (
        f"<!doctype html><html lang=en><head><title>{story.headline}</title>"
        '<meta property="article:published_time" content="2021-01-11T10:00:00+00:00"></head>'
        f"<body><article><h1>{story.headline}</h1>{text}</article></body></html>"
    ).encode()


def _listing(section: str, stories: list[Story]) -> bytes:
    items = "".join(
        f"<item><title>{story.headline}</title><link>{story.path}</link></item>"
        for story in stories
        if story.section == section
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{section}</title>{items}</channel></rss>'.encode()


@contextmanager
def newsstands(articles: int, seed: int) -> Iterator[list[Newsstand]]:
    """The sites, with this number of articles together, served on loopback."""
    stands = [Newsstand(make_site(site, articles // SITES, seed)) for site in range(SITES)]
    for stand in stands:
        threading.Thread(target=stand.serve_forever, daemon=True).start()
    yield stands
    for stand in stands:
        stand.shutdown()
        stand.server_close()


def harvest(focus: bool, articles: int, part: float, seed: int) -> tuple[int, int]:
    """How many articles a run fetched that is limited to this share of them, and how many were related."""
    limit = round(articles * part) + SITES * len(SECTIONS)
    with (
        newsstands(articles, seed) as stands,
        tempfile.TemporaryDirectory(prefix="frontwire-bench-") as folder,
    ):
        sources = Path(folder, "sources.txt")
        sources.write_text("\n".join(f"{stand.url}/{section}" for stand in stands for section in SECTIONS))
        settings = {
            "DATA_DIR": folder,
            "FRONTIER_FOCUS": int(focus),
            "CLOSESPIDER_PAGECOUNT": limit,
            "ADDRESS_GUARD_ALLOW": "127.0.0.1",
            "DOWNLOAD_DELAY": 0,
            "CONCURRENT_REQUESTS": SITES,
            "OPERATOR": "bench",
            "LOG_LEVEL": "ERROR",
        }
        options = [option for name, value in settings.items() for option in ("-s", f"{name}={value}")]
        command = [sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"sources={sources}", *options]
        subprocess.run(command, check=True)
        asked = [path for stand in stands for path in stand.asked]
    return len(asked), sum(path.startswith("/r/") for path in asked)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--part", type=float, default=0.3)
    parser.add_argument("--rounds", type=int, default=3, help="on other sites each")
    options = parser.parse_args()
    rates = []
    for focus, name in ((False, "as listed"), (True, "by score")):
        rounds = [harvest(focus, options.articles, options.part, seed) for seed in range(options.rounds)]
        asked, related = map(sum, zip(*rounds, strict=True))
        rates.append(related / asked)
        print(f"{name:<12}{asked:>6} articles asked for, {related:>4} related: {rates[-1]:.1%}", flush=True)
    print(f"by score x{rates[1] / rates[0]:.2f}")


if __name__ == "__main__":
    main()
