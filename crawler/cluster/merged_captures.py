"""The captures of archives in record order, as the workers of a cluster have read them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from archive.replay.accounts import RecordAccount
from archive.replay.captures import ArchivedCapture, CaptureReader
from archive.replay.record_ranges import joined
from archive.warc.files import RecordFile, Report
from crawler.cluster.task_plan import Plan
from crawler.cluster.tasks import RangeResult, RangeTask, Result, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedInto(ArchivedCapture):
    """A capture that a worker has looked into; without its head and body."""

    result: Result | None
    """What came of it; its own `capture` is left out."""
    defect: str
    """What was raised instead."""


class MergedCaptures:
    """Takes the place of a `CaptureReader`; which records others repeat is found by one in this process."""

    def __init__(
        self,
        plan: Plan,
        reader: CaptureReader,
        report: Report,
        take: Callable[[RangeTask], RangeResult],
        leave_out: Callable[[RangeTask], None],
        note_read: Callable[[Path], None],
    ) -> None:
        """`take` and `leave_out` get the tasks of the plan in their order, `note_read` archives that were read."""
        self._plan, self._reader, self._report = plan, reader, report
        self._take, self._leave_out, self._note_read = take, leave_out, note_read
        self._serial = 0

    def read(self, path: Path, account: RecordAccount) -> Iterator[ArchivedCapture]:
        """As `CaptureReader.read`."""
        for tasks in self._plan.of(path):
            file, size = tasks[0].file, tasks[0].size
            with self._reader.telling_losses(file, account):
                rows = joined(
                    [task.part for task in tasks],
                    size,
                    lambda part, file=file, size=size: self._take(RangeTask(file, size, part)),  # type: ignore[misc]
                    lambda part, file=file, size=size: self._leave_out(RangeTask(file, size, part)),  # type: ignore[misc]
                )
                for row in rows:
                    yield from self._captures(file, row, account)
        self._note_read(path)

    def _captures(self, file: RecordFile, row: Row, account: RecordAccount) -> Iterator[ArchivedCapture]:
        """The capture of a row, if it has one; the account has all its records then but that one."""
        account.records += row.records
        account.skip(row.skipped_bytes)
        for reason in row.reasons:
            account.note(reason)
        for sentence in row.damage:
            self._report(sentence)
        self._serial += 1
        if row.capture is not None:
            yield _looked_into(row.capture, self._serial, row)
        elif row.revisit is not None:
            found = self._reader.look(file, row.revisit, self._serial)
            if isinstance(found, ArchivedCapture):
                yield found
            else:
                account.note(found)


def _looked_into(capture: ArchivedCapture, serial: int, row: Row) -> LookedInto:
    known = {each.name: getattr(capture, each.name) for each in fields(ArchivedCapture)}
    return LookedInto(**known | {"serial": serial}, result=row.result, defect=row.defect)
