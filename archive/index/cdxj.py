"""The sorted index of captures (CDXJ), line by line as `cdxj-indexer --sort` writes it.

HEAD and POST are left out: pywb would find them by their URL and show them for a GET.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from archive.index.index_files import find_lines
from archive.index.surt import surt_key
from archive.warc.digests import sha1_digest
from archive.warc.exchanges import Exchange, group_exchanges
from archive.warc.files import RecordFile
from archive.warc.payloads import payload_of, split_message
from archive.warc.reader import read_records
from archive.warc.record import WarcRecord
from archive.warc.warc_dates import timestamp

# warcio's reading of a head is that of cdxj-indexer, in odd heads too: of repeated headers the first counts.
_HEAD_PARSER = StatusAndHeadersParser(["HTTP/"], verify=False)
_MIME_END = re.compile(r"[;\s]")


def index_line(exchange: Exchange, filename: str) -> bytes | None:
    """The line of an exchange's answer; None if the index has none for it."""
    answer = exchange.answer
    if answer is None or exchange.method != "GET" or not answer.get("warc-date"):
        return None
    if not exchange.url.startswith(("http://", "https://")):
        return None
    head = _head_of(answer)
    entry = {
        "url": exchange.url,
        "mime": "warc/revisit" if answer.type == "revisit" else _mime(head.get_header("Content-Type")),
        "status": head.get_statuscode() or None,
        "digest": answer.get("warc-payload-digest") or sha1_digest(payload_of(answer)),
        "length": str(answer.length),
        "offset": str(answer.offset),
        "filename": filename,
    }
    known = {name: value for name, value in entry.items() if value is not None}
    return f"{surt_key(exchange.url)} {timestamp(answer.get('warc-date'))} {json.dumps(known)}\n".encode()


def read_lines(warc: Path, filename: str) -> Iterator[bytes]:
    """The lines of one of our WARC files, in record order.

    An answer without its request was cut off while it was written: it is left out.
    """
    for exchange in group_exchanges(read_records(RecordFile(warc), lambda _: None)):
        if exchange.request is not None and (line := index_line(exchange, filename)) is not None:
            yield line


def entry_of(line: bytes) -> dict[str, str]:
    """The fields of an index line, with its timestamp; ValueError if it is none."""
    _, timestamp, text = line.decode().split(" ", 2)
    fields = json.loads(text)
    if not isinstance(fields, dict):
        raise ValueError("no JSON object at the end of the line")
    return {"timestamp": timestamp, **fields}


def find_entries(indexes: Path, url: str) -> Iterator[dict[str, str]]:
    """The fields of the index lines of a URL's captures; damaged lines, which a check reports, are left out."""
    for line in find_lines(indexes, f"{surt_key(url)} ".encode()):
        with suppress(ValueError):
            yield entry_of(line)


def _head_of(answer: WarcRecord) -> StatusAndHeaders:
    head = split_message(answer)[0]
    if not head:
        return StatusAndHeaders("", [("Content-Type", answer.get("content-type"))])
    return _HEAD_PARSER.parse(BytesIO(head))


def _mime(content_type: str | None) -> str | None:
    return _MIME_END.split(content_type, maxsplit=1)[0] if content_type else content_type
