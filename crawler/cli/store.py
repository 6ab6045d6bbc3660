"""A catalogue of an earlier Frontwire for the present one, and a lost or broken one from the archive."""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from scrapy.settings import BaseSettings

from archive.collection.from_settings import make_collection
from archive.objects.whereabouts import files_in
from archive.warc.rewriting_journal import Rewriting
from crawler.audit.rebuilding import ORDERING, Part, Rebuilt, is_sound, rebuild
from crawler.audit.rederivation import remove_left_over, steering_of, workspace
from crawler.catalogue.upgrades import upgrade
from crawler.cli.console import View, printable
from crawler.cli.opening import open_catalogue, require_catalogue
from crawler.cli.stating import state_what_is_not
from crawler.cli.storage_errors import storing
from crawler.data_dir import REVISIONS, DataDir
from crawler.database.schema import VERSION
from crawler.database.transfer import require_no_rows
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Bring the catalogue up to date, or make it again."""
    if args == ["rebuild"]:
        return rebuild_catalogue(settings, opts.anew, opts.others)
    if args != ["upgrade"]:
        raise OperatorError("usage: scrapy store upgrade | rebuild [--anew] [--with FOLDER]...")
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


def rebuild_catalogue(settings: BaseSettings, anew: bool, others: Sequence[str] = ()) -> int:
    """Make the catalogue again from the archives, and say what that gave."""
    store_url, own = settings["STORE_URL"], DataDir.of(settings)
    if others and not store_url:
        raise OperatorError(
            "--with is for a catalogue that data directories share: name its database with STORE_URL."
        )
    data_dirs = [own, *(DataDir.at(Path(folder)) for folder in others)]
    _refuse_what_gives_nothing(data_dirs)
    with ExitStack() as held, storing("the rebuilt catalogue"):
        for data_dir in data_dirs:
            held.enter_context(data_dir.held())
        _refuse_replacing(own, store_url, anew)
        remove_left_over(own)
        given = steering_of(settings) | {name: settings[name] for name in ORDERING}
        parts = [_recovered(settings, data_dir) for data_dir in data_dirs]
        view = View()
        with view.stage("Rebuilding the catalogue"), workspace(own) as work_dir:
            rebuilt = rebuild(parts, work_dir, given, store_url)
    for sentence in (*sentences_on(rebuilt), *(_on_sharing(data_dirs) if store_url else ())):
        print(printable(sentence))
    return FAILED if rebuilt.damage or rebuilt.differ else OK


def _refuse_what_gives_nothing(data_dirs: Sequence[DataDir]) -> None:
    """OperatorError unless each directory has an archive, and none has a file that another one has."""
    for data_dir in data_dirs:
        if not any(data_dir.archive.glob("*")):
            raise OperatorError(
                f"There is no archive in {data_dir.collection}, from which a catalogue could be rebuilt."
            )
    names = Counter(path.name for data_dir in data_dirs for path in files_in(data_dir.archive, "*.warc*"))
    if twice := [name for name, count in names.items() if count > 1]:
        raise OperatorError(
            f"{twice[0]} is in two of the data directories: one is named twice, or is a copy. Nothing was changed."
        )


def _refuse_replacing(data_dir: DataDir, store_url: str, anew: bool) -> None:
    """OperatorError where there is a catalogue already."""
    if store_url:
        require_no_rows(store_url, data_dir.path)
    elif data_dir.catalogue.is_file() and not anew and is_sound(data_dir.catalogue):
        raise OperatorError(
            f"The catalogue {data_dir.catalogue} is sound: nothing was changed. --anew rebuilds it all the same."
        )


def _recovered(settings: BaseSettings, data_dir: DataDir) -> Part:
    """A data directory whose archive has finished what a killed command began."""
    theirs = settings.copy()
    theirs.set("DATA_DIR", str(data_dir.path), priority="cmdline")
    theirs.set("ARCHIVE_DIR", str(data_dir.collection), priority="cmdline")
    collection = make_collection(theirs, referrer=NoPlaces())
    collection.recover()
    return data_dir, collection


def _on_sharing(data_dirs: Sequence[DataDir]) -> Iterator[str]:
    names = ", ".join(map(str, data_dirs))
    yield (
        f"It was made from {names}. If another data directory shared it, empty the database and rebuild it from all "
        "by one command, with --with FOLDER for each."
    )


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
        "or were not requested; these are pending again. In `scrapy gaps` days without any answer are days without "
        "a visit, and days that a back-fill filled in are gaps."
    )
