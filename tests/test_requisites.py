"""The newsroom with its pictures: in the archive byte for byte, and a replay is the same with them."""

from pathlib import Path

import pytest

from archive.warc.http import split_head
from crawler.demo import Newsroom
from crawler.demo.rendering import PNG
from crawler.exit_codes import OK
from crawler.run.recorder import recorder_of
from crawler.run.result import Verdict
from tests.support.crawls import run_crawl
from tests.support.warc_records import by_url
from tests.test_end_to_end import LOOPBACK, corpus, fates, replay

IN_CORPUS = {"saved", "live_blog"}


class Illustrated:
    """Two crawls with ARCHIVE_REQUISITES=images of the newsroom, whose servers are gone when tests look at them."""

    def __init__(self, folder: Path) -> None:
        self.data, self.registry = folder / "live", folder / "newsroom.toml"
        self.collection = self.data / "collections" / "news"
        with Newsroom() as newsroom:
            newsroom.write_registry(self.registry)
            self.verdict = crawl(self.data, self.registry)
            first = len(newsroom.requests)
            self.second_verdict = crawl(self.data, self.registry)
            self.served = {
                site.link(request.path): newsroom.served(site.link(request.path))
                for site in newsroom.sites
                for request in newsroom.requests[:first]
                if request.site == site.id and request.path.endswith(".png") and request.status == 200
            }
            self.missing = [request.path for request in newsroom.requests if request.path.endswith("map.png")]
            self.asked_again = [
                request.path for request in newsroom.requests[first:] if "png" in request.path
            ]
            articles = [article for site in newsroom.sites for article in site.articles]
        self.fates = fates(self.data)
        kept = [article for article in articles if self.fates.get(article.url) in IN_CORPUS]
        self.leads = {article.pictures[0] for article in kept}
        self.kept = {url for article in kept for url in article.pictures}


def crawl(data: Path, registry: Path, **more: str) -> Verdict:
    settings = LOOPBACK | {"DATA_DIR": str(data), "ARCHIVE_REQUISITES": "images"} | more
    verdict = recorder_of(run_crawl("news", settings, sources=str(registry))).verdict
    assert verdict is not None
    return verdict


@pytest.fixture(scope="module")
def illustrated(tmp_path_factory: pytest.TempPathFactory) -> Illustrated:
    return Illustrated(tmp_path_factory.mktemp("illustrated"))


def test_the_pictures_of_kept_articles_are_archived_byte_for_byte(illustrated: Illustrated) -> None:
    answers = by_url(illustrated.collection, "response")
    assert illustrated.leads <= illustrated.served.keys()
    assert len(illustrated.served) > len(illustrated.leads) >= 20
    for url, body in illustrated.served.items():
        head, archived = split_head(answers[url].block)
        assert archived == body, url
        assert PNG.encode() in head


def test_no_picture_of_a_refused_article_is_asked_for(illustrated: Illustrated) -> None:
    assert illustrated.served.keys() <= illustrated.kept


def test_the_run_reconciles_and_a_missing_picture_hurts_nobody(illustrated: Illustrated) -> None:
    assert illustrated.verdict.exit_code == OK
    assert illustrated.verdict.tally.reconciles
    assert illustrated.verdict.tally.pending == 0
    archived, missing = len(illustrated.served), len(illustrated.missing)
    assert missing >= 1
    assert f"{archived} of {archived + missing} images archived" in illustrated.verdict.sentence


def test_each_picture_has_its_fate_and_its_record_says_so(illustrated: Illustrated) -> None:
    notes = by_url(illustrated.collection, "metadata")
    for url in illustrated.served:
        assert illustrated.fates[url] == "not_html"
        assert notes[url].notes["kind"] == "image"
        assert illustrated.fates[notes[url].notes["via"]] in IN_CORPUS


def test_a_second_run_asks_for_no_picture(illustrated: Illustrated) -> None:
    assert illustrated.asked_again == []
    assert illustrated.second_verdict.exit_code == OK
    assert illustrated.second_verdict.tally.reconciles


def test_a_replay_gives_identical_files(illustrated: Illustrated, tmp_path: Path) -> None:
    again = replay(illustrated.collection / "archive", tmp_path / "again")
    assert corpus(again) == corpus(illustrated.data)
    images = {url: fate for url, fate in fates(again).items() if url.endswith(".png")}
    assert images == {url: fate for url, fate in illustrated.fates.items() if url.endswith(".png")}


@pytest.mark.parametrize("setting", ["images", ""])
def test_the_archived_run_runs_again_with_the_pictures_or_without(
    illustrated: Illustrated, tmp_path: Path, setting: str
) -> None:
    verdict = crawl(
        tmp_path, illustrated.registry, REPLAY_FROM=str(illustrated.collection), ARCHIVE_REQUISITES=setting
    )
    assert verdict.exit_code == OK
    assert verdict.tally.reconciles
    assert sorted(corpus(tmp_path).values()) == sorted(corpus(illustrated.data).values())
    found = {url for url, fate in fates(tmp_path).items() if url.endswith(".png") and fate == "not_html"}
    assert found == (illustrated.served.keys() if setting else set())
