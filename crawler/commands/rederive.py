"""`scrapy rederive`: what is installed and set now, applied to the pages that the archive holds."""

import argparse
from collections import Counter
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import DBAPIError

from crawler import __version__
from crawler.audit.application import Adoption
from crawler.audit.comparison import ChangeKind, Difference
from crawler.audit.rederivation import Rederived
from crawler.audit.verification import Verification, findings_of
from crawler.command import CommandFailed, FrontwireCommand, no_arguments_left
from crawler.commands.console import printable
from crawler.commands.verify import Opened, View, add_key_option, opened, own_key, steering
from crawler.exit_codes import FAILED, OK, STORAGE
from crawler.run.corpus import Corpus


class Command(FrontwireCommand):
    """Show what would change in the corpus, and change it."""

    def syntax(self) -> str:
        return "[--apply] [--key ID]"

    def short_desc(self) -> str:
        return "Apply a new extractor, lexicon, seeds or mode to the archive, with no request"

    def long_desc(self) -> str:
        return (
            "Example: scrapy rederive -s RELEVANCE_MODE=conflict. Shows what would change; with --apply it is "
            "changed: earlier texts move to corpus/.revisions, and the catalogue says why. Settings given by -s "
            "must be given again to later runs: write them into frontwire.toml. "
            "Exit code 1, and nothing is changed, if the archive or the corpus has a fault."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--apply", action="store_true", help="write the changes")
        add_key_option(parser)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        no_arguments_left(args, 0)
        with opened(self) as data:
            if opts.apply:
                self._make_ready(data)
            verification = Verification(data.store, self.data_dir, opts.key or own_key(self))
            view = View(verification.checked)
            faults = view.show_all(verification)
            if faults:
                return refuse(view)
            with (
                view.stage("Deriving the corpus again"),
                verification.derived_again(data.work_dir, steering(self)) as again,
            ):
                return self._go_on(data, verification, again, view, opts.apply)

    def _make_ready(self, data: Opened) -> None:
        """Move away what a killed run left, before it is taken for a fault."""
        if not data.is_held:
            raise CommandFailed(
                f"Cannot write {self.data_dir}: it is read-only. Leave --apply out, or work on a copy.",
                STORAGE,
            )
        Corpus(self.data_dir.corpus).retire_strays(data.store.files_of)

    def _go_on(
        self, data: Opened, verification: Verification, again: Rederived, view: View, applies: bool
    ) -> int:
        differences = list(verification.compare(again.store))
        if view.show(findings_of([each for each in differences if not each.reason])):
            return refuse(view)
        show(differences, view)
        if not differences:
            view.console.print("Nothing would change.")
        elif not applies:
            view.console.print("Nothing was written: `scrapy rederive --apply` makes these changes.")
        else:
            self._apply(data, verification, again, differences)
            view.console.print("The changes were made.")
        return OK

    def _apply(
        self, data: Opened, verification: Verification, again: Rederived, differences: Sequence[Difference]
    ) -> None:
        """Make the changes as a run of its own."""
        store, given = data.store, {name: str(value) for name, value in steering(self).items()}
        try:
            run_id = store.begin_run("rederive", given, f"frontwire/{__version__}")
            for file in verification.foreign:
                store.note_foreign_file(run_id, file)
            Adoption(store, self.data_dir, again).apply(run_id, differences)
            store.end_run(run_id, "finished", OK)
        except (OSError, DBAPIError) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            raise CommandFailed(
                f"Cannot write what was derived again: {cause}. Free space, or close what holds the catalogue, "
                "and run the same command again; it goes on where it stopped.",
                STORAGE,
            ) from None


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
