"""`scrapy restore`: files of the corpus that are gone or were changed, brought back."""

import argparse

from crawler.cli.base import FrontwireCommand, add_all_places_option


class Command(FrontwireCommand):
    """Show which files of the corpus are not what they were; with `--apply` bring them back."""

    def syntax(self) -> str:
        return "[--apply] [--all-places]"

    def short_desc(self) -> str:
        return "Bring back files of the corpus that are gone or were changed"

    def long_desc(self) -> str:
        return (
            "Example: scrapy restore, then scrapy restore --apply. Without --apply nothing is written. Each file comes "
            "back with the same bytes, which its SHA-256 proves; a changed one is kept in corpus/.revisions. "
            "What the catalogue does not give is derived again from the archive."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--apply", action="store_true", help="bring them back")
        add_all_places_option(parser)
