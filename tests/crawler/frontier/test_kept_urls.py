"""URLs that are kept for one run, which alone has the records that they go with."""

from sqlalchemy import update

from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.frontier.url_rows import enter
from tests.support.leasing import set_rows, two_runs, urls
from tests.support.outcomes import link

ONE, TWO = link("one"), link("two")


def test_what_is_kept_for_a_run_is_free_when_that_is_silent(catalogue: Catalogue) -> None:
    first, second = two_runs(catalogue)
    enter(catalogue, first.id, [ONE, TWO])
    with catalogue.engine.begin() as connection:
        keeping = update(schema.url).where(schema.url.c.url == ONE.url)
        connection.execute(keeping.values(kept_for=second.id))
    assert urls(first.take()) == [TWO.url]
    set_rows(catalogue, schema.run, alive_until=0)
    set_rows(catalogue, schema.host, locked_by=None, due_at=0, idle=False)
    assert urls(first.take()) == [ONE.url]
