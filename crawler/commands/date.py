"""`scrapy date URL YYYY-MM`: a person says in which month a page was published."""

import argparse

from crawler.cli.base import FrontwireCommand, add_all_places_option


class Command(FrontwireCommand):
    """Say in which month a page was published."""

    def syntax(self) -> str:
        return "URL YYYY-MM [--by NAME] [--note TEXT] [--all-places]"

    def short_desc(self) -> str:
        return "Say in which month a page was published: undated ones enter the corpus, others move"

    def long_desc(self) -> str:
        return (
            "Example: scrapy date https://news.example/page 2021-01 --by Ada --note 'printed on page 3'. It is "
            "recorded with name and time, holds whatever the page says, in later runs, replays and derivations, and "
            "shows as evidence of the kind person. The article is derived again from its record."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--by", metavar="NAME", default="", help="who says so (default: the user's name)")
        parser.add_argument("--note", metavar="TEXT", default="", help="why, for those who read it later")
        add_all_places_option(parser)
