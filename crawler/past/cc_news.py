"""The way `ccnews`: the WARC files of Common Crawl's news crawl (https://commoncrawl.org/news-crawl), which began in
August 2016.

A month has some hundred files of about 1 GB. Each is read piece by piece with Range requests; what is not of the
chosen publishers is let go at once, see `warc_pieces.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from crawler.discovery import Listing, NotAListing
from crawler.discovery.links import Dropped, Entry, Reading, collect
from crawler.discovery.unpacking import unpack
from crawler.http.urls import host_name
from crawler.items import Discovery, Link, RawPage, UrlKind
from crawler.past.period import Period, around, read_period
from crawler.past.publishers import Publishers
from crawler.past.way import Cost, Task, Way

NAME = "cc-news"
"""What stands in the place of a source for its lists."""

BEGAN = date(2016, 8, 1)
FILES_PER_DAY, FILE_BYTES = 14, 10**9
"""As in 2021: estimated."""

MOST_BYTES = 64 * 1024 * 1024
"""A record that is not whole in so many bytes is not read."""

_PATH = re.compile(r"crawl-data/CC-NEWS/\d{4}/\d\d/CC-NEWS-(\d{4})(\d\d)(\d\d)\d{6}-\d+\.warc\.gz", re.ASCII)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a file was read: what `Evidence.read_to` holds."""

    offset: int = 0
    """Bytes of the file."""
    kept: int = 0
    """Bytes of the records that were kept of these."""
    lost: int = 0
    """Bytes that were damaged."""
    size: int = 16 * 1024 * 1024
    """Of the next piece: larger where a record is longer than the last one."""

    @classmethod
    def read(cls, text: str) -> Self:
        """The progress in `Evidence.read_to`; the beginning if there is none."""
        numbers = [int(number) for number in text.split() if number.isascii() and number.isdecimal()]
        return cls(*numbers) if len(numbers) == 4 else cls()

    def __str__(self) -> str:
        return f"{self.offset} {self.kept} {self.lost} {self.size}"


def links(task: Task) -> Iterator[Link]:
    """The list of files of each month."""
    read_to = str(Progress(size=task.piece_bytes))
    evidence = replace(task.shared(NAME), how=Discovery.START, read_to=read_to)
    for year, month in _months(task):
        url = f"{task.bases['ccnews']}/crawl-data/CC-NEWS/{year}/{month:02d}/warc.paths.gz"
        yield Link(url, UrlKind.WARC_PATHS, evidence)


def _months(task: Task) -> list[tuple[int, int]]:
    return [month for month in task.period.months if month >= (BEGAN.year, BEGAN.month)]


def costs(task: Task) -> Iterator[Cost]:
    """All files of the period, which nobody can tell apart before they are read; pages cost no further request."""
    size = sum(day >= BEGAN for day in task.period) * FILES_PER_DAY * FILE_BYTES
    requests = len(_months(task)) + size // task.piece_bytes
    yield Cost("ccnews", "", host_name(task.bases["ccnews"]) or "", requests, size)


def read_paths(raw: RawPage, _: Publishers) -> Listing:
    """The files of a month that were written in the period, or on the day before or after."""
    body, unread = unpack(raw)
    lines = body.decode("ascii", "replace").split()
    if lines and not any(_PATH.fullmatch(line) for line in lines):
        raise NotAListing("no list of WARC files where one was expected")
    return collect(raw, Reading("list of WARC files", _entries(raw, lines, bool(unread)), unread))


def _entries(raw: RawPage, lines: list[str], is_cut: bool) -> Iterator[Entry]:
    base, period = raw.url.partition("/crawl-data/")[0], read_period(raw.evidence.period)
    for number, line in enumerate(lines, 1):
        found = _PATH.fullmatch(line)
        if found is None:
            yield Dropped.CUT if is_cut and number == len(lines) else Dropped.UNREADABLE
        elif period is not None and not _is_near(period, *map(int, found.groups())):
            yield Dropped.OUT_OF_PERIOD
        else:
            evidence = replace(raw.evidence, how=Discovery.CC_NEWS, via=raw.url)
            yield Link(f"{base}/{line}", UrlKind.WARC, evidence)


def _is_near(period: Period, year: int, month: int, day: int) -> bool:
    try:
        written = date(year, month, day)
    except ValueError:
        return True
    return period.meets(*around(written, written))


CC_NEWS = Way("ccnews", costs, links, {UrlKind.WARC_PATHS: read_paths}, NAME)
