"""`scrapy verify`: whether archive, catalogue and corpus are as written, and belong together."""

import argparse

from crawler.cli.base import FrontwireCommand, add_all_places_option, add_key_option


class Command(FrontwireCommand):
    """Check everything that can be checked and name each fault."""

    def syntax(self) -> str:
        return "[--key ID] [--all-places]"

    def short_desc(self) -> str:
        return "Check archive, catalogue and corpus, and derive the corpus again"

    def long_desc(self) -> str:
        return (
            "Example: scrapy verify. Exit code 1 if there is a fault, each named; what only an upgrade or other "
            "settings would change is listed as a note. Another person's archive: "
            "scrapy verify --key 0f1e2d3c4b5a6978 -s DATA_DIR=FOLDER, with the id that the person gives. "
            "For a read-only DATA_DIR the corpus is derived again in TMPDIR."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_key_option(parser)
        add_all_places_option(parser)
