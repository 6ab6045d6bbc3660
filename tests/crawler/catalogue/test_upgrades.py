import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from crawler.catalogue import upgrades
from crawler.catalogue.pending_articles import PendingArticles
from crawler.catalogue.runs import begin_run
from crawler.catalogue.tallies import tally_of
from crawler.catalogue.upgrades import upgrade
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.engine import CatalogueError, WrongVersion, open_engine
from crawler.frontier.leases import Leases
from crawler.http.url_identity import url_key
from tests.support.commands import scrapy

DUMP = Path(__file__).with_name("version_1.sql")
"""A feed with three articles, of which one was saved before the run was stopped."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A data directory with a catalogue of version 1."""
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as catalogue:
        catalogue.executescript(DUMP.read_text(encoding="utf-8"))
    return tmp_path


def dump(data: Path) -> list[str]:
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue:
        return list(catalogue.iterdump())


def test_an_upgraded_store_has_the_tables_of_a_new_one(old: Path, tmp_path: Path) -> None:
    assert upgrade("", old) == (1, schema.VERSION)
    assert upgrade("", old) == (schema.VERSION, schema.VERSION)
    fresh = open_engine("", tmp_path / "fresh")
    with closing(Catalogue.open("", old)) as catalogue:
        for table in schema.metadata.tables:
            ours, new = inspect(catalogue.engine), inspect(fresh)
            names = [{column["name"] for column in each.get_columns(table)} for each in (ours, new)]
            assert names[0] == names[1], table
            indexes = [{index["name"] for index in each.get_indexes(table)} for each in (ours, new)]
            assert indexes[0] == indexes[1], table
    fresh.dispose()


def test_what_was_pending_goes_on(old: Path) -> None:
    upgrade("", old)
    with closing(Catalogue.open("", old)) as catalogue:
        run = begin_run(catalogue, "news", {}, "")
        leases = Leases(catalogue, run, {"marisol"})
        leases.keep()
        hosts = leases.lease_hosts(9)
        urls = {leased.link.url for leased in leases.lease_urls([host.id for host in hosts], 9)}
        assert [host.name for host in hosts] == ["marisol.example"]
        assert urls == {"https://marisol.example/a", "https://marisol.example/b?utm_source=feed"}
        assert tally_of(catalogue, run).reconciles
        assert PendingArticles(catalogue).text_of_url("http://www.marisol.example/c") is not None


def test_of_two_urls_that_name_one_page_now_both_stay(old: Path) -> None:
    with closing(sqlite3.connect(old / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.execute("update url set url = 'https://marisol.example/b' where url like '%/a'")
        # A new key that an old row has.
        catalogue.execute("update url set key = ? where id = 4", [url_key("https://marisol.example/b")])
    upgrade("", old)
    with closing(sqlite3.connect(old / "catalogue.sqlite")) as catalogue:
        keys = [key for (key,) in catalogue.execute("select key from url")]
    assert len(set(keys)) == 4
    assert url_key("https://marisol.example/b") in keys


def test_an_upgrade_that_fails_leaves_the_store_as_it_was(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise OperationalError("", {}, Exception("disk I/O error"))

    monkeypatch.setattr(upgrades, "_fill_sources", fail)
    before = dump(old)
    with pytest.raises(CatalogueError, match=r"disk I/O error\. It is as it was before"):
        upgrade("", old)
    assert dump(old) == before
    with pytest.raises(WrongVersion, match="run `scrapy store upgrade`"):
        open_engine("", old)


def test_a_folder_without_a_catalogue_has_nothing_to_upgrade(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="no catalogue"):
        upgrade("", tmp_path)


def test_the_command_upgrades(old: Path) -> None:
    data = ("-s", f"DATA_DIR={old}")
    assert "scrapy store upgrade" in scrapy("export", *data).stderr
    upgraded = scrapy("store", "upgrade", *data)
    assert (upgraded.returncode, upgraded.stdout) == (
        0,
        f"The catalogue was upgraded from version 1 to {schema.VERSION}.\n",
    )
    assert f"{schema.VERSION} already" in scrapy("store", "upgrade", *data).stdout
    exported = scrapy("export", *data)
    assert exported.returncode == 0
    assert "https://marisol.example/c" in exported.stdout
    assert scrapy("store", "downgrade", *data).returncode == 2
