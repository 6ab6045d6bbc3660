"""How URLs become known, and queued: the links that pages name, entered as rows."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, or_, select, update

from crawler.database import schema
from crawler.database.bulk import batches, insert_into
from crawler.database.catalogue import Catalogue
from crawler.database.clock import now_ms
from crawler.fates import PASSING, Fate
from crawler.frontier.accounting import count_discovered, live_runs, transfer_accounting
from crawler.frontier.hosts import host_ids, wake_hosts
from crawler.frontier.revisit_policy import ASTRAY, may_heal
from crawler.frontier.states import DEFERRED, DONE, QUEUED, in_state
from crawler.frontier.yields import LEVELS, Yields, level, read_yields
from crawler.http.url_identity import exact_key, url_key, wire_url
from crawler.http.urls import host_name
from crawler.items import FETCHED_ONCE, REQUISITES, Discovery, Link, UrlKind
from crawler.packed_links import PART

RANKS = 100
"""Priorities that keep the order of a page's first links: the newest are mostly first."""

PRIORITIES = {
    UrlKind.FEED: (LEVELS + 20) * RANKS,
    UrlKind.LISTING: (LEVELS + 15) * RANKS,
    UrlKind.SECTION: (LEVELS + 10) * RANKS,
    UrlKind.SITEMAP: (LEVELS + 5) * RANKS,
    UrlKind.CDX: (LEVELS + 4) * RANKS,
    UrlKind.GDELT: (LEVELS + 3) * RANKS,
    UrlKind.WARC_PATHS: (LEVELS + 2) * RANKS,
    UrlKind.WARC: (LEVELS + 1) * RANKS,
    UrlKind.ARTICLE: 0,
    UrlKind.STYLE: -8 * RANKS,
    UrlKind.FONT: -9 * RANKS,
    UrlKind.IMAGE: -10 * RANKS,
}
"""Listings that change most often are fetched first, then articles by their score, then what they are shown with."""


_UNREAD = frozenset({Fate.PARTLY_READ, Fate.SOFT_404, Fate.QUARANTINED})
"""Fates of listings that may have more than they brought: they are tried again when they are named again."""

_NOT_THERE = frozenset(
    {*PASSING, *ASTRAY, Fate.GONE, Fate.SOFT_404, Fate.BOT_CHALLENGE, Fate.CONSENT_WALL, Fate.TRAP}
)
"""Fates of pages that could not be had: a copy in another archive is looked into all the same."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A link that is to be queued."""

    key: bytes
    link: Link
    url: str
    """As the archive spells it."""
    host: str | None
    """None if the URL cannot be fetched."""
    priority: int


def enter(
    catalogue: Catalogue, run_id: int, links: Sequence[Link], again: bool = False, only_new: bool = False
) -> int:
    """Queue the links that are to be fetched, in one transaction, and count them: see `enter_links`."""
    return catalogue.write(lambda connection: enter_links(connection, run_id, links, again, only_new))


def take(catalogue: Catalogue, run_id: int, links: Sequence[Link]) -> None:
    """Queue links for a run whatever became of them, those too that a run left behind, unless one at work has them."""

    def take_all(connection: Connection) -> None:
        for some in batches(sorted(_by_key(connection, links))):
            _take_over(connection, run_id, some)
        enter_links(connection, run_id, links, again=True)

    catalogue.write(take_all)


def _take_over(connection: Connection, run_id: int, keys: Sequence[bytes]) -> None:
    url = schema.url
    left = (url.c.key.in_(keys), or_(in_state(QUEUED), in_state(DEFERRED)))
    query = select(url.c.id, url.c.run_id).where(*left, url.c.run_id.not_in(live_runs(connection)))
    rows = connection.execute(query.with_for_update()).all()
    taking = update(url).where(url.c.id.in_([row.id for row in rows]))
    connection.execute(taking.values(state=QUEUED, run_id=run_id, attempts=0))
    transfer_accounting(connection, run_id, Counter(row.run_id for row in rows))


