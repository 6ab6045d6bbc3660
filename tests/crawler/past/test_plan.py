"""What a plan says of its costs: hosts are asked at the same time, each at its polite rate."""

import pytest

from crawler.past.plan import Plan
from crawler.past.way import Cost


def cost(host: str, requests: int, size: int = 0) -> Cost:
    return Cost("wayback", "orla", host, requests, size)


@pytest.mark.parametrize(
    ("costs", "hours"),
    [
        ((), 0.0),
        ((cost("a.example", 720),), 1.0),
        ((cost("a.example", 720), cost("b.example", 360)), 1.0),
        ((cost("a.example", 360), cost("b.example", 720), cost("a.example", 720)), 1.5),
    ],
)
def test_a_plan_takes_as_long_as_its_slowest_host(costs: tuple[Cost, ...], hours: float) -> None:
    plan = Plan(costs, delay_s=5.0)
    assert plan.hours == pytest.approx(hours)
    assert plan.requests == sum(each.requests for each in costs)


@pytest.mark.parametrize(
    ("requests", "size", "exceeds"), [(30, 900, False), (29, 900, True), (30, 899, True)]
)
def test_a_plan_exceeds_what_it_is_larger_than(requests: int, size: int, exceeds: bool) -> None:
    plan = Plan((cost("a.example", 10, 400), cost("b.example", 20, 500)), delay_s=5.0)
    assert plan.exceeds(requests, size) is exceeds
