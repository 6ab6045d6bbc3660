"""Show the days on which sources gave no article, each with its cause."""

import argparse
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime

from rich.table import Table
from rich.text import Text
from scrapy.settings import BaseSettings

from crawler.catalogue.silences import Gap, find_gaps
from crawler.cli.base import no_arguments_left
from crawler.cli.chosen_sources import chosen_ids
from crawler.cli.console import open_console, printable
from crawler.cli.opening import open_catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK
from crawler.past.period import WEEK

_COLUMNS = ("source", "day", "cause", "detail")


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """List the gaps of a period; with strict, FAILED if one of them may hide news."""
    no_arguments_left(args, 0)
    is_strict = opts.strict or _is_strict(opts.spargs)
    last = _day(opts.until, "--until") if opts.until else datetime.now(UTC).date()
    first = _day(opts.since, "--since") if opts.since else last - WEEK
    if first > last:
        raise OperatorError(f"--since {first} is later than --until {last}: give them the other way round.")
    only = chosen_ids(settings, opts)
    with closing(open_catalogue(settings)) as catalogue:
        gaps = [*find_gaps(catalogue, first, last, only)]
    show(gaps)
    return FAILED if is_strict and any(gap.silence.is_fault for gap in gaps) else OK


def _is_strict(arguments: Sequence[str]) -> bool:
    """Whether `-a strict=1` is given, as crawls take it."""
    if wrong := [each for each in arguments if each not in ("strict=0", "strict=1")]:
        raise OperatorError(f"-a {wrong[0]}: scrapy gaps takes -a strict=1 and nothing else.")
    return "strict=1" in arguments


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise OperatorError(f"{option} is {text!r}: give a day such as 2026-03-25.") from None


def show(gaps: Sequence[Gap]) -> None:
    """Print one line for each gap, then how many have which cause."""
    console = open_console()
    rows = [(gap.source, gap.day, str(gap.silence), printable(gap.detail) or "-") for gap in gaps]
    if console.is_terminal:
        table = Table(*_COLUMNS, box=None, pad_edge=False)
        for row in rows:
            table.add_row(*map(Text, row))
        console.print(table)
    else:
        for row in (_COLUMNS, *rows):
            print("\t".join(row))
    counts = Counter(str(gap.silence) for gap in gaps).most_common()
    each = ", ".join(f"{count} {cause}" for cause, count in counts)
    console.print(
        f"Days without an article: {each}." if each else "No day is without an article.", style="dim"
    )
