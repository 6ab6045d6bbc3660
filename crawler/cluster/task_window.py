"""Keeps a bounded number of tasks in flight, in their order: the next results come, and memory holds few of them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

Task = TypeVar("Task", bound=Hashable)
Running = TypeVar("Running")


class TaskWindow(Generic[Task, Running]):
    """Begins tasks before they are asked for, those of an iterator in turn."""

    def __init__(
        self,
        tasks: Iterator[Task],
        begin: Callable[[Task], Running],
        give_up: Callable[[Running], object],
        most: Callable[[], int],
    ) -> None:
        """`most` says how many may be in flight now."""
        self._tasks, self._begin, self._give_up, self._most = tasks, begin, give_up, most
        self._in_flight: OrderedDict[Task, Running] = OrderedDict()
        self._left_out: set[Task] = set()

    def take(self, task: Task) -> Running:
        """A task that has begun, be it just now; others begin behind it."""
        running = self._in_flight.pop(task, None)
        if running is None:
            self._left_out.add(task)  # the iterator may still have it
            running = self._begin(task)
        self._fill()
        return running

    def leave_out(self, task: Task) -> None:
        """Give up a task, or never begin it."""
        running = self._in_flight.pop(task, None)
        if running is None:
            self._left_out.add(task)
        else:
            self._give_up(running)

    def _fill(self) -> None:
        most = self._most()
        while len(self._in_flight) < most and (task := next(self._tasks, None)) is not None:
            if task in self._left_out:
                self._left_out.discard(task)
            else:
                self._in_flight[task] = self._begin(task)
