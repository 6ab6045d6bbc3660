"""`scrapy wacz OUT`: the archive as one signed file for replayweb.page and other readers of WACZ."""

import argparse

from crawler.cli.base import FrontwireCommand, add_all_places_option


class Command(FrontwireCommand):
    """Pack the archive, with a list of the articles."""

    def syntax(self) -> str:
        return "OUT [--all-places]"

    def short_desc(self) -> str:
        return "Pack the archive into one signed WACZ file"

    def long_desc(self) -> str:
        return (
            "Example: scrapy wacz evidence.wacz. Open it with replayweb.page. Images and styles are in it only "
            "where ARCHIVE_REQUISITES had them archived."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_all_places_option(parser)
