"""A page is taken down whole, however its URL is spelled: by the operator, in the archive, in the catalogue."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.catalogue.articles import articles
from crawler.catalogue.runs import begin_run, end_run
from crawler.database.catalogue import Catalogue
from crawler.frontier.url_rows import enter
from crawler.http.url_identity import exact_key, url_key
from crawler.items import Evidence, Link, UrlKind
from tests.support.crawls import run_crawl
from tests.support.hostile_site import article
from tests.support.takedowns import all_bytes, assert_in_order, captured, redact
from tests.support.warcs import Archive, news

PLAIN = "https://fähre.example/fähre/Lindau?a=1&b=2"
SPELLINGS = {
    "plain": PLAIN,
    "as it is fetched": "https://xn--fhre-loa.example/f%C3%A4hre/Lindau?a=1&b=2",
    "escaped in small letters": "https://xn--fhre-loa.example/f%c3%a4hre/%4cindau?a=1&b=2",
    "http": "http://xn--fhre-loa.example/f%C3%A4hre/Lindau?a=1&b=2",
    "usual port": "https://xn--fhre-loa.example:443/f%C3%A4hre/Lindau?a=1&b=2",
    "host in capitals": "https://XN--FHRE-LOA.Example/f%C3%A4hre/Lindau?a=1&b=2",
    "host with a dot": "https://xn--fhre-loa.example./f%C3%A4hre/Lindau?a=1&b=2",
    "www": "https://www.xn--fhre-loa.example/f%C3%A4hre/Lindau?a=1&b=2",
    "mobile": "https://m.xn--fhre-loa.example/f%C3%A4hre/Lindau?a=1&b=2",
    "amp host": "https://amp.xn--fhre-loa.example/f%C3%A4hre/Lindau?a=1&b=2",
    "amp path": "https://xn--fhre-loa.example/f%C3%A4hre/Lindau/amp/?a=1&b=2",
    "amp parameter": "https://xn--fhre-loa.example/f%C3%A4hre/Lindau?a=1&b=2&amp=1",
    "print path": "https://xn--fhre-loa.example/f%C3%A4hre/Lindau/print?a=1&b=2",
    "print parameter": "https://xn--fhre-loa.example/f%C3%A4hre/Lindau?a=1&b=2&view=print",
    "campaign": "https://xn--fhre-loa.example/f%C3%A4hre/Lindau?a=1&b=2&utm_source=x&fbclid=y",
    "session in the query": "https://xn--fhre-loa.example/f%C3%A4hre/Lindau?PHPSESSID=9a&a=1&b=2",
    "session in the path": "https://xn--fhre-loa.example/f%C3%A4hre/Lindau;jsessionid=9a?a=1&b=2",
    "other order": "https://xn--fhre-loa.example/f%C3%A4hre/Lindau?b=2&a=1",
    "fragment": "https://xn--fhre-loa.example/f%C3%A4hre/Lindau?a=1&b=2#comments",
}
"""Each spelling is archived with a text of its own."""

OTHERS = (
    "https://xn--fhre-loa.example/f%C3%A4hre/Lindau?a=1&b=3",
    "https://xn--fhre-loa.example/f%C3%A4hre/Lindau/?a=1&b=2",
    "https://xn--fhre-loa.example/f%C3%A4hre?a=1&b=2",
    "https://news.xn--fhre-loa.example/f%C3%A4hre/Lindau?a=1&b=2",
)
"""Pages of their own, which must stay."""

EXACT = ("www", "http", "campaign")
"""Spellings that have rows of their own in the catalogue, as those between which a site redirects."""


def word(number: int) -> str:
    """A name that only the text of one spelling has."""
    return f"Quill{'abcdefghijklmnopqrstuvwxyz'[number]}wick"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("spellings")
    data = folder / "data"
    with closing(Catalogue.open("", data)) as catalogue:
        run = begin_run(catalogue, "news", {}, "test")
        links = [
            Link(SPELLINGS[name], UrlKind.ARTICLE, Evidence(title="Ferry"), is_exact=True) for name in EXACT
        ]
        assert enter(catalogue, run, [Link(PLAIN, UrlKind.ARTICLE, Evidence(title="Ferry")), *links]) == 4
        end_run(catalogue, run, "finished", 0)
    foreign = news(0)
    for number, url in enumerate(SPELLINGS.values()):
        foreign.exchange(url, article(word(number)).data, notes=f"title: Shelling near {word(number)}\r\n")
        foreign.add("resource", f"urn:text:{url}", f"{word(number)} again".encode())
    for number, url in enumerate(OTHERS):
        foreign.exchange(url, article(f"Fern{number}").data)
    replay(data, foreign, folder / "foreign.warc.gz")
    yield data


def replay(data: Path, foreign: Archive, path: Path) -> None:
    """Import an archive and derive its articles."""
    settings = {"DATA_DIR": str(data), "RELEVANCE_MODE": "off"}
    arguments: dict[str, Any] = {"path": str(foreign.save(path)), "import": "1"}
    run_crawl("replay", settings, **arguments)


@pytest.fixture
def data(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "data"))


def test_every_spelling_names_the_page_and_is_held(written: Path) -> None:
    assert {url_key(url) for url in SPELLINGS.values()} == {url_key(PLAIN)}
    assert url_key(PLAIN) not in {url_key(url) for url in OTHERS}
    everything = all_bytes(written)
    assert all(word(number).encode() in everything for number in range(len(SPELLINGS)))
    assert sum(captured(written).values()) == len(SPELLINGS) + len(OTHERS)
    with closing(Catalogue.open("", written)) as catalogue, catalogue.read() as connection:
        keys = set(connection.exec_driver_sql("select key from url").scalars())
    assert {exact_key(SPELLINGS[name]) for name in EXACT} <= keys


@pytest.mark.parametrize("given", SPELLINGS)
def test_every_spelling_takes_every_spelling_that_is_held(
    data: Path, given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert redact(data, SPELLINGS[given]) == 0

    assert "Redacted" in capsys.readouterr().out
    everything = all_bytes(data)
    assert [word(number) for number in range(len(SPELLINGS)) if word(number).encode() in everything] == []
    assert set(captured(data)) == set(OTHERS)
    assert {f"Fern{number}" for number in range(len(OTHERS)) if f"Fern{number}".encode() in everything} == {
        f"Fern{number}" for number in range(len(OTHERS))
    }
    with closing(Catalogue.open("", data)) as catalogue:
        rows = [(row.url, row.fate, bool(row.text)) for row in articles(catalogue, True)]
    page = [row for row in rows if url_key(row[0]) == url_key(PLAIN)]
    assert len(page) == len(SPELLINGS)
    assert {(fate, has_text) for _, fate, has_text in page} == {("rights_dropped", False)}
    assert_in_order(data)


@pytest.mark.parametrize("brought", ["mobile", "campaign", "http", "amp path"])
def test_no_spelling_is_imported_again(data: Path, brought: str, tmp_path: Path) -> None:
    redact(data, SPELLINGS["www"])
    again = news(0)
    again.exchange(SPELLINGS[brought], article("Thistlemere").data)
    again.exchange("https://orla.example/later", article("Ferrowick").data)
    replay(data, again, tmp_path / "again.warc.gz")

    everything = all_bytes(data)
    assert b"Thistlemere" not in everything
    assert b"Ferrowick" in everything
    assert_in_order(data)


def test_a_takedown_that_left_spellings_is_completed(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = SPELLINGS["http"]
    with monkeypatch.context() as patched:  # as before, when the archive knew a page by one spelling
        patched.setattr(
            "crawler.cli.takedown_report.url_key", lambda url: url_key(url) if url == taken else b""
        )
        redact(data, taken)
    assert taken not in captured(data)
    assert captured(data).keys() >= {SPELLINGS["mobile"], SPELLINGS["campaign"]}

    assert redact(data, taken) == 0
    assert set(captured(data)) == set(OTHERS)
    assert_in_order(data)
