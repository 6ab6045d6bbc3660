"""Every URL of a run is accounted for, and the exit code follows from the sums."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar

import pytest
from scrapy import Spider
from sqlalchemy import delete, select, text
from sqlalchemy.exc import OperationalError

from crawler.catalogue.redactions import note_redaction
from crawler.catalogue.store import Store, Tally
from crawler.data_dir import REVISIONS
from crawler.database import schema
from crawler.exit_codes import FAILED, OK, STORAGE
from crawler.fates import Fate
from crawler.frontier.leases import Leases
from crawler.items import Article, Evidence, Link, UrlKind
from crawler.refusal import Refused
from crawler.run.committer import HIGH_WATER
from crawler.run.corpus import Corpus
from crawler.run.recorder import Recorder, recorder_of
from tests.support.crawls import run_crawl
from tests.support.outcomes import FEED, Shelved, article, ended, filed, link

ONE, TWO, THREE = link("one"), link("two"), link("three")
FULL = OSError(28, "No space left on device")
Script = Callable[[Recorder], AsyncIterator[Article]]


class Scripted(Spider):
    """A spider that asks nothing: a script tells the recorder what happened, and yields articles."""

    name = "scripted"
    script: Script
    arguments: ClassVar[dict[str, str]] = {"language": "fr"}

    async def start(self) -> AsyncIterator[Any]:
        async for item in self.script(recorder_of(self.crawler)):
            yield item


class OffTopic(Refused):
    fate = Fate.OFF_TOPIC


class RefusingPipeline:
    """Refuses one article, stumbles over another, lets the others pass."""

    def process_item(self, item: Article) -> Article:
        if item.url == ONE.url:
            raise OffTopic(replace(item, title="Port"), "conflict 0.10")
        if item.url == TWO.url:
            raise LookupError("a defect of ours")
        return item


def run(data_dir: Path, script: Script, leased: bool = False, **settings: Any) -> Recorder:
    """A whole run of a script; `leased`: what it records it has leased."""
    chosen = {
        "DATA_DIR": str(data_dir),
        "STORE_URL": "",
        "EXTENSIONS": {"crawler.run.recorder.Recorder": 10},
        "DEFAULT_DROPITEM_LOG_LEVEL": "DEBUG",
    }
    crawler = run_crawl(Scripted, chosen | settings, script=script, leases_urls=leased)
    recorder = crawler.get_extension(Recorder)
    assert recorder is not None
    return recorder


def exit_code(recorder: Recorder) -> int:
    assert recorder.result is not None
    return recorder.result.exit_code


def script(tell: Callable[[Recorder], Iterable[Article] | None], *links: Link) -> Script:
    """A script that does not wait for anything, begun with some links."""

    async def play(recorder: Recorder) -> AsyncIterator[Article]:
        await recorder.start(links)
        for item in tell(recorder) or ():
            yield item

    return play


def rows(data_dir: Path, everything: bool = True) -> list[dict[str, Any]]:
    with closing(Store.open("", data_dir)) as store:
        return list(store.articles(everything))


# --- sums -----------------------------------------------------------------------------------


def test_a_run_that_accounts_for_all_ends_with_0(tmp_path: Path) -> None:
    def tell(recorder: Recorder) -> None:
        recorder.record(ended(FEED, links=(ONE, TWO, ONE, FEED)))
        recorder.record_article(filed(article("one", capture=Shelved(1))), Fate.SAVED)
        recorder.record(ended(TWO, Fate.GONE))

    recorder = run(tmp_path, script(tell, FEED))
    assert recorder.result is not None
    assert recorder.result.tally == Tally(3, {"discovery": 1, "saved": 1, "gone": 1}, 0)
    assert exit_code(recorder) == OK
    with closing(Store.open("", tmp_path)) as store, store.engine.connect() as connection:
        ran = connection.execute(select(schema.run)).one()
    assert (ran.spider, ran.arguments) == ("scripted", '{"language": "fr"}')
    assert (ran.reason, ran.exit_code, ran.discovered) == ("finished", 0, 3)


def test_the_statistics_count_ends_and_not_attempts(tmp_path: Path) -> None:
    def tell(recorder: Recorder) -> None:
        recorder.record(replace(ended(FEED, Fate.TIMEOUT), retry_in_s=0.0))
        recorder.record(ended(FEED, Fate.GONE))

    stats = run(tmp_path, script(tell, FEED))._crawler.stats.get_stats()
    assert {
        name: stats[name] for name in stats if "/" in name and name.split("/")[1] in ("timeout", "gone")
    } == {
        "tried_again_later/timeout": 1,
        "fate/gone": 1,
    }


@pytest.mark.parametrize("kind", UrlKind)
def test_what_was_taken_down_is_passed_over_unless_it_lists_articles(tmp_path: Path, kind: UrlKind) -> None:
    with closing(Store.open("", tmp_path)) as store:
        note_redaction(store, ONE.url, "2021-01-28T10:00:00Z", "as asked")
    passed_over: list[bool] = []

    def tell(recorder: Recorder) -> None:
        passed_over.extend(recorder.is_redacted(replace(each, kind=kind)) for each in (ONE, TWO))

    run(tmp_path, script(tell))
    assert passed_over == [kind in (UrlKind.ARTICLE, UrlKind.IMAGE), False]


def test_a_url_that_got_lost_fails_the_run(tmp_path: Path) -> None:
    def tell(recorder: Recorder) -> None:
        with recorder.store.engine.begin() as connection:
            connection.execute(delete(schema.url).where(schema.url.c.url == ONE.url))

    recorder = run(tmp_path, script(tell, ONE, TWO))
    assert recorder.result is not None
    assert "do not reconcile" in recorder.result.sentence
    assert exit_code(recorder) == FAILED


def test_a_chain_of_redirects_reconciles(tmp_path: Path) -> None:
    def tell(recorder: Recorder) -> None:
        for here, onward in ((FEED, ONE), (ONE, TWO), (TWO, ONE)):  # the last leads back
            recorder.record(ended(here, Fate.REDIRECTED, (onward,)))

    recorder = run(tmp_path, script(tell, FEED))
    assert recorder.result is not None
    assert recorder.result.tally == Tally(3, {"redirected": 3}, 0)


def test_a_redirect_to_what_is_no_url_reconciles(tmp_path: Path) -> None:
    nowhere = replace(ONE, url="http://marisol.example:99999/")

    def tell(recorder: Recorder) -> None:
        recorder.record(ended(FEED, Fate.REDIRECTED, (nowhere,)))

    recorder = run(tmp_path, script(tell, FEED))
    assert recorder.result is not None
    assert recorder.result.tally == Tally(2, {"redirected": 1, "bad_url": 1}, 0)


def test_a_record_that_is_replayed_twice_counts_once(tmp_path: Path) -> None:
    def tell(recorder: Recorder) -> None:
        for fate in (Fate.SAVED, Fate.UNCHANGED):
            recorder.record_article(article("one"), fate)

    recorder = run(tmp_path, script(tell))
    assert recorder.result is not None
    assert recorder.result.tally == Tally(1, {"unchanged": 1}, 0)
    assert [row["fate"] for row in rows(tmp_path)] == ["saved", "unchanged"]


def test_input_that_could_not_be_read_fails_the_run(tmp_path: Path) -> None:
    def tell(recorder: Recorder) -> None:
        recorder.record(ended(FEED))
        recorder.report("old.warc.gz is no WARC file.")

    recorder = run(tmp_path, script(tell, FEED))
    assert recorder.result is not None
    assert "old.warc.gz is no WARC file." in recorder.result.sentence
    assert exit_code(recorder) == FAILED


# --- later runs -----------------------------------------------------------------------------


def waiting(recorder: Recorder) -> list[Link]:
    """The URLs of marisol that the run is given."""
    leases = Leases(recorder.store, recorder.run_id, {"marisol"})
    leases.keep()
    hosts = [host.id for host in leases.lease_hosts(9)]
    return [each.link for each in leases.lease_urls(hosts, 99)]


def test_what_a_run_left_pending_is_taken_up_by_the_next(tmp_path: Path) -> None:
    def first(recorder: Recorder) -> None:
        recorder.record(ended(FEED, links=(ONE, TWO, THREE)))
        recorder.record(ended(ONE, Fate.GONE))
        recorder.record(ended(TWO, Fate.TIMEOUT))

    assert exit_code(run(tmp_path, script(first, FEED))) == OK

    async def second(recorder: Recorder) -> AsyncIterator[Article]:
        await recorder.start([FEED])
        assert waiting(recorder) == [FEED, THREE]
        recorder.record(ended(FEED, links=(ONE, TWO, THREE)))
        while not recorder.is_idle:
            await asyncio.sleep(0.01)
        leases = Leases(recorder.store, recorder.run_id, {"marisol"})
        # ONE is settled, THREE is leased already.
        assert [each.link.url for each in leases.lease_urls([1], 99)] == [TWO.url]
        recorder.record(ended(TWO, Fate.GONE))
        recorder.record(ended(THREE, Fate.GONE))
        nothing: tuple[Article, ...] = ()
        for each in nothing:
            yield each

    recorder = run(tmp_path, second, leased=True)
    assert recorder.result is not None
    assert recorder.result.tally == Tally(3, {"discovery": 1, "gone": 2}, 0)


def test_a_run_over_some_sources_leaves_the_urls_of_others_pending(tmp_path: Path) -> None:
    tarn = Link("https://tarn.example/one", UrlKind.ARTICLE, Evidence(source="tarn"))

    def second(recorder: Recorder) -> None:
        assert waiting(recorder) == [FEED, ONE]

    run(tmp_path, script(lambda _recorder: None, ONE, tarn))
    recorder = run(tmp_path, script(second, FEED))
    assert recorder.result is not None
    assert recorder.result.tally == Tally(2, {}, 2)
    with closing(Store.open("", tmp_path)) as store:
        assert store.tally(1).pending == 1  # tarn's stays with the run that found it


def test_a_file_that_a_kill_left_without_a_row_leaves_the_corpus(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def tell(recorder: Recorder) -> None:
        recorder.record_article(known, Fate.SAVED)

    known, stray = filed(article("one"), 0), filed(article("two", "La digue cède."), 1)
    run(tmp_path, script(tell, ONE))
    corpus = Corpus(tmp_path / "corpus")
    corpus.write([(str(stray.file), stray.content or b"")])
    run(tmp_path, script(lambda _recorder: None))
    assert [path.name for path in corpus.folder.glob("2*/*")] == [Path(str(known.file)).name]
    assert (corpus.folder / REVISIONS / str(stray.file)).read_bytes() == stray.content
    assert any("Moved 1 seed files" in record.getMessage() for record in caplog.records)


def test_a_replay_takes_settled_urls_again(tmp_path: Path) -> None:
    def once(recorder: Recorder) -> None:
        recorder.record(ended(ONE, Fate.GONE))

    run(tmp_path, script(once, ONE))
    recorder = run(tmp_path, script(lambda recorder: recorder.record(ended(ONE, Fate.NOT_HTML))))
    assert recorder.result is not None
    assert recorder.result.tally == Tally(1, {"not_html": 1}, 0)


def test_only_new_urls_are_counted(tmp_path: Path) -> None:
    def first(recorder: Recorder) -> None:
        recorder.record(ended(ONE, Fate.GONE))

    def second(recorder: Recorder) -> None:
        recorder.record(ended(FEED, links=(ONE, TWO)))

    run(tmp_path, script(first, ONE))
    recorder = run(tmp_path, script(second, FEED))
    assert recorder.result is not None
    assert recorder.result.tally == Tally(2, {"discovery": 1}, 1)
    assert recorder._crawler.stats.get_stats()["fate/discovery"] == 1


# --- pipelines ------------------------------------------------------------------------------


def test_each_end_of_an_item_is_recorded(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def tell(recorder: Recorder) -> Iterable[Article]:
        yield article("one", capture=Shelved(1))
        yield article("two", capture=Shelved(2))

    caplog.set_level(logging.CRITICAL)  # Scrapy reports the defect on its own
    recorder = run(tmp_path, script(tell, ONE, TWO), ITEM_PIPELINES={RefusingPipeline: 1})
    assert recorder.result is not None
    assert recorder.result.tally.fates == {"off_topic": 1, "quarantined": 1}
    refused, stumbled = rows(tmp_path)
    assert (refused["fate"], refused["reason"], refused["title"]) == ("off_topic", "conflict 0.10", "Port")
    assert refused["text"] == "Le port de Marisol rouvre.\n\nLa digue a tenu."
    assert (stumbled["fate"], stumbled["reason"]) == ("quarantined", "pipeline failed: a defect of ours")
    assert (refused["offset"], stumbled["offset"]) == (1000, 2000)


# --- storage --------------------------------------------------------------------------------


def test_a_full_disk_stops_the_crawl_with_3(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def tell(recorder: Recorder) -> AsyncIterator[Article]:
        links = [link(str(number)) for number in range(10_000)]
        await recorder.start(links)
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
    with closing(Store.open("", tmp_path)) as store:
        tally = store.tally(1)
        assert tally.pending >= 9_997
        assert tally.reconciles
    assert recorder._crawler.stats.get_value("fate/gone") < 5_000
    [message] = [each.getMessage() for each in caplog.records if "Cannot store" in each.getMessage()]
    assert "No space left on device" in message
    assert "run the same command again" in message


def test_a_run_whose_row_cannot_be_written_ends_with_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object) -> None:
        raise OperationalError("", None, Exception("database or disk is full"))

    async def wait(recorder: Recorder) -> AsyncIterator[Article]:
        while recorder._crawler.crawling:
            await asyncio.sleep(0.01)
        yield article("unused")

    monkeypatch.setattr(Store, "begin_run", fail)
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
        with recorder.store.engine.begin() as connection:
            connection.execute(text(refusing))

    assert exit_code(run(tmp_path, script(tell, FEED))) == STORAGE
    [message] = [each.getMessage() for each in caplog.records if "Cannot store" in each.getMessage()]
    assert message.startswith("Cannot store what was gathered: disk is full. Crawl stopped. Free space")
    assert not any(record.exc_info for record in caplog.records)


def test_a_catalogue_that_another_program_holds_ends_the_run_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Store.open("", tmp_path).close()
    monkeypatch.setattr("crawler.database.engine.BUSY_MS", 100)
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite", isolation_level=None)) as holder:
        holder.execute("begin exclusive")
        began = monotonic()
        sources = tmp_path / "sources.txt"
        sources.write_text("https://marisol.example/feed\n", encoding="utf-8")
        crawler = run_crawl("news", {"DATA_DIR": str(tmp_path), "OPERATOR": "test"}, sources=str(sources))
        assert monotonic() - began < 10
    assert exit_code(recorder_of(crawler)) == STORAGE
    [message] = [each.getMessage() for each in caplog.records if "Cannot store" in each.getMessage()]
    assert "database is locked. Crawl stopped. Close the program that holds the catalogue" in message


def test_a_store_that_failed_is_not_asked_for_sums(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object) -> None:
        raise OperationalError("", None, Exception("server closed the connection"))

    def tell(recorder: Recorder) -> None:
        monkeypatch.setattr(Store, "commit", fail)
        monkeypatch.setattr(Store, "tally", fail)
        recorder.record(ended(FEED))

    assert exit_code(run(tmp_path, script(tell, FEED))) == STORAGE
    assert not any(record.exc_info for record in caplog.records)


def test_producers_wait_while_the_committer_has_more_than_enough_to_do(tmp_path: Path) -> None:
    async def tell(recorder: Recorder) -> AsyncIterator[Article]:
        listing = Link("https://marisol.example/", UrlKind.SECTION, FEED.evidence)
        await recorder.start([listing])
        for number in range(2 * HIGH_WATER):
            recorder.record(replace(ended(listing), capture=Shelved(number)))
        await recorder.room()
        assert not recorder._committer.is_full  # type: ignore[union-attr]
        yield article("unused")

    assert exit_code(run(tmp_path, tell)) == OK
