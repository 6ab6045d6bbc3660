"""The statements by which runs lease and return URLs and hosts.

Each is made once: with the sources of a large registry that took longer than the database. What differs between runs
is a parameter: `run` (id), `sources`, `kinds` and `full` (sources that have reached a limit), each a list of text.
"""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    func,
    select,
    true,
    update,
)

from crawler.database import schema
from crawler.database.bulk import is_among
from crawler.database.clock import now_ms
from crawler.frontier.revisit_policy import LATEST_S
from crawler.frontier.states import DEFERRED, LEASED, QUEUED, in_state, is_scheduled
from crawler.http.retry_after import LONGEST_PAUSE_S

SPREAD_MS = 99_991_000
"""The time over which revisits are spread whose stored times a wrong clock made useless."""

_LATEST_MS = int(1000 * LATEST_S)
_RUN = bindparam("run", type_=BigInteger)


class Scope(NamedTuple):
    """What statements depend on beside their parameters."""

    dialect: str
    only_own: bool
    """Whether the run may lease nothing that another run left behind, and nothing that becomes due."""


@cache
def _ours(scope: Scope) -> ColumnElement[bool]:
    """The URLs that a run may lease."""
    url = schema.url.c
    sources, kinds = (
        is_among(scope.dialect, url.source, "sources"),
        is_among(scope.dialect, url.kind, "kinds"),
    )
    own = [url.run_id == _RUN] if scope.only_own else []
    return and_(sources, kinds, ~_is_kept_from_it(), *own)


def _is_kept_from_it() -> ColumnElement[bool]:
    """Whether a URL is kept for another run, which is at work."""
    url, run = schema.url.c, schema.run.c
    is_at_work = exists().where(run.id == url.kept_for, run.ended.is_(None), run.alive_until > now_ms())
    return and_(url.kept_for.is_not(None), url.kept_for != _RUN, is_at_work)


@cache
def _allowed(scope: Scope) -> ColumnElement[bool]:
    """Ours, without the sources that have reached a limit."""
    return and_(_ours(scope), ~is_among(scope.dialect, schema.url.c.source, "full"))


