"""Many rows are read a few at a time, and nothing is held meanwhile."""

from sqlalchemy import insert, select

from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.chunks import in_chunks

HOSTS = schema.host.c


def enter(catalogue: Catalogue, *names: str) -> None:
    with catalogue.engine.begin() as connection:
        connection.execute(insert(schema.host), [{"name": name} for name in names])


def names_of(catalogue: Catalogue, at_once: int, **like: str) -> list[list[str]]:
    query = select(HOSTS.id, HOSTS.name).where(HOSTS.name.like(like.get("name", "%")))
    return [[row["name"] for row in rows] for rows in in_chunks(catalogue, query, HOSTS.id, at_once)]


def test_each_row_is_read_once_in_order(catalogue: Catalogue) -> None:
    enter(catalogue, *"abcdefg")
    assert names_of(catalogue, 3) == [["a", "b", "c"], ["d", "e", "f"], ["g"]]
    assert names_of(catalogue, 7) == [[*"abcdefg"]]


def test_rows_that_are_not_wanted_end_no_reading(catalogue: Catalogue) -> None:
    enter(catalogue, "a", "b1", "b2", "c", "b3")
    assert names_of(catalogue, 2, name="b%") == [["b1", "b2"], ["b3"]]
    assert names_of(catalogue, 2, name="z%") == []


def test_of_no_rows_there_are_no_chunks(catalogue: Catalogue) -> None:
    assert names_of(catalogue, 3) == []


def test_between_two_chunks_no_transaction_is_open(catalogue: Catalogue) -> None:
    enter(catalogue, *"abcd")
    pool = catalogue.engine.pool
    for _ in in_chunks(catalogue, select(HOSTS.id), HOSTS.id, 2):
        assert pool.checkedout() == 0  # type: ignore[attr-defined]


def test_rows_that_come_meanwhile_are_not_read(catalogue: Catalogue) -> None:
    enter(catalogue, *"abc")
    reading = in_chunks(catalogue, select(HOSTS.id, HOSTS.name), HOSTS.id, 2)
    next(reading)
    enter(catalogue, "d")
    assert [row["name"] for rows in reading for row in rows] == ["c"]
