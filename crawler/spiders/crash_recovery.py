"""Answers that a killed run had archived but not made known: they are read from the archive, not fetched again."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

from archive.capture.extension import ArchiveExtension
from archive.errors import ArchiveUnreadable
from archive.replay.captures import ArchivedCapture, CaptureReader
from crawler.catalogue.runs import LOOKING
from crawler.fates import Fate
from crawler.http.answers import outcome_of_capture
from crawler.items import REQUISITES, SPIDER, Link, UrlKind
from crawler.reading.archived_links import link_of
from crawler.run.recorder import Recorder

_FOR_GOOD = frozenset({Fate.GONE, Fate.REDIRECTED})


class CrashRecovery:
    """Finds the pages that the archive holds and the catalogue does not know."""

    def __init__(self, archive: ArchiveExtension, recorder: Recorder) -> None:
        self._archive = archive
        self._recorder = recorder

    async def pages(self) -> AsyncIterator[tuple[ArchivedCapture, Link]]:
        """Each with the link that led to it; its URL is leased to this run."""
        await asyncio.to_thread(self._archive.writer.wait_recovered)
        collection = self._archive.collection
        captures = read_pages(collection.archive, collection.names_since(await self._recorder.run.last_end()))
        while (capture := await asyncio.to_thread(next, captures, None)) is not None:
            link = link_of(capture)
            if link is not None and await self._recorder.run.claim(link.url):
                yield capture, link


def read_pages(archive: Path, names: Sequence[str]) -> Iterator[ArchivedCapture]:
    """The whole pages in some files of the archive's folder, and what ended without one for good.

    What is damaged is fetched again instead, and what failed in a way that may pass.
    """
    paths = [archive / name for name in names]
    with CaptureReader(paths, lambda _: None, archive) as reader:
        for path in paths:
            try:
                yield from (capture for capture in reader.read(path) if _is_final(capture))
            except ArchiveUnreadable:
                continue


def _is_final(capture: ArchivedCapture) -> bool:
    """Whether another request would be answered alike: with a page, or that there is none."""
    if (
        "kind" not in capture.metadata
    ):  # killed before its notes were written: a sitemap would pass for a page
        return False
    link = link_of(capture)
    if link is None or link.kind in REQUISITES or capture.metadata.get(SPIDER) in LOOKING:
        return False
    outcome = outcome_of_capture(capture, link)
    if outcome is None:
        return True
    # Of a feed that is gone a crawl reads the front page too: it is asked for again.
    return outcome.fate in _FOR_GOOD and link.kind not in (UrlKind.FEED, UrlKind.LISTING)
