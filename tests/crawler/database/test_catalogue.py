"""One engine, one writing thread: transactions come in the order of the calls, and no one finds a locked database."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import OperationalError

from crawler.database import catalogue as catalogue_module
from crawler.database import schema
from crawler.database.catalogue import Catalogue, catalogue_of
from crawler.spiders.news import NewsSpider

THREADS, ROUNDS = 6, 40


def adding(origin: str) -> Callable[[Connection], None]:
    def add(connection: Connection) -> None:
        connection.execute(insert(schema.robots).values(origin=origin, body=b"", fetched=0))

    return add


def origins(catalogue: Catalogue) -> list[str]:
    with catalogue.read() as connection:
        return list(connection.execute(select(schema.robots.c.origin)).scalars())


def test_transactions_come_in_the_order_of_the_calls(catalogue: Catalogue) -> None:
    order: list[int] = []
    blocked, may_end = threading.Event(), threading.Event()

    def block(_connection: Connection) -> None:
        blocked.set()
        assert may_end.wait(60)

    with ThreadPoolExecutor(9) as threads:
        threads.submit(catalogue.write, block)
        assert blocked.wait(60)
        for number in range(8):
            threads.submit(catalogue.write, lambda _connection, number=number: order.append(number))
            while catalogue._writer._work_queue.qsize() <= number:
                pass
        may_end.set()
    assert order == list(range(8))


def test_many_threads_of_two_programs_write_and_read_at_once(tmp_path: Path) -> None:
    def hammer(catalogue: Catalogue, name: str) -> None:
        for number in range(ROUNDS):
            catalogue.write(adding(f"{name}-{number}"))
            assert f"{name}-{number}" in origins(catalogue)

    with (
        closing(Catalogue.open("", tmp_path)) as ours,
        closing(Catalogue.open("", tmp_path)) as theirs,
        ThreadPoolExecutor(THREADS) as threads,
    ):
        users = [(ours if each % 2 else theirs, str(each)) for each in range(THREADS)]
        for hammering in [threads.submit(hammer, *user) for user in users]:
            hammering.result()
        assert len(origins(ours)) == THREADS * ROUNDS


def test_work_that_fails_leaves_nothing_and_the_next_is_done(catalogue: Catalogue) -> None:
    def fail(connection: Connection) -> None:
        adding("lost")(connection)
        raise LookupError("a defect of ours")

    with pytest.raises(LookupError):
        catalogue.write(fail)
    catalogue.write(adding("kept"))
    assert origins(catalogue) == ["kept"]


def test_a_transaction_that_waits_for_a_later_one_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(AssertionError, match="cannot wait for one that comes after it"):
        catalogue.write(lambda _connection: catalogue.write(adding("never")))
    assert origins(catalogue) == []


@pytest.mark.parametrize("sqlstate", catalogue_module._GIVEN_UP)
def test_work_that_the_database_ended_for_another_one_is_done_again(
    catalogue: Catalogue, sqlstate: str
) -> None:
    class Deadlock(Exception):
        def __init__(self) -> None:
            self.sqlstate = sqlstate

    tries: list[str] = []

    def work(_connection: Connection) -> int:
        tries.append("once")
        if len(tries) < catalogue_module.ATTEMPTS:
            raise OperationalError("", None, Deadlock())
        return len(tries)

    assert catalogue.write(work) == catalogue_module.ATTEMPTS


def test_another_failure_of_the_database_is_not_tried_again(catalogue: Catalogue) -> None:
    tries: list[str] = []

    def fail(_connection: Connection) -> None:
        tries.append("once")
        raise OperationalError("", None, Exception("disk I/O error"))

    with pytest.raises(OperationalError):
        catalogue.write(fail)
    assert tries == ["once"]


def test_the_last_user_closes_it_and_it_may_be_opened_again(tmp_path: Path) -> None:
    first = Catalogue.open("", tmp_path)
    second = first.share()
    assert second is first
    first.close()
    second.write(adding("while one uses it"))
    second.close()
    assert not first.is_open
    with closing(first.share()):
        first.write(adding("and again"))
    assert not first.is_open


def test_all_parts_of_a_crawl_share_one_catalogue(tmp_path: Path) -> None:
    settings = {"DATA_DIR": str(tmp_path), "STORE_URL": ""}
    one, other = (Crawler(NewsSpider, settings) for _ in range(2))
    with closing(catalogue_of(one)) as recorder, closing(catalogue_of(one)) as hook:
        assert recorder is hook
        with closing(catalogue_of(other)) as another:
            assert another is not recorder
    with closing(catalogue_of(one)) as again:
        assert again.is_open
        assert again is not recorder
