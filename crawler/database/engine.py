"""Opening the catalogue's database: engine, pragmas, schema version."""

import sqlite3
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, insert, inspect, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from crawler.data_dir import DataDir
from crawler.database import schema
from crawler.database.read_only import is_read_only, open_to_read
from crawler.database.unusable import REBUILD, CatalogueError, explained, shown
from crawler.errors import OperatorError

_LOCK = 0x66726F6E74776972
"""PostgreSQL's advisory lock for making tables: any number that no other program uses."""

BUSY_MS = 20_000
"""How long SQLite waits for another program that holds the catalogue."""

CACHE_KIB = 4 * 1024
"""SQLite's cache of each connection. 32 MiB made a million URLs 4 % faster than 8: the system has a cache too."""

WAL_PAGES = 8000
"""Pages of 4 KiB in the log before they are moved into the database: among a million URLs a commit changes hundreds,
and most would be moved one by one with the usual thousand."""

IDLE_MS = 600_000
"""How long a transaction may do nothing before PostgreSQL ends it: no reader of ours pauses for a minute."""

_SMALL = "fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 200"
_STORED = {
    "url": "autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000",
    **dict.fromkeys(("host", "run", "harvest", "source_day"), _SMALL),
}
"""How PostgreSQL stores the tables that workers change most. By default a fifth of the rows would be dead before they
are removed, and a change of a row whose block is full would go into every index."""

_PSYCOPG = "; the driver comes with `pip install 'psycopg[binary]'`"


class WrongStoreUrl(OperatorError):
    """STORE_URL names no database that could be used."""


class WrongVersion(CatalogueError):
    """The catalogue was written by a newer or an older Frontwire."""


def open_engine(store_url: str, data_dir: Path) -> Engine:
    """An engine for an SQLAlchemy URL, or for `catalogue.sqlite` in `data_dir`; tables are made if absent.

    What cannot be written is opened to be read.
    """
    engine = connect(store_url, data_dir)
    if engine.dialect.name == "sqlite" and is_read_only(file := Path(engine.url.database or "")):
        engine = open_to_read(file)
    try:
        if not store_url:
            data_dir.mkdir(parents=True, exist_ok=True)
        _check_version(engine)
    except (OSError, DBAPIError) as error:
        raise explained(error, engine.url) from None
    return engine


def connect(store_url: str, data_dir: Path) -> Engine:
    """An engine as `open_engine` gives it, for a catalogue of any version."""
    # Not written as text: in a URL, `?` and `%` of a folder's name would mean something else.
    catalogue = URL.create("sqlite", database=str(DataDir.at(data_dir).catalogue.resolve()))
    return _create(store_url or catalogue)


def holds_tables(store_url: str, data_dir: Path) -> bool:
    """Whether there is a catalogue to open; none is made."""
    engine = connect(store_url, data_dir)
    try:
        if engine.dialect.name == "sqlite":
            return _file_holds_tables(Path(engine.url.database or ""))
        with engine.connect() as connection:
            return version_of(connection) is not None
    except DBAPIError:
        return True  # opening it says what is wrong
    finally:
        engine.dispose()


def _file_holds_tables(file: Path) -> bool:
    """The same of a file, which not even becomes a database by that."""
    if not file.is_file():
        return False
    way = "mode=ro&immutable=1" if is_read_only(file) else "mode=ro"
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?{way}", uri=True)) as database:
            query = "select 1 from sqlite_master where name = ?"
            return database.execute(query, [schema.schema_version.name]).fetchone() is not None
    except sqlite3.Error:
        return True  # opening it says what is wrong


def _create(url: str | URL) -> Engine:
    try:
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        cause = " ".join(str(error).split())  # some of SQLAlchemy's have several lines
        raise WrongStoreUrl(
            f"STORE_URL cannot be used: {cause}. Give a URL such as postgresql+psycopg://user@host/name or "
            f"sqlite:///PATH{_PSYCOPG if 'psycopg' in cause else ''}.",
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    event.listen(engine, "connect", _prepare_postgresql)
    # A transaction that has waited for a lock must see what was committed meanwhile, whatever the server's default is.
    return engine.execution_options(isolation_level="READ COMMITTED")


def _prepare_sqlite(connection: SqliteConnection, _record: object) -> None:
    # FULL: a committed row must survive a power cut, for the next step refers to it.
    pragmas = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}")
    sizes = (f"cache_size=-{CACHE_KIB}", f"wal_autocheckpoint={WAL_PAGES}")
    for pragma in (*pragmas, *sizes):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """Have the server end what a stopped process left open: its locks hold up others, its snapshot keeps dead rows."""
    was, connection.autocommit = connection.autocommit, True  # a value that a transaction sets goes with it
    connection.execute(f"SET idle_in_transaction_session_timeout = {IDLE_MS}")
    connection.autocommit = was


def _check_version(engine: Engine) -> None:
    with engine.begin() as connection:
        version = version_of(connection)
        if version is None:
            _refuse_foreign(connection)
            _lock(connection)
            version = version_of(connection)  # of tables that another worker has made meanwhile
        if version is not None and version > schema.VERSION:
            raise WrongVersion(
                f"The catalogue has version {version}, this Frontwire knows {schema.VERSION}: "
                "use the newer Frontwire that wrote it, or another DATA_DIR."
            )
        if version is not None and version < schema.VERSION:
            raise WrongVersion(
                f"The catalogue has version {version}, this Frontwire needs {schema.VERSION}: "
                "copy it to be safe, then run `scrapy store upgrade`."
            )
        if version is None:  # all tables or none are there: to look for each took longer than all else
            make_tables(connection)
            connection.execute(insert(schema.schema_version).values(version=schema.VERSION))


def make_tables(connection: Connection) -> None:
    """Make the tables of the present version, in a database without any."""
    schema.metadata.create_all(connection)
    if connection.dialect.name == "postgresql":
        for table, parameters in _STORED.items():
            connection.exec_driver_sql(f"ALTER TABLE {table} SET ({parameters})")


def _refuse_foreign(connection: Connection) -> None:
    """Refuse an SQLite file with the tables of another program: it is not ours to add to."""
    if connection.dialect.name == "sqlite" and (tables := inspect(connection).get_table_names()):
        raise CatalogueError(
            f"{shown(connection.engine.url)} is no catalogue: the table {tables[0]} is another program's. {REBUILD}"
        )


def version_of(connection: Connection) -> int | None:
    """Which version the tables have; None if there are none."""
    table = schema.schema_version
    if not inspect(connection).has_table(table.name):
        return None
    return connection.execute(select(table.c.version)).scalar()


def _lock(connection: Connection) -> None:
    """Let one process make the tables, all of them or none: a kill in between leaves nothing."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # by itself sqlite3 begins no transaction for them
    else:
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
