"""A run whose data cannot be stored ends soon, with one sentence and exit code 3."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from crawler.catalogue.tallies import tally_of
from crawler.database.catalogue import Catalogue
from crawler.exit_codes import OK, STORAGE
from crawler.fates import Fate
from crawler.items import Article, Link, UrlKind
from crawler.run.committer import HIGH_WATER
from crawler.run.recorder import Recorder, recorder_of
from tests.support.crawls import run_crawl
from tests.support.outcomes import FEED, Shelved, article, ended, link
from tests.support.scripted_runs import exit_code, run, script

FULL = OSError(28, "No space left on device")


def test_a_full_disk_stops_the_crawl_with_3(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def tell(recorder: Recorder) -> AsyncIterator[Article]:
        links = [link(str(number)) for number in range(10_000)]
        await recorder.run.start(links)
        for number, each in enumerate(links):
            lost = Shelved(number, failure=FULL if number == 3 else None)
            recorder.record(replace(ended(each, Fate.GONE), capture=lost))
            await asyncio.sleep(0.001)
            if recorder.has_failed:
                break
        yield article("unused")

    recorder = run(tmp_path, tell)
    assert exit_code(recorder) == STORAGE
    assert recorder._crawler.stats.get_value("finish_reason") == "storage_failed"
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        tally = tally_of(catalogue, 1)
        assert tally.pending >= 9_997
        assert tally.reconciles
    assert recorder._crawler.stats.get_value("fate/gone") < 5_000
    [message] = [each.getMessage() for each in caplog.records if "Cannot store" in each.getMessage()]
    assert "No space left on device" in message
    assert "run the same command again" in message


def test_of_two_failures_the_first_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A full disk refuses the catalogue, a feed and the corpus alike."""

    def tell(recorder: Recorder) -> None:
        recorder.record(ended(FEED))
        recorder.stop(FULL)
        recorder.stop(OSError(5, "Input/output error"))

    assert exit_code(run(tmp_path, script(tell, FEED))) == STORAGE
    [message] = [each.getMessage() for each in caplog.records if "Cannot store" in each.getMessage()]
    assert "No space left on device" in message


def test_a_run_whose_row_cannot_be_written_ends_with_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object) -> None:
        raise OperationalError("", None, Exception("database or disk is full"))

    async def wait(recorder: Recorder) -> AsyncIterator[Article]:
        while recorder._crawler.crawling:
            await asyncio.sleep(0.01)
        yield article("unused")

    monkeypatch.setattr("crawler.run.recorder.begin_run", fail)
    assert exit_code(run(tmp_path, wait)) == STORAGE
    [message] = [each.getMessage() for each in caplog.records if "Cannot store" in each.getMessage()]
    assert message.startswith("Cannot store what was gathered: database or disk is full. Crawl stopped.")
    assert not any(record.exc_info for record in caplog.records)


def test_a_run_whose_end_cannot_be_written_ends_with_3(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    refusing = (
        "create trigger full before update of exit_code on run begin select raise(fail, 'disk is full'); end"
    )

    def tell(recorder: Recorder) -> None:
        recorder.record(ended(FEED))
        with recorder.catalogue.engine.begin() as connection:
            connection.execute(text(refusing))

    assert exit_code(run(tmp_path, script(tell, FEED))) == STORAGE
    [message] = [each.getMessage() for each in caplog.records if "Cannot store" in each.getMessage()]
    assert message.startswith("Cannot store what was gathered: disk is full. Crawl stopped. Free space")
    assert not any(record.exc_info for record in caplog.records)


def test_a_catalogue_that_another_program_holds_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Catalogue.open("", tmp_path).close()
    monkeypatch.setattr("crawler.database.engine.BUSY_MS", 100)
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite", isolation_level=None)) as holder:
        holder.execute("begin exclusive")
        sources = tmp_path / "sources.txt"
        sources.write_text("https://marisol.example/feed\n", encoding="utf-8")
        crawler = run_crawl("news", {"DATA_DIR": str(tmp_path), "OPERATOR": "test"}, sources=str(sources))
    assert exit_code(recorder_of(crawler)) == STORAGE
    [message] = [each.getMessage() for each in caplog.records if "Cannot store" in each.getMessage()]
    assert "database is locked. Crawl stopped. Close the program that holds the catalogue" in message


def test_a_catalogue_that_failed_is_not_asked_for_sums(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object) -> None:
        raise OperationalError("", None, Exception("server closed the connection"))

    def tell(recorder: Recorder) -> None:
        monkeypatch.setattr(Catalogue, "write", fail)
        monkeypatch.setattr("crawler.run.recorder.tally_of", fail)
        recorder.record(ended(FEED))

    assert exit_code(run(tmp_path, script(tell, FEED))) == STORAGE
    assert not any(record.exc_info for record in caplog.records)


def test_producers_wait_while_the_committer_has_more_than_enough_to_do(tmp_path: Path) -> None:
    async def tell(recorder: Recorder) -> AsyncIterator[Article]:
        listing = Link("https://marisol.example/", UrlKind.SECTION, FEED.evidence)
        await recorder.run.start([listing])
        for number in range(2 * HIGH_WATER):
            recorder.record(replace(ended(listing), capture=Shelved(number)))
        await recorder.room()
        assert not recorder._committer.is_full  # type: ignore[union-attr]
        yield article("unused")

    assert exit_code(run(tmp_path, tell)) == OK
