"""What two runs over the newsroom leave behind: the archive on which other tools are tried."""

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archive.index import index_files
from crawler.demo import Newsroom
from tests.support.commands import scrapy
from tests.support.crawls import run_crawl
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
        return [line.decode() for line in index_files.read_lines(self.collection / "indexes")]

    def pack(self, out: Path) -> Path:
        """Pack the archive as an operator does."""
        packed = scrapy("wacz", out, "-s", f"DATA_DIR={self.data}")
        assert packed.returncode == 0, packed.stderr
        return out


def make_due(data: Path) -> None:
    """Have the next run look at every page again, as it would in some weeks, at servers that know no validators."""
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.execute("delete from robots")
        catalogue.execute("update url set etag = null, last_modified = null")
        catalogue.execute(
            "update url set not_before = (julianday('now') - 2440587.6) * 86400000 where not_before > 0"
        )


def run_twice(folder: Path) -> TwoRuns:
    """Crawl the newsroom twice into a folder."""
    with Newsroom() as newsroom:
        newsroom.write_registry(folder / "newsroom.toml")
        settings = LOOPBACK | {"DATA_DIR": str(folder / "data")}
        for _ in range(2):
            run_crawl("news", settings, sources=str(folder / "newsroom.toml"))
            make_due(folder / "data")
            time.sleep(1.1)  # readers tell captures apart by the second
        sites = {site.id: site for site in newsroom.sites}
        urls = {sites[asked.site].link(asked.path) for asked in newsroom.requests if asked.method == "GET"}
        return TwoRuns(folder / "data", {url: newsroom.served(url) for url in urls})
