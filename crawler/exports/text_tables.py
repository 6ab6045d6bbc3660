"""Exports as JSON lines and CSV."""

import csv
import io
import json
from typing import BinaryIO

from crawler.catalogue.exported_articles import csv_cell
from crawler.exports.export_columns import Export, Value

LONGEST_CELL = 32_000
"""Characters: Excel takes 32,767 and cuts the rest into the cells below."""

_DATES = ("published", "modified", "captured")


def write_jsonl(export: Export, out: BinaryIO) -> None:
    """One JSON object per line."""
    names = export.names
    for values in export.values():
        out.write((json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False) + "\n").encode())


def write_csv(export: Export, out: BinaryIO, for_excel: bool = False) -> None:
    """RFC 4180, one header line; lists are joined by semicolons.

    `for_excel`: with a byte order mark, without which Excel takes UTF-8 for the system's encoding, dates that it
    reads as dates, and no cell that is too long for it.
    """
    text = io.TextIOWrapper(out, "utf-8-sig" if for_excel else "utf-8", newline="")
    writer, cell = csv.writer(text), _excel_cell if for_excel else _plain_cell
    writer.writerow(export.names)
    for values in export.values():
        writer.writerow(map(cell, export.names, values))
    text.detach()


def _plain_cell(_name: str, value: Value) -> object:
    return csv_cell(value)


def _excel_cell(name: str, value: Value) -> object:
    if name in _DATES and isinstance(value, str):
        return value[:16].replace("T", " ")
    cell = csv_cell(value)
    return f"{cell[:LONGEST_CELL]}…" if isinstance(cell, str) and len(cell) > LONGEST_CELL else cell
