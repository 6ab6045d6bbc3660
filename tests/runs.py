"""What two runs over the newsroom leave behind: the archive on which other tools are tried."""

import time
from dataclasses import dataclass
from pathlib import Path

from archive import tiers
from crawler.newsroom import Newsroom
from tests.commands import scrapy
from tests.crawls import run_crawl
from tests.test_end_to_end import LOOPBACK


@dataclass(frozen=True)
class TwoRuns:
    """A data directory, and the bodies that the sites sent: content-encoded, without transfer coding."""

    data: Path
    served: dict[str, bytes]

    @property
    def collection(self) -> Path:
        return self.data / "collections" / "news"

    @property
    def warcs(self) -> list[Path]:
        return sorted((self.collection / "archive").iterdir())

    @property
    def index(self) -> list[str]:
        return [line.decode() for line in tiers.read_lines(self.collection / "indexes")]

    def pack(self, out: Path) -> Path:
        """Pack the archive as an operator does."""
        packed = scrapy("wacz", out, "-s", f"DATA_DIR={self.data}")
        assert packed.returncode == 0, packed.stderr
        return out


def run_twice(folder: Path) -> TwoRuns:
    """Crawl the newsroom twice into a folder."""
    with Newsroom() as newsroom:
        newsroom.write_registry(folder / "newsroom.toml")
        settings = LOOPBACK | {"DATA_DIR": str(folder / "data")}
        for _ in range(2):
            run_crawl("news", settings, sources=str(folder / "newsroom.toml"))
            time.sleep(1.1)  # readers tell captures apart by the second
        sites = {site.id: site for site in newsroom.sites}
        urls = {sites[asked.site].link(asked.path) for asked in newsroom.requests if asked.method == "GET"}
        return TwoRuns(folder / "data", {url: newsroom.served(url) for url in urls})
