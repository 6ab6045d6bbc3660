"""Records of foreign archives in ours: copied octet by octet, one file for each of theirs, with their origin."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from typing import IO

from isal import isal_zlib
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from archive.collection.page_records import IsPage, belongs
from archive.errors import ArchiveUnreadable
from archive.index import cdxj
from archive.warc.exchanges import Exchange, group_exchanges
from archive.warc.files import RecordFile
from archive.warc.gzip_file import LEVEL, WarcFile
from archive.warc.payloads import payload_of, sha1_digest, split_message
from archive.warc.reader import Octets, Record, Report, read_records
from archive.warc.records import warcinfo

_NAME = re.compile(r".*-import-.*-[0-9a-f]{16}\.warc\.gz")
_UNSAFE = re.compile(r"[^A-Za-z0-9._]+")
_MAX_NAME_CHARS = 80
_CHUNK_BYTES = 1024 * 1024
_KEPT_INFO = ("software", "operator", "isPartOf", "format", "conformsTo")
_ANY_HTTP = StatusAndHeadersParser(["HTTP/"], verify=False)


def origin_of(file: RecordFile, sha256: str) -> str:
    """What the name of our copy says of a foreign file: its own name, and the beginning of its SHA-256."""
    name = (file.member or file.path.name).rpartition("/")[2].removesuffix(".gz").removesuffix(".warc")
    return f"import-{_UNSAFE.sub('_', name)[:_MAX_NAME_CHARS]}-{sha256[:16]}"


def is_import(name: str) -> bool:
    """Whether a file of our archive is the copy of a foreign one."""
    return _NAME.fullmatch(name) is not None


def copy_records(
    file: RecordFile,
    sha256: str,
    ours: WarcFile,
    info: Mapping[str, str],
    report: Report,
    is_redacted: IsPage,
) -> Iterator[bytes]:
    """Append the whole records of a foreign WARC to a file of ours: the lines of its index.

    Gzip members are copied as they are; uncompressed records become one each. Records of redacted
    pages are left out, for what was taken down must not come back.
    Damage is told to `report`; `ArchiveUnreadable` if the file is no WARC or its records cannot be cut out.
    """
    _refuse_arc(file)
    ours.append(warcinfo(ours.name, _origin_info(file, sha256, info)).to_bytes())
    for exchange in group_exchanges(_copied(file, ours, report, is_redacted)):
        if exchange.answer is not None and exchange.method == "GET":
            yield from index_lines(exchange, exchange.answer, ours.name)


def _refuse_arc(file: RecordFile) -> None:
    with file.open() as octets:
        if Octets(octets, file.size).text_at(0).startswith(b"filedesc://"):
            raise ArchiveUnreadable(
                f"{file} is an ARC file, whose records are not those of a WARC: "
                f"run `warcio recompress {file} NEW.warc.gz` and import that."
            )


def _origin_info(file: RecordFile, sha256: str, info: Mapping[str, str]) -> dict[str, str]:
    name = f"{file.path.name}!{file.member}" if file.member else file.path.name
    return {
        "description": "Records of another archive, copied octet by octet",
        "imported-from": name,
        "imported-sha256": sha256,
        "imported-bytes": str(file.size),
        **{key: info[key] for key in _KEPT_INFO if key in info},
    }


def _copied(file: RecordFile, ours: WarcFile, report: Report, is_redacted: IsPage) -> Iterator[Record]:
    """The records of a file, each with its place in the copy."""
    with file.open() as stream:
        octets = Octets(stream, file.size)
        left_out: set[str] = set()
        for record in read_records(file, report):
            if belongs(record, is_redacted, left_out):
                left_out.add(record.get("warc-record-id"))
                continue
            # Of an uncompressed record the length goes up to the next one, whatever lies between them.
            end = None if octets.compressed else octets.end_of_record(record.offset)
            pieces = _pieces(stream, record.offset, end or record.offset + record.length)
            member = pieces if octets.compressed else _compressed(pieces)
            date = "" if record.type == "warcinfo" else record.get("warc-date")
            offset, length = ours.append_member(member, date)
            yield replace(record, offset=offset, length=length)


def _pieces(stream: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    stream.seek(start)
    while start < end and (piece := stream.read(min(end - start, _CHUNK_BYTES))):
        start += len(piece)
        yield piece


def _compressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    compressor = isal_zlib.compressobj(LEVEL, wbits=isal_zlib.MAX_WBITS | 16)
    for piece in pieces:
        yield compressor.compress(piece)
    yield compressor.flush()


def index_lines(exchange: Exchange, answer: Record, filename: str) -> Iterator[bytes]:
    """The line of an answer, as cdxj-indexer has it; none for what pywb cannot show."""
    if not exchange.url.startswith(("http://", "https://")) or not answer.get("warc-date"):
        return
    yield cdxj.cdxj_line(
        exchange.url,
        answer.get("warc-date"),
        _head_of(answer),
        answer.get("warc-payload-digest") or sha1_digest(payload_of(answer)),
        filename=filename,
        offset=answer.offset,
        length=answer.length,
        is_revisit=answer.type == "revisit",
    )


def _head_of(answer: Record) -> StatusAndHeaders:
    head = split_message(answer)[0]
    if answer.type == "resource" or not head:
        return StatusAndHeaders("", [("Content-Type", answer.get("content-type"))])
    return _ANY_HTTP.parse(BytesIO(head))
