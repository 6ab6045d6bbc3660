"""Reads WARC files of others piece by piece: what is of the chosen publishers becomes a file of our archive.

Nothing of a file is in memory but one piece, and nothing on disk but what is kept: in `DataDir.pieces` until the file
is read, then in the archive. How far a file was read is in its row of the frontier, committed with the piece: from
there the next run goes on after a kill.
"""

import asyncio
import logging
import os
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from archive.capture.extension import ArchiveExtension
from archive.replay.captures import ArchivedCapture, CaptureReader
from crawler.data_dir import DataDir
from crawler.fates import Fate
from crawler.frontier.politeness import Retry
from crawler.http.answers import Answer, outcome_of_capture, outcome_of_status
from crawler.http.decoding import ContentError
from crawler.http.url_identity import url_key
from crawler.items import Article, Link, RawPage
from crawler.outcome import Outcome
from crawler.past.cc_news import MOST_BYTES, Progress
from crawler.past.warc_pieces import Piece, filter_piece
from crawler.reading.archived_links import link_of
from crawler.run.workers import Quarantined
from crawler.spiders.base import PageSpider

logger = logging.getLogger(__name__)

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)", re.ASCII)
_ALLOWANCE_BYTES = 64 * 1024


def range_of(link: Link) -> dict[str, str]:
    """The header field that asks for the next piece of a file (RFC 9110, 14.2)."""
    progress = Progress.read(link.evidence.read_to)
    return {
        "Range": f"bytes={progress.offset}-{progress.offset + progress.size - 1}",
        "Accept-Encoding": "identity",
    }


def most_bytes(link: Link) -> int:
    """How long an answer with the next piece may be."""
    return Progress.read(link.evidence.read_to).size + _ALLOWANCE_BYTES


def is_last_piece(status: int, headers: Mapping[str, str], progress: Progress) -> bool | None:
    """Whether an answer holds the end of its file; None if it holds no piece that was asked for."""
    if status == 200 and not progress.offset:
        return True
    found = _RANGE.fullmatch(headers.get("content-range", ""))
    if status != 206 or found is None or int(found[1]) != progress.offset:
        return None
    return int(found[2]) + 1 >= int(found[3])


class KeptRecords:
    """The file of what was kept of a file so far."""

    def __init__(self, folder: Path, url: str) -> None:
        self.path = folder / url.rpartition("/")[2]

    def has(self, size: int) -> bool:
        """Whether so many bytes are there."""
        return size == 0 or (self.path.exists() and self.path.stat().st_size >= size)

    def append(self, size: int, more: bytes) -> None:
        """Make a piece durable behind the first `size` bytes; OSError if the disk refuses."""
        self.path.parent.mkdir(exist_ok=True)
        self.path.touch()
        with self.path.open("r+b") as file:
            file.truncate(size)
            file.seek(size)
            file.write(more)
            file.flush()
            os.fsync(file.fileno())

    def remove(self) -> None:
        """Take the file away."""
        self.path.unlink(missing_ok=True)


