"""Sound archives of other tools are imported whole, read the same there, and verified without a fault."""

from collections import Counter
from pathlib import Path

import pytest

from archive.checks.archive_check import verify_collection
from archive.checks.findings import Checked, Severity
from archive.collection.collection import Collection
from archive.evidence.manifest import Manifest
from archive.replay.accounts import READ, RecordAccount
from archive.replay.captures import CaptureReader
from tests.support.foreign_archives import Foreign, arc_archives, foreign_archives

ALL = foreign_archives()
ARCS = arc_archives()


def account_of(paths: list[Path]) -> tuple[RecordAccount, list[tuple[str, bytes, str]]]:
    """How the records of archives end, and what was read."""
    account, found = RecordAccount(), []
    with CaptureReader(paths, pytest.fail) as reader:
        for path in paths:
            for capture in reader.read(path, account):
                is_page = capture.method == "GET"
                cut = f"truncated ({capture.truncated})" if capture.truncated else READ
                account.note(cut if is_page else f"method {capture.method}")
                found.append((capture.url, capture.body, capture.captured.isoformat()))
    assert account.reconciles
    return account, found


def put(folder: Path, foreign: Foreign) -> Path:
    path = folder / foreign.file
    path.write_bytes(foreign.data)
    return path


@pytest.mark.parametrize("what", ALL | ARCS)
def test_where_it_lies_each_record_ends_as_it_should(tmp_path: Path, what: str) -> None:
    foreign = (ALL | ARCS)[what]
    account, _ = account_of([put(tmp_path, foreign)])
    assert account.reasons == foreign.counts


def test_imported_it_is_the_same_and_verified_without_a_fault(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path / "news", tmp_path / "key.pem")
    ours = Collection(tmp_path / "news", "news", {"software": "test/1"}, 10**9, manifest=manifest)
    expected_notes: Counter[str] = Counter()
    for what, foreign in ALL.items():
        path = put(tmp_path, foreign)
        copies = ours.bring_in(path, pytest.fail)
        before, read_before = account_of([path])
        after, read_after = account_of(copies)
        assert read_after == read_before, what
        assert after.reasons - Counter({"warcinfo": len(copies)}) == before.reasons, what
        expected_notes[copies[0].name] += foreign.notes
    checked = Checked()
    findings = list(verify_collection(tmp_path / "news", checked))
    assert [each.sentence for each in findings if each.severity is Severity.FAULT] == []
    assert Counter(each.file for each in findings) == +expected_notes
    assert checked.files == len(list(ours.archive.glob("*.warc.gz")))


def test_there_are_many_shapes() -> None:
    assert len(ALL | ARCS) >= 48
