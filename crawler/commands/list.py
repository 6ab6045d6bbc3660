"""`scrapy list`: Scrapy's own command, with the operator's settings."""

import argparse

from scrapy.commands.list import Command as ScrapyList

from crawler.cli.base import FrontwireCommand
from crawler.exit_codes import OK


class Command(FrontwireCommand, ScrapyList):
    """Scrapy's command, which by itself would not read `frontwire.toml` and the environment."""

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        ScrapyList.run(self, args, opts)
        return OK
