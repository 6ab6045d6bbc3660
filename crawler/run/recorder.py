"""The run's book-keeper: what was discovered, how each URL ended, and the exit code that follows."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from socket import gethostname
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector
from sqlalchemy.exc import DBAPIError
from twisted.python.failure import Failure

from crawler import __version__
from crawler.catalogue.pending_articles import CorpusIndex
from crawler.catalogue.redactions import redacted_keys
from crawler.catalogue.reviews import Ruling, rulings
from crawler.catalogue.store import ForeignFile, Store, Tally
from crawler.data_dir import REVISIONS, DataDir
from crawler.exit_codes import OK
from crawler.fates import Fate
from crawler.http.url_identity import url_key
from crawler.items import ASKED_ONCE, Article, Link, UrlKind
from crawler.outcome import Outcome
from crawler.refusal import Refused
from crawler.run.committer import Committer
from crawler.run.corpus import Corpus
from crawler.run.result import UNREACHED, RunResult, result_of_run

logger = logging.getLogger(__name__)

STORAGE_FAILED = "storage_failed"


class Recorder:
    """A Scrapy extension that accounts for every URL of a run.

    The run's row counts URLs as they come and go; the store counts fates and pending ones. That the two
    agree at the end is the proof that no URL was lost on the way.
    """

    def __init__(self, crawler: Crawler, store: Store, corpus: Corpus, place: str = "") -> None:
        self.store = store
        self.result: RunResult | None = None
        """How the run ended; None while it goes on."""
        self._corpus = corpus
        self._place = place
        self.index = CorpusIndex(store)
        self.faults: list[str] = []
        self._crawler = crawler
        self._stats: StatsCollector = crawler.stats
        self._redacted: set[bytes] = set()
        self._rulings: dict[bytes, Ruling] = {}
        self._run_id = 0
        self._committer: Committer | None = None
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        data_dir = DataDir.of(crawler.settings)
        place = blake2b(f"{gethostname()}:{data_dir.path.resolve()}".encode(), digest_size=8).hexdigest()
        store = Store.open(crawler.settings["STORE_URL"], data_dir.path)
        recorder = cls(crawler, store, Corpus(data_dir.corpus), place)
        crawler.signals.connect(recorder.spider_opened, signals.spider_opened)
        crawler.signals.connect(recorder.item_dropped, signals.item_dropped)
        crawler.signals.connect(recorder.item_error, signals.item_error)
        crawler.signals.connect(recorder.spider_closed, signals.spider_closed)
        return recorder

    # --- what spiders and pipelines tell ------------------------------------------------------
    @property
    def run_id(self) -> int:
        """The id of the run's row."""
        return self._run_id

    @property
    def has_failed(self) -> bool:
        """Whether the run ends because something cannot be stored."""
        return self._closing is not None

    @property
    def is_idle(self) -> bool:
        """Whether all that was recorded is committed."""
        return self._committer is None or self._committer.is_idle

    def is_redacted(self, link: Link) -> bool:
        """Whether a link leads to what was taken down; what lists articles has other content each day."""
        return link.kind in ASKED_ONCE and self.is_taken_down(link.url)

    def is_taken_down(self, url: str) -> bool:
        """Whether a page was taken down, by any spelling of its URL."""
        return bool(self._redacted) and url_key(url) in self._redacted

    def ruling_on(self, url: str) -> Ruling | None:
        """What a person decided about a page, if one did."""
        return self._rulings.get(url_key(url)) if self._rulings else None

    async def start(self, links: Sequence[Link], only_new: bool = False) -> None:
        """Queue the URLs with which a run begins, unless `only_new` whatever became of them in earlier ones."""
        await asyncio.to_thread(self.store.enter, self._run_id, links, not only_new, only_new)

    async def last_end(self) -> datetime | None:
        """When the last crawl of this place came to its end: the pages before are known."""
        ended = await asyncio.to_thread(self.store.last_end, self._run_id)
        return datetime.fromisoformat(ended) if ended else None

    async def adopt(self, url: str) -> bool:
        """Take on a URL that waits, if it does: what came of it is known already."""
        return await asyncio.to_thread(self.store.adopt, self._run_id, url)

    def record(self, outcome: Outcome) -> None:
        """Note how a URL ended; it is committed soon, in the order of these calls."""
        assert self._committer is not None, "the run has not begun"
        is_end = outcome.retry_in_s is None
        self._stats.inc_value(f"{'fate' if is_end else 'tried_again_later'}/{outcome.fate}")
        self._committer.put(outcome)

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
            )
        )

    def report(self, sentence: str) -> None:
        """Note a fault of the input that lost nothing else, but that the exit code must show."""
        self.faults.append(sentence)
        logger.error("%s", sentence)

    def note_foreign_file(self, file: ForeignFile) -> None:
        """Remember an archive whose records this run reads where they lie."""
        self.store.note_foreign_file(self._run_id, file)

    def note_manifest_head(self, lines: int, sha256: str) -> None:
        """Remember where the archive's manifest ended after this run, also when the run is over."""
        self.store.note_manifest_head(self._run_id, lines, sha256)

    async def room(self) -> None:
        """Wait while the committer has more than enough to do."""
        while self._committer is not None and self._committer.is_full and not self.has_failed:
            await asyncio.sleep(0.02)

    # --- what Scrapy tells --------------------------------------------------------------------
    def spider_opened(self, spider: Spider) -> None:
        arguments: dict[str, str] = getattr(spider, "arguments", {})
        try:
            self._begin_run(spider, arguments)
        except (OSError, DBAPIError) as error:
            self.stop(error)

    def _begin_run(self, spider: Spider, arguments: dict[str, str]) -> None:
        leased = getattr(spider, "leases_urls", False)
        self._run_id = self.store.begin_run(spider.name, arguments, f"frontwire/{__version__}", self._place)
        self._redacted = redacted_keys(self.store)
        self._rulings = rulings(self.store)
        if strays := self._corpus.retire_strays(self.store.files_of):
            logger.warning("Moved %s seed files without a row to %s: a run was killed.", strays, REVISIONS)
        loop = asyncio.get_running_loop()

        def stop(error: Exception) -> None:
            loop.call_soon_threadsafe(self.stop, error)

        self._committer = Committer(
            self.store, self._corpus, self._run_id, stop, leased, on_commit=self.index.settle
        )

    def item_dropped(self, exception: Exception) -> None:
        if isinstance(exception, Refused):
            self.record_article(exception.article, exception.fate, exception.reason)

    def item_error(self, item: object, failure: Failure) -> None:
        # A defect of ours must not lose the page: it is archived, and `rederive` can try it again.
        if isinstance(item, Article):
            self.record_article(item, Fate.QUARANTINED, f"pipeline failed: {failure.getErrorMessage()}")

    async def spider_closed(self, reason: str) -> None:
        if self._committer is not None:
            await asyncio.to_thread(self._committer.close)
        self.result = self._end_run(reason)
        self.store.close()
        level = logging.INFO if self.result.exit_code == OK else logging.ERROR
        logger.log(level, "%s", self.result.sentence)

    def _end_run(self, reason: str) -> RunResult:
        if self._committer is not None and self._committer.failure is None:
            try:
                self.store.give_back(self._run_id)
                tally = self.store.tally(self._run_id)
                images = self.store.image_fates(self._run_id)
                cause = self.store.most_frequent_reason(self._run_id, UNREACHED - {Fate.REDIRECTED})
                result = result_of_run(reason, tally, self.faults, images, cause)
                self.store.end_run(self._run_id, reason, result.exit_code)
                return result
            except (OSError, DBAPIError) as error:
                _say_failed(error)
        # A store that failed may not answer either; its sums would say nothing.
        return result_of_run(STORAGE_FAILED, Tally(0, {}, 0), self.faults)

    def stop(self, error: Exception) -> None:
        """End the crawl, for what it gathers cannot be stored."""
        if self._closing is not None:
            return
        _say_failed(error)
        close = self._crawler.engine.close_spider_async(reason=STORAGE_FAILED)
        self._closing = asyncio.ensure_future(close)  # kept: asyncio itself holds tasks only weakly


def _say_failed(error: Exception) -> None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    is_held = "locked" in str(cause)  # SQLite's word
    logger.error(
        "Cannot store what was gathered: %s. Crawl stopped. "
        "%s and run the same command again; it continues where it stopped.",
        cause,
        "Close the program that holds the catalogue" if is_held else "Free space or repair the disk",
    )


def recorder_of(crawler: Crawler) -> Recorder:
    """The recorder of a running crawl."""
    recorder = crawler.get_extension(Recorder)
    assert recorder is not None, "EXTENSIONS must hold crawler.run.recorder.Recorder"
    return recorder
