"""`scrapy archive`: the archive in an object store."""

import argparse

from crawler.cli.base import FrontwireCommand


class Command(FrontwireCommand):
    """Upload what is closed, or read what was uploaded."""

    def syntax(self) -> str:
        return "upload | attach [--place ID]"

    def short_desc(self) -> str:
        return "Bring archive and corpus to an object store, or read an archive there"

    def long_desc(self) -> str:
        return (
            "Example: scrapy archive upload -s ARCHIVE_URL=s3://news/archive, after a run that could not upload all. "
            "scrapy archive attach brings manifest and index of an uploaded archive into an empty data directory; its "
            "records are then read from the store by trace, verify, replay, browse and wacz."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--place", metavar="ID", help="of several archives below ARCHIVE_URL the one to attach"
        )
