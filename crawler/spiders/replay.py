"""`scrapy crawl replay`: records of WARC and WACZ files in, articles out, no network."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import ClassVar

from archive.reader import ArchivedCapture, ArchiveUnreadable, CaptureReader, expand_paths
from crawler.fates import Fate
from crawler.items import Article, Evidence, Kind, Link, RawPage
from crawler.spiders.pages import PageSpider, SpiderArgumentError
from crawler.store.outcome import Outcome
from crawler.web import fate_of_status, is_html

_EVIDENCE = ("source", "how", "via", "zone", "language", "title", "published", "modified")
"""Fields of our metadata records that extraction may use."""

_TRUNCATED = {"length": Fate.TOO_LARGE, "time": Fate.TIMEOUT}


class ReplaySpider(PageSpider):
    """The same workers and pipelines as in a crawl, fed from archives in record order."""

    name = "replay"
    origin: ClassVar[str] = "replay"
    arguments_help: ClassVar[dict[str, str]] = {
        "path": "a WARC or WACZ file, a folder of them, or a glob pattern",
        "seeds": "folder of the seed documents",
    }

    def __init__(self, **arguments: str) -> None:
        super().__init__(**arguments)
        self.paths = select_paths(arguments)

    async def start(self) -> AsyncIterator[Article]:
        ahead = 4 * self.crawler.settings.getint("EXTRACTION_WORKERS")  # keeps every worker busy
        running: deque[tuple[ArchivedCapture, asyncio.Task[Article | Outcome]]] = deque()
        captures = self._captures()
        while True:
            await self.recorder.room()
            capture = await asyncio.to_thread(next, captures, None)
            if capture is not None:
                self._begin(capture, running)
            while running and (capture is None or len(running) > ahead):
                async for article in self._release(*running.popleft()):
                    yield article
            if capture is None:
                break

    def _captures(self) -> Iterator[ArchivedCapture]:
        home = Path(self.crawler.settings["DATA_DIR"]) / "collections" / "news" / "archive"
        with CaptureReader(self.paths, self.recorder.report, home) as reader:
            for path in self.paths:
                try:
                    yield from reader.read(path)
                except ArchiveUnreadable as error:
                    self.recorder.report(str(error))

    def _begin(
        self,
        capture: ArchivedCapture,
        running: deque[tuple[ArchivedCapture, asyncio.Task[Article | Outcome]]],
    ) -> None:
        link = link_of(capture)
        if link is None:
            return
        self.recorder.new_links([link], again=True)
        if fate := _fate_without_page(capture, link.kind):
            self.recorder.record(
                Outcome(url=link.url, kind=link.kind, fate=fate, evidence=link.evidence, capture=capture)
            )
            return
        raw = RawPage(link.url, capture.body, capture.headers, capture.captured, link.evidence)
        self.sequence.expect(capture.serial)
        running.append((capture, asyncio.create_task(self.extract(raw, capture))))

    async def _release(
        self, capture: ArchivedCapture, task: asyncio.Task[Article | Outcome]
    ) -> AsyncIterator[Article]:
        async for article in self.release_in_order(await task, capture):
            yield article


def select_paths(arguments: dict[str, str]) -> list[Path]:
    """The files that `-a path=` names."""
    if not arguments.get("path"):
        raise SpiderArgumentError("Name the archive to replay: scrapy crawl replay -a path=FILE.")
    try:
        return expand_paths(arguments["path"])
    except ArchiveUnreadable as error:
        raise SpiderArgumentError(str(error)) from None


def link_of(capture: ArchivedCapture) -> Link | None:
    """What a record was fetched as; None for robots.txt and for what is no GET."""
    kind = capture.metadata.get("kind", Kind.ARTICLE)
    if kind == "robots" or capture.method != "GET":
        return None
    known = {name: capture.metadata[name] for name in _EVIDENCE if name in capture.metadata}
    return Link(capture.url, Kind(kind), Evidence(**({"how": "archive"} | known)))


def _fate_without_page(capture: ArchivedCapture, kind: Kind) -> Fate | None:
    if capture.truncated:
        return _TRUNCATED.get(capture.truncated, Fate.NETWORK_ERROR)
    if fate := fate_of_status(capture.status):
        return fate
    if kind is not Kind.ARTICLE:
        return Fate.DISCOVERY
    return None if is_html(capture.headers) else Fate.NOT_HTML
