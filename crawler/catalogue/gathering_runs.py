"""The runs that gathered, as a report names them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Select, select

from crawler.database import schema
from crawler.database.catalogue import Catalogue

GATHERING = ("news", "backfill", "replay")
"""Spiders whose runs bring articles in."""


@dataclass(frozen=True, slots=True)
class GatheringRun:
    """The row of a run."""

    id: int
    spider: str
    arguments: str
    """JSON."""
    started: str
    ended: str | None
    """ISO 8601, UTC."""
    reason: str | None
    exit_code: int | None
    discovered: int
    """URLs that it had to account for."""


_COLUMNS = tuple(schema.run.c[each.name] for each in fields(GatheringRun))


def run_of(catalogue: Catalogue, number: int) -> GatheringRun | None:
    """The run with a number, whatever it did."""
    return next(iter(_read(catalogue, _runs().where(schema.run.c.id == number))), None)


def last_run(catalogue: Catalogue) -> GatheringRun | None:
    """The latest run that gathered."""
    latest = _runs().where(schema.run.c.spider.in_(GATHERING)).order_by(schema.run.c.id.desc()).limit(1)
    return next(iter(_read(catalogue, latest)), None)


def runs_since(catalogue: Catalogue, day: str) -> Sequence[GatheringRun]:
    """The runs that gathered and began on a day (`YYYY-MM-DD`, UTC) or later, oldest first."""
    run = schema.run.c
    its = _runs().where(run.spider.in_(GATHERING), run.started >= day).order_by(run.id)
    return _read(catalogue, its)


def _runs() -> Select[Any]:
    return select(*_COLUMNS)


def _read(catalogue: Catalogue, query: Select[Any]) -> list[GatheringRun]:
    with catalogue.read() as connection:
        return [GatheringRun(**row) for row in connection.execute(query).mappings()]
