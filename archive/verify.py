"""Whether a collection is what was written: manifest, files, records, index, each held against the others.

Everything streams: memory depends neither on the size of files nor on the length of the index.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from archive.chain import Chain
from archive.exchanges import Exchange, group_exchanges
from archive.files import ArchiveUnreadable, RecordFile
from archive.findings import Checked, Finding, Severity, fault, note
from archive.imports import index_lines, is_import
from archive.indexed import IndexedLines, entry_of
from archive.manifest import MANIFEST_NAME, ClosedWarc, Head, current_files
from archive.merging import JOURNAL
from archive.payloads import payload_of, split_message
from archive.stream import Record, read_records
from archive.warcfile import OPEN_SUFFIX

_ALGORITHMS = ("sha1", "sha256", "sha512", "md5")
_WITH_PAYLOAD = ("response", "request", "resource")


def verify_collection(
    folder: Path, checked: Checked, expected_key: str = "", heads: Iterable[Head] = ()
) -> Iterator[Finding]:
    """Check the collection in a folder and say what is wrong with it; nothing is what should come out.

    `expected_key` is the id of the key that must have signed, `heads` are ends of the manifest that were
    kept elsewhere.
    """
    if (folder / JOURNAL).exists():
        yield fault(
            JOURNAL,
            "A killed run was putting small files together: start any crawl, which finishes that, and verify again.",
        )
    chain = Chain(folder / MANIFEST_NAME)
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
    present = {path.name for path in archive.glob("*.warc.gz")}
    left_open = {path.name.removesuffix(OPEN_SUFFIX) for path in archive.glob(f"*{OPEN_SUFFIX}")}
    for name in sorted(left_open):
        index.take(name)
        yield note(
            name, f"{name} is still open: a crawl runs, or was killed and the next one closes the file."
        )
    for name in sorted(listed.keys() - present - left_open):
        yield fault(name, f"{name} is gone: the manifest lists it.")
    for name in sorted(present):
        checked.files += 1
        yield from _check_file(archive / name, listed.get(name), index.take(name), checked)
    for name, lines in index.left():
        yield fault(name, f"{lines} lines of the index lead into {name}, which is not there.")


def _check_file(
    path: Path, listed: ClosedWarc | None, lines: dict[int, list[bytes]], checked: Checked
) -> Iterator[Finding]:
    file, before = RecordFile(path), checked.records
    try:
        checked.bytes += file.size
        if listed is None:
            yield fault(path.name, f"{path.name} is not in the manifest: it was put there by somebody else.")
        elif (file.size, file.sha256()) != (listed.bytes, listed.sha256):
            yield fault(
                path.name,
                f"{path.name} was changed: size or SHA-256 is not what the manifest says of it.",
            )
        yield from _check_records(file, lines, checked)
    except ArchiveUnreadable as error:
        yield fault(path.name, str(error))
    records = checked.records - before
    if listed is not None and records != listed.records:
        yield fault(
            path.name, f"{path.name} has {records} whole records; the manifest says {listed.records}."
        )


def _check_records(file: RecordFile, lines: dict[int, list[bytes]], checked: Checked) -> Iterator[Finding]:
    name, findings = file.path.name, list[Finding]()
    unindexed: list[str] = []

    def checking() -> Iterator[Record]:
        for record in read_records(file, lambda sentence: findings.append(fault(name, sentence))):
            checked.records += 1
            findings.extend(check_record(record, name))
            yield record

    for exchange in group_exchanges(checking()):
        findings.extend(_check_index(exchange, lines, name, unindexed))
        yield from findings
        findings.clear()
    yield from findings
    if unindexed:
        yield fault(
            name,
            f"{len(unindexed)} answers in {name} have no line in the index; the first is that of {unindexed[0]}.",
        )
    stray = [(offset, line) for offset, found in sorted(lines.items()) for line in found]
    if stray:
        offset, line = stray[0]
        yield fault(
            name,
            f"{len(stray)} lines of the index lead to octets of {name} where no such answer begins; "
            f"the first is that of {entry_of(line).get('url')} at octet {offset}.",
        )


def check_record(record: Record, name: str) -> Iterator[Finding]:
    """Compute the digests of a record anew and say which are wrong."""
    if not record.whole:
        yield note(name, f"{_place(record, name)} is too large for its digests to be computed.")
        return
    # A foreign record that came with a wrong digest was copied as it was.
    severity = Severity.NOTE if is_import(name) else Severity.FAULT
    if not _agrees(record.get("warc-block-digest"), [record.block]):
        yield Finding(severity, name, f"{_place(record, name)} does not have its block digest.")
    payload_digest = record.get("warc-payload-digest")
    if record.type in _WITH_PAYLOAD and not _agrees(payload_digest, _payloads(record)):
        yield Finding(severity, name, f"{_place(record, name)} does not have its payload digest.")


def _payloads(record: Record) -> Iterator[bytes]:
    """What a payload digest may be made of: the body as stored, or without chunk lines."""
    yield split_message(record)[1]
    yield payload_of(record)


def _agrees(recorded: str, candidates: Iterable[bytes]) -> bool:
    """Whether a digest (`sha1:` and base32, or another algorithm, or hex) is that of one of some octets."""
    algorithm, _, value = recorded.partition(":")
    if algorithm.lower() not in _ALGORITHMS:
        return True
    for octets in candidates:
        found = hashlib.new(algorithm.lower(), octets, usedforsecurity=False)
        if value.upper() in (base64.b32encode(found.digest()).decode(), found.hexdigest().upper()):
            return True
    return False


def _check_index(
    exchange: Exchange, lines: dict[int, list[bytes]], name: str, unindexed: list[str]
) -> Iterator[Finding]:
    """Hold an answer against the lines that lead to it, which are taken out of `lines`."""
    answer = exchange.answer
    if answer is None:
        return
    # An answer of ours without its request was cut off in writing.
    is_indexed = exchange.method == "GET" and (exchange.request is not None or is_import(name))
    expected = next(index_lines(exchange, answer, name), None) if is_indexed else None
    found = lines.pop(answer.offset, [])
    if expected is not None and not found:
        unindexed.append(f"{exchange.url} at octet {answer.offset}")
    for line in found:
        if expected is None:
            yield fault(
                name, f"A line of the index leads to {_place(answer, name)}, which has no place there."
            )
        elif line != expected:
            yield fault(
                name,
                f"A line of the index does not describe {_place(answer, name)}: {_difference(line, expected)}.",
            )


def _difference(line: bytes, expected: bytes) -> str:
    said, true = entry_of(line), entry_of(expected)
    for field in true | said:
        if said.get(field) != true.get(field):
            return f"its {field} is {said.get(field)!r}, the record's {true.get(field)!r}"
    return "it is written or sorted otherwise"


def _place(record: Record, name: str) -> str:
    kind = record.type or "unknown"
    return (
        f"the {kind} record at octet {record.offset} of {name} ({record.get('warc-target-uri') or 'no URL'})"
    )
