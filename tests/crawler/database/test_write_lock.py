"""Threads that change one SQLite database take turns."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import Connection, insert, select

from crawler.database import schema
from crawler.database.engine import open_engine
from crawler.database.write_lock import Turns, writing

ROUNDS = 12
HELD_S = 0.1


def test_turns_come_in_the_order_of_asking() -> None:
    turns, order = Turns(), list[int]()
    waiting = []

    def take(number: int) -> None:
        with turns.turn():
            order.append(number)

    with turns.turn():
        for number in range(8):
            thread = threading.Thread(target=take, args=(number,))
            thread.start()
            waiting.append(thread)
            while len(turns._waiting) <= number:
                time.sleep(0.001)
    for thread in waiting:
        thread.join()
    assert order == list(range(8))


def test_who_writes_again_at_once_lets_the_others_write_in_between(tmp_path: Path) -> None:
    # One engine for each, as the archive's index and the catalogue have.
    engines = [open_engine("", tmp_path) for _ in range(2)]
    began = threading.Event()

    def write_again_and_again() -> None:
        for number in range(ROUNDS):
            with writing(engines[0]) as connection:
                add(connection, f"https://busy-{number}.example")
                began.set()
                time.sleep(HELD_S)

    with ThreadPoolExecutor() as pool:
        busy = pool.submit(write_again_and_again)
        began.wait()
        with writing(engines[1]) as connection:
            add(connection, "https://patient.example")
            written = list(connection.execute(select(schema.robots.c.origin)).scalars())
        busy.result()
    for engine in engines:
        engine.dispose()
    assert len(written) <= 3


def add(connection: Connection, origin: str) -> None:
    connection.execute(insert(schema.robots).values(origin=origin, body=b"", fetched=0))
