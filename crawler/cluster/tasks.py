"""What a worker of a cluster does: it reads a part of a file of records, and looks into the answers.

What comes of it depends on the bytes of the part and on the settings alone, so it may be done twice, and anywhere.
"""

import asyncio
import logging
import pickle
import zlib
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

from scrapy.settings import BaseSettings

from archive.errors import ArchiveUnreadable
from archive.objects.whereabouts import full_path
from archive.replay.captures import ArchivedCapture, CaptureReader
from archive.replay.record_ranges import RangeReader, RecordRange, Stretch
from archive.replay.revisits import is_not_modified
from archive.warc.exchanges import Exchange
from archive.warc.files import RecordFile, record_files
from crawler.cluster.versions import Versions, difference, versions_here
from crawler.data_dir import DataDir
from crawler.http.url_identity import url_key
from crawler.items import Article, Link, Origin, RawPage
from crawler.outcome import Outcome
from crawler.reading.archived_links import link_of
from crawler.reading.executors import replay_capture
from crawler.reading.page_looks import PageLooks
from crawler.reading.page_reading import PageLimits, PageReading, is_of_machine
from crawler.relevance import TopicProfile
from crawler.relevance.seeds import profile_in_force
from crawler.run.judged_pages import extract_if_related

logger = logging.getLogger(__name__)

_AHEAD = 4
"""Captures that are read while the worker process is busy with another one."""

Result = Article | Outcome
Replay = Callable[[ArchivedCapture, Link], Awaitable[Result]]


class WorkerUnfit(Exception):
    """A worker cannot do what it is asked: it has other programs, or does not see the file."""


@dataclass(frozen=True, slots=True)
class ReplaySettings:
    """What the result depends on besides the records."""

    profile: TopicProfile
    limits: PageLimits
    home: str
    """The folder of our own archive: locations of records in it name their file without the folder."""
    versions: Versions
    prefilters: bool = False
    """Whether pages whose beginning rules them out are not read."""
    judged_pages: tuple[bytes, ...] = ()
    """Keys of those that are read all the same, sorted: people have decided about them."""


@dataclass(frozen=True, slots=True)
class Row:
    """What came of an exchange, and of the records up to the next one."""

    offset: int
    """Where its first record begins."""
    capture: ArchivedCapture | None = None
    """The answer, without its head and body."""
    result: Result | None = None
    """What came of it; its `capture` is left out. None where `defect` says why, or nobody looked."""
    defect: str = ""
    """What was raised, through a defect of ours."""
    revisit: Exchange | None = None
    """An exchange that repeats the content of another one, which may be in any file of the set."""
    reasons: tuple[str, ...] = ()
    """How those of its records ended that were not read."""
    damage: tuple[str, ...] = ()
    """A sentence for each damaged part behind it."""
    skipped_bytes: int = 0

    @property
    def records(self) -> int:
        """How many records it stands for."""
        return len(self.reasons) + (self.capture is not None or self.revisit is not None)


@dataclass(frozen=True, slots=True)
class RangeResult:
    """What came of a part of a file."""

    rows: tuple[Row, ...]
    end: int
    """Where its last record ended."""
    error: str = ""
    """Why no more of the file can be read, in a sentence."""

    def packed(self) -> bytes:
        """As it travels: a tenth of the pages, compressed."""
        return zlib.compress(pickle.dumps(self), 1)

    @staticmethod
    def unpacked(data: bytes) -> "RangeResult":
        """What `packed` made; zlib.error if it is damaged."""
        result: RangeResult = pickle.loads(zlib.decompress(data))
        return result


@dataclass(frozen=True, slots=True)
class RangeTask:
    """A part of a file that is to be read."""

    file: RecordFile
    size: int
    """Of the file, by which a worker sees that it has the same one."""
    part: RecordRange

    def __str__(self) -> str:
        return f"{self.file}, {self.part}"


class _Reading(PageReading):
    """Looks into the answers of one task."""

    origin = Origin.REPLAY

    def __init__(self, settings: ReplaySettings) -> None:
        self.page_limits = settings.limits
        self.workers = settings.limits.pool(1)
        self.looks = PageLooks(self.workers, is_wanted=False)
        self._settings = settings
        self._judged = frozenset(settings.judged_pages)

    @property
    def judging(self) -> TopicProfile:
        return self._settings.profile

    def extraction_of(self, link: Link) -> Callable[[RawPage, TopicProfile], Article]:
        is_filtering = self._settings.prefilters and url_key(link.url) not in self._judged
        return extract_if_related if is_filtering else super().extraction_of(link)


