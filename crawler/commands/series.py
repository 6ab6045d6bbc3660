"""`scrapy series`: articles per month, with how often their sources were listened to."""

import argparse

from crawler.cli.base import FrontwireCommand, add_choice_options


class Command(FrontwireCommand):
    """Tell more news from more sources."""

    def syntax(self) -> str:
        return "[--since MONTH] [--until MONTH] [--source ID,…] …"

    def short_desc(self) -> str:
        return "Write articles per month, language and source as CSV, with exposure"

    def long_desc(self) -> str:
        return (
            "Example: scrapy series --since 2026-01 > series.csv. A row has the articles of a source in a language "
            "that were first published in a month, on how many days of it a crawl visited the source, and on how many "
            "any crawl was at work. ALL sums over every source, PANEL over those that were visited in every month of "
            "the period: a source that was added meanwhile makes no step in it."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--since", metavar="MONTH", default="", help="first month, YYYY-MM")
        parser.add_argument("--until", metavar="MONTH", default="", help="last month, YYYY-MM")
        add_choice_options(parser)
