"""Crawl the newsroom, then derive the same corpus from its archive: the test to keep if there were only one."""

import socket
from pathlib import Path

import pytest

from archive.replay.stored_records import read_record
from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import articles
from crawler.database.catalogue import Catalogue
from crawler.demo import ArticleTruth
from crawler.exit_codes import OK
from crawler.texts.seed_format import parse_seed
from tests.support.catalogues import known
from tests.support.newsroom_runs import NewsroomRuns, corpus, crawl, fates, replay


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
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


def rows(data: Path, everything: bool = False) -> list[ArticleRow]:
    catalogue = Catalogue.open("", data)
    try:
        return list(articles(catalogue, everything))
    finally:
        catalogue.close()


def pictures(found: dict[str, str]) -> dict[str, str]:
    return {url: fate for url, fate in found.items() if url.endswith(".png")}


def leave_out(urls: set[str], found: dict[str, str]) -> dict[str, str]:
    return {url: fate for url, fate in found.items() if url not in urls}


def test_a_crawl_ends_well_and_its_numbers_reconcile(newsroom_runs: NewsroomRuns) -> None:
    run = newsroom_runs.runs[0]
    assert run.result.exit_code == OK
    assert run.result.tally.reconciles
    assert run.result.tally.pending == 0
    assert len(run.corpus) >= 10


def test_every_file_is_a_seed_and_its_text_is_what_was_published(newsroom_runs: NewsroomRuns) -> None:
    for row in rows(newsroom_runs.data):
        seed = parse_seed((newsroom_runs.data / "corpus" / known(row.file)).read_bytes())
        truth = newsroom_runs.truth[row.url]
        assert seed.paragraphs == tuple(truth.paragraphs), row.url
        assert seed.month == truth.month, row.url


def by_chance(article: ArticleTruth) -> bool:
    """Its text is another's too: which of them comes first, and so whose pictures are fetched, is chance."""
    return article.special in ("syndicated", "amp")


def allowed_fates(article: ArticleTruth) -> set[str]:
    """How the default RELEVANCE_MODE, which wants both scores, may end a page."""
    if article.fate not in ("saved", "off_topic"):
        return {article.fate}
    if article.related:
        return {"saved"}
    # How near a war is to that of the seeds is a matter of degree; what is no war at all is off topic.
    return {"saved", "off_topic"} if article.conflict else {"off_topic"}


def test_every_article_ends_as_it_should(newsroom_runs: NewsroomRuns) -> None:
    truth, found = newsroom_runs.truth.values(), newsroom_runs.runs[0].fates
    settled = [article for article in truth if not by_chance(article)]
    wrong = [
        (article.url, found.get(article.url), allowed_fates(article))
        for article in settled
        if found.get(article.url) not in allowed_fates(article)
    ]
    assert not wrong


def test_of_equal_texts_one_is_kept(newsroom_runs: NewsroomRuns) -> None:
    texts = [content.partition(b" date ")[2][8:] for content in newsroom_runs.runs[0].corpus.values()]
    assert len(texts) == len(set(texts))
    kinds = {row.fate for row in rows(newsroom_runs.data, everything=True)}
    assert {"syndicated", "duplicate"} <= kinds


@pytest.mark.parametrize("workers", [1, 2])
def test_a_replay_gives_identical_files_and_fates_of_pictures(
    newsroom_runs: NewsroomRuns, tmp_path: Path, workers: int, no_sockets: None
) -> None:
    again = replay(newsroom_runs.archive, tmp_path / "again", EXTRACTION_WORKERS=workers)
    assert corpus(again) == newsroom_runs.runs[1].corpus
    assert pictures(fates(again)) == pictures(newsroom_runs.runs[1].fates)


@pytest.mark.parametrize("setting", ["images", ""])
def test_an_archived_run_runs_again_without_a_socket_with_the_pictures_or_without(
    newsroom_runs: NewsroomRuns, tmp_path: Path, setting: str, no_sockets: None
) -> None:
    source = {"REPLAY_FROM": str(newsroom_runs.collection), "ARCHIVE_REQUISITES": setting}
    result = crawl(tmp_path, newsroom_runs.registry, **source)
    assert result.exit_code == OK
    assert result.tally.reconciles
    assert sorted(corpus(tmp_path).values()) == sorted(newsroom_runs.runs[1].corpus.values())
    archived = pictures(newsroom_runs.runs[1].fates) if setting else {}
    found = pictures(fates(tmp_path))
    either = {
        url for article in newsroom_runs.truth.values() if by_chance(article) for url in article.pictures
    }
    assert leave_out(either, found) == leave_out(either, archived)
    assert {found[url] for url in found.keys() & either} <= {*archived.values(), "not_archived"}


def test_each_article_leads_to_the_bytes_that_the_server_sent(newsroom_runs: NewsroomRuns) -> None:
    for row in rows(newsroom_runs.data):
        record = read_record(newsroom_runs.archive / known(row.warc), known(row.offset))
        assert dict(record.headers)["warc-record-id"] == row.record_id
        assert record.payload_digest == row.payload_digest


def test_a_second_run_keeps_nothing_twice(newsroom_runs: NewsroomRuns) -> None:
    first, second = newsroom_runs.runs
    assert second.result.exit_code == OK
    assert second.result.tally.reconciles
    assert second.corpus == first.corpus


def test_warcio_checks_every_file(newsroom_runs: NewsroomRuns) -> None:
    from warcio.checker import Checker

    for warc in newsroom_runs.warcs:
        checker = Checker(type("Arguments", (), {"verbose": False, "inputs": [str(warc)]}))
        checker.process_all()
        assert checker.exit_value == 0, warc
        assert warc.name.endswith(".warc.gz")
