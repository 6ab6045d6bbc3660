"""What a run leases from the frontier and gives back: hosts, and URLs of those hosts.

A lease belongs to a run and ends with it: a run that goes on says so every few seconds, and what it has
leased is given back once it is silent for LEASE_MS. All times are those of the database's clock.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, select, true, update

from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.clock import now_ms
from crawler.frontier.accounting import LEASE_MS, live_runs, release_expired_leases, transfer_accounting
from crawler.frontier.quotas import Limits, Quotas
from crawler.frontier.redirects import settle_redirects
from crawler.frontier.revisit_policy import LATEST_S
from crawler.frontier.states import DEFERRED, LEASED, QUEUED, in_state, is_scheduled
from crawler.http.retry_after import LONGEST_PAUSE_S
from crawler.items import Evidence, Link, UrlKind, Validators

DUE_AT_ONCE = 10_000
"""URLs that are queued again in one transaction."""

SPREAD_MS = 99_991_000
"""The time over which revisits are spread whose stored times a wrong clock made useless."""


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
        url = schema.url.c
        self._ours = and_(
            url.source.in_(sorted(sources)), url.kind.in_(sorted(kinds)), ~_is_kept_from(run_id)
        )
        if only_own:
            self._ours = and_(self._ours, url.run_id == run_id)
        self._began_ms = 0
        self._quotas = Quotas(limits or {})
        self._remaining: dict[str, int] = {}

    @property
    def _allowed(self) -> ColumnElement[bool]:
        """Ours, without the sources that have reached a limit."""
        full = self._full
        return and_(self._ours, schema.url.c.source.not_in(full)) if full else self._ours

    @property
    def _full(self) -> list[str]:
        return sorted(source for source, left in self._remaining.items() if not left)

    def keep(self) -> int:
        """Renew this run's leases, release those of dead runs, and count the other active runs."""
        return self._catalogue.write(self._keep)

    def lease_hosts(self, count: int) -> list[LeasedHost]:
        """Up to `count` hosts that may be fetched from now, those that have waited longest first."""
        host = schema.host.c
        free = (
            select(host.id, host.name)
            .where(~host.idle, host.due_at <= select(now_ms()).scalar_subquery(), host.locked_by.is_(None))
            .where(_has_queued(self._allowed))
            .order_by(host.due_at, host.id)
            .limit(count)
            .with_for_update(skip_locked=True, of=schema.host)
        )

        def lease(connection: Connection) -> list[LeasedHost]:
            hosts = [LeasedHost(row.id, row.name) for row in connection.execute(free)]
            # Free still: SQLite locks nothing by a query.
            locking = update(schema.host).where(
                host.id.in_([each.id for each in hosts]), host.locked_by.is_(None)
            )
            locking = locking.values(locked_by=self._run_id)
            ours = set(connection.execute(locking.returning(host.id)).scalars()) if hosts else set()
            return [each for each in hosts if each.id in ours]

        return self._catalogue.write(lease)

    def lease_urls(self, hosts: Sequence[int], count: int) -> list[LeasedUrl]:
        """Up to `count` URLs of each of our hosts, the most urgent first."""

        def lease(connection: Connection) -> list[Row[Any]]:
            self._quotas.lock(connection)
            remaining = self._remaining = self._quotas.remaining(connection)
            rows = [row for host in hosts for row in connection.execute(self._most_urgent(host, count))]
            rows = self._take(connection, _within(remaining, rows))
            self._quotas.count_today(connection, _by_source(rows))
            return rows

        rows = self._catalogue.write(lease)
        self._count(_by_source(rows))
        return [_leased_url(row) for row in rows]

    def return_urls(self, ids: Collection[int]) -> None:
        """Queue URLs again that we have not fetched."""
        url = schema.url
        ours = (url.c.id.in_(sorted(ids)), in_state(LEASED), url.c.run_id == self._run_id)
        returning = update(url).where(*ours).values(state=QUEUED, attempts=url.c.attempts - 1)

        def return_all(connection: Connection) -> Counter[str]:
            returned = Counter(connection.execute(returning.returning(url.c.source)).scalars())
            unused = Counter({source: -count for source, count in returned.items()})
            self._quotas.count_today(connection, unused)
            return unused

        self._count(self._catalogue.write(return_all))

    def release_hosts(self, pauses: dict[int, float]) -> None:
        """Let others fetch from our hosts, each after a pause in seconds."""
        self._catalogue.write(lambda connection: self._release_hosts(connection, pauses))

    def is_open(self, patience_s: float) -> bool:
        """Whether work may turn up within some seconds, if only because another run releases it."""
        url, host = schema.url.c, schema.host.c
        soon = now_ms() + int(1000 * patience_s)
        queued = select(host.id).where(host.due_at <= soon, _has_queued(self._allowed))
        # Of our own leases none is left when we look: what is, was lost by a defect, and is given back in the end.
        leased = select(url.id).where(in_state(LEASED), url.run_id != self._run_id, self._allowed)
        deferred = select(url.id).where(in_state(DEFERRED), self._allowed, url.not_before <= soon)
        with self._catalogue.read() as connection:
            return any(
                connection.execute(waiting.limit(1)).first() is not None
                for waiting in (queued, leased, deferred)
            )

    def left_by_limits(self) -> dict[str, int]:
        """The number of queued URLs of each source that has reached a limit, unless it is 0."""
        source = schema.url.c.source
        waiting = select(source, func.count()).where(in_state(QUEUED), self._ours, source.in_(self._full))
        with self._catalogue.read() as connection:
            rows = connection.execute(waiting.group_by(source).order_by(source)).all()
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
        _repair_clock_skew(connection)
        return len(others)

    def _release_hosts(self, connection: Connection, pauses: dict[int, float]) -> None:
        host = schema.host
        for host_id in sorted(pauses):
            values = {"due_at": now_ms() + int(1000 * pauses[host_id]), "locked_by": None}
            ours = (host.c.id == host_id, host.c.locked_by == self._run_id)
            connection.execute(update(host).where(*ours).values(values))
        asleep = update(host).where(host.c.id.in_(sorted(pauses)), ~_has_queued())
        connection.execute(asleep.values(idle=True))

    def _queue_due(self, connection: Connection) -> None:
        """Queue the deferred URLs whose time has come, and those that were due again when this run began."""
        url = schema.url
        due = url.c.not_before <= select(now_ms()).scalar_subquery()
        connection.execute(update(url).where(in_state(DEFERRED), due).values(state=QUEUED))
        # Visits missed for too long are not made up for: a clock that jumped ahead starts no storm.
        times = (url.c.not_before <= self._began_ms, url.c.not_before > self._began_ms - int(1000 * LATEST_S))
        settle_redirects(connection, *times)
        again = select(url.c.id).where(is_scheduled(), *times, url.c.run_id != self._run_id, self._ours)
        queuing = update(url).where(url.c.id.in_(again.limit(DUE_AT_ONCE)))
        connection.execute(queuing.values(state=QUEUED, attempts=0))

    def _most_urgent(self, host: int, count: int) -> Select[Any]:
        url = schema.url.c
        return (
            select(url.id, url.url, url.host_id, url.source, url.kind, url.evidence, url.hops, url.depth)
            .add_columns(url.attempts, url.run_id, url.etag, url.last_modified, url.marks)
            .where(url.host_id == host, in_state(QUEUED), self._allowed)
            # A run that was silent for too long has lost its hosts, whether it knows or not.
            .where(exists().where(schema.host.c.id == host, schema.host.c.locked_by == self._run_id))
            .order_by(url.priority.desc(), url.id)
            .limit(count)
        )

    def _take(self, connection: Connection, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
        """Lease the URLs of rows, and give the rows of those that no other run took meanwhile."""
        if not rows:
            return []
        url = schema.url
        taking = update(url).where(url.c.id.in_([row.id for row in rows]), in_state(QUEUED))
        taken = {"state": LEASED, "run_id": self._run_id, "attempts": url.c.attempts + 1}
        ours = set(connection.execute(taking.values(taken).returning(url.c.id)).scalars())
        transfer_accounting(connection, self._run_id, Counter(row.run_id for row in rows if row.id in ours))
        return [row for row in rows if row.id in ours]

    def _prolong(self, connection: Connection) -> None:
        run = schema.run
        alive_until = now_ms() + LEASE_MS
        connection.execute(update(run).where(run.c.id == self._run_id).values(alive_until=alive_until))


def _has_queued(*those: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether URLs of a host are queued, looked up host by host.

    There are few hosts, while millions of URLs may be queued: of EXISTS PostgreSQL would make a join that reads
    them all.
    """
    url = schema.url.c
    queued = select(url.id).where(url.host_id == schema.host.c.id, in_state(QUEUED), *those)
    return queued.limit(1).correlate(schema.host).scalar_subquery().is_not(None)


def _is_kept_from(run_id: int) -> ColumnElement[bool]:
    """Whether a URL is kept for another run, which is at work."""
    url, run = schema.url.c, schema.run.c
    is_at_work = exists().where(run.id == url.kept_for, run.ended.is_(None), run.alive_until > now_ms())
    return and_(url.kept_for.is_not(None), url.kept_for != run_id, is_at_work)


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


def _repair_clock_skew(connection: Connection) -> None:
    """Wake hosts that have work, and correct times that a wrong clock set too far ahead."""
    url, host = schema.url, schema.host
    connection.execute(update(host).where(host.c.idle == true(), _has_queued()).values(idle=False))
    # Not to the latest time that can be meant: no one knows by how much the clock was wrong.
    too_late = host.c.due_at > select(now_ms() + int(1000 * LONGEST_PAUSE_S)).scalar_subquery()
    connection.execute(update(host).where(too_late).values(due_at=now_ms()))
    latest_ms = int(1000 * LATEST_S)
    # Spread, for they were: all at once would be a storm.
    spread = now_ms() + url.c.id * SPREAD_MS % latest_ms
    for waiting, not_before in ((in_state(DEFERRED), now_ms()), (is_scheduled(), spread)):
        too_late = url.c.not_before > select(now_ms() + latest_ms).scalar_subquery()
        connection.execute(update(url).where(waiting, too_late).values(not_before=not_before))
