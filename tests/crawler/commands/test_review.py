"""`scrapy review` decides about doubtful pages, and what was decided holds in every derivation."""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from crawler.audit import reviewer
from crawler.catalogue.articles import articles_in_review
from crawler.cli.crawl import note_manifest_head
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from tests.support.catalogues import articles, ask, change, known, seed_files
from tests.support.checkout import ROOT
from tests.support.commands import call, scrapy
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, http, open_site
from tests.support.origin import Answer

DOUBTFUL = "[thresholds]\nrelated = 0.35\nrelated_review = 0.25\n"


@pytest.fixture(scope="module", autouse=True)
def replays_with_rulings() -> Iterator[None]:
    """Deriving again takes place in the test's process, in the catalogue that was begun for it."""

    def replay(archives: Path, data_dir: Path, settings: Mapping[str, object]) -> None:
        given = {**settings, "DATA_DIR": str(data_dir), "STORE_URL": "", "ARCHIVE_SIGNING_KEY": ""}
        run_crawl("replay", given | {"LOG_LEVEL": "CRITICAL"}, path=str(archives))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crawler.audit.rederivation.replay", replay)
        yield


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return doubtful_seeds(tmp_path)


def doubtful_seeds(parent: Path) -> Path:
    """The seeds, with thresholds by which some articles are doubtful."""
    folder = shutil.copytree(ROOT / "seeds", parent / "seeds")
    (folder / "topic.toml").write_text(DOUBTFUL, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def reviewed_once(newsroom_crawl: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reviewed")
    data = shutil.copytree(newsroom_crawl, folder / "data")
    assert call("rederive", "--apply", DATA_DIR=str(data), SEEDS_DIR=str(doubtful_seeds(folder))) == 0
    return data


@pytest.fixture
def reviewed(reviewed_once: Path, tmp_path: Path) -> Path:
    """A corpus from which doubtful articles were taken."""
    return shutil.copytree(reviewed_once, tmp_path / "data")


def pending(data: Path) -> list[str]:
    with closing(Catalogue.open("", data)) as catalogue:
        return [row.url for row in articles_in_review(catalogue)]


def rule(data: Path, seeds: Path, *arguments: str) -> int:
    return call("review", *arguments, "--by", "Ada", DATA_DIR=str(data), SEEDS_DIR=str(seeds))


def notes(data: Path, seeds: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What verify says beside its summary, which finds no fault."""
    capsys.readouterr()
    assert call("verify", DATA_DIR=str(data), SEEDS_DIR=str(seeds)) == 0
    return capsys.readouterr().out.splitlines()[:-1]


def dated(data: Path, urls: list[str]) -> list[str]:
    """Those whose article has a month, and a text that no other page repeats."""
    rows = [row for row in articles(data, everything=True) if row.url in urls and row.month]
    repeated = {row.duplicate_of for row in articles(data, everything=True)}
    return sorted({row.url for row in rows} - repeated)


def test_other_thresholds_take_doubtful_articles_out_and_list_them(
    newsroom_crawl: Path, reviewed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    urls = pending(reviewed)
    assert len(seed_files(reviewed)) + len(dated(reviewed, urls)) <= len(seed_files(newsroom_crawl))
    assert call("review", "list", DATA_DIR=str(reviewed)) == 0
    said = capsys.readouterr().out
    assert all(url in said for url in urls)
    assert said.endswith(f"{len(urls)} pages wait for a decision.\n")
    worths = [float(worth) for worth in re.findall(r"^    worth (\d\.\d\d)", said, re.MULTILINE)]
    assert len(worths) == len(urls)
    assert worths == sorted(worths, reverse=True)
    assert scrapy("review", "list", "-s", f"DATA_DIR={reviewed}").stdout == said


def test_decisions_hold_when_the_corpus_is_derived_again(
    reviewed: Path, seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = seed_files(reviewed)
    good, bad = dated(reviewed, pending(reviewed))[:2]
    assert rule(reviewed, seeds, "accept", good) == 0
    assert rule(reviewed, seeds, "reject", bad) == 0
    [name] = set(seed_files(reviewed)) - set(before)
    assert not {good, bad} & set(pending(reviewed))
    fates = dict(ask(reviewed, "select url, fate from url"))
    assert (fates[good], fates[bad]) == ("saved", "off_topic")
    assert ask(reviewed, "select url, ruling, who from review order by id") == [
        (good, "accept", "Ada"),
        (bad, "reject", "Ada"),
    ]
    assert notes(reviewed, seeds, capsys) == []
    (seeds / "topic.toml").write_text("[thresholds]\nrelated = 0.9\n", encoding="utf-8")
    assert call("rederive", "--apply", DATA_DIR=str(reviewed), SEEDS_DIR=str(seeds)) == 0
    assert set(seed_files(reviewed)) == {name}
    (seeds / "topic.toml").write_text("[thresholds]\nrelated = 0.0\n", encoding="utf-8")
    assert call("rederive", "--apply", DATA_DIR=str(reviewed), SEEDS_DIR=str(seeds)) == 0
    assert bad not in [row.url for row in articles(reviewed)]


def test_an_article_of_the_corpus_can_be_rejected_and_accepted_again(
    reviewed: Path, seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [row, *_] = [row for row in articles(reviewed) if row.fate == "saved"]
    content = seed_files(reviewed)[known(row.file)]
    assert rule(reviewed, seeds, "reject", row.url) == 0
    assert content not in seed_files(reviewed).values()
    assert (reviewed / "corpus" / ".revisions" / known(row.file)).read_bytes() == content
    assert rule(reviewed, seeds, "accept", row.url) == 0
    assert rule(reviewed, seeds, "accept", row.url) == 0
    assert list(seed_files(reviewed).values()).count(content) == 1
    assert notes(reviewed, seeds, capsys) == []


def crawled_twice(folder: Path, first: Answer, second: Answer, mode: str) -> tuple[Path, str]:
    """A data directory, and the URL of a page that was asked for twice."""
    data, site = folder / "data", Site({"/page": first})
    settings = SETTINGS | {"DATA_DIR": str(data), "RELEVANCE_MODE": mode}
    with open_site(site, ["/page"], folder) as origin:
        for site["/page"] in (first, second):
            if data.exists():
                change(data, "update url set state = 'queued' where kind = 'article'")
                change(data, "update host set due_at = 0, idle = 0")
            note_manifest_head(run_crawl("news", settings, sources=str(folder / "sources.txt")))
        return data, origin.url("/page")


def test_an_accepted_article_stays_though_its_page_asks_for_a_login_now(tmp_path: Path) -> None:
    wall = http(
        b"<html lang=en><title>Log in</title><article><h1>Log in</h1><p>Readers only.</p></article></html>"
    )
    data, url = crawled_twice(tmp_path, article("Marsk"), wall, "off")
    before = seed_files(data)
    assert [fate for (fate,) in ask(data, "select fate from article")] == ["saved", "too_short"]
    settings = {"DATA_DIR": str(data), "RELEVANCE_MODE": "off"}
    assert call("review", "accept", url, "--by", "Ada", **settings) == 0
    assert len(before) == 1
    assert seed_files(data) == before
    assert call("verify", **settings) == 0
    assert call("review", "reject", url, "--by", "Ada", **settings) == 0
    assert seed_files(data) == {}
    assert call("verify", **settings) == 0


def test_a_decision_about_a_page_with_several_texts_is_no_fault(
    tmp_path: Path, seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = article(
        "Marsk", "The mayor said that the market would open again in spring, as it does every year."
    )
    data, url = crawled_twice(tmp_path, article("Marsk"), later, "both")
    (seeds / "topic.toml").unlink()
    assert rule(data, seeds, "accept", url) == 0
    before = seed_files(data)
    assert len(before) == 1
    assert call("verify", DATA_DIR=str(data), SEEDS_DIR=str(seeds)) == 0
    assert call("rederive", "--apply", DATA_DIR=str(data), SEEDS_DIR=str(seeds)) == 0
    assert seed_files(data) == before
    assert notes(data, seeds, capsys) == []


def test_the_copy_of_a_rejected_article_can_come_in(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seeds, before = ROOT / "seeds", seed_files(data)
    [(copy, rejected)] = ask(
        data,
        "select url, duplicate_of from article join url on url.id = url_id where article.fate = 'syndicated'",
    )
    assert rule(data, seeds, "reject", rejected) == 0
    [note, _] = notes(data, seeds, capsys)
    assert f"{copy} would be in the corpus" in note
    assert f"{rejected}, whose text it repeats, was rejected by Ada" in note
    assert call("rederive", "--apply", DATA_DIR=str(data), SEEDS_DIR=str(seeds)) == 0
    assert copy in [row.url for row in articles(data)]
    assert len(seed_files(data)) == len(before)
    assert notes(data, seeds, capsys) == []


def test_an_accepted_page_without_a_date_still_waits(
    data: Path, seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (seeds / "topic.toml").write_text("[thresholds]\nrelated = 0.9\nrelated_review = 0.1\n", encoding="utf-8")
    assert call("rederive", "--apply", DATA_DIR=str(data), SEEDS_DIR=str(seeds)) == 0
    waits = [row.url for row in articles(data, everything=True) if row.fate == "review"]
    [url] = set(waits).difference(dated(data, waits)) & set(pending(data))
    capsys.readouterr()
    assert rule(data, seeds, "accept", url) == 0
    assert (
        capsys.readouterr().out == f"{url}: accepted, but not in the corpus: undated, no trustworthy date.\n"
    )


def test_a_kill_before_the_transaction_leaves_the_page_undecided(
    reviewed: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, url = seed_files(reviewed), dated(reviewed, pending(reviewed))[0]

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(reviewer, "apply_rederived_pages", killed)
        rule(reviewed, seeds, "accept", url)
    assert len(seed_files(reviewed)) == len(before) + 1
    assert url in pending(reviewed)
    assert rule(reviewed, seeds, "accept", url) == 0
    assert len(seed_files(reviewed)) == len(before) + 1


def test_a_catalogue_that_is_held_is_told_in_one_sentence(
    reviewed: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object) -> None:
        raise OperationalError("insert into review …", {}, Exception("database is locked"))

    monkeypatch.setattr(reviewer, "apply_rederived_pages", held)
    with pytest.raises(
        OperatorError, match=r"^Cannot write what was decided: database is locked\. "
    ) as error:
        rule(reviewed, seeds, "accept", dated(reviewed, pending(reviewed))[0])
    assert error.value.exit_code == 3


@pytest.mark.parametrize(
    "place", ["reviewer.apply_rederived_pages", "stored_pages.CaptureReader", "reviewer.CompletePipeline"]
)
def test_a_defect_of_ours_is_no_wrong_usage(
    reviewed: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("too many values to unpack")

    monkeypatch.setattr(f"crawler.audit.{place}", broken)
    with pytest.raises(ValueError, match="too many values to unpack"):
        rule(reviewed, seeds, "accept", dated(reviewed, pending(reviewed))[0])


def test_a_page_whose_record_is_gone_is_left_as_it_is(
    reviewed: Path, seeds: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = dated(reviewed, pending(reviewed))[0]
    change(reviewed, "update capture set record_id = '<urn:uuid:none>'")
    assert rule(reviewed, seeds, "accept", url, "https://other.example/page") == 1
    said = capsys.readouterr().out.splitlines()
    assert said[-2].startswith(f"The record of {url} is not in ")
    assert said[-1].startswith(
        "The catalogue knows no page that was extracted from https://other.example/page"
    )
    assert url in pending(reviewed)
    assert ask(reviewed, "select * from review") == []


@pytest.mark.parametrize("place", [0, 1])
def test_one_of_several_decisions_that_fails_shows_in_the_exit_code(
    reviewed: Path, seeds: Path, place: int
) -> None:
    good = dated(reviewed, pending(reviewed))[0]
    urls = [good]
    urls.insert(place, "https://other.example/page")
    assert rule(reviewed, seeds, "accept", *urls) == 1
    assert ask(reviewed, "select exit_code from run order by id desc limit 1") == [(1,)]
    assert good not in pending(reviewed)


@pytest.mark.parametrize("arguments", [(), ("accept",), ("list", "all"), ("remove", "https://a.example/")])
def test_wrong_usage_is_one_sentence(data: Path, arguments: tuple[str, ...]) -> None:
    with pytest.raises(OperatorError, match="usage: scrapy review list"):
        call("review", *arguments, DATA_DIR=str(data))
