"""`scrapy report`: what came in, what did not and why, as one HTML file."""

import argparse
from pathlib import Path

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Write the report of a run, or of all since a day."""

    def syntax(self) -> str:
        return "[--run N | --since DAY] [--text] [--list FATE [--source ID]] [--out FILE]"

    def short_desc(self) -> str:
        return "Write what came in, what did not and why, as one HTML file"

    def long_desc(self) -> str:
        return "Example: scrapy report --since 7d --out week.html. Without --run and --since: the latest run."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--run", metavar="N", type=int, help="the run with this number")
        parser.add_argument(
            "--since", metavar="DAY", default="", help="all runs since 2026-03-25, 2026-03, or 7d ago"
        )
        parser.add_argument("--text", action="store_true", help="print it in a few lines instead")
        parser.add_argument("--list", metavar="FATE", help="print each URL that ended so, with the reason")
        parser.add_argument("--source", metavar="ID", default="", help="of this source (with --list)")
        parser.add_argument(
            "--out",
            metavar="FILE",
            type=Path,
            help="file to write (default: in DATA_DIR/reports, and latest.html)",
        )
        parser.add_argument(
            "--sources", metavar="PATH", type=Path, help="a registry whose names and countries count too"
        )
