"""`scrapy add` takes single articles, and says what became of each."""

import io
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK
from tests.support.commands import call, scrapy
from tests.support.hostile_site import Site, article, corpus, http, redirect
from tests.support.origin import serve
from tests.support.source_options import options

RECIPE = http(
    b"<!doctype html><html lang=en><head><title>Soup</title>"
    b'<meta property="article:published_time" content="2021-01-11T10:00:00+00:00"></head><body><article><h1>Soup</h1>'
    + "".join(
        f"<p>Peel the {name}, cut them small and let them simmer in butter until they are soft and smell of summer.</p>"
        for name in ("carrots", "leeks", "onions", "parsnips", "turnips")
    ).encode()
    + b"</article></body></html>"
)


def test_each_url_gets_a_sentence_and_what_is_off_topic_stays_out_unless_it_is_accepted(
    tmp_path: Path,
) -> None:
    given = options(tmp_path, RELEVANCE_MODE="conflict")
    with serve(Site({"/war": article("Veld"), "/moved": redirect("/war"), "/soup": RECIPE})) as origin:
        paths = ("/war", "/soup", "/none")
        ran = scrapy("add", *map(origin.url, paths), *given)
        assert ran.returncode == OK, ran.stderr
        war, soup, none = ran.stdout.splitlines()
        assert war.startswith(f"{origin.url('/war')}: saved, 2021-01/000_")
        assert soup.startswith(f"{origin.url('/soup')}: not in the corpus: off_topic, conflict 0.")
        assert re.search(
            rf"`scrapy add --accept {re.escape(origin.url('/soup'))} -s DATA_DIR=\S+` keeps it\.$", soup
        )
        assert none == f"{origin.url('/none')}: not in the corpus: gone, HTTP 404."
        kept = scrapy("add", "--accept", "--by", "Ada", origin.url("/soup"), origin.url("/moved"), *given)
    assert kept.returncode == OK, kept.stderr
    assert f"{origin.url('/soup')}: accepted, 2021-01/001_" in kept.stdout
    assert f"{origin.url('/moved')} (moved to {origin.url('/war')}): saved, 2021-01/000_" in kept.stdout
    assert len(corpus(tmp_path / "data")) == 2
    with closing(sqlite3.connect(tmp_path / "data" / "catalogue.sqlite")) as catalogue:
        assert catalogue.execute("select who, ruling from review").fetchall() == [("Ada", "accept")]


def test_an_article_that_cannot_be_reached_is_exit_code_1(tmp_path: Path) -> None:
    ran = scrapy("add", "http://nowhere.invalid/a", *options(tmp_path))
    assert ran.returncode == FAILED
    assert ran.stdout.startswith("http://nowhere.invalid/a: not in the corpus: network_error, ")


@pytest.mark.parametrize(
    ("arguments", "given", "words"),
    [
        ((), "", "usage: scrapy add"),
        (("-",), "\n\n", "usage: scrapy add"),
        (("-",), "https://a.example/\nveld", "'veld' is not an http"),
        (("ftp://a.example/",), "", "is not an http"),
        (("https://me:secret@a.example/",), "", "user name or password"),
    ],
)
def test_what_is_no_url_is_a_sentence(
    arguments: tuple[str, ...], given: str, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(given))
    with pytest.raises(OperatorError, match=words) as refused:
        call("add", *arguments, DATA_DIR=str(tmp_path / "data"))
    assert "secret" not in str(refused.value)
    assert not (tmp_path / "data").exists()
