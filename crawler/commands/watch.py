"""`scrapy watch`: saved searches, whose new articles are told."""

import argparse

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Save a search, or show, remove and try them."""

    def syntax(self) -> str:
        return "[list | add WORDS [--language LL,…] | remove WORDS | test]"

    def short_desc(self) -> str:
        return "Saved searches: be told what comes in"

    def long_desc(self) -> str:
        return (
            "Example: scrapy watch add 'Deir Ezzor' --language ar. After a run, new articles that have all the words "
            "are told to NOTIFY_URLS, once a day at most, and so is a run that had a problem. `test` sends a notice "
            "now. Words are as in scrapy export --query: case, accents and variants of letters make no difference, "
            '"quoted words" are a phrase, word* is a beginning.'
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--language", metavar="LL,…", default="", help="only articles in these languages")
