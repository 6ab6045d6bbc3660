"""One home for the layout of a data directory; two runs never write into one, and a dead one holds nothing."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.data_dir import DataDir, DataDirBusy, DataDirUnwritable
from tests.support.checkout import ROOT
from tests.support.commands import scrapy

HOLD = """
import sys, pathlib
from crawler.data_dir import DataDir
with DataDir.at(pathlib.Path(sys.argv[1])).held():
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
    with (
        holder,
        pytest.raises(DataDirBusy, match=str(holder.pid)) as refusal,
        DataDir.at(tmp_path).held(),
    ):
        pytest.fail("the directory is held by two")
    assert refusal.value.exit_code == 75


def test_a_second_crawl_ends_with_75(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with holder:
        result = scrapy("crawl", "news", "-s", f"DATA_DIR={tmp_path}")
    assert result.returncode == 75
    assert f"process {holder.pid}" in result.stderr


def test_a_killed_run_holds_nothing(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with holder:
        holder.kill()
    with DataDir.at(tmp_path).held():
        pass


def test_an_error_in_the_block_gives_the_directory_back(tmp_path: Path) -> None:
    with pytest.raises(KeyError), DataDir.at(tmp_path).held():
        raise KeyError
    with DataDir.at(tmp_path).held():
        pass


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataDirUnwritable, match=r"Cannot write .*/file/corpus: Not a directory") as refusal:
        DataDir.at(tmp_path / "file").make()
    assert refusal.value.exit_code == 3
    assert not refusal.value.is_read_only


def test_a_disk_that_refuses_the_lock_is_named(tmp_path: Path) -> None:
    full = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)){HOLD}"
    refused = subprocess.run(
        [sys.executable, "-c", full, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not refused.stdout
    sentence = (
        f"Cannot write {tmp_path}/run.lock: File too large. Give another folder with -s DATA_DIR=FOLDER."
    )
    assert refused.stderr.splitlines()[-1] == f"crawler.data_dir.DataDirUnwritable: {sentence}"


PLACES = {"collections", "corpus", ".revisions", "catalogue.sqlite", "run.lock"}
CODE = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for room in ("crawler", "pipelines")
    for path in sorted((ROOT / room).rglob("*.py"))
}


def names_in(code: str) -> set[str]:
    """The parts of every path that a file writes down."""
    literals = (node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant))
    paths = (text for text in literals if isinstance(text, str) and not re.search(r"\s", text))
    return {part for path in paths for part in path.split("/")}


def test_the_layout_is_written_down_once() -> None:
    assert {name for name, code in CODE.items() if PLACES & names_in(code)} == {"crawler/data_dir.py"}


def test_the_name_of_a_seed_file_is_built_once() -> None:
    built = {name for name, code in CODE.items() if re.search(r"\[:16\]\}?\.txt|:03d?\}_", code)}
    assert built == {"crawler/texts/seed_format.py"}


def test_only_the_present_holder_is_named(tmp_path: Path) -> None:
    data_dir = DataDir.at(tmp_path)
    data_dir.run_lock.write_text("4000000\n", encoding="ascii")
    with data_dir.held():
        assert data_dir.run_lock.read_text(encoding="ascii") == f"{os.getpid()}\n"
