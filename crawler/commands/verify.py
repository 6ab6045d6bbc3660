"""`scrapy verify`: whether archive, catalogue and corpus are what was written, and belong together."""

import argparse
import hashlib
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from archive.findings import Checked, Finding, Severity, fault
from archive.manifest import Head
from archive.reader import ArchiveUnreadable, locate, read_payload
from archive.signing import KeyRefused, read_key
from archive.verify import verify_collection
from crawler.command import CommandFailed, FrontwireCommand, no_arguments_left, settings_of
from crawler.commands.crawl import hold_data_dir
from crawler.commands.trace import printable
from crawler.store.store import ForeignFile, Store
from crawler.store.verdict import FAILED, OK


class Command(FrontwireCommand):
    """Check everything that can be checked and name each fault."""

    def syntax(self) -> str:
        return "[--key ID]"

    def short_desc(self) -> str:
        return "Check archive, catalogue and corpus: digests, signatures, and that they belong together"

    def long_desc(self) -> str:
        return (
            "Example: scrapy verify. Exit code 1 if there is a fault, each named. An archive of somebody else: "
            "scrapy verify --key 0f1e2d3c4b5a6978 -s DATA_DIR=FOLDER, with the id that they give."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--key", metavar="ID", help="of the key that must have signed (default: your own)"
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        no_arguments_left(args, 0)
        console = Console(soft_wrap=True, highlight=False)
        checked = Checked()
        with closing(self.open_catalogue()) as store:
            lock = hold_data_dir(settings_of(self))
            findings = chain(
                self._check_archive(store, checked, opts.key), check_catalogue(store, self.data_dir)
            )
            faults = show(findings, console)
            lock.release()
        console.print(
            f"Checked {checked.files} WARC files ({checked.bytes} bytes, {checked.records} records), "
            f"{checked.indexed} lines of the index and {checked.lines} of the manifest, and the catalogue: "
            + (f"{faults} faults." if faults else "no fault.")
        )
        return FAILED if faults else OK

    def _check_archive(self, store: Store, checked: Checked, key: str | None) -> Iterator[Finding]:
        collection, head = self.archive_dir.parent, Head(*store.manifest_head())
        return verify_collection(collection, checked, key or self._own_key(), [head])

    def _own_key(self) -> str:
        """The id of the user's key; empty if there is none."""
        path = settings_of(self)["ARCHIVE_SIGNING_KEY"]
        try:
            key = read_key(Path(path)) if path else None
        except KeyRefused as error:
            raise CommandFailed(str(error)) from None
        return key.id if key else ""


def show(findings: Iterator[Finding], console: Console) -> int:
    """Print findings as they come and count the faults."""
    faults = 0
    for finding in findings:
        is_fault = finding.severity is Severity.FAULT
        faults += is_fault
        style = "bold red" if is_fault else "yellow"
        console.print(Text(f"{finding.severity:6}", style).append(printable(finding.sentence), "default"))
    return faults


def check_catalogue(store: Store, data_dir: Path) -> Iterator[Finding]:
    """Hold the rows of the catalogue against records and seed files, and the other way round."""
    foreign = {file.path: list(check_foreign_file(file)) for file in store.foreign_files()}
    yield from chain.from_iterable(foreign.values())
    for row in store.articles(everything=True):
        # What is gone or changed as a whole was named once.
        if not foreign.get(str(locate(Path(row["warc"] or "")).path)):
            yield from _check_record(row, data_dir / "collections" / "news" / "archive")
        if row["file"] is not None:
            yield from _check_seed_file(row, data_dir / "corpus")
    yield from _check_strays(store, data_dir / "corpus")


def check_foreign_file(known: ForeignFile) -> Iterator[Finding]:
    """Say whether an archive of others, from which articles were derived, is as it was then."""
    path = Path(known.path)
    if not path.is_file():
        yield fault(
            known.path,
            f"{path} ({known.bytes} bytes, SHA-256 {known.sha256}), from which articles were derived, is gone: "
            "put it back. `scrapy crawl replay -a import=1` copies such records into the archive.",
        )
    elif locate(path).sha256() != known.sha256:
        yield fault(
            known.path, f"{path}, from which articles were derived, was changed: put the old one back."
        )


def _check_record(row: dict[str, Any], archive: Path) -> Iterator[Finding]:
    name = f"the page {row['url']}"
    if row["warc"] is None:
        yield fault("catalogue", f"The catalogue knows no record for {name}.")
        return
    place = f"octet {row['offset']} of {row['warc']}"
    try:
        record = read_payload(archive / row["warc"], row["offset"])
    except ArchiveUnreadable as error:
        yield fault(row["warc"], f"The record of {name} is not at {place}: {error}")
        return
    if dict(record.headers).get("warc-record-id") != row["record_id"]:
        yield fault(row["warc"], f"At {place} lies another record than that of {name}.")
    elif record.payload_digest != row["payload_digest"]:
        yield fault(
            row["warc"], f"The record of {name} at {place} does not have the catalogue's payload digest."
        )


def _check_seed_file(row: dict[str, Any], corpus: Path) -> Iterator[Finding]:
    try:
        found = hashlib.sha256((corpus / row["file"]).read_bytes()).hexdigest()
    except FileNotFoundError:
        yield fault(row["file"], f"The seed file {row['file']} of {row['url']} is gone.")
        return
    if found != row["sha256"]:
        yield fault(row["file"], f"The seed file {row['file']} of {row['url']} was changed.")


def _check_strays(store: Store, corpus: Path) -> Iterator[Finding]:
    for folder in sorted(path for path in corpus.glob("[!.]*") if path.is_dir()):
        names = {f"{folder.name}/{file.name}" for file in folder.glob("[!.]*")}
        for name in sorted(names - store.files_of(folder.name)):
            yield fault(name, f"The file {name} is in the corpus, but the catalogue does not know it.")
