"""Say in which month a page was published."""

import argparse
import getpass
from datetime import UTC, datetime

from scrapy.settings import BaseSettings

from crawler.catalogue.stated_months import StatedMonth
from crawler.cli.base import no_arguments_left
from crawler.cli.review import decide_everywhere, decide_here
from crawler.errors import OperatorError
from crawler.http.url_identity import wire_url
from crawler.texts.seed_format import SeedError, normalise_paragraph, parse_month


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Let a page be of a month from now on."""
    no_arguments_left(args, 2)
    if len(args) != 2:
        raise OperatorError("Name a page and its month: scrapy date https://news.example/page 2021-01.")
    who = normalise_paragraph(opts.by) or getpass.getuser()
    month = StatedMonth.now(wire_url(args[0]), month_of(args[1]), who, normalise_paragraph(opts.note))
    return decide_everywhere(settings, [month]) if opts.all_places else decide_here(settings, [month])


def month_of(text: str) -> str:
    """The month that a person gave; OperatorError if it is none, or has not begun."""
    try:
        month = parse_month(text)
    except SeedError:
        raise OperatorError(f"The month is {text!r}: give year and month, such as 2021-01.") from None
    if month > f"{datetime.now(UTC):%Y-%m}":
        raise OperatorError(f"The month {month} has not begun: nothing was published in it yet.")
    return month
