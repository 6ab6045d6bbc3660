"""How the data directories that share a catalogue fare: what the last crawl of each came to, or is at."""

from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, select

from crawler.catalogue.places import places
from crawler.catalogue.runs import FETCHING
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.clock import now_ms
from crawler.frontier.states import LEASED, in_state


class Worker(NamedTuple):
    """The last crawl in a data directory."""

    place: str
    """As people know it."""
    run_id: int
    started: str
    ended: str
    """Empty if it did not come to its end."""
    is_at_work: bool
    """Whether it has renewed its leases: it is alive."""
    exit_code: int | None
    discovered: int
    leased: int
    """URLs that it fetches now, or that it had when it was killed."""

    @property
    def state(self) -> str:
        """In a word or two."""
        if self.is_at_work:
            return "at work"
        return "killed" if not self.ended else "ended" if self.exit_code == 0 else "ended with faults"

    @property
    def is_well(self) -> bool:
        """Whether nobody need look into it."""
        return self.is_at_work or self.exit_code == 0


def workers(catalogue: Catalogue) -> list[Worker]:
    """Those that share the catalogue, the one that began last first; none where it serves one data directory."""
    if not catalogue.is_shared:
        return []
    run, url = schema.run.c, schema.url.c
    last = select(func.max(run.id)).where(run.spider.in_(FETCHING), run.place != "").group_by(run.place)
    leased = select(func.count(url.id)).where(url.run_id == run.id, in_state(LEASED)).scalar_subquery()
    is_at_work = case((and_(run.ended.is_(None), run.alive_until > now_ms()), 1), else_=0)
    query = select(run.place, run.id, run.started, func.coalesce(run.ended, ""), is_at_work, run.exit_code)
    query = query.add_columns(run.discovered, leased).where(run.id.in_(last)).order_by(run.id.desc())
    names = {place.id: str(place) for place in places(catalogue)}
    with catalogue.read() as connection:
        return [_worker(names, *row) for row in connection.execute(query)]


def _worker(names: dict[str, str], place: str, run_id: int, started: str, ended: str, *rest: Any) -> Worker:
    is_at_work, *figures = rest
    return Worker(names.get(place, place), run_id, started, ended, bool(is_at_work), *figures)
