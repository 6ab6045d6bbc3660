"""The columns that an export can have: what of each article they hold, and of which kind that is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.exported_articles import FIELDS
from crawler.errors import OperatorError
from crawler.relevance.wars import war_in
from crawler.search.named_places import places_of
from crawler.sources.choice import suggest
from crawler.sources.source import Source

Value = str | int | float | bool | tuple[str, ...] | None

Sources = Mapping[str, Source]


class Kind(Enum):
    """What a column holds; each may be null."""

    TEXT = "text"
    TEXTS = "list of texts"
    WHOLE = "whole number"
    NUMBER = "number"
    FLAG = "true or false"


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column of an export."""

    name: str
    kind: Kind
    read: Callable[[ArticleRow, Sources], Value]


def _kept(name: str) -> ExportColumn:
    """The column of a field of the catalogue."""
    return ExportColumn(name, _KINDS.get(name, Kind.TEXT), lambda row, _: getattr(row, name))


def _day(row: ArticleRow, _: Sources) -> str | None:
    return (row.published or row.month or "")[:10] or None


def _source_name(row: ArticleRow, known: Sources) -> str | None:
    source = known.get(row.source or "")
    return source.name if source else row.source


def _source_country(row: ArticleRow, known: Sources) -> str | None:
    source = known.get(row.source or "")
    return (source.country or None) if source else None


def _declared(row: ArticleRow, _: Sources) -> tuple[str, ...] | None:
    return None if row.declared is None else tuple(map(str, row.declared))


_KINDS = {
    **dict.fromkeys(("authors", "rights", "terms"), Kind.TEXTS),
    **dict.fromkeys(("offset", "length", "revision"), Kind.WHOLE),
    **dict.fromkeys(("conflict", "related"), Kind.NUMBER),
    "date_conflict": Kind.FLAG,
}

_FOUND = (
    ExportColumn("day", Kind.TEXT, _day),
    ExportColumn("source_name", Kind.TEXT, _source_name),
    ExportColumn("source_country", Kind.TEXT, _source_country),
    ExportColumn("places", Kind.TEXTS, lambda row, _: places_of(row.terms)),
    ExportColumn("declared", Kind.TEXTS, _declared),
    ExportColumn("war", Kind.TEXT, lambda row, _: war_in(row.terms) or None),
)
"""What follows from an article's fields, and from the registry."""

COLUMNS = {each.name: each for each in (*map(_kept, FIELDS), *_FOUND)}

OF_STORIES = frozenset({"cluster_agency", "cluster_first"})
"""Columns for which the other pages of an article's story are read."""

EXCEL_COLUMNS = (
    *(
        "day",
        "title",
        "source_name",
        "source_country",
        "language",
        "places",
        "war",
        "authors",
        "agency",
        "url",
    ),
    *("published", "captured", "conflict", "related", "fate", "cluster", "representative", "file"),
)
"""What a person wants to see in a spreadsheet."""


def columns_named(names: Sequence[str]) -> tuple[ExportColumn, ...]:
    """The columns of these names, in their order; OperatorError for one that there is not."""
    for name in names:
        if name not in COLUMNS:
            raise OperatorError(
                f"There is no column {name!r}; {suggest(name, COLUMNS)} docs/export.md lists all of them."
            )
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise OperatorError(f"The column {twice!r} is named twice; name each one once.")
    return tuple(COLUMNS[name] for name in names)


@dataclass(frozen=True, slots=True)
class Export:
    """What is written: articles, and what of them."""

    rows: Iterator[ArticleRow]
    columns: tuple[ExportColumn, ...]
    known: Sources
    """The sources by their ids, as far as the registry has them."""

    def values(self) -> Iterator[tuple[Value, ...]]:
        """The values of each article, in the order of the columns."""
        for row in self.rows:
            yield tuple(column.read(row, self.known) for column in self.columns)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]
