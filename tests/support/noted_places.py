"""Places of records in a file, as a project notes them that refers to an archive."""

import json
from pathlib import Path

from archive.warc.rewriting_journal import Rewriting
from tests.support.kill_points import Killed


class NotedPlaces:
    """Keeps places as a database does; may be killed before or after it has learnt new ones."""

    def __init__(self, path: Path, killed: str = "") -> None:
        self._path = path
        self._killed = killed
        self.places: dict[str, tuple[str, int]] = {}
        if path.exists():
            self.places = {record: (warc, offset) for record, warc, offset in json.loads(path.read_text())}

    def add(self, record_id: str, warc: str, offset: int) -> None:
        self.places[record_id] = (warc, offset)
        self.save()

    def moved(self, merge: Rewriting) -> None:
        if self._killed == "before":
            raise Killed
        offsets = {part.name: part.offset for part in merge.parts}
        for record_id, (warc, offset) in self.places.items():
            if warc in offsets:
                self.places[record_id] = (merge.name, offset + offsets[warc])
        self.save()
        if self._killed == "after":
            raise Killed

    def save(self) -> None:
        rows = [(record_id, *place) for record_id, place in self.places.items()]
        self._path.with_suffix(".new").write_text(json.dumps(rows))
        self._path.with_suffix(".new").rename(self._path)

    def close(self) -> None:
        """Nothing is held."""
