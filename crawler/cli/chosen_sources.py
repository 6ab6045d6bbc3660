"""The sources that the options of a command choose."""

import argparse
from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.sources.choice import CHOICES, Choice
from crawler.sources.registry import load_sources
from crawler.sources.source import Source


def choice_of(opts: argparse.Namespace) -> Choice:
    """What `--country` and the like say."""
    return Choice.of({name: value for name in CHOICES if (value := getattr(opts, name))})


def chosen_sources(settings: BaseSettings, opts: argparse.Namespace) -> list[Source]:
    """The enabled sources of this choice; OperatorError if there are none."""
    own = [Path(name) for name in settings.getlist("SOURCES")]
    return load_sources(Path(opts.sources) if opts.sources else None, choice_of(opts), own)


def chosen_ids(settings: BaseSettings, opts: argparse.Namespace) -> set[str]:
    """The ids of these sources; empty if nothing chooses: then any source of the catalogue counts."""
    if not (opts.sources or choice_of(opts)):
        return set()
    return {source.id for source in chosen_sources(settings, opts)}
