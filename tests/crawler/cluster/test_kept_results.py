"""What workers gave is found again as long as nothing that it depends on has changed."""

from pathlib import Path

from archive.replay.record_ranges import RecordRange
from archive.warc.files import RecordFile
from crawler.catalogue.archived_records import note_archived_records
from crawler.catalogue.runs import begin_run
from crawler.cluster.kept_results import KeptResults
from crawler.cluster.tasks import RangeResult, RangeTask, Row
from crawler.database.catalogue import Catalogue

FOUND = RangeResult((Row(0, reasons=("request",)),), 10)


WHOLE = RecordRange(0, None, is_exact=True)


def task_of(path: Path, part: RecordRange = WHOLE) -> RangeTask:
    return RangeTask(RecordFile(path), path.stat().st_size, part)


def test_a_result_is_found_for_the_same_bytes_part_and_settings_only(tmp_path: Path) -> None:
    path = tmp_path / "orla.warc.gz"
    path.write_bytes(b"records")
    kept = KeptResults(tmp_path / "cluster", "these settings")
    kept.keep(task_of(path), FOUND.packed())
    assert kept.find(task_of(path)) == FOUND
    assert KeptResults(tmp_path / "cluster", "these settings").find(task_of(path)) == FOUND

    assert KeptResults(tmp_path / "cluster", "other settings").find(task_of(path)) is None
    assert kept.find(task_of(path, RecordRange(5, None, is_exact=False))) is None
    path.write_bytes(b"more records")
    assert kept.find(task_of(path)) is None


def test_a_torn_result_is_not_found(tmp_path: Path) -> None:
    path = tmp_path / "orla.warc.gz"
    path.write_bytes(b"records")
    kept = KeptResults(tmp_path / "cluster", "these settings")
    for torn in (b"", FOUND.packed()[:-3]):
        kept.keep(task_of(path), torn)
        assert kept.find(task_of(path)) is None


def test_results_go_and_marks_stay(tmp_path: Path) -> None:
    path = tmp_path / "orla.warc.gz"
    path.write_bytes(b"records")
    earlier, kept = KeptResults(tmp_path / "cluster", "earlier"), KeptResults(tmp_path / "cluster", "now")
    for each in (earlier, kept):
        each.keep(task_of(path), FOUND.packed())
    kept.mark_done(path, 1)
    kept.clear()
    assert [earlier.find(task_of(path)), kept.find(task_of(path))] == [None, None]
    assert len([file for file in (tmp_path / "cluster").rglob("*") if file.is_file()]) == 1


def test_an_archive_is_done_only_where_the_catalogue_has_it(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "orla.warc.gz"
    path.write_bytes(b"records")
    run_id = begin_run(catalogue, "replay", {}, "frontwire")
    kept = KeptResults(tmp_path / "cluster", "these settings")
    kept.mark_done(path, run_id)
    assert not kept.is_done(path, catalogue)

    note_archived_records(catalogue, run_id, str(path), {"read": 1})
    assert KeptResults(tmp_path / "cluster", "these settings").is_done(path, catalogue)
    assert not KeptResults(tmp_path / "cluster", "other settings").is_done(path, catalogue)
    path.write_bytes(b"more records")
    assert not KeptResults(tmp_path / "cluster", "these settings").is_done(path, catalogue)
