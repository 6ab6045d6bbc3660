"""The archive in a web browser: pywb runs until Ctrl-C."""

import argparse
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from scrapy.settings import BaseSettings

from archive.layout import PYWB_COLLECTIONS
from crawler.cli.all_places import elsewhere, left_out, why_unreachable
from crawler.cli.base import no_arguments_left
from crawler.cli.console import say
from crawler.cli.opening import open_catalogue
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
    collections, missing = shown_collections(settings, data_dir, opts.all_places)
    if not collections:
        raise OperatorError(
            f"There is no archive in {data_dir}: run a crawl first, or name the folder with -s DATA_DIR=FOLDER."
        )
    say(missing)
    _check_port(opts.port)
    # Like Ctrl-C, so that a service manager that stops the command leaves no pywb behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with (
        tempfile.TemporaryFile() as log,
        pywb_folder(collections) as folder,
        running_pywb(wayback, folder, opts.port, log) as pywb,
    ):
        ended = _wait(pywb, [f"http://{HOST}:{opts.port}/{name}/" for name in collections], opts.port, log)
    return FAILED if missing and opts.all_places else ended


def shown_collections(
    settings: BaseSettings, data_dir: DataDir, all_places: bool
) -> tuple[dict[str, Path], list[str]]:
    """The folders of the collections that are shown, by the names under which they are, and what is left out."""
    own = {data_dir.collection.name: data_dir.collection} if has_archive(data_dir) else {}
    if not settings["STORE_URL"]:
        return own, []
    with closing(open_catalogue(settings)) as catalogue:
        others = elsewhere(catalogue, data_dir)
    if not all_places:
        return own, list(left_out(others, "Not shown:"))
    reachable = [place for place, *_ in others if place.is_reachable]
    theirs = {f"{place.data_dir.collection.name}-{place.id}": place.data_dir for place in reachable}
    shown = own | {name: each.collection for name, each in theirs.items() if has_archive(each)}
    return shown, [why_unreachable(place) for place, *_ in others if place not in reachable]


def has_archive(data_dir: DataDir) -> bool:
    """Whether there is an index by which pywb finds records."""
    return any(data_dir.indexes.glob("*.cdxj"))


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
def pywb_folder(collections: Mapping[str, Path]) -> Iterator[Path]:
    """A folder with the collections in its `collections/`, where pywb looks for them; they may lie elsewhere."""
    first = next(iter(collections.values()))
    if len(collections) == 1 and first.parent.name == PYWB_COLLECTIONS:
        yield first.parent.parent
        return
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, PYWB_COLLECTIONS).mkdir()
        for name, collection in collections.items():
            Path(folder, PYWB_COLLECTIONS, name).symlink_to(collection.absolute())
        yield Path(folder)


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


def _wait(pywb: subprocess.Popen[bytes], urls: Sequence[str], port: int, log: IO[bytes]) -> int:
    try:
        while pywb.poll() is None and not _answers(port):
            time.sleep(0.1)
        if pywb.poll() is None:
            print(f"The archive is at {' and '.join(urls)} (Ctrl-C ends it).", flush=True)
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
