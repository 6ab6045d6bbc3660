"""`scrapy browse`: the corpus and its archive in a web browser, on this machine only."""

import argparse

from crawler.cli.base import FrontwireCommand, add_all_places_option


class Command(FrontwireCommand):
    """Show the corpus until Ctrl-C."""

    def syntax(self) -> str:
        return "[--port PORT] [--all-places]"

    def short_desc(self) -> str:
        return "Search, read, review and look at archived pages in a web browser, on this machine only"

    def long_desc(self) -> str:
        return "Example: scrapy browse --port 8081. Ctrl-C ends it. Nothing is loaded from the web (docs/browse.md)."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--port", type=int, default=8080, help="port of the web server (default: 8080)")
        add_all_places_option(parser)
