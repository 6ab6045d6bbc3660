"""Exports as Apache Parquet, whose columns have types: for pandas, polars, DuckDB and R. Needs the extra `parquet`."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO

from crawler.errors import OperatorError
from crawler.exports.export_columns import Export, ExportColumn, Kind, Value

AT_ONCE = 2_000
"""Articles that are in memory together: a row group."""


def write_parquet(export: Export, out: BinaryIO) -> None:
    """One file, in row groups of AT_ONCE articles."""
    write_groups(export.columns, groups_of(export.values()), out)


Group = Sequence[tuple[Value, ...]]


def groups_of(values: Iterator[tuple[Value, ...]]) -> Iterator[Group]:
    """The values of some articles at a time."""
    while some := list(islice(values, AT_ONCE)):
        yield some


def write_groups(columns: Sequence[ExportColumn], groups: Iterator[Group], out: BinaryIO) -> int:
    """Write row groups as one file; the number of rows."""
    pa = parquet_library()
    from pyarrow.parquet import ParquetWriter

    schema, count = schema_of(columns), 0
    with ParquetWriter(out, schema, compression="zstd") as writer:
        for group in groups:
            by_column = [[row[place] for row in group] for place in range(len(columns))]
            writer.write_table(pa.table(by_column, schema=schema))
            count += len(group)
    return count


def schema_of(columns: Sequence[ExportColumn]) -> Any:
    """The types of the columns, as pyarrow has them; each may be null."""
    pa = parquet_library()
    types = {
        Kind.TEXT: pa.string(),
        Kind.TEXTS: pa.list_(pa.string()),
        Kind.WHOLE: pa.int64(),
        Kind.NUMBER: pa.float64(),
        Kind.FLAG: pa.bool_(),
    }
    return pa.schema([pa.field(column.name, types[column.kind]) for column in columns])


def parquet_library() -> Any:
    """The library `pyarrow`; OperatorError if it is not installed."""
    try:
        import pyarrow as pa
    except ImportError:
        raise OperatorError(
            "Parquet needs the extra `parquet`: pip install pyarrow, or choose --format jsonl."
        ) from None
    return pa