def enter_links(
    connection: Connection, run_id: int, links: Iterable[Link], again: bool = False, only_new: bool = False
) -> int:
    """Queue the links that are to be fetched, and count them: the run has to account for them.

    These are the unknown ones and, unless `only_new`, those that an earlier run ended for a passing cause,
    with `again` those that it ended for any. What is queued already, or ended in a run that goes on, stays as it is.
    """
    waiting, entered = iter(links), 0
    while part := list(islice(waiting, PART)):
        entered += _enter_part(connection, run_id, part, again, only_new, rank=entered)
    return entered


def _enter_part(
    connection: Connection, run_id: int, links: Sequence[Link], again: bool, only_new: bool, rank: int
) -> int:
    """The same with some of them, before which so many of their page were queued."""
    by_key = _without_redacted(connection, _by_key(connection, links))
    known = _states(connection, by_key)
    fresh = {key: link for key, link in by_key.items() if key not in known}
    ended = {} if only_new else _to_be_fetched_again(connection, run_id, by_key, known, again)
    # All values before the first statement that writes: the database is locked from there on.
    yields = read_yields(connection, [*fresh.values(), *ended.values()])
    new, anew = _entries(fresh, rank, yields), _entries(ended, rank, yields)
    hosts = host_ids(connection, {host for each in (*new, *anew) if (host := each.host)})
    entered = _insert(connection, run_id, new, hosts) + _queue_again(connection, run_id, anew, hosts)
    wake_hosts(connection, hosts.values())
    count_discovered(connection, run_id, entered)
    return entered


def key_of_link(connection: Connection, link: Link) -> bytes:
    """The key under which a URL is known, or becomes so."""
    return next(iter(_by_key(connection, [link])))


def _by_key(connection: Connection, links: Sequence[Link]) -> dict[bytes, Link]:
    """Links by the keys under which they are known, or become so; of equal ones the first counts."""
    exact = {url_key(link.url): wire_url(link.url) for link in links if link.is_exact}
    # The very spelling may be the one by which the page itself is known.
    known = _states(connection, exact) if exact else {}
    itself = {key for key, row in known.items() if row.url == exact[key]}
    by_key: dict[bytes, Link] = {}
    for link in links:
        key = url_key(link.url)
        by_key.setdefault(exact_key(link.url) if link.is_exact and key not in itself else key, link)
    return by_key


def _without_redacted(connection: Connection, links: Mapping[bytes, Link]) -> dict[bytes, Link]:
    """The links without what was taken down; listings stay, because their content changes each day."""
    pages = {
        key: url_key(link.url) if link.is_exact else key
        for key, link in links.items()
        if link.kind in FETCHED_ONCE
    }
    query = select(schema.redaction.c.key)
    redacted: set[bytes] = set()
    for some in batches(sorted(set(pages.values()))):
        found = connection.execute(query.where(schema.redaction.c.key.in_(some)))
        redacted.update(bytes(key) for key in found.scalars())
    return {key: link for key, link in links.items() if pages.get(key) not in redacted}


def _states(connection: Connection, keys: Iterable[bytes]) -> dict[bytes, Row[Any]]:
    """The rows of those URLs that are known, by key."""
    url = schema.url.c
    is_due = and_(url.not_before > 0, url.not_before <= select(now_ms()).scalar_subquery())
    query: Select[Any] = select(
        url.key, url.url, url.state, url.fate, url.run_id, url.failures, url.kind, url.evidence
    ).add_columns(is_due.label("is_due"))
    states = {}
    for some in batches(sorted(keys)):
        for row in connection.execute(query.where(url.key.in_(some))):
            states[bytes(row.key)] = row
    return states


def _to_be_fetched_again(
    connection: Connection,
    run_id: int,
    links: Mapping[bytes, Link],
    known: Mapping[bytes, Row[Any]],
    again: bool,
) -> dict[bytes, Link]:
    """The links that an earlier run brought to an end, and that are to be fetched again."""
    going_on = {run_id, *live_runs(connection)} if known else set()
    return {
        key: links[key]
        for key in links
        if (row := known.get(key)) is not None
        and row.state == DONE
        and (
            (row.run_id not in going_on and (again or _is_fetched_again(links[key], row)))
            or _is_elsewhere(links[key], row)
        )
    }


def has_ended(catalogue: Catalogue, link: Link, run_id: int | None = None) -> bool:
    """Whether a URL ended before, in a run if one is given, and is not looked into again because of this link."""
    with catalogue.read() as connection:
        known = _states(connection, [url_key(link.url)]).get(url_key(link.url))
    if known is None or known.state != DONE or run_id not in (None, known.run_id):
        return False
    return not _is_fetched_again(link, known)


