import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from crawler.catalogue import upgrades
from crawler.catalogue.pending_articles import PendingArticles
from crawler.catalogue.runs import begin_run
from crawler.catalogue.tallies import tally_of
from crawler.catalogue.upgrades import CatalogueBusy, upgrade
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.clock import now_ms
from crawler.database.engine import WrongVersion, connect, open_engine
from crawler.database.unusable import CatalogueError
from crawler.exit_codes import BUSY, OK
from crawler.frontier.leases import Leases
from crawler.frontier.url_rows import PRIORITIES
from crawler.http.url_identity import url_key
from crawler.items import UrlKind
from crawler.texts.similarity import bands_of
from tests.support.commands import call, scrapy
from tests.support.old_catalogues import TEXT, VERSION_1, Rows, make_catalogue, rows_of, shape_of


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A data directory with a catalogue of version 1."""
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as catalogue:
        catalogue.executescript(VERSION_1.read_text(encoding="utf-8"))
    return tmp_path


def dump(data: Path) -> list[str]:
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue:
        return list(catalogue.iterdump())


VERSIONS = range(1, schema.VERSION + 1)


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest) -> str:
    """STORE_URL of a database without tables, of either kind."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("empty_postgres_url"))


@pytest.fixture
def new_shape(old_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> object:
    """The shape of a catalogue that was made today, in a database of the same kind."""
    engine = open_engine(str(request.getfixturevalue("postgres_url")) if old_url else "", tmp_path / "new")
    with engine.connect() as connection:
        shape = shape_of(connection)
    engine.dispose()
    return shape


@pytest.mark.parametrize("version", VERSIONS)
def test_an_upgrade_keeps_every_row_computes_what_it_lacks_and_ends_in_todays_shape(
    old_url: str, tmp_path: Path, version: int, new_shape: object
) -> None:
    engine = connect(old_url, tmp_path)
    with engine.begin() as connection:
        make_catalogue(connection, version)
        before = rows_of(connection)
    assert call("store", "upgrade", DATA_DIR=str(tmp_path), STORE_URL=old_url) == OK
    assert upgrade(old_url, tmp_path) == (schema.VERSION, schema.VERSION)
    with engine.connect() as connection:
        after, shape = rows_of(connection), shape_of(connection)
    engine.dispose()
    assert shape == new_shape
    _check_kept(before, after, version)
    _check_computed(after, version)


def _check_kept(before: Rows, after: Rows, version: int) -> None:
    computed = {"url": {"key", "source", "host_id", "priority"}, "schema_version": {"version"}}
    computed |= {table: {"key"} for table in ("harvest", "redaction", "review")}
    assert all(before.values())
    for table, [row] in before.items():
        same = row.keys() - computed.get(table, set()) if version < schema.VERSION else row.keys()
        assert [{name: each[name] for name in same} for each in after[table][:1]] == [
            {name: row[name] for name in same}
        ], table
    assert after["schema_version"] == [{"version": schema.VERSION}]


def _check_computed(after: Rows, version: int) -> None:
    """What earlier versions lack."""
    [url] = after["url"]
    if version == 1:
        assert bytes(url["key"]) == url_key(url["url"])
        assert (url["source"], [host["name"] for host in after["host"]]) == ("marisol", ["marisol.example"])
        assert url["host_id"] == after["host"][0]["id"]
    if 1 < version < 5:
        assert after["capture"][0]["place"] == after["run"][0]["place"] == "run.place"
    if version < 3:
        assert url["priority"] == PRIORITIES[UrlKind.FEED]
        assert {row["key"] for row in after["band"] if row["article_id"] == 1} >= set(bands_of(TEXT))


@pytest.mark.parametrize("version", [1, *VERSIONS[-2:]])
def test_an_upgrade_says_from_which_version_it_was(old_url: str, tmp_path: Path, version: int) -> None:
    engine = connect(old_url, tmp_path)
    with engine.begin() as connection:
        make_catalogue(connection, version)
    engine.dispose()
    assert upgrade(old_url, tmp_path) == (version, schema.VERSION)


@pytest.mark.parametrize("version", range(1, 12))
def test_articles_of_earlier_versions_get_their_clusters(old_url: str, tmp_path: Path, version: int) -> None:
    engine = connect(old_url, tmp_path)
    with engine.begin() as connection:
        make_catalogue(connection, version)
        connection.exec_driver_sql("update article set duplicate_of = null, revises = null")
    upgrade(old_url, tmp_path)
    with engine.begin() as connection:
        [article] = rows_of(connection)["article"]
    engine.dispose()
    assert bytes(article["cluster"]) == url_key("https://marisol.example/a")
    assert (article["kinship"], article["kin"], article["meaning"]) == (None, None, None)


@pytest.mark.parametrize("version", [2, 3])
def test_no_table_is_changed_under_a_run_that_is_at_work_elsewhere(
    empty_postgres_url: str, tmp_path: Path, version: int
) -> None:
    engine = connect(empty_postgres_url, tmp_path)
    with engine.begin() as connection:
        make_catalogue(connection, version)
        alive = update(schema.run).values(ended=None, alive_until=now_ms() + 20_000)
        connection.execute(alive)
    with pytest.raises(CatalogueBusy, match="A run in another data directory is at work") as failed:
        upgrade(empty_postgres_url, tmp_path)
    assert failed.value.exit_code == BUSY
    with engine.begin() as connection:
        connection.execute(update(schema.run).values(alive_until=0))
    assert upgrade(empty_postgres_url, tmp_path) == (version, schema.VERSION)
    engine.dispose()


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
    def fail(*_: object) -> None:
        raise OperationalError("", {}, Exception("disk I/O error"))

    monkeypatch.setattr(upgrades, "_fill_in", fail)
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
