"""Records of a WARC as warcio, a foreign reader, sees them."""

from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker


@dataclass(frozen=True, slots=True)
class Seen:
    """One record: named fields in their order, and the block."""

    type: str
    fields: tuple[tuple[str, str], ...]
    block: bytes
    offset: int
    length: int

    def get(self, name: str) -> str | None:
        return next((value for field, value in self.fields if field == name), None)

    @property
    def notes(self) -> dict[str, str]:
        """Fields of a warc-fields block."""
        lines = self.block.decode().split("\r\n")
        return dict(line.split(": ", 1) for line in lines if line)


def read_warc(path: Path) -> list[Seen]:
    """All records of a file, blocks untouched."""
    with path.open("rb") as file:
        records = ArchiveIterator(file, no_record_parse=True)
        return [
            Seen(
                record.rec_type,
                tuple(record.rec_headers.headers),
                record.raw_stream.read(),
                records.get_record_offset(),
                records.get_record_length(),
            )
            for record in records
        ]


def read_collection(folder: Path) -> list[Seen]:
    """All records of a folder's WARCs."""
    return [record for path in sorted((folder / "archive").glob("*.warc.gz")) for record in read_warc(path)]


def by_url(folder: Path, record_type: str) -> dict[str, Seen]:
    """Records of one type by their URL; of several for one URL the last."""
    found = (record for record in read_collection(folder) if record.type == record_type)
    return {record.get("WARC-Target-URI") or "": record for record in found}


def check_records(paths: list[Path]) -> None:
    """warcio finds no fault in files."""
    checker = Checker(type("Arguments", (), {"verbose": False, "inputs": [str(path) for path in paths]}))
    assert checker.process_all() == 0
