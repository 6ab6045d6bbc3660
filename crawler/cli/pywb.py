"""pywb, which shows archived pages: its program, a folder for it, and its process."""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from archive.layout import PYWB_COLLECTIONS, Layout
from archive.objects.whereabouts import stores_of
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED

HOST = "127.0.0.1"

HOW_TO_GET_IT = (
    "Pages are shown as they looked by pywb, which needs an environment of its own: "
    "python3 -m venv .venv-pywb && .venv-pywb/bin/pip install pywb 'setuptools<81', "
    "then `scrapy browse -s BROWSE_WAYBACK=.venv-pywb/bin/wayback`."
)

# No script of an archived page runs, and nothing is loaded from elsewhere: what it looked like is all that is wanted.
# As its origin it keeps that of pywb, for fonts are loaded by origin; without scripts that gives it no power.
_CONFIG = """framed_replay: false
csp-header: "sandbox allow-same-origin; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
font-src 'self' data:; media-src 'self' data:; frame-src 'self'; form-action 'none'"
"""


def find_wayback(named: str) -> Path | None:
    """pywb's program: the one that the setting names, else beside the running Python, else in PATH; None if none is."""
    if named:
        if not shutil.which(named):
            raise OperatorError(f"BROWSE_WAYBACK is {named!r}, which is no program. {HOW_TO_GET_IT}")
        return Path(named).absolute()
    found = shutil.which("wayback", path=str(Path(sys.executable).parent)) or shutil.which("wayback")
    return Path(found).absolute() if found else None


@contextmanager
def pywb_folder(collections: Mapping[str, Path]) -> Iterator[Path]:
    """A folder of ours with pywb's configuration and, in `collections/`, links to the collections."""
    with tempfile.TemporaryDirectory() as folder:
        config = _CONFIG + _read_in_stores(collections)
        Path(folder, "config.yaml").write_text(config, encoding="utf-8")
        Path(folder, PYWB_COLLECTIONS).mkdir()
        for name, collection in collections.items():
            Path(folder, PYWB_COLLECTIONS, name).symlink_to(collection.absolute())
        yield Path(folder)


def _read_in_stores(collections: Mapping[str, Path]) -> str:
    """What pywb is told of collections whose files lie in object stores, in one line; nothing of the others."""
    told = {}
    for name, collection in collections.items():
        if stores := stores_of(Layout(collection).archive):
            here = f"{PYWB_COLLECTIONS}/{name}"
            told[name] = {"index_paths": f"{here}/indexes/", "archive_paths": [f"{here}/archive/", *stores]}
    return f"collections: {json.dumps(told)}\n" if told else ""  # JSON is YAML


@contextmanager
def running_pywb(wayback: Path, collections: Mapping[str, Path]) -> Iterator[str]:
    """Run pywb on a free port: its address. It ends with this block."""
    port = _free_port()
    command = [str(wayback), "-b", HOST, "-p", str(port)]
    with tempfile.TemporaryFile() as log, pywb_folder(collections) as folder:
        # In a session of its own: Ctrl-C reaches us, and we end it in order.
        pywb = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)
        try:
            _await(pywb, port, log)
            yield f"http://{HOST}:{port}"
        finally:
            pywb.terminate()
            try:
                pywb.wait(5)
            except subprocess.TimeoutExpired:
                pywb.kill()
                pywb.wait()


def _await(pywb: subprocess.Popen[bytes], port: int, log: IO[bytes]) -> None:
    """Wait until it answers; OperatorError with what it said if it ends."""
    while not _answers(port):
        if pywb.poll() is not None:
            log.seek(0)
            last = log.read().decode("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
            raise OperatorError(f"pywb ended with exit code {pywb.returncode}: {last[0]}", FAILED)
        time.sleep(0.1)


def _answers(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex((HOST, port)) == 0


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])
