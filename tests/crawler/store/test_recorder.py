"""Every URL of a run is accounted for, and the exit code follows from the sums."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from scrapy import Spider
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from crawler.fates import Fate, Refused
from crawler.items import Article, Evidence, Kind, Link
from crawler.store import schema
from crawler.store.committer import HIGH_WATER
from crawler.store.corpus import REVISIONS, Corpus
from crawler.store.recorder import Recorder, recorder_of
from crawler.store.store import Store
from crawler.store.verdict import FAILED, OK, STORAGE
from tests.crawler.store.outcomes import FEED, Shelved, article, ended, filed, link
from tests.crawls import run_crawl

ONE, TWO, THREE = link("one"), link("two"), link("three")
SOURCES = {"marisol"}
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


def run(data_dir: Path, script: Script, **settings: Any) -> Recorder:
    """A whole run of a script."""
    chosen = {
        "DATA_DIR": str(data_dir),
        "STORE_URL": "",
        "EXTENSIONS": {"crawler.store.recorder.Recorder": 10},
        "DEFAULT_DROPITEM_LOG_LEVEL": "DEBUG",
    }
    crawler = run_crawl(Scripted, chosen | settings, script=script)
    recorder = crawler.get_extension(Recorder)
    assert recorder is not None
    return recorder


def exit_code(recorder: Recorder) -> int:
    assert recorder.verdict is not None
    return recorder.verdict.exit_code


def script(tell: Callable[[Recorder], Iterable[Article] | None]) -> Script:
    """A script that does not wait for anything."""

    async def play(recorder: Recorder) -> AsyncIterator[Article]:
        for item in tell(recorder) or ():
            yield item

    return play


def rows(data_dir: Path, everything: bool = True) -> list[dict[str, Any]]:
    with closing(Store.open("", data_dir)) as store:
        return list(store.articles(everything))


# --- sums -----------------------------------------------------------------------------------


def test_a_run_that_accounts_for_all_ends_with_0(tmp_path: Path) -> None:
    def tell(recorder: Recorder) -> None:
        assert recorder.start([FEED], SOURCES) == (FEED,)
        new = recorder.new_links([ONE, TWO, ONE, FEED])
        assert new == (ONE, TWO)
        recorder.record(ended(FEED, links=new))
        recorder.record_article(filed(article("one", capture=Shelved(1))), Fate.SAVED)
        recorder.record(ended(TWO, Fate.GONE))

    recorder = run(tmp_path, script(tell))
    assert recorder.verdict is not None
    assert recorder.verdict.tally == (3, {"discovery": 1, "saved": 1, "gone": 1}, 0)
    assert exit_code(recorder) == OK
    with closing(Store.open("", tmp_path)) as store, store.engine.connect() as connection:
        ran = connection.execute(select(schema.run)).one()
    assert (ran.spider, ran.arguments) == ("scripted", '{"language": "fr"}')
    assert (ran.reason, ran.exit_code, ran.discovered) == ("finished", 0, 3)


def test_a_url_that_got_lost_fails_the_run(tmp_path: Path) -> None:
    def tell(recorder: Recorder) -> None:
        recorder.start([FEED], SOURCES)
        recorder.new_links([ONE])  # and nobody says any more of it
        recorder.record(ended(FEED))

    recorder = run(tmp_path, script(tell))
    assert recorder.verdict is not None
    assert "do not reconcile" in recorder.verdict.sentence
    assert exit_code(recorder) == FAILED


def test_a_chain_of_redirects_reconciles(tmp_path: Path) -> None:
    def tell(recorder: Recorder) -> None:
        recorder.start([FEED], SOURCES)
        for here, onward in ((FEED, ONE), (ONE, TWO), (TWO, ONE)):  # the last leads back
            recorder.record(ended(here, Fate.REDIRECTED, recorder.new_links([onward])))

    recorder = run(tmp_path, script(tell))
    assert recorder.verdict is not None
    assert recorder.verdict.tally == (3, {"redirected": 3}, 0)


def test_a_redirect_to_what_is_no_url_reconciles(tmp_path: Path) -> None:
    nowhere = replace(ONE, url="http://marisol.example:99999/")

    def tell(recorder: Recorder) -> None:
        recorder.start([FEED], SOURCES)
        recorder.record(ended(FEED, Fate.REDIRECTED, recorder.new_links([nowhere])))
        recorder.record(ended(nowhere, Fate.BAD_URL))

    recorder = run(tmp_path, script(tell))
    assert recorder.verdict is not None
    assert recorder.verdict.tally == (2, {"redirected": 1, "bad_url": 1}, 0)


def test_a_record_that_is_replayed_twice_counts_once(tmp_path: Path) -> None:
    def tell(recorder: Recorder) -> None:
        for fate in (Fate.SAVED, Fate.UNCHANGED):
            recorder.new_links([ONE], again=True)
            recorder.record_article(article("one"), fate)

    recorder = run(tmp_path, script(tell))
    assert recorder.verdict is not None
    assert recorder.verdict.tally == (1, {"unchanged": 1}, 0)
    assert [row["fate"] for row in rows(tmp_path)] == ["saved", "unchanged"]


def test_input_that_could_not_be_read_fails_the_run(tmp_path: Path) -> None:
    def tell(recorder: Recorder) -> None:
        recorder.start([FEED], SOURCES)
        recorder.record(ended(FEED))
        recorder.report("old.warc.gz is no WARC file.")

    recorder = run(tmp_path, script(tell))
    assert recorder.verdict is not None
    assert "old.warc.gz is no WARC file." in recorder.verdict.sentence
    assert exit_code(recorder) == FAILED


# --- later runs -----------------------------------------------------------------------------


def test_what_a_run_left_pending_is_taken_up_by_the_next(tmp_path: Path) -> None:
    def first(recorder: Recorder) -> None:
        recorder.start([FEED], SOURCES)
        recorder.record(ended(FEED, links=recorder.new_links([ONE, TWO, THREE])))
        recorder.record(ended(ONE, Fate.GONE))
        recorder.record(ended(TWO, Fate.TIMEOUT))

    assert exit_code(run(tmp_path, script(first))) == OK

    def second(recorder: Recorder) -> None:
        assert recorder.start([FEED], SOURCES) == (FEED, THREE)
        new = recorder.new_links([ONE, TWO, THREE])
        assert new == (TWO,)  # ONE is settled, THREE is taken up already
        recorder.record(ended(FEED, links=new))
        recorder.record(ended(TWO, Fate.GONE))
        recorder.record(ended(THREE, Fate.GONE))

    recorder = run(tmp_path, script(second))
    assert recorder.verdict is not None
    assert recorder.verdict.tally == (3, {"discovery": 1, "gone": 2}, 0)


def test_a_run_over_some_sources_leaves_the_urls_of_others_pending(tmp_path: Path) -> None:
    tarn = Link("https://tarn.example/one", Kind.ARTICLE, Evidence(source="tarn"))

    def first(recorder: Recorder) -> None:
        recorder.start([ONE, tarn], {"marisol", "tarn"})

    def second(recorder: Recorder) -> None:
        assert recorder.start([FEED], SOURCES) == (FEED, ONE)

    run(tmp_path, script(first))
    recorder = run(tmp_path, script(second))
    assert recorder.verdict is not None
    assert recorder.verdict.tally == (2, {}, 2)
    with closing(Store.open("", tmp_path)) as store:
        assert tarn in store.left_over(0)


def test_a_file_that_a_kill_left_without_a_row_leaves_the_corpus(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def tell(recorder: Recorder) -> None:
        recorder.start([ONE], SOURCES)
        recorder.record_article(known, Fate.SAVED)

    known, stray = filed(article("one"), 0), filed(article("two", "La digue cède."), 1)
    run(tmp_path, script(tell))
    corpus = Corpus(tmp_path / "corpus")
    corpus.write([(str(stray.file), stray.content or b"")])
    run(tmp_path, script(lambda _recorder: None))
    assert [path.name for path in corpus.folder.glob("2*/*")] == [Path(str(known.file)).name]
    assert (corpus.folder / REVISIONS / str(stray.file)).read_bytes() == stray.content
    assert any("Moved 1 seed files" in record.getMessage() for record in caplog.records)


def test_a_replay_takes_settled_urls_again(tmp_path: Path) -> None:
    def once(recorder: Recorder) -> None:
        recorder.start([ONE], SOURCES)
        recorder.record(ended(ONE, Fate.GONE))

    run(tmp_path, script(once))

    def replay(recorder: Recorder) -> None:
        assert recorder.new_links([ONE], again=True) == (ONE,)
        recorder.record(ended(ONE, Fate.NOT_HTML))

    recorder = run(tmp_path, script(replay))
    assert recorder.verdict is not None
    assert recorder.verdict.tally == (1, {"not_html": 1}, 0)


def test_new_and_known_urls_are_counted(tmp_path: Path) -> None:
    def first(recorder: Recorder) -> None:
        recorder.start([ONE], SOURCES)
        recorder.record(ended(ONE, Fate.GONE))

    def second(recorder: Recorder) -> None:
        recorder.start([FEED], SOURCES)
        new = recorder.new_links([ONE, TWO])
        recorder.record(ended(FEED, links=new))

    run(tmp_path, script(first))
    stats = run(tmp_path, script(second))._crawler.stats.get_stats()
    assert (stats["url/discovered"], stats["url/known"]) == (2, 1)
    assert stats["fate/discovery"] == 1


# --- pipelines ------------------------------------------------------------------------------


def test_each_end_of_an_item_is_recorded(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def tell(recorder: Recorder) -> Iterable[Article]:
        recorder.start([ONE, TWO], SOURCES)
        yield article("one", capture=Shelved(1))
        yield article("two", capture=Shelved(2))

    caplog.set_level(logging.CRITICAL)  # Scrapy reports the defect on its own
    recorder = run(tmp_path, script(tell), ITEM_PIPELINES={RefusingPipeline: 1})
    assert recorder.verdict is not None
    assert recorder.verdict.tally.fates == {"off_topic": 1, "quarantined": 1}
    refused, stumbled = rows(tmp_path)
    assert (refused["fate"], refused["reason"], refused["title"]) == ("off_topic", "conflict 0.10", "Port")
    assert refused["text"] == "Le port de Marisol rouvre.\n\nLa digue a tenu."
    assert (stumbled["fate"], stumbled["reason"]) == ("quarantined", "pipeline failed: a defect of ours")
    assert (refused["offset"], stumbled["offset"]) == (1000, 2000)


# --- storage --------------------------------------------------------------------------------


def test_a_full_disk_stops_the_crawl_with_3(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def tell(recorder: Recorder) -> AsyncIterator[Article]:
        links = [link(str(number)) for number in range(10_000)]
        recorder.start(links, SOURCES)
        for number, each in enumerate(links):
            lost = Shelved(number, failure=FULL if number == 3 else None)
            recorder.record(replace(ended(each, Fate.GONE), capture=lost))
            await asyncio.sleep(0.001)
            yield article("unused")

    recorder = run(tmp_path, tell)
    assert exit_code(recorder) == STORAGE
    assert recorder._crawler.stats.get_value("finish_reason") == "storage_failed"
    with closing(Store.open("", tmp_path)) as store:
        assert sum(store.fates().values()) <= 3
        assert len(store.left_over(0)) >= 9_997
    assert recorder._crawler.stats.get_value("fate/gone") < 5_000
    [message] = [each.getMessage() for each in caplog.records if "Cannot store" in each.getMessage()]
    assert "No space left on device" in message
    assert "run the same command again" in message


def test_a_store_that_failed_is_not_asked_for_sums(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object) -> None:
        raise OperationalError("", None, Exception("server closed the connection"))

    def tell(recorder: Recorder) -> None:
        recorder.start([FEED], SOURCES)
        monkeypatch.setattr(Store, "commit", fail)
        monkeypatch.setattr(Store, "tally", fail)
        recorder.record(ended(FEED))

    assert exit_code(run(tmp_path, script(tell))) == STORAGE
    assert not any(record.exc_info for record in caplog.records)


def test_producers_wait_while_the_committer_has_more_than_enough_to_do(tmp_path: Path) -> None:
    async def tell(recorder: Recorder) -> AsyncIterator[Article]:
        listing = Link("https://marisol.example/", Kind.SECTION, FEED.evidence)
        recorder.start([listing], SOURCES)
        for number in range(2 * HIGH_WATER):
            recorder.record(replace(ended(listing), capture=Shelved(number)))
        await recorder.room()
        assert not recorder._committer.is_full  # type: ignore[union-attr]
        yield article("unused")

    assert exit_code(run(tmp_path, tell)) == OK
