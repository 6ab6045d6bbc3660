"""Which articles are wanted, as conditions on the catalogue's rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_

from crawler.database import schema

UNKNOWN = "unknown"
"""In the place of a language or a source: of which it is not known."""


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """What an article must be to be wanted; what is empty asks for nothing."""

    since: str = ""
    until: str = ""
    """First and last day, `YYYY-MM-DD`."""
    is_by_capture: bool = False
    """Whether these are days (UTC) on which articles came in, not those of their publication."""
    languages: tuple[str, ...] = ()
    """ISO 639-1, or UNKNOWN."""
    sources: tuple[str, ...] | None = None
    """Ids, or UNKNOWN; None: all of them."""
    fates: tuple[str, ...] = ()
    runs: tuple[int, ...] = ()
    """The runs of which one brought it in."""
    ids: tuple[int, ...] | None = None
    """Of its row; None: any."""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """For queries of `article` with its capture."""
        article = schema.article.c
        if self.since or self.until:
            yield from self._days()
        if self.languages:
            yield _is_one_of(article.language, self.languages)
        if self.sources is not None:
            yield _is_one_of(article.source, self.sources)
        if self.fates:
            yield article.fate.in_(self.fates)
        if self.runs:
            yield article.run_id.in_(self.runs)
        if self.ids is not None:
            yield article.id.in_(self.ids)

    def _days(self) -> Iterator[ColumnElement[bool]]:
        article = schema.article.c
        published = func.coalesce(article.published, article.month)
        day = func.substr(schema.capture.c.captured if self.is_by_capture else published, 1, 10)
        if self.since:  # of some articles only the month is known: one that has the day may be wanted
            yield or_(day >= self.since, day == self.since[: len("2021-01")])
        if self.until:
            yield day <= self.until


EVERY_ARTICLE = ArticleFilter()


def _is_one_of(column: ColumnElement[str | None], values: Sequence[str]) -> ColumnElement[bool]:
    named = column.in_([value for value in values if value != UNKNOWN])
    return or_(named, column.is_(None), column == "") if UNKNOWN in values else named
