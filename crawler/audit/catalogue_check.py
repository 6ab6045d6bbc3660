"""Whether catalogue, records and seed files belong together, each row held against what it names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archive.checks.findings import Finding, fault
from archive.errors import ArchiveUnreadable
from archive.replay.stored_records import read_payload
from archive.warc.files import locate
from archive.warc.gzip_file import OPEN_SUFFIX
from crawler.audit.comparison import is_retired
from crawler.catalogue.store import ForeignFile, Store
from crawler.data_dir import REVISIONS, DataDir
from crawler.texts.seed_format import Seed, SeedError, digest, render_seed, seed_name


class CatalogueCheck:
    """Reads each row once; what others must know of broken archives is there afterwards."""

    def __init__(self, store: Store, data_dir: DataDir) -> None:
        self._store = store
        self._archive = data_dir.archive
        self._corpus = data_dir.corpus
        self._broken: set[str] = set()
        self.foreign: list[ForeignFile] = []
        """Archives of others that are as they were."""

    def run(self) -> Iterator[Finding]:
        """Hold rows against records and seed files, and the other way round."""
        for file in self._store.foreign_files():
            if found := list(check_foreign_file(file)):
                self._broken.add(file.path)
                yield from found
            else:
                self.foreign.append(file)
        for row in self._store.articles(everything=True):
            if not self.is_broken(row):
                yield from _check_record(row, self._archive)
            if row["file"] is not None or is_retired(row):
                yield from _check_seed_file(row, self._corpus)
        yield from _check_strays(self._store, self._corpus)

    def is_broken(self, row: dict[str, Any]) -> bool:
        """Whether a record lies in an archive of others that is gone or changed, which was named once."""
        return str(locate(Path(row["warc"] or "")).path) in self._broken


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
        record = read_payload(_present(archive / row["warc"]), row["offset"])
    except ArchiveUnreadable as error:
        yield fault(row["warc"], f"The record of {name} is not at {place}: {error}")
        return
    if dict(record.headers).get("warc-record-id") != row["record_id"]:
        yield fault(row["warc"], f"At {place} lies another record than that of {name}.")
    elif record.payload_digest != row["payload_digest"]:
        yield fault(
            row["warc"], f"The record of {name} at {place} does not have the catalogue's payload digest."
        )


def _present(path: Path) -> Path:
    """A file under the name that it has now: after a kill it is still open."""
    still_open = path.with_name(path.name + OPEN_SUFFIX)
    return still_open if still_open.is_file() else path


def _check_seed_file(row: dict[str, Any], corpus: Path) -> Iterator[Finding]:
    """Say whether a file, or an earlier text in `.revisions`, is what its row says."""
    name = _name_of(row)
    is_sound = row["file"] is None or (name == row["file"] and _digest_of(row) == row["sha256"])
    if name is None or not is_sound:
        what = row["file"] or "an earlier text"
        yield fault(
            "catalogue", f"The row of {what} of {row['url']} was changed: its parts do not fit together."
        )
    # What the row itself names might lead anywhere.
    if name is not None:
        name = name if row["file"] is not None else f"{REVISIONS}/{name}"
        if state := _state_of(corpus / name, row["sha256"]):
            yield fault(name, f"The seed file {name} of {row['url']} {state}.")


def _name_of(row: dict[str, Any]) -> str | None:
    """The file that month, index and digest of a row name; None if they name none."""
    month, number, sha256 = row["month"], row["number"], row["sha256"]
    if not isinstance(number, int) or not re.fullmatch(
        r"\d{4}-\d\d [0-9a-f]{64}", f"{month} {sha256}", re.ASCII
    ):
        return None
    return seed_name(month, number, sha256)


def _digest_of(row: dict[str, Any]) -> str | None:
    """SHA-256 of the seed file that the text of a row gives; None if it gives none."""
    try:
        content = render_seed(Seed(str(row["month"]), tuple(str(row["text"]).split("\n\n"))))
    except SeedError:
        return None
    return digest(content)


def _state_of(file: Path, sha256: str) -> str:
    """What is wrong with a file; empty if nothing."""
    try:
        is_same = digest(file.read_bytes()) == sha256
    except FileNotFoundError:
        return "is gone"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return "" if is_same else "was changed"


def _check_strays(store: Store, corpus: Path) -> Iterator[Finding]:
    for folder in sorted(path for path in corpus.glob("[!.]*") if path.is_dir()):
        names = {f"{folder.name}/{file.name}" for file in folder.glob("[!.]*")}
        for name in sorted(names - store.files_of(folder.name)):
            yield fault(
                name,
                f"The file {name} is in the corpus, but the catalogue does not know it: "
                f"the next run moves it to {REVISIONS}.",
            )
