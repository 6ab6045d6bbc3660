"""Whether a data directory accounts for all that its runs met: sums that add up, and reasons that people understand."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from crawler.fates import IN_CORPUS

SPEAKING = {*IN_CORPUS}
"""Fates that need no reason."""

_REASONS = """
select 'visit', fate, reason from visit
union all select 'article', fate, reason from article
union all select 'dropped', '', key from listing_read, json_each(dropped)
union all select 'unread', '', value from listing_read, json_each(unread)
union all select 'record', '', reason from archived_records
"""
_QUOTED = re.compile(r"https?://\S*|[A-Z]+_[A-Z_]+")
"""What is named in a sentence as it is: an address, a setting."""

_FOR_PROGRAMMERS = re.compile(
    r"[<>{}\[\]\\]|\bb['\"]|\bobject at\b|\bNone\b|\bErrno\b|Traceback|twisted"
    r"|\b[A-Z]\w*(?:Error|Exception|Failure|Warning)\b|\w_\w|\w\.[A-Za-z]\w*\("
)


class Sums(NamedTuple):
    """What a run says that it met, and what the rows of the catalogue say."""

    discovered: int
    fates: Counter[str]
    pending: int

    @property
    def reconcile(self) -> bool:
        return self.discovered == self.fates.total() + self.pending


class Row(NamedTuple):
    """A reason, and where it stands."""

    table: str
    fate: str
    reason: str | None


def sums_of(data: Path, run: int = 1) -> Sums:
    """The sums of one run of a data directory, counted row by row."""
    with _catalogue(data) as catalogue:
        ((discovered,),) = catalogue.execute("select discovered from run where id = ?", [run])
        rows = catalogue.execute("select state, fate from url where run_id = ?", [run]).fetchall()
    fates = Counter(fate for state, fate in rows if state == "done")
    return Sums(discovered, fates, len(rows) - fates.total())


def fates_without_visit(data: Path) -> list[str]:
    """URLs that have ended although no visit says so."""
    query = """
        select url from url where state = 'done' and fate is not
            (select fate from visit where url_id = url.id order by visit.id desc limit 1)"""
    with _catalogue(data) as catalogue:
        return [url for (url,) in catalogue.execute(query)]


def count_visits(data: Path, run: int = 1) -> int:
    with _catalogue(data) as catalogue:
        ((count,),) = catalogue.execute("select count(*) from visit where run_id = ?", [run])
        return int(count)


def count_records(data: Path, run: int = 1) -> Counter[str]:
    """How the records of the archives that a replay read have ended."""
    query = "select reason, sum(count) from archived_records where run_id = ? and reason not like 'damaged%' group by 1"
    with _catalogue(data) as catalogue:
        return Counter(dict(catalogue.execute(query, [run]).fetchall()))


def reasons_of(data: Path) -> Iterator[Row]:
    """Every reason that the catalogue gives for anything."""
    with _catalogue(data) as catalogue:
        yield from (Row(*row) for row in catalogue.execute(_REASONS))


def is_understandable(row: Row) -> bool:
    """Whether a person can read why something ended as it did."""
    if row.reason is None:
        return row.fate in SPEAKING
    said = _QUOTED.sub("it", row.reason)
    return (
        row.reason == " ".join(row.reason.split())
        and row.reason[:1].isalpha()
        and row.reason.isprintable()
        and not _FOR_PROGRAMMERS.search(said)
        and (row.table == "record" or len(row.reason.split()) > 1)
    )


def not_understandable(data: Path) -> list[Row]:
    """Reasons that only a programmer can read, and missing ones."""
    return sorted({row for row in reasons_of(data) if not is_understandable(row)}, key=str)


def _catalogue(data: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(data / "catalogue.sqlite"))
