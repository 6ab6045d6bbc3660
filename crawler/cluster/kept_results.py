"""What the workers gave, kept on disk until all of a run is in the catalogue; and which archives are done.

A run that was killed takes from here what workers had done for it. Of an archive that a run has read to its end a mark
says so; the catalogue has the last word, as it may be another one by now.
"""

import hashlib
import json
import shutil
import zlib
from contextlib import suppress
from pathlib import Path

from archive.errors import ArchiveUnreadable
from archive.objects.whereabouts import full_path, size_of, text_of
from archive.warc.durable import make_folder
from crawler.catalogue.archived_records import archived_records
from crawler.cluster.tasks import RangeResult, RangeTask
from crawler.database.catalogue import Catalogue


class KeptResults:
    """The folder of what came of tasks by these settings; a result of others is never found."""

    def __init__(self, folder: Path, settings: str) -> None:
        """`settings` is all that the outcome depends on besides the archives."""
        self._folder, self._all = folder / _digest(settings), folder
        self._marks = self._folder / "done"
        self._results = self._folder / "results"
        self._archives: dict[int, set[str]] = {}
        """Those that a run has read, by its id."""

    def find(self, task: RangeTask) -> RangeResult | None:
        """What came of a task, if it is there and whole."""
        with suppress(OSError, zlib.error):
            return RangeResult.unpacked((self._results / _name(task)).read_bytes())
        return None

    def keep(self, task: RangeTask, packed: bytes) -> None:
        """Keep what came of a task; OSError if the disk refuses."""
        make_folder(self._results)
        path = self._results / _name(task)
        new = path.with_suffix(".new")
        new.write_bytes(packed)  # not synced: what is torn is not found, and done once more
        new.replace(path)

    def mark_done(self, path: Path, run_id: int) -> None:
        """Remember that a run has entered all of an archive into the catalogue."""
        make_folder(self._marks)
        (self._marks / _state_of(path)).write_text(
            json.dumps({"run": run_id, "archive": text_of(path)}), "utf-8"
        )

    def is_done(self, path: Path, catalogue: Catalogue) -> bool:
        """Whether a run has entered all of an archive into this catalogue."""
        with suppress(OSError, ArchiveUnreadable, ValueError, KeyError):
            mark = json.loads((self._marks / _state_of(path)).read_text("utf-8"))
            return str(mark["archive"]) in self._archives_of(int(mark["run"]), catalogue)
        return False

    def _archives_of(self, run_id: int, catalogue: Catalogue) -> set[str]:
        if run_id not in self._archives:
            self._archives[run_id] = set(archived_records(catalogue, run_id))
        return self._archives[run_id]

    def clear(self) -> None:
        """Remove the results, those of other settings too: all that they say is in the catalogue."""
        for results in self._all.glob("*/results"):
            shutil.rmtree(results, ignore_errors=True)


def _name(task: RangeTask) -> str:
    return _digest(f"{task.file.member} {task.part} {task.part.is_exact} {_state_of(task.file.path)}")


def _state_of(path: Path) -> str:
    """A name for a file as it is now; an object is known by its address and size."""
    path = full_path(path)
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    return _digest(f"{text_of(path)} {size_of(path)} {changed}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
