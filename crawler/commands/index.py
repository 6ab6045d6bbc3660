"""`scrapy index`: the index of records as a table for DuckDB, and questions to it."""

import argparse
from pathlib import Path

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Write the index as Parquet, or look into it."""

    def syntax(self) -> str:
        return "export [CDXJ]... --output FILE | query FILE... [--host HOST] [--since DAY] …"

    def short_desc(self) -> str:
        return "The index of millions of records as Parquet, and which of them match"

    def long_desc(self) -> str:
        return (
            "Example: scrapy index export --output index.parquet, then scrapy index query index.parquet "
            "--domain example.org --mime text/html --since 2021-01. Columns are those of Common Crawl's index."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--output", metavar="FILE", type=Path, help="export: the file to write")
        for name, form, what in _FILTERS:
            parser.add_argument(f"--{name}", metavar=form, default="", help=f"query: {what}")
        parser.add_argument("--limit", metavar="N", type=int, help="query: no more than so many")
        parser.add_argument("--count", action="store_true", help="query: only how many there are")


_FILTERS = (
    ("url", "URL", "captures of this address, or with * at its end of all that begin so"),
    ("host", "HOST", "of this host"),
    ("domain", "HOST", "of this host and all below it"),
    ("since", "DAY", "first day (UTC): 2026-03-25, 2026-03, or 7d"),
    ("until", "DAY", "last day"),
    ("mime", "TYPE,…", "of these types, as the answers name them"),
    ("status", "NNN,…", "with these statuses"),
)