def read_replay_settings(settings: BaseSettings) -> ReplaySettings:
    """Those of a project: `get_project_settings()`; OperatorError if seeds cannot be read."""
    profile = profile_in_force(settings)
    home = str(DataDir.of(settings).archive.absolute())
    versions = versions_here(profile.asks_encoder)
    return ReplaySettings(
        profile, PageLimits.of(settings), home, versions, settings.getbool("REPLAY_PREFILTER")
    )


def replay_file(path: str | Path, settings: ReplaySettings) -> list[Row]:
    """What came of each exchange of an archive, in record order.

    A pure function of its bytes and the settings. Pages are extracted in a process of its own, within the limits of
    the settings. `ArchiveUnreadable` if it is no archive, `WorkerUnfit` if this process has other versions.
    """
    rows: list[Row] = []
    for file in record_files(full_path(Path(path))):
        found = read_range(RangeTask(file, file.size, RecordRange(0, None, is_exact=True)), settings)
        if found.error:
            raise ArchiveUnreadable(found.error)
        rows += found.rows
    return rows


def replay_range(task: RangeTask, settings: ReplaySettings) -> bytes:
    """What came of a part of a file, packed: what a worker of a cluster is sent."""
    return read_range(task, settings).packed()


def read_range(task: RangeTask, settings: ReplaySettings) -> RangeResult:
    """What came of a part of a file; `WorkerUnfit` if this process cannot tell, OSError if its machine fails."""
    require_fitness(task, settings)
    reading = _Reading(settings)
    try:
        return read_with(task, settings.home, lambda capture, link: replay_capture(reading, capture, link))
    finally:
        reading.close_workers()


def read_with(task: RangeTask, home: str, replay: Replay) -> RangeResult:
    """What came of a part of a file, of whose answers `replay` says what came."""
    return asyncio.run(_read(task, home, replay))


def require_fitness(task: RangeTask, settings: ReplaySettings) -> None:
    """`WorkerUnfit` if this process has other programs than the one that asks, or another file."""
    if other := difference(versions_here(settings.profile.asks_encoder), settings.versions):
        raise WorkerUnfit(f"has {other}: install what the coordinating machine has")
    try:
        size = task.file.size
    except ArchiveUnreadable as error:
        raise WorkerUnfit(
            f"cannot read an archive: {error} All workers must see the archives under the same paths"
        ) from None
    if size != task.size:
        raise WorkerUnfit(
            f"sees another file at {task.file} ({size} bytes, not {task.size}): share one folder with all workers"
        )


async def _read(task: RangeTask, home: str, replay: Replay) -> RangeResult:
    rows: list[Row] = []
    running: deque[asyncio.Task[Row]] = deque()
    reader = RangeReader(task.file, task.part)
    stretches, error = iter(reader), ""
    with CaptureReader([], _nobody, Path(home)) as captures:
        try:
            while (stretch := await asyncio.to_thread(next, stretches, None)) is not None:
                running.append(asyncio.create_task(_row_of(task.file, stretch, captures, replay)))
                if len(running) > _AHEAD:
                    rows.append(await running.popleft())
        except ArchiveUnreadable as unreadable:
            error = str(unreadable)
        rows += await asyncio.gather(*running)
    return RangeResult(tuple(rows), reader.end, error)


async def _row_of(file: RecordFile, stretch: Stretch, captures: CaptureReader, replay: Replay) -> Row:
    row = Row(
        stretch.offset,
        reasons=tuple(stretch.reasons),
        damage=tuple(stretch.damage),
        skipped_bytes=stretch.skipped_bytes,
    )
    exchange = stretch.exchange
    if exchange is None or exchange.answer is None:
        return row
    if exchange.answer.type == "revisit" and not is_not_modified(exchange.answer):
        return replace(row, revisit=exchange)
    found = captures.look(file, exchange, 0)
    if isinstance(found, str):
        return replace(row, reasons=(*row.reasons, found))
    return await _looked_into(replace(row, capture=without_content(found)), found, replay)


async def _looked_into(row: Row, capture: ArchivedCapture, replay: Replay) -> Row:
    link = link_of(capture)
    if link is None:
        return row
    try:
        return replace(row, result=with_capture(await replay(capture, link), None))
    except Exception as error:
        if is_of_machine(error):
            raise
        logger.exception("Cannot handle the answer of %s", link.url)
        return replace(row, defect=f"{type(error).__name__}: {error}")


def without_content(capture: ArchivedCapture) -> ArchivedCapture:
    """A capture without what only extraction needs."""
    return replace(capture, head=b"", body=b"", headers={})


def with_capture(result: Result, capture: ArchivedCapture | None) -> Result:
    """A result that came of this capture."""
    if isinstance(result, Outcome) and result.article is not None:
        result = replace(result, article=replace(result.article, capture=capture))
    return replace(result, capture=capture)


def _nobody(_: str) -> None:
    """Nothing is reported of single records here: the rows say it."""
