"""`scrapy crawl replay`: records of WARC and WACZ files in, articles out, no network."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from archive.capture.extension import ArchiveExtension
from archive.errors import ArchiveUnreadable
from archive.objects.whereabouts import full_path, text_of
from archive.packaging.package_check import check_package
from archive.replay.accounts import READ, RecordAccount
from archive.replay.captures import ArchivedCapture
from archive.replay.input_paths import left_out
from archive.warc.files import locate
from crawler.catalogue.foreign_files import ForeignFile
from crawler.cluster.errors import ClusterFailed
from crawler.data_dir import DataDir
from crawler.frontier.url_rows import has_ended
from crawler.http.url_identity import url_key
from crawler.items import Article, Link, Origin, RawPage
from crawler.outcome import Outcome
from crawler.reading.archived_links import link_of, passed_over
from crawler.reading.executors import Captures, Executor, LocalExecutor
from crawler.relevance import TopicProfile
from crawler.run.judged_pages import extract_if_related
from crawler.spiders.arguments import is_yes, select_paths, select_scheduler
from crawler.spiders.base import PageSpider
from crawler.spiders.read_share import ReadShare
from crawler.spiders.replay_accounts import KNOWN, TAKEN_DOWN, ReplayAccounts

logger = logging.getLogger(__name__)

MOST_UNCOMMITTED = 50_000
"""So many pages are read before the replay waits for the catalogue."""

Running = asyncio.Task[Article | Outcome]


def _is_of_news_crawl(capture: ArchivedCapture) -> bool:
    return capture.metadata.get("origin") == Origin.CC_NEWS


class ReplaySpider(PageSpider):
    """The same workers and pipelines as in a crawl, fed from archives in record order."""

    name = "replay"
    origin: ClassVar[Origin] = Origin.REPLAY
    arguments_help: ClassVar[dict[str, str]] = {
        "path": "a WARC or WACZ file, a folder, a glob pattern or a list (*.paths.gz) of them; s3://BUCKET/… too",
        "base": "of a list of archives (warc.paths.gz): the folder of its paths, or s3://BUCKET/…",
        "seeds": "folder of the seed documents",
        "executor": "local (default): workers of this machine; dask: those of a cluster",
        "scheduler": "address of the Dask scheduler: tcp://HOST:PORT or tls://HOST:PORT",
        "import": "1: copy the records of foreign archives into ours, and derive the articles from there",
    }

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        self.paths = select_paths(arguments)
        self._imports = is_yes(arguments, "import")
        self._scheduler = select_scheduler(arguments)
        self._running: deque[tuple[ArchivedCapture, Link, Running]] = deque()
        self._uncommitted: set[bytes] = set()
        """Keys of pages whose end the catalogue may not know yet."""

    def opened(self) -> None:
        super().opened()
        self.executor = self._executor()

    def _executor(self) -> Executor:
        if self._scheduler is None:
            return LocalExecutor(self)
        from crawler.cluster.dask_executor import DaskExecutor  # few replays need it

        judged = self.recorder.decisions.reviewed
        return DaskExecutor(self._scheduler, self.crawler.settings, self, self.recorder.catalogue, judged)

    def closed_down(self) -> None:
        for *_, task in self._running:
            task.cancel()
        self.executor.close()
        super().closed_down()

    async def articles(self) -> AsyncIterator[Article]:
        ahead = 4 * self.crawler.settings.getint("EXTRACTION_WORKERS")  # keeps every worker busy
        captures = self._captures()
        while not self.recorder.has_failed:
            found = await asyncio.to_thread(next, captures, None)
            if found is None or self.stops_before(found[0]):
                async for article in self._released(0):
                    yield article
                await self.come_to(found and found[0])
            if found is None:
                await asyncio.to_thread(self.executor.note_done, self.recorder.run_id)
                break
            if await self._is_known(*found):
                continue
            self._begin(*found)
            async for article in self._released(ahead):
                yield article
            await self.recorder.room()

    def stops_before(self, capture: ArchivedCapture) -> bool:
        """Whether all that comes before a capture must be released before it."""
        if len(self._uncommitted) >= MOST_UNCOMMITTED:
            return True
        return _is_of_news_crawl(capture) and url_key(capture.url) in self._uncommitted

    async def come_to(self, capture: ArchivedCapture | None) -> None:
        """Do what comes before a capture at which the replay stopped, or after the last one."""
        while not (self.recorder.is_idle or self.recorder.has_failed):
            await asyncio.sleep(0.02)
        self._uncommitted.clear()

    @property
    def ended_in(self) -> int | None:
        """The run whose ends count: what an earlier replay read is read again."""
        return self.recorder.run.id

    async def _is_known(self, capture: ArchivedCapture, account: RecordAccount) -> bool:
        """Whether a record is passed over because its page had ended when a news crawl's file came into the archive."""
        link = link_of(capture) if _is_of_news_crawl(capture) else None
        if link is None:
            return False
        if not await asyncio.to_thread(has_ended, self.recorder.catalogue, link, self.ended_in):
            return False
        account.note(KNOWN)
        return True

    async def _released(self, left: int) -> AsyncIterator[Article]:
        """The articles of what is running, up to a number of captures that go on running."""
        while len(self._running) > left:
            async for article in self._release(*self._running.popleft()):
                yield article

    def _captures(self) -> Iterator[tuple[ArchivedCapture, RecordAccount]]:
        """The captures of all archives, each with the account of its archive, where its end is to be counted."""
        home = DataDir.of(self.crawler.settings).archive
        self._recover()
        self._tell_left_out()
        accounts = ReplayAccounts(self.crawler, self.recorder)
        paths = self.executor.due(self.paths)
        try:
            with self.executor.open(self.paths, self.recorder.report, home) as reader:
                yield from self.captures_of(paths, reader, accounts.close, home)
        except ClusterFailed as failure:
            self.recorder.report(str(failure))
            return
        accounts.sum_up()

    def captures_of(
        self,
        paths: Sequence[Path],
        reader: Captures,
        close: Callable[[Path, RecordAccount], None],
        home: Path,
    ) -> Iterator[tuple[ArchivedCapture, RecordAccount]]:
        """The captures of some archives, one after the other, then `close`; `home` is the folder of our own."""
        share = ReadShare(paths)
        for path in paths:
            self.share_read = share.next_file()
            account = RecordAccount()
            try:
                self._check(path)
                for place in self._places(path, home):
                    for capture in reader.read(place, account):
                        self.share_read = share.at(capture.location.offset)
                        yield capture, account
            except ArchiveUnreadable as error:
                self.recorder.report(str(error))
            close(path, account)

    def _recover(self) -> None:
        """Let the archive put in order what a killed run left: it may be part of what is read."""
        archive = self.crawler.get_extension(ArchiveExtension)
        if archive is not None:
            archive.writer.wait_recovered()
            self.paths = select_paths(self.arguments)

    def _check(self, path: Path) -> None:
        """Tell where a package is not what it says of itself."""
        checked = check_package(path)
        for sentence in checked.faults:
            self.recorder.report(sentence)
        for sentence in checked.notes:
            logger.info("%s", sentence)

    def _tell_left_out(self) -> None:
        """Report which files of a folder are no archives."""
        others = left_out(self.arguments["path"])
        if others:
            names = ", ".join(path.name for path in others[:5])
            more = ", …" if len(others) > 5 else ""
            logger.info("Left out %s files that are no archives: %s%s.", len(others), names, more)

    def _places(self, path: Path, home: Path) -> list[Path]:
        """Where the records of an archive are read: in copies of ours, or in place."""
        if self._imports:
            archive = self.crawler.get_extension(ArchiveExtension)
            assert archive is not None, "only REPLAY_FROM switches it off, and this spider sends no request"
            in_manifest = set(map(url_key, archive.collection.redacted_urls))
            return archive.bring_in(
                path,
                self.recorder.report,
                lambda url: url_key(url) in in_manifest or self.recorder.decisions.is_taken_down(url),
            )
        path = full_path(path)
        if path.parent != home.absolute():
            file = locate(path)
            self.recorder.run.note_foreign_file(ForeignFile(text_of(path), file.size, file.sha256()))
        return [path]

    async def replay(self, capture: ArchivedCapture, link: Link) -> Article | Outcome:
        """What came of an archived exchange."""
        return await self.executor.replay(capture, link)

    def extraction_of(self, link: Link) -> Callable[[RawPage, TopicProfile], Article]:
        """With REPLAY_PREFILTER a page is read unless its beginning rules it out; one that people judged always is."""
        is_open = self.recorder.decisions.decision_on(link.url) is None
        return extract_if_related if self._is_filtering and is_open else super().extraction_of(link)

    @cached_property
    def _is_filtering(self) -> bool:
        return self.crawler.settings.getbool("REPLAY_PREFILTER")

    def _begin(self, capture: ArchivedCapture, account: RecordAccount) -> None:
        link = link_of(capture)
        if link is None:
            account.note(passed_over(capture))
        elif self.recorder.decisions.is_redacted(link):
            account.note(TAKEN_DOWN)
        else:
            account.note(f"truncated ({capture.truncated})" if capture.truncated else READ)
            self.order.expect(capture.serial)
            self._uncommitted.add(url_key(link.url))
            self._running.append((capture, link, asyncio.create_task(self.replay(capture, link))))

    async def _release(self, capture: ArchivedCapture, link: Link, task: Running) -> AsyncIterator[Article]:
        with self.handling(link, capture):
            async for article in self.release(await task, capture):
                yield article
