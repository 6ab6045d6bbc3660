"""`scrapy export`: the catalogue as one object per article."""

import argparse
import csv
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, TextIO

from crawler.catalogue.export_rows import FIELDS, export_rows
from crawler.command import CommandFailed, FrontwireCommand, no_arguments_left
from crawler.exit_codes import STORAGE

FORMATS = ("jsonl", "csv")

_FORMULA = tuple("=+-@＝＋－＠\t\r\n")
"""What a cell begins with that spreadsheets compute (OWASP, CSV injection); full-width signs count in Japanese ones."""


class Command(FrontwireCommand):
    """Write what the catalogue knows of each article."""

    def syntax(self) -> str:
        return "[--format jsonl|csv] [--all] [--text] [--output FILE]"

    def short_desc(self) -> str:
        return "Write the catalogue as JSON lines or CSV"

    def long_desc(self) -> str:
        return "Example: scrapy export --format jsonl --text > articles.jsonl. Unknown values are null."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--format", choices=FORMATS, default="jsonl", help="jsonl (default) or csv")
        parser.add_argument(
            "--all", action="store_true", help="every page that was extracted, whatever its fate"
        )
        parser.add_argument(
            "--text", action="store_true", help="with the body, paragraphs parted by blank lines"
        )
        parser.add_argument("--output", metavar="FILE", type=Path, help="where to (default: standard output)")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        no_arguments_left(args, 0)
        fields = [name for name in FIELDS if opts.text or name != "text"]
        write = write_csv if opts.format == "csv" else write_jsonl
        with closing(self.open_catalogue()) as store:
            rows = export_rows(store, everything=opts.all)
            chosen = ({name: row[name] for name in fields} for row in rows)
            try:
                with _open(opts.output) as out:
                    write(chosen, fields, out)
            except BrokenPipeError:  # no fault: see `FrontwireCommand.run`
                raise
            except OSError as error:
                where = opts.output or "standard output"
                sentence = f"Cannot write {where}: {error.strerror}. Free space, or give another --output."
                raise CommandFailed(sentence, STORAGE) from None
        return 0


def _open(path: Path | None) -> TextIO:
    """The file, or standard output, as UTF-8 whatever the locale."""
    if path is None:
        return os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", newline="")
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise CommandFailed(f"Cannot write {path}: {error.strerror}. Give another --output.") from None


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
    text = "; ".join(map(str, value)) if isinstance(value, list) else value
    # A page's text must not become a formula in the analyst's spreadsheet.
    if isinstance(text, str) and text.startswith(_FORMULA):
        return f"'{text}"
    return text
