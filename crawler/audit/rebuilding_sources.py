"""The data directories from which a catalogue is made again, and which of their records came first."""

import heapq
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from archive.collection.importing import is_import
from archive.errors import ArchiveUnreadable
from archive.layout import Layout, moment_of
from archive.replay.captures import ArchivedCapture
from archive.replay.input_paths import expand_paths
from archive.warc.files import locate

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Source:
    """One of them."""

    place: str
    collection: str
    """The folder of its archive's collection."""
    corpus: str
    """Its files keep their numbers."""
    keys: tuple[str, ...]
    """The public keys that may have signed what was decided there; anybody may, if there are none."""
    run: int
    """The run that enters what no other run is known to have done there."""

    @property
    def archive(self) -> Path:
        """The folder of its WARC files."""
        return Layout(Path(self.collection)).archive

    @property
    def paths(self) -> list[Path]:
        """Its WARC files, in the order in which they were begun; none of an archive in which nothing is."""
        try:
            found = expand_paths(str(self.archive))
        except ArchiveUnreadable:
            return []
        return sorted(found, key=lambda path: moment_of(path.name))


def dump_sources(sources: Sequence[Source], behind: Mapping[str, str]) -> str:
    """Sources for the process that reads them, with the records that are to come behind others."""
    return json.dumps([[asdict(each) for each in sources], dict(behind)])


def load_sources(dumped: bytes) -> tuple[list[Source], dict[str, str]]:
    """What `dump_sources` was given."""
    sources, behind = json.loads(dumped)
    return [Source(**each | {"keys": tuple(each["keys"])}) for each in sources], behind


def moment_in(warc: str, captured: datetime) -> str:
    """When a record came into an archive, to sort by: an import's records are older than the import."""
    return moment_of(warc) if is_import(warc) else f"{captured.astimezone(UTC):%Y%m%d%H%M%S%f}"[:17]


def moment_of_capture(capture: ArchivedCapture) -> str:
    """The same of a capture."""
    return moment_in(locate(Path(capture.location.warc)).path.name, capture.captured)


def in_order(
    streams: Iterable[Iterator[tuple[ArchivedCapture, Found]]],
) -> Iterator[tuple[ArchivedCapture, Found]]:
    """The captures of several archives as they came, those of each archive in its own order."""
    return heapq.merge(*streams, key=lambda found: moment_of_capture(found[0]))
