"""The Scrapy extension that begins a run, records how each of its URLs ends, and ends it with an exit code."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector
from sqlalchemy.exc import DBAPIError
from twisted.python.failure import Failure

from crawler import __version__
from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import article_of_file
from crawler.catalogue.failed_sources import failed_sources
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.pending_articles import PendingArticles
from crawler.catalogue.places import EVERYWHERE, enter_place, place_of
from crawler.catalogue.runs import begin_run, end_leases, end_run
from crawler.catalogue.stored_parts import WAITING
from crawler.catalogue.stories import with_stories
from crawler.catalogue.tallies import Tally, most_frequent_reason, requisite_fates, tally_of
from crawler.data_dir import REVISIONS, DataDir
from crawler.database.catalogue import Catalogue, catalogue_of
from crawler.fates import Fate
from crawler.http.reasons import DEFECT
from crawler.items import Article, UrlKind
from crawler.outcome import Outcome
from crawler.refusal import Refused
from crawler.run.article_feeds import ArticleFeeds
from crawler.run.closing_line import closing_line
from crawler.run.committer import Committer
from crawler.run.corpus import Corpus
from crawler.run.current_run import CurrentRun
from crawler.run.past_decisions import PastDecisions
from crawler.run.result import UNREACHED, RunResult, result_of_run
from crawler.run.storage_failure import report_storage_failure
from crawler.run.strays import find_strays, put_away

logger = logging.getLogger(__name__)

STORAGE_FAILED = "storage_failed"


class Recorder:
    """Accounts for every URL of a run.

    The run's row counts URLs as they come and go; the catalogue counts fates and pending ones. That the two
    agree at the end is the proof that no URL was lost on the way.
    """

    def __init__(self, crawler: Crawler, catalogue: Catalogue, data_dir: DataDir) -> None:
        self.catalogue = catalogue
        self.pending = PendingArticles(catalogue)
        self.decisions = PastDecisions()
        self.faults: list[str] = []
        self.place = EVERYWHERE
        """The place whose records this run writes or reads."""
        self.records = ""
        """How the records of archives ended, if the run reads some."""
        self.result: RunResult | None = None
        """How the run ended; None while it goes on."""
        self.closing_line = ""
        """What is to be said of the run after everything else."""
        self._crawler = crawler
        self._stats: StatsCollector = crawler.stats
        self._data_dir, self._corpus = data_dir, Corpus(data_dir.corpus)
        self._run: CurrentRun | None = None
        self._committer: Committer | None = None
        self._closing: asyncio.Future[None] | None = None
        self._owed: set[str] = set()
        self._feeds: ArticleFeeds | None = None
        self._listeners: list[Callable[[Outcome], None]] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        recorder = cls(crawler, catalogue_of(crawler), DataDir.of(crawler.settings))
        crawler.signals.connect(recorder.spider_opened, signals.spider_opened)
        crawler.signals.connect(recorder.item_dropped, signals.item_dropped)
        crawler.signals.connect(recorder.item_error, signals.item_error)
        crawler.signals.connect(recorder.spider_closed, signals.spider_closed)
        return recorder

    # --- for spiders, scheduler and pipelines ---------------------------------------------------
    @property
    def run(self) -> CurrentRun:
        """The run, once the spider is open."""
        assert self._run is not None, "the run has not begun"
        return self._run

    @property
    def has_begun(self) -> bool:
        """Whether the run has its row."""
        return self._run is not None

    @property
    def run_id(self) -> int:
        """The id of the run's row."""
        return self.run.id

    @property
    def has_failed(self) -> bool:
        """Whether the run ends because something cannot be stored."""
        return self._closing is not None

    @property
    def is_idle(self) -> bool:
        """Whether all that was recorded is committed."""
        return self._committer is None or self._committer.is_idle

    def listen(self, listener: Callable[[Outcome], None]) -> None:
        """Have a function called for each outcome that is recorded from now on."""
        self._listeners.append(listener)

    def expect(self, url: str) -> None:
        """Remember that the run has to record how a URL ends."""
        self._owed.add(url)

    def is_owed(self, url: str) -> bool:
        """Whether the end of a URL was expected, and is not recorded yet."""
        return url in self._owed

    def record(self, outcome: Outcome) -> None:
        """Note how a URL ended; it is committed soon, in the order of these calls."""
        assert self._committer is not None, "the run has not begun"
        self._stats.inc_value(f"{'fate' if outcome.is_end else 'tried_again_later'}/{outcome.fate}")
        self._committer.put(outcome)
        self._owed.discard(outcome.url)
        for listener in self._listeners:
            listener(outcome)

    def record_article(self, article: Article, fate: Fate, reason: str = "") -> None:
        """Note how an extracted page ended."""
        self.record(
            Outcome(
                url=article.url,
                kind=UrlKind.ARTICLE,
                fate=fate,
                evidence=article.evidence,
                reason=reason,
                capture=article.capture,
                article=article,
                validators=article.validators,
                links=article.requisites,
                # What another data directory has of the article is of no use here.
                again=fate in WAITING and self.catalogue.is_shared,
            )
        )

    def report(self, sentence: str) -> None:
        """Note a fault of the input that lost nothing else, but that the exit code must show."""
        self.faults.append(sentence)
        logger.error("%s", sentence)

    async def room(self) -> None:
        """Wait while the committer has more than enough to do."""
        while self._committer is not None and self._committer.is_full and not self.has_failed:
            await asyncio.sleep(0.02)

    async def settled(self) -> None:
        """Wait until all that was recorded so far is committed, or the run has failed."""
        assert self._committer is not None, "the run has not begun"
        put = self._committer.has_put
        while self._committer.has_done < put and not self.has_failed:
            await asyncio.sleep(0.01)

    def stop(self, error: Exception) -> None:
        """End the crawl, because what it gathers cannot be stored."""
        if self._closing is not None:
            return
        report_storage_failure(error)
        close = self._crawler.engine.close_spider_async(reason=STORAGE_FAILED)
        self._closing = asyncio.ensure_future(close)  # kept: asyncio itself holds tasks only weakly

    # --- Scrapy's signals -----------------------------------------------------------------------
    def spider_opened(self, spider: Spider) -> None:
        try:
            self._begin_run(spider)
        except (OSError, DBAPIError) as error:
            self.stop(error)

    def item_dropped(self, exception: Exception) -> None:
        if isinstance(exception, Refused):
            self.record_article(exception.article, exception.fate, exception.reason)

    def item_error(self, item: object, failure: Failure) -> None:
        # A defect of ours must not lose the page: it is archived, and `rederive` can try it again.
        if isinstance(item, Article):
            self.record_article(item, Fate.QUARANTINED, DEFECT)

    async def spider_closed(self, reason: str) -> None:
        if self._committer is not None:
            await asyncio.to_thread(self._committer.close)
        if self._feeds is not None:
            assert self._crawler.spider is not None
            await self._feeds.close_spider(self._crawler.spider)
        # What was stored last may have been refused when the run was ending already.
        self.result = self._end_run(STORAGE_FAILED if self.has_failed else reason)
        self.catalogue.close()

    def _begin_run(self, spider: Spider) -> None:
        arguments: dict[str, str] = getattr(spider, "arguments", {})
        software = f"frontwire/{__version__}"
        place = enter_place(self.catalogue, self._data_dir)
        self.place = place_of(self.catalogue, self._data_dir)
        run_id = begin_run(self.catalogue, spider.name, arguments, software, place)
        self._run = CurrentRun(self.catalogue, run_id)
        self.decisions = PastDecisions.read(self.catalogue)
        self._tidy_corpus()
        self._feeds = self._crawler.get_extension(ArticleFeeds)
        if self._feeds is not None:
            self._feeds.open_spider(spider)
        leased = getattr(spider, "leases_urls", False)
        commit = getattr(spider, "commit", partial(commit_outcomes, self.catalogue, run_id, leased=leased))
        loop = asyncio.get_running_loop()
        self._committer = Committer(
            commit,
            self._corpus,
            on_failure=lambda error: loop.call_soon_threadsafe(self.stop, error),
            on_commit=partial(self._note_committed, loop, spider),
        )

    def _note_committed(
        self, loop: asyncio.AbstractEventLoop, spider: Spider, articles: Sequence[Article]
    ) -> None:
        """Learn in the committer's thread what is durable."""
        self.pending.settle(articles)
        if self._feeds is not None:
            files = [article.file for article in articles if article.file is not None]
            found = [row for file in files if (row := article_of_file(self.catalogue, file))]
            rows = list(with_stories(self.catalogue, found))
            with suppress(RuntimeError):  # the reactor was stopped by a second signal
                loop.call_soon_threadsafe(self._feed, rows, spider)

    def _feed(self, rows: Sequence[ArticleRow], spider: Spider) -> None:
        try:
            assert self._feeds is not None
            self._feeds.take(rows, spider)
        except OSError as error:
            self.stop(error)

    def _tidy_corpus(self) -> None:
        strays = find_strays(self._corpus, self.catalogue, place_of(self.catalogue, self._data_dir))
        put_away(self._corpus, strays)
        if strays.unknown:
            count = len(strays.unknown)
            logger.warning("Moved %s seed files without a row to %s: a run was killed.", count, REVISIONS)
        if strays.taken_down:
            logger.info("Removed %s seed files of pages that were taken down.", len(strays.taken_down))

    def _end_run(self, reason: str) -> RunResult:
        if self._committer is not None and self._committer.failure is None:
            try:
                return self._sum_up_and_end(reason)
            except (OSError, DBAPIError) as error:
                report_storage_failure(error)
        # A catalogue that failed may not answer either; its sums would say nothing.
        result = result_of_run(STORAGE_FAILED, Tally(0, {}, 0), self.faults)
        self.closing_line = result.sentence
        return result

    def _sum_up_and_end(self, reason: str) -> RunResult:
        end_leases(self.catalogue, self.run_id)
        tally = tally_of(self.catalogue, self.run_id)
        requisites = requisite_fates(self.catalogue, self.run_id)
        cause = most_frequent_reason(self.catalogue, self.run_id, UNREACHED - {Fate.REDIRECTED})
        result = result_of_run(reason, tally, self.faults, requisites, cause, self.records)
        end_run(self.catalogue, self.run_id, reason, result.exit_code)
        failed = failed_sources(self.catalogue, self.run_id)
        self.closing_line = closing_line(result, self._data_dir.corpus, failed)
        return result


def recorder_of(crawler: Crawler) -> Recorder:
    """The recorder of a running crawl."""
    recorder = crawler.get_extension(Recorder)
    assert recorder is not None, "EXTENSIONS must hold crawler.run.recorder.Recorder"
    return recorder
