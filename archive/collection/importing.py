"""Records of foreign archives in ours: copied unchanged, one file for each of theirs, with their origin."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import blake2b
from itertools import islice
from typing import IO

from isal import isal_zlib

from archive.collection.page_records import IsPage, belongs
from archive.errors import ArchiveUnreadable
from archive.index.cdxj import index_line
from archive.warc.byte_ranges import read_range
from archive.warc.exchanges import group_exchanges
from archive.warc.files import RecordFile, Report
from archive.warc.gzip_file import LEVEL, WarcFile
from archive.warc.heads import ARC
from archive.warc.new_records import warcinfo
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord
from archive.warc.record_rows import Rows, rows_of

_NAME = re.compile(r".*-import-.*-[0-9a-f]{16}\.warc\.gz")
_UNSAFE = re.compile(r"[^A-Za-z0-9._]+")
_MAX_NAME_CHARS = 80
_KEPT_INFO = ("software", "operator", "isPartOf", "format", "conformsTo")


def origin_of(file: RecordFile, sha256: str) -> str:
    """The end of our copy's name: the name of the foreign file and the beginning of its SHA-256."""
    name = (file.member or file.path.name).rpartition("/")[2].removesuffix(".gz").removesuffix(".warc")
    return f"import-{_UNSAFE.sub('_', name)[:_MAX_NAME_CHARS]}-{sha256[:16]}"


def is_import(name: str) -> bool:
    """Whether a file of our archive is the copy of a foreign file."""
    return _NAME.fullmatch(name) is not None


def copy_records(
    file: RecordFile,
    sha256: str,
    ours: WarcFile,
    info: Mapping[str, str],
    report: Report,
    is_redacted: IsPage,
) -> Iterator[bytes]:
    """Append the whole records of a foreign WARC to a file of ours, and give the lines of its index.

    Gzip members are copied as they are; other records become one each. Records of redacted pages are left out,
    for what was taken down must not come back. The copy is read again: if it is not what was read, that is
    `ArchiveUnreadable`, as it is if the file is no WARC. Damage is reported.
    """
    with file.open() as stream:
        rows = rows_of(stream, file.size, str(file))
        if rows.shape is ARC:
            raise ArchiveUnreadable(
                f"{file} is an ARC file, whose records are not those of a WARC: "
                f"run `warcio recompress {file} NEW.warc.gz` and import that."
            )
        ours.append(warcinfo(ours.name, _origin_info(file, sha256, info)).to_bytes())
        copied = _Fingerprint()
        records = _copied(file, rows, stream, ours, report, is_redacted)
        for exchange in group_exchanges(map(copied.add, records)):
            if line := index_line(exchange, ours.name):
                yield line
    _read_back(file, ours, copied)


class _Fingerprint:
    """What the records of a file are, in a few bytes."""

    def __init__(self) -> None:
        self._hash = blake2b()

    def add(self, record: WarcRecord) -> WarcRecord:
        """Take the next record; returns it."""
        self._hash.update(repr((record.headers, record.whole, record.offset, record.length)).encode())
        self._hash.update(record.block)
        return record

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Fingerprint) and self._hash.digest() == other._hash.digest()

    __hash__ = None  # type: ignore[assignment]


def _read_back(file: RecordFile, ours: WarcFile, copied: _Fingerprint) -> None:
    """`ArchiveUnreadable` if the copy does not give the records that were copied."""
    found, complaints = _Fingerprint(), list[str]()
    for record in islice(read_records(RecordFile(ours.path), complaints.append), 1, None):
        found.add(record)
    if complaints or found != copied:
        raise ArchiveUnreadable(
            f"The copy of {file} does not read as the file itself, so it was not imported: "
            "replay the file where it lies, without importing it."
        )


def _origin_info(file: RecordFile, sha256: str, info: Mapping[str, str]) -> dict[str, str]:
    name = f"{file.path.name}!{file.member}" if file.member else file.path.name
    return {
        "description": "Records of another archive, copied unchanged",
        "imported-from": name,
        "imported-sha256": sha256,
        "imported-bytes": str(file.size),
        **{key: info[key] for key in _KEPT_INFO if key in info},
    }


def _copied(
    file: RecordFile, rows: Rows, stream: IO[bytes], ours: WarcFile, report: Report, is_redacted: IsPage
) -> Iterator[WarcRecord]:
    """The records of a file, each with its offset and length in the copy."""
    left_out: set[str] = set()
    for record in read_records(file, report):
        if belongs(record, is_redacted, left_out):
            left_out.add(record.get("warc-record-id"))
            continue
        if rows.are_gzip_members:
            member = read_range(stream, record.offset, record.length)
        else:
            member = _compressed(rows.text(record))
        date = "" if record.type == "warcinfo" else record.get("warc-date")
        offset, length = ours.append_member(member, date)
        yield replace(record, offset=offset, length=length)


def _compressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    compressor = isal_zlib.compressobj(LEVEL, wbits=isal_zlib.MAX_WBITS | 16)
    for piece in pieces:
        yield compressor.compress(piece)
    yield compressor.flush()
