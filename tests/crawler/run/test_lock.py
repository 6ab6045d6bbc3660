"""Two runs never write into one data directory, and a dead one holds nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from crawler.run.lock import DataDirBusy, RunLock
from tests.conftest import ROOT
from tests.support.commands import scrapy

HOLD = """
import sys, pathlib
from crawler.run.lock import RunLock
lock = RunLock.acquire(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_run_is_told_who_holds_the_directory(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with holder, pytest.raises(DataDirBusy, match=str(holder.pid)):
        RunLock.acquire(tmp_path)


def test_a_second_crawl_ends_with_75(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with holder:
        result = scrapy("crawl", "news", "-s", f"DATA_DIR={tmp_path}", timeout_s=30)
    assert result.returncode == 75
    assert f"process {holder.pid}" in result.stderr


def test_a_killed_run_holds_nothing(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with holder:
        holder.kill()
    RunLock.acquire(tmp_path).release()
