"""The sorted index of captures (CDXJ), line by line as `cdxj-indexer --sort` writes it.

HEAD and POST are left out: found by URL alone, they would be shown for a GET.
"""

import heapq
import json
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import groupby
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from archive.durable import replace_file
from archive.surt import surt_key

INDEX_NAME = "index.cdxj"
_HTTP = StatusAndHeadersParser(["HTTP/1.0", "HTTP/1.1"])
_MIME_END = re.compile(r"[;\s]")


def parse_head(http_head: bytes) -> StatusAndHeaders:
    """An HTTP head as warcio reads it, and with it cdxj-indexer: of repeated headers the first counts."""
    return _HTTP.parse(BytesIO(http_head))


def cdxj_line(
    url: str, warc_date: str, head: StatusAndHeaders, digest: str, *, filename: str, offset: int, length: int
) -> bytes:
    """The line of a response record, without line end."""
    entry = {
        "url": url,
        "mime": _mime(head.get_header("Content-Type")),
        "status": head.get_statuscode(),
        "digest": digest,
        "length": str(length),
        "offset": str(offset),
        "filename": filename,
    }
    known = {name: value for name, value in entry.items() if value is not None}
    timestamp = re.sub(r"\D", "", warc_date)[:14]
    return f"{surt_key(url)} {timestamp} {json.dumps(known)}\n".encode()


def is_indexed(method: str) -> bool:
    """Whether captures of this method are found by their URL."""
    return method == "GET"


def read_lines(warc: Path, filename: str) -> Iterator[bytes]:
    """The lines of a WARC that is on disk already, in its own order.

    A response that its request does not follow was cut off in writing: it is left out.
    """
    with warc.open("rb") as file:
        records = ArchiveIterator(file)
        response_id, line = "", b""
        for record in records:
            fields = record.rec_headers
            if record.rec_type == "response":
                response_id = fields.get_header("WARC-Record-ID")
                line = cdxj_line(
                    fields.get_header("WARC-Target-URI"),
                    fields.get_header("WARC-Date"),
                    record.http_headers,
                    fields.get_header("WARC-Payload-Digest"),
                    filename=filename,
                    offset=records.get_record_offset(),
                    length=records.get_record_length(),
                )
            elif (
                record.rec_type == "request"
                and fields.get_header("WARC-Concurrent-To") == response_id
                and is_indexed(record.http_headers.protocol)
            ):
                yield line


def add_lines(indexes: Path, lines: Iterable[bytes]) -> None:
    """Add lines to the index in a folder, all of them or none; known ones are not repeated.

    One file for now; this is where lines of few captures will go to a smaller one.
    """
    indexes.mkdir(parents=True, exist_ok=True)
    index = indexes / INDEX_NAME
    with index.open("rb") if index.exists() else BytesIO() as known:
        merged = heapq.merge(known, sorted(lines))
        replace_file(index, (line for line, _ in groupby(merged)))


def _mime(content_type: str | None) -> str | None:
    return _MIME_END.split(content_type, maxsplit=1)[0].strip() if content_type else content_type
