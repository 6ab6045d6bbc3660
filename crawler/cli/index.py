"""The index of records as a table that DuckDB and others read, and questions to it."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from scrapy.settings import BaseSettings

from archive.index.index_files import merged_lines
from crawler.cli.console import say_apart
from crawler.cli.days import first_day, last_day
from crawler.data_dir import DataDir
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK
from crawler.exports.capture_query import Wanted, count_captures, find_captures
from crawler.exports.capture_table import write_captures
from crawler.exports.output import written

USAGE = "usage: scrapy index export [CDXJ]... --output FILE | query FILE... [--host HOST] [--since DAY] …"


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Write the table, or what is found in it."""
    if args[:1] == ["export"] and opts.output is not None:
        return _export(settings, args[1:], opts.output)
    if args[:1] == ["query"] and len(args) > 1:
        return _query(args[1:], opts)
    raise OperatorError(USAGE)


def _export(settings: BaseSettings, names: list[str], output: Path) -> int:
    files = [file for name in names for file in _files(Path(name))] or _files(DataDir.of(settings).indexes)
    with written(output) as out:
        found = write_captures(merged_lines(files), out)
    say_apart([f"{found.rows} records in {output}."])
    if found.damaged:
        say_apart([f"{found.damaged} damaged lines of the index were left out: `scrapy verify` says which."])
    return FAILED if found.damaged else OK


def _files(path: Path) -> list[Path]:
    """A file of an index, or those of a folder."""
    if path.is_dir() and (files := [*path.glob("*.cdxj"), *path.glob("*.cdxj.gz")]):
        return files
    if not path.is_file():
        raise OperatorError(f"There is no index (*.cdxj) at {path}: name a file or a folder of them.")
    return [path]


def _query(files: list[str], opts: argparse.Namespace) -> int:
    wanted = Wanted(
        url=opts.url,
        host=opts.host,
        domain=opts.domain,
        since=first_day(opts.since, "--since"),
        until=last_day(opts.until, "--until"),
        mimes=tuple(_parts(opts.mime)),
        statuses=tuple(_statuses(opts.status)),
    )
    if opts.count:
        print(count_captures(files, wanted))
        return OK
    for line in find_captures(files, wanted, opts.limit):
        sys.stdout.write(f"{line}\n")
    return OK


def _parts(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(",") if part.strip())


def _statuses(text: str) -> Iterator[int]:
    for part in _parts(text):
        if not (part.isascii() and part.isdecimal() and len(part) == 3):
            raise OperatorError(
                f"--status is {text!r}: give numbers of three figures, such as 200 or 301,302."
            )
        yield int(part)
