"""What was declared of the use of a page over time: at each capture of it, as far as its records are here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

from sqlalchemy import select

from archive.errors import ArchiveUnreadable
from archive.warc.exchanges import group_exchanges
from archive.warc.files import RecordFile
from archive.warc.reader import read_records
from crawler.catalogue.articles import pages_of
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.http.answers import DECLARED
from crawler.http.url_identity import keys_of
from crawler.items import Declaration
from crawler.rights.declarations import OF_SITES, changes, load_declared

Declared = tuple[Declaration, ...]


@dataclass(frozen=True, slots=True)
class RightsLook:
    """What was declared when a page was captured."""

    captured: str
    """ISO 8601 in UTC."""
    declared: Declared


def rights_over_time(catalogue: Catalogue, url: str, archive: Path) -> list[RightsLook]:
    """Each capture whose declarations are known, oldest first.

    Of an answer that nothing has changed the record tells what the site declared by then; the page is as it was.
    """
    known = {
        row.captured: row.declared
        for row in pages_of(catalogue, url)
        if row.captured and row.declared is not None
    }
    unchanged = dict(_unchanged(catalogue, url, archive))
    looks: list[RightsLook] = []
    for captured in sorted(known | unchanged):
        declared = known.get(captured)
        if declared is None and looks:
            of_page = (each for each in looks[-1].declared if each.where not in OF_SITES)
            declared = (*unchanged[captured], *of_page)
        if declared is not None:
            looks.append(RightsLook(captured, declared))
    return looks


def told_changes(looks: Sequence[RightsLook]) -> Iterator[str]:
    """What was declared first, and each change since then, with the time of the capture that shows it."""
    for look in looks[:1]:
        yield from (f"{look.captured}   {each}" for each in look.declared or ("nothing",))
    for earlier, later in pairwise(looks):
        yield from (f"{later.captured} {change}" for change in changes(earlier.declared, later.declared))


def _unchanged(catalogue: Catalogue, url: str, archive: Path) -> Iterator[tuple[str, Declared]]:
    """The times at which a server answered that the page is as it was, with what its site declared then."""
    visit, capture = schema.visit.c, schema.capture.c
    query = (
        select(capture.captured, capture.warc, capture.offset)
        .join_from(schema.visit, schema.capture, visit.capture_id == capture.id)
        .join(schema.url, visit.url_id == schema.url.c.id)
        .where(schema.url.c.key.in_(keys_of(url)), visit.fate == Fate.UNCHANGED)
    )
    with catalogue.read() as connection:
        rows = connection.execute(query).all()
    for row in rows:
        if (declared := load_declared(_note(archive / row.warc, row.offset))) is not None:
            yield row.captured, declared


def _note(path: Path, offset: int) -> str:
    """What the crawl noted in the record at a place; empty if it cannot be read."""
    complaints: list[str] = []
    try:
        records = read_records(RecordFile(path), complaints.append, offset)
        return next((each.notes.get(DECLARED, "") for each in islice(group_exchanges(records), 1)), "")
    except (ArchiveUnreadable, OSError):
        return ""
