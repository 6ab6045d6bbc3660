"""The index of an archive as Apache Parquet, for questions about millions of records. Needs the extra `parquet`.

The columns are those of Common Crawl's columnar index (https://commoncrawl.org/columnar-index), the rows sorted by SURT
key and time: of a host or an address a reader needs the few row groups whose statistics have its keys.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from crawler.errors import OperatorError
from crawler.exports.parquet import parquet_library

ROWS = 100_000
"""In a row group; so many are in memory together."""

_HOST = re.compile(r"https?://(?:[^/?#@]*@)?([^/?#:]*)", re.IGNORECASE)


class CaptureRow(NamedTuple):
    """A line of the index; what it does not say is None."""

    url_surtkey: str
    url: str
    url_host_name: str
    fetch_time: str
    """As in the line: 14 digits, UTC."""
    fetch_status: int | None
    content_mime_type: str | None
    content_digest: str | None
    warc_filename: str
    warc_record_offset: int
    warc_record_length: int

    @classmethod
    def of(cls, line: bytes) -> "CaptureRow":
        """The row of a CDXJ line; ValueError if it is none."""
        key, time, text = line.decode().split(" ", 2)
        fields = json.loads(text)
        try:
            url, status = fields["url"], fields.get("status")
            host = _HOST.match(url)
            return cls(
                key,
                url,
                host[1].lower() if host else "",
                time,
                int(status) if status else None,
                fields.get("mime"),
                fields.get("digest"),
                fields["filename"],
                int(fields["offset"]),
                int(fields["length"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no line of an index: {error}") from None


@dataclass(slots=True)
class Written:
    """How many lines became rows, and how many were left out because they are damaged."""

    rows: int = 0
    damaged: int = 0


def write_captures(lines: Iterable[bytes], out: BinaryIO) -> Written:
    """Write the rows of sorted CDXJ lines; OperatorError if they are not sorted."""
    pa = parquet_library()
    from pyarrow.parquet import ParquetWriter, SortingColumn

    schema, written = _schema(pa), Written()
    order = SortingColumn.from_ordering(schema, [(name, "ascending") for name in _ORDER])
    options = {"compression": "zstd", "sorting_columns": order, "use_dictionary": [*_REPEATED]}
    with ParquetWriter(out, schema, **options) as writer:
        rows_left = _rows(lines, written)
        while rows := list(islice(rows_left, ROWS)):
            writer.write_table(_table(pa, schema, rows))
            written.rows += len(rows)
    return written


_ORDER = ("url_surtkey", "fetch_time")
_REPEATED = ("url_host_name", "content_mime_type", "warc_filename")


def _schema(pa: Any) -> Any:
    types = {"fetch_time": pa.timestamp("s", tz="UTC"), "fetch_status": pa.int16()}
    types |= {name: pa.int64() for name in ("warc_record_offset", "warc_record_length")}
    return pa.schema([pa.field(name, types.get(name, pa.string())) for name in CaptureRow._fields])


def _rows(lines: Iterable[bytes], written: Written) -> Iterator[CaptureRow]:
    before = ""
    for line in lines:
        try:
            row = CaptureRow.of(line)
        except ValueError:
            written.damaged += 1
            continue
        if row.url_surtkey < before:
            raise OperatorError(
                f"The index is not sorted: {row.url_surtkey} comes after {before}. Sort it with LC_ALL=C sort."
            )
        before = row.url_surtkey
        yield row


def _table(pa: Any, schema: Any, rows: list[CaptureRow]) -> Any:
    import pyarrow.compute as pc

    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    place = CaptureRow._fields.index("fetch_time")
    times = pc.strptime(columns[place], format="%Y%m%d%H%M%S", unit="s", error_is_null=True)
    columns[place] = pc.assume_timezone(times, "UTC")
    return pa.table(
        [column.cast(field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )
