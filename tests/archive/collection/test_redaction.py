"""A page is taken down: nothing of it is left in the archive, and everything else is as it was."""

import gzip
import json
import os
import random
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.checks.archive_check import verify_collection
from archive.checks.findings import Checked, Severity
from archive.collection import rewriting
from archive.collection.collection import Collection
from archive.collection.redaction import Redactor
from archive.collection.rewriting import Rewriter
from archive.errors import ArchiveChanged
from archive.evidence.manifest import Manifest
from archive.evidence.signing import read_or_make_key
from archive.index import index_files
from archive.index.run_digests import RunDigests
from archive.packaging.wacz import Description, pack
from archive.replay.captures import CaptureReader
from archive.replay.input_paths import expand_paths
from archive.warc.closed_file import ClosedWarc, Redaction
from archive.warc.exchange_log import ExchangeLog
from archive.warc.rewriting_journal import JOURNAL, Rewriting
from tests.support.kill_points import survives_kills
from tests.support.logs import MOMENT, make_log
from tests.support.noted_places import NotedPlaces
from tests.support.warc_records import Seen, read_collection, read_warc
from tests.support.warcs import answer, news

PAGE = "http://news.example/page"
TWIN, OTHER = "http://news.example/twin", "http://news.example/other"
GONE, LAST = "http://news.example/gone", "http://news.example/last"
SECRET = b"Zephyrine Quillfeather of Tarmil lives in the second house."
TAKEDOWN = Redaction(PAGE, "2026-05-03T10:00:00.000000Z", "Request of the person named")


def body(text: bytes) -> bytes:
    return text + random.Random(text).randbytes(2000)


def log(url: str, text: bytes, day: int = 0, **changes: Any) -> ExchangeLog:
    return make_log(url, body(text), began=MOMENT + timedelta(days=day), **changes)


def not_modified(url: str, day: int) -> ExchangeLog:
    made = make_log(url, b"", began=MOMENT + timedelta(days=day))
    made.received = bytearray(b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n")
    made.close()
    return made


def missing(url: str, text: bytes, day: int) -> ExchangeLog:
    made = log(url, text, day)
    made.received = bytearray(made.received.replace(b"200 OK", b"404 Not Found"))
    return made


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "key.pem"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, key: Path) -> Path:
    """Three files in which the page is captured, and repeated by itself, by a twin and by a missing page."""
    base = tmp_path_factory.mktemp("written") / "base"
    folder = base / "news"
    catalogue = NotedPlaces(base / "catalogue.json")
    writing = Collection(folder, "news", {}, 10**9, digests=RunDigests(), manifest=Manifest(folder, key))
    files = [
        [
            log(OTHER, b"other"),
            log(PAGE, SECRET),
            missing(GONE, SECRET, 0),
            log(TWIN, SECRET),
            log(LAST, b"last"),
        ],
        [log(PAGE, SECRET, 1), not_modified(TWIN, 1)],
        [log(PAGE, SECRET + b" And now?", 2), log(TWIN, SECRET, 2), log(PAGE, b"", 2, method="HEAD")],
    ]
    for logs in files:
        for each in logs:
            place = writing.write(each, {"title": SECRET.decode() if each.url == PAGE else "Another"})
            catalogue.add(place.record_id, place.warc, place.offset)
        writing.finish_file()
    return base


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "base")) / "news"


class Moving(NotedPlaces):
    """Learns of changed records too."""

    def moved(self, rewriting: Rewriting) -> None:
        for record_id, (warc, offset) in self.places.items():
            for part in rewriting.parts:
                if warc == part.name and part.begin <= offset < part.begin + part.size:
                    self.places[record_id] = (rewriting.name, offset - part.begin + part.offset)
        self.save()


def redactor(folder: Path, key: Path) -> Redactor:
    """As a command makes it: what a kill left is put in order first."""
    moving = Moving(folder.parent / "catalogue.json")
    collection = Collection(folder, "news", {}, 10**9, referrers=[moving], manifest=Manifest(folder, key))
    collection.recover()
    return Redactor(collection.rewriter, read_or_make_key(key), pytest.fail)


