"""The one thread that writes the archive, and the captures that are not written yet."""

import errno
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from archive.collection.collection import Collection
from archive.collection.page_records import IsPage
from archive.errors import ArchiveUnreadable
from archive.warc.exchange_log import ExchangeLog
from archive.warc.files import Report
from archive.warc.location import RecordLocation

QUEUE_BYTES = 16 * 1024 * 1024
"""With more bytes than these waiting to be written, nothing new should be fetched."""

SYNC_BYTES = 16 * 1024 * 1024
SYNC_S = 1.0
"""One fsync covers what came within a second or 16 MiB, unless a caller waits for a record."""

logger = logging.getLogger(__name__)


class Capture:
    """An exchange on its way into the archive."""

    __slots__ = ("_writer", "captured", "location", "serial")

    def __init__(self, serial: int, captured: datetime, writer: "WarcWriter") -> None:
        self.serial = serial
        self.captured = captured
        self.location: RecordLocation | None = None
        self._writer = writer

    def durable(self) -> RecordLocation:
        """Wait until the record is on disk; returns where. OSError if it cannot be written.

        Blocks: must not be called in the reactor's thread.
        """
        return self._writer.wait_durable(self)


class _Job(NamedTuple):
    """A foreign archive that is to be imported."""

    path: Path
    report: Report
    is_redacted: IsPage
    done: Future[list[Path]]


class WarcWriter:
    """Writes exchanges in the order in which they are submitted.

    After the first failure nothing more is written, and `on_failure` is called once, in the thread.
    """

    def __init__(self, collection: Collection, on_failure: Callable[[OSError], None]) -> None:
        self.failure: OSError | None = None
        self._collection = collection
        self._on_failure = on_failure
        self._changed = threading.Condition()
        self._queue: deque[tuple[Capture, ExchangeLog, Mapping[str, str]]] = deque()
        self.queued_bytes = 0
        """How many bytes wait to be written."""
        self._jobs: deque[_Job] = deque()
        self._submitted = self._written = self._synced = self._awaited = 0
        self._unsynced_bytes = 0
        self._unsynced_since = 0.0
        self._closing = self._recovered = False
        # A daemon: a process that ends without closing leaves an .open file, which the next start recovers.
        self._thread = threading.Thread(target=self._run, name="warc-writer", daemon=True)

    def start(self) -> None:
        """Recover what an earlier writer left, and begin to write."""
        self._thread.start()

    @property
    def is_full(self) -> bool:
        """Whether too much waits to be written for anything new to be fetched."""
        return self.queued_bytes > QUEUE_BYTES and self.failure is None

    def submit(self, log: ExchangeLog, metadata: Mapping[str, str]) -> Capture:
        """Queue an exchange; never blocks."""
        with self._changed:
            self._submitted += 1
            capture = Capture(self._submitted, log.began, self)
            self._queue.append((capture, log, metadata))
            self.queued_bytes += log.size
            self._changed.notify_all()
        return capture

    def bring_in(self, path: Path, report: Report, is_redacted: IsPage) -> list[Path]:
        """Import a foreign archive as `Collection.bring_in` does, between two exchanges; blocks."""
        done: Future[list[Path]] = Future()
        with self._changed:
            if self.failure is not None:
                raise OSError(errno.EIO, f"The archive cannot be written: {self.failure}")
            self._jobs.append(_Job(path, report, is_redacted, done))
            self._changed.notify_all()
        return done.result()

    def next_serial(self) -> int:
        """A place in record order for a record that was brought in."""
        with self._changed:
            self._submitted += 1
            return self._submitted

    def wait_durable(self, capture: Capture) -> RecordLocation:
        """Wait until everything up to a capture is on disk."""
        with self._changed:
            self._awaited = max(self._awaited, capture.serial)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._synced >= capture.serial or self.failure)
            if self._synced < capture.serial or capture.location is None:
                raise OSError(errno.EIO, f"The record was not written: {self.failure}") from self.failure
        return capture.location

    def wait_recovered(self) -> None:
        """Wait until what an earlier writer left is recovered; OSError if it cannot be. Blocks."""
        with self._changed:
            self._changed.wait_for(lambda: self._recovered or self.failure)
        if self.failure is not None:
            raise self.failure

    def close(self) -> None:
        """Write what is queued, close and index the file; blocks."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            for name in self._collection.recover():
                logger.info("Recovered %s, which a killed run had left open.", name)
            with self._changed:
                self._recovered = True
                self._changed.notify_all()
            while self._step():
                pass
            self._finish_file()
        except OSError as error:
            self._fail(error)
        except Exception as error:  # without this thread every request would wait for ever
            logger.exception("The archive's writer failed.")
            self._fail(OSError(errno.EIO, f"{type(error).__name__}: {error}"))

    def _step(self) -> bool:
        """Write one exchange, or sync what is due; False when nothing is left to do."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._queue or self._jobs or self._closing or self._is_awaited, self._patience()
            )
            job = self._queue.popleft() if self._queue else None
            other = self._jobs.popleft() if self._jobs else None
        if job:
            self._write(*job)
        if other:
            self._bring_in(other)
        if self._collection.is_file_full:
            self._finish_file()
        elif self._unsynced_bytes and (self._is_awaited or self._patience() == 0):
            self._collection.sync()
            self._note_synced()
        return job is not None or other is not None or not self._closing

    def _bring_in(self, job: "_Job") -> None:
        try:
            job.done.set_result(self._collection.bring_in(job.path, job.report, job.is_redacted))
        except ArchiveUnreadable as error:
            job.done.set_exception(error)
        except BaseException as error:
            job.done.set_exception(error)
            raise

    def _write(self, capture: Capture, log: ExchangeLog, metadata: Mapping[str, str]) -> None:
        capture.location = self._collection.write(log, metadata)
        if not self._unsynced_bytes:
            self._unsynced_since = time.monotonic()
        self._unsynced_bytes += log.size
        self._written = capture.serial
        log.forget()
        with self._changed:
            self.queued_bytes -= log.size

    @property
    def _is_awaited(self) -> bool:
        """Whether a caller waits for a record that is written but not synced."""
        return self._synced < self._awaited <= self._written

    def _patience(self) -> float | None:
        """Seconds until a sync is due; None while nothing is unsynced."""
        if not self._unsynced_bytes:
            return None
        if self._unsynced_bytes >= SYNC_BYTES:
            return 0
        return max(0.0, self._unsynced_since + SYNC_S - time.monotonic())

    def _finish_file(self) -> None:
        self._collection.finish_file()
        self._note_synced()

    def _note_synced(self) -> None:
        self._unsynced_bytes = 0
        with self._changed:
            self._synced = self._written
            self._changed.notify_all()

    def _fail(self, error: OSError) -> None:
        self._collection.abandon()
        with self._changed:
            self.failure = error
            self._queue.clear()
            for job in self._jobs:
                job.done.set_exception(error)
            self._jobs.clear()
            self._changed.notify_all()
        self._on_failure(error)
