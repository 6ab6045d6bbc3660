"""Results come out in record order, whatever the order in which they become ready, and none waits for ever."""

import asyncio
import random
from collections.abc import Coroutine
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crawler.run.record_order import ReorderBuffer

TIMEOUT_S = 60.0

SERIALS = st.lists(st.integers(0, 1000), unique=True, max_size=30)


def play(scene: Coroutine[Any, Any, None]) -> None:
    """Run a scene; TimeoutError if somebody waits for ever."""
    asyncio.run(asyncio.wait_for(scene, TIMEOUT_S))


def are_waiting(tasks: list[asyncio.Task[None]]) -> list[bool]:
    return [not task.done() for task in tasks]


async def settle() -> None:
    """Let every task run as far as it comes."""
    for _ in range(3):
        await asyncio.sleep(0)


@given(SERIALS, st.randoms(use_true_random=False))
def test_turns_come_in_serial_order_whatever_is_ready_first(
    serials: list[int], chance: random.Random
) -> None:
    released: list[int] = []

    async def page(buffer: ReorderBuffer, serial: int) -> None:
        for _ in range(chance.randrange(8)):  # so long its worker takes
            await asyncio.sleep(0)
        await buffer.turn(serial)
        released.append(serial)
        for _ in range(chance.randrange(3)):  # and so long its pipelines
            await asyncio.sleep(0)
        buffer.done(serial)

    async def scene() -> None:
        buffer = ReorderBuffer()
        for serial in chance.sample(serials, len(serials)):
            buffer.expect(serial)
        await asyncio.gather(*(page(buffer, serial) for serial in chance.sample(serials, len(serials))))

    play(scene())
    assert released == sorted(serials)


@given(SERIALS, st.data(), st.randoms(use_true_random=False))
def test_pages_that_end_without_a_turn_hold_up_no_other(
    serials: list[int], data: st.DataObject, chance: random.Random
) -> None:
    """Some end in another way (redirect, failure), at any time; some were never expected; some end twice."""
    without_turn = set(data.draw(st.lists(st.sampled_from(serials), unique=True) if serials else st.just([])))
    unexpected = data.draw(st.lists(st.integers(0, 1000).filter(lambda serial: serial not in serials)))
    released: list[int] = []

    async def page(buffer: ReorderBuffer, serial: int) -> None:
        for _ in range(chance.randrange(8)):
            await asyncio.sleep(0)
        if serial not in without_turn:
            await buffer.turn(serial)
            released.append(serial)
        for _ in range(chance.randrange(1, 3)):
            buffer.done(serial)

    async def scene() -> None:
        buffer = ReorderBuffer()
        for serial in serials:
            buffer.expect(serial)
        for serial in unexpected:
            buffer.done(serial)
        await asyncio.gather(*(page(buffer, serial) for serial in chance.sample(serials, len(serials))))

    play(scene())
    assert released == sorted(set(serials) - without_turn)


@given(SERIALS, st.randoms(use_true_random=False))
def test_pages_are_announced_while_others_are_under_way(serials: list[int], chance: random.Random) -> None:
    """As in a crawl: records come in order, a few pages at a time are with the workers."""
    released: list[int] = []

    async def page(buffer: ReorderBuffer, serial: int, room: asyncio.Semaphore) -> None:
        for _ in range(chance.randrange(8)):
            await asyncio.sleep(0)
        await buffer.turn(serial)
        released.append(serial)
        buffer.done(serial)
        room.release()

    async def scene() -> None:
        buffer, room = ReorderBuffer(), asyncio.Semaphore(4)
        pages = []
        for serial in sorted(serials):
            await room.acquire()
            buffer.expect(serial)
            pages.append(asyncio.create_task(page(buffer, serial, room)))
        await asyncio.gather(*pages)

    play(scene())
    assert released == sorted(serials)


def test_a_serial_waits_for_each_smaller_one() -> None:
    async def scene() -> None:
        buffer = ReorderBuffer()
        for serial in (3, 1, 2):
            buffer.expect(serial)
        waiting = [asyncio.create_task(buffer.turn(serial)) for serial in (3, 1, 2)]
        await settle()
        assert are_waiting(waiting) == [True, False, True]
        buffer.done(2)
        await settle()
        assert are_waiting(waiting) == [True, False, True]
        buffer.done(1)
        await settle()
        assert are_waiting(waiting) == [False, False, False]

    play(scene())


def test_a_serial_that_is_done_while_it_waits_is_let_go() -> None:
    async def scene() -> None:
        buffer = ReorderBuffer()
        for serial in (1, 2, 3):
            buffer.expect(serial)
        waiting = [asyncio.create_task(buffer.turn(serial)) for serial in (2, 3)]
        await settle()
        buffer.done(2)  # its item failed before it had its turn
        buffer.done(1)
        await asyncio.gather(*waiting)

    play(scene())


def test_a_serial_that_was_not_expected_waits_for_smaller_ones_only() -> None:
    async def scene() -> None:
        buffer = ReorderBuffer()
        await buffer.turn(7)
        buffer.expect(5)
        buffer.expect(9)
        await buffer.turn(4)
        waiting = asyncio.create_task(buffer.turn(7))
        await settle()
        assert not waiting.done()
        buffer.done(5)
        await waiting

    play(scene())


def test_what_was_done_before_it_was_expected_must_be_done_again() -> None:
    async def scene() -> None:
        buffer = ReorderBuffer()
        buffer.expect(1)
        buffer.done(2)  # ignored
        buffer.expect(2)
        buffer.expect(3)
        buffer.done(1)
        waiting = asyncio.create_task(buffer.turn(3))
        await settle()
        assert not waiting.done()
        buffer.done(2)
        await waiting

    play(scene())


def test_a_page_that_is_given_up_while_it_waits_holds_up_no_other() -> None:
    async def scene() -> None:
        buffer = ReorderBuffer()
        for serial in (1, 2, 3):
            buffer.expect(serial)
        given_up, other = (asyncio.create_task(buffer.turn(serial)) for serial in (2, 3))
        await settle()
        given_up.cancel()
        await settle()
        buffer.done(1)
        buffer.done(2)
        await other

    play(scene())
