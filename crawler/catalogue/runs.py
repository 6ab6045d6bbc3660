"""The rows of runs: when each began and ended, and why."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, func, or_, select, true, update

from crawler.catalogue.places import EVERYWHERE, ran_in
from crawler.database import schema
from crawler.database.bulk import insert_row
from crawler.database.catalogue import Catalogue
from crawler.database.clock import utc_text
from crawler.frontier.accounting import give_back

REBUILDING = "rebuild"
"""The name under which a rebuilding of the catalogue is in the table of runs."""

CRAWL, BACKFILL = "news", "backfill"
"""Spiders: the one whose runs listen to sources, and the one whose runs fill in the past."""

FETCHING = (CRAWL, BACKFILL)
"""Spiders each of which takes over what a killed run of the other had archived."""


LOOKING = ("check", "find")
"""Spiders that look at listings and follow nothing: what they were answered stands for no crawl's visit."""


def begin_run(
    catalogue: Catalogue, spider: str, arguments: Mapping[str, str], software: str, place: str = ""
) -> int:
    """Open the row of a run and give its id.

    An earlier run of the same place that has not ended was killed: the place is held by this one.
    """
    values: dict[str, object] = {
        "spider": spider,
        "arguments": dump_arguments(arguments),
        "software": software,
        "started": utc_text(datetime.now(UTC)),
        "place": place,
        "discovered": 0,  # explicit, because the column has no default in tables that were upgraded
    }

    def begin(connection: Connection) -> int:
        run = schema.run
        ours = true() if catalogue.is_private else run.c.place == place
        dead = update(run).where(run.c.ended.is_(None), ours)
        killed = dead.values(ended=values["started"], reason="killed").returning(run.c.id)
        for run_id in connection.execute(killed).scalars().all():
            give_back(connection, run_id)
        return insert_row(connection, run, values)

    return catalogue.write(begin)


def dump_arguments(arguments: Mapping[str, str]) -> str:
    """Arguments as the row of a run has them."""
    return json.dumps(arguments, ensure_ascii=False, sort_keys=True)


def end_run(catalogue: Catalogue, run_id: int, reason: str, exit_code: int) -> None:
    """Note when and how a run ended."""
    values = {"ended": utc_text(datetime.now(UTC)), "reason": reason, "exit_code": exit_code}
    ending = update(schema.run).where(schema.run.c.id == run_id).values(values)
    catalogue.write(lambda connection: connection.execute(ending))


def end_leases(catalogue: Catalogue, run_id: int) -> None:
    """End the leases of a run."""
    catalogue.write(lambda connection: give_back(connection, run_id))


def has_runs(catalogue: Catalogue, place: str = EVERYWHERE) -> bool:
    """Whether there ever was a run in a place."""
    with catalogue.read() as connection:
        return connection.execute(select(schema.run.c.id).where(ran_in(place)).limit(1)).first() is not None


def last_end(catalogue: Catalogue, run_id: int) -> str | None:
    """When the last run that fetched, in the place of this one, came to its end; None if there is none."""
    run = schema.run.c
    its = select(run.place, run.spider).where(run.id == run_id)
    came_to_its_end = or_(run.reason == "finished", run.reason.startswith("closespider_"))
    with catalogue.read() as connection:
        this = connection.execute(its).one()
        # What is rebuilt knows all that the archive has.
        like_this = run.spider.in_((this.spider, *FETCHING, REBUILDING))
        ended = select(func.max(run.ended)).where(run.place == this.place, like_this)
        return connection.execute(ended.where(came_to_its_end)).scalar()


def last_reason(catalogue: Catalogue, spider: str = "") -> str | None:
    """Why the latest run, of a spider if one is named, ended; None if it did not, or if there was none."""
    run = schema.run.c
    its = run.spider == spider if spider else true()
    with catalogue.read() as connection:
        return connection.execute(select(run.reason).where(its).order_by(run.id.desc()).limit(1)).scalar()


def last_run(catalogue: Catalogue, spider: str) -> int:
    """The id of the latest run of a spider; there must be one."""
    run = schema.run.c
    with catalogue.read() as connection:
        return int(connection.execute(select(func.max(run.id)).where(run.spider == spider)).scalar_one())
