"""How the rows of URLs end, and how a URL that is archived already is taken out of the queue."""

import json
from collections import Counter
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select, update

from crawler.database import schema
from crawler.database.bulk import replacing
from crawler.database.catalogue import Catalogue
from crawler.database.clock import now_ms
from crawler.fates import PASSING
from crawler.frontier.accounting import count_discovered, transfer_accounting
from crawler.frontier.hosts import wake_hosts
from crawler.frontier.revisit_policy import Standing, next_visit
from crawler.frontier.states import DEFERRED, DONE, LEASED, QUEUED, in_state
from crawler.frontier.url_rows import PRIORITIES, enter_links, key_of_link
from crawler.http.url_identity import keys_of, url_key
from crawler.items import Link
from crawler.outcome import Outcome


def end_leased(connection: Connection, run_id: int, outcome: Outcome, has_news: bool) -> int | None:
    """Note how a URL ended that the run has leased, and give its id; None if another run has it by now.

    `has_news`: it named links that were unknown.
    """
    url = schema.url
    row = connection.execute(_leased(), _spelling(outcome) | {"run": run_id}).first()
    if row is None:
        return None
    ending = _ending(outcome, Standing(row.failures, row.visits, row.interval_s), has_news)
    if row.kind != outcome.kind:  # it turned out to be something else
        ending |= {"kind": str(outcome.kind), "priority": PRIORITIES[outcome.kind]}
    ending["target_key"] = _target_key(connection, outcome)
    connection.execute(update(url).where(url.c.id == row.id).values(ending))
    if outcome.goes_on is not None:
        wake_hosts(connection, [row.host_id])
    return int(row.id)


def end_completed(connection: Connection, run_id: int, outcome: Outcome) -> int:
    """Note how an article's first page ended, which had ended before, when a further page completed it; its id."""
    row = _standing(connection, outcome)
    if row is None:
        return end_found(connection, run_id, outcome)
    if row.state == DONE:  # else a run has it in hand, and will come to the same
        transfer_accounting(connection, run_id, Counter([row.run_id]))
        ending = _ending(outcome, Standing(row.failures, row.visits, row.interval_s), has_news=False)
        ending |= {"run_id": run_id}
        connection.execute(update(schema.url).where(schema.url.c.id == row.id).values(ending))
    return int(row.id)


def end_archived(
    connection: Connection, run_id: int, outcome: Outcome, has_news: bool, captured: datetime
) -> int:
    """Note how a URL ended that an earlier run fetched at `captured`, as `end_leased` did then; its id."""
    row = _standing(connection, outcome)
    if row is None:
        enter_links(connection, run_id, [Link(outcome.url, outcome.kind, outcome.evidence)])
        row = _standing(connection, outcome)
    elif row.run_id != run_id:
        count_discovered(connection, run_id, 1)
    if row is None:  # it was taken down
        return _insert_ended(
            connection, outcome, {"kind": str(outcome.kind), "state": DONE, "run_id": run_id}
        )
    standing = Standing(row.failures, row.visits, row.interval_s)
    ending = _ending(outcome, standing, has_news, int(captured.timestamp() * 1000))
    ending |= {"kind": str(outcome.kind), "run_id": run_id}
    connection.execute(update(schema.url).where(schema.url.c.id == row.id).values(ending))
    return int(row.id)


def marks_of(connection: Connection, address: str) -> bytes:
    """The marks that the last visit to a feed left; empty if there was none."""
    url = schema.url.c
    query = select(url.marks).where(url.key.in_(keys_of(address))).order_by((url.url == address).desc())
    return bytes(connection.execute(query.limit(1)).scalar() or b"")


def _standing(connection: Connection, outcome: Outcome) -> Any:
    """The row of a URL, that of this very spelling if there are two; None if it is not known."""
    return connection.execute(_known(), _spelling(outcome)).first()


