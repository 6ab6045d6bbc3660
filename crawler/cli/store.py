"""A catalogue of an earlier Frontwire for the present one, and a lost or broken one from the archive."""

import argparse
from collections.abc import Iterator
from contextlib import closing

from scrapy.settings import BaseSettings

from archive.collection.from_settings import make_collection
from archive.warc.rewriting_journal import Rewriting
from crawler.audit.rebuilding import ORDERING, Rebuilt, is_sound, rebuild
from crawler.audit.rederivation import remove_left_over, steering_of, workspace
from crawler.catalogue.upgrades import upgrade
from crawler.cli.console import View, printable
from crawler.cli.opening import open_catalogue, require_catalogue
from crawler.cli.stating import state_what_is_not
from crawler.cli.storage_errors import storing
from crawler.data_dir import REVISIONS, DataDir
from crawler.database.schema import VERSION
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Bring the catalogue up to date, or make it again."""
    if args == ["rebuild"]:
        return rebuild_catalogue(settings, opts.anew)
    if args != ["upgrade"]:
        raise OperatorError("usage: scrapy store upgrade | rebuild [--anew]")
    require_catalogue(settings)
    with DataDir.of(settings).held():
        before, after = upgrade(settings["STORE_URL"], DataDir.of(settings).path)
        if before == after:
            print(f"The catalogue has version {after} already.")
        else:
            print(f"The catalogue was upgraded from version {before} to {after}.")
        if after == VERSION:
            with closing(open_catalogue(settings)) as catalogue, storing("what people decided"):
                state_what_is_not(settings, catalogue)
    return OK


def rebuild_catalogue(settings: BaseSettings, anew: bool) -> int:
    """Make the catalogue again from the archive, and say what that gave."""
    data_dir = DataDir.of(settings)
    if settings["STORE_URL"]:
        raise OperatorError(
            "A catalogue in a database that STORE_URL names is not rebuilt: restore the database's own backup, "
            "or rebuild a catalogue in DATA_DIR with -s STORE_URL= and go on with that."
        )
    if not any(data_dir.archive.glob("*")):
        raise OperatorError(
            f"There is no archive in {data_dir.collection}, from which a catalogue could be rebuilt."
        )
    with data_dir.held(), storing("the rebuilt catalogue"):
        if data_dir.catalogue.is_file() and not anew and is_sound(data_dir.catalogue):
            raise OperatorError(
                f"The catalogue {data_dir.catalogue} is sound: nothing was changed. --anew rebuilds it all the same."
            )
        remove_left_over(data_dir)
        given = steering_of(settings) | {name: settings[name] for name in ORDERING}
        collection = make_collection(settings, referrer=NoPlaces())
        collection.recover()
        view = View()
        with view.stage("Rebuilding the catalogue"), workspace(data_dir) as work_dir:
            rebuilt = rebuild(collection, data_dir, work_dir, given)
    for sentence in sentences_on(rebuilt):
        print(printable(sentence))
    return FAILED if rebuilt.damage or rebuilt.differ else OK


class NoPlaces:
    """Stands for the catalogue that is lost, while the archive finishes what a killed command began."""

    def moved(self, rewriting: Rewriting) -> None:
        """Nothing knows the old places any more."""

    def close(self) -> None:
        """Nothing is open."""


def sentences_on(rebuilt: Rebuilt) -> Iterator[str]:
    """What an operator has to know."""
    yield f"The catalogue was rebuilt from the archive: {rebuilt.runs} runs and decisions, {rebuilt.articles} articles."
    if rebuilt.moved_to is not None:
        yield f"The broken one is kept as {rebuilt.moved_to}."
    if rebuilt.came_back:
        yield f"{len(rebuilt.came_back)} files of the corpus came back, {rebuilt.came_back[0]} among them."
    for name in rebuilt.differ:
        yield f"{name} is not what the archive gives, and was left as it is: `scrapy restore` brings it back."
    if rebuilt.retired:
        yield (
            f"{len(rebuilt.retired)} files of the corpus, {rebuilt.retired[0]} among them, come from no record of the "
            f"archive and were moved to {REVISIONS}: if they came from archives of others that were read in place, "
            "replay these again."
        )
    yield from rebuilt.damage
    yield (
        "Not in the archive, and lost: arguments and exit codes of runs, and how URLs ended that got no answer "
        "or were not asked for; these are pending again."
    )
