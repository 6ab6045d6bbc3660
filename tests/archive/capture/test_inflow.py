"""Answers that are too large for the memory there is come in one after the other, and each of them does."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from scrapy.http import Response

from archive.capture.inflow import FREE_BYTES, MAX_HELD_BYTES, MOST_BYTES, PATIENCE_S, Inflow, Stream

MIB = 1024 * 1024


@dataclass
class FakeClock:
    now: float = 0.0
    calls: list[tuple[float, Callable[[], object]]] = field(default_factory=list)

    def seconds(self) -> float:
        return self.now

    def callLater(self, delay: float, callable: Callable[[], object]) -> None:
        self.calls.append((self.now + delay, callable))

    def advance(self, seconds: float) -> None:
        self.now += seconds
        due = [call for when, call in self.calls if when <= self.now]
        self.calls = [(when, call) for when, call in self.calls if when > self.now]
        for call in due:
            call()


@dataclass
class Answer:
    """An answer that comes in as fast as it may."""

    inflow: Inflow
    is_paused: bool = False
    is_suspended: bool = False
    stream: Stream = field(init=False)

    def __post_init__(self) -> None:
        self.stream = self.inflow.begin(self.suspend)

    def suspend(self) -> Callable[[], None]:
        self.is_suspended = True
        return lambda: setattr(self, "is_suspended", False)

    def pauseProducing(self) -> None:
        self.is_paused = True

    def resumeProducing(self) -> None:
        self.is_paused = False

    def come(self, size: int) -> int:
        """Bytes that come before it is paused."""
        came = 0
        while came < size and not self.is_paused:
            self.stream.received(64 * 1024, self)
            came += 64 * 1024
        return came


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def queued() -> list[int]:
    return [0]


@pytest.fixture
def inflow(clock: FakeClock, queued: list[int]) -> Inflow:
    return Inflow(clock, lambda: queued[0])


def test_small_answers_never_wait(inflow: Inflow, queued: list[int]) -> None:
    queued[0] = 2 * MAX_HELD_BYTES
    for _ in range(20):
        assert Answer(inflow).come(FREE_BYTES) == FREE_BYTES


@pytest.mark.parametrize("size", [5 * MIB, 15 * MIB, 49 * MIB])
def test_all_large_answers_come_in_the_end(inflow: Inflow, clock: FakeClock, size: int) -> None:
    answers = [Answer(inflow) for _ in range(16)]
    left = {id(each): size for each in answers}
    most = 0
    while answers:
        before = dict(left)
        for each in list(answers):
            left[id(each)] -= each.come(min(MIB, left[id(each)]))
            if left[id(each)] <= 0:
                each.stream.end()
                answers.remove(each)
        most = max(most, sum(each.stream.size for each in answers))
        clock.advance(0.2)
        assert left != before or any(not each.is_paused for each in answers)
    assert most <= MAX_HELD_BYTES + size + 16 * MIB


def test_while_bodies_are_in_use_no_large_answer_goes_on(inflow: Inflow, clock: FakeClock) -> None:
    response = Response("http://veld.example/", body=bytes(MAX_HELD_BYTES + 1))
    inflow.hold(response)
    answer = Answer(inflow)
    assert answer.come(5 * MIB) < MIB
    clock.advance(60)
    assert (answer.is_paused, answer.is_suspended) == (True, True)
    del response
    clock.advance(60)
    assert (answer.is_paused, answer.is_suspended) == (False, False)
    assert answer.come(5 * MIB) == 5 * MIB


def test_the_clock_of_a_paused_answer_is_stopped_once_and_goes_on_once(
    inflow: Inflow, clock: FakeClock, queued: list[int]
) -> None:
    """What was on its way still comes in while an answer is paused."""
    told: list[str] = []

    def suspend() -> Callable[[], object]:
        told.append("stop")
        return lambda: told.append("go on")

    queued[0] = MAX_HELD_BYTES + 1
    answer = Answer(inflow)
    answer.stream = inflow.begin(suspend)
    answer.come(MIB)
    for _ in range(3):
        answer.stream.received(64 * 1024, answer)
    queued[0] = 0
    clock.advance(60)
    assert told == ["stop", "go on"]


def test_what_waits_to_be_written_counts(inflow: Inflow, clock: FakeClock, queued: list[int]) -> None:
    queued[0] = MAX_HELD_BYTES + 1
    answer = Answer(inflow)
    assert answer.come(5 * MIB) < MIB
    queued[0] = 0
    clock.advance(1)
    assert answer.come(5 * MIB) == 5 * MIB


def test_another_one_takes_the_place_of_an_answer_that_stops(inflow: Inflow, clock: FakeClock) -> None:
    first, second = Answer(inflow), Answer(inflow)
    first.come(MAX_HELD_BYTES + MIB)
    assert second.come(MIB) < MIB
    clock.advance(PATIENCE_S / 2)
    assert second.is_paused
    clock.advance(PATIENCE_S)
    assert second.come(5 * MIB) == 5 * MIB
    third = Answer(inflow)
    second.come(MOST_BYTES)
    assert third.come(MIB) < MIB
    clock.advance(2 * PATIENCE_S)
    assert third.is_paused  # too many have stopped already
    second.stream.end()
    clock.advance(2 * PATIENCE_S)
    assert not third.is_paused


def test_an_answer_that_ends_while_it_waits_is_forgotten(inflow: Inflow, clock: FakeClock) -> None:
    first, second = Answer(inflow), Answer(inflow)
    first.come(MAX_HELD_BYTES + MIB)
    second.come(MIB)
    second.stream.end()
    second.stream.received(MIB, second)
    first.stream.end()
    clock.advance(5)
    assert second.is_paused
    assert Answer(inflow).come(20 * MIB) == 20 * MIB
