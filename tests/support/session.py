"""What the processes of a test session share: a key, a folder, and work that only the first of them does."""

import fcntl
import os
import pickle
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

Result = TypeVar("Result")

MEMORY, ENOUGH_BYTES = Path("/dev/shm"), 4 * 1024**3
SIGNING_KEY = "FRONTWIRE_ARCHIVE_SIGNING_KEY"
ENCODER = "FRONTWIRE_RELEVANCE_ENCODER"
REPORT = "FRONTWIRE_REPORT"
OURS = (SIGNING_KEY, ENCODER, REPORT)
"""Settings of a session, which every command of it has."""


def open_session(config: pytest.Config) -> None:
    """Make the folder of a session, once; it holds the key with which tests sign instead of the user's own."""
    _use_memory()
    _heed_interrupts()
    _keep_bytecode()
    if hasattr(config, "workerinput"):  # of pytest-xdist: the session is that of the process that started it
        return
    folder = Path(tempfile.mkdtemp(prefix="frontwire-tests-"))
    os.environ[SIGNING_KEY] = str(folder / "signing-key.pem")
    # Each of hundreds of crawls would load it, for two seconds; tests of the encoder ask for it.
    os.environ[ENCODER] = "0"
    # Each would write a page at its end, for half a second; the test of that asks for it.
    os.environ[REPORT] = "0"
    config.add_cleanup(lambda: shutil.rmtree(folder))


def _use_memory() -> None:
    """Let temporary files lie in memory: on a disk the tests wait for thousands of fsyncs."""
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH_BYTES:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def _heed_interrupts() -> None:
    """Let SIGINT end what tests start: a shell's background job inherits that it is ignored, and hands that on."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _keep_bytecode() -> None:
    """Have modules compiled once, whatever the user prefers: each process that tests start would compile them."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def session_folder() -> Path:
    """A folder that all processes of the session share, and that goes with it."""
    return Path(os.environ[SIGNING_KEY]).parent


def once(name: str, make: Callable[[Path], Result]) -> Result:
    """What `make` returns for an empty folder of this name; it is called once a session.

    The result is pickled. After a call that failed the next one tries again.
    """
    folder = session_folder() / name
    result = folder / "result.pickle"
    with folder.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not result.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            made = make(folder)
            result.write_bytes(pickle.dumps(made))
        loaded: Result = pickle.loads(result.read_bytes())
    return loaded
