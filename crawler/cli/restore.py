"""Bring back the files of the corpus that are gone or were changed."""

import argparse
from collections.abc import Sequence
from functools import partial

from scrapy.settings import BaseSettings

from crawler.audit.catalogue_check import CatalogueReport, DamagedFile, damaged_files
from crawler.audit.rederivation import steering_of
from crawler.audit.restoration import derived_files, restore
from crawler.catalogue.foreign_files import foreign_files
from crawler.cli.all_places import elsewhere, in_this_place, left_out
from crawler.cli.base import no_arguments_left
from crawler.cli.console import View, printable, say
from crawler.cli.opening import Opened, opened
from crawler.cli.storage_errors import storing
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK, STORAGE
from crawler.run.corpus import Corpus


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Show what is damaged; with `--apply` bring it back."""
    no_arguments_left(args, 0)
    return in_this_place(settings, opts, partial(bring_back, opts=opts))


def bring_back(settings: BaseSettings, opts: argparse.Namespace) -> int:
    """Restore the corpus of one data directory."""
    with opened(settings) as data:
        if opts.apply and not data.is_held:
            raise OperatorError(
                f"Cannot write {data.data_dir}: it is read-only. Leave --apply out, or work on a copy.",
                STORAGE,
            )
        damaged = list(damaged_files(data.catalogue, data.data_dir, data.place))
        known = _with_content(settings, data, damaged)
        for each in damaged:
            found = "" if each.name in known else ": neither catalogue nor archive give it"
            print(printable(f"{each.name} of {each.url} {each.state}{found}."))
        if opts.apply and known:
            with storing("the corpus"):
                restore(Corpus(data.data_dir.corpus), list(known.values()))
        others = [] if opts.all_places else elsewhere(data.catalogue, data.data_dir)
    print(_conclusion(damaged, known, opts.apply))
    say(left_out(others, "Not looked at:"))
    return OK if len(known) == len(damaged) else FAILED


def _with_content(
    settings: BaseSettings, data: Opened, damaged: Sequence[DamagedFile]
) -> dict[str, DamagedFile]:
    """Those files of which it is known what they should be, by name."""
    known = {each.name: each for each in damaged if each.content is not None}
    others = [each for each in damaged if each.content is None]
    if others:
        sound = CatalogueReport(tuple(foreign_files(data.catalogue, data.place)), frozenset())
        with (
            View().stage(data.deriving),
            data.derived_again(sound, steering_of(settings)) as again,
        ):
            known |= {each.name: each for each in derived_files(again.data_dir.corpus, others)}
    return known


def _conclusion(damaged: Sequence[DamagedFile], known: dict[str, DamagedFile], applies: bool) -> str:
    if not damaged:
        return "No file of the corpus is gone or was changed."
    if not known:
        return "Nothing can be brought back: `scrapy verify` says what else is wrong."
    if not applies:
        return f"Nothing was written: `scrapy restore --apply` brings {len(known)} files back."
    return f"{len(known)} files were brought back, with the bytes that their digests name."