def redact(folder: Path, key: Path, redaction: Redaction = TAKEDOWN) -> None:
    working = redactor(folder, key)
    working.redact(working.find(redaction.url.__eq__), redaction)


def pages(folder: Path) -> list[tuple[str, str, int, bytes]]:
    paths = expand_paths(str(folder))
    with CaptureReader(paths, pytest.fail) as reader:
        return [
            (capture.url, capture.method, capture.status, capture.body)
            for path in paths
            for capture in reader.read(path)
        ]


def all_bytes(folder: Path) -> bytes:
    """Everything below a folder, gzip members decompressed."""
    read = [(path, path.read_bytes()) for path in folder.rglob("*") if path.is_file()]
    return b"\n".join(gzip.decompress(data) if path.suffix == ".gz" else data for path, data in read)


def assert_redacted(folder: Path, before: list[tuple[str, str, int, bytes]]) -> None:
    assert pages(folder) == [page for page in before if page[0] != PAGE]
    findings = list(verify_collection(folder, Checked()))
    assert [found.sentence for found in findings if found.severity is Severity.FAULT] == []
    assert {warc for warc, _ in NotedPlaces(folder.parent / "catalogue.json").places.values()} == {
        path.name for path in (folder / "archive").iterdir()
    }
    assert not (folder / JOURNAL).exists()
    entries = [json.loads(line.split(b" ", 2)[2]) for line in index_files.read_lines(folder / "indexes")]
    assert PAGE not in {entry["url"] for entry in entries}


def tombstones(folder: Path) -> list[Seen]:
    found = read_collection(folder)
    return [record for record in found if record.block.startswith(b"redacted: ")]


def test_nothing_of_the_page_is_left_and_everything_else_is(folder: Path, key: Path) -> None:
    before = pages(folder)
    assert SECRET in all_bytes(folder)
    redact(folder, key)

    assert_redacted(folder, before)
    assert SECRET + b" And now?" not in all_bytes(folder)
    secret = [page for page in before if SECRET in page[3] and page[0] != PAGE]
    assert len(secret) == 3, "the twin twice, and the page that is missing"


def test_of_a_page_that_no_other_repeats_no_word_is_left(folder: Path, key: Path) -> None:
    for url in (TWIN, GONE):
        redact(folder, key, Redaction(url, TAKEDOWN.date, "Same content"))
    redact(folder, key)

    assert SECRET not in all_bytes(folder)
    assert [page[0] for page in pages(folder)] == [OTHER, LAST]
    assert not [found for found in verify_collection(folder, Checked()) if found.severity is Severity.FAULT]


def test_tombstones_prove_what_was_there_and_are_signed(folder: Path, key: Path) -> None:
    removed = {
        record.get("WARC-Record-ID"): record
        for record in read_collection(folder)
        if record.get("WARC-Target-URI") == PAGE
    }
    redact(folder, key)

    found = tombstones(folder)
    assert len(found) == len(removed) == 12
    for tombstone in found:
        gone = removed[tombstone.get("WARC-Refers-To")]
        said = tombstone.notes
        assert tombstone.get("WARC-Target-URI") == said["redacted-url"] == PAGE
        assert said["redacted-type"] == gone.type
        assert said["redacted-date"] == gone.get("WARC-Date")
        assert said["redacted-block-digest"] == gone.get("WARC-Block-Digest")
        assert said.get("redacted-payload-digest") == gone.get("WARC-Payload-Digest")
        assert said["reason"] == TAKEDOWN.reason
    notes = [found.sentence for found in verify_collection(folder, Checked())]
    assert len(notes) == 3
    for sentence in notes:
        assert f"records of {PAGE} in news-" in sentence
        assert "were redacted on 2026-05-03: Request of the person named" in sentence
        assert f"(signed by the key {read_or_make_key(key).id})" in sentence


