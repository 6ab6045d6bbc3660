"""Every URL of a run is accounted for, and the exit code follows from the sums."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from crawler.catalogue.tallies import Tally, tally_of
from crawler.data_dir import REVISIONS
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.exit_codes import FAILED, OK
from crawler.fates import Fate
from crawler.frontier.leases import Leases
from crawler.http.reasons import DEFECT
from crawler.items import Article, Evidence, Link, UrlKind
from crawler.refusal import Refused
from crawler.run.corpus import Corpus
from crawler.run.recorder import Recorder
from tests.support.outcomes import FEED, Shelved, article, ended, filed, link
from tests.support.scripted_runs import exit_code, rows, run, script

ONE, TWO, THREE = link("one"), link("two"), link("three")


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
    with closing(Catalogue.open("", tmp_path)) as catalogue, catalogue.read() as connection:
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


def test_a_url_that_got_lost_fails_the_run(tmp_path: Path) -> None:
    def tell(recorder: Recorder) -> None:
        with recorder.catalogue.engine.begin() as connection:
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
    assert [row.fate for row in rows(tmp_path)] == ["saved", "unchanged"]


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
    leases = Leases(recorder.catalogue, recorder.run_id, {"marisol"})
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
        await recorder.run.start([FEED])
        assert waiting(recorder) == [FEED, THREE]
        recorder.record(ended(FEED, links=(ONE, TWO, THREE)))
        while not recorder.is_idle:
            await asyncio.sleep(0.01)
        leases = Leases(recorder.catalogue, recorder.run_id, {"marisol"})
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
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        assert tally_of(catalogue, 1).pending == 1  # tarn's stays with the run that found it


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
    assert (refused.fate, refused.reason, refused.title) == ("off_topic", "conflict 0.10", "Port")
    assert refused.text == "Le port de Marisol rouvre.\n\nLa digue a tenu."
    assert (stumbled.fate, stumbled.reason) == ("quarantined", DEFECT)
    assert (refused.offset, stumbled.offset) == (1000, 2000)
