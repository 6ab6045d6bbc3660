"""Which earlier record an answer repeats, so that a revisit record can represent it (WARC 1.1, 6.7)."""

import zlib
from http import HTTPStatus
from pathlib import Path

from archive.warc.digests import DigestIndex, Original, url_key
from archive.warc.exchange_log import ExchangeLog
from archive.warc.gzip_file import OPEN_SUFFIX
from archive.warc.response import Answer

_BATCH = 256
"""Originals that are added to the index in one transaction."""

_HEAD_BYTES = 16 * 1024


class Repetitions:
    """Finds the original of an answer among the records of a folder; for the writer's thread only.

    Originals are whole answers to a GET with status 200: only those are found by every reader. Any answer to
    a GET can repeat one; answers to HEAD and POST cannot (pywb indexes them under other keys).
    """

    def __init__(self, index: DigestIndex | None, folder: Path) -> None:
        self._index = index
        self._folder = folder
        self._fresh: dict[bytes, Original] = {}
        """Originals that are not in the index yet, because their records may not be on disk."""
        self._newest_warc = ""

    def original_of(self, log: ExchangeLog, answer: Answer) -> Original | None:
        """The original that an answer repeats: the same bytes, or the server says so (304)."""
        if log.method != "GET":
            return None
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return self._find(url_key(log.url))
        return None if answer.cut else self._find(answer.key)

    def note_original(self, log: ExchangeLog, answer: Answer, original: Original) -> None:
        """Note an answer that was written as a response record."""
        if self._index is not None and _is_original(log, answer):
            self._newest_warc = original.warc
            self._fresh[url_key(log.url)] = original
            if answer.body:
                self._fresh[answer.key] = original

    def note_revisit(self, log: ExchangeLog, answer: Answer, original: Original) -> None:
        """Note an answer that was written as a revisit record: its original is the newest payload of its URL."""
        key = url_key(log.url)
        if _is_original(log, answer) and self._known(key) != original:
            self._fresh[key] = original

    def synced(self, is_last: bool = False) -> None:
        """Add to the index what is on disk now; only in batches, unless `is_last`."""
        # The last originals of a killed run are missing then and archived again; but every row leads to a record.
        if self._index is not None and self._fresh and (is_last or len(self._fresh) >= _BATCH):
            self._index.add(self._fresh)
            self._fresh = {}

    def _find(self, key: bytes) -> Original | None:
        known = self._known(key)
        if known is None:
            return None
        # Only this process changes the file that is being written, and looking into it would unlock it: a process
        # that closes any handle of a file loses its lock (POSIX, fcntl).
        return known if known.warc == self._newest_warc or is_in_place(self._folder, known) else None

    def _known(self, key: bytes) -> Original | None:
        if self._index is None:
            return None
        return self._fresh.get(key) or self._index.find(key)


def _is_original(log: ExchangeLog, answer: Answer) -> bool:
    return log.method == "GET" and answer.status == HTTPStatus.OK and not answer.cut


def is_in_place(folder: Path, original: Original) -> bool:
    """Whether a record lies where the index says: files may have been merged, removed or redacted meanwhile."""
    for name in (original.warc, original.warc + OPEN_SUFFIX):
        try:
            with (folder / name).open("rb") as file:
                file.seek(original.offset)
                data = file.read(_HEAD_BYTES)
        except FileNotFoundError:
            continue
        return _is_head_of(original, data)
    return False


def _is_head_of(original: Original, member: bytes) -> bool:
    try:
        text = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(member, _HEAD_BYTES)
    except zlib.error:
        return False
    fields = text.partition(b"\r\n\r\n")[0].split(b"\r\n")
    wanted = {
        "WARC-Type: response",
        f"WARC-Record-ID: {original.record_id}",
        f"WARC-Payload-Digest: {original.payload_digest}",
    }
    return wanted <= {field.decode("utf-8", "replace") for field in fields}
