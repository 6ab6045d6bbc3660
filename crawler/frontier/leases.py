"""What a run leases from the frontier and gives back: hosts, and URLs of those hosts.

A lease belongs to a run and ends with it: a run that goes on says so every few seconds, and what it has
leased is given back once it is silent for LEASE_MS. All times are those of the database's clock.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from crawler.database.catalogue import Catalogue
from crawler.database.clock import now_ms
from crawler.frontier import lease_statements as statements
from crawler.frontier.accounting import LEASE_MS, live_runs, release_expired_leases, transfer_accounting
from crawler.frontier.quotas import Limits, Quotas
from crawler.frontier.redirects import settle_redirects
from crawler.frontier.revisit_policy import LATEST_S
from crawler.items import Evidence, Link, UrlKind, Validators

DUE_AT_ONCE = 10_000
"""URLs that are queued again in one transaction."""


class LeasedUrl(NamedTuple):
    """A URL that only this run may fetch."""

    id: int
    host: int
    link: Link
    attempts: int
    """This one included."""
    validators: Validators
    marks: bytes = b""
    """Of a feed, those of the entries that it had when it was read last."""


class LeasedHost(NamedTuple):
    """A host from which only this run fetches for a while."""

    id: int
    name: str


class Leases:
    """The frontier as one run sees it; each method is one transaction."""

    def __init__(
        self,
        catalogue: Catalogue,
        run_id: int,
        sources: Collection[str],
        kinds: Collection[UrlKind] = frozenset(UrlKind),
        limits: Mapping[str, Limits] | None = None,
        only_own: bool = False,
    ) -> None:
        """`sources`, `kinds`: what this run may lease; `limits`: most requests per source.

        `only_own`: nothing that another run left behind, and nothing that becomes due.
        """
        self._catalogue = catalogue
        self._run_id = run_id
        self._scope = statements.Scope(catalogue.engine.dialect.name, only_own)
        self._ours = {"run": run_id, "sources": sorted(sources), "kinds": sorted(kinds)}
        self._began_ms = 0
        self._quotas = Quotas(limits or {})
        self._remaining: dict[str, int] = {}

    @property
    def _allowed(self) -> dict[str, Any]:
        """The parameters that say what this run may lease now."""
        return {**self._ours, "full": [source for source, left in self._remaining.items() if not left]}

    def keep(self) -> int:
        """Renew this run's leases, release those of dead runs, and count the other active runs."""
        return self._catalogue.write(self._keep)

    def lease_hosts(self, count: int) -> list[LeasedHost]:
        """Up to `count` hosts that may be fetched from now, those that have waited longest first."""
        free = statements.free_hosts(self._scope)

        def lease(connection: Connection) -> list[LeasedHost]:
            hosts = [LeasedHost(*row) for row in connection.execute(free, {**self._allowed, "count": count})]
            ids = {"run": self._run_id, "hosts": [each.id for each in hosts]}
            ours = set(connection.execute(statements.lock_hosts(), ids).scalars()) if hosts else set()
            return [each for each in hosts if each.id in ours]

        return self._catalogue.write(lease)

    def lease_urls(self, hosts: Sequence[int], count: int) -> list[LeasedUrl]:
        """Up to `count` URLs of each of our hosts, the most urgent first."""

        def lease(connection: Connection) -> list[Row[Any]]:
            self._quotas.lock(connection)
            remaining = self._remaining = self._quotas.remaining(connection)
            rows = self._take(connection, _within(remaining, self._most_urgent(connection, hosts, count)))
            self._quotas.count_today(connection, _by_source(rows))
            return rows

        rows = self._catalogue.write(lease)
        self._count(_by_source(rows))
        return [_leased_url(row) for row in rows]

    def return_urls(self, ids: Collection[int]) -> None:
        """Queue URLs again that we have not fetched."""
        ours = {"run": self._run_id, "ids": sorted(ids)}

        def return_all(connection: Connection) -> Counter[str]:
            returned = Counter(connection.execute(statements.give_back(), ours).scalars())
            unused = Counter({source: -count for source, count in returned.items()})
            self._quotas.count_today(connection, unused)
            return unused

        self._count(self._catalogue.write(return_all))

    def release_hosts(self, pauses: dict[int, float]) -> None:
        """Let others fetch from our hosts, each after a pause in seconds."""
        if pauses:
            self._catalogue.write(lambda connection: self._release_hosts(connection, pauses))

    def is_open(self, patience_s: float) -> bool:
        """Whether work may turn up within some seconds, if only because another run releases it."""
        soon = {**self._allowed, "patience_ms": int(1000 * patience_s)}
        with self._catalogue.read() as connection:
            return any(
                connection.execute(waiting, soon).first() is not None
                for waiting in statements.work_to_come(self._scope)
            )

    def left_by_limits(self) -> dict[str, int]:
        """The number of queued URLs of each source that has reached a limit, unless it is 0."""
        with self._catalogue.read() as connection:
            rows = connection.execute(statements.left_by_limits(self._scope), self._allowed).all()
        return {row[0]: row[1] for row in rows}

    def _count(self, leased: Counter[str]) -> None:
        self._quotas.count(leased)
        for source in self._remaining.keys() & leased.keys():
            self._remaining[source] = max(self._remaining[source] - leased[source], 0)

    def _keep(self, connection: Connection) -> int:
        self._prolong(connection)
        self._remaining = self._quotas.remaining(connection)
        others = set(live_runs(connection)) - {self._run_id}
        release_expired_leases(connection, [self._run_id, *others])
        self._began_ms = self._began_ms or connection.execute(select(now_ms())).scalar_one()
        self._queue_due(connection)
        for repair in statements.repairs():
            connection.execute(repair)
        return len(others)

    def _release_hosts(self, connection: Connection, pauses: dict[int, float]) -> None:
        hosts = sorted(pauses)  # writers that lock in other orders would deadlock
        each = [{"its": host, "run": self._run_id, "pause_ms": int(1000 * pauses[host])} for host in hosts]
        connection.execute(statements.release_host(), each)
        connection.execute(statements.put_to_sleep(), {"hosts": hosts})

    def _queue_due(self, connection: Connection) -> None:
        """Queue the deferred URLs whose time has come, and those that were due again when this run began."""
        connection.execute(statements.queue_deferred())
        # Visits missed for too long are not made up for: a clock that jumped ahead starts no storm.
        times = {"after_ms": self._began_ms - int(1000 * LATEST_S), "by_ms": self._began_ms}
        settle_redirects(connection, **times)
        connection.execute(statements.queue_due(self._scope), {**self._ours, **times, "count": DUE_AT_ONCE})

    def _most_urgent(self, connection: Connection, hosts: Sequence[int], count: int) -> list[Row[Any]]:
        query, its = statements.most_urgent(self._scope), {**self._allowed, "count": count}
        return [row for host in hosts for row in connection.execute(query, {**its, "its": host})]

    def _take(self, connection: Connection, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
        """Lease the URLs of rows, and give the rows of those that no other run took meanwhile."""
        if not rows:
            return []
        ids = {"run": self._run_id, "ids": [row.id for row in rows]}
        ours = set(connection.execute(statements.take(), ids).scalars())
        transfer_accounting(connection, self._run_id, Counter(row.run_id for row in rows if row.id in ours))
        return [row for row in rows if row.id in ours]

    def _prolong(self, connection: Connection) -> None:
        connection.execute(statements.prolong(), {"run": self._run_id, "ms": LEASE_MS})


def _within(remaining: Mapping[str, int], rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The rows without those that exceed what their sources may still get."""
    left = Counter(remaining)
    within = []
    for row in rows:
        if row.source not in remaining or left[row.source] > 0:
            left[row.source] -= 1
            within.append(row)
    return within


def _by_source(rows: Sequence[Row[Any]]) -> Counter[str]:
    return Counter(row.source for row in rows)


def _leased_url(row: Row[Any]) -> LeasedUrl:
    link = Link(row.url, UrlKind(row.kind), Evidence.of(json.loads(row.evidence)), row.hops, row.depth)
    validators = Validators(row.etag or "", row.last_modified or "")
    return LeasedUrl(row.id, row.host_id, link, row.attempts + 1, validators, bytes(row.marks or b""))
