"""Which days of a source a back-fill has gone over, in either database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from crawler.catalogue.epochs import find_epochs
from crawler.catalogue.filled_days import filled_days, fillings
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run, end_run
from crawler.catalogue.silences import find_gaps
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.items import UrlKind
from crawler.listing_account import ListingAccount
from crawler.outcome import Outcome
from tests.support.outcomes import FEED, article, ended, filed, link, outcome_of

TODAY = datetime.now(UTC).date()
READ = ListingAccount("sitemap", 3, {"that are not of the period": 2})


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def listing(account: ListingAccount | None = READ, kind: UrlKind = UrlKind.SITEMAP) -> Outcome:
    fate = Fate.GONE if account is None else Fate.DISCOVERY
    return replace(ended(link(f"listing-{kind}", kind), fate), listing=account)


def kept(published: date) -> Outcome:
    made = filed(
        article(f"ferry-{published}", f"La digue de {published} a tenu.", published=f"{published}T09:00:00")
    )
    return outcome_of(made)


def run(catalogue: Catalogue, *outcomes: Outcome, reason: str = "finished", **arguments: str) -> None:
    given = {"since": str(ago(6)), "until": str(ago(0))} | arguments
    run_id = begin_run(catalogue, "backfill", given, "")
    commit_outcomes(catalogue, run_id, [(each, None) for each in outcomes])
    end_run(catalogue, run_id, reason, 0)


def filled(catalogue: Catalogue) -> dict[int, int]:
    """By how many days ago they are the days of the source that are filled in, with their articles."""
    with catalogue.read() as connection:
        found = filled_days(connection)
    assert {source for source, _ in found} <= {"marisol"}
    return {
        number: found["marisol", day] for number in range(9) if ("marisol", day := str(ago(number))) in found
    }


def test_a_listing_of_the_source_covers_the_days_that_were_over(catalogue: Catalogue) -> None:
    run(catalogue, listing(), kept(ago(2)), kept(ago(8)))
    assert filled(catalogue) == {1: 0, 2: 1, 3: 0, 4: 0, 5: 0, 6: 0}


@pytest.mark.parametrize(
    "outcomes",
    [
        [listing(None)],
        [listing(ListingAccount("robots.txt", 0))],
        [replace(listing(), evidence=replace(FEED.evidence, source="gdelt"))],
    ],
    ids=["gone", "empty", "of all publishers"],
)
def test_other_listings_cover_the_days_of_which_something_was_found(
    catalogue: Catalogue, outcomes: list[Outcome]
) -> None:
    run(catalogue, *outcomes, kept(ago(3)))
    with catalogue.read() as connection:
        found = filled_days(connection)
    assert {day: count for (source, day), count in found.items() if source == "marisol"} == {str(ago(3)): 1}


def test_an_index_of_captures_may_be_empty(catalogue: Catalogue) -> None:
    run(catalogue, listing(ListingAccount("index of captures", 0), UrlKind.CDX))
    assert len(filled(catalogue)) == 6


def test_what_an_interrupted_run_read_counts_when_the_next_one_comes_to_its_end(catalogue: Catalogue) -> None:
    run(catalogue, listing(), reason="killed")
    assert filled(catalogue) == {}
    run(catalogue, kept(ago(1)), since=str(ago(1)))
    assert filled(catalogue) == {1: 1}, "it has other arguments"
    run(catalogue, yes="1")
    assert len(filled(catalogue)) == 6


def test_without_days_a_back_fill_of_gaps_is_of_the_week_before_it(catalogue: Catalogue) -> None:
    run(catalogue, listing(), gaps="1", since="", until="")
    assert [*filled(catalogue)] == [1, 2, 3, 4, 5, 6]
    run(catalogue, listing(), since="January")
    with catalogue.read() as connection:
        assert len([*fillings(connection)]) == 1


def test_gaps_and_epochs_are_found_in_either_database(catalogue: Catalogue) -> None:
    run_id = begin_run(catalogue, "news", {}, "")
    commit_outcomes(catalogue, run_id, [(replace(ended(FEED), listing=READ), None), (kept(ago(6)), None)])
    end_run(catalogue, run_id, "finished", 0)
    then = f"{ago(6)}T10:00:00Z"
    catalogue.write(
        lambda connection: connection.execute(update(schema.run).values(started=then, ended=then))
    )
    run(catalogue, listing(), since=str(ago(4)))
    gaps = {
        (TODAY - date.fromisoformat(gap.day)).days: str(gap.silence)
        for gap in find_gaps(catalogue, ago(6), TODAY)
    }
    assert gaps == dict.fromkeys((5,), "our run missing") | dict.fromkeys((4, 3, 2, 1), "filled in")
    epochs = [(str(epoch.state), epoch.days, dict(epoch.causes)) for epoch in find_epochs(catalogue, TODAY)]
    assert epochs == [("added", 1, {}), ("our outage", 5, {"our run missing": 5})]
