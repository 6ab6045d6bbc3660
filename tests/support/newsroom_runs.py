"""Crawls of the newsroom and what they leave; its servers have stopped when tests look at it."""

import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from archive.index import index_files
from crawler.demo import ArticleTruth, Newsroom
from crawler.run.recorder import recorder_of
from crawler.run.result import RunResult
from tests.support.commands import scrapy
from tests.support.crawls import run_crawl
from tests.support.session import once

LOOPBACK = {
    "ADDRESS_GUARD_ALLOW": ["127.0.0.1"],
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "OPERATOR": "Test desk, desk@newsroom.example",
}


@dataclass(frozen=True)
class NewsroomRun:
    """One run, and the state that it left."""

    result: RunResult
    requests: dict[str, int]
    """URL -> status of every request."""
    fates: dict[str, str]
    """URL -> fate."""
    corpus: dict[str, bytes]
    """The seed files by their path."""


@dataclass(frozen=True)
class NewsroomRuns:
    """A data directory of two runs, which no one may change; no site changed between them."""

    registry: Path
    data: Path
    truth: dict[str, ArticleTruth]
    """By the article's URL."""
    runs: tuple[NewsroomRun, NewsroomRun]
    served: dict[str, bytes]
    """URL -> the body that was sent, content-encoded, without transfer coding."""

    @property
    def collection(self) -> Path:
        return self.data / "collections" / "news"

    @property
    def archive(self) -> Path:
        return self.collection / "archive"

    @property
    def warcs(self) -> list[Path]:
        return sorted(self.archive.iterdir())

    @property
    def index(self) -> list[str]:
        return [line.decode() for line in index_files.read_lines(self.collection / "indexes")]

    def pack(self, out: Path) -> Path:
        """Pack the archive as an operator does."""
        packed = scrapy("wacz", out, "-s", f"DATA_DIR={self.data}")
        assert packed.returncode == 0, packed.stderr
        return out


def run_twice() -> NewsroomRuns:
    """Two runs with ARCHIVE_REQUISITES=images; the second finds nothing new: its answers are 304."""
    return once("newsroom", lambda folder: _run_twice(folder, _leave, ARCHIVE_REQUISITES="images"))


def run_twice_in_weeks() -> NewsroomRuns:
    """Two runs without pictures; the second fetches each page again, from servers that know no validators."""
    return once("newsroom-weeks", lambda folder: _run_twice(folder, _let_weeks_pass))


def crawl(data: Path, registry: Path, **settings: object) -> RunResult:
    """Crawl the sites of a registry."""
    given = LOOPBACK | {"DATA_DIR": str(data)} | settings
    result = recorder_of(run_crawl("news", given, sources=str(registry))).result
    assert result is not None
    return result


def replay(path: Path, data: Path, **settings: object) -> Path:
    """Derive a corpus from archives into a data directory, which is given back."""
    run_crawl("replay", {"DATA_DIR": str(data), **settings}, path=str(path))
    return data


def corpus(data: Path) -> dict[str, bytes]:
    """The seed files of a data directory, those of earlier texts too."""
    folder = data / "corpus"
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("[0-9]*.txt"))}


def fates(data: Path) -> dict[str, str]:
    """Every URL of a data directory with its fate."""
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue:
        return dict(catalogue.execute("select url, fate from url"))


def _run_twice(folder: Path, between: Callable[[Path], None], **settings: object) -> NewsroomRuns:
    registry, data = folder / "newsroom.toml", folder / "data"
    with Newsroom() as newsroom:
        newsroom.write_registry(registry)
        first = _run(newsroom, data, registry, settings)
        between(data)
        second = _run(newsroom, data, registry, settings)
        sites = {site.id: site for site in newsroom.sites}
        urls = {sites[each.site].link(each.path) for each in newsroom.requests if each.method == "GET"}
        served = {url: newsroom.served(url) for url in urls}
        truth = {article.url: article for site in newsroom.sites for article in site.articles}
    return NewsroomRuns(registry, data, truth, (first, second), served)


def _run(newsroom: Newsroom, data: Path, registry: Path, settings: Mapping[str, object]) -> NewsroomRun:
    earlier = len(newsroom.requests)
    result = crawl(data, registry, **settings)
    links = {site.id: site.link for site in newsroom.sites}
    requests = {links[each.site](each.path): each.status for each in newsroom.requests[earlier:]}
    return NewsroomRun(result, requests, fates(data), corpus(data))


def _leave(data: Path) -> None:
    pass


def _let_weeks_pass(data: Path) -> None:
    make_due(data)
    time.sleep(1.1)  # readers tell captures apart by the second


def make_due(data: Path, keep_validators: bool = False) -> None:
    """Have the next run fetch every page again, as it would in some weeks, from servers that know no validators."""
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.executescript("delete from robots; delete from tdmrep")
        if not keep_validators:
            catalogue.execute("update url set etag = null, last_modified = null")
        catalogue.execute(
            "update url set not_before = (julianday('now') - 2440587.6) * 86400000 where not_before > 0"
        )
