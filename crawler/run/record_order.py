"""Release results in record order, whatever the order in which they become ready."""

import asyncio
import heapq


class ReorderBuffer:
    """Gives each serial its turn after all smaller expected ones are done.

    Serials are the places of records in the archive. Because duplicates and file indexes are decided
    in a page's turn, a replay of the same records decides the same.
    """

    def __init__(self) -> None:
        self._undone: set[int] = set()
        self._order: list[int] = []
        """A heap of the serials that are not done, and of those that were done before their turn."""
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []

    def expect(self, serial: int) -> None:
        """Announce a serial; the caller must end it with `done`, whatever happens."""
        if serial not in self._undone:
            self._undone.add(serial)
            heapq.heappush(self._order, serial)

    async def turn(self, serial: int) -> None:
        """Wait until no smaller expected serial is undone."""
        if not self._has_turn(serial):
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.append((serial, waiter))
            await waiter

    def done(self, serial: int) -> None:
        """Give the next one its turn; a serial that is done twice or was never expected is ignored."""
        self._undone.discard(serial)
        while self._order and self._order[0] not in self._undone:
            heapq.heappop(self._order)
        ready = [each for each in self._waiting if self._has_turn(each[0])]
        self._waiting = [each for each in self._waiting if not self._has_turn(each[0])]
        for _, waiter in ready:
            if not waiter.done():  # its task was cancelled
                waiter.set_result(None)

    def _has_turn(self, serial: int) -> bool:
        return not self._order or serial <= self._order[0]
