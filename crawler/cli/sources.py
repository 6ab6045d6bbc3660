"""Show the sources of a registry, look at them, import and export them."""

import argparse
from pathlib import Path

from rich.table import Column, Table
from rich.text import Text
from scrapy.settings import BaseSettings

from crawler.cli.base import no_arguments_left
from crawler.cli.chosen_sources import chosen_sources
from crawler.cli.console import open_console, printable, say_apart
from crawler.cli.source_add import add
from crawler.cli.source_check import Looks, check, known_looks, standing_of
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK
from crawler.sources.choice import Choice
from crawler.sources.imports import Known, read_list
from crawler.sources.registry import load_sources
from crawler.sources.registry_file import add_to_file, sources_in
from crawler.sources.source import Source
from crawler.sources.writing import as_csv, as_opml, as_toml

_COLUMNS = (
    *("id", "country", "languages", "kind", "owner", "focus", "URLs", "checked"),
    *("looked at", "result", "newest", "name"),
)
_TERMINAL_COLUMNS = ("id", "country", "languages", "kind", "focus", "result", "newest", "name")


_USAGE = "usage: scrapy sources list | check | add URL | import FILE… | export, with choices like --focus SY"


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Show the sources that the options choose, add sources to a registry, or write them for other programs."""
    no_arguments_left(args, len(args))
    own = [Path(name) for name in settings.getlist("SOURCES")]
    match args:
        case ["list"]:
            sources = chosen_sources(settings, opts)
            show(sources, known_looks(settings, sources))
        case ["check"]:
            return check(settings, chosen_sources(settings, opts), opts)
        case ["export"]:
            print((as_opml if opts.format == "opml" else as_csv)(chosen_sources(settings, opts)), end="")
        case ["add", address]:
            return add(settings, address, opts, own)
        case ["import", *files] if files:
            return import_lists([Path(file) for file in files], Path(opts.to) if opts.to else None, own)
        case _:
            raise OperatorError(_USAGE)
    return OK


def import_lists(files: list[Path], to: Path | None, own: list[Path]) -> int:
    """Add the sources of lists that no registry has to the end of a file, or print them; say what was left out.

    FAILED if an entry is no source: the others are added all the same.
    """
    read = [read_list(file) for file in files]
    known = Known(load_sources(None, Choice(), own), sources_in(to) if to else [])
    new = known.without_known([source for each in read for source in each.sources])
    if to:
        add_to_file(to, new)
    else:
        print(as_toml(new), end="")
    faults = [fault for each in read for fault in each.faults]
    say_apart([*faults, *known.left_out])
    say_apart([_sums(len(new), len(known.left_out), len(faults), to)])
    return FAILED if faults else OK


def _sums(new: int, known: int, faults: int, to: Path | None) -> str:
    """What became of the entries of lists, in one sentence."""
    sources, were = ("source", "was") if new == 1 else ("sources", "were")
    added = f"{were} added to {to}" if to else "is new" if new == 1 else "are new"
    return (
        f"{new} {sources} {added}; {known} {'was' if known == 1 else 'were'} known, and "
        f"{'1 entry is' if faults == 1 else f'{faults} entries are'} none."
    )


def show(sources: list[Source], looks: Looks) -> None:
    """Print one line for each source, then how many there are."""
    rows = [_cells(source, standing_of(source, looks)) for source in sources]
    console = open_console()
    if console.is_terminal:
        fixed = (Column(name, no_wrap=True) for name in _TERMINAL_COLUMNS[:-1])
        table = Table(*fixed, Column(_TERMINAL_COLUMNS[-1]), box=None, pad_edge=False)
        for row in rows:
            named = dict(zip(_COLUMNS, row, strict=True))
            table.add_row(*(Text(named[name]) for name in _TERMINAL_COLUMNS))
        console.print(table)
    else:  # for cut, sort and spreadsheets
        for cells in (_COLUMNS, *rows):
            print("\t".join(cells))
    console.print(_summary(sources), style="dim")


def _cells(source: Source, standing: tuple[str, str, str]) -> tuple[str, ...]:
    checked = max((start.checked for start, _ in source.starts), default="")
    facts = (
        source.country,
        " ".join(source.languages),
        source.kind,
        source.owner,
        " ".join(source.focus),
        str(len(source.starts)),
        checked,
        *standing,
    )
    return (source.id, *(printable(fact) or "-" for fact in facts), printable(source.name))


def _summary(sources: list[Source]) -> str:
    countries = {source.country for source in sources if source.country}
    languages = {language for source in sources for language in source.languages}
    return f"Sources: {len(sources)}; countries: {len(countries)}; languages: {len(languages)}."
