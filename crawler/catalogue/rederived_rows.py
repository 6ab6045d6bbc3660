"""Rows of a catalogue that was derived again, taken over into the live one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from archive.warc.location import RecordLocation
from crawler.catalogue.corpus_texts import drop_bands, enter_bands
from crawler.catalogue.pages import Row
from crawler.catalogue.reviews import Ruling, note_rulings
from crawler.catalogue.store import Store, insert_capture, leave_corpus, note_visit
from crawler.database import schema
from crawler.database.write_lock import writing
from crawler.frontier.url_rows import end_found
from crawler.outcome import Outcome
from crawler.texts.similarity import bands_of

_DESCRIBING = (
    *("verdict", "source", "via", "canonical_url", "title", "text", "language", "authors", "agency"),
    *("published", "modified", "month", "date_source", "date_conflict", "rights"),
    *("conflict", "related", "terms", "reasons", "body_hash", "extractor", "model"),
)
"""Columns of an article that say what its record gives, and by which means."""


_REPEATING = ("duplicate_of", "known", "covered")
_DECIDING = ("fate", "reason", *_REPEATING)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptedPage:
    """One page as it was derived again, under the names that it has in the live corpus and archive."""

    outcome: Outcome
    """URL, fate and reason; no article."""
    row: Row
    place: RecordLocation
    file: str | None = None
    number: int | None = None
    content: bytes = b""
    """The new seed file, and where it belongs."""
    retires: str | None = None
    """Path of the seed file that leaves the corpus."""


def adopt(store: Store, run_id: int, pages: Sequence[AdoptedPage], rulings: Sequence[Ruling] = ()) -> None:
    """Let new rows say what became of pages, all or none of them, and enter what people decided about them."""
    with writing(store.engine) as connection:
        note_rulings(connection, rulings)
        for page in pages:
            url_id = end_found(connection, run_id, page.outcome)
            capture_id = _capture_of(connection, url_id, page.place)
            note_visit(connection, url_id, run_id, page.outcome, capture_id)
            if page.retires is not None:
                leave_corpus(connection, schema.article.c.file == page.retires)
            _insert(connection, {"url_id": url_id, "run_id": run_id, "capture_id": capture_id}, page)


def refresh(store: Store, rows: Sequence[tuple[int, Row, bool]]) -> None:
    """Let rows, named by their ids, describe their pages as others do, all or none of them.

    A row's own fate stays, unless its third value says that it is to be the other's.
    """
    with writing(store.engine) as connection:
        for article_id, row, takes_fate in rows:
            names = (*_DESCRIBING, *_DECIDING) if takes_fate else _DESCRIBING
            values = {name: row[name] for name in names}
            refreshed = schema.article.c.id == article_id
            was_kept = connection.execute(select(schema.article.c.file).where(refreshed)).scalar() is not None
            drop_bands(connection, refreshed)
            connection.execute(update(schema.article).where(refreshed).values(values))
            if was_kept:
                enter_bands(connection, article_id, bands_of(row["text"]))
            dates = schema.date_evidence
            connection.execute(delete(dates).where(dates.c.article_id == article_id))
            _insert_dates(connection, article_id, row)


def _insert(connection: Connection, ids: dict[str, int], page: AdoptedPage) -> None:
    values = ids | {name: page.row[name] for name in (*_DESCRIBING, "origin", *_REPEATING)}
    values |= {"fate": str(page.outcome.fate), "reason": page.outcome.reason or None}
    if page.file is not None:
        values |= {"file": page.file, "number": page.number, "sha256": page.row["sha256"]}
        values |= {"revises": page.retires}
    statement = insert(schema.article).values(values).returning(schema.article.c.id)
    article_id = connection.execute(statement).scalar_one()
    if page.file is not None:
        enter_bands(connection, article_id, bands_of(page.row["text"]))
    _insert_dates(connection, article_id, page.row)


def _insert_dates(connection: Connection, article_id: int, row: Row) -> None:
    dates = [
        {"article_id": article_id, "value": value, "kind": kind, "origin": origin}
        for value, kind, origin in row["dates"]
    ]
    if dates:
        connection.execute(insert(schema.date_evidence), dates)


def _capture_of(connection: Connection, url_id: int, place: RecordLocation) -> int:
    """The row of a record, made if no run had come to it."""
    capture = schema.capture.c
    known = select(capture.id).where(capture.url_id == url_id, capture.record_id == place.record_id)
    found = connection.execute(known.limit(1)).scalar()
    return int(found) if found is not None else insert_capture(connection, url_id, place)