def test_the_first_that_repeats_the_page_gets_its_payload_and_others_refer_to_it(
    folder: Path, key: Path
) -> None:
    before = {record.get("WARC-Record-ID"): record for record in read_collection(folder)}
    redact(folder, key)

    first, *later = [
        record
        for record in read_collection(folder)
        if record.get("WARC-Target-URI") == TWIN and record.type in ("response", "revisit")
    ]
    was = before[first.get("WARC-Record-ID")]
    assert (was.type, first.type) == ("revisit", "response")
    assert first.block == was.block + body(SECRET)
    assert first.get("WARC-Payload-Digest") == was.get("WARC-Payload-Digest")
    assert first.get("WARC-Truncated") is None
    assert first.get("WARC-IP-Address") == was.get("WARC-IP-Address")
    assert len(later) == 2
    for revisit in later:
        assert revisit.type == "revisit"
        assert revisit.get("WARC-Refers-To") == first.get("WARC-Record-ID")
        assert revisit.get("WARC-Refers-To-Target-URI") == TWIN
        assert revisit.get("WARC-Refers-To-Date") == first.get("WARC-Date")
        assert revisit.block == before[revisit.get("WARC-Record-ID")].block


def test_all_other_records_keep_their_bytes(folder: Path, key: Path) -> None:
    def others() -> list[Seen]:
        urls = (OTHER, LAST, None)
        return [record for record in read_collection(folder) if record.get("WARC-Target-URI") in urls]

    before = [record.block for record in others()]
    redact(folder, key)
    assert [record.block for record in others()] == before


def test_warcio_checks_what_was_rewritten(folder: Path, key: Path) -> None:
    from warcio.checker import Checker

    redact(folder, key)
    paths = sorted(map(str, (folder / "archive").glob("*.warc.gz")))
    checker = Checker(type("Arguments", (), {"verbose": False, "inputs": paths}))
    checker.process_all()
    assert checker.exit_value == 0
    assert len(paths) == 3


def test_cdxj_indexer_writes_the_same_index(folder: Path, key: Path) -> None:
    indexer = os.environ.get("TOOL_CDXJ_INDEXER") or shutil.which("cdxj-indexer")
    if not indexer:
        pytest.skip("cdxj-indexer is not installed: set TOOL_CDXJ_INDEXER to its path")
    redact(folder, key)
    paths = sorted(map(str, (folder / "archive").glob("*.warc.gz")))
    written = subprocess.run([indexer, "--sort", *paths], capture_output=True, check=True).stdout
    assert written.splitlines(keepends=True) == list(index_files.read_lines(folder / "indexes"))


def test_the_manifest_says_what_went_and_what_was_repaired(folder: Path, key: Path) -> None:
    names = sorted(path.name for path in (folder / "archive").iterdir())
    redact(folder, key)

    entries = [line.entry for line in Manifest(folder, key).lines()][3:]
    redactions = [entry.redaction for entry in entries if isinstance(entry, ClosedWarc)]
    assert [(len(each.records), len(each.repaired)) for each in redactions if each] == [
        (0, 2),
        (0, 1),
        (0, 1),
        (3, 0),
        (3, 0),
        (6, 0),
    ]
    assert {each.url for each in redactions if each} == {PAGE}
    gone = {record.get("WARC-Refers-To") for record in tombstones(folder)}
    assert {record for each in redactions if each for record in each.records} == gone
    fresh = sorted(path.name for path in (folder / "archive").iterdir())
    assert not set(names) & set(fresh)
    assert [name.rpartition("-")[0] for name in fresh] == [name.rpartition("-")[0] for name in names]


def test_a_kill_at_any_moment_is_made_good_by_the_same_command(
    folder: Path, key: Path, tmp_path: Path
) -> None:
    before = pages(folder)
    work = tmp_path / "work"
    tries = 0

    def others() -> list[tuple[str, str, int, bytes]]:
        return [page for page in pages(work / "news") if page[0] != PAGE]

    def check() -> None:
        assert others() == [
            page for page in before if page[0] != PAGE
        ]  # by readers that know nothing of a kill
        redact(work / "news", key)
        assert_redacted(work / "news", before)
        assert not list(work.rglob(f"*{rewriting.SUFFIX}"))

    for operation in survives_kills(work, lambda: redact(work / "news", key), check):
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(folder.parent, work)
        tries = operation
    assert tries > 60


