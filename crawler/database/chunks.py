"""Reading many rows a few at a time, each few in a transaction of its own."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, RowMapping, Select, bindparam, func, select

from crawler.database.catalogue import Catalogue


def in_chunks(
    catalogue: Catalogue, query: Select[Any], key: Column[Any], at_once: int
) -> Iterator[Sequence[RowMapping]]:
    """The rows of a query in the order of a unique key among its columns, which is a positive number.

    What is done with the rows may take hours. One transaction over all of them would keep PostgreSQL from removing
    dead rows, and SQLite from shortening its log, for as long. Rows that come meanwhile are not read.
    """
    read_to, end = 0, _highest(catalogue, key)
    chunk = query.where(key > bindparam("read_to"), key <= end).order_by(None).order_by(key).limit(at_once)
    while read_to < end:
        with catalogue.read() as connection:
            rows = connection.execute(chunk, {"read_to": read_to}).mappings().all()
        if not rows:
            return
        yield rows
        read_to = rows[-1][key.name]


def _highest(catalogue: Catalogue, key: Column[Any]) -> int:
    with catalogue.read() as connection:
        return connection.execute(select(func.max(key))).scalar() or 0
