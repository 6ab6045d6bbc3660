"""Show the sources of a registry."""

import argparse
from pathlib import Path

from rich.table import Column, Table
from rich.text import Text
from scrapy.settings import BaseSettings

from crawler.cli.base import no_arguments_left
from crawler.cli.console import open_console, printable
from crawler.errors import OperatorError
from crawler.exit_codes import OK
from crawler.sources.choice import CHOICES, Choice
from crawler.sources.registry import load_sources
from crawler.sources.source import Source

_COLUMNS = ("id", "country", "languages", "kind", "owner", "focus", "URLs", "checked", "name")
_TERMINAL_COLUMNS = ("id", "country", "languages", "kind", "focus", "name")


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Print the sources that the options choose."""
    if args != ["list"]:
        raise OperatorError("usage: scrapy sources list [--country SY,IQ] [--focus SY] [--language ar]")
    no_arguments_left(args, 1)
    choice = Choice.of({name: value for name in CHOICES if (value := getattr(opts, name))})
    own = [Path(name) for name in settings.getlist("SOURCES")]
    sources = load_sources(Path(opts.sources) if opts.sources else None, choice, own)
    show(sources)
    return OK


def show(sources: list[Source]) -> None:
    """Print one line for each source, then how many there are."""
    console = open_console()
    if console.is_terminal:
        fixed = (Column(name, no_wrap=True) for name in _TERMINAL_COLUMNS[:-1])
        table = Table(*fixed, Column(_TERMINAL_COLUMNS[-1]), box=None, pad_edge=False)
        for source in sources:
            named = dict(zip(_COLUMNS, _cells(source), strict=True))
            table.add_row(*(Text(named[name]) for name in _TERMINAL_COLUMNS))
        console.print(table)
    else:  # for cut, sort and spreadsheets
        for cells in (_COLUMNS, *map(_cells, sources)):
            print("\t".join(cells))
    console.print(_summary(sources), style="dim")


def _cells(source: Source) -> tuple[str, ...]:
    checked = max((start.checked for start, _ in source.starts), default="")
    facts = (
        source.country,
        " ".join(source.languages),
        source.kind,
        source.owner,
        " ".join(source.focus),
        str(len(source.starts)),
        checked,
    )
    return (source.id, *(printable(fact) or "-" for fact in facts), printable(source.name))


def _summary(sources: list[Source]) -> str:
    countries = {source.country for source in sources if source.country}
    languages = {language for source in sources for language in source.languages}
    return f"Sources: {len(sources)}; countries: {len(countries)}; languages: {len(languages)}."
