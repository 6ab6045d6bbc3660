"""Derive the corpus again from the archive, show what would change, and change it."""

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text
from scrapy.settings import BaseSettings

from crawler import __version__
from crawler.audit.application import Adoption
from crawler.audit.comparison import ChangeKind, Difference
from crawler.audit.rederivation import Rederived, steering_of
from crawler.audit.verification import Verification, findings_of
from crawler.catalogue.store import Store
from crawler.cli.base import no_arguments_left
from crawler.cli.console import View, printable
from crawler.cli.opening import Opened, opened
from crawler.cli.signing_key import own_key_id
from crawler.cli.storing import storing
from crawler.data_dir import DataDir
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK, STORAGE
from crawler.run.corpus import Corpus


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Show what would change in the corpus; with `--apply` change it."""
    no_arguments_left(args, 0)
    data_dir, steering = DataDir.of(settings), steering_of(settings)
    with opened(settings) as data:
        if opts.apply:
            _make_ready(data, data_dir)
        verification = Verification(data.store, data_dir, opts.key or own_key_id(settings))
        view = View(verification.checked)
        faults = view.show_all(verification)
        if faults:
            return refuse(view)
        with (
            view.stage("Deriving the corpus again"),
            verification.derived_again(data.work_dir, steering) as again,
        ):
            differences = list(verification.compare(again.store))
            if view.show(findings_of([each for each in differences if not each.reason])):
                return refuse(view)
            show(differences, view)
            if differences and opts.apply:
                _apply(data.store, data_dir, verification, again, differences, steering)
            view.console.print(_conclusion(differences, opts.apply))
    return OK


def _make_ready(data: Opened, data_dir: DataDir) -> None:
    """Move away what a killed run left, before it is taken for a fault."""
    if not data.is_held:
        raise OperatorError(
            f"Cannot write {data_dir}: it is read-only. Leave --apply out, or work on a copy.", STORAGE
        )
    Corpus(data_dir.corpus).retire_strays(data.store.files_of)


def _conclusion(differences: Sequence[Difference], applies: bool) -> str:
    if not differences:
        return "Nothing would change."
    if not applies:
        return "Nothing was written: `scrapy rederive --apply` makes these changes."
    return "The changes were made."


def _apply(
    store: Store,
    data_dir: DataDir,
    verification: Verification,
    again: Rederived,
    differences: Sequence[Difference],
    steering: Mapping[str, object],
) -> None:
    """Make the changes as a run of its own."""
    with storing("what was derived again"):
        given = {name: str(value) for name, value in steering.items()}
        run_id = store.begin_run("rederive", given, f"frontwire/{__version__}")
        for file in verification.foreign:
            store.note_foreign_file(run_id, file)
        Adoption(store, data_dir, again).apply(run_id, differences)
        store.end_run(run_id, "finished", OK)


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
