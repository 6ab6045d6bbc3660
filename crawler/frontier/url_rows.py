"""Rows of URLs within a transaction: how they become known, and how they end."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, Insert, bindparam, select, update

from crawler.database import schema
from crawler.database.bulk import batches, insert_into
from crawler.database.clock import now_ms
from crawler.fates import Fate
from crawler.frontier.revisit_policy import Standing, may_heal, next_visit
from crawler.frontier.states import DEFERRED, DONE, LEASED, QUEUED, in_state
from crawler.frontier.yields import LEVELS, Yields, level, read_yields
from crawler.http.url_identity import exact_key, keys_of, url_key, wire_url
from crawler.http.urls import host_name
from crawler.items import ASKED_ONCE, Link, UrlKind
from crawler.outcome import Outcome

LEASE_MS = 30_000
"""How long a run that is silent counts as being at work, and keeps what it has leased."""

RANKS = 100
"""Of the links of one page so many go before each other in its order: the newest mostly stand first."""

PRIORITIES = {
    UrlKind.FEED: (LEVELS + 20) * RANKS,
    UrlKind.LISTING: (LEVELS + 15) * RANKS,
    UrlKind.SECTION: (LEVELS + 10) * RANKS,
    UrlKind.SITEMAP: (LEVELS + 5) * RANKS,
    UrlKind.ARTICLE: 0,
    UrlKind.IMAGE: -10 * RANKS,
}
"""The freshest lists go first; articles follow what named them by their promise, and their pictures all pages."""


def enter_links(
    connection: Connection, run_id: int, links: Sequence[Link], again: bool = False, only_new: bool = False
) -> int:
    """Queue the links that are to be asked for, and count them: the run has to account for them.

    These are the unknown ones and, unless `only_new`, those that an earlier run ended for a passing cause,
    with `again` those that it ended for any. What waits already, or ended in a run that goes on, stays as it is.
    """
    rows = _by_key(connection, links)
    _drop_redacted(connection, rows)
    known = _states(connection, rows)
    fresh = {key: link for key, link in rows.items() if key not in known}
    going_on = {run_id, *live_runs(connection)} if known else set()
    ended = {
        key: link
        for key, link in rows.items()
        if (row := known.get(key)) is not None
        and row.state == DONE
        and row.run_id not in going_on
        and (again or _asks_again(link, row))
    }
    if only_new:
        ended.clear()
    # All values before the first statement that writes: the database is locked from there on.
    yields = read_yields(connection, [*fresh.values(), *ended.values()])
    new, anew = _rows(run_id, fresh, yields), _rows(run_id, ended, yields)
    hosts = _set_hosts(connection, [*new, *anew])
    entered = _insert_urls(connection, new) + _queue_anew(connection, anew)
    wake_hosts(connection, hosts.values())
    count_discovered(connection, run_id, entered)
    return entered


def end_leased(connection: Connection, run_id: int, outcome: Outcome, has_news: bool) -> int | None:
    """Note how a URL ended that the run has leased, and give its id; None if another run has it by now.

    `has_news`: it named links that were unknown.
    """
    url = schema.url
    # The URL tells apart two spellings of which one redirects to the other.
    its = (url.c.key.in_(keys_of(outcome.url)), url.c.url == outcome.url)
    leased = (*its, in_state(LEASED), url.c.run_id == run_id)
    standing = (
        select(url.c.id, url.c.failures, url.c.visits, url.c.interval_s).where(*leased).with_for_update()
    )
    row = connection.execute(standing).first()
    if row is None:
        return None
    if outcome.retry_in_s is not None:
        ending: dict[str, object] = {"state": DEFERRED, "not_before": _in_ms(outcome.retry_in_s)}
    else:
        before = Standing(row.failures, row.visits, row.interval_s)
        after, due_in_s = next_visit(outcome.kind, outcome.fate, before, has_news)
        ending = {"state": DONE, "not_before": _in_ms(due_in_s), **asdict(after)}
    if outcome.validators is not None:
        ending |= asdict(outcome.validators)
    connection.execute(update(url).where(url.c.id == row.id).values(ending | {"fate": str(outcome.fate)}))
    return int(row.id)


def end_found(connection: Connection, run_id: int, outcome: Outcome) -> int:
    """Note how a URL ended that nobody had to ask for, as it was found in an archive; gives its id."""
    url = schema.url
    # The row of this very spelling, if there are two.
    its = select(url.c.id, url.c.run_id).where(url.c.key.in_(keys_of(outcome.url)))
    known = connection.execute(its.order_by((url.c.url == outcome.url).desc()).limit(1)).first()
    count_discovered(connection, run_id, int(known is None or known.run_id != run_id))
    values: dict[str, object] = {
        "kind": str(outcome.kind),
        "state": DONE,
        "fate": str(outcome.fate),
        "run_id": run_id,
    }
    if known is not None:
        connection.execute(update(url).where(url.c.id == known.id).values(values))
        return int(known.id)
    inserting = insert_into(connection, url).values(
        key=url_key(outcome.url),
        url=outcome.url,
        source=outcome.evidence.source,
        evidence=_evidence(outcome),
        **values,
    )
    # Another worker may have been faster.
    inserting = inserting.on_conflict_do_update(index_elements=["key"], set_=values)
    return int(connection.execute(inserting.returning(url.c.id)).scalar_one())


def adopt(connection: Connection, run_id: int, url: str) -> bool:
    """Lease a queued URL to a run, whatever its host's pace; False if it is not queued."""
    table = schema.url
    its = (table.c.key.in_(keys_of(url)), table.c.url == url, in_state(QUEUED))
    row = connection.execute(select(table.c.id, table.c.run_id).where(*its).with_for_update()).first()
    if row is None:
        return False
    taken = {"state": LEASED, "run_id": run_id, "attempts": table.c.attempts + 1}
    connection.execute(update(table).where(table.c.id == row.id).values(taken))
    account(connection, run_id, Counter([row.run_id]))
    return True


