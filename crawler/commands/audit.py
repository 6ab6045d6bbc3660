"""`scrapy audit`: people judge a random sample of pages, and it says how good the corpus is."""

import argparse

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Draw a sample, judge it, and say precision and recall of the corpus."""

    def syntax(self) -> str:
        return (
            "[draw [-n PAGES] [--seed N] | report | export FILE.csv | import FILE.csv] [--by NAME] [--second]"
        )

    def short_desc(self) -> str:
        return "How good the corpus is: judge a sample of pages, get precision and recall"

    def long_desc(self) -> str:
        return (
            "Example: scrapy audit draw -n 80, then scrapy audit, then scrapy audit report. The sample has pages of "
            "every kind and score, also those that were left out. Without an argument it asks about one page after "
            "the other; you may stop, and go on later. export writes what is to be judged for a spreadsheet, import "
            "reads the answers back. What you answer changes no page: scrapy review accept URL does."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-n", dest="size", type=int, metavar="PAGES", default=80, help="pages to draw (default: 80)"
        )
        parser.add_argument(
            "--seed", type=int, metavar="N", help="draw the same pages again (default: by chance)"
        )
        parser.add_argument(
            "--by",
            metavar="NAME",
            default="",
            help="who judges (default: the name in OPERATOR, or the user's)",
        )
        parser.add_argument(
            "--second", action="store_true", help="judge the pages that others have judged, to see who agrees"
        )
