"""How far a run is: what it knows, what it has done, how fast, and how long that will take."""

from dataclasses import dataclass

from crawler.catalogue.run_sizes import Queues

NONE_WAIT = Queues(0, 0)


@dataclass(frozen=True, slots=True)
class Progress:
    """One moment of a run."""

    elapsed_s: float
    known: int
    """URLs that it has to account for; 0 if that says nothing, as in a replay."""
    ended: int
    per_minute: float
    queues: Queues = NONE_WAIT
    delay_s: float = 0.0
    """Between two requests to a host."""
    share_read: float | None = None
    """How much of the archives a replay has read, 0 to 1."""
    is_stopping: bool = False

    @property
    def share(self) -> float | None:
        """How much is done of what is known, 0 to 1; None if nothing is known yet."""
        if self.share_read is not None:
            return self.share_read
        return min(self.ended / self.known, 1.0) if self.known else None

    @property
    def left_s(self) -> float | None:
        """Seconds that what is known will take at the present rate; None if that cannot be told yet."""
        if self.share_read is not None:
            return self.elapsed_s * (1 / self.share_read - 1) if self.share_read > 0.01 else None
        if not self.per_minute or not self.known:
            return None
        by_rate = 60.0 * max(self.known - self.ended, 0) / self.per_minute
        # However many hosts there are, the one with the longest queue is asked no faster than politeness allows.
        return max(by_rate, self.queues.longest * self.delay_s)


def duration(seconds: float) -> str:
    """`40 s`, `12 min`, `3 h 20 min`, `2 d 4 h`."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{max(round(seconds), 0)} s"
    if minutes < 90:
        return f"{minutes} min"
    if minutes < 36 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes // 1440} d {minutes % 1440 // 60} h"
