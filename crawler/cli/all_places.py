"""One command for each data directory that shares a catalogue, one after the other, and what it left out."""

import argparse
from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from pathlib import Path
from socket import gethostname

from scrapy.settings import BaseSettings

from archive.errors import ArchiveError
from archive.layout import collection_below
from crawler.archive_errors import operator_error
from crawler.catalogue.places import NOWHERE, OtherPlace, Place, other_places, place_of, places
from crawler.cli.console import say
from crawler.cli.opening import open_catalogue
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK

Work = Callable[[BaseSettings], int]
"""What is done in one data directory, which the settings name; its exit code."""


def in_each_place(settings: BaseSettings, work: Work, only: Collection[str] | None = None) -> int:
    """Do the same in each data directory, in this one first; `FAILED` unless all of it was done, and well.

    None is held while another one is worked on. `only`: ids of those that are concerned, if not all are.
    """
    with closing(open_catalogue(settings)) as catalogue:
        data_dir = DataDir.of(settings)
        own, others = place_of(catalogue, data_dir), elsewhere(catalogue, data_dir)
    if not others:
        return work(settings)
    results: dict[str, int] = {}
    if own != NOWHERE and (only is None or own in only):
        results[str(data_dir)] = _in_one(str(data_dir), settings, work)
    for place in (each.place for each in others if only is None or each.place.id in only):
        if place.is_reachable:
            results[place.path] = _in_one(str(place), settings_of(settings, place), work)
        else:
            results[str(place)] = _not_done(place)
    failed = [name for name, code in results.items() if code != OK]
    done = f"{len(results) - len(failed)} of {len(results)} data directories are done and in order"
    say([f"{done}; not so: {', '.join(failed)}." if failed else f"{done}."])
    return FAILED if failed or not results else OK


def in_this_place(settings: BaseSettings, opts: argparse.Namespace, work: Work) -> int:
    """Do it here, or in each place with `--all-places`."""
    return in_each_place(settings, work) if opts.all_places else work(settings)


def settings_of(settings: BaseSettings, place: Place) -> BaseSettings:
    """The settings with which a command works on another data directory."""
    theirs, data_dir = settings.copy(), place.data_dir
    archive = data_dir.collection if data_dir.collection != collection_below(data_dir.path) else ""
    theirs.set("DATA_DIR", place.path, priority="cmdline")
    theirs.set("ARCHIVE_DIR", str(archive), priority="cmdline")
    return theirs


def elsewhere(catalogue: Catalogue, data_dir: DataDir) -> list[OtherPlace]:
    """The other data directories of a catalogue."""
    return other_places(catalogue, place_of(catalogue, data_dir))


def left_out(others: list[OtherPlace], what: str) -> Iterator[str]:
    """A sentence for each data directory in which something was not done."""
    for place, records, articles in others:
        yield (
            f"{what} {place}, another data directory of this catalogue with {records} records and "
            f"{articles} articles: give the command there, or --all-places."
        )


def name_of(catalogue: Catalogue, place: str) -> str:
    """The path of a place, as far as the catalogue knows it."""
    known = {each.id: each for each in places(catalogue)}
    return str(known[place]) if place in known else f"an unknown data directory ({place})"


def why_unreachable(place: Place) -> str:
    """Why nothing can be done in a data directory, and what to do."""
    if not place.host:
        return f"{place}: the catalogue has records of it, but no run has told where it is. Give the command there."
    there = Path(place.path)
    if place.host != gethostname() and not there.exists():
        return f"{place} is on another machine: give the command there."
    if there.exists() and place.data_dir.place:
        return f"{place} has the id of another data directory: it was moved, or replaced. Give the command where it is."
    if there.exists():
        return f"{place} has no place.id, or it cannot be read: bring the folder back from a copy."
    return f"{place} is gone. If it was moved, give the command where it is: it is known again then."


def _in_one(name: str, settings: BaseSettings, work: Work) -> int:
    say([f"== {name}"])
    try:
        return work(settings)
    except OperatorError as error:
        return _say_failed(error)
    except ArchiveError as error:
        return _say_failed(operator_error(error))


def _say_failed(error: OperatorError) -> int:
    say([f"Not done: {error}"])
    return error.exit_code


def _not_done(place: Place) -> int:
    say([f"== {place}", f"Not done: {why_unreachable(place)}"])
    return FAILED
