"""A run that may ask for a part of all articles brings home twice as many related ones as by order of listing."""

import pytest

from bench.harvest import harvest


@pytest.mark.slow
def test_a_limited_run_brings_home_twice_as_much() -> None:
    (listed, related), (promising, more) = (harvest(focus, 450, 0.3, seed=7) for focus in (False, True))
    assert related / listed > 0.05
    assert more / promising >= 2 * max(related / listed, 0.1)
