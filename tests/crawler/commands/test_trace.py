"""`scrapy trace` leads from a file of the corpus to its record, and sees when one of them was changed."""

from pathlib import Path

import pytest

from crawler.cli.console import printable
from tests.support.catalogues import articles, known
from tests.support.commands import call, scrapy
from tests.support.crawls import run_crawl
from tests.support.hostile_site import http
from tests.support.warcs import news
from tests.support.wire.texts import STORIES, cut


def first_file(data: Path) -> Path:
    return min((data / "corpus").glob("2*/*.txt"))


def test_a_file_leads_to_its_record(newsroom_crawl: Path) -> None:
    result = scrapy("trace", first_file(newsroom_crawl), "-s", f"DATA_DIR={newsroom_crawl}")
    assert result.returncode == 0, result.stderr
    assert "http://127.0.0.1:" in result.stdout
    assert ".warc.gz" in result.stdout
    assert result.stdout.count("agrees") == 3


@pytest.mark.parametrize("named", ["url", "copy"])
def test_a_url_and_a_copy_lead_to_the_same_record(named: str, newsroom_crawl: Path, tmp_path: Path) -> None:
    file = first_file(newsroom_crawl)
    [url] = [row.url for row in articles(newsroom_crawl) if row.file == f"{file.parent.name}/{file.name}"]
    copy = tmp_path / "page 1.txt"
    copy.write_bytes(file.read_bytes())
    results = [
        scrapy("trace", each, "-s", f"DATA_DIR={newsroom_crawl}")
        for each in (file, {"url": url, "copy": str(copy)}[named])
    ]
    assert [result.returncode for result in results] == [0, 0]
    assert results[0].stdout == results[1].stdout


def test_a_url_that_is_not_in_the_corpus_is_refused(newsroom_crawl: Path) -> None:
    result = scrapy("trace", "https://tarn.example/nowhere", "-s", f"DATA_DIR={newsroom_crawl}")
    assert result.returncode == 2
    assert "https://tarn.example/nowhere is not in the corpus: scrapy explain" in result.stderr


def test_an_edited_file_disagrees(data: Path) -> None:
    file = first_file(data)
    file.write_bytes(file.read_bytes() + b" And so on.")
    result = scrapy("trace", file, "-s", f"DATA_DIR={data}")
    assert result.returncode == 1
    assert "DISAGREES" in result.stdout


def test_a_missing_warc_is_named(data: Path) -> None:
    file = first_file(data)
    [warc] = [known(row.warc) for row in articles(data) if row.file == f"{file.parent.name}/{file.name}"]
    (data / "collections" / "news" / "archive" / warc).unlink()
    result = scrapy("trace", file, "-s", f"DATA_DIR={data}")
    assert result.returncode == 1
    assert warc in result.stderr
    assert "Traceback" not in result.stderr


def test_an_unknown_file_is_refused(newsroom_crawl: Path) -> None:
    result = scrapy("trace", "2021-01/999_0000000000000000.txt", "-s", f"DATA_DIR={newsroom_crawl}")
    assert result.returncode == 2
    assert "999_0000000000000000.txt" in result.stderr


def test_what_a_page_says_cannot_steer_the_terminal() -> None:
    assert printable("\x1b[2Jمرحبا\x07") == "\ufffd[2Jمرحبا\ufffd"


def page(paragraphs: tuple[str, ...]) -> bytes:
    """A page that gives the day of its appearance, and no day of a change."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    date = '<meta property="article:published_time" content="2021-01-11T10:00:00+00:00">'
    return http(
        f"<html lang=en><head>{date}</head><body><article>{text}</article></body></html>".encode()
    ).data


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article whose place was changed without a word, and its first half on another site."""
    folder = tmp_path_factory.mktemp("changed")
    story = STORIES["en"][0]
    edited = tuple(paragraph.replace("Uzmar", "Tarmil") for paragraph in story)
    seen = (("one", story), ("one", edited), ("copy", cut(edited)))
    for number, (name, paragraphs) in enumerate(seen):
        archive = news(0)
        archive.exchange(f"https://{name}.example/news", page(paragraphs))
        path = archive.save(folder / f"{number}.warc.gz")
        run_crawl("replay", {"DATA_DIR": str(folder / "data"), "RELEVANCE_MODE": "off"}, path=str(path))
    return folder / "data"


def test_what_was_changed_is_shown_and_who_has_it_too(
    changed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, earlier = first_file(changed), next((changed / "corpus" / ".revisions").glob("2*/*.txt"))
    assert call("trace", str(file), DATA_DIR=str(changed)) == 0
    shown = capsys.readouterr().out
    assert "[-Uzmar-] {+Tarmil+}" in shown
    assert f"changed, without notice: .revisions/2021-01/{earlier.name} -> 2021-01/{file.name} (" in shown
    assert "syndicated        https://copy.example/news (" in shown
    assert "100% of it here" in shown
    assert "\x1b" not in shown
    assert "Uzmar" in earlier.read_text(encoding="utf-8")


def test_an_article_that_was_never_changed_has_no_history(
    newsroom_crawl: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("trace", str(first_file(newsroom_crawl)), DATA_DIR=str(newsroom_crawl)) == 0
    assert "changed" not in capsys.readouterr().out