def account(connection: Connection, run_id: int, counts: Counter[int]) -> None:
    """Have a run account for URLs that others made known; what ended runs say of themselves stays."""
    theirs = {other: count for other, count in counts.items() if other != run_id}
    run = schema.run
    for each in sorted({*theirs, run_id} if theirs else ()):  # sorted: see `wake_hosts`
        change = sum(theirs.values()) if each == run_id else -theirs[each]
        counting = update(run).where(run.c.id == each, run.c.ended.is_(None))
        connection.execute(counting.values(discovered=run.c.discovered + change))


def give_back(connection: Connection, urls: ColumnElement[bool], hosts: ColumnElement[bool]) -> None:
    """End the leases of some URLs and hosts; what had no end was no attempt."""
    url, host = schema.url, schema.host
    queued = {"state": QUEUED, "attempts": url.c.attempts - 1}
    connection.execute(update(url).where(in_state(LEASED), urls).values(queued))
    connection.execute(update(host).where(host.c.locked_by.is_not(None), hosts).values(locked_by=None))


def count_discovered(connection: Connection, run_id: int, more: int) -> None:
    """Add to what a run has to account for."""
    if more:
        run = schema.run
        connection.execute(update(run).where(run.c.id == run_id).values(discovered=run.c.discovered + more))


def live_runs(connection: Connection) -> Sequence[int]:
    """The runs that are at work on this store."""
    run, now = schema.run.c, select(now_ms()).scalar_subquery()
    # Far beyond now: a clock that was wrong wrote it.
    living = (run.ended.is_(None), run.alive_until > now, run.alive_until <= now + 2 * LEASE_MS)
    return connection.execute(select(run.id).where(*living)).scalars().all()


def wake_hosts(connection: Connection, ids: Collection[int]) -> None:
    """Have hosts looked at again, for something was queued."""
    host = schema.host
    # Locked in the order of ids: writers that lock the same rows in other orders would deadlock.
    asleep = select(host.c.id).where(host.c.id.in_(sorted(ids)), host.c.idle).order_by(host.c.id)
    if woken := connection.execute(asleep.with_for_update()).scalars().all():
        connection.execute(update(host).where(host.c.id.in_(woken)).values(idle=False))


def _in_ms(seconds: float | None) -> int | ColumnElement[int]:
    """The database's time so many seconds from now; 0 for never."""
    return 0 if seconds is None else now_ms() + int(seconds * 1000)


def _by_key(connection: Connection, links: Sequence[Link]) -> dict[bytes, Link]:
    """Links by the keys under which they are known, or become so; of equal ones the first counts."""
    exact = {url_key(link.url): wire_url(link.url) for link in links if link.is_exact}
    # The very spelling may be the one by which the page itself is known.
    itself = (
        {key for key, row in _states(connection, exact).items() if row.url == exact[key]} if exact else set()
    )
    rows: dict[bytes, Link] = {}
    for link in links:
        key = url_key(link.url)
        rows.setdefault(exact_key(link.url) if link.is_exact and key not in itself else key, link)
    return rows


