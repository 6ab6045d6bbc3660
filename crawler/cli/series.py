"""Write how many articles each source gave in each month, as CSV."""

import argparse
import csv
import re
import sys
from contextlib import closing
from dataclasses import astuple, fields

from scrapy.settings import BaseSettings

from crawler.catalogue.panel import SeriesRow, series
from crawler.cli.base import no_arguments_left
from crawler.cli.chosen_sources import chosen_ids
from crawler.cli.opening import open_catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import OK


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Write a row for each month, language and source, and for all and the panel."""
    no_arguments_left(args, 0)
    first, last = _month(opts.since, "--since"), _month(opts.until, "--until")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    with closing(open_catalogue(settings)) as catalogue:
        only = chosen_ids(settings, opts, catalogue)
        writer.writerow(field.name for field in fields(SeriesRow))
        writer.writerows(astuple(row) for row in series(catalogue, first, last, only))
    return OK


def _month(text: str, option: str) -> str:
    if text and not re.fullmatch(r"\d{4}-(?:0[1-9]|1[0-2])", text):
        raise OperatorError(f"{option} is {text!r}: give a month such as 2026-03.")
    return text
