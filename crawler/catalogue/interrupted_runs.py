"""Runs that did not come to their end, and what they had begun with."""

import json
from collections.abc import Collection, Sequence

from sqlalchemy import select

from crawler.database import schema
from crawler.database.bulk import batches
from crawler.database.catalogue import Catalogue
from crawler.http.url_identity import url_key
from crawler.items import Link


def first_of_interrupted(catalogue: Catalogue, run_id: int, besides: Collection[str] = ()) -> int | None:
    """The first of the runs since one like this came to its end, if there are any before this one.

    Runs are alike that have spider, place and arguments in common, but for the arguments named in `besides`.
    """
    run = schema.run.c
    this = select(run.spider, run.place, run.arguments).where(run.id == run_id)
    with catalogue.read() as connection:
        ours = connection.execute(this).one()
        before = select(run.id, run.arguments, run.reason).where(
            run.id < run_id, run.spider == ours.spider, run.place == ours.place
        )
        rows = connection.execute(before.order_by(run.id.desc())).all()
    first, wanted = None, arguments_of(ours.arguments, besides)
    for row in rows:
        if arguments_of(row.arguments, besides) == wanted:
            if row.reason == "finished":
                break
            first = int(row.id)
    return first


def not_entered_since(catalogue: Catalogue, run_id: int, links: Sequence[Link]) -> list[Link]:
    """The links that neither a run nor a later one has entered for the same period."""
    by_key = {url_key(link.url): link for link in links}
    url = schema.url.c
    entered = set[bytes]()
    with catalogue.read() as connection:
        for some in batches(sorted(by_key)):
            known = select(url.key, url.evidence).where(url.key.in_(some), url.run_id >= run_id)
            for row in connection.execute(known):
                if json.loads(row.evidence).get("period") == by_key[bytes(row.key)].evidence.period:
                    entered.add(bytes(row.key))
    return [link for key, link in by_key.items() if key not in entered]


def arguments_of(arguments: str, besides: Collection[str] = ()) -> dict[str, str]:
    """The arguments in the row of a run, without some; those of whoever started it are not its own."""
    return {
        name: value
        for name, value in json.loads(arguments).items()
        if name not in besides and name[:1] != "_"
    }
