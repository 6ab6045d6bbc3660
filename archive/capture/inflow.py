"""How many bytes of answers a crawl holds in memory: beyond a limit, large answers come in one after the other."""

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from scrapy.http import Response

MAX_HELD_BYTES = 8 * 1024 * 1024
"""With more than this in memory no answer may go beyond FREE_BYTES, but one if all the others wait as well."""

FREE_BYTES = 256 * 1024
"""So much of an answer comes in whatever else does: that is more than most pages have."""

MOST_BYTES = 6 * MAX_HELD_BYTES
"""With more than this in memory, no other answer takes the place of one that has stopped coming."""

PATIENCE_S = 1.0
"""After so long without a byte an answer has stopped coming."""

LOOK_S = 0.1


class Connection(Protocol):
    def pauseProducing(self) -> object: ...
    def resumeProducing(self) -> object: ...


class Clock(Protocol):
    """Twisted's reactor, as far as it is needed."""

    def seconds(self) -> float: ...
    def callLater(self, delay: float, callable: Callable[[], object]) -> Any: ...


class Inflow:
    """The answers that come in or are in use."""

    def __init__(self, clock: Clock, queued_bytes: Callable[[], int]) -> None:
        """`queued_bytes` gives how much waits to be written to the archive."""
        self.clock = clock
        self._queued_bytes = queued_bytes
        self._received = self._in_use = 0
        self._favoured: Stream | None = None
        self._paused: dict[Stream, None] = {}
        self._is_watching = False

    @property
    def is_full(self) -> bool:
        return self._held_bytes > MAX_HELD_BYTES

    def begin(self, suspend_timeout: Callable[[], Callable[[], object]]) -> "Stream":
        """A new exchange; the function stops the clock of its timeout and gives one that lets it go on."""
        return Stream(self, suspend_timeout)

    def hold(self, response: Response) -> None:
        """Count the body of a response for as long as anything refers to the response."""
        size = len(response.body)
        self._in_use += size
        weakref.finalize(response, self._let_go, size).atexit = False

    @property
    def _held_bytes(self) -> int:
        return self._received + self._in_use + self._queued_bytes()

    def _let_go(self, size: int) -> None:
        self._in_use -= size

    def received(self, stream: "Stream", size: int) -> None:
        self._received += size
        if stream.size > FREE_BYTES and not self._may_go_on(stream):
            self._paused[stream] = None
            stream.pause()
            self._watch()

    def ended(self, stream: "Stream") -> None:
        self._received -= stream.size
        self._paused.pop(stream, None)
        if self._favoured is stream:
            self._favoured = None

    def _watch(self) -> None:
        if not self._is_watching:
            self._is_watching = True
            self.clock.callLater(LOOK_S, self._look)

    def _look(self) -> None:
        self._is_watching = False
        self._relieve()
        if self._paused:
            self._watch()

    def _relieve(self) -> None:
        """Let paused answers come in as far as there is room: at least one, unless too many have stopped coming."""
        if self._favoured is not None and self._favoured.is_silent and self._held_bytes < MOST_BYTES:
            self._favoured = None
        for stream in sorted(self._paused, key=lambda each: -each.size):  # the largest is soonest done
            if not self._may_go_on(stream):
                return
            del self._paused[stream]
            stream.resume()

    def _may_go_on(self, stream: "Stream") -> bool:
        # What is in use or queued will be gone soon; what has come in part may wait for ever.
        if self._favoured is None and self.is_full and not (self._in_use or self._queued_bytes()):
            self._favoured = stream
        return stream is self._favoured or not self.is_full


@dataclass(eq=False, slots=True)
class Stream:
    """One answer as it comes in."""

    _inflow: Inflow
    _suspend_timeout: Callable[[], Callable[[], object]]
    size: int = 0
    _last: float = 0.0
    _connection: Connection | None = None
    _resume_timeout: Callable[[], object] | None = None
    _has_ended: bool = field(default=False)

    @property
    def is_silent(self) -> bool:
        """Whether nothing has come for a while, although it could."""
        return self._inflow.clock.seconds() - self._last > PATIENCE_S

    def received(self, size: int, connection: Connection) -> None:
        """Note that so many bytes came; the connection may be paused."""
        if not self._has_ended:
            self.size += size
            self._last = self._inflow.clock.seconds()
            self._connection = connection
            self._inflow.received(self, size)

    def end(self) -> None:
        """Nothing more comes, or matters."""
        if not self._has_ended:
            self._has_ended = True
            self._inflow.ended(self)
            self._connection = self._resume_timeout = None

    def pause(self) -> None:
        assert self._connection is not None
        self._connection.pauseProducing()
        self._resume_timeout = self._resume_timeout or self._suspend_timeout()

    def resume(self) -> None:
        assert self._connection is not None
        self._last = self._inflow.clock.seconds()
        if self._resume_timeout is not None:
            self._resume_timeout()
            self._resume_timeout = None
        self._connection.resumeProducing()
