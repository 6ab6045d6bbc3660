"""One page of the catalogue, read again from its record in an archive."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TypeVar

from archive.collection.importing import is_import
from archive.errors import ArchiveUnreadable
from archive.objects.whereabouts import is_there
from archive.replay.captures import ArchivedCapture, CaptureReader
from archive.replay.input_paths import expand_paths
from archive.warc.exchanges import group_exchanges
from archive.warc.files import RecordFile, Report, locate
from archive.warc.reader import read_records
from crawler.catalogue.article_row import StoredRecord
from crawler.errors import OperatorError
from crawler.http.answers import Answer
from crawler.http.decoding import ContentError
from crawler.items import RawPage
from crawler.reading.archived_links import link_of
from crawler.run.workers import Quarantined, WorkerPool

Result = TypeVar("Result")


class CannotDerive(OperatorError):
    """A page cannot be derived again from its record; the message says why, and nothing was changed."""


class StoredPages:
    """Reads pages from the records in an archive, in worker processes."""

    def __init__(self, archive: Path, workers: WorkerPool) -> None:
        self._archive, self._workers = archive, workers

    def read(self, url: str, record: StoredRecord, task: Callable[[RawPage], Result]) -> Result:
        """What the task makes of a page; CannotDerive if it does not come to an end, or there is no record."""
        capture = self._capture(url, record)
        link = link_of(capture)
        if link is None:
            raise CannotDerive(f"The record of {url} is no page.")
        raw = Answer.of_capture(capture).page(link)
        try:
            return asyncio.run(self._workers.run(task, raw))
        except (Quarantined, ContentError) as error:
            raise CannotDerive(f"{url} cannot be extracted again: {error}.") from None

    def _capture(self, url: str, record: StoredRecord) -> ArchivedCapture:
        """A record, read from its file."""
        inside = self._archive / record.warc
        path = locate(inside if is_there(inside) else Path(record.warc)).path
        complaints: list[str] = []
        try:
            paths = [*expand_paths(str(self._archive)), path]
            with closing(CaptureReader(paths, complaints.append, self._archive)) as reader:
                for capture in self._near(reader, path, record, complaints.append):
                    if capture.location.record_id == record.record_id:
                        return capture
        except ArchiveUnreadable as error:
            complaints.append(str(error))
        why = complaints[0] if complaints else "run scrapy verify."
        raise CannotDerive(f"The record of {url} is not in {path}: {why}")

    def _near(
        self, reader: CaptureReader, path: Path, record: StoredRecord, report: Report
    ) -> Iterator[ArchivedCapture]:
        """The capture at the record's place, where its exchange begins with it; in files of others any may be it."""
        if path.parent != self._archive or is_import(path.name):
            yield from reader.read(path)
            return
        file = RecordFile(path)
        for exchange in islice(group_exchanges(read_records(file, report, record.offset)), 1):
            if (capture := reader.capture(file, exchange, 0)) is not None:
                yield capture