def _has_queued(*those: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether URLs of a host are queued, looked up host by host.

    There are few hosts, while millions of URLs may be queued: of EXISTS PostgreSQL would make a join that reads
    them all.
    """
    url = schema.url.c
    queued = select(url.id).where(url.host_id == schema.host.c.id, in_state(QUEUED), *those)
    return queued.limit(1).correlate(schema.host).scalar_subquery().is_not(None)


@cache
def free_hosts(scope: Scope) -> Select[Any]:
    """Up to `count` hosts that may be fetched from now, those that have waited longest first."""
    host = schema.host.c
    return (
        select(host.id, host.name)
        .where(~host.idle, host.due_at <= select(now_ms()).scalar_subquery(), host.locked_by.is_(None))
        .where(_has_queued(_allowed(scope)))
        .order_by(host.due_at, host.id)
        .limit(bindparam("count", type_=Integer))
        .with_for_update(skip_locked=True, of=schema.host)
    )


@cache
def lock_hosts() -> Update:
    """Lock those of `hosts` that are free still: SQLite locks nothing by a query. Gives their ids."""
    host = schema.host.c
    its = (host.id.in_(bindparam("hosts", expanding=True)), host.locked_by.is_(None))
    return update(schema.host).where(*its).values(locked_by=_RUN).returning(host.id)


@cache
def release_host() -> Update:
    """Let others fetch from the host `its`, if it is ours, after `pause_ms`."""
    host = schema.host.c
    values = {"due_at": now_ms() + bindparam("pause_ms", type_=BigInteger), "locked_by": None}
    return update(schema.host).where(host.id == bindparam("its"), host.locked_by == _RUN).values(values)


@cache
def put_to_sleep() -> Update:
    """Note which of `hosts` have nothing queued."""
    its = schema.host.c.id.in_(bindparam("hosts", expanding=True))
    return update(schema.host).where(its, ~_has_queued()).values(idle=True)


@cache
def most_urgent(scope: Scope) -> Select[Any]:
    """Up to `count` URLs of the host `its`, the most urgent first; none unless the run has locked it."""
    url, host = schema.url.c, bindparam("its", type_=BigInteger)
    return (
        select(url.id, url.url, url.host_id, url.source, url.kind, url.evidence, url.hops, url.depth)
        .add_columns(url.attempts, url.run_id, url.etag, url.last_modified, url.marks)
        .where(url.host_id == host, in_state(QUEUED), _allowed(scope))
        # A run that was silent for too long has lost its hosts, whether it knows or not.
        .where(exists().where(schema.host.c.id == host, schema.host.c.locked_by == _RUN))
        .order_by(url.priority.desc(), url.id)
        .limit(bindparam("count", type_=Integer))
    )


@cache
def take() -> Update:
    """Lease those of the URLs `ids` that no other run took meanwhile. Gives their ids."""
    url = schema.url.c
    its = (url.id.in_(bindparam("ids", expanding=True)), in_state(QUEUED))
    taken = {"state": LEASED, "run_id": _RUN, "attempts": url.attempts + 1}
    return update(schema.url).where(*its).values(taken).returning(url.id)


@cache
def give_back() -> Update:
    """Queue those of the URLs `ids` again that the run has leased. Gives their sources."""
    url = schema.url.c
    ours = (url.id.in_(bindparam("ids", expanding=True)), in_state(LEASED), url.run_id == _RUN)
    values = {"state": QUEUED, "attempts": url.attempts - 1}
    return update(schema.url).where(*ours).values(values).returning(url.source)


@cache
def prolong() -> Update:
    """Let the run count as being at work for `ms` from now."""
    its = update(schema.run).where(schema.run.c.id == _RUN)
    return its.values(alive_until=now_ms() + bindparam("ms", type_=BigInteger))


@cache
def work_to_come(scope: Scope) -> tuple[Select[Any], ...]:
    """Queries any of which gives a row if work may turn up within `patience_ms`."""
    url, host = schema.url.c, schema.host.c
    soon = now_ms() + bindparam("patience_ms", type_=BigInteger)
    queued = select(host.id).where(host.due_at <= soon, _has_queued(_allowed(scope)))
    # Of our own leases none is left when we look: what is, was lost by a defect, and is given back in the end.
    leased = select(url.id).where(in_state(LEASED), url.run_id != _RUN, _allowed(scope))
    deferred = select(url.id).where(in_state(DEFERRED), _allowed(scope), url.not_before <= soon)
    return tuple(each.limit(1) for each in (queued, leased, deferred))


@cache
def left_by_limits(scope: Scope) -> Select[Any]:
    """How many URLs of each of the sources in `full` are queued."""
    source = schema.url.c.source
    waiting = (in_state(QUEUED), _ours(scope), is_among(scope.dialect, source, "full"))
    return select(source, func.count()).where(*waiting).group_by(source).order_by(source)


@cache
def queue_deferred() -> Update:
    """Queue the deferred URLs whose time has come."""
    due = schema.url.c.not_before <= select(now_ms()).scalar_subquery()
    return update(schema.url).where(in_state(DEFERRED), due).values(state=QUEUED)


@cache
def queue_due(scope: Scope) -> Update:
    """Queue up to `count` URLs that are due after `after_ms` and by `by_ms`, and that the run has not had."""
    url = schema.url.c
    after, by = (bindparam(name, type_=BigInteger) for name in ("after_ms", "by_ms"))
    times = (url.not_before > after, url.not_before <= by)
    again = select(url.id).where(is_scheduled(), *times, url.run_id != _RUN, _ours(scope))
    its = url.id.in_(again.limit(bindparam("count", type_=Integer)))
    return update(schema.url).where(its).values(state=QUEUED, attempts=0)


@cache
def repairs() -> tuple[Update, ...]:
    """Wake hosts that have work, and correct times that a wrong clock set too far ahead."""
    url, host = schema.url.c, schema.host.c
    wake = update(schema.host).where(host.idle == true(), _has_queued()).values(idle=False)
    # Not to the latest time that can be meant: no one knows by how much the clock was wrong.
    too_late = host.due_at > select(now_ms() + int(1000 * LONGEST_PAUSE_S)).scalar_subquery()
    hasten = update(schema.host).where(too_late).values(due_at=now_ms())
    # Spread, for they were: all at once would be a storm.
    spread = now_ms() + url.id * SPREAD_MS % _LATEST_MS
    is_too_late = url.not_before > select(now_ms() + _LATEST_MS).scalar_subquery()
    times = ((in_state(DEFERRED), now_ms()), (is_scheduled(), spread))
    return (
        wake,
        hasten,
        *(update(schema.url).where(each, is_too_late).values(not_before=at) for each, at in times),
    )
