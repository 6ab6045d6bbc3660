"""`scrapy key show|rotate`: the key that signs the archive."""

import argparse

from crawler.cli.base import FrontwireCommand, add_all_places_option


class Command(FrontwireCommand):
    """Show the signing key's id, or replace the key."""

    def syntax(self) -> str:
        return "show | rotate [--lost] [--all-places]"

    def short_desc(self) -> str:
        return "Show the key that signs the archive, or rotate it"

    def long_desc(self) -> str:
        return (
            "Example: scrapy key show. People who check your archive compare the id with the one you give them. "
            "`rotate` makes a new key, for which the old one vouches in the manifest; run it once for each "
            "DATA_DIR. The old key stays beside the new one."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--lost",
            action="store_true",
            help="the old key is gone: the new one vouches for itself, and the manifest says so",
        )
        add_all_places_option(parser)
