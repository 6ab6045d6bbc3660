"""A run whose reactor stops first, as at a second Ctrl-C: what is complete is stored, as what it is."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive.capture.extension import ArchiveExtension
from crawler.exit_codes import FAILED, STORAGE
from crawler.items import Article
from crawler.run.recorder import Recorder
from crawler.run.result import DISK_SHORT
from crawler.run.shutdown import finish
from tests.support.logs import make_log
from tests.support.outcomes import FEED, ended, link
from tests.support.scripted_runs import run


@pytest.mark.parametrize(
    ("told", "reason", "code"), [(None, "shutdown", FAILED), (DISK_SHORT, DISK_SHORT, STORAGE)]
)
def test_what_is_complete_is_stored(tmp_path: Path, told: str | None, reason: str, code: int) -> None:
    data = tmp_path / "data"
    found: list[object] = []

    async def tell(recorder: Recorder) -> AsyncIterator[Article]:
        crawler = recorder._crawler
        archive = crawler.get_extension(ArchiveExtension)
        assert archive is not None and crawler.stats is not None
        await recorder.run.start([FEED, link("one")])
        capture = archive.writer.submit(make_log(FEED.url), {})
        recorder.record(replace(ended(FEED), capture=capture))
        if told is not None:
            crawler.stats.set_value("frontwire/stop_reason", told)
        await asyncio.to_thread(finish, crawler)
        with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue:
            found.append(catalogue.execute("select reason, exit_code from run").fetchone())
            found.append(catalogue.execute("select count(*) from capture").fetchone()[0])
        found.append([path.suffix for path in data.rglob("*.warc.gz*")])
        return
        yield

    run(data, tell, ADDONS={"archive.addon.ArchiveAddon": 100})
    assert found == [(reason, code), 1, [".gz"]]
