"""What a back-fill would cost: requests, bytes, and hours at the polite rate."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from crawler.past.way import Cost, Task, Way


@dataclass(frozen=True, slots=True)
class Plan:
    """The costs of all ways."""

    costs: tuple[Cost, ...]
    delay_s: float
    """Between two requests to a host."""

    @classmethod
    def of(cls, task: Task, ways: Iterable[Way], delay_s: float) -> "Plan":
        """The plan of a task."""
        return cls(tuple(cost for way in ways for cost in way.costs(task)), delay_s)

    @property
    def requests(self) -> int:
        """All requests."""
        return sum(cost.requests for cost in self.costs)

    @property
    def bytes(self) -> int:
        """All bytes of answers."""
        return sum(cost.bytes for cost in self.costs)

    @property
    def hours(self) -> float:
        """How long the slowest host takes: hosts are asked at the same time."""
        by_host: Counter[str] = Counter()
        for cost in self.costs:
            by_host[cost.host] += cost.requests
        return max(by_host.values(), default=0) * self.delay_s / 3600

    def hours_of(self, cost: Cost) -> float:
        """How long one host takes for one cost."""
        return cost.requests * self.delay_s / 3600

    def exceeds(self, requests: int, size: int) -> bool:
        """Whether it has more requests, or bytes, than that."""
        return self.requests > requests or self.bytes > size
