"""Crawl the newsroom, then derive the same corpus from its archive: the test to keep if there were only one."""

import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.replay.captures import read_record
from crawler.catalogue.store import Store
from crawler.demo import ArticleTruth, Newsroom
from crawler.run.recorder import recorder_of
from crawler.texts.seed_format import parse_seed
from tests.support.crawls import run_crawl

LOOPBACK = {
    "ADDRESS_GUARD_ALLOW": ["127.0.0.1"],
    "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    "OPERATOR": "Test desk, desk@newsroom.example",
}


class Crawled:
    """One crawl of the newsroom, whose servers are gone when tests look at it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "live"
        with Newsroom() as newsroom:
            newsroom.write_registry(folder / "newsroom.toml")
            crawler = run_crawl(
                "news", LOOPBACK | {"DATA_DIR": str(self.data)}, sources=str(folder / "newsroom.toml")
            )
            self.truth = {article.url: article for site in newsroom.sites for article in site.articles}
        self.verdict = recorder_of(crawler).verdict
        self.fates = fates(self.data)
        self.archive = self.data / "collections" / "news" / "archive"


def fates(data: Path) -> dict[str, str]:
    """Every URL of a data directory with its fate."""
    with sqlite3.connect(data / "catalogue.sqlite") as catalogue:
        return dict(catalogue.execute("select url, fate from url"))


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return Crawled(tmp_path_factory.mktemp("newsroom"))


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    connect = socket.socket.connect

    def refuse(*_: object) -> None:
        raise AssertionError("a socket was opened during a replay")

    def connect_locally(self: socket.socket, address: str) -> None:
        if self.family != socket.AF_UNIX:  # by which the worker processes are reached
            refuse()
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_locally)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    yield


def corpus(data: Path) -> dict[str, bytes]:
    folder = data / "corpus"
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("[0-9]*.txt"))}


def rows(data: Path, everything: bool = False) -> list[dict[str, Any]]:
    store = Store.open("", data)
    try:
        return list(store.articles(everything))
    finally:
        store.close()


def replay(path: Path, data: Path, **settings: object) -> Path:
    run_crawl("replay", {"DATA_DIR": str(data), **settings}, path=str(path))
    return data


def test_a_crawl_ends_well_and_its_numbers_reconcile(crawled: Crawled) -> None:
    assert crawled.verdict is not None
    assert crawled.verdict.exit_code == 0
    assert crawled.verdict.tally.reconciles
    assert crawled.verdict.tally.pending == 0
    assert len(corpus(crawled.data)) >= 10


def test_every_file_is_a_seed_and_its_text_is_what_was_published(crawled: Crawled) -> None:
    for row in rows(crawled.data):
        seed = parse_seed((crawled.data / "corpus" / row["file"]).read_bytes())
        truth = crawled.truth[row["url"]]
        assert seed.paragraphs == tuple(truth.paragraphs), row["url"]
        assert seed.month == truth.month, row["url"]


def allowed_fates(article: ArticleTruth) -> set[str]:
    """How the default RELEVANCE_MODE, which wants both scores, may end a page."""
    if article.fate not in ("saved", "off_topic"):
        return {article.fate}
    if article.related:
        return {"saved"}
    # How near a war is to that of the seeds is a matter of degree; what is no war at all is off topic.
    return {"saved", "off_topic"} if article.conflict else {"off_topic"}


def test_every_article_ends_as_it_should(crawled: Crawled) -> None:
    # Which of two equal texts comes first is chance; they have a test of their own.
    settled = [article for article in crawled.truth.values() if article.special not in ("syndicated", "amp")]
    wrong = [
        (article.url, found, allowed_fates(article))
        for article in settled
        if (found := crawled.fates.get(article.url)) not in allowed_fates(article)
    ]
    assert not wrong


def test_of_equal_texts_one_is_kept(crawled: Crawled) -> None:
    texts = [content.partition(b" date ")[2][8:] for content in corpus(crawled.data).values()]
    assert len(texts) == len(set(texts))
    kinds = {row["fate"] for row in rows(crawled.data, everything=True)}
    assert {"syndicated", "duplicate"} <= kinds


@pytest.mark.parametrize("workers", [1, 2])
def test_a_replay_gives_identical_files(
    crawled: Crawled, tmp_path: Path, workers: int, no_sockets: None
) -> None:
    again = replay(crawled.archive, tmp_path / "again", EXTRACTION_WORKERS=workers)
    assert corpus(again) == corpus(crawled.data)


def test_an_archived_run_runs_again_without_a_socket(
    crawled: Crawled, tmp_path: Path, no_sockets: None
) -> None:
    registry = crawled.data.parent / "newsroom.toml"
    settings = {"DATA_DIR": str(tmp_path), "REPLAY_FROM": str(crawled.data / "collections" / "news")}
    run_crawl("news", settings, sources=str(registry))
    live, again = corpus(crawled.data), corpus(tmp_path)
    assert sorted(again.values()) == sorted(live.values())


def test_each_article_leads_to_the_bytes_that_the_server_sent(crawled: Crawled) -> None:
    for row in rows(crawled.data):
        record = read_record(crawled.archive / row["warc"], row["offset"])
        assert dict(record.headers)["warc-record-id"] == row["record_id"]
        assert record.payload_digest == row["payload_digest"]


def test_a_second_run_keeps_nothing_twice(tmp_path: Path) -> None:
    with Newsroom() as newsroom:
        newsroom.write_registry(tmp_path / "newsroom.toml")
        settings = LOOPBACK | {"DATA_DIR": str(tmp_path / "data")}
        run_crawl("news", settings, sources=str(tmp_path / "newsroom.toml"))
        first = corpus(tmp_path / "data")
        crawler = run_crawl("news", settings, sources=str(tmp_path / "newsroom.toml"))
    verdict = recorder_of(crawler).verdict
    assert verdict is not None
    assert verdict.exit_code == 0
    assert verdict.tally.reconciles
    assert corpus(tmp_path / "data") == first


def test_warcio_checks_every_file(crawled: Crawled) -> None:
    from warcio.checker import Checker

    for warc in sorted(crawled.archive.glob("*.warc.gz")):
        checker = Checker(type("Arguments", (), {"verbose": False, "inputs": [str(warc)]}))
        checker.process_all()
        assert checker.exit_value == 0, warc
    assert not list(crawled.archive.glob("*.open"))
