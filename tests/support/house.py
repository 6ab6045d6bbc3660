"""A data directory with all that refers to records: collection, index, manifest, and places in a database."""

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path

from archive.checks.archive_check import verify_collection
from archive.checks.findings import Checked, Severity
from archive.collection.collection import Collection
from archive.collection.rewriting import Rewriter
from archive.evidence.manifest import Manifest
from archive.index.run_digests import RunDigests
from archive.replay.stored_records import read_record
from archive.warc.location import RecordLocation
from archive.warc.rewriting_journal import Rewriting
from tests.support.warc_records import read_collection


class Places:
    """Where records are, as the product's catalogue keeps it: in SQLite."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "catalogue.sqlite"
        self._run("create table if not exists place (record text primary key, warc text, offset integer)")

    def _run(self, statement: str, *values: object) -> list[tuple[str, str, int]]:
        with closing(sqlite3.connect(self._path, isolation_level=None)) as places:
            return places.execute(statement, values).fetchall()

    def add(self, location: RecordLocation) -> None:
        """Keep the place of a record."""
        self._run("insert into place values (?, ?, ?)", location.record_id, location.warc, location.offset)

    def all(self) -> list[tuple[str, str, int]]:
        """Record, file and offset."""
        return self._run("select record, warc, offset from place")

    def moved(self, rewriting: Rewriting) -> None:
        """Learn the places in a new file, and forget the records that are gone."""
        changes = {change.offset: change.record_id for change in rewriting.changes}
        for record, warc, offset in self.all():
            for part in rewriting.parts:
                if warc == part.name and part.begin <= offset < part.begin + part.size:
                    place = offset - part.begin + part.offset
                    self._run(
                        "update place set warc = ?, offset = ? where record = ?",
                        rewriting.name,
                        place,
                        record,
                    )
                    if changes.get(place, record) != record:
                        self._run("delete from place where record = ?", record)

    def close(self) -> None:
        """Nothing is held."""


class House:
    """One data directory; the key is in it too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.collection = folder / "news"
        self.archive = self.collection / "archive"
        self.key = folder / "keys" / "key.pem"
        self.manifest = Manifest(self.collection, self.key)

    @property
    def places(self) -> Places:
        return Places(self.folder)

    def open(self, max_file_bytes: int = 10**9) -> Collection:
        """The collection to write to."""
        given = {"digests": RunDigests(), "referrers": [self.places], "manifest": self.manifest}
        return Collection(self.collection, "news", {}, max_file_bytes, **given)  # type: ignore[arg-type]

    @property
    def rewriter(self) -> Rewriter:
        return Rewriter(self.collection, [self.places], self.manifest)

    def recover(self) -> None:
        """Do what the next run does first, and see that nothing is left half done and every reference is true."""
        self.open().recover()
        found = list(verify_collection(self.collection, Checked()))
        assert [each.sentence for each in found if each.severity is Severity.FAULT] == []
        assert not [path.name for path in self.archive.glob("*") if not path.name.endswith(".warc.gz")]
        for record, warc, offset in self.places.all():
            assert ("warc-record-id", record) in read_record(self.archive / warc, offset).headers

    def urls(self) -> set[str]:
        """Those of which there is a record."""
        found = {record.get("WARC-Target-URI") for record in read_collection(self.collection)}
        return {url for url in found if url is not None}

    def data(self) -> bytes:
        """All that lies here, decompressed; the database left out."""
        files = [path.read_bytes() for path in sorted(self.collection.rglob("*")) if path.is_file()]
        return b"\n".join(gzip.decompress(each) if each[:2] == b"\x1f\x8b" else each for each in files)
