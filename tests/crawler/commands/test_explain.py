"""`scrapy explain` tells why a page was kept or not."""

import re
from pathlib import Path

import pytest

from crawler.errors import OperatorError
from tests.support.catalogues import articles, ask, change, known
from tests.support.commands import call, scrapy
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, open_site


def explained(data: Path, url: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert call("explain", url, DATA_DIR=str(data)) == 0
    return capsys.readouterr().out.splitlines()


def test_a_kept_article_is_explained(newsroom_crawl: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [row, *_] = [row for row in articles(newsroom_crawl) if row.fate == "saved"]
    said = explained(newsroom_crawl, row.url, capsys)
    text = "\n".join(said)
    assert said[:2] == [f"url           {row.url}", "fate          saved (done)"]
    for part in (
        row.file,
        row.record_id,
        row.month,
        row.model,
        f"conflict {row.conflict:.4f}",
        "charset       utf-8: ",
    ):
        assert known(part) in text
    assert all(f"{date.value} {date.kind}, {date.where}" in text for date in row.dates)
    assert any(line.startswith("visit") and " news: saved" in line for line in said)
    assert sum(line.startswith(" " * 13) for line in said) > 5


def test_every_judged_page_has_its_reasons(newsroom_crawl: Path) -> None:
    rows = articles(newsroom_crawl, everything=True)
    assert all(row.reasons for row in rows if row.model)
    assert all(row.model for row in rows if row.file)


def test_a_repeated_text_is_named_on_both_sides(
    newsroom_crawl: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [row, *_] = [row for row in articles(newsroom_crawl, everything=True) if row.duplicate_of]
    assert any(
        line.split()[:2] == ["repeats", row.duplicate_of] and "100% of it is there" in line
        for line in explained(newsroom_crawl, row.url, capsys)
    )
    said = explained(newsroom_crawl, known(row.duplicate_of), capsys)
    assert any(line.split()[:2] == [row.fate, row.url] for line in said)


def test_a_refused_page_and_one_that_was_no_page_are_explained(
    newsroom_crawl: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [row, *_] = [row for row in articles(newsroom_crawl, everything=True) if row.fate == "off_topic"]
    said = "\n".join(explained(newsroom_crawl, row.url, capsys))
    assert "file          not in the corpus" in said
    assert known(row.reason) in said
    [(feed,)] = ask(newsroom_crawl, "select url from url where fate = 'discovery' limit 1")
    assert "fate          discovery (done)" in explained(newsroom_crawl, feed, capsys)


def test_a_page_of_an_earlier_version_says_where_reasons_come_from(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(data, "update article set reasons = null")
    said = "\n".join(explained(data, articles(data)[0].url, capsys))
    assert "scrapy rederive --apply gives them" in said


def test_what_a_page_says_cannot_steer_the_terminal(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = articles(data)[0].url
    change(data, "update article set title = ?", "\x1b[2Jgone")
    assert not any("\x1b" in line for line in explained(data, url, capsys))


def test_a_page_that_nobody_knows_is_refused(newsroom_crawl: Path) -> None:
    unknown = scrapy("explain", "https://nobody.example/", "-s", f"DATA_DIR={newsroom_crawl}")
    assert unknown.returncode == 2
    assert "does not know https://nobody.example/" in unknown.stderr


def test_of_a_page_that_is_known_by_its_other_end_that_is_named(newsroom_crawl: Path) -> None:
    row = articles(newsroom_crawl)[0]
    other = row.url.removesuffix("/") if row.url.endswith("/") else f"{row.url}/"
    with pytest.raises(
        OperatorError, match=f"does not know {re.escape(other)}: it knows {re.escape(row.url)}$"
    ):
        call("explain", other, DATA_DIR=str(newsroom_crawl))
    with pytest.raises(OperatorError, match="Name a page"):
        call("explain", DATA_DIR=str(newsroom_crawl))


def test_what_became_of_a_page_is_told_with_each_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = Site({"/a": [article("Veld"), article("Tarmil")]})
    settings = SETTINGS | {"DATA_DIR": str(tmp_path / "data")}
    with open_site(site, ["/a"], tmp_path) as origin:
        run_crawl("news", settings, sources=str(tmp_path / "sources.txt"))
        change(tmp_path / "data", "update url set state = 'queued', attempts = 0 where kind = 'article'")
        run_crawl("news", settings, sources=str(tmp_path / "sources.txt"))
        said = "\n".join(explained(tmp_path / "data", origin.url("/a"), capsys))
    assert "changed, without notice: .revisions/2021-01/000_" in said
    assert "[-Veld-] {+Tarmil+}" in said
