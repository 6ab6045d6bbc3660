"""`scrapy verify`: whether archive, catalogue and corpus are what was written, and belong together."""

import argparse
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from archive.checks.findings import Checked, Finding, Severity, note
from archive.errors import KeyRefused
from archive.evidence.signing import read_key
from crawler.audit.rederivation import STEERING, remove_left_over, workspace
from crawler.audit.verification import Verification, findings_of
from crawler.catalogue.store import Store
from crawler.command import CommandFailed, FrontwireCommand, no_arguments_left, open_store, settings_of
from crawler.commands.console import printable
from crawler.data_dir import DataDir, DataDirUnwritable
from crawler.exit_codes import FAILED, OK


class Command(FrontwireCommand):
    """Check everything that can be checked and name each fault."""

    def syntax(self) -> str:
        return "[--key ID]"

    def short_desc(self) -> str:
        return "Check archive, catalogue and corpus, and derive the corpus again"

    def long_desc(self) -> str:
        return (
            "Example: scrapy verify. Exit code 1 if there is a fault, each named; what only an upgrade or other "
            "settings would change is listed as a note. An archive of somebody else: "
            "scrapy verify --key 0f1e2d3c4b5a6978 -s DATA_DIR=FOLDER, with the id that they give. "
            "A read-only DATA_DIR is checked with what is derived again in TMPDIR."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_key_option(parser)

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        no_arguments_left(args, 0)
        with opened(self) as data:
            verification = Verification(data.store, self.data_dir, opts.key or own_key(self))
            view = View(verification.checked)
            if not data.is_held:
                view.show([note("catalogue", _READ_ONLY)])
            faults = view.show_all(verification) + self._derive_again(verification, data, view)
        view.console.print(summary(verification.checked, faults))
        return FAILED if faults else OK

    def _derive_again(self, verification: Verification, data: "Opened", view: "View") -> int:
        with (
            view.stage("Deriving the corpus again"),
            verification.derived_again(data.work_dir, steering(self)) as again,
        ):
            return view.show(findings_of(verification.compare(again.store)))


_READ_ONLY = (
    "The data directory is read-only: a copy of the catalogue was read, and nothing kept runs away meanwhile."
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A data directory that is being looked at."""

    store: Store
    work_dir: Path
    """Where the corpus can be derived again; removed in the end."""
    is_held: bool
    """False if it is read-only: then `store` is a copy, and other runs were not kept away."""


@contextmanager
def opened(command: FrontwireCommand) -> Iterator[Opened]:
    """Catalogue and working folder for a check of DATA_DIR; CommandFailed for whatever prevents it."""
    command.require_catalogue()
    data_dir = command.data_dir
    with ExitStack() as stack:
        is_held = _hold(data_dir, stack)
        work_dir = stack.enter_context(workspace(data_dir))
        store = stack.enter_context(closing(_open(command, work_dir, is_held)))
        yield Opened(store, work_dir, is_held)


def _hold(data_dir: DataDir, stack: ExitStack) -> bool:
    """Keep other runs out until the stack ends; False if the data directory is read-only."""
    try:
        stack.enter_context(data_dir.held())
    except DataDirUnwritable as error:
        if error.is_read_only:
            return False
        raise
    remove_left_over(data_dir)
    return True


def _open(command: FrontwireCommand, work_dir: Path, is_held: bool) -> Store:
    """The catalogue, or if its folder is read-only a copy: SQLite could not open it there."""
    if is_held or settings_of(command)["STORE_URL"]:
        return command.open_catalogue()
    catalogue = command.data_dir.catalogue
    for file in catalogue.parent.glob(f"{catalogue.name}*"):
        shutil.copyfile(file, work_dir / file.name)
    return open_store("", work_dir)


def add_key_option(parser: argparse.ArgumentParser) -> None:
    """Let `--key` say who must have signed the archive."""
    parser.add_argument("--key", metavar="ID", help="of the key that must have signed (default: your own)")


def own_key(command: FrontwireCommand) -> str:
    """The id of the user's key; empty if there is none."""
    path = settings_of(command)["ARCHIVE_SIGNING_KEY"]
    try:
        key = read_key(Path(path)) if path else None
    except KeyRefused as error:
        raise CommandFailed(str(error)) from None
    return key.id if key else ""


def steering(command: FrontwireCommand) -> dict[str, object]:
    """The settings on which the corpus depends, as they are now."""
    return {name: settings_of(command)[name] for name in STEERING}


class View:
    """Shows findings as they come, and a person at a terminal what is going on."""

    def __init__(self, checked: Checked) -> None:
        self.console = Console(soft_wrap=True, highlight=False)
        self._checked = checked
        self._stage = ""

    def __rich__(self) -> Text:
        checked = self._checked
        return Text(f"{self._stage}: {checked.files} WARC files, {checked.records} records read")

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Show that something is going on; where nobody looks on, nothing is shown."""
        self._stage = name
        with self.console.status(self):
            yield

    def show_all(self, verification: Verification) -> int:
        """Check archive and catalogue, print what is found and count the faults."""
        with self.stage("Checking the archive"):
            faults = self.show(verification.check_archive())
        with self.stage("Checking the catalogue"):
            return faults + self.show(verification.check_catalogue())

    def show(self, findings: Iterable[Finding]) -> int:
        """Print findings and count the faults."""
        faults = 0
        for finding in findings:
            is_fault = finding.severity is Severity.FAULT
            faults += is_fault
            style = "bold red" if is_fault else "yellow"
            line = Text(f"{finding.severity:6}", style).append(printable(finding.sentence), "default")
            self.console.print(line)
        return faults


def summary(checked: Checked, faults: int) -> str:
    """One line on how much was checked, and how it ended."""
    found = "no fault" if not faults else "1 fault" if faults == 1 else f"{faults} faults"
    return (
        f"Checked {checked.files} WARC files ({checked.bytes} bytes, {checked.records} records), "
        f"{checked.indexed} lines of the index and {checked.lines} of the manifest, and the catalogue, "
        f"and derived the corpus again: {found}."
    )
