"""How the URLs of some runs ended in them: the last visit of each."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.items import FETCHED_ONCE, UrlKind

_AT_ONCE = 5_000


class RunEnd(NamedTuple):
    """How one URL ended."""

    url: str
    source: str
    kind: str
    fate: str
    reason: str


def run_ends(catalogue: Catalogue, runs: Sequence[int], fate: str = "", source: str = "") -> Iterator[RunEnd]:
    """The last visit to each URL in each of these runs, the newest first; of one fate or source if they are named."""
    url, visit = schema.url.c, schema.visit.c
    last = select(func.max(visit.id)).where(visit.run_id.in_(runs)).group_by(visit.url_id, visit.run_id)
    of_some = [column == value for column, value in ((visit.fate, fate), (url.source, source)) if value]
    query = (
        select(url.url, url.source, url.kind, visit.fate, func.coalesce(visit.reason, ""))
        .join_from(schema.visit, schema.url, visit.url_id == url.id)
        .where(visit.run_id.in_(runs), visit.id.in_(last), *of_some)
        .order_by(visit.id.desc())
    )
    with catalogue.read() as connection:
        for row in connection.execution_options(yield_per=_AT_ONCE).execute(query):
            yield RunEnd(*row)


def listings_visited(catalogue: Catalogue, runs: Sequence[int]) -> list[tuple[str, str]]:
    """Source and URL of each listing that these runs visited, in this order."""
    url, visit = schema.url.c, schema.visit.c
    query = (
        select(url.source, url.url)
        .distinct()
        .join_from(schema.visit, schema.url, visit.url_id == url.id)
        .where(visit.run_id.in_(runs), url.kind.not_in(sorted(FETCHED_ONCE)), url.source != "")
        .order_by(url.source, url.url)
    )
    with catalogue.read() as connection:
        return [(source, address) for source, address in connection.execute(query)]


def vanished_articles(catalogue: Catalogue, runs: Sequence[int]) -> list[int]:
    """The ids of articles of the corpus whose pages these runs found gone, the newest first."""
    article, visit, url = schema.article.c, schema.visit.c, schema.url.c
    its: tuple[ColumnElement[bool], ...] = (visit.run_id.in_(runs), visit.fate == Fate.GONE)
    query = (
        select(article.id)
        .distinct()
        .join_from(schema.visit, schema.url, visit.url_id == url.id)
        .join(schema.article, article.url_id == url.id)
        .where(*its, url.kind == UrlKind.ARTICLE, article.file.is_not(None))
        .order_by(article.id.desc())
    )
    with catalogue.read() as connection:
        return list(connection.execute(query).scalars())
