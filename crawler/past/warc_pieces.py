"""Filters a piece of a WARC file: what is of the chosen publishers is kept as it is, with a note for our archive."""

import gzip
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO

from archive.warc.exchanges import Exchange, ExchangeGrouper
from archive.warc.http import status_of
from archive.warc.new_records import NewRecord, warc_fields
from archive.warc.payloads import split_message
from archive.warc.record import WarcRecord
from archive.warc.record_blocks import DAMAGE
from archive.warc.record_rows import Rows, rows_of
from crawler.discovery.links import Dropped, make_link
from crawler.http.decoding import ContentError
from crawler.items import Discovery, Link, Origin, RawPage
from crawler.past.publishers import Publishers


class NoWarc(ContentError):
    """A piece holds no records that are compressed one by one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What a piece gave."""

    kept: bytes
    """Whole gzip members: records of the publishers, after each exchange a metadata record of ours."""
    read: int
    """Bytes to the end of the last whole exchange; the next piece begins there."""
    lost: int
    """Bytes that were damaged among these."""


def filter_piece(raw: RawPage, is_last: bool, publishers: Publishers) -> Piece:
    """The exchanges of publishers in a piece that begins with a record; of the last piece nothing is left over.

    `raw` is the piece with the URL of its file and the evidence of that. NoWarc if it begins with no record.
    """
    kept, grouper, offsets, lost = bytearray(), ExchangeGrouper(), 0, 0
    for record, skipped in _records(raw, is_last):
        lost += skipped
        if record is None:
            offsets = len(raw.body)
            continue
        finished = grouper.add(record)
        offsets = record.offset + record.length
        if finished is not None:
            kept += _kept(raw, finished, publishers)
    last = grouper.last()
    if last is not None and is_last:
        kept += _kept(raw, last, publishers)
    return Piece(bytes(kept), last.offset if last is not None and not is_last else offsets, lost)


def _records(raw: RawPage, is_last: bool) -> Iterator[tuple[WarcRecord | None, int]]:
    """The whole records of a piece, each with the number of damaged bytes before it; at last None, with the rest."""
    rows = _rows(raw)
    offset, hole = 0, 0
    while offset < len(raw.body):
        try:
            record = rows.at(offset)
        except DAMAGE:
            following = rows.next_start(offset + 1)
            if following is None:
                break
            hole, offset = hole + following - offset, following
            continue
        if record is None:
            break
        yield record, hole
        hole, offset = 0, record.offset + record.length
    if is_last:
        yield None, hole + len(raw.body) - offset


def _rows(raw: RawPage) -> Rows:
    try:
        rows = rows_of(BytesIO(raw.body), len(raw.body), raw.url)
    except DAMAGE as error:
        raise NoWarc("its beginning is no gzip member") from error
    if not rows.are_gzip_members:
        raise NoWarc("its records are not gzip members of their own")
    return rows


def _kept(raw: RawPage, exchange: Exchange, publishers: Publishers) -> bytes:
    """The members of an exchange that is to be kept, and a note; nothing if it is not."""
    answer = exchange.answer
    if answer is None or answer.type != "response" or exchange.method != "GET":
        return b""
    if status_of(split_message(answer)[0]) != 200:
        return b""
    publisher = publishers.find(exchange.url)
    link = make_link(raw, exchange.url, Discovery.CC_NEWS) if publisher else Dropped.ELSEWHERE
    if publisher is None or isinstance(link, Dropped):
        return b""
    link = publisher.named(link)
    link = replace(link, evidence=replace(link.evidence, origin=Origin.CC_NEWS, read_to=""))
    records = [record for record in (exchange.request, answer) if record is not None]
    members = [raw.body[each.offset : each.offset + each.length] for each in sorted(records, key=_offset)]
    return b"".join([*members, _note(answer, link)])


def _offset(record: WarcRecord) -> int:
    return record.offset


def _note(answer: WarcRecord, link: Link) -> bytes:
    """A metadata record for an answer, in a gzip member; the same one each time."""
    its_id = answer.get("warc-record-id")
    fields = (
        ("WARC-Target-URI", answer.get("warc-target-uri")),
        ("WARC-Date", answer.get("warc-date")),
        ("WARC-Concurrent-To", its_id),
        ("Content-Type", "application/warc-fields"),
    )
    name = f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, its_id)}>"
    written = BytesIO()
    NewRecord("metadata", name, fields, warc_fields(link.notes)).write_to(written)
    return gzip.compress(written.getvalue(), mtime=0)
