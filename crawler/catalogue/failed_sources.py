"""Which sources gave a run nothing, or less than they should have, and why."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from crawler.catalogue.last_looks import Cause, cause_of
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.items import FETCHED_ONCE, UrlKind

FEW = 3
"""Articles below which it says nothing of a source that none of them could be fetched."""

_UNREACHED = frozenset(Cause) - {Cause.OK, Cause.EMPTY, Cause.NO_LISTING, Cause.MOVED, Cause.OTHER}
"""Causes by which a server, or the way to it, kept an article from us."""


@dataclass(frozen=True, slots=True)
class FailedSource:
    """A source, and what of it failed."""

    source: str
    """The registry's id."""
    what: str
    """URL of one of its feeds, sitemaps or section pages; empty: all of these that the run visited."""
    cause: Cause


def failed_sources(catalogue: Catalogue, run_id: int) -> list[FailedSource]:
    """What failed in a run, in the order of the sources' ids."""
    listings, articles = _listings(catalogue, run_id), _articles(catalogue, run_id)
    failed = []
    for source in sorted(listings.keys() | articles.keys()):
        failed += _failed_listings(source, listings.get(source, {})) or _failed_articles(
            source, articles.get(source, Counter())
        )
    return failed


def _failed_listings(source: str, causes: Mapping[str, Cause]) -> list[FailedSource]:
    told = {url: cause for url, cause in causes.items() if cause is not Cause.MOVED}
    failed = {url: cause for url, cause in told.items() if cause is not Cause.OK}
    if failed and len(failed) == len(told):
        return [FailedSource(source, "", Counter(failed.values()).most_common(1)[0][0])]
    # Beside others, an empty one is a section on which nothing is new.
    return [FailedSource(source, url, cause) for url, cause in failed.items() if cause is not Cause.EMPTY]


def _failed_articles(source: str, causes: Counter[Cause]) -> list[FailedSource]:
    if causes.total() < FEW or not _UNREACHED.issuperset(causes):
        return []
    return [FailedSource(source, "its articles", causes.most_common(1)[0][0])]


def _listings(catalogue: Catalogue, run_id: int) -> dict[str, dict[str, Cause]]:
    """By source and URL how the last visit of a run to each listing ended."""
    url, visit, read = schema.url.c, schema.visit.c, schema.listing_read
    query = (
        select(url.source, url.url, visit.fate, visit.reason, read.c.links)
        .join_from(schema.visit, schema.url, visit.url_id == url.id)
        .outerjoin(read, read.c.visit_id == visit.id)
        .where(visit.run_id == run_id, url.source != "", url.kind.not_in(sorted(FETCHED_ONCE)))
        .order_by(visit.id)
    )
    found: defaultdict[str, dict[str, Cause]] = defaultdict(dict)
    with catalogue.read() as connection:
        for source, address, fate, reason, links in connection.execute(query):
            found[source][address] = cause_of(fate, reason or "", links or 0)
    return found


def _articles(catalogue: Catalogue, run_id: int) -> dict[str, Counter[Cause]]:
    """By source how many visits of a run to articles ended in which way."""
    url, visit = schema.url.c, schema.visit.c
    reason = func.coalesce(visit.reason, "")
    query = (
        select(url.source, visit.fate, reason, func.count())
        .join_from(schema.visit, schema.url, visit.url_id == url.id)
        .where(visit.run_id == run_id, url.source != "", url.kind == UrlKind.ARTICLE)
        .group_by(url.source, visit.fate, reason)
    )
    found: defaultdict[str, Counter[Cause]] = defaultdict(Counter)
    with catalogue.read() as connection:
        for source, fate, said, count in connection.execute(query):
            found[source][cause_of(fate, said, 0)] += count
    return found


def told_by_cause(failed: Sequence[FailedSource], most: int) -> Iterator[str]:
    """`cause: source, source`, the most frequent cause first; of more than `most` only how many."""
    by_cause: dict[Cause, list[str]] = defaultdict(list)
    for each in failed[:most]:
        by_cause[each.cause].append(f"{each.source} ({each.what})" if each.what else each.source)
    for cause, names in sorted(by_cause.items(), key=lambda pair: -len(pair[1])):
        yield f"{cause}: {', '.join(names)}"
    if len(failed) > most:
        yield f"and {len(failed) - most} more"
