"""Look at all that a run needs, and say of each thing how it is."""

import argparse

from rich.text import Text
from scrapy.settings import BaseSettings

from crawler.cli.base import no_arguments_left
from crawler.cli.console import open_console, printable
from crawler.cli.health import CHECKS, Health, looked_at
from crawler.exit_codes import FAILED, OK

_STYLES = {Health.GOOD: "green", Health.NOTE: "yellow", Health.FAULT: "bold red"}


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Print a line for each thing; FAILED if one of them is a fault."""
    no_arguments_left(args, 0)
    console = open_console()
    faults = 0
    for subject, check in CHECKS.items():
        health, sentence = looked_at(check, settings)
        faults += health is Health.FAULT
        line = Text(f"{health:6}", _STYLES[health]).append(f" {subject:10} ", "default")
        console.print(line.append(printable(sentence), "default"))
    return FAILED if faults else OK
