"""What a run would fetch if it began now, read from the catalogue without changing it."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from crawler.database import schema
from crawler.database.bulk import batches
from crawler.database.catalogue import Catalogue
from crawler.database.clock import now_ms
from crawler.frontier.quotas import Limits, Quotas
from crawler.frontier.revisit_policy import LATEST_S
from crawler.frontier.states import DEFERRED, DONE, LEASED, QUEUED, in_state, is_scheduled
from crawler.http.url_identity import url_key
from crawler.http.urls import host_name
from crawler.items import Link, UrlKind


class Why(StrEnum):
    """Why a URL would be fetched."""

    START = "start URL"
    DUE = "due again"
    LEFT = "left pending"
    RETRY = "failed, tried again"


class Part(NamedTuple):
    """URLs of one host and kind that would be fetched for the same reason."""

    host: str
    why: Why
    kind: UrlKind


Plan = Counter[Part]
"""The number of URLs of each part."""


def plan_run(
    catalogue: Catalogue | None,
    links: Sequence[Link],
    sources: Collection[str],
    kinds: Collection[UrlKind],
    only_due: bool = False,
) -> Plan:
    """What a run over these sources and kinds would fetch if it began with these links, before it finds more.

    With `only_due`, known links count only when they are due. `catalogue` is None if there is no catalogue yet.
    """
    starts = {url_key(link.url): link for link in links if host_name(link.url)}
    if catalogue is None:
        return Counter(_start(link) for link in starts.values())
    ours = and_(schema.url.c.source.in_(sorted(sources)), schema.url.c.kind.in_(sorted(kinds)))
    with catalogue.read() as connection:
        known = list(_rows(connection, starts))
        plan = _waiting(connection, ours)
    plan.update(_start(starts[key]) for key in starts.keys() - {bytes(row.key) for row in known})
    for row in known if not only_due else ():
        if row.state == DONE:  # it is fetched whether it is due or not
            link = starts[bytes(row.key)]
            plan[_start(link)] += 1
            if row.is_due:
                plan[Part(row.host or "", _why_due(row.failures), UrlKind(row.kind))] -= 1
    return +plan


def remaining_for(catalogue: Catalogue | None, limits: Mapping[str, Limits]) -> dict[str, int]:
    """The requests that each source with limits allows now."""
    quotas = Quotas(limits)
    if catalogue is None:
        return quotas.remaining(None)
    with catalogue.read() as connection:
        return quotas.remaining(connection)


def _start(link: Link) -> Part:
    return Part(host_name(link.url) or "", Why.START, link.kind)


def _why_due(failures: int) -> Why:
    return Why.RETRY if failures else Why.DUE


def _is_due() -> ColumnElement[bool]:
    """The URLs that have ended and are due again; those overdue for too long are left out."""
    now, due_at = select(now_ms()).scalar_subquery(), schema.url.c.not_before
    return and_(is_scheduled(), due_at <= now, due_at > now - int(1000 * LATEST_S))


def _rows(connection: Connection, keys: Collection[bytes]) -> Iterator[Row[Any]]:
    """Key, state, kind, failures, host and whether it is due, for each known URL."""
    url, wanted = schema.url.c, sorted(keys)
    query = select(url.key, url.state, url.kind, url.failures, _is_due().label("is_due"))
    query = query.add_columns(schema.host.c.name.label("host")).outerjoin_from(schema.url, schema.host)
    for some in batches(wanted):
        yield from connection.execute(query.where(url.key.in_(some)))


def _waiting(connection: Connection, ours: ColumnElement[bool]) -> Plan:
    """The URLs that earlier runs left, and those that are due again."""
    deferred = and_(in_state(DEFERRED), schema.url.c.not_before <= select(now_ms()).scalar_subquery())
    plan: Plan = Counter()
    for why, condition in (
        (Why.LEFT, or_(in_state(QUEUED), in_state(LEASED))),
        (Why.RETRY, deferred),
        (Why.RETRY, and_(_is_due(), schema.url.c.failures > 0)),
        (Why.DUE, and_(_is_due(), schema.url.c.failures == 0)),
    ):
        host, kind = schema.host.c.name, schema.url.c.kind
        counts = select(host, kind, func.count()).join_from(schema.url, schema.host)
        for row in connection.execute(counts.where(ours, condition).group_by(host, kind)):
            plan[Part(row[0], why, UrlKind(row[1]))] += row[2]
    return plan


def describe(plan: Plan) -> Iterator[str]:
    """A line for each host, those with most URLs first, and one for the whole."""
    hosts: Counter[str] = Counter()
    for part, count in plan.items():
        hosts[part.host] += count
    for host, total in sorted(hosts.items(), key=lambda pair: (-pair[1], pair[0])):
        parts = sorted((part.why, part.kind, plan[part]) for part in plan if part.host == host)
        yield f"{host}: {total} ({'; '.join(f'{count} {kind}, {why}' for why, kind, count in parts)})"
    yield (
        f"Would fetch {plan.total()} URLs from {len(hosts)} hosts, and what these name. Nothing was fetched."
        if plan
        else "Would fetch nothing: nothing is due. Nothing was fetched."
    )