def _is_elsewhere(link: Link, known: Row[Any]) -> bool:
    """Whether a page that could not be had, be it in this very run, may be had where this link leads.

    The site may have what an archive has not, and the other way round.
    """
    if known.fate not in _NOT_THERE - {Fate.ROBOTS_DISALLOWED} or link.kind is not UrlKind.ARTICLE:
        return False
    return bool(json.loads(known.evidence).get("origin", "") != link.evidence.origin)


def _is_fetched_again(link: Link, known: Row[Any]) -> bool:
    """Whether a URL that has ended is fetched again because another page names it."""
    if may_heal(known.fate, known.failures):
        return True
    before = json.loads(known.evidence)
    is_for_another_period = before.get("period", "") not in ("", link.evidence.period)
    if link.kind in FETCHED_ONCE and known.kind in FETCHED_ONCE:
        # What some page took for an image may be an article all the same.
        is_article_now = link.kind is UrlKind.ARTICLE and known.kind in REQUISITES
        is_copied = bool(link.evidence.origin) and known.fate in _NOT_THERE
        is_style_again = link.kind is UrlKind.STYLE and known.kind == UrlKind.STYLE and known.is_due
        is_new_period = known.fate == Fate.OUT_OF_RANGE and is_for_another_period
        return is_article_now or is_copied or is_style_again or is_new_period
    if known.fate in _UNREAD or is_for_another_period:
        return True
    modified = link.evidence.modified
    return not modified or modified != before.get("modified")


def _entries(links: Mapping[bytes, Link], first: int, yields: Yields) -> list[_Entry]:
    """The entries of links that are given in the order of their page, the first of which has the rank `first`."""
    entries = [_entry(key, link, rank, yields) for rank, (key, link) in enumerate(links.items(), first)]
    # Sorted by key: writers that insert the same links in other orders would deadlock.
    return sorted(entries, key=lambda entry: entry.key)


def _entry(key: bytes, link: Link, rank: int, yields: Yields) -> _Entry:
    """The entry of a link that is the rank-th of its page."""
    url = wire_url(link.url)
    priority = PRIORITIES[link.kind] + RANKS * level(link, key, yields) - min(rank, RANKS - 1)
    return _Entry(key, link, url, host_name(link.evidence.copy or url), priority)


def _insert(connection: Connection, run_id: int, entries: Sequence[_Entry], hosts: Mapping[str, int]) -> int:
    """Insert the rows of unknown URLs, and count them."""
    inserting = insert_into(connection, schema.url).on_conflict_do_nothing().returning(schema.url.c.id)
    count = 0
    for some in batches(entries):
        rows = [{"key": each.key, "url": each.url} | _values(run_id, each, hosts) for each in some]
        count += len(connection.execute(inserting, rows).all())
    return count


def _queue_again(
    connection: Connection, run_id: int, entries: Collection[_Entry], hosts: Mapping[str, int]
) -> int:
    """Queue URLs that have ended, and count them; each stays as it was spelled first."""
    url = schema.url
    queuing = update(url).where(url.c.key == bindparam("its_key"), in_state(DONE)).values(attempts=0)
    rows = [{"its_key": each.key} | _values(run_id, each, hosts) for each in entries]
    return sum(connection.execute(queuing, row).rowcount for row in rows)


def _values(run_id: int, entry: _Entry, hosts: Mapping[str, int]) -> dict[str, object]:
    """The columns that an entry gives a row besides its key and URL."""
    link, host = entry.link, entry.host
    return {
        "kind": str(link.kind),
        "source": link.evidence.source,
        "host_id": hosts[host] if host is not None else None,
        # What cannot be fetched has ended.
        "state": QUEUED if host is not None else DONE,
        "fate": None if host is not None else str(Fate.BAD_URL),
        "priority": entry.priority,
        "hops": link.hops,
        "depth": link.depth,
        "evidence": json.dumps(asdict(link.evidence), ensure_ascii=False),
        # In one data directory are either all pages of an article, or it cannot be put together there.
        "kept_for": run_id if link.evidence.how is Discovery.PART else None,
        "run_id": run_id,
    }
