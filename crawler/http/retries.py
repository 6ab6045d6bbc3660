"""How often, and when, a run asks again for what failed for a passing cause."""

RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses by which servers say that another try may help."""

OVERLOADED = frozenset({429, 503})
"""Those by which they ask to be left alone for a while."""

FACTOR = 3
"""Each wait is so many times as long as the one before."""


class Retries:
    """So many times, after waits that grow."""

    def __init__(self, times: int, delay_s: float) -> None:
        self._times = times
        self._delay_s = delay_s

    def wait_s(self, attempts: int) -> float | None:
        """How long to wait after so many attempts; None: that is left to a later run."""
        return self.pause_s(attempts) if attempts <= self._times else None

    def pause_s(self, attempts: int) -> float:
        """For how long an overloaded host that does not say so itself is left alone."""
        return float(self._delay_s * FACTOR ** (attempts - 1))
