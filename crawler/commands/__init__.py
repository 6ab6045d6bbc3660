"""One file for each command: its arguments and its help.

Scrapy imports all of them at every start, so they import nothing that does the work; that is in `crawler/cli`, in the
file of the same name.
"""

from collections.abc import Mapping

from scrapy.commands import ScrapyCommand

from crawler.scrapy_internals import list_commands_by
from crawler.terminal import prepare


def _show(commands: Mapping[str, ScrapyCommand]) -> None:
    from crawler.cli.command_list import print_list  # not above: nobody else needs it

    print_list(commands)


prepare()
list_commands_by(_show)
