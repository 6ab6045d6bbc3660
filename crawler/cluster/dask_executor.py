"""A replay whose records are read, and whose pages are extracted, by the workers of a Dask cluster.

What a worker gives is taken in record order, so that numbers, duplicates and clusters come out as in a replay without
a cluster. Records that repeat the content of others are looked into here: those may lie in any file.
"""

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.settings import BaseSettings

from archive.objects.whereabouts import full_path
from archive.replay.captures import ArchivedCapture, CaptureReader
from archive.warc.files import Report
from crawler.cluster.dask_cluster import DaskCluster
from crawler.cluster.errors import ClusterFailed, TaskGivenUp
from crawler.cluster.kept_results import KeptResults
from crawler.cluster.merged_captures import LookedInto, MergedCaptures
from crawler.cluster.task_plan import Plan
from crawler.cluster.task_window import TaskWindow
from crawler.cluster.tasks import RangeResult, RangeTask, read_replay_settings, read_with, with_capture
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.http.answers import outcome_of_capture
from crawler.items import Article, Link
from crawler.outcome import Outcome
from crawler.reading.executors import replay_capture
from crawler.reading.page_reading import PageReading

if TYPE_CHECKING:
    from distributed import Future

logger = logging.getLogger(__name__)

_GIVEN_UP = "the workers of the cluster that read its record ended, several times"
_MERGED_BY = ("RIGHTS_POLICY", "EXTRACTION_MAX_PARTS")
"""Settings on which the outcome depends besides those of the workers."""


class DaskExecutor:
    """Has the workers of one scheduler do what they can, and keeps what they gave until the catalogue has it."""

    def __init__(
        self,
        address: str,
        settings: BaseSettings,
        reading: PageReading,
        catalogue: Catalogue,
        judged_pages: Collection[bytes],
    ) -> None:
        """`judged_pages` as of `ReplaySettings`."""
        self._address, self._settings = address, settings
        self._reading, self._catalogue = reading, catalogue
        self._replay = replace(read_replay_settings(settings), judged_pages=tuple(sorted(judged_pages)))
        merged_by = " ".join(f"{name}={settings[name]}" for name in _MERGED_BY)
        self._kept = KeptResults(DataDir.of(settings).task_results, f"{self._replay!r} {merged_by}")
        self._due: list[Path] = []
        self._read: list[Path] = []
        self._given_up = set[Path]()
        self._is_closed = False

    def due(self, paths: Sequence[Path]) -> list[Path]:
        """All but those that are in the catalogue by the same programs and settings."""
        done = {path for path in paths if self._kept.is_done(path, self._catalogue)}
        if done:
            logger.info(
                "Passed over %s archives that were replayed by the same programs and settings before.",
                len(done),
            )
        self._due = [path for path in paths if path not in done]
        return self._due

    @contextmanager
    def open(self, paths: Sequence[Path], report: Report, home: Path) -> Iterator[MergedCaptures]:
        """The captures of archives; ClusterFailed where the cluster does not go on."""
        plan = Plan(self._settings.getint("CLUSTER_RANGE_BYTES"))
        window = TaskWindow(plan.all_of(self._due), self._begin, self._give_up, self._most)
        with CaptureReader(paths, report, home) as reader:
            yield MergedCaptures(
                plan,
                reader,
                report,
                lambda task: self._result(task, window.take(task), report),
                window.leave_out,
                self._read.append,
            )

    async def replay(self, capture: ArchivedCapture, link: Link) -> Article | Outcome:
        """What a worker said, or, of what repeats another record, what is found here."""
        if not isinstance(capture, LookedInto):
            return await replay_capture(self._reading, capture, link)
        if capture.result is None:
            raise RuntimeError(f"on a worker of the cluster: {capture.defect}")
        return with_capture(capture.result, capture)

    def note_done(self, run_id: int) -> None:
        """Mark the archives that were read to their end, and forget what the workers gave if all were."""
        for path in self._read:
            if full_path(path) not in self._given_up:
                self._kept.mark_done(path, run_id)
        if len(self._read) == len(self._due):
            self._kept.clear()

    def close(self) -> None:
        """Leave the cluster; who waits for it stops waiting."""
        self._is_closed = True
        if "_cluster" in vars(self):
            self._cluster.close()

    # --- tasks, in the thread that reads ------------------------------------------------------
    @cached_property
    def _cluster(self) -> DaskCluster:
        if self._is_closed:
            raise ClusterFailed("The replay was stopped.")
        cluster = DaskCluster(self._address, self._settings)
        cluster.check(self._replay.versions)
        return cluster

    def _most(self) -> int:
        """So many tasks are in flight that no worker waits for the next one."""
        return 2 * self._cluster.threads() if "_cluster" in vars(self) else 1

    def _begin(self, task: RangeTask) -> "RangeResult | Future[bytes]":
        return self._kept.find(task) or self._cluster.submit(task, self._replay)

    def _give_up(self, begun: "RangeResult | Future[bytes]") -> None:
        if not isinstance(begun, RangeResult):
            with suppress(Exception):  # a cluster that is gone does nothing anyway
                begun.cancel()

    def _result(self, task: RangeTask, begun: "RangeResult | Future[bytes]", report: Report) -> RangeResult:
        if isinstance(begun, RangeResult):
            return begun
        try:
            packed = self._cluster.result(begun, task)
        except TaskGivenUp:
            self._given_up.add(task.file.path)
            report(f"{task}: {_GIVEN_UP}; its pages are quarantined. Replay it again without executor=dask.")
            return read_with(task, self._replay.home, _quarantined)
        self._kept.keep(task, packed)
        return RangeResult.unpacked(packed)


async def _quarantined(capture: ArchivedCapture, link: Link) -> Outcome:
    """How a page ends that nobody could look into; what the head of an answer decides, it decides."""
    ended = outcome_of_capture(capture, link)
    return ended or Outcome.of(link, Fate.QUARANTINED, _GIVEN_UP, capture)
