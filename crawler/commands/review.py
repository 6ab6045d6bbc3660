"""`scrapy review`: a person decides about pages that are neither surely related nor surely not."""

import argparse

from crawler.cli.base import FrontwireCommand, add_all_places_option


class Command(FrontwireCommand):
    """List the pages that wait for a decision, or decide."""

    def syntax(self) -> str:
        return "list | accept URL… | reject URL… [--by NAME] [--note TEXT] [--all-places]"

    def short_desc(self) -> str:
        return "Decide about pages that may or may not belong"

    def long_desc(self) -> str:
        return (
            "Example: scrapy review accept https://news.example/page --by Ada. Any extracted page can be "
            "accepted or rejected; the decision is recorded with name and time, and holds in later runs, replays and "
            "derivations. An accepted article is derived again from its record and enters the corpus, unless it "
            "has no trustworthy date or repeats another text. `scrapy explain URL` says why a page is doubtful."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--by", metavar="NAME", default="", help="who decides (default: the user's name)")
        parser.add_argument("--note", metavar="TEXT", default="", help="why, for those who read it later")
        for name, form in (("source", "ID"), ("language", "LL")):
            parser.add_argument(
                f"--{name}", metavar=form, default="", help=f"list: only those of this {name}"
            )
        parser.add_argument(
            "--order", choices=("worth", "newest"), default="worth", help="list: which come first"
        )
        parser.add_argument("--text", action="store_true", help="list: with the text of each page")
        add_all_places_option(parser)
