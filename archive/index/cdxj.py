"""The sorted index of captures (CDXJ), line by line as `cdxj-indexer --sort` writes it.

HEAD and POST are left out: found by URL alone, they would be shown for a GET.
"""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from archive.index.index_files import find_lines
from archive.index.surt import surt_key

_HTTP = StatusAndHeadersParser(["HTTP/1.0", "HTTP/1.1"])
_MIME_END = re.compile(r"[;\s]")


def parse_head(http_head: bytes) -> StatusAndHeaders:
    """An HTTP head as warcio reads it, and with it cdxj-indexer: of repeated headers the first counts."""
    return _HTTP.parse(BytesIO(http_head))


def cdxj_line(
    url: str,
    warc_date: str,
    head: StatusAndHeaders,
    digest: str,
    *,
    filename: str,
    offset: int,
    length: int,
    is_revisit: bool = False,
) -> bytes:
    """The line of a response or revisit record."""
    entry = {
        "url": url,
        "mime": "warc/revisit" if is_revisit else _mime(head.get_header("Content-Type")),
        "status": head.get_statuscode() or None,
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

    An answer that its request does not follow was cut off in writing: it is left out.
    """
    with warc.open("rb") as file:
        records = ArchiveIterator(file)
        answer_id, line = "", b""
        for record in records:
            fields = record.rec_headers
            if record.rec_type in ("response", "revisit"):
                answer_id = fields.get_header("WARC-Record-ID")
                line = cdxj_line(
                    fields.get_header("WARC-Target-URI"),
                    fields.get_header("WARC-Date"),
                    record.http_headers,
                    fields.get_header("WARC-Payload-Digest"),
                    filename=filename,
                    offset=records.get_record_offset(),
                    length=records.get_record_length(),
                    is_revisit=record.rec_type == "revisit",
                )
            elif (
                record.rec_type == "request"
                and fields.get_header("WARC-Concurrent-To") == answer_id
                and is_indexed(record.http_headers.protocol)
            ):
                yield line


def find_entries(indexes: Path, url: str) -> Iterator[dict[str, str]]:
    """What the indexes in a folder say of a URL's captures, one dictionary each."""
    for line in find_lines(indexes, f"{surt_key(url)} ".encode()):
        yield json.loads(line.split(b" ", 2)[2])


def _mime(content_type: str | None) -> str | None:
    return _MIME_END.split(content_type, maxsplit=1)[0].strip() if content_type else content_type
