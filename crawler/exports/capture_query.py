"""Asks the Parquet files of `capture_table` with DuckDB, in bounded memory. Needs the extra `duckdb`."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from archive.index.surt import surt_key
from crawler.errors import OperatorError
from crawler.exports.capture_table import CaptureRow

MEMORY = "512MB"
"""What DuckDB may take; beyond it, what it sorts lies in temporary files."""

_AT_ONCE = 1_000
_AFTER = ";"
"""Sorts behind all that may follow a host in a SURT key: `)`, `,` and `:`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which captures; what is empty does not matter."""

    url: str = ""
    """An address, or with `*` at its end all that begin so."""
    host: str = ""
    domain: str = ""
    """A host with all below it."""
    since: str = ""
    until: str = ""
    """The first and the last day, `YYYY-MM-DD`, UTC."""
    mimes: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()

    def conditions(self) -> Iterator[tuple[str, list[object]]]:
        """Conditions in SQL, each with its values; ranges of keys first, by which row groups are left out."""
        if self.url.endswith("*"):
            yield "starts_with(url_surtkey, ?)", [surt_key(self.url.removesuffix("*"))]
        elif self.url:
            yield "url_surtkey = ?", [surt_key(self.url)]
        for name, marks in ((self.host, "):"), (self.domain, "):,")):
            if name:
                key = surt_key(f"http://{name}/").partition(")")[0]
                yield "url_surtkey >= ? and url_surtkey < ?", [key, key + _AFTER]
                yield f"substr(url_surtkey, {len(key) + 1}, 1) in ({', '.join('?' * len(marks))})", [*marks]
        if self.since:
            yield "fetch_time >= ?::date", [self.since]
        if self.until:
            yield "fetch_time < ?::date + 1", [self.until]
        for column, values in (("content_mime_type", self.mimes), ("fetch_status", self.statuses)):
            if values:
                yield f"{column} in ({', '.join('?' * len(values))})", [*values]


def count_captures(files: Sequence[str], wanted: Wanted) -> int:
    """How many captures there are."""
    with _asked(files, wanted, "count(*)", "") as found:
        (count,) = found.fetchone()
    return int(count)


def find_captures(files: Sequence[str], wanted: Wanted, limit: int | None = None) -> Iterator[str]:
    """The captures as lines of JSON, in the order of the files."""
    columns = ", ".join(CaptureRow._fields).replace(
        "fetch_time", "strftime(fetch_time at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ')"
    )
    with _asked(files, wanted, columns, f"limit {limit}" if limit else "") as found:
        while rows := found.fetchmany(_AT_ONCE):
            for row in rows:
                yield json.dumps(dict(zip(CaptureRow._fields, row, strict=True)), ensure_ascii=False)


@contextmanager
def _asked(files: Sequence[str], wanted: Wanted, columns: str, end: str) -> Iterator[Any]:
    """The answer of DuckDB, which reads no settings, loads no extensions and asks no network."""
    duckdb = _duckdb()
    conditions = list(wanted.conditions())
    where = " and ".join(f"({condition})" for condition, _ in conditions)
    query = f"select {columns} from read_parquet(?) {where and f'where {where}'} {end}"
    values = [list(files), *(value for _, some in conditions for value in some)]
    config = {"memory_limit": MEMORY, "autoinstall_known_extensions": "false"}
    try:
        with closing(duckdb.connect(config=config)) as database:
            yield database.execute(query, values)
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise OperatorError(
            f"Cannot read {files[0]}: {_first_line(error)}. Name a file of `scrapy index export`."
        ) from None
    except duckdb.BinderException:
        raise OperatorError(
            f"{files[0]} is no index of captures: name a file of `scrapy index export`."
        ) from None
    except duckdb.OutOfMemoryException:
        raise OperatorError(f"The query needs more than {MEMORY}: ask for less at a time.") from None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].partition(": ")[2].rstrip(".") or str(error)


def _duckdb() -> Any:
    try:
        import duckdb
    except ImportError:
        raise OperatorError("Queries need the extra `duckdb`: pip install duckdb.") from None
    return duckdb
