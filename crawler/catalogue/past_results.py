"""How the last run ended."""

from typing import NamedTuple

from sqlalchemy import select

from crawler.database import schema
from crawler.database.catalogue import Catalogue


class PastResult(NamedTuple):
    """A run by what its row says of its end."""

    id: int
    spider: str
    began: str
    """ISO 8601, UTC."""
    reason: str | None
    """None if it is at work, or was killed and nobody has noticed yet."""
    exit_code: int | None


def last_result(catalogue: Catalogue) -> PastResult | None:
    """The latest run that fetched or read pages; None if there was none."""
    run = schema.run.c
    query = (
        select(run.id, run.spider, run.started, run.reason, run.exit_code).order_by(run.id.desc()).limit(1)
    )
    with catalogue.read() as connection:
        row = connection.execute(query).first()
    return None if row is None else PastResult(*row)