class WarcStream:
    """Takes the pieces of files for one spider."""

    def __init__(self, spider: PageSpider, data_dir: DataDir) -> None:
        self._spider, self._data_dir = spider, data_dir

    async def take(
        self, status: int, headers: Mapping[str, str], body: bytes, link: Link, retry: Retry
    ) -> AsyncIterator[Article]:
        """Account for an answer with a piece of a file, and after the last one give the articles in what was kept."""
        progress = Progress.read(link.evidence.read_to)
        kept = KeptRecords(self._data_dir.pieces, link.url)
        is_last = is_last_piece(status, headers, progress)
        if is_last is None:
            self._record(replace(outcome_of_status(status, link), retry_in_s=retry.in_s))
            return
        if not await asyncio.to_thread(kept.has, progress.kept):
            lost = Outcome.of(
                link, Fate.PARTLY_READ, f"{kept.path} is not as it was left: the file is read anew"
            )
            self._record(_going_on(lost, Progress(size=progress.size)))
            return
        raw = RawPage(link.url, body, dict(headers), datetime.now(UTC), link.evidence)
        try:
            piece = await self._spider.workers.run(filter_piece, raw, is_last, self._spider.publishers)
        except (Quarantined, ContentError) as refusal:
            self._record(Outcome.of(link, Fate.QUARANTINED, f"byte {progress.offset}: {refusal}"))
            return
        await asyncio.to_thread(kept.append, progress.kept, piece.kept)
        if not is_last:
            self._record(after_piece(link, progress, piece))
            return
        async for article in self._articles(kept, progress.kept + len(piece.kept)):
            yield article
        self._record(_end(link, progress.lost + piece.lost))
        await self._spider.recorder.settled()
        await asyncio.to_thread(kept.remove)

    def _record(self, outcome: Outcome) -> None:
        self._spider.recorder.record(outcome)

    async def _articles(self, kept: KeptRecords, size: int) -> AsyncIterator[Article]:
        """The articles in what was kept, once it is in the archive: those that did not end before."""
        if not size:
            return
        captures = self._captures(kept.path)
        while (capture := await asyncio.to_thread(next, captures, None)) is not None:
            link = link_of(capture)
            if link is None or not await self._spider.recorder.run.take_archived(link):
                continue
            async for article in self._article(capture, link):
                yield article
            await self._spider.recorder.room()

    async def _article(self, capture: ArchivedCapture, link: Link) -> AsyncIterator[Article]:
        spider = self._spider
        spider.recorder.expect(link.url)
        spider.order.expect(capture.serial)
        with spider.handling(link, capture):
            result = outcome_of_capture(capture, link) or await spider.read(Answer.of_capture(capture), link)
            async for article in spider.release(result, capture):
                yield article

    def _captures(self, path: Path) -> Iterator[ArchivedCapture]:
        """The captures in the copy of a file that our archive has; blocks."""
        archive = self._spider.crawler.get_extension(ArchiveExtension)
        assert archive is not None, "a back-fill archives what it finds"
        decisions, report = self._spider.recorder.decisions, self._spider.recorder.report
        in_manifest = set(map(url_key, archive.collection.redacted_urls))
        copies = archive.writer.bring_in(
            path, report, lambda url: url_key(url) in in_manifest or decisions.is_taken_down(url)
        )
        with CaptureReader(copies, report, self._data_dir.archive) as reader:
            for copy in copies:
                for capture in reader.read(copy):
                    yield replace(capture, serial=archive.writer.next_serial())


def after_piece(link: Link, progress: Progress, piece: Piece) -> Outcome:
    """How a file goes on after a piece that was not its last."""
    size = progress.size
    if not piece.read:
        if size >= MOST_BYTES:
            reason = f"a record at byte {progress.offset} is longer than {MOST_BYTES} bytes"
            return Outcome.of(link, Fate.TOO_LARGE, reason)
        size *= 2
    onward = Progress(
        progress.offset + piece.read, progress.kept + len(piece.kept), progress.lost + piece.lost, size
    )
    return _going_on(Outcome.of(link, Fate.PARTLY_READ, f"read to byte {onward.offset}"), onward)


def _going_on(outcome: Outcome, progress: Progress) -> Outcome:
    evidence = replace(outcome.evidence, read_to=str(progress))
    return replace(outcome, goes_on=Link(outcome.url, outcome.kind, evidence))


def _end(link: Link, lost: int) -> Outcome:
    """How a file ends that was read to its last byte."""
    if not lost:
        return Outcome.of(link, Fate.DISCOVERY, "WARC file, read to its end")
    reason = f"{lost} bytes of it are damaged or cut: what is in them was passed over"
    logger.warning("%s was not read whole: %s.", link.url, reason)
    return Outcome.of(link, Fate.PARTLY_READ, reason)
