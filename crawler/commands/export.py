"""`scrapy export`: the articles of the catalogue, in a form that another program reads."""

import argparse
from pathlib import Path

from crawler.cli.base import FrontwireCommand

FORMS = ("jsonl", "csv", "parquet", "tei", "vertical", "events", "hf", "rss", "atom")


class Command(FrontwireCommand):
    """Write what the catalogue knows of the articles that are wanted."""

    def syntax(self) -> str:
        return (
            "[--format FORM] [--columns NAME,…] [--for-excel] [--since DAY] [--until DAY] … [--output FILE]"
        )

    def short_desc(self) -> str:
        return "Write articles as JSON lines, CSV, Parquet, TEI, corpus text, event sheet, dataset or feed"

    def long_desc(self) -> str:
        return (
            "Example: scrapy export --for-excel --since 7d --by captured --output week.csv. "
            "docs/export.md describes each format and column."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        self._add_forms(parser)
        self._add_filters(parser)

    def _add_forms(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--format", metavar="FORM", choices=FORMS, help=f"{', '.join(FORMS)}; default: jsonl"
        )
        parser.add_argument("--columns", metavar="NAME,…", help="only these, in this order")
        parser.add_argument(
            "--text", action="store_true", help="with the body, paragraphs separated by blank lines"
        )
        parser.add_argument(
            "--for-excel", action="store_true", help="CSV that Excel opens as it is, for people to read"
        )
        parser.add_argument(
            "--rights",
            nargs="?",
            choices=("open", "all"),
            const="open",
            help="with what publishers declared; open, or no word: without articles of which a use is reserved",
        )
        parser.add_argument(
            "--output",
            metavar="FILE",
            type=Path,
            help="file to write (default: standard output); a folder for hf",
        )

    def _add_filters(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--since", metavar="DAY", default="", help="first day: 2026-03-25, 2026-03, or 7d"
        )
        parser.add_argument("--until", metavar="DAY", default="", help="last day")
        parser.add_argument(
            "--by",
            choices=("published", "captured"),
            help="what these are days of (default: published; of feeds: captured)",
        )
        for name, form, what in _LISTS:
            parser.add_argument(f"--{name}", metavar=f"{form},…", default="", help=what)
        parser.add_argument("--query", metavar="WORDS", help='words and "phrases" that headline or text have')
        parser.add_argument("--newest", metavar="N", type=int, help="only the last so many (feeds: 100)")
        parser.add_argument("--all", action="store_true", help="every extracted page, whatever its fate")
        parser.add_argument(
            "--sources", metavar="PATH", type=Path, help="a registry whose names and countries count too"
        )


_LISTS = (
    ("language", "LL", "languages of the articles (ISO 639-1), or unknown"),
    ("source", "ID", "ids of their sources, or unknown"),
    ("country", "CC", "countries of their newsrooms (ISO 3166-1)"),
    (
        "war",
        "CC",
        "countries or regions in conflict that they name most, as `focus` of the registry, or unknown",
    ),
    ("fate", "FATE", "how their pages ended"),
    ("run", "N", "the runs that brought them in"),
)
