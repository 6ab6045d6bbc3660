"""Measures what a command costs before its work begins: a help text, and a crawl of one page.

    python -m bench.startup [--rounds 5]

The three are run in turn, so that a busy machine slows each of them; the median of each is printed. CPU time is that of
all processes of a command. `scrapy version` loads nothing of ours: it is what Scrapy itself takes.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

PARAGRAPH = (
    "Artillery fire hit the harbour of Varnost, killing two soldiers near the front line, officials said."
)
PAGE = f"""<!doctype html><html lang="en"><head><title>Shelling of Varnost kills two</title>
<meta property="og:type" content="article"><meta property="article:published_time" content="2026-11-02T10:00:00Z">
</head><body><article><h1>Shelling of Varnost kills two</h1>{f"<p>{PARAGRAPH}</p>" * 8}</article></body>
</html>""".encode()


class _Site(BaseHTTPRequestHandler):
    """One page, and no robots.txt."""

    def do_GET(self) -> None:
        is_page = self.path != "/robots.txt"
        self.send_response(200 if is_page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE) if is_page else 0))
        self.end_headers()
        self.wfile.write(PAGE if is_page else b"")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def _page_url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/2026/11/02/shelling-of-varnost-kills-two"
        server.shutdown()


def _crawl(url: str, folder: Path) -> list[str]:
    sources = folder / "sources.txt"
    sources.write_text(f"{url}\n", encoding="utf-8")
    settings = {
        "DATA_DIR": folder / "data",
        "ADDRESS_GUARD_ALLOW": "127.0.0.1",
        "ARCHIVE_SIGNING_KEY": folder / "key.pem",
        "OPERATOR": "Bench, bench@example.org",
    }
    given = (part for name, value in settings.items() for part in ("-s", f"{name}={value}"))
    return ["crawl", "news", "-a", f"sources={sources}", *given]


def _run(arguments: list[str]) -> tuple[float, float]:
    """Wall and CPU time of a command, in seconds."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([sys.executable, "-m", "scrapy", *arguments], check=True, capture_output=True)
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _round(url: str) -> Mapping[str, tuple[float, float]]:
    with tempfile.TemporaryDirectory() as folder:
        return {
            "scrapy version": _run(["version"]),
            "scrapy crawl news --help": _run(["crawl", "news", "--help"]),
            "a crawl of one page": _run(_crawl(url, Path(folder))),
        }


def main() -> None:
    """Run the rounds and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with _page_url() as url:
        found = [_round(url) for _ in range(rounds)]
    for name in found[0]:
        wall, cpu = (median(each[name][place] for each in found) for place in (0, 1))
        print(f"{name}: {wall:.2f} s, {cpu:.2f} s of CPU")


if __name__ == "__main__":
    main()
