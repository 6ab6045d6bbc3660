"""Tasks begin in their order, some ahead of what is asked for, and none twice."""

from crawler.cluster.task_window import TaskWindow


class Work:
    """Notes what begins and what is given up; the result of a task is its square."""

    def __init__(self, tasks: int, most: int) -> None:
        self.begun: list[int] = []
        self.given_up: list[int] = []
        self.window = TaskWindow(iter(range(tasks)), self._begin, self.given_up.append, lambda: most)

    def _begin(self, task: int) -> int:
        self.begun.append(task)
        return task * task


def test_a_bounded_number_of_tasks_begins_ahead() -> None:
    work = Work(tasks=6, most=2)
    assert work.window.take(0) == 0
    assert work.begun == [0, 1, 2]
    assert [work.window.take(task) for task in range(1, 6)] == [1, 4, 9, 16, 25]
    assert work.begun == [0, 1, 2, 3, 4, 5]


def test_what_is_left_out_is_given_up_or_never_begun() -> None:
    work = Work(tasks=5, most=1)
    work.window.take(0)
    work.window.leave_out(1)
    work.window.leave_out(2)
    assert work.window.take(3) == 9
    assert work.window.take(4) == 16
    assert (work.begun, work.given_up) == ([0, 1, 3, 4], [1])


def test_a_task_that_is_done_once_more_is_none_of_the_others() -> None:
    work = Work(tasks=3, most=2)
    work.window.take(0)
    assert work.window.take(1) == 1
    assert work.window.take(7) == 49
    assert work.window.take(2) == 4
    assert work.begun == [0, 1, 2, 7]
