"""Release results in record order, whatever the order in which they become ready."""

import asyncio
import heapq


class Sequence:
    """A reorder buffer: each expected serial gets its turn after all smaller expected ones are done.

    Serials are the places of records in the archive. Because duplicates and file indexes are decided
    in a page's turn, a replay of the same records decides the same.
    """

    def __init__(self) -> None:
        self._expected: list[int] = []
        self._done: set[int] = set()
        self._waiting: dict[int, asyncio.Future[None]] = {}

    def expect(self, serial: int) -> None:
        """Announce a serial; whoever does so must see to it that it is done some day."""
        heapq.heappush(self._expected, serial)

    async def turn(self, serial: int) -> None:
        """Wait until no smaller expected serial is undone."""
        if self._expected and self._expected[0] < serial:
            self._waiting[serial] = asyncio.get_running_loop().create_future()
            await self._waiting[serial]

    def done(self, serial: int) -> None:
        """Let the next one have its turn; a serial that is done twice or was never expected is ignored."""
        self._done.add(serial)
        while self._expected and self._expected[0] in self._done:
            self._done.discard(heapq.heappop(self._expected))
        if not self._expected:
            self._done.clear()
        elif waiter := self._waiting.pop(self._expected[0], None):
            waiter.set_result(None)
