"""The sources that the options of a command choose."""

import argparse
from dataclasses import replace
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.catalogue.silences import visited_sources
from crawler.database.catalogue import Catalogue
from crawler.sources.choice import CHOICES, Choice
from crawler.sources.registry import load_sources
from crawler.sources.source import Source


def choice_of(opts: argparse.Namespace) -> Choice:
    """What `--country` and the like say."""
    return Choice.of({name: value for name in CHOICES if (value := getattr(opts, name))})


def chosen_sources(settings: BaseSettings, opts: argparse.Namespace) -> list[Source]:
    """The enabled sources of this choice; OperatorError if there are none."""
    return _of_registry(settings, opts, choice_of(opts))


def chosen_ids(settings: BaseSettings, opts: argparse.Namespace, catalogue: Catalogue) -> set[str]:
    """The ids of these sources; empty if nothing chooses: then any source of the catalogue counts.

    By its id a source may be named that no registry has any more, but that a crawl has visited.
    """
    choice = choice_of(opts)
    if not (opts.sources or choice):
        return set()
    are_ids = choice.source and choice == Choice(source=choice.source)
    visited = visited_sources(catalogue).intersection(choice.source) if are_ids else set()
    rest = replace(choice, source=tuple(each for each in choice.source if each not in visited))
    return visited | (
        {each.id for each in _of_registry(settings, opts, rest)} if rest or not visited else set()
    )


def _of_registry(settings: BaseSettings, opts: argparse.Namespace, choice: Choice) -> list[Source]:
    own = [Path(name) for name in settings.getlist("SOURCES")]
    return load_sources(Path(opts.sources) if opts.sources else None, choice, own)
