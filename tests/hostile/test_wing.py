"""One crawl of all bombs: each URL ends as it should, and the processes together take no more than 400 MB."""

from pathlib import Path

import pytest

from bench.hostile import crawl, report_fates
from tests.support.hostile_wing.bombs import all_bombs
from tests.support.hostile_wing.hosts import open_hosts

BAR_MB = 400


@pytest.mark.slow
def test_all_bombs_in_one_run_take_little_memory(tmp_path: Path) -> None:
    with open_hosts(all_bombs(), tmp_path / "sources.toml") as hosts:
        code, peaks = crawl(tmp_path)
        wrong = report_fates(tmp_path / "data", hosts)
    assert code == 0
    assert not wrong
    assert peaks.highest.pss <= BAR_MB, peaks.highest
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")
