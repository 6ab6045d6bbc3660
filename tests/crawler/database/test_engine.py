"""A store that cannot be used is refused in one sentence, and a newer one is left as it is."""

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, make_url, text

from crawler.database import schema
from crawler.database.engine import BUSY_MS, WrongStoreUrl, WrongVersion, open_engine
from crawler.database.unusable import CatalogueError, shown


def tables(catalogue: Path) -> set[str]:
    with closing(sqlite3.connect(catalogue)) as connection:
        return {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}


def test_the_catalogue_is_made_in_a_data_directory_that_is_not_there(tmp_path: Path) -> None:
    open_engine("", tmp_path / "new" / "data").dispose()
    assert tables(tmp_path / "new" / "data" / "catalogue.sqlite") == set(schema.metadata.tables)


@pytest.mark.parametrize("name", ["50%", "why?", "a#b", "%41", "a b", "ميناء"])
def test_the_data_directory_may_have_any_name(name: str, tmp_path: Path) -> None:
    open_engine("", tmp_path / name).dispose()
    assert (tmp_path / name / "catalogue.sqlite").is_file()


def test_a_store_url_decides_where_the_catalogue_lies(tmp_path: Path) -> None:
    open_engine(f"sqlite:///{tmp_path / 'elsewhere.sqlite'}", tmp_path / "data").dispose()
    assert (tmp_path / "elsewhere.sqlite").is_file()
    assert not (tmp_path / "data").exists()


def test_a_store_that_is_opened_again_is_the_same(tmp_path: Path) -> None:
    for _ in range(2):
        engine = open_engine("", tmp_path)
        with engine.connect() as connection:
            versions = connection.execute(text("select version from schema_version")).scalars().all()
        engine.dispose()
    assert versions == [schema.VERSION]


@pytest.mark.parametrize("statement", [2, 20, 35, 50])
def test_a_kill_while_the_tables_are_made_leaves_none(statement: int, tmp_path: Path) -> None:
    left = count(statement, -1)

    def kill(connection: object, *_: object) -> None:
        if next(left) == 0:
            raise KeyboardInterrupt

    event.listen(Engine, "before_cursor_execute", kill)
    with pytest.raises(KeyboardInterrupt):
        open_engine("", tmp_path)
    event.remove(Engine, "before_cursor_execute", kill)
    assert tables(tmp_path / "catalogue.sqlite") == set()


def test_a_committed_row_survives_a_power_cut(tmp_path: Path) -> None:
    engine = open_engine("", tmp_path)
    with engine.connect() as connection:
        pragmas = [
            connection.execute(text(f"pragma {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    engine.dispose()
    assert pragmas == ["wal", 2, 1]  # 2: FULL


def test_a_newer_store_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue.sqlite"
    newer = schema.VERSION + 1
    with closing(sqlite3.connect(catalogue)) as connection, connection:
        connection.execute("create table schema_version (version integer not null)")
        connection.execute("insert into schema_version values (?)", [newer])
    with pytest.raises(WrongVersion, match=rf"has version {newer}.* knows {schema.VERSION}: use the newer"):
        open_engine("", tmp_path)
    assert tables(catalogue) == {"schema_version"}


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CatalogueError, match=r"Cannot open the catalogue .*file/data.*DATA_DIR=FOLDER\.$"):
        open_engine("", tmp_path / "file" / "data")


def test_a_store_url_below_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CatalogueError, match=r"file/catalogue\.sqlite: unable to open database file"):
        open_engine(f"sqlite:///{tmp_path}/file/catalogue.sqlite", tmp_path)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite").write_text("Le port de Marisol rouvre. " * 50)
    with pytest.raises(
        CatalogueError, match=r"catalogue\.sqlite is broken: file is not a database.*scrapy store rebuild"
    ):
        open_engine("", tmp_path)


@pytest.mark.parametrize(
    "store_url",
    [
        "catalogue.sqlite",
        "//keeper:s3cret@db.example/news",
        "nosuch://keeper:s3cret@db.example/news",
        "postgresql+nosuch://keeper:s3cret@db.example/news",
        "postgresql://keeper:s3cret@db.example:port/news",
        "sqlite://keeper:s3cret@db.example/news",
        "sqlite:///news?timeout=soon",
    ],
)
def test_a_store_url_that_means_nothing_is_refused_without_its_password(
    store_url: str, tmp_path: Path
) -> None:
    with pytest.raises(WrongStoreUrl, match=r"^STORE_URL cannot be used: .*Give a URL such as") as refusal:
        open_engine(store_url, tmp_path)
    assert "s3cret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("store_url", "name"),
    [
        (
            "postgresql+psycopg://keeper:s3cret@db.example:5432/news",
            "postgresql+psycopg://db.example:5432/news",
        ),
        ("postgresql://keeper:to@s3cret@db.example/news", "postgresql://db.example/news"),
        ("postgresql://db.example/news?user=keeper&password=s3cret", "postgresql://db.example/news"),
        ("sqlite:////srv/news/catalogue.sqlite", "sqlite:////srv/news/catalogue.sqlite"),
    ],
)
def test_a_store_is_named_without_credentials(store_url: str, name: str) -> None:
    assert shown(make_url(store_url)) == name


def test_an_older_store_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as old:
        old.execute("create table schema_version (version integer not null)")
        old.execute("insert into schema_version values (1)")
        old.commit()
    with pytest.raises(WrongVersion, match=f"version 1, this Frontwire needs {schema.VERSION}"):
        open_engine("", tmp_path)
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as old:
        assert old.execute("select name from sqlite_master").fetchall() == [("schema_version",)]


def test_a_connection_waits_for_other_programs_and_loses_nothing_in_a_power_cut(tmp_path: Path) -> None:
    engine = open_engine("", tmp_path)
    with engine.connect() as connection:
        pragmas = {
            name: connection.execute(text(f"pragma {name}")).scalar()
            for name in ("busy_timeout", "journal_mode", "synchronous", "foreign_keys")
        }
    engine.dispose()
    assert pragmas == {"busy_timeout": BUSY_MS, "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    assert BUSY_MS >= 10_000  # a merge of another program's may take so long


def test_postgresql_ends_a_transaction_that_a_stopped_process_left_open(
    postgres_url: str, tmp_path: Path
) -> None:
    opened = open_engine(postgres_url, tmp_path)
    for _ in range(2):  # also after a transaction that was rolled back
        with opened.connect() as connection:
            limit = connection.exec_driver_sql("show idle_in_transaction_session_timeout").scalar()
            assert limit == "10min"
            connection.rollback()
    opened.dispose()


def test_postgresql_cleans_tables_early_that_change_often(postgres_url: str, tmp_path: Path) -> None:
    opened = open_engine(postgres_url, tmp_path)
    query = "select relname from pg_class where reloptions::text like '%autovacuum_vacuum_scale_factor%'"
    with opened.connect() as connection:
        names = set(connection.execute(text(query)).scalars())
    opened.dispose()
    assert names == {"url", "host", "run", "harvest", "source_day"}
