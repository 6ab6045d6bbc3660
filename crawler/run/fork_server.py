"""The process that worker processes are forked from: they begin with libraries and models loaded, and share them.

It is a program of its own, not a fork of the crawl, whose threads and connections no worker may have. `ForkServer` is
the crawl's side of it. Neither needs semaphores, and so no /dev/shm.
"""

import atexit
import errno
import fcntl
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module

from crawler import garbage
from crawler.run.memory import keep_large_blocks_apart, return_free_memory
from crawler.run.worker import serve_calls

_PROGRAM = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from crawler.run.fork_server import serve; serve()"

_MESSAGE_BYTES = 64

_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""The threads of numerical libraries are for matrices; a page has none."""


class ForkServer:
    """Starts a server with these modules loaded; it begins at once, and the first fork waits for it.

    Thread-safe. Server and workers end when this process does, however it ends.
    """

    def __init__(self, preload: Sequence[str]) -> None:
        self._preload = list(preload)
        self._lock = threading.Lock()
        self._forked = set[int]()
        self._start()

    def fork(self, max_bytes: int) -> tuple[int, socket.socket]:
        """A new worker: its process id, and the connection to it. OSError if there cannot be one."""
        ours, theirs = socket.socketpair()
        with theirs:
            answer = self._ask(b"fork %d" % max_bytes, [theirs.fileno()])
        if answer < 0:
            ours.close()
            raise OSError(-answer, f"Cannot start a worker process: {os.strerror(-answer)}")
        self._forked.add(answer)
        return answer, ours

    def end(self, pid: int) -> int:
        """Kill a worker if it is still there, and give its exit code as `subprocess` does."""
        if pid in self._forked:  # until it is waited for, no other process can have its number
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return self.wait(pid)

    def wait(self, pid: int) -> int:
        """The exit code of a worker that has ended or is about to."""
        code = self._ask(b"wait %d" % pid)
        self._forked.discard(pid)
        return code

    def _ask(self, message: bytes, files: Sequence[int] = ()) -> int:
        with self._lock:
            try:
                return self._exchange(message, files)
            except OSError:  # it was killed, and its workers with it
                self.stop()
                self._start()
                return self._exchange(message, files)

    def _exchange(self, message: bytes, files: Sequence[int]) -> int:
        socket.send_fds(self._control, [message], files)
        answer = self._control.recv(_MESSAGE_BYTES)
        if not answer:
            raise ConnectionResetError(errno.ECONNRESET, "The server of the worker processes has ended")
        return int(answer)

    def _start(self) -> None:
        self._control, control = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # Only this process has the other end: it closes when this process ends.
        life, self._life = os.pipe()
        with control:
            files = [str(control.fileno()), str(life)]
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM, json.dumps(sys.path), *files, *self._preload],
                stdin=subprocess.DEVNULL,
                pass_fds=(control.fileno(), life),
                env={**os.environ, **_ONE_THREAD},
                process_group=0,
            )
        os.close(life)

    def stop(self) -> None:
        """End the server and its workers."""
        if not self._forked:
            self._process.terminate()  # it may be loading still
        self._forked.clear()
        self._control.close()
        os.close(self._life)
        self._process.wait()


@cache
def fork_server(*preload: str) -> ForkServer:
    """The server of this process that has loaded these modules."""
    server = ForkServer(preload)
    atexit.register(server.stop)
    return server


def serve() -> None:
    """The server's program: fork a worker for each message, and wait for those that ended."""
    control, life, *preload = sys.argv[2:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the crawl decides when its workers end
    _end_with(int(life))
    keep_large_blocks_apart()
    garbage.pause()
    for module in preload:
        import_module(module)
    gc.collect()
    garbage.resume()  # a collection in a worker would write to the pages of all objects, and so copy them
    return_free_memory()
    with socket.socket(fileno=int(control)) as connection:
        while True:
            message, files, _, _ = socket.recv_fds(connection, _MESSAGE_BYTES, 1)
            if not message:
                return
            order, number = message.split()
            answer = _fork(connection, files[0], int(number)) if order == b"fork" else _wait(int(number))
            connection.send(b"%d" % answer)


def _fork(control: socket.socket, connection: int, max_bytes: int) -> int:
    """The process id of a new worker, or a negative error number."""
    try:
        pid = os.fork()
    except OSError as error:
        os.close(connection)
        return -(error.errno or errno.EAGAIN)
    if pid == 0:
        control.close()
        serve_calls(connection, max_bytes)
        os._exit(0)
    os.close(connection)
    return pid


def _wait(pid: int) -> int:
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except ChildProcessError:  # an earlier server forked it, and it ended with that one
        return -signal.SIGKILL


def _end_with(life: int) -> None:
    """Have the kernel send SIGIO, which ends server and workers, when the other end of this pipe closes.

    A waiting worker sees the end of its connection, but a busy one would go on for ever; a thread could not help,
    because it does not run while a regular expression holds the interpreter.
    """
    fcntl.fcntl(life, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(life, fcntl.F_SETFL, fcntl.fcntl(life, fcntl.F_GETFL) | os.O_ASYNC)
