"""The way `gdelt`: the lists that GDELT makes every quarter of an hour of the articles it read; these are fetched from
their sites.

Read are the mentions of events (GDELT Event Codebook 2.0, "Mentions table"), which are a tenth of the Global Knowledge
Graph; its lists (GKG Codebook 2.1) are read too, where `MENTIONS` is replaced by them.
"""

import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from crawler.discovery import Listing, NotAListing
from crawler.discovery.links import BROKEN, Dropped, Entry, Reading, collect, make_link
from crawler.http.decoding import MAX_SITEMAP_BYTES
from crawler.http.urls import host_name
from crawler.items import Discovery, Link, RawPage, UrlKind
from crawler.past.period import moments
from crawler.past.publishers import Publishers
from crawler.past.way import PAGE_BYTES, Cost, Task, Way

BEGAN = datetime(2015, 2, 18, 23, 0, tzinfo=UTC)
"""Of the first list of GDELT 2.0."""

STEP = timedelta(minutes=15)
LIST_BYTES = 150_000
"""A list of mentions: estimated."""

SEEN = 0.5
"""Which part of a publisher's articles its lists name: estimated."""

_LOCAL_HEADER = b"PK\x03\x04"
_HEADER_BYTES = 30  # before the name of an entry: APPNOTE.TXT, 4.3.7
_DEFLATED = 8
_PIECE_BYTES = 64 * 1024


class Columns(NamedTuple):
    """Where a list has what is needed of it."""

    least: int
    """How many columns each row has at least."""
    kind: int
    """Of the kind of the source; WEB means that the address is a URL."""
    url: int


WEB = "1"
MENTIONS, GKG = "mentions.CSV", "gkg.csv"
COLUMNS = {".mentions.": Columns(14, 3, 5), ".gkg.": Columns(15, 2, 4)}


def links(task: Task) -> Iterator[Link]:
    """The lists of the period, those of English articles and those of translated ones, as far as they are of use."""
    evidence = replace(task.shared("gdelt"), how=Discovery.START)
    now = datetime.now(UTC)
    for moment in moments(task.period, STEP):
        if BEGAN <= moment < now - STEP:
            for stream in _streams(task):
                url = f"{task.bases['gdelt']}/{moment:%Y%m%d%H%M%S}{stream}.{MENTIONS}.zip"
                yield Link(url, UrlKind.GDELT, evidence)


def costs(task: Task) -> Iterator[Cost]:
    """The lists once for all publishers, and their articles."""
    count = sum(1 for _ in links(task))
    yield Cost("gdelt", "", host_name(task.bases["gdelt"]) or "", count, count * LIST_BYTES)
    for publisher in task.publishers if count else ():
        pages = int(task.pages_of(publisher) * SEEN)
        yield Cost("gdelt", publisher.id, host_name(publisher.homepage) or "", pages, pages * PAGE_BYTES)


def read_gdelt(raw: RawPage, publishers: Publishers) -> Listing:
    """The articles of these publishers in a list; its rows are separated by tabs, whatever its name says."""
    columns = next((columns for name, columns in COLUMNS.items() if name in raw.url), None)
    text, unread = _unzipped(raw.body)
    if columns is None or text is None:
        raise NotAListing("no list of GDELT where one was expected")
    return collect(raw, Reading("list of GDELT", _entries(raw, text, columns, publishers, unread), unread))


def _streams(task: Task) -> tuple[str, ...]:
    languages = {language for each in task.publishers for language in each.languages or ("",)}
    if languages == {"en"}:
        return ("",)
    return ("", ".translation") if languages & {"en", ""} else (".translation",)


def _entries(
    raw: RawPage, text: bytes, columns: Columns, publishers: Publishers, unread: list[str]
) -> Iterator[Entry]:
    *rows, last = text.split(b"\n")
    if last and unread:
        yield Dropped.CUT
    elif last:
        rows.append(last)
    broken = None
    for number, row in enumerate(rows, 1):
        if row.strip():
            entry = _entry(raw, row.decode("utf-8", "replace").split("\t"), columns, publishers)
            broken = broken or (number if entry in BROKEN else None)
            yield entry
    if broken:
        unread.append(f"its row {broken} is the first that cannot be read")


def _entry(raw: RawPage, row: list[str], columns: Columns, publishers: Publishers) -> Entry:
    if len(row) < columns.least or not row[columns.kind].isdecimal():
        return Dropped.UNREADABLE
    if row[columns.kind] != WEB:
        return Dropped.NO_WEB
    url = row[columns.url].strip()
    publisher = publishers.find(url)
    if publisher is None:
        return Dropped.ELSEWHERE if host_name(url) else Dropped.UNREADABLE
    link = make_link(raw, url, Discovery.GDELT)
    return publisher.named(link) if isinstance(link, Link) else link


def _unzipped(body: bytes) -> tuple[bytes | None, list[str]]:
    """What the first file of a zip holds, as far as it is whole, and why that is not all; None if it is no zip.

    Its directory stands at the end, and of a file that is cut the beginning is wanted.
    """
    if body[:4] != _LOCAL_HEADER or len(body) < _HEADER_BYTES:
        return None, []
    method = int.from_bytes(body[8:10], "little")
    names = int.from_bytes(body[26:28], "little") + int.from_bytes(body[28:30], "little")
    if method != _DEFLATED:
        return None, []
    return _inflated(memoryview(body)[_HEADER_BYTES + names :])


def _inflated(data: memoryview) -> tuple[bytes, list[str]]:
    decoder, made = zlib.decompressobj(-zlib.MAX_WBITS), bytearray()
    while not decoder.eof and len(made) <= MAX_SITEMAP_BYTES:
        piece: bytes | memoryview = decoder.unconsumed_tail
        if not piece:
            piece, data = data[:_PIECE_BYTES], data[_PIECE_BYTES:]
        if not piece:
            return bytes(made), ["it is cut within its zip"]
        try:
            made += decoder.decompress(piece, _PIECE_BYTES * 16)
        except zlib.error:
            return bytes(made), ["it is damaged within its zip"]
    return bytes(made), [] if decoder.eof else [f"it is longer than {MAX_SITEMAP_BYTES // 2**20} MiB"]


GDELT = Way("gdelt", costs, links, {UrlKind.GDELT: read_gdelt}, "gdelt")
