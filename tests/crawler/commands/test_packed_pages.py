"""Which articles the list of a package names: those whose records are in it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive.warc.location import RecordLocation
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.cli.wacz import pages
from crawler.database.catalogue import Catalogue
from crawler.database.engine import open_engine
from crawler.fates import Fate
from tests.support.outcomes import Shelved, article, filed, outcome_of

ARCHIVE = Path("/data/collections/news/archive")


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue(open_engine("", tmp_path), is_shared=True)) as catalogue:
        yield catalogue


def commit(
    catalogue: Catalogue,
    name: str,
    location: RecordLocation | None,
    title: str | None = None,
    place: str = "",
    fate: Fate = Fate.SAVED,
) -> str:
    run = begin_run(catalogue, "news", {}, "", place)
    made = article(name, text=f"{name}: le port rouvre.", title=title)
    made = filed(made, run) if fate is Fate.SAVED else made
    commit_outcomes(catalogue, run, [(outcome_of(made, fate), location)])
    return made.url


def in_file(warc: str, number: int = 1) -> RecordLocation:
    return replace(Shelved(number).durable(), warc=warc)


@pytest.mark.parametrize(
    ("warc", "is_packed"),
    [
        ("news-1.warc.gz", True),
        (f"{ARCHIVE}/news-1.warc.gz", True),
        ("/others/news-1.warc.gz", False),
        ("elsewhere/news-1.warc.gz", False),
    ],
)
def test_an_article_from_an_archive_of_others_is_not_listed(
    catalogue: Catalogue, warc: str, is_packed: bool
) -> None:
    url = commit(catalogue, "міст", in_file(warc), title="Міст упав")
    found = [(page.url, page.title) for page in pages(catalogue, ARCHIVE)]
    assert found == ([(url, "Міст упав")] if is_packed else [])


def test_what_has_no_record_or_is_not_in_the_corpus_is_not_listed_and_what_has_no_title_is(
    catalogue: Catalogue,
) -> None:
    commit(catalogue, "без", None)
    commit(catalogue, "off", in_file("news-1.warc.gz", 2), fate=Fate.OFF_TOPIC)
    url = commit(catalogue, "أول", in_file("news-1.warc.gz", 3))
    assert [(page.url, page.title) for page in pages(catalogue, ARCHIVE)] == [(url, url)]


@pytest.mark.parametrize(("place", "names"), [("one", ["a"]), ("two", ["b"]), ("", ["a", "b"])])
def test_a_package_lists_what_lies_in_its_place(catalogue: Catalogue, place: str, names: list[str]) -> None:
    for number, (name, its) in enumerate((("a", "one"), ("b", "two")), 1):
        commit(catalogue, name, in_file(f"news-{number}.warc.gz", number), place=its)
    assert [page.url[-1] for page in pages(catalogue, ARCHIVE, place)] == names
