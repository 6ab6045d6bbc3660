"""`scrapy rederive`: what is installed and set now, applied to the pages that the archive holds."""

import argparse

from crawler.cli.base import FrontwireCommand, add_all_places_option, add_key_option


class Command(FrontwireCommand):
    """Show what would change in the corpus, and change it."""

    def syntax(self) -> str:
        return "[--apply] [--key ID] [--all-places]"

    def short_desc(self) -> str:
        return "Apply a new extractor, lexicon, seeds or mode to the archive, with no request"

    def long_desc(self) -> str:
        return (
            "Example: scrapy rederive -s RELEVANCE_MODE=conflict. Shows what would change; --apply "
            "makes the changes: earlier texts move to corpus/.revisions, and the catalogue says why. Settings given "
            "by -s must be given again to later runs: write them into frontwire.toml. "
            "Exit code 1, and nothing is changed, if the archive or the corpus has a fault."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--apply", action="store_true", help="write the changes")
        add_key_option(parser)
        add_all_places_option(parser)
