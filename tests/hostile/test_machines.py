"""Crawls on machines that give little: an ordinary user, a checkout that is read-only, no HOME, low limits."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.support.checkout import ROOT
from tests.support.hostile_site import SETTINGS, Site, article, corpus, open_site

NOBODY = 65534
SETPRIV = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
HOME = "HOME={folder}/home"

CONDITIONS = {
    "a home of its own": (HOME,),
    "no HOME, but a key elsewhere": ("FRONTWIRE_ARCHIVE_SIGNING_KEY={folder}/key.pem",),
    "the locale C": (HOME, "LC_ALL=C"),
    "no folder for temporary files": (HOME, "TMPDIR=/proc/nowhere"),
    "umask 077": (HOME, "bash", "-c", 'umask 077; exec "$@"', "bash"),
    "256 open files": (HOME, "bash", "-c", 'ulimit -n 256; exec "$@"', "bash"),
}
NO_SHARED_MEMORY = ("unshare", "-m", "bash", "-c", 'mount -t tmpfs -o ro none /dev/shm; exec "$@"', "bash")

REFUSALS = {
    "no home": ((), 2, "Set HOME to a folder of your own, or name a file outside DATA_DIR"),
    "no threads": (
        (HOME, "bash", "-c", 'ulimit -u 4; exec "$@"', "bash"),
        3,
        "This user may start no 24 threads: raise the limit on processes",
    ),
}

needs_root = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None, reason="only root can become another user"
)
needs_python_for_all = pytest.mark.skipif(
    any(not folder.stat().st_mode & 0o001 for folder in Path(sys.executable).resolve().parents),
    reason="this Python lies in a folder that no other user may enter",
)
pytestmark = [needs_root, needs_python_for_all, pytest.mark.slow]


def crawl(
    folder: Path, under: tuple[str, ...], before: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """A crawl by a user who may write to a folder only."""
    for name in ("home", "data"):
        (folder / name).mkdir(exist_ok=True)
        os.chown(folder / name, NOBODY, NOBODY)
    os.chown(folder, NOBODY, NOBODY)
    settings = SETTINGS | {"DATA_DIR": folder / "data", "LOG_LEVEL": "WARNING"}
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    command = [sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"sources={folder / 'sources.txt'}"]
    within = [part.format(folder=folder) for part in under]
    return subprocess.run(
        [*before, *SETPRIV, "env", "-i", f"PATH={os.environ['PATH']}", *within, *command, *options],
        cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that another user can reach: pytest's are private, and may lie in shared memory."""
    with TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_crawl_needs_no_more_than_it_says(folder: Path, condition: str) -> None:
    site = Site({f"/a{number}": article(f"Veld {number}") for number in range(3)})
    with open_site(site, [path for path in site if path != "/robots.txt"], folder):
        result = crawl(folder, CONDITIONS[condition])
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    assert len(corpus(folder / "data")) == 3


def test_a_crawl_needs_no_shared_memory(folder: Path) -> None:
    site = Site({"/a": article("Veld")})
    with open_site(site, ["/a"], folder):
        result = crawl(folder, (HOME,), NO_SHARED_MEMORY)
    if "unshare" in result.stderr or "mount" in result.stderr:
        pytest.skip("this machine lets nobody mount anything")
    assert (result.returncode, len(corpus(folder / "data"))) == (0, 1), result.stderr


@pytest.mark.parametrize("condition", REFUSALS)
def test_what_is_missing_is_said_in_one_sentence(folder: Path, condition: str) -> None:
    under, code, sentence = REFUSALS[condition]
    with open_site(Site(), [], folder):
        result = crawl(folder, under)
    assert result.returncode == code, result.stderr
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
