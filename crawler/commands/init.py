"""`scrapy init`: a folder of one's own, with operator, seeds and registry."""

import argparse

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Write what a crawl of one's own needs, by asking or from options; nothing is overwritten."""

    def syntax(self) -> str:
        return "[FOLDER] [--operator TEXT] [--language LL,…] [--seed FILE|URL|-]…"

    def short_desc(self) -> str:
        return "Set up a folder of your own: operator, languages, seed documents, registry"

    def long_desc(self) -> str:
        return (
            "Example: scrapy init ~/news --operator 'Jane Doe, jane@example.org' --language fr,ar --seed text.txt. "
            "Writes frontwire.toml, sources.toml, scrapy.cfg and seeds/ into the folder, and says how to begin. At a "
            "terminal it asks for what is not given. A seed document is a text like those that you want: a file, the "
            "address of an article, or `-`, standard input. What is there already is never overwritten."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--operator", metavar="TEXT", help="name and contact: publishers see it")
        parser.add_argument("--language", metavar="LL,…", help="languages of the sources (ISO 639-1)")
        parser.add_argument(
            "--seed",
            metavar="FILE|URL|-",
            action="append",
            default=[],
            help="a text like those that you want; may be given again",
        )
