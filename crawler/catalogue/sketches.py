"""What the articles of the corpus mean, in one bit for each number of their vectors: those of some days, read at once.

The whole vector is in the article's row. A sketch is entered with it and goes when its file leaves, as its keys do
(`crawler.catalogue.corpus_texts`).
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, select

from crawler.catalogue.article_row import ArticleRow
from crawler.database import schema
from crawler.database.bulk import insert_into
from crawler.relevance.encoder import DIMENSIONS
from crawler.relevance.translations import Meaning

DAYS = timedelta(days=3)
"""Between an article and its translation."""

MOST = 4096
"""Articles among which a translation is looked for; of more the latest ones."""


class Kept(NamedTuple):
    """An article of the corpus, by its id; by its file while it is not committed."""

    article: int | str
    day: str
    language: str
    signs: int


class Told(NamedTuple):
    """What an article means, and where it is."""

    url: str
    meaning: Meaning


def day_of(published: str | None) -> str | None:
    """`YYYY-MM-DD`; None of what was published nobody knows when, or in some month."""
    try:
        return date.fromisoformat((published or "")[:10]).isoformat()
    except ValueError:
        return None


def days_around(day: str) -> tuple[str, str]:
    """The first and the last day on which a translation of an article may appear."""
    middle = date.fromisoformat(day)
    return (middle - DAYS).isoformat(), (middle + DAYS).isoformat()


def latest(found: Iterable[Kept]) -> list[Kept]:
    """Those among which a translation is looked for, by day, from all in the order of their coming.

    Equal ones are one article, committed since it was found, or one agency's words.
    """
    different = {(each.language, each.signs): each for each in reversed(list(found))}
    in_order = list(different.values())[::-1]
    return sorted(in_order, key=attrgetter("day"))[-MOST:]


def enter_sketch(connection: Connection, article_id: int, row: ArticleRow) -> None:
    """Let an article of the corpus be found by its meaning, if that and its day are known."""
    day = day_of(row.published)
    if day is None or row.meaning is None or row.language is None:
        return
    signs = Meaning(row.language, row.meaning).signs.to_bytes(DIMENSIONS // 8)
    values = {"day": day, "article_id": article_id, "language": row.language, "signs": signs}
    # As of keys: SQLite gives the id of a row that was deleted last to the next one.
    connection.execute(insert_into(connection, schema.sketch).values(values).on_conflict_do_nothing())


def drop_sketches(connection: Connection, articles: ColumnElement[bool]) -> None:
    """Delete the sketches of these articles; call it before their dates change."""
    article, sketch = schema.article.c, schema.sketch
    of_meaning = select(article.id, article.published).where(articles, article.meaning.is_not(None))
    for row in connection.execute(of_meaning).all():
        its = (sketch.c.day == day_of(row.published), sketch.c.article_id == row.id)
        connection.execute(delete(sketch).where(*its))


def sketches_around(connection: Connection, day: str, besides: int | None = None) -> list[Kept]:
    """The sketches of the days around one, in the order of days and of their coming; none of the run `besides`."""
    sketch, article = schema.sketch, schema.article.c
    query = select(sketch.c.article_id, sketch.c.day, sketch.c.language, sketch.c.signs)
    if besides is not None:
        query = query.join(schema.article, article.id == sketch.c.article_id).where(article.run_id != besides)
    query = query.where(sketch.c.day.between(*days_around(day)))
    query = query.order_by(sketch.c.day.desc(), sketch.c.article_id.desc()).limit(MOST)
    return [
        Kept(article_id, day, language, int.from_bytes(signs))
        for article_id, day, language, signs in reversed(connection.execute(query).all())
    ]


def told(connection: Connection, articles: Collection[int | str]) -> dict[int | str, Told]:
    """What those of some articles mean that are committed."""
    ids = [each for each in articles if isinstance(each, int)]
    article, page = schema.article.c, schema.url.c
    query = select(article.id, page.url, article.language, article.meaning).where(article.id.in_(ids))
    rows = connection.execute(query.join_from(schema.article, schema.url, article.url_id == page.id))
    return {row.id: Told(row.url, Meaning(row.language, bytes(row.meaning))) for row in rows}


def ids_of(connection: Connection, files: Collection[str]) -> set[int]:
    """The articles that have these files."""
    article = schema.article.c
    return set(connection.execute(select(article.id).where(article.file.in_(files))).scalars())
