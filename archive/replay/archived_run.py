"""The exchanges of one archived run by their requests."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ada_url import URL
from w3lib.url import safe_url_string

from archive.index.capture_lookup import Place, PlaceIndex
from archive.replay.captures import ArchivedCapture, CaptureReader
from archive.warc.exchanges import group_exchanges
from archive.warc.files import Report, record_files
from archive.warc.location import RecordLocation
from archive.warc.reader import read_records


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A request that got no answer when it was archived; it has the attributes of a capture."""

    serial: int
    metadata: dict[str, str]
    location: RecordLocation

    @property
    def captured(self) -> datetime:
        """Aware UTC time at which the request began."""
        return self.location.captured

    def durable(self) -> RecordLocation:
        """Where the record of the request is."""
        return self.location


class ArchivedRun:
    """The exchanges of an archive by method and URL, in record order."""

    def __init__(self, paths: Sequence[Path], report: Report) -> None:
        """Index the archives in one pass; damage is reported.

        The CDXJ is not enough: it lists neither HEAD and POST nor the requests that failed.
        """
        self._files = [file for path in paths for file in record_files(path)]
        self._reader = CaptureReader(paths, report)
        self._places = PlaceIndex(self._rows(report))
        self._fetched: Counter[str] = Counter()

    def fetch(self, method: str, url: str) -> ArchivedCapture | Unanswered | None:
        """The result of the k-th archived request of this method and URL, at the k-th call for it.

        After the last one it is returned again; None if there is none.
        """
        key = _key(method, url)
        place = self._places.find(key, self._fetched[key])
        self._fetched[key] += 1
        if place is None:
            return None
        file = self._files[place.file]
        exchange = next(group_exchanges(read_records(file, lambda _: None, place.offset)))
        if exchange.answer is not None:
            return self._reader.capture(file, exchange, place.serial)
        location = self._reader.location(file, exchange.request) if exchange.request else None
        return Unanswered(place.serial, exchange.notes, location) if location else None

    def close(self) -> None:
        """Remove the indexes."""
        self._places.close()
        self._reader.close()

    def _rows(self, report: Report) -> Iterator[tuple[str, Place]]:
        serial = 0
        for number, file in enumerate(self._files):
            for exchange in group_exchanges(read_records(file, report)):
                if exchange.answer or exchange.request:
                    yield _key(exchange.method, exchange.url), Place(serial, number, exchange.offset)
                serial += 1


def _key(method: str, url: str) -> str:
    """The request as it is looked up: crawlers, and our earlier versions, spell the same URL in several ways."""
    with suppress(ValueError):  # `http://host:99999`
        url = safe_url_string(URL(url).href)
    return f"{method} {url.partition('#')[0]}"  # some tools record the fragment, which is not sent