def _ending(
    outcome: Outcome, before: Standing, has_news: bool, at_ms: int | None = None
) -> dict[str, object]:
    """The columns of a URL after a visit, which took place now if it is not said when."""
    ending: dict[str, object] = {"fate": str(outcome.fate)}
    if outcome.is_look:
        return ending | {"state": DONE, "not_before": _in_ms(0, at_ms)}
    if outcome.listing is not None and outcome.listing.marks:
        ending |= {"marks": outcome.listing.marks}
    if outcome.validators is not None:
        ending |= asdict(outcome.validators)
    if outcome.goes_on is not None:
        evidence = json.dumps(asdict(outcome.goes_on.evidence), ensure_ascii=False)
        return ending | {"state": QUEUED, "evidence": evidence, "hops": outcome.goes_on.hops}
    if outcome.retry_in_s is not None:
        return ending | {"state": DEFERRED, "not_before": _in_ms(outcome.retry_in_s, at_ms)}
    if outcome.listing is not None and outcome.listing.has_gap:
        before = replace(before, interval_s=before.interval_s / 2)
    after, due_in_s = next_visit(outcome.kind, outcome.fate, before, has_news)
    if outcome.evidence.copy and outcome.fate not in PASSING:
        due_in_s = None  # what an archive has of a page stays as it is
    return ending | {"state": DONE, "not_before": _in_ms(due_in_s, at_ms)} | asdict(after)


def end_found(connection: Connection, run_id: int, outcome: Outcome) -> int:
    """Note how a URL ended that was found in an archive and not fetched; its id."""
    url = schema.url
    known = _standing(connection, outcome)
    count_discovered(connection, run_id, int(known is None or known.run_id != run_id))
    values: dict[str, object] = {
        "kind": str(outcome.kind),
        "state": DONE,
        "fate": str(outcome.fate),
        "run_id": run_id,
        "target_key": _target_key(connection, outcome),
    }
    if known is None:
        return _insert_ended(connection, outcome, values)
    connection.execute(update(url).where(url.c.id == known.id).values(values))
    return int(known.id)


def _spelling(outcome: Outcome) -> dict[str, object]:
    return {"keys": keys_of(outcome.url), "url": outcome.url}


# Each is made once: that takes longer than the database.
@cache
def _leased() -> Select[Any]:
    # The URL separates two spellings, one of which redirects to the other.
    its = _of_keys().where(schema.url.c.url == bindparam("url"))
    return its.where(in_state(LEASED), schema.url.c.run_id == bindparam("run")).with_for_update()


@cache
def _known() -> Select[Any]:
    return _of_keys().order_by((schema.url.c.url == bindparam("url")).desc()).limit(1)


def _of_keys() -> Select[Any]:
    url = schema.url.c
    columns = url.id, url.kind, url.state, url.run_id, url.host_id, url.failures, url.visits
    return select(*columns, url.interval_s).where(url.key.in_(bindparam("keys", expanding=True)))


def _insert_ended(connection: Connection, outcome: Outcome, values: dict[str, object]) -> int:
    row = {
        "key": url_key(outcome.url),
        "url": outcome.url,
        "source": outcome.evidence.source,
        "evidence": json.dumps(asdict(outcome.evidence), ensure_ascii=False),
        **values,
    }
    # Another worker may have been faster.
    inserting = replacing(connection, schema.url, "key", values)
    return int(connection.execute(inserting.returning(schema.url.c.id), row).scalar_one())


def _target_key(connection: Connection, outcome: Outcome) -> bytes | None:
    return key_of_link(connection, outcome.target) if outcome.target is not None else None


def claim_archived_url(catalogue: Catalogue, run_id: int, url: str) -> bool:
    """Lease a queued URL whose record is archived already, whatever its host's pace; False if it is not queued."""
    return catalogue.write(lambda connection: _claim(connection, run_id, url))


def take_archived_url(catalogue: Catalogue, run_id: int, link: Link) -> bool:
    """The same with a link that may be unknown; False if it ended before and is not looked into again."""

    def take(connection: Connection) -> bool:
        enter_links(connection, run_id, [link])
        return _claim(connection, run_id, link.url)

    return catalogue.write(take)


def _claim(connection: Connection, run_id: int, url: str) -> bool:
    table = schema.url
    its = (table.c.key.in_(keys_of(url)), table.c.url == url, in_state(QUEUED))
    row = connection.execute(select(table.c.id, table.c.run_id).where(*its).with_for_update()).first()
    if row is None:
        return False
    taken = {"state": LEASED, "run_id": run_id, "attempts": table.c.attempts + 1}
    connection.execute(update(table).where(table.c.id == row.id).values(taken))
    transfer_accounting(connection, run_id, Counter([row.run_id]))
    return True


def _in_ms(seconds: float | None, at_ms: int | None = None) -> int | ColumnElement[int]:
    """The database's time so many seconds from now, or from another time; 0 for never."""
    return 0 if seconds is None else (now_ms() if at_ms is None else at_ms) + int(seconds * 1000)
