"""The archive in a web browser: pywb runs until Ctrl-C."""

import argparse
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from scrapy.settings import BaseSettings

from archive.layout import PYWB_COLLECTIONS
from crawler.cli.base import no_arguments_left
from crawler.data_dir import DataDir
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK

HOST = "127.0.0.1"

_HOW_TO_GET_IT = (
    "Pages are shown by pywb, which needs an environment of its own: "
    "python3 -m venv .venv-pywb && .venv-pywb/bin/pip install pywb 'setuptools<81', "
    "then scrapy browse -s BROWSE_WAYBACK=.venv-pywb/bin/wayback."
)


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Show the archived pages until Ctrl-C."""
    no_arguments_left(args, 0)
    wayback, data_dir = find_wayback(settings["BROWSE_WAYBACK"]), DataDir.of(settings)
    if not list(data_dir.indexes.glob("*.cdxj")):
        raise OperatorError(
            f"There is no archive in {data_dir}: run a crawl first, or name the folder with -s DATA_DIR=FOLDER."
        )
    _check_port(opts.port)
    # Like Ctrl-C, so that a service manager that stops the command leaves no pywb behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        tempfile.TemporaryFile() as log,
        pywb_folder(data_dir.collection) as folder,
        running_pywb(wayback, folder, opts.port, log) as pywb,
    ):
        return _wait(pywb, f"http://{HOST}:{opts.port}/{data_dir.collection.name}/", opts.port, log)


def find_wayback(named: str) -> Path:
    """pywb's program: the one that the setting names, else beside the running Python, else in PATH."""
    if named:
        if not shutil.which(named):
            raise OperatorError(f"BROWSE_WAYBACK is {named!r}, which is no program. {_HOW_TO_GET_IT}")
        return Path(named).absolute()
    found = shutil.which("wayback", path=str(Path(sys.executable).parent)) or shutil.which("wayback")
    if not found:
        raise OperatorError(f"There is no program `wayback`. {_HOW_TO_GET_IT}")
    return Path(found).absolute()


@contextmanager
def pywb_folder(collection: Path) -> Iterator[Path]:
    """A folder with the collection in its `collections/`, where pywb looks for it; ARCHIVE_DIR may lie elsewhere."""
    if collection.parent.name == PYWB_COLLECTIONS:
        yield collection.parent.parent
        return
    with tempfile.TemporaryDirectory() as name:
        link = Path(name, PYWB_COLLECTIONS, collection.name)
        link.parent.mkdir()
        link.symlink_to(collection.absolute())
        yield Path(name)


@contextmanager
def running_pywb(wayback: Path, folder: Path, port: int, log: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Run pywb in the folder that holds `collections/`; it ends with this block."""
    command = [str(wayback), "-b", HOST, "-p", str(port)]
    # In a session of its own: Ctrl-C reaches us, and we end it in order.
    pywb = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)
    try:
        yield pywb
    finally:
        pywb.terminate()
        try:
            pywb.wait(5)
        except subprocess.TimeoutExpired:
            pywb.kill()
            pywb.wait()


def _wait(pywb: subprocess.Popen[bytes], url: str, port: int, log: IO[bytes]) -> int:
    try:
        while pywb.poll() is None and not _answers(port):
            time.sleep(0.1)
        if pywb.poll() is None:
            print(f"The archive is at {url} (Ctrl-C ends it).", flush=True)
        pywb.wait()
    except KeyboardInterrupt:
        return OK
    log.seek(0)
    last = log.read().decode("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
    raise OperatorError(f"pywb ended with exit code {pywb.returncode}: {last[0]}", FAILED)


def _answers(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex((HOST, port)) == 0


def _check_port(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise OperatorError(f"Port {port} cannot be used ({error}): give another with --port.") from None
