"""Counts how many articles of each listing and source were related; the frontier orders their next links by that."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from sqlalchemy import Connection, select

from crawler.database import schema
from crawler.database.bulk import batches, insert_into
from crawler.fates import IN_CORPUS, Fate
from crawler.http.url_identity import url_key
from crawler.items import Evidence, Link, UrlKind
from crawler.outcome import Outcome

LEVELS = 40
"""Steps of priority: articles of a higher step are fetched first, wherever they are listed."""

EXPLORED = 18
"""Of 256 articles this many are fetched first whatever their score, so that yields of low ones are measured too."""

USUAL = 0.1
"""Share of related articles to expect while nothing is known."""

_RELATED = IN_CORPUS | {Fate.DUPLICATE, Fate.SYNDICATED, Fate.REVIEW, Fate.UNDATED}
_JUDGED = _RELATED | {Fate.OFF_TOPIC, Fate.TOO_SHORT, Fate.NO_TEXT, Fate.INDEX_PAGE, Fate.PAYWALL_STUB}
_WEIGHT = 10
"""Number of ended articles at which the measured yield weighs as much as the expected one."""

_STEP = 5.0
"""Steps per unit of log odds."""


@dataclass(frozen=True, slots=True)
class Yields:
    """How many articles of each listing and source ended, and how many of them were related."""

    ended: Mapping[bytes, int]
    related: Mapping[bytes, int]

    def expected(self, evidence: Evidence) -> float:
        """The share of related articles to expect of a listing: its own, or its source's while few have ended."""
        of_source = self._rate(_source_key(evidence.source), USUAL)
        return self._rate(url_key(evidence.via), of_source)

    def _rate(self, key: bytes, before: float) -> float:
        return (self.related.get(key, 0) + _WEIGHT * before) / (self.ended.get(key, 0) + _WEIGHT)


def read_yields(connection: Connection, links: Iterable[Link]) -> Yields:
    """The yields of the listings and sources of these links."""
    keys = sorted({key for link in links for key in _keys(link.evidence)})
    table = schema.harvest.c
    rows = [
        row
        for some in batches(keys)
        for row in connection.execute(select(schema.harvest).where(table.key.in_(some)))
    ]
    return Yields({row.key: row.ended for row in rows}, {row.key: row.related for row in rows})


def count_yields(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Add articles with a decision on relevance to the counts of their listings and sources."""
    judged = [each for each in outcomes if each.kind is UrlKind.ARTICLE and each.fate in _JUDGED]
    ended = Counter(key for each in judged for key in _keys(each.evidence))
    related = Counter(key for each in judged if each.fate in _RELATED for key in _keys(each.evidence))
    # Sorted by key: writers that change the same rows in other orders would deadlock.
    rows = [{"key": key, "ended": ended[key], "related": related[key]} for key in sorted(ended)]
    if rows:
        table = schema.harvest
        adding = insert_into(connection, table)
        more = {name: table.c[name] + adding.excluded[name] for name in ("ended", "related")}
        connection.execute(adding.on_conflict_do_update(index_elements=["key"], set_=more), rows)


def level(link: Link, key: bytes, yields: Yields) -> int:
    """The step of an article, 0 to LEVELS - 1; by their keys a few get the highest, the same ones in every run."""
    if link.score is None:
        return 0
    if key[0] < EXPLORED:
        return LEVELS - 1
    odds = _log_odds(link.score) + _log_odds(yields.expected(link.evidence)) - _log_odds(USUAL)
    return min(max(round(LEVELS / 2 + _STEP * odds), 0), LEVELS - 1)


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 0.001), 0.999)
    return math.log(bounded / (1 - bounded))


def _keys(evidence: Evidence) -> tuple[bytes, bytes]:
    return url_key(evidence.via), _source_key(evidence.source)


def _source_key(source: str) -> bytes:
    return blake2b(f"source {source}".encode(), digest_size=16).digest()
