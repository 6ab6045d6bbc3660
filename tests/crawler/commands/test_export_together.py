"""Options of `scrapy export` that are given together: each counts, in the order in which people mean them."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.items import Article
from tests.support.commands import call
from tests.support.outcomes import MOMENT, Shelved, article, filed, outcome_of
from tests.support.registries import source_entry

NAMES = ("un", "deux", "trois", "quatre")


def made(number: int, source: str, published: str, rights: tuple[str, ...] = ()) -> Article:
    """An article that came in so many days after the first one, whenever it was published."""
    name = NAMES[number]
    capture = Shelved(number, captured=MOMENT + timedelta(days=number))
    plain = article(name, f"Le port {name} rouvre.", capture=capture, published=published, rights=rights)
    return replace(plain, evidence=replace(plain.evidence, source=source))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sources of two countries; of one article a use is reserved, one waits for a person."""
    data_dir = tmp_path_factory.mktemp("together")
    (data_dir / "sources.toml").write_text(
        source_entry("marisol", "https://marisol.example/", feeds=["https://marisol.example/feed"])
        + source_entry("tarn", "https://tarn.example/", country="ML", feeds=["https://tarn.example/feed"])
    )
    all_made = [
        made(0, "marisol", "2021-01-20"),
        made(1, "tarn", "2021-01-10", ("noai",)),
        made(2, "marisol", "2021-01-15"),
        made(3, "tarn", "2021-01-12"),
    ]
    with closing(Catalogue.open("", data_dir)) as catalogue:
        run = begin_run(catalogue, "news", {}, "")
        for number, each in enumerate(all_made):
            assert isinstance(each.capture, Shelved)
            fate = Fate.REVIEW if number == 2 else Fate.SAVED
            ended = each if number == 2 else filed(each, number)
            commit_outcomes(catalogue, run, [(outcome_of(ended, fate), each.capture.durable())])
    return data_dir


def exported(data: Path, capfd: pytest.CaptureFixture[str], *options: str) -> list[str]:
    """The lines of an export."""
    sources = str(data / "sources.toml")
    assert call("export", *options, "--sources", sources, DATA_DIR=str(data)) == 0
    return capfd.readouterr().out.splitlines()


TOGETHER = [
    ("--country FR --source marisol,tarn", ["un"]),
    ("--country ML,FR --source tarn", ["deux", "quatre"]),
    ("--country ML --source marisol", []),
    ("--fate saved,review", ["un", "deux", "trois", "quatre"]),
    ("--fate saved --newest 2", ["deux", "quatre"]),
    ("--rights open --newest 2", ["un", "quatre"]),
    ("--query port", ["un", "deux", "quatre"]),
    ("--query port --all", ["un", "deux", "trois", "quatre"]),
    ("--query port --fate review", ["trois"]),
    ("--query port --rights open --newest 1", ["quatre"]),
    ("--by captured --since 2021-01-29 --until 2021-01-30 --all", ["deux", "trois"]),
]


@pytest.mark.parametrize(("options", "names"), TOGETHER, ids=[options for options, _ in TOGETHER])
def test_each_option_narrows_what_the_others_leave(
    options: str, names: list[str], data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = exported(data, capfd, "--columns", "url", *options.split())
    assert [json.loads(line)["url"].rpartition("/")[2] for line in lines] == names


def test_what_a_query_finds_comes_in_the_order_of_the_catalogue_however_much_it_is(
    data: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.database.bulk.KEYS", 1)
    lines = exported(data, capfd, "--columns", "url", "--query", "port")
    assert [json.loads(line)["url"].rpartition("/")[2] for line in lines] == ["un", "deux", "quatre"]


@pytest.mark.parametrize(("columns", "names"), [("url,declared", "url,declared"), ("url", "url,declared")])
def test_what_was_declared_is_a_column_once(
    columns: str, names: str, data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first, *_ = exported(data, capfd, "--format", "csv", "--columns", columns, "--rights", "open")
    assert first == names


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_days_of_a_feed_are_those_on_which_articles_came_in(
    form: str, data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    said = "\n".join(exported(data, capfd, "--format", form, "--since", "2021-01-31"))
    assert [name for name in NAMES if f"marisol.example/{name}" in said] == ["quatre"]
