"""Every extracted page with the few columns that are counted, for one pass over a catalogue of any size."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from typing import Any, NamedTuple

from sqlalchemy import func, select

from crawler.catalogue.columns import strings
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate

_AT_ONCE = 10_000


class CorpusRow(NamedTuple):
    """What of a page is counted."""

    id: int
    run_id: int
    fate: str
    source: str
    language: str
    month: str
    is_in_corpus: bool
    is_silent_edit: bool
    stored_terms: str

    @property
    def terms(self) -> tuple[str, ...]:
        return strings(self.stored_terms)


def corpus_rows(catalogue: Catalogue) -> Iterator[CorpusRow]:
    """The rows of all extracted pages, the newest first."""
    article = schema.article.c
    texts = (func.coalesce(article[name], "") for name in ("source", "language", "month"))
    flags = (article.file.is_not(None), func.coalesce(article.silent_edit, False))
    query = select(article.id, article.run_id, article.fate, *texts, *flags, article.terms)
    query = query.order_by(article.id.desc())
    with catalogue.read() as connection:
        found: Iterable[Any] = connection.execution_options(yield_per=_AT_ONCE).execute(query)
        for row in found:
            yield CorpusRow(*row)


def waiting_ids(catalogue: Catalogue, fates: Sequence[Fate], most: int) -> list[tuple[int, list[int]]]:
    """How many pages wait with each of these fates, and the ids of those that are likeliest on topic."""
    article, later = schema.article, schema.article.alias("later")
    is_newest = ~(
        select(later.c.id).where(later.c.url_id == article.c.url_id, later.c.id > article.c.id).exists()
    )
    score = func.coalesce(article.c.conflict, 0.0) + func.coalesce(article.c.related, 0.0)
    query = select(article.c.fate, -score, article.c.id).where(article.c.fate.in_(fates), is_newest)
    waiting: dict[str, list[tuple[float, int]]] = {fate: [] for fate in fates}
    with catalogue.read() as connection:
        for fate, order, number in connection.execution_options(yield_per=_AT_ONCE).execute(query):
            waiting[fate].append((order, number))
    return [(len(its), [number for _, number in nsmallest(most, its)]) for its in waiting.values()]


class CopiedCluster(NamedTuple):
    """A cluster, and the number of pages that repeat a text of it."""

    cluster: str
    """In hex."""
    copies: int


def most_copied(catalogue: Catalogue, most: int) -> list[CopiedCluster]:
    """The clusters with most copies."""
    article = schema.article.c
    copies = func.count(article.url_id.distinct())
    query = (
        select(article.cluster, copies)
        .where(article.cluster.is_not(None), article.duplicate_of.is_not(None))
        .group_by(article.cluster)
        .order_by(copies.desc(), article.cluster)
        .limit(most)
    )
    with catalogue.read() as connection:
        return [CopiedCluster(bytes(key).hex(), count) for key, count in connection.execute(query)]


def article_of_cluster(catalogue: Catalogue, cluster: str) -> int:
    """The id of the first article of a cluster (in hex) that the corpus has; 0 if it has none."""
    article = schema.article.c
    its = (article.cluster == bytes.fromhex(cluster), article.file.is_not(None))
    with catalogue.read() as connection:
        return connection.execute(select(func.min(article.id)).where(*its)).scalar() or 0
