"""What the commands make of articles on several pages: trace, redact, review, rederive, rebuild."""

from pathlib import Path

import pytest

from crawler.exit_codes import FAILED, OK
from crawler.run.recorder import recorder_of
from tests.support.catalogues import articles, ask
from tests.support.commands import call
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, corpus, open_site
from tests.support.long_stories import Story, sights
from tests.support.takedowns import all_bytes
from tests.support.verifying import verify

FIRST, SECOND, THIRD = Story().paths


def crawl(folder: Path, **more: object) -> None:
    given = SETTINGS | {"DATA_DIR": str(folder / "data"), "EXTRACTION_WORKERS": 1, **more}
    result = recorder_of(run_crawl("news", given, sources=str(folder / "sources.txt"))).result
    assert result is not None
    assert result.tally.reconciles


@pytest.fixture
def crawled(tmp_path: Path) -> tuple[Path, str]:
    """A data directory with a story on three pages and an article on one, and the URL of the first page."""
    with open_site(Site(Story().pages() | {"/veld": article("Veld")}), [FIRST, "/veld"], tmp_path) as origin:
        crawl(tmp_path)
        return tmp_path / "data", origin.url("")


def story_file(data: Path) -> str:
    [row] = [row for row in articles(data) if row.parts]
    assert row.file is not None
    return str(data / "corpus" / row.file)


def test_trace_lists_and_checks_every_record(
    crawled: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    data, site = crawled
    assert call("trace", story_file(data), DATA_DIR=str(data)) == OK
    shown = capsys.readouterr().out
    assert shown.count("agrees") == 3 + 2 + 2
    assert all(f"{site}{path}" in shown for path in (FIRST, SECOND, THIRD))
    records = {row.record_id for row in articles(data, True) if row.url.endswith((SECOND, THIRD))}
    assert all(str(record) in shown for record in records)


def test_trace_says_which_page_is_not_there(
    crawled: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    data, _ = crawled
    file = story_file(data)
    ask_record = "select offset, warc from capture join url on url.id = url_id where url like ?"
    [(offset, warc)] = ask(data, ask_record, f"%{THIRD}")
    path = data / "collections" / "news" / "archive" / warc
    content = path.read_bytes()
    path.write_bytes(content[:offset] + b"\0" * 20 + content[offset + 20 :])
    assert call("trace", file, DATA_DIR=str(data)) == FAILED
    assert "cannot be read" in capsys.readouterr().out


def test_explain_names_the_other_pages(crawled: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    data, site = crawled
    assert call("explain", f"{site}{FIRST}", DATA_DIR=str(data)) == OK
    shown = capsys.readouterr().out
    assert f"2: {site}{SECOND}" in shown
    assert f"3: {site}{THIRD}" in shown
    assert call("explain", f"{site}{SECOND}", DATA_DIR=str(data)) == OK
    shown = capsys.readouterr().out
    assert f"a further page of {site}{FIRST}" in shown


@pytest.mark.usefixtures("replays_here")
@pytest.mark.parametrize("named", [FIRST, SECOND, THIRD])
def test_redact_takes_down_every_page(crawled: tuple[Path, str], named: str) -> None:
    data, site = crawled
    assert call("redact", f"{site}{named}", "--reason", "A person asked", "--yes", DATA_DIR=str(data)) == OK
    everything = all_bytes(data)
    for page in (1, 2, 3):
        assert not any(text.encode() in everything for text in sights("Ulvika", page))
    assert len(corpus(data)) == 1
    assert verify(data, RELEVANCE_MODE="off") == OK
    fates = {row.url.removeprefix(site): row.fate for row in articles(data, True)}
    assert {fates[path] for path in (FIRST, SECOND, THIRD)} == {"rights_dropped"}
    assert fates["/veld"] == "saved"


@pytest.mark.usefixtures("replays_here")
def test_rederive_and_rebuild_put_it_together_again(crawled: tuple[Path, str]) -> None:
    data, _ = crawled
    files = {file.name: file.read_bytes() for file in data.glob("corpus/2*/*.txt")}
    assert call("rederive", "--apply", DATA_DIR=str(data), RELEVANCE_MODE="off") == OK
    (data / "catalogue.sqlite").unlink()
    assert call("store", "rebuild", DATA_DIR=str(data), RELEVANCE_MODE="off") == OK
    assert {file.name: file.read_bytes() for file in data.glob("corpus/2*/*.txt")} == files
    assert verify(data, RELEVANCE_MODE="off") == OK
    fates = (
        "select article.fate from article join url on url.id = url_id where url like ? order by article.id"
    )
    assert ask(data, fates, f"%{FIRST}") == [("incomplete",), ("saved",)]


def test_a_file_that_was_lost_comes_back(crawled: tuple[Path, str]) -> None:
    data, _ = crawled
    path = Path(story_file(data))
    content = path.read_bytes()
    path.unlink()
    assert call("restore", "--apply", DATA_DIR=str(data), RELEVANCE_MODE="off") == OK
    assert path.read_bytes() == content


def test_review_judges_the_whole_article(crawled: tuple[Path, str]) -> None:
    data, site = crawled
    assert call("review", "reject", f"{site}{FIRST}", "--by", "desk", DATA_DIR=str(data)) == OK
    assert len(corpus(data)) == 1
    assert call("review", "accept", f"{site}{FIRST}", "--by", "desk", DATA_DIR=str(data)) == OK
    assert Story().seed in corpus(data)


def test_review_does_not_accept_an_article_of_which_a_page_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = {path: page for path, page in Story().pages().items() if path != SECOND}
    with open_site(Site(pages), [FIRST], tmp_path) as origin:
        crawl(tmp_path)
        url = origin.url(FIRST)
    assert call("review", "accept", url, "--by", "desk", DATA_DIR=str(tmp_path / "data")) == FAILED
    assert "other pages are missing" in capsys.readouterr().out
    assert corpus(tmp_path / "data") == []
