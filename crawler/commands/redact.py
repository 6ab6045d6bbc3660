"""`scrapy redact URL`: a page is taken down, and the archive says that it was."""

import argparse

from crawler.cli.base import FrontwireCommand, add_all_places_option


class Command(FrontwireCommand):
    """Take a page out of archive, corpus and catalogue."""

    def syntax(self) -> str:
        return "URL --reason TEXT [--yes] [--all-places]"

    def short_desc(self) -> str:
        return "Take a page down: signed tombstones for its records, its text removed"

    def long_desc(self) -> str:
        return (
            "Example: scrapy redact https://news.example/page --reason 'Request of the person named, 3 May 2026'. "
            "Any spelling of the URL will do: with or without www., m., http or https, tracking parameters. "
            "URL and reason stay readable in archive and manifest; the page's bytes and texts are gone for good, "
            "and no run fetches the page again. What could not be taken is named, and the exit code is 1 then. "
            "If the command is interrupted, give it once more."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--reason", metavar="TEXT", default="", help="text of the tombstone: it is public"
        )
        parser.add_argument("--yes", action="store_true", help="do it without a question")
        add_all_places_option(parser)
