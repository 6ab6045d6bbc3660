"""`scrapy prune`: a catalogue of years stays small enough to use."""

import argparse

from crawler.cli.base import FrontwireCommand

OLDER_THAN = "400d"
"""More than a year, so that a report of the last twelve months stays whole."""


class Command(FrontwireCommand):
    """Delete routine visits of long ago."""

    def syntax(self) -> str:
        return "[--older-than DAYSd] [--apply]"

    def short_desc(self) -> str:
        return "Forget routine visits of long ago; the archive and the corpus stay as they are"

    def long_desc(self) -> str:
        return (
            "Example: scrapy prune --older-than 400d, then the same with --apply. It deletes rows of the catalogue "
            "that say that a feed or page was fetched and had nothing new. WARC files, their index, the corpus and "
            "its revisions, articles, dates and failures are never touched."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--older-than",
            metavar="DAYSd",
            default=OLDER_THAN,
            help=f"least age of the run's end in days (default: {OLDER_THAN})",
        )
        parser.add_argument("--apply", action="store_true", help="delete; without it, only say what would go")
