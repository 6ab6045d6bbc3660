"""Who reads the records of archives and looks into their answers: worker processes of this machine, or a cluster."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from archive.collection.importing import is_import
from archive.replay.accounts import RecordAccount
from archive.replay.captures import ArchivedCapture, CaptureReader
from archive.warc.files import Report
from crawler.fates import Fate
from crawler.http.answers import Answer, outcome_of_capture
from crawler.items import Article, Link, Origin
from crawler.outcome import Outcome
from crawler.reading.page_reading import PageReading


class Captures(Protocol):
    """Gives the captures of the archives of a set, one archive after the other."""

    def read(self, path: Path, account: RecordAccount) -> Iterator[ArchivedCapture]:
        """As `CaptureReader.read`."""
        ...


class Executor(Protocol):
    """Does for a replay what depends on the bytes of records alone; what came of them is told in record order."""

    def due(self, paths: Sequence[Path]) -> list[Path]:
        """Those archives of a set that are to be read; blocks."""
        ...

    def open(self, paths: Sequence[Path], report: Report, home: Path) -> AbstractContextManager[Captures]:
        """The captures of a set of archives; `home` is the folder of our own."""
        ...

    async def replay(self, capture: ArchivedCapture, link: Link) -> Article | Outcome:
        """What came of a capture."""
        ...

    def note_done(self, run_id: int) -> None:
        """Remember that all that was read is in the catalogue, by this run; blocks."""
        ...

    def close(self) -> None:
        """Give up what is not done."""
        ...


class LocalExecutor:
    """Reads in the process of the run, and looks into answers in its workers."""

    def __init__(self, reading: PageReading) -> None:
        self._reading = reading

    def due(self, paths: Sequence[Path]) -> list[Path]:
        return list(paths)

    def open(self, paths: Sequence[Path], report: Report, home: Path) -> CaptureReader:
        return CaptureReader(paths, report, home)

    async def replay(self, capture: ArchivedCapture, link: Link) -> Article | Outcome:
        return await replay_capture(self._reading, capture, link)

    def note_done(self, run_id: int) -> None:
        """Nothing: what a replay has read is read again by the next one."""

    def close(self) -> None:
        """Nothing: the workers are the spider's."""


async def replay_capture(reading: PageReading, capture: ArchivedCapture, link: Link) -> Article | Outcome:
    """What came of an archived exchange; a replay follows no links."""
    result = await look_into(reading, capture, link)
    if isinstance(result, Outcome):
        return replace(result, links=())
    is_foreign = result.origin is Origin.REPLAY and is_import(capture.location.warc)
    return replace(result, origin=Origin.IMPORT) if is_foreign else result


async def look_into(reading: PageReading, capture: ArchivedCapture, link: Link) -> Article | Outcome:
    """What came of an archived exchange, with the links that it names."""
    result: Article | Outcome | None = outcome_of_capture(capture, link)
    if result is None or (isinstance(result, Outcome) and result.fate is Fate.NOT_HTML):  # perhaps a sitemap
        result = await reading.read(Answer.of_capture(capture), link)
    return result
