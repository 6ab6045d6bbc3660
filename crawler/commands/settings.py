"""`scrapy settings`: Scrapy's own command, with the operator's settings."""

import argparse

from scrapy.commands.settings import Command as ScrapySettings

from crawler.cli.base import FrontwireCommand
from crawler.exit_codes import OK


class Command(FrontwireCommand, ScrapySettings):
    """Scrapy's command, which by itself would not read `frontwire.toml` and the environment."""

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        ScrapySettings.run(self, args, opts)
        return OK
