"""What is known beside a page that waits for a decision: its copies, and how much was decided about its like."""

from typing import NamedTuple

from sqlalchemy import func, select

from crawler.catalogue.article_row import ArticleRow
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate


class ReviewCounts(NamedTuple):
    """Counts of pages."""

    by_text: dict[bytes, int]
    """With the same text, by its hash; of texts that wait only."""
    decided_by_source: dict[str, int]
    decided_by_language: dict[str, int]

    @classmethod
    def of(cls, catalogue: Catalogue) -> "ReviewCounts":
        """What a catalogue knows now."""
        article = schema.article.c
        waiting = select(article.body_hash).where(article.fate == Fate.REVIEW)
        copies = (
            select(article.body_hash, func.count(article.url_id.distinct()))
            .where(article.body_hash.in_(waiting))
            .group_by(article.body_hash)
        )
        with catalogue.read() as connection:
            by_text = {bytes(key): int(count) for key, count in connection.execute(copies)}
        return cls(by_text, _decided(catalogue, "source"), _decided(catalogue, "language"))

    def copies(self, row: ArticleRow) -> int:
        """How many pages have the text of a row, itself included."""
        return self.by_text.get(row.body_hash or b"", 1)

    def decided(self, row: ArticleRow) -> tuple[int, int]:
        """How many pages of its source, and in its language, people decided about."""
        of_source = self.decided_by_source.get(row.source or "", 0)
        return of_source, self.decided_by_language.get(row.language or "", 0)


def _decided(catalogue: Catalogue, column: str) -> dict[str, int]:
    article, url, review = schema.article, schema.url, schema.review
    name = article.c[column]
    query = (
        select(name, func.count(review.c.key.distinct()))
        .join_from(review, url, review.c.key == url.c.key)
        .join(article, article.c.url_id == url.c.id)
        .group_by(name)
    )
    with catalogue.read() as connection:
        return {value or "": int(count) for value, count in connection.execute(query)}