def test_a_crawl_finishes_what_was_decided(folder: Path, key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(self: Rewriter) -> None:
        raise InterruptedError

    with monkeypatch.context() as patched:
        working = redactor(folder, key)
        holding = working.find(TWIN.__eq__)
        patched.setattr(Rewriter, "finish", killed)
        with pytest.raises(InterruptedError):
            working.redact(holding, Redaction(TWIN, TAKEDOWN.date, "x"))
    assert (folder / JOURNAL).exists()

    moving = Moving(folder.parent / "catalogue.json")
    crawl = Collection(folder, "news", {}, 10**9, referrers=[moving], manifest=Manifest(folder, key))
    crawl.recover()
    assert not (folder / JOURNAL).exists()
    assert len(tombstones(folder)) == 3
    assert not [found for found in verify_collection(folder, Checked()) if found.severity is Severity.FAULT]


def test_a_second_time_nothing_is_done(folder: Path, key: Path) -> None:
    redact(folder, key)
    before = {path: path.stat().st_ino for path in folder.rglob("*")}
    redact(folder, key)
    assert {path: path.stat().st_ino for path in folder.rglob("*")} == before


def test_a_changed_file_is_refused_before_anything_is_done(folder: Path, key: Path) -> None:
    path = max((folder / "archive").iterdir())
    path.write_bytes(path.read_bytes() + path.read_bytes())
    before = {path: path.stat().st_ino for path in folder.rglob("*")}
    with pytest.raises(ArchiveChanged, match=f"{path.name} is not what the manifest says"):
        redact(folder, key)
    assert {path: path.stat().st_ino for path in folder.rglob("*")} == before


def test_a_changed_tombstone_is_a_fault(folder: Path, key: Path) -> None:
    redact(folder, key)
    path = max((folder / "archive").iterdir())
    grave = next(record for record in read_warc(path) if record.block.startswith(b"redacted: "))
    data = path.read_bytes()
    end = grave.offset + grave.length
    forged = gzip.decompress(data[grave.offset : end]).replace(b"person named", b"press office")
    path.write_bytes(data[: grave.offset] + gzip.compress(forged) + data[end:])

    faults = [found.sentence for found in verify_collection(folder, Checked())]
    assert any("signature of the tombstone" in sentence and PAGE in sentence for sentence in faults)


def test_an_import_keeps_its_origin_and_does_not_bring_the_page_back(
    folder: Path, key: Path, tmp_path: Path
) -> None:
    foreign = news(3)
    foreign.exchange(PAGE, answer(SECRET))
    first, second = foreign.save(tmp_path / "first.warc.gz"), news(1)
    second.exchange(PAGE, answer(SECRET + b"!"))

    def bring_in(path: Path) -> list[Path]:
        moving = Moving(folder.parent / "catalogue.json")
        writing = Collection(folder, "news", {}, 10**9, referrers=[moving], manifest=Manifest(folder, key))
        return writing.bring_in(path, pytest.fail)

    (ours,) = bring_in(first)
    redact(folder, key)
    (rewritten,) = (folder / "archive").glob("*-import-*")
    assert rewritten != ours
    assert rewritten.name.endswith(ours.name[ours.name.index("-import-") :])
    assert bring_in(first) == [rewritten]
    bring_in(second.save(tmp_path / "second.warc.gz"))

    assert PAGE not in {page[0] for page in pages(folder)}
    assert SECRET + b"!" not in all_bytes(folder)
    assert not [found for found in verify_collection(folder, Checked()) if found.severity is Severity.FAULT]


def test_a_package_made_afterwards_holds_nothing_of_it(folder: Path, key: Path, tmp_path: Path) -> None:
    redact(folder, key)
    out = tmp_path / "news.wacz"
    packed = pack(folder, out, [], Description("News", "", "test"), read_or_make_key(key))

    assert packed.files == 3
    paths = [out]
    with CaptureReader(paths, pytest.fail) as reader:
        assert PAGE not in {capture.url for capture in reader.read(out)}


def test_pages_with_the_same_content_are_named(folder: Path, key: Path) -> None:
    found = redactor(folder, key).find(PAGE.__eq__)
    assert found.same_content == {TWIN, GONE}
    assert found.captures == 4
