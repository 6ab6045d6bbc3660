"""`scrapy search WORDS`: full-text search over titles and texts, on the terminal."""

import argparse

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Find articles by their words."""

    def syntax(self) -> str:
        return (
            "[WORDS…] [--place NAME] [--since YYYY-MM-DD] [--language LL] [--source ID] [--limit N] [--json]"
        )

    def short_desc(self) -> str:
        return "Find articles by words in any script, newest first"

    def long_desc(self) -> str:
        return (
            "Example: scrapy search '\"market square\" shell*' --language en. All words have to be there; quotes keep "
            "words together, * goes on, - leaves out, OR gives a choice. Accents, vowel signs and the Arabic article "
            "make no difference."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--place", default="", metavar="NAME", help="that name this place, in any language"
        )
        parser.add_argument(
            "--since", default="", metavar="YYYY-MM-DD", help="published on this day or later"
        )
        parser.add_argument(
            "--until", default="", metavar="YYYY-MM-DD", help="published on this day or earlier"
        )
        parser.add_argument("--language", default="", metavar="LL", help="in this language (ISO 639-1)")
        parser.add_argument("--source", default="", metavar="ID", help="of this source")
        parser.add_argument("--fate", default="", metavar="FATE", help="pages that ended so; any: all pages")
        parser.add_argument("--best", action="store_true", help="the best hits first, not the newest")
        parser.add_argument(
            "--limit", type=int, default=20, metavar="N", help="hits that are shown (default: 20)"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
