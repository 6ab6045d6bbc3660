"""What came of the articles that a listing, or a source, named: by this the frontier orders what they name next."""

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
"""Articles that promise more than others by one of these steps go before them, wherever they are listed."""

EXPLORED = 18
"""Of 256 articles so many go first whatever they promise: what is never looked at teaches nothing."""

USUAL = 0.1
"""The part of the articles that is related, as far as nothing is known."""

_RELATED = IN_CORPUS | {Fate.DUPLICATE, Fate.SYNDICATED, Fate.REVIEW, Fate.UNDATED}
_JUDGED = _RELATED | {Fate.OFF_TOPIC, Fate.TOO_SHORT, Fate.NO_TEXT, Fate.INDEX_PAGE, Fate.PAYWALL_STUB}
_WEIGHT = 10
"""So many articles must have ended before a yield says as much as what was taken for it before."""

_STEP = 5.0
"""Levels for each unit of log-odds."""


@dataclass(frozen=True, slots=True)
class Yields:
    """Of how many articles that a listing or a source named how many were what is sought."""

    ended: Mapping[bytes, int]
    related: Mapping[bytes, int]

    def expected(self, evidence: Evidence) -> float:
        """The part of related articles to expect of a listing: its own, or with little to go by its source's."""
        of_source = self._rate(_source_key(evidence.source), USUAL)
        return self._rate(url_key(evidence.via), of_source)

    def _rate(self, key: bytes, before: float) -> float:
        return (self.related.get(key, 0) + _WEIGHT * before) / (self.ended.get(key, 0) + _WEIGHT)


def read_yields(connection: Connection, links: Iterable[Link]) -> Yields:
    """The yields of all that named these links."""
    keys = sorted({key for link in links for key in _keys(link.evidence)})
    table = schema.harvest.c
    rows = [
        row
        for some in batches(keys)
        for row in connection.execute(select(schema.harvest).where(table.key.in_(some)))
    ]
    return Yields({row.key: row.ended for row in rows}, {row.key: row.related for row in rows})


def count_yields(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Count articles that were judged, for what named them."""
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
    """How urgent an article is: 0 to LEVELS - 1. By its key a few are explored, in every run the same ones."""
    if link.score is None:
        return 0
    if key[0] < EXPLORED:
        return LEVELS - 1
    odds = _log_odds(link.score) + _log_odds(yields.expected(link.evidence)) - _log_odds(USUAL)
    return min(max(round(LEVELS / 2 + _STEP * odds), 0), LEVELS - 1)


def _log_odds(probability: float) -> float:
    kept_apart = min(max(probability, 0.001), 0.999)
    return math.log(kept_apart / (1 - kept_apart))


def _keys(evidence: Evidence) -> tuple[bytes, bytes]:
    return url_key(evidence.via), _source_key(evidence.source)


def _source_key(source: str) -> bytes:
    return blake2b(f"source {source}".encode(), digest_size=16).digest()
