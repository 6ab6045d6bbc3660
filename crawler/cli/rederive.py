"""Derive the corpus again from the archive, show what would change, and change it."""

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from rich.table import Table
from rich.text import Text
from scrapy.settings import BaseSettings

from archive.checks.findings import note
from crawler import __version__
from crawler.audit.catalogue_check import CatalogueReport
from crawler.audit.comparison import Comparison
from crawler.audit.difference_applier import DifferenceApplier
from crawler.audit.differences import ChangeKind, Difference
from crawler.audit.rederivation import Rederived, steering_of
from crawler.audit.verification import findings_of
from crawler.catalogue.foreign_files import note_foreign_file
from crawler.catalogue.places import enter_place
from crawler.catalogue.runs import begin_run, end_run
from crawler.cli.all_places import elsewhere, in_this_place, left_out
from crawler.cli.base import no_arguments_left
from crawler.cli.console import View, printable
from crawler.cli.opening import Opened, opened
from crawler.cli.signing_key import own_key_id
from crawler.cli.storage_errors import storing
from crawler.data_dir import DataDir
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK, STORAGE
from crawler.run.corpus import Corpus
from crawler.run.strays import find_strays, put_away


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Show what would change in the corpus; with `--apply` change it."""
    no_arguments_left(args, 0)
    return in_this_place(settings, opts, partial(rederive, opts=opts))


def rederive(settings: BaseSettings, opts: argparse.Namespace) -> int:
    """Derive the corpus of one data directory again."""
    data_dir, steering = DataDir.of(settings), steering_of(settings)
    with opened(settings) as data:
        if opts.apply:
            _make_ready(data, data_dir)
        view = View()
        report = data.check(opts.key or own_key_id(settings), view)
        if view.faults:
            return refuse(view)
        with view.stage(data.deriving), data.derived_again(report, steering) as again:
            comparison = Comparison(data.catalogue, again.catalogue, report.is_out_of_reach, data.place)
            differences = list(comparison.run())
            view.show_all(findings_of([each for each in differences if not each.reason]))
            if view.faults:
                return refuse(view)
            show(differences, view)
            if differences and opts.apply:
                _apply(data, report, again, differences, steering)
            view.console.print(_conclusion(differences, opts.apply))
        others = [] if opts.all_places else elsewhere(data.catalogue, data_dir)
        view.show_all(note("catalogue", sentence) for sentence in left_out(others, "Not derived again:"))
    return OK


def _make_ready(data: Opened, data_dir: DataDir) -> None:
    """Move away what a killed run left, before it is taken for a fault."""
    if not data.is_held:
        raise OperatorError(
            f"Cannot write {data_dir}: it is read-only. Leave --apply out, or work on a copy.", STORAGE
        )
    enter_place(data.catalogue, data_dir)
    corpus = Corpus(data_dir.corpus)
    put_away(corpus, find_strays(corpus, data.catalogue, data.place))


def _conclusion(differences: Sequence[Difference], applies: bool) -> str:
    if not differences:
        return "Nothing would change."
    if not applies:
        return "Nothing was written: `scrapy rederive --apply` makes these changes."
    return "The changes were made."


def _apply(
    data: Opened,
    report: CatalogueReport,
    again: Rederived,
    differences: Sequence[Difference],
    steering: Mapping[str, object],
) -> None:
    """Make the changes as a run of its own."""
    catalogue = data.catalogue
    with storing("what was derived again"):
        given = {name: str(value) for name, value in steering.items()}
        run_id = begin_run(catalogue, "rederive", given, f"frontwire/{__version__}", data.data_dir.place)
        for file in report.foreign:
            note_foreign_file(catalogue, run_id, file)
        DifferenceApplier(catalogue, data.data_dir, again, data.place).apply(run_id, differences)
        end_run(catalogue, run_id, "finished", OK)


def show(differences: Sequence[Difference], view: View) -> None:
    """Print each page that would change, and how many there are of each kind."""
    for difference in differences:
        if difference.kind is not ChangeKind.ENTRY:
            sentence = f"{difference.sentence}: {difference.reason}."
            view.console.print(Text(f"{difference.kind:14}", "yellow").append(printable(sentence), "default"))
    counts = Counter(difference.kind for difference in differences)
    table = Table("change", "pages")
    for kind in ChangeKind:
        if counts[kind]:
            table.add_row(kind, str(counts[kind]))
    if differences:
        view.console.print(table)


def refuse(view: View) -> int:
    """Say that nothing is changed while something is wrong."""
    view.console.print(
        "Nothing was changed: first repair what is named above; `scrapy verify` checks it again."
    )
    return FAILED
