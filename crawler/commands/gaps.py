"""`scrapy gaps`: the days on which a source gave nothing, and why."""

import argparse

from crawler.cli.base import FrontwireCommand, add_choice_options


class Command(FrontwireCommand):
    """Tell a source that published nothing from one that we did not hear."""

    def syntax(self) -> str:
        return "[--since DAY] [--until DAY] [--strict] [--epochs] [--source ID,…] …"

    def short_desc(self) -> str:
        return "Show the days on which sources gave no article, and why"

    def long_desc(self) -> str:
        return (
            "Example: scrapy gaps --since 2026-03-01 --until 2026-03-31 --country SY. Without days it is the last "
            "week, in UTC. Each source counts from the day on which a crawl first visited it. `--strict` (or "
            "`-a strict=1`) ends with 1 if one of the days may have had news that we do not have. `--epochs` shows "
            "from when to when each source gave articles, was silent for a week or more, blocked, or not listened to."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--since", metavar="DAY", default="", help="first day, YYYY-MM-DD")
        parser.add_argument(
            "--until", metavar="DAY", default="", help="last day, YYYY-MM-DD (default: today)"
        )
        parser.add_argument("--strict", action="store_true", help="exit code 1 if news may be missing")
        parser.add_argument(
            "-a", dest="spargs", action="append", default=[], metavar="strict=1", help="the same"
        )
        parser.add_argument(
            "--epochs", action="store_true", help="since when each source gives articles, and when it did not"
        )
        add_choice_options(parser)
