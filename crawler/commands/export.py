"""`scrapy export`: the catalogue as one object per article."""

import argparse
from pathlib import Path

from crawler.cli.base import FrontwireCommand


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
        parser.add_argument(
            "--format", choices=("jsonl", "csv"), default="jsonl", help="jsonl (default) or csv"
        )
        parser.add_argument("--all", action="store_true", help="every extracted page, whatever its fate")
        parser.add_argument(
            "--text", action="store_true", help="with the body, paragraphs separated by blank lines"
        )
        parser.add_argument(
            "--output", metavar="FILE", type=Path, help="file to write (default: standard output)"
        )
