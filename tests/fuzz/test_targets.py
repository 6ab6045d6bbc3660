"""A short trial of every parser; `python -m tests.fuzz` goes on for longer."""

import random

import pytest

from tests.fuzz.mutation import mutate
from tests.fuzz.targets import TARGETS

TRIALS = 80


@pytest.mark.parametrize("name", TARGETS)
def test_no_bytes_break_a_parser(name: str) -> None:
    target = TARGETS[name]
    for seed in range(TRIALS):
        data = mutate(random.Random(seed), target.samples)
        try:
            target.check(data)
        except Exception as error:
            error.add_note(f"The bytes of trial {seed}: {data!r}")
            raise
