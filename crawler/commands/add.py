"""`scrapy add`: single articles by their URLs."""

import argparse

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Fetch articles that an operator names, and judge them as a crawl does."""

    def syntax(self) -> str:
        return "URL… | - [--accept] [--by NAME]"

    def short_desc(self) -> str:
        return "Fetch single articles, archive and judge them"

    def long_desc(self) -> str:
        return (
            "Example: scrapy add https://news.example/page. Each article is fetched, archived, extracted and judged as "
            "in a crawl, and a sentence says what became of it; `-` reads URLs from standard input, one a line. "
            "`--accept` keeps those too whose scores are too low: the decision is recorded with name and time, as that "
            "of `scrapy review accept`."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--accept", action="store_true", help="keep them whatever their scores")
        parser.add_argument("--by", metavar="NAME", default="", help="who decides (default: the user's name)")
