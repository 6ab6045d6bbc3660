"""`scrapy date`: the month that a person states holds, whatever the page says, and however the corpus is made again."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import pages_of
from crawler.catalogue.stated_months import months_stated_of
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from tests.support.catalogues import articles, known, lone_articles, seed_files
from tests.support.commands import call
from tests.support.takedowns import assert_in_order

URL = "http://nowhere.example/page"


@pytest.fixture
def data(newsroom_crawl: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(newsroom_crawl, tmp_path / "data"))


def newest(data: Path, url: str) -> ArticleRow:
    with closing(Catalogue.open("", data)) as catalogue:
        return pages_of(catalogue, url)[-1]


def date(data: Path, url: str, month: str, *arguments: str) -> int:
    return call("date", url, month, *arguments, DATA_DIR=str(data))


def test_an_undated_page_enters_the_corpus_in_that_month(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    undated = next(row for row in articles(data, everything=True) if row.fate == "undated")
    assert date(data, undated.url, "2021-02", "--by", "Ada", "--note", " printed\n on page 3 ") == 0
    row = newest(data, undated.url)
    assert f"dated 2021-02, {row.file}." in capsys.readouterr().out
    assert (row.fate, row.month, row.date_source, row.published) == ("saved", "2021-02", "person", "2021-02")
    assert ("2021-02", "published", "person") in [(each.value, each.kind, each.where) for each in row.dates]
    assert seed_files(data)[known(row.file)].startswith(b" date 2021-02 ")
    assert call("explain", undated.url, DATA_DIR=str(data)) == 0
    said = capsys.readouterr().out
    assert "2021-02 by Ada" in said and "printed on page 3" in said
    assert_in_order(data)


def test_an_article_of_a_wrong_month_moves(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = lone_articles(data)[0]
    assert date(data, before.url, "2019-07") == 0
    row = newest(data, before.url)
    assert (row.month, row.text, row.fate) == ("2019-07", before.text, "updated")
    files = seed_files(data)
    assert known(before.file) not in files and known(row.file) in files
    assert (data / "corpus" / ".revisions" / known(before.file)).is_file()
    assert date(data, before.url, "2019-07", "--by", "Ben") == 0  # once more changes nothing but who said so
    assert "it is of 2019-07 already" in capsys.readouterr().out
    assert seed_files(data) == files
    with closing(Catalogue.open("", data)) as catalogue:
        assert [stated.who for stated in months_stated_of(catalogue, before.url)][1:] == ["Ben"]
    assert date(data, before.url, known(before.month)) == 0  # and back
    assert newest(data, before.url).month == before.month
    assert_in_order(data)


def test_a_review_after_it_keeps_the_month(data: Path) -> None:
    row = lone_articles(data)[0]
    assert date(data, row.url, "2019-07") == 0
    assert call("review", "reject", row.url, DATA_DIR=str(data)) == 0
    assert newest(data, row.url).file is None
    assert call("review", "accept", row.url, "--note", "on topic", DATA_DIR=str(data)) == 0
    assert (newest(data, row.url).month, newest(data, row.url).date_source) == ("2019-07", "person")


@pytest.mark.slow
def test_it_holds_in_derivations(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    undated = next(row for row in articles(data, everything=True) if row.fate == "undated")
    moved = lone_articles(data)[0]
    assert date(data, undated.url, "2021-02") == 0
    assert date(data, moved.url, "2019-07") == 0
    files = seed_files(data)
    assert call("rederive", "--apply", DATA_DIR=str(data)) == 0
    assert seed_files(data) == files
    assert [newest(data, url).month for url in (undated.url, moved.url)] == ["2021-02", "2019-07"]
    capsys.readouterr()
    assert call("verify", DATA_DIR=str(data)) == 0, capsys.readouterr().out


@pytest.mark.slow
def test_it_comes_back_with_a_lost_catalogue(data: Path) -> None:
    undated = next(row for row in articles(data, everything=True) if row.fate == "undated")
    moved = lone_articles(data)[0]
    assert date(data, undated.url, "2021-02", "--note", "printed on page 3") == 0
    assert date(data, moved.url, "2019-07", "--by", "Ada") == 0
    files, before = seed_files(data), [newest(data, url) for url in (undated.url, moved.url)]
    for file in data.glob("catalogue.sqlite*"):
        file.unlink()
    assert call("store", "rebuild", DATA_DIR=str(data)) == 0
    assert seed_files(data) == files
    for row in before:
        again = newest(data, row.url)
        assert (again.file, again.month, again.fate, again.dates) == (
            row.file,
            row.month,
            row.fate,
            row.dates,
        )
    with closing(Catalogue.open("", data)) as catalogue:
        stated = [months_stated_of(catalogue, row.url)[0] for row in before]
    assert [(each.month, each.note) for each in stated] == [("2021-02", "printed on page 3"), ("2019-07", "")]
    assert stated[1].who == "Ada" and stated[1].stated


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((URL,), "Name a page and its month"),
        ((URL, "2021-13"), "The month is '2021-13'"),
        ((URL, "2021"), "The month is '2021'"),
        ((URL, "9999-12"), "has not begun"),
        ((URL, "2021-01", "more"), "Unknown argument 'more'"),
    ],
)
def test_what_is_no_month_is_one_sentence(data: Path, arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(OperatorError, match=said):
        call("date", *arguments, DATA_DIR=str(data))


def test_an_unknown_page_is_one_sentence(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert date(data, URL, "2021-01") == 1
    assert f"no page that was extracted from {URL}" in capsys.readouterr().out
