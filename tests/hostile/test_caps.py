"""A source with limits gets no more requests than they allow; what is left waits for a later run."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import update

from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.run.recorder import recorder_of
from crawler.run.result import RunResult
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, fates, feed, open_site
from tests.support.origin import Origin

PAGES = [f"/a{number}" for number in range(6)]


def site() -> Site:
    return Site({path: article(f"Veld {path}") for path in PAGES})


def source(number: int, feed: str, **limits: int) -> str:
    """An entry of a registry."""
    given = "".join(f"{name} = {value}\n" for name, value in limits.items())
    return (
        f'[[source]]\nid = "veld-{number}"\nname = "Veld"\nhomepage = "{feed}"\ncountry = "ML"\n'
        f'languages = ["en"]\ntimezone = "UTC"\nkind = "newspaper"\nfeeds = ["{feed}"]\n{given}'
    )


def write_registry(folder: Path, *entries: str) -> None:
    (folder / "mine.toml").write_text("".join(entries), encoding="utf-8")


def crawl(folder: Path, **arguments: str) -> RunResult:
    settings = SETTINGS | {"DATA_DIR": str(folder / "data"), "LOG_LEVEL": "INFO"}
    crawler = run_crawl("news", settings, sources=str(folder / "mine.toml"), **arguments)
    result = recorder_of(crawler).result
    assert result is not None
    assert result.exit_code == 0
    assert result.tally.reconciles
    return result


def requests(origin: Origin) -> int:
    """How many requests came so far, those for the rules and the rights of the site left out."""
    rules = ("/robots.txt", "/.well-known/tdmrep.json")
    return sum(len(each) for path, each in origin.read.items() if path not in rules)


def next_day(folder: Path) -> None:
    catalogue = Catalogue.open("", folder / "data")
    with catalogue.engine.begin() as connection:
        connection.execute(update(schema.source_day).values(day=schema.source_day.c.day - 1))
    catalogue.close()


def test_a_run_fetches_no_more_than_its_limit_and_the_next_one_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_site(site(), PAGES, tmp_path) as origin, caplog.at_level(logging.INFO):
        write_registry(tmp_path, source(0, origin.url("/feed"), max_pages=3))
        first = crawl(tmp_path)
        assert (requests(origin), first.tally.pending) == (3, 4)
        assert "Source veld-0 reached its limit: 4 URLs are left to later runs." in caplog.text
        crawl(tmp_path, due="1")
        assert requests(origin) == 6
        assert crawl(tmp_path, due="1").tally.pending == 0
        ended = fates(tmp_path / "data", origin)
    assert {ended[path] for path in PAGES} == {"saved"}
    assert {path: len(origin.read[path]) for path in PAGES} == dict.fromkeys(PAGES, 1)


def test_a_day_has_its_limit_over_all_runs(tmp_path: Path) -> None:
    with open_site(site(), PAGES, tmp_path) as origin:
        write_registry(tmp_path, source(0, origin.url("/feed"), max_pages=3, max_pages_per_day=4))
        for total in (3, 4, 4):
            crawl(tmp_path, due="1")
            assert requests(origin) == total
        next_day(tmp_path)
        crawl(tmp_path, due="1")
        assert requests(origin) == 7


def test_a_limit_of_one_source_holds_up_no_other_of_the_same_host(tmp_path: Path) -> None:
    other = {"/b0": article("Tarmil"), "/b1": article("Ostrava")}
    pages = Site({**site(), **other})
    with open_site(pages, PAGES, tmp_path) as origin:
        pages["/other"] = feed(map(origin.url, other))
        write_registry(tmp_path, source(0, origin.url("/feed"), max_pages=2), source(1, origin.url("/other")))
        result = crawl(tmp_path)
        ended = fates(tmp_path / "data", origin)
    assert [ended[path] for path in other] == ["saved", "saved"]
    assert result.tally.pending == len(PAGES) - 1