def _states(connection: Connection, keys: Collection[bytes]) -> dict[bytes, Any]:
    """What is known of URLs."""
    url = schema.url.c
    states = {}
    asked = select(url.key, url.url, url.state, url.fate, url.run_id, url.failures, url.kind, url.evidence)
    for some in batches(sorted(keys)):
        for row in connection.execute(asked.where(url.key.in_(some))):
            states[bytes(row.key)] = row
    return states


def _drop_redacted(connection: Connection, links: dict[bytes, Link]) -> None:
    """Take out what was taken down; what lists articles stays, for it has other content each day."""
    pages = {
        key: url_key(link.url) if link.is_exact else key
        for key, link in links.items()
        if link.kind in ASKED_ONCE
    }
    asked = select(schema.redaction.c.key)
    redacted: set[bytes] = set()
    for some in batches(sorted(set(pages.values()))):
        found = connection.execute(asked.where(schema.redaction.c.key.in_(some)))
        redacted.update(bytes(key) for key in found.scalars())
    for key in [key for key, page in pages.items() if page in redacted]:
        del links[key]


def _asks_again(link: Link, known: Any) -> bool:
    """Whether a URL that has ended is asked for again because it is named again."""
    if may_heal(known.fate, known.failures):
        return True
    if link.kind in ASKED_ONCE:
        # What some page took for a picture may be an article all the same.
        return link.kind is UrlKind.ARTICLE and known.kind == UrlKind.IMAGE
    modified = link.evidence.modified
    return not modified or modified != json.loads(known.evidence).get("modified")


def host_ids(connection: Connection, names: Collection[str | None]) -> dict[str, int]:
    """The rows of hosts, made where they are new."""
    host = schema.host.c
    wanted = sorted(name for name in names if name is not None)
    ids: dict[str, int] = {}
    for _ in range(2):  # a second time for those that are new
        for some in batches([name for name in wanted if name not in ids]):
            rows = connection.execute(select(host.name, host.id).where(host.name.in_(some)))
            ids.update((row.name, row.id) for row in rows)
        if new := [{"name": name} for name in wanted if name not in ids]:
            connection.execute(insert_into(connection, schema.host).on_conflict_do_nothing(), new)
    return ids


def _set_hosts(connection: Connection, rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Put the ids of their hosts into rows that have names, and give both."""
    hosts = host_ids(connection, {row["host_id"] for row in rows})
    for row in rows:
        row["host_id"] = hosts.get(row["host_id"])
    return hosts


def _insert_urls(connection: Connection, rows: Sequence[dict[str, Any]]) -> int:
    if not rows:
        return 0
    inserting: Insert = insert_into(connection, schema.url).on_conflict_do_nothing()
    return len(connection.execute(inserting.returning(schema.url.c.id), rows).all())


def _queue_anew(connection: Connection, rows: Sequence[dict[str, Any]]) -> int:
    if not rows:
        return 0
    url = schema.url
    for row in rows:
        row["its_key"] = row.pop("key")
        del row["url"]  # it stays as it was written first
    changing = update(url).where(url.c.key == bindparam("its_key"), in_state(DONE))
    return sum(connection.execute(changing.values(attempts=0), row).rowcount for row in rows)


def _rows(run_id: int, links: dict[bytes, Link], yields: Yields) -> list[dict[str, Any]]:
    """Values of links, each with the name of its host in place of an id."""
    priorities = {key: _priority(link, key, rank, yields) for rank, (key, link) in enumerate(links.items())}
    # Sorted by key: writers that insert the same links in other orders would deadlock.
    return [{"key": key, **_values(run_id, links[key], priorities[key])} for key in sorted(links)]


def _priority(link: Link, key: bytes, rank: int, yields: Yields) -> int:
    """How urgent a link is that is the rank-th of its page."""
    return PRIORITIES[link.kind] + RANKS * level(link, key, yields) - min(rank, RANKS - 1)


def _values(run_id: int, link: Link, priority: int) -> dict[str, object]:
    """What a row says of a link."""
    url = wire_url(link.url)  # the catalogue spells URLs as the archive does
    host = host_name(url)
    return {
        "url": url,
        "kind": str(link.kind),
        "source": link.evidence.source,
        "host_id": host,
        # Nobody can be asked for it: it has ended.
        "state": QUEUED if host is not None else DONE,
        "fate": None if host is not None else str(Fate.BAD_URL),
        "priority": priority,
        "hops": link.hops,
        "depth": link.depth,
        "evidence": _evidence(link),
        "run_id": run_id,
    }


def _evidence(of: Link | Outcome) -> str:
    return json.dumps(asdict(of.evidence), ensure_ascii=False)
