"""Samples of pages for people to judge, and what they answered: how good the corpus is follows from these."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, case, func, insert, or_, select

from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.clock import utc_text
from crawler.fates import IN_CORPUS

SAID = ("drawn", "seed", "who", "pages", "cells", "left_out")
"""What is said of a sample, in a row and in a statement."""

_AT_ONCE = 5000
"""Rows that are read together."""


class Answer(StrEnum):
    """What a person says of a page."""

    YES = "yes"
    """It belongs."""
    NO = "no"
    LOST = "lost"
    """It belongs, and what the corpus has instead is another text."""
    SKIPPED = "skipped"


class Cell(NamedTuple):
    """What is known of a page before it is read; a sample counts its pages by it."""

    fate: str
    band: str
    """The lowest score of its band, "" if it was not scored; see `crawler.audit.sampling`."""
    source: str
    language: str


class Unit(NamedTuple):
    """A page that can be drawn: the article row that speaks for it, and what is known of it."""

    article_id: int
    fate: str
    conflict: float | None
    related: float | None
    source: str
    language: str
    record_id: str
    """Empty if the catalogue does not know the record."""
    url: str
    is_taken_down: bool


class SampledPage(NamedTuple):
    """A page that was drawn."""

    record_id: str
    url: str
    cell: Cell


class Sample(NamedTuple):
    """Pages that were drawn at random, and how many there were of their kinds."""

    drawn: str
    """When: ISO 8601, UTC."""
    seed: int
    who: str
    pages: tuple[SampledPage, ...]
    """In the order in which they are judged, which is random too."""
    cells: Mapping[Cell, int]
    """How many pages each was drawn from."""
    left_out: Mapping[str, int]
    """Pages that could not be drawn, by reason."""
    stated: str = ""

    def said(self) -> dict[str, str]:
        """It in words, as a row and a statement have it."""
        return {
            "drawn": self.drawn,
            "seed": str(self.seed),
            "who": self.who,
            "pages": json.dumps([(each.record_id, each.url, *each.cell) for each in self.pages]),
            "cells": json.dumps([(*cell, count) for cell, count in self.cells.items()]),
            "left_out": json.dumps(self.left_out),
        }


class Judgement(NamedTuple):
    """One answer of a person about one page, as its record has it."""

    record_id: str
    url: str
    answer: Answer
    who: str
    judged: str
    stated: str = ""

    @classmethod
    def now(cls, page: SampledPage, answer: Answer, who: str) -> "Judgement":
        return cls(page.record_id, page.url, answer, who, utc_text(datetime.now(UTC)))


def units(catalogue: Catalogue) -> Iterator[Unit]:
    """Every extracted page once: by its text in the corpus, or else by its newest row."""
    with catalogue.read() as connection:
        rows = connection.execution_options(yield_per=_AT_ONCE).execute(_units())
        for article_id, fate, conflict, related, source, language, record_id, url, taken_down in rows:
            yield Unit(
                *(article_id, fate, conflict, related, source or "", language or "", record_id or ""),
                *(url, taken_down is not None),
            )


def _units() -> Select[Any]:
    article, capture, url, redaction = schema.article, schema.capture, schema.url, schema.redaction
    is_kept = and_(article.c.file.is_not(None), article.c.fate.in_(IN_CORPUS))
    own = func.coalesce(func.max(case((is_kept, article.c.id))), func.max(article.c.id))
    columns = [article.c[name] for name in ("id", "fate", "conflict", "related", "source", "language")]
    return (
        select(*columns, capture.c.record_id, url.c.url, redaction.c.key)
        .join_from(article, url, article.c.url_id == url.c.id)
        .outerjoin(capture, article.c.capture_id == capture.c.id)
        .outerjoin(redaction, redaction.c.key == url.c.key)
        .where(article.c.id.in_(select(own).group_by(article.c.url_id)))
        # An earlier text that was taken out, and has no row after it, is no page of its own.
        .where(or_(article.c.fate.not_in(IN_CORPUS), article.c.file.is_not(None)))
        .order_by(article.c.id)
    )


def fetches_without_a_page(catalogue: Catalogue) -> dict[str, int]:
    """How many URLs of articles ended without an extracted page, or have not ended, by fate."""
    url, article = schema.url, schema.article
    query = (
        select(url.c.fate, func.count())
        .where(url.c.kind == "article", url.c.id.not_in(select(article.c.url_id)))
        .group_by(url.c.fate)
    )
    with catalogue.read() as connection:
        counted = {fate or "not fetched yet": int(count) for fate, count in connection.execute(query)}
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def enter_sample(connection: Connection, sample: Sample) -> None:
    """Enter a sample, as part of a transaction; it is the one that is judged from now on."""
    values = sample.said() | {"seed": sample.seed, "stated": sample.stated or None}
    connection.execute(insert(schema.sample).values(values))


def latest_sample(catalogue: Catalogue) -> Sample | None:
    """The sample that is judged; None if none was drawn."""
    query = select(schema.sample).order_by(schema.sample.c.id.desc()).limit(1)
    with catalogue.read() as connection:
        row = connection.execute(query).one_or_none()
        return sample_of(words_of(row, SAID), row.stated or "") if row else None


def enter_judgements(connection: Connection, given: Iterable[Judgement]) -> None:
    """Enter judgements, as part of a transaction."""
    if rows := [each._asdict() | {"stated": each.stated or None} for each in given]:
        connection.execute(insert(schema.judgement), rows)


def judgements(catalogue: Catalogue) -> list[Judgement]:
    """All that was ever answered, oldest first."""
    table = schema.judgement.c
    query = select(*(table[name] for name in Judgement._fields)).order_by(table.id)
    with catalogue.read() as connection:
        return [
            judgement_of(words_of(row, Judgement._fields), row.stated or "")
            for row in connection.execute(query)
        ]


def sample_of(said: Mapping[str, str], stated: str = "") -> Sample:
    """The sample that these words mean; KeyError, TypeError or ValueError if they are none."""
    pages = (SampledPage(record, url, Cell(*cell)) for record, url, *cell in json.loads(said["pages"]))
    cells = {Cell(*cell): int(count) for *cell, count in json.loads(said["cells"])}
    left_out = json.loads(said["left_out"])
    return Sample(said["drawn"], int(said["seed"]), said["who"], tuple(pages), cells, left_out, stated)


def judgement_of(said: Mapping[str, str], stated: str = "") -> Judgement:
    """The judgement that these words mean; KeyError or ValueError if they are none."""
    answer = Answer(said["answer"])
    return Judgement(said["record_id"], said["url"], answer, said["who"], said["judged"], stated)


def words_of(row: Any, fields: Iterable[str]) -> dict[str, str]:
    """Columns of a row of either table, in words."""
    return {name: str(getattr(row, name)) for name in fields}
