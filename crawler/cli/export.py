"""The catalogue as one object per article."""

import argparse
import csv
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, TextIO

from scrapy.settings import BaseSettings

from crawler.catalogue.articles import articles
from crawler.catalogue.exported_articles import FIELDS, csv_cell, exported
from crawler.catalogue.stories import with_stories
from crawler.cli.base import no_arguments_left
from crawler.cli.opening import open_catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import OK, STORAGE


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Write what the catalogue knows of each article."""
    no_arguments_left(args, 0)
    fields = [name for name in FIELDS if opts.text or name != "text"]
    write = write_csv if opts.format == "csv" else write_jsonl
    with closing(open_catalogue(settings)) as catalogue:
        rows = with_stories(catalogue, articles(catalogue, everything=opts.all))
        chosen = (exported(row, fields) for row in rows)
        try:
            with _open(opts.output) as out:
                write(chosen, fields, out)
        except BrokenPipeError:  # no fault: see `FrontwireCommand.run`
            raise
        except OSError as error:
            where = opts.output or "standard output"
            sentence = f"Cannot write {where}: {error.strerror}. Free space, or give another --output."
            raise OperatorError(sentence, STORAGE) from None
    return OK


def _open(path: Path | None) -> TextIO:
    """The file, or standard output, as UTF-8 whatever the locale."""
    if path is None:
        return os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="")
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise OperatorError(f"Cannot write {path}: {error.strerror}. Give another --output.") from None


def write_jsonl(rows: Iterable[dict[str, Any]], _fields: list[str], out: TextIO) -> None:
    """One JSON object per line."""
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_csv(rows: Iterable[dict[str, Any]], fields: list[str], out: TextIO) -> None:
    """RFC 4180, one header line; lists are joined by semicolons."""
    writer = csv.DictWriter(out, fields)
    writer.writeheader()
    writer.writerows(_cells(rows))


def _cells(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {name: csv_cell(value) for name, value in row.items()}
