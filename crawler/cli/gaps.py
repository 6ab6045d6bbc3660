"""Show the days on which sources gave no article, each with its cause."""

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime

from rich.table import Table
from rich.text import Text
from scrapy.settings import BaseSettings

from crawler.catalogue.epochs import Epoch, find_epochs
from crawler.catalogue.silences import Gap, find_gaps
from crawler.cli.base import no_arguments_left
from crawler.cli.chosen_sources import chosen_ids
from crawler.cli.console import open_console, printable
from crawler.cli.opening import open_catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK
from crawler.past.period import WEEK

_COLUMNS = ("source", "day", "cause", "detail")
_OF_EPOCHS = ("source", "from", "to", "epoch", "days", "causes")


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """List the gaps of a period, or the epochs; with strict, FAILED if one of the gaps may hide news."""
    no_arguments_left(args, 0)
    is_strict = opts.strict or _is_strict(opts.spargs)
    last = _day(opts.until, "--until") if opts.until else datetime.now(UTC).date()
    first = _day(opts.since, "--since") if opts.since else last - WEEK
    if first > last:
        raise OperatorError(f"--since {first} is later than --until {last}: give them the other way round.")
    if opts.epochs and is_strict:
        raise OperatorError("--strict is about days without an article: leave out --epochs.")
    with closing(open_catalogue(settings)) as catalogue:
        only = chosen_ids(settings, opts, catalogue)
        if opts.epochs:
            found = find_epochs(catalogue, last, only)
            show_epochs([epoch for epoch in found if not opts.since or epoch.last >= first])
            return OK
        gaps = [*find_gaps(catalogue, first, last, only)]
    show(gaps)
    return FAILED if is_strict and any(gap.silence.is_fault for gap in gaps) else OK


def _is_strict(arguments: Sequence[str]) -> bool:
    """Whether `-a strict=1` is given, as crawls take it."""
    if wrong := [each for each in arguments if each not in ("strict=0", "strict=1")]:
        raise OperatorError(f"-a {wrong[0]}: this command takes -a strict=1 and nothing else.")
    return "strict=1" in arguments


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise OperatorError(f"{option} is {text!r}: give a day such as 2026-03-25.") from None


def show(gaps: Sequence[Gap]) -> None:
    """Print one line for each gap, then how many have which cause."""
    _print(_COLUMNS, [(gap.source, gap.day, str(gap.silence), printable(gap.detail) or "-") for gap in gaps])
    each = _counted(Counter(str(gap.silence) for gap in gaps))
    open_console().print(
        f"Days without an article: {each}." if each else "No day is without an article.", style="dim"
    )


def show_epochs(epochs: Sequence[Epoch]) -> None:
    """Print one line for each epoch, then how many there are of which kind."""
    _print(
        _OF_EPOCHS,
        [(*_span(each), str(each.state), str(each.days), _counted(each.causes) or "-") for each in epochs],
    )
    each = _counted(Counter(str(epoch.state) for epoch in epochs))
    open_console().print(f"Epochs: {each}." if each else "No source was visited yet.", style="dim")


def _span(epoch: Epoch) -> tuple[str, str, str]:
    return epoch.source, epoch.first.isoformat(), epoch.last.isoformat()


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in Counter(counts).most_common())


def _print(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table to a terminal, else lines whose fields are separated by tabs."""
    console = open_console()
    if not console.is_terminal:
        for row in (columns, *rows):
            print("\t".join(row))
        return
    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)
