"""Whether a collection is what was written: manifest, files, records and index are compared with each other.

Everything is streamed: memory depends neither on the size of files nor on the length of the index.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from archive.checks.findings import Checked, Finding, fault, note, spoken_lines
from archive.checks.index_check import IndexedLines
from archive.checks.manifest_check import ManifestChain
from archive.checks.record_check import RecordsCheck
from archive.errors import ArchiveUnreadable
from archive.evidence.manifest import MANIFEST_NAME
from archive.evidence.manifest_lines import Head, current_files
from archive.objects.whereabouts import files_in
from archive.warc.closed_file import ClosedWarc
from archive.warc.files import RecordFile
from archive.warc.gzip_file import OPEN_SUFFIX


def verify_collection(
    folder: Path, checked: Checked, expected_key: str = "", heads: Iterable[Head] = ()
) -> Iterator[Finding]:
    """Report what is wrong with the collection in a folder.

    `expected_key` is the id of the key that must have signed last, `heads` are ends of the manifest that were
    kept elsewhere.
    """
    chain = ManifestChain(folder / MANIFEST_NAME)
    checked.lines = len(chain.lines)
    yield from chain.check(expected_key)
    for head in heads:
        yield from chain.check_end(head)
    listed = current_files(chain.readable)
    with closing(IndexedLines()) as index:
        yield from index.load(folder / "indexes")
        checked.indexed = index.count
        yield from _check_files(folder / "archive", listed, index, checked)


def _check_files(
    archive: Path, listed: dict[str, ClosedWarc], index: IndexedLines, checked: Checked
) -> Iterator[Finding]:
    present = {path.name for path in files_in(archive)}
    left_open = {path.name.removesuffix(OPEN_SUFFIX) for path in archive.glob(f"*{OPEN_SUFFIX}")}
    for name in sorted(left_open):
        index.take(name)
        yield note(name, f"{name} is still open: a crawl was killed, and the next one closes the file.")
    for name in sorted(listed.keys() - present - left_open):
        yield fault(name, f"{name} is gone: the manifest lists it.")
    for name in sorted(present):
        checked.files += 1
        yield from _check_file(archive / name, listed.get(name), index.take(name), checked)
    for name, count in index.left():
        yield fault(name, f"The index has {spoken_lines(count)} for {name}, which is not there.")


def _check_file(
    path: Path, listed: ClosedWarc | None, lines: dict[int, list[bytes]], checked: Checked
) -> Iterator[Finding]:
    name, file = path.name, RecordFile(path)
    records = RecordsCheck(file, lines)
    try:
        checked.bytes += file.size
        if listed is None:
            yield fault(name, f"{name} is not in the manifest: the archive did not write it.")
        elif (file.size, file.sha256()) != (listed.bytes, listed.sha256):
            yield fault(name, f"{name} was changed: size or SHA-256 is not what the manifest says of it.")
        yield from records.run()
    except ArchiveUnreadable as error:
        yield fault(name, str(error))
    checked.records += records.count
    if listed is not None and records.count != listed.records:
        yield fault(name, f"{name} has {records.count} whole records; the manifest says {listed.records}.")
