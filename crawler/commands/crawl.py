"""`scrapy crawl SPIDER`: Scrapy's own command, with our checks before the start and our exit codes."""

import argparse
from typing import ClassVar

from scrapy.commands.crawl import Command as ScrapyCrawl

from crawler.cli.base import FrontwireCommand, settings_of


class Command(FrontwireCommand, ScrapyCrawl):
    """Run a spider; the exit code says how the run ended."""

    requires_crawler_process = True
    interrupted: ClassVar[str] = "Stopped before the crawl had begun."

    def short_desc(self) -> str:
        return "Gather news (spider `news`), or derive articles from archives (spider `replay`)"

    def long_desc(self) -> str:
        return (
            "Example: scrapy crawl news -a language=fr -s OPERATOR='Jane Doe, jane@example.org'. "
            "Exit codes: 0 finished, 1 stopped early or everything failed, 2 wrong usage, 3 storage failed, "
            "75 another run is at work."
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        from crawler.cli.crawl import crawl  # not above: see `crawler.commands`

        assert self.crawler_process is not None
        return crawl(self.crawler_process, self._create_crawler, settings_of(self), args, opts.spargs)
