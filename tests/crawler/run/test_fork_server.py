"""The process that workers are forked from: it says why it cannot fork, is replaced, and leaves nothing behind."""

import errno
import os
import pickle
import signal
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from crawler.run.fork_server import ForkServer

MAX_BYTES = 1 << 30


@pytest.fixture
def server() -> Iterator[ForkServer]:
    """A server that has loaded nothing: it starts fast."""
    made = ForkServer([])
    yield made
    made.stop()


def call(connection: socket.socket, task: Any, *arguments: object) -> Any:
    with connection.makefile("rwb") as stream:
        pickle.dump((task, arguments), stream)
        stream.flush()
        return pickle.load(stream)[0]


def test_workers_are_children_of_one_process(server: ForkServer) -> None:
    found = [server.fork(MAX_BYTES) for _ in range(2)]
    assert len({call(connection, os.getppid) for _, connection in found} | {os.getpid()}) == 2
    for pid, connection in found:
        assert call(connection, os.getpid) == pid
        connection.close()
        assert server.wait(pid) == 0


@pytest.mark.parametrize("code", [0, 1, 7])
def test_the_exit_code_of_a_worker_is_known(server: ForkServer, code: int) -> None:
    pid, connection = server.fork(MAX_BYTES)
    with pytest.raises(EOFError):
        call(connection, os._exit, code)
    connection.close()
    assert server.wait(pid) == code
    assert server.end(pid) == -signal.SIGKILL  # nobody knows any more


def test_the_number_of_a_worker_that_is_gone_may_be_another_process_and_is_not_killed(
    server: ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid, connection = server.fork(MAX_BYTES)
    connection.close()
    assert server.wait(pid) == 0
    killed: list[int] = []
    monkeypatch.setattr(os, "kill", lambda number, _: killed.append(number))
    assert server.end(pid) == -signal.SIGKILL
    assert killed == []


def test_a_signal_to_the_crawl_or_at_its_end_reaches_its_processes_alone(server: ForkServer) -> None:
    """Ctrl-C at a terminal goes to the crawl's group; what ends the workers goes to theirs, not to the shell's."""
    _, connection = server.fork(MAX_BYTES)
    first = call(connection, os.getppid)
    assert call(connection, os.getpgrp) == first != os.getpgrp()
    connection.close()
    os.kill(first, signal.SIGINT)
    _, connection = server.fork(MAX_BYTES)
    assert call(connection, os.getppid) == first
    connection.close()


def test_a_server_that_is_killed_is_replaced(server: ForkServer) -> None:
    pid, connection = server.fork(MAX_BYTES)
    first = call(connection, os.getppid)
    connection.close()
    os.kill(first, signal.SIGKILL)
    pid, connection = server.fork(MAX_BYTES)
    assert call(connection, os.getppid) != first
    connection.close()
    assert server.wait(pid) == 0


def test_a_worker_that_cannot_be_started_says_why() -> None:
    server = ForkServer(["tests.support.no_forks"])
    for _ in range(2):  # the server goes on
        with pytest.raises(OSError, match="Cannot start a worker process: ") as caught:
            server.fork(MAX_BYTES)
        assert caught.value.errno == errno.EAGAIN
    server.stop()


def test_descriptors_of_a_worker_are_its_own(server: ForkServer) -> None:
    """Else the end of one connection would not be seen while another worker lives."""
    found = [server.fork(MAX_BYTES) for _ in range(3)]
    open_files = [len(call(connection, os.listdir, "/proc/self/fd")) for _, connection in found]
    assert len(set(open_files)) == 1
    for _, connection in found:
        connection.close()
