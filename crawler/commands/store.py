"""`scrapy store`: a catalogue of an earlier Frontwire for the present one, a lost one from the archive."""

import argparse

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Bring the catalogue up to date, or make it again."""

    def syntax(self) -> str:
        return "upgrade | rebuild [--anew] [--with FOLDER]..."

    def short_desc(self) -> str:
        return "Upgrade the catalogue, or rebuild a lost or broken one"

    def long_desc(self) -> str:
        return (
            "Example: scrapy store upgrade, after an upgrade of Frontwire. Copy the database first; it is changed as a "
            "whole or not at all. No other command works on a catalogue of an earlier version. scrapy store rebuild "
            "makes a catalogue that is lost or broken again from the archive, with all that people decided; of "
            "one that several data directories share with --with for each of the others."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--anew", action="store_true", help="rebuild a catalogue that is sound, too")
        parser.add_argument(
            "--with",
            action="append",
            default=[],
            dest="others",
            metavar="FOLDER",
            help="rebuild from this data directory too, which shares the catalogue of STORE_URL; repeatable",
        )
