"""`scrapy trace FILE`: from a corpus file to its WARC record, and the proof that they belong together."""

import argparse
import hashlib
from pathlib import Path
from typing import Any

from rich.text import Text

from archive.errors import ArchiveUnreadable
from archive.replay.captures import read_payload
from archive.warc.files import locate
from crawler.catalogue.history import copies, history
from crawler.catalogue.store import Store
from crawler.command import CommandFailed, FrontwireCommand, no_arguments_left
from crawler.commands.console import open_console, print_copies, print_history, printable

_SHOWN = ("url", "source", "via", "title", "month", "date_source", "captured", "warc", "offset", "length")


class Command(FrontwireCommand):
    """Show where an article comes from and check the chain of digests."""

    def syntax(self) -> str:
        return "FILE"

    def short_desc(self) -> str:
        return "From a corpus file to its WARC record, digests recomputed, its copies and its changes"

    def long_desc(self) -> str:
        return (
            "Example: scrapy trace data/corpus/2021-01/000_0b0c93c09f0a0d7d.txt. "
            "Exit code 1 if a digest disagrees."
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        no_arguments_left(args, 1)
        if not args:
            raise CommandFailed("Name a file of the corpus: scrapy trace data/corpus/2021-01/000_….txt.")
        store = self.open_catalogue()
        try:
            return self._trace(Path(args[0]), store)
        finally:
            store.close()

    def _trace(self, path: Path, store: Store) -> int:
        row = store.article_of_file(f"{path.parent.name}/{path.name}")
        if row is None:
            raise CommandFailed(
                f"The catalogue of {self.data_dir} does not know {path}: is it the right DATA_DIR?"
            )
        checks = [
            self._check_file(path, row["sha256"]),
            *self._check_foreign(row, store),
            *self._check_record(row),
        ]
        _print(row, checks)
        print_copies(copies(store, row["url"]))
        print_history(history(store, row["url"]))
        return 0 if all(good for _, _, good in checks) else 1

    def _check_file(self, path: Path, sha256: str) -> tuple[str, str, bool]:
        file = path if path.is_file() else self.data_dir.corpus / path.parent.name / path.name
        try:
            found = hashlib.sha256(file.read_bytes()).hexdigest()
        except OSError as error:
            raise CommandFailed(f"Cannot read {file}: {error.strerror}. Is it the right DATA_DIR?") from None
        return "file SHA-256", found, found == sha256

    def _check_foreign(self, row: dict[str, Any], store: Store) -> list[tuple[str, str, bool]]:
        """The archive of others in which the record lies, if it lies in one: whether it is as it was."""
        path = locate(Path(row["warc"] or "")).path
        known = store.foreign_file(row["run_id"], str(path))
        if known is None:
            return []
        if not path.is_file():
            raise CommandFailed(
                f"The record lies in {path} ({known.bytes} bytes, SHA-256 {known.sha256}), which is gone: put it "
                "back. `scrapy crawl replay -a import=1` copies such records into the archive.",
                1,
            )
        size, found = path.stat().st_size, locate(path).sha256()
        return [("foreign archive", f"{size} bytes, SHA-256 {found}", found == known.sha256)]

    def _check_record(self, row: dict[str, Any]) -> list[tuple[str, str, bool]]:
        if row["warc"] is None:
            raise CommandFailed(f"The catalogue knows no record for {row['file']}.", 1)
        warc = self.data_dir.archive / row["warc"]
        try:
            record = read_payload(warc if warc.is_file() else Path(row["warc"]), row["offset"])
        except ArchiveUnreadable as error:
            raise CommandFailed(str(error), 1) from None
        record_id = dict(record.headers).get("warc-record-id", "none")
        return [
            ("record id", record_id, record_id == row["record_id"]),
            ("payload digest", record.payload_digest, record.payload_digest == row["payload_digest"]),
        ]


def _print(row: dict[str, Any], checks: list[tuple[str, str, bool]]) -> None:
    console = open_console()
    for name in _SHOWN:
        value = "not known" if row[name] is None else printable(str(row[name]))
        console.print(Text(f"{name:17} {value}"))
    for name, value, good in checks:
        line = Text(f"{name:17} {value} ").append(
            "agrees" if good else "DISAGREES", style="green" if good else "bold red"
        )
        console.print(line)
