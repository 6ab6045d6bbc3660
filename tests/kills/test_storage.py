"""A disk that fills up, or cannot be written: the crawl ends with 3, and the next one completes what is missing."""

import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.exit_codes import STORAGE
from tests.support.killed_runs import Desk, check_complete
from tests.support.press import Press, open_press

ARTICLES = 40
MB = 1024 * 1024
AFTER_FAILURE = 10
"""So many requests may be started after the first failed write."""


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with open_press(tmp_path, ARTICLES) as press:
        yield press


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if mount("-t", "tmpfs", "-o", "size=1500k", "tmpfs", folder):
        pytest.skip("this user may not mount a disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


def mount(*arguments: str | Path) -> int:
    return subprocess.run(["mount", *arguments], stderr=subprocess.DEVNULL, check=False).returncode


def fails(desk: Desk) -> str:
    """The log of a run that ends with 3; what it leaves is whole."""
    before = len(desk.log) if desk.data.exists() else 0
    code = desk.start().wait(60)
    log = desk.log[before:]
    assert code == STORAGE, log
    assert "Traceback" not in log
    desk.check_whole()
    return log


def completes(desk: Desk, press: Press) -> None:
    assert desk.run() == 0, desk.log
    desk.check_whole()
    check_complete(press, desk)


@pytest.mark.slow
def test_a_full_disk_ends_the_crawl_and_the_next_one_completes_it(press: Press, disk: Path) -> None:
    desk = Desk(disk.parent, "", f"{disk.name}/data", MIN_FREE_DISK=0, DOWNLOAD_DELAY=0.5)
    log = fails(desk)
    assert "run the same command again" in log
    assert 0 < press.article_requests < ARTICLES
    first = press.article_requests
    fails(desk)
    assert press.article_requests <= first + AFTER_FAILURE
    assert mount("-o", "remount,size=64m", disk) == 0
    completes(desk, press)


@pytest.mark.slow
def test_a_disk_that_is_nearly_full_is_left_alone(press: Press, disk: Path) -> None:
    assert mount("-o", "remount,size=8m", disk) == 0
    desk = Desk(disk.parent, "", f"{disk.name}/data", MIN_FREE_DISK=7 * MB, DOWNLOAD_DELAY=0.5)
    log = fails(desk)
    assert "less than MIN_FREE_DISK (7 MB)" in log
    assert "the disk is nearly full" in log
    requests = press.article_requests
    assert 0 < requests < ARTICLES
    wary = Desk(disk.parent, "", f"{disk.name}/data", MIN_FREE_DISK=64 * MB)
    assert "less than MIN_FREE_DISK (67 MB)" in fails(wary)
    assert press.article_requests == requests
    assert mount("-o", "remount,size=64m", disk) == 0
    completes(desk, press)


@pytest.mark.slow
def test_a_disk_that_became_read_only_ends_the_crawl(press: Press, disk: Path) -> None:
    assert mount("-o", "remount,size=64m", disk) == 0
    desk = Desk(disk.parent, "", f"{disk.name}/data", MIN_FREE_DISK=0)
    assert mount("-o", "remount,ro", disk) == 0
    assert "Read-only file system" in fails(desk)
    assert not press.article_requests
    assert mount("-o", "remount,rw", disk) == 0
    completes(desk, press)


@pytest.mark.slow
def test_a_limit_for_the_size_of_files_ends_the_crawl(press: Press, tmp_path: Path) -> None:
    desk = Desk(tmp_path, "", MIN_FREE_DISK=0, DOWNLOAD_DELAY=0.5)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MB // 2, before[1]))
    try:
        fails(desk)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert press.article_requests < ARTICLES
    completes(desk, press)
