"""To which run of the past an archived exchange belongs."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.replay.captures import ArchivedCapture
from archive.warc.location import RecordLocation
from crawler.catalogue.articles import articles
from crawler.catalogue.past_runs import PastRuns, count_past_runs
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.outcome import Outcome
from tests.support.outcomes import article, filed, outcome_of

BEGAN = datetime(2021, 1, 28, 10, tzinfo=UTC)
Ended = tuple[Outcome, RecordLocation | None]


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        yield catalogue


def capture(number: int, run: str, warc: str = "news-1.warc.gz") -> ArchivedCapture:
    location = RecordLocation(
        warc, 1000 * number, 900, f"<urn:uuid:{number}>", "sha1:A", BEGAN + timedelta(hours=number)
    )
    return ArchivedCapture(
        serial=number,
        url=f"https://marisol.example/{number}",
        method="GET",
        status=200,
        headers={},
        head=b"",
        body=b"",
        metadata={"run": run},
        location=location,
        ip_address="",
        truncated=None,
        record_type="response",
        is_conditional=None,
    )


def ended(number: int, run: str, completed_by: ArchivedCapture | None = None) -> Ended:
    found = capture(number, run)
    made = filed(article(str(number), f"Порт {number} відкрито."), number)
    made = replace(made, capture=found, completed_by=completed_by)
    return replace(outcome_of(made), capture=found), found.location


def runs(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """Place, beginning and end of each."""
    run = schema.run.c
    with catalogue.read() as connection:
        rows = connection.execute(select(run.place, run.started, run.ended).order_by(run.id))
        return [(row.place, row.started[11:13], row.ended[11:13]) for row in rows]


def test_a_run_lasts_from_its_first_exchange_to_its_last_in_whatever_portions_they_come(
    catalogue: Catalogue,
) -> None:
    past = PastRuns(catalogue, lambda warc: f"place of {warc}")
    past.commit([ended(1, "a"), ended(3, "a"), ended(2, "b")])
    past.commit([ended(5, "b"), ended(4, "a")])
    past.commit([ended(0, "a")])
    assert runs(catalogue) == [
        ("place of news-1.warc.gz", "11", "14"),
        ("place of news-1.warc.gz", "12", "15"),
    ]
    assert count_past_runs(catalogue) == 2


@pytest.mark.parametrize("is_completed", [True, False])
def test_an_article_belongs_to_the_run_that_completed_it(catalogue: Catalogue, is_completed: bool) -> None:
    past = PastRuns(catalogue, lambda warc: "")
    past.commit([ended(1, "a"), ended(4, "b")])
    past.commit([ended(2, "a", capture(5, "b") if is_completed else None)])
    of_run = {row.url.rpartition("/")[2]: row.run_id for row in articles(catalogue, everything=True)}
    assert of_run == {"1": 1, "4": 2, "2": 2 if is_completed else 1}
