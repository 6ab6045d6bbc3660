"""`scrapy verify` derives again what came from archives of other people."""

import shutil
from pathlib import Path

import pytest

from archive.warc.files import RecordFile
from tests.support.catalogues import (
    articles,
    extracted_earlier,
    known,
)
from tests.support.crawls import run_crawl
from tests.support.verifying import verify
from tests.support.warcs import Archive, answer

pytestmark = pytest.mark.usefixtures("replays_here")


def save_page(path: Path, *paragraphs: str) -> Path:
    """A WARC with one page of an invented newspaper."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    page = (
        '<html lang="en"><head><title>Bridge over the Orla reopened</title>'
        '<meta property="article:published_time" content="2021-01-28T10:00:00+01:00"></head>'
        f"<body><article><h1>Bridge over the Orla reopened</h1>{text}</article></body></html>"
    )
    archive = Archive()
    archive.exchange("https://orla.example/bridge", answer(page.encode(), "Content-Type: text/html"))
    return archive.save(path)


def test_a_text_that_a_later_run_replaced_is_derived_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paragraphs = [
        f"The bridge number {number} over the Orla was reopened to traffic on Thursday, " * 3
        + "said the council."
        for number in range(4)
    ]
    data, settings = tmp_path / "data", {"RELEVANCE_MODE": "off"}
    for name, text in (("first", paragraphs[:3]), ("later", paragraphs)):
        path = save_page(tmp_path / f"{name}.warc.gz", *text)
        run_crawl("replay", settings | {"DATA_DIR": str(data)}, path=str(path))
    [row] = articles(data)
    assert (row.fate, row.text.count("said the council")) == ("updated", 4)
    assert verify(data, **settings) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    (data / "corpus" / ".revisions" / known(row.revises)).unlink()
    assert verify(data, **settings) == 1
    assert f"The seed file .revisions/{row.revises} of" in capsys.readouterr().out


@pytest.fixture
def foreign(newsroom_crawl: Path, tmp_path: Path) -> Path:
    """An archive out of which articles were derived where it lies."""
    copy = shutil.copytree(newsroom_crawl / "collections" / "news" / "archive", tmp_path / "foreign")
    run_crawl("replay", {"DATA_DIR": str(tmp_path / "data")}, path=str(copy))
    return Path(copy)


def test_articles_from_archives_of_others_are_derived_again(
    foreign: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(foreign.parent / "data") == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    extracted_earlier(foreign.parent / "data", articles(foreign.parent / "data")[0], month="2020-12")
    assert verify(foreign.parent / "data") == 0
    assert "would have the month" in capsys.readouterr().out


def test_an_archive_of_others_that_is_gone_is_named_once(
    foreign: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = max(foreign.iterdir())
    sha256 = RecordFile(file).sha256()
    file.unlink()
    assert verify(foreign.parent / "data") == 1
    said = capsys.readouterr().out.splitlines()
    assert str(file) in said[0]
    assert f"SHA-256 {sha256}" in said[0]
    assert len(said) == 2


def test_an_archive_of_others_that_was_changed_is_named(
    foreign: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = max(foreign.iterdir())
    file.write_bytes(file.read_bytes()[:-1])
    assert verify(foreign.parent / "data") == 1
    assert f"{file}, from which articles were derived, was changed" in capsys.readouterr().out
