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

from crawler.catalogue.article_row import ArticleRow, names
from crawler.catalogue.articles import articles
from crawler.catalogue.columns import Use
from crawler.cli.base import no_arguments_left
from crawler.cli.opening import open_catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import OK, STORAGE

FIELDS = names(Use.EXPORTED)
"""Every key of an exported object, in order; values that are not known are null.

Articles of one text, or nearly, have the same `cluster`, and the URL of the one in the corpus as `representative`;
`revision` counts the texts that the corpus held of the page before.
"""

_FORMULA = tuple("=+-@＝＋－＠\t\r\n")
"""First characters of cells that spreadsheets compute (OWASP, CSV injection), Japanese full-width signs included."""


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Write what the catalogue knows of each article."""
    no_arguments_left(args, 0)
    fields = [name for name in FIELDS if opts.text or name != "text"]
    write = write_csv if opts.format == "csv" else write_jsonl
    with closing(open_catalogue(settings)) as catalogue:
        rows = articles(catalogue, everything=opts.all)
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


def exported(row: ArticleRow, fields: Iterable[str] = FIELDS) -> dict[str, Any]:
    """What is written of an article, by key."""
    return {name: getattr(row, name) for name in fields}


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
        yield {name: _cell(value) for name, value in row.items()}


def _cell(value: object) -> object:
    text = "; ".join(map(str, value)) if isinstance(value, tuple) else value
    # A page's text must not become a formula in the analyst's spreadsheet.
    if isinstance(text, str) and text.startswith(_FORMULA):
        return f"'{text}"
    return text
