"""What people decided, as statements of the archive: a catalogue that is lost takes none of it along.

docs/backup.md says which fields there are.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, Table, select, update

from archive.evidence.statements import Statement
from crawler.catalogue.articles import pages_of
from crawler.catalogue.reviews import ReviewChoice, ReviewDecision, note_decisions
from crawler.catalogue.samples import SAID, Judgement, Sample, judgement_of, sample_of, words_of
from crawler.catalogue.stated_months import StatedMonth, note_stated_months
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.texts.seed_format import parse_month

REVIEW, REDACTION, SAMPLE, JUDGEMENT, STATED_MONTH = "review", "redaction", "sample", "judgement", "month"
"""Kinds of statements."""


class StatementWriter(Protocol):
    """Keeps statements for good, such as a collection of the archive."""

    def state(self, kind: str, said: Mapping[str, str]) -> str:
        """Append a statement; it is on disk on return. Its record id."""
        ...


class ErasedArticle(NamedTuple):
    """What stays known of a page that was taken down: no text, but a file number that is never given again."""

    record_id: str
    """Of the record from which it was extracted, before the tombstone."""
    month: str | None
    number: int | None
    source: str | None
    origin: str
    via: str | None


class LeftOut(NamedTuple):
    """A page that is not in the corpus because one that was taken down had its text."""

    url: str
    fate: str
    reason: str
    duplicate_of: str | None
    known: float | None
    covered: float | None


class StatedRedaction(NamedTuple):
    """A takedown as the archive states it."""

    url: str
    date: str
    reason: str
    articles: tuple[ErasedArticle, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    stated: str = ""


Ruling = ReviewDecision | StatedMonth
"""What a person says of one page, whose article is then derived again."""

Decided = Ruling | StatedRedaction | Sample | Judgement


def state_ruling(writer: StatementWriter, ruling: Ruling) -> Ruling:
    """Let the archive keep what a person says of a page; with its record id."""
    return state_month(writer, ruling) if isinstance(ruling, StatedMonth) else state_review(writer, ruling)


def note_rulings(connection: Connection, given: Collection[Ruling]) -> None:
    """Enter what people say of pages, as part of a transaction."""
    note_decisions(connection, [each for each in given if isinstance(each, ReviewDecision)])
    note_stated_months(connection, [each for each in given if isinstance(each, StatedMonth)])


def state_review(writer: StatementWriter, decision: ReviewDecision) -> ReviewDecision:
    """Let the archive keep a decision; with its record id."""
    said = {
        "url": decision.url,
        "choice": str(decision.choice),
        "who": decision.who,
        "decided": decision.decided,
        **({"note": decision.note} if decision.note else {}),
    }
    return decision._replace(stated=writer.state(REVIEW, said))


def state_month(writer: StatementWriter, month: StatedMonth) -> StatedMonth:
    """Let the archive keep the month that a person stated; with its record id."""
    said = {name: value for name, value in month._asdict().items() if value and name != "stated"}
    return month._replace(stated=writer.state(STATED_MONTH, said))


def state_redaction(writer: StatementWriter, redaction: StatedRedaction) -> StatedRedaction:
    """Let the archive keep a takedown; with its record id."""
    said = {
        "url": redaction.url,
        "redacted": redaction.date,
        "reason": redaction.reason,
        "articles": json.dumps(redaction.articles) if redaction.articles else "",
        "left-out": json.dumps(redaction.left_out) if redaction.left_out else "",
    }
    return redaction._replace(stated=writer.state(REDACTION, said))


def state_sample(writer: StatementWriter, sample: Sample) -> Sample:
    """Let the archive keep which pages were drawn for people to judge; with its record id."""
    return sample._replace(stated=writer.state(SAMPLE, sample.said()))


def state_judgement(writer: StatementWriter, judgement: Judgement) -> Judgement:
    """Let the archive keep what a person answered about a page; with its record id."""
    said = {name: str(value) for name, value in judgement._asdict().items() if name != "stated"}
    return judgement._replace(stated=writer.state(JUDGEMENT, said))


def decision_of(statement: Statement) -> Decided | None:
    """What a statement says; None if it is of another kind, or says what this version does not know."""
    said = statement.said
    try:
        if statement.kind == SAMPLE:
            return sample_of(said, statement.record_id)
        if statement.kind == JUDGEMENT:
            return judgement_of(said, statement.record_id)
        if statement.kind == REVIEW:
            choice = ReviewChoice(said["choice"])
            note = said.get("note", "")
            return ReviewDecision(
                said["url"], choice, said["who"], said["decided"], statement.record_id, note
            )
        if statement.kind == STATED_MONTH:
            month = parse_month(said["month"])
            return StatedMonth(
                said["url"], month, said["who"], said["dated"], said.get("note", ""), statement.record_id
            )
        if statement.kind == REDACTION:
            articles = tuple(ErasedArticle(*each) for each in json.loads(said.get("articles", "[]")))
            left_out = tuple(LeftOut(*each) for each in json.loads(said.get("left-out", "[]")))
            return StatedRedaction(
                said["url"], said["redacted"], said["reason"], articles, left_out, statement.record_id
            )
    except (KeyError, TypeError, ValueError):
        pass
    return None


def erased_articles(catalogue: Catalogue, ids: frozenset[int]) -> tuple[ErasedArticle, ...]:
    """What stays known of the articles of these URLs, oldest first."""
    article, capture = schema.article, schema.capture
    query = (
        select(capture.c.record_id, *(article.c[name] for name in ErasedArticle._fields[1:]))
        .join_from(article, capture, article.c.capture_id == capture.c.id)
        .where(article.c.url_id.in_(ids))
        .order_by(article.c.id)
    )
    with catalogue.read() as connection:
        return tuple(ErasedArticle(*row) for row in connection.execute(query))


def left_out_pages(catalogue: Catalogue, urls: Collection[str]) -> tuple[LeftOut, ...]:
    """How pages ended that are left out for another one, as their newest rows say."""
    rows = (pages_of(catalogue, url)[-1] for url in urls)
    return tuple(
        LeftOut(row.url, row.fate, row.reason or "", row.duplicate_of, row.known, row.covered) for row in rows
    )


def has_unstated(catalogue: Catalogue) -> bool:
    """Whether people decided something that the archive does not state: an earlier Frontwire took it down."""
    return next(_unstated(catalogue), None) is not None


def state_earlier(catalogue: Catalogue, writer: StatementWriter) -> int:
    """Let the archive state what it does not yet, and count it; killed in between, some of it is stated twice."""
    count = 0
    for table, row in list(_unstated(catalogue)):
        record_id = _state_row(writer, table, row)
        key = table.c.id if "id" in table.c else table.c.key
        noting = update(table).where(key == getattr(row, key.name)).values(stated=record_id)

        def note(connection: Connection, noting: Any = noting) -> None:
            connection.execute(noting)

        catalogue.write(note)
        count += 1
    return count


def _state_row(writer: StatementWriter, table: Table, row: Any) -> str:
    if table is schema.review:
        decision = ReviewDecision(row.url, ReviewChoice(row.ruling), row.who, row.ruled, note=row.note or "")
        return state_review(writer, decision).stated
    if table is schema.stated_month:
        return state_month(writer, StatedMonth(row.url, row.month, row.who, row.dated, row.note or "")).stated
    if table is schema.sample:
        return state_sample(writer, sample_of(words_of(row, SAID))).stated
    if table is schema.judgement:
        return state_judgement(writer, judgement_of(words_of(row, Judgement._fields))).stated
    return state_redaction(writer, StatedRedaction(row.url, row.date, row.reason)).stated


def _unstated(catalogue: Catalogue) -> Iterator[tuple[Table, Any]]:
    """Rows without a statement, with their table; of each in the order in which they were given."""
    with catalogue.read() as connection:
        for table in (schema.review, schema.stated_month, schema.redaction, schema.sample, schema.judgement):
            order = table.c.date if table is schema.redaction else table.c.id
            for row in connection.execute(select(table).where(table.c.stated.is_(None)).order_by(order)):
                yield table, row
