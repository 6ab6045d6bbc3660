"""Catalogues of every version of the schema, with rows in every table."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Float, Integer, LargeBinary, MetaData, inspect, text

from crawler.database import schema
from crawler.database.engine import make_tables
from crawler.database.migrations import STEPS
from tests.support.checkout import ROOT

VERSION_1 = ROOT / "tests" / "crawler" / "catalogue" / "version_1.sql"
"""A feed with three articles, one of which was saved before the run was stopped."""

ORDER = (
    "schema_version",
    "run",
    "url",
    "capture",
    "visit",
    "article",
    "date_evidence",
    "foreign_file",
    "payload",
)
EVIDENCE = '{"source": "marisol", "how": "feed"}'
TEXT = "Le port de Marisol rouvre. " * 40

Rows = dict[str, list[dict[str, Any]]]


def make_catalogue(connection: Connection, version: int) -> None:
    """Make the tables of a version, and put rows into each of them."""
    if version == schema.VERSION:
        make_tables(connection)
    else:
        _make_version_1(connection)
        for each in range(1, version):
            STEPS[each].carry_out(connection)
    tables = MetaData()
    tables.reflect(connection)
    for table in tables.sorted_tables:
        row = {column.name: _value(table.name, column) for column in table.columns}
        connection.execute(table.insert().values(row | ({"version": version} if "version" in row else {})))


def rows_of(connection: Connection) -> Rows:
    """Every row of every table, by column."""
    tables = MetaData()
    tables.reflect(connection)
    return {
        table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
        for table in tables.sorted_tables
    }


def shape_of(connection: Connection) -> dict[str, object]:
    """Columns with their types, keys and indexes of every table, whatever the order of the columns."""
    look = inspect(connection)
    return {
        table: (
            {
                each["name"]: (str(each["type"]), _is_nullable(table, each))
                for each in look.get_columns(table)
            },
            look.get_pk_constraint(table)["constrained_columns"],
            sorted(
                (each["constrained_columns"], each["referred_table"]) for each in look.get_foreign_keys(table)
            ),
            sorted(
                (each["name"], each["column_names"], bool(each["unique"]), _options(each))
                for each in look.get_indexes(table)
                if not each.get("duplicates_constraint")
            ),
            _stored_by(connection, table),
        )
        for table in look.get_table_names()
    }


def _stored_by(connection: Connection, table: str) -> list[str]:
    """The parameters by which PostgreSQL stores a table."""
    if connection.dialect.name == "sqlite":
        return []
    query = "select unnest(reloptions) from pg_class where oid = to_regclass(:table)"
    return sorted(connection.execute(text(query), {"table": table}).scalars())


def _is_nullable(table: str, column: Mapping[str, Any]) -> bool:
    # SQLite cannot forbid nulls in a column that is there; `begin_run` gives the value.
    return (table, column["name"]) != ("run", "discovered") and bool(column["nullable"])


def _options(index: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in index["dialect_options"].items()}


def _make_version_1(connection: Connection) -> None:
    statements = re.findall(
        r"CREATE (?:TABLE|INDEX) .*?;\n", VERSION_1.read_text(encoding="utf-8"), re.DOTALL
    )
    tables = {found[1]: each for each in statements if (found := re.match(r"CREATE TABLE (\w+)", each))}
    assert tables.keys() == set(ORDER)
    for statement in (*map(tables.__getitem__, ORDER), *(each for each in statements if "INDEX" in each)):
        connection.exec_driver_sql(
            statement if connection.dialect.name == "sqlite" else _for_postgresql(statement)
        )


def _for_postgresql(statement: str) -> str:
    statement = statement.replace("\tid INTEGER", "\tid BIGSERIAL").replace("BLOB", "BYTEA")
    return re.sub(r"\b(\w+_id) INTEGER", r"\1 BIGINT", statement)


def _value(table: str, column: Column[Any]) -> object:
    """What may stand in a column."""
    if column.foreign_keys or column.name in ("id", "locked_by"):
        return 1
    known = {"evidence": EVIDENCE, "state": "queued", "kind": "feed", "text": TEXT, "body": b"rules"}
    known |= {
        "url": "https://marisol.example/a?utm_source=feed",
        "authors": "[]",
        "rights": "[]",
        "terms": "[]",
    }
    known |= {
        "fate": "saved",
        "file": "2021-01/000_0123456789abcdef.txt",
        "month": "2021-01",
        "ruling": "accept",
    }
    if column.name in known:
        return known[column.name]
    if isinstance(column.type, LargeBinary):
        return bytes(16)
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Integer | Float):
        return 1
    return f"{table}.{column.name}"
