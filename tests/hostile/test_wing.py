"""A crawl of bombs: each URL ends as it should, and the processes together take little memory.

`python -m bench.hostile` takes all bombs, which is minutes; here are those that take the most memory.
"""

from pathlib import Path

import pytest

from bench.hostile import crawl, report_fates
from tests.support.hostile_wing.bombs import all_bombs
from tests.support.hostile_wing.hosts import open_hosts

BAR_MB = 400
"""As `python -m bench.hostile` asks it of all bombs in one run."""


@pytest.mark.slow
def test_bombs_that_unpack_or_list_much_and_crowds_take_little_memory(tmp_path: Path) -> None:
    with open_hosts(all_bombs(("compressed", "listings", "crowd")), tmp_path / "sources.toml") as hosts:
        code, peaks = crawl(tmp_path)
        wrong = report_fates(tmp_path / "data", hosts)
    assert code == 0
    assert not wrong
    assert peaks.highest.pss <= BAR_MB, peaks.highest
    assert "Traceback" not in (tmp_path / "log").read_text(encoding="utf-8")
