"""How outcomes become durable: new links, fates, captures and articles, all or none."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from archive.warc.location import RecordLocation
from crawler.catalogue.article_row import row_of
from crawler.catalogue.articles import Owner, insert_article, leave_corpus
from crawler.catalogue.capture_rows import capture_of, insert_capture
from crawler.catalogue.known_texts import decide_again
from crawler.catalogue.redactions import is_taken_down, refuse_taken_down
from crawler.catalogue.visits import change_visit, note_visit
from crawler.database.catalogue import Catalogue
from crawler.frontier.redirects import mark_loop
from crawler.frontier.url_ends import end_archived, end_completed, end_found, end_leased, marks_of
from crawler.frontier.url_rows import enter_links
from crawler.frontier.yields import count_yields
from crawler.outcome import Outcome


def commit_outcomes(
    catalogue: Catalogue,
    run_id: int,
    ended: Sequence[tuple[Outcome, RecordLocation | None]],
    leased: bool = False,
) -> list[Outcome]:
    """Make outcomes durable in one transaction, and give those whose files are not for the corpus.

    With `leased`, a URL that another run has taken over meanwhile is left to that run; of one text that two
    workers let pass, the one that commits first is kept. Of a page that was taken down meanwhile only the capture
    becomes known; it is given back as `rights_dropped`.
    """

    return _commit(catalogue, run_id, ended, _end_leased if leased else _end_found)


def commit_archived(
    catalogue: Catalogue, run_id: int, ended: Sequence[tuple[Outcome, RecordLocation | None]]
) -> list[Outcome]:
    """As `commit_outcomes`, for outcomes of an earlier run that are read from its records."""
    return _commit(catalogue, run_id, ended, _end_archived)


def _commit(
    catalogue: Catalogue,
    run_id: int,
    ended: Sequence[tuple[Outcome, RecordLocation | None]],
    end_one: "_End",
) -> list[Outcome]:
    def commit(connection: Connection) -> list[Outcome]:
        outcomes = [outcome for outcome, _ in ended]
        if not catalogue.is_private:
            outcomes = refuse_taken_down(connection, decide_again(connection, run_id, outcomes))
        # Links before URLs: PostgreSQL would find the other order a deadlock.
        entered = [enter_links(connection, run_id, each.links, each.again) for each in outcomes]
        for outcome in outcomes:
            enter_links(connection, run_id, outcome.besides, again=True)
        stored = [
            # A takedown ends the lease, too.
            (_end_found if is_taken_down(before, outcome) else end_one)(
                connection, run_id, outcome, location, news
            )
            for (before, location), outcome, news in zip(ended, outcomes, entered, strict=True)
        ]
        count_yields(
            connection, [outcome for outcome, is_stored in zip(outcomes, stored, strict=True) if is_stored]
        )
        return [
            replace(before, fate=outcome.fate)
            for (before, _), outcome, is_stored in zip(ended, outcomes, stored, strict=True)
            if not is_stored or outcome.fate is not before.fate
        ]

    return catalogue.write(commit)


def _end_leased(
    connection: Connection, run_id: int, outcome: Outcome, location: RecordLocation | None, news: int
) -> bool:
    """Store the end of a leased URL that named so many unknown links; False if another run has it by now."""
    if outcome.article is not None and outcome.article.completed_by is not None:
        _commit_one(connection, run_id, end_completed(connection, run_id, outcome), outcome, location)
        return True
    url_id = end_leased(connection, run_id, outcome, has_news=news > 0)
    if url_id is None:
        return False
    _commit_one(connection, run_id, url_id, outcome, location, news)
    return True


def _end_found(
    connection: Connection, run_id: int, outcome: Outcome, location: RecordLocation | None, _news: int
) -> bool:
    """Store the end of a URL that was found in an archive."""
    _commit_one(connection, run_id, end_found(connection, run_id, outcome), outcome, location)
    return True


def _end_archived(
    connection: Connection, run_id: int, outcome: Outcome, place: RecordLocation | None, news: int
) -> bool:
    """Store the end of a URL as the run stored it that fetched it."""
    captured = place.captured if place is not None else datetime.now(UTC)
    if outcome.listing is not None:
        outcome = replace(outcome, listing=outcome.listing.after(marks_of(connection, outcome.url)))
    url_id = end_archived(connection, run_id, outcome, news > 0, captured)
    _commit_one(connection, run_id, url_id, outcome, place, news)
    return True


_End = Callable[[Connection, int, Outcome, RecordLocation | None, int], bool]


def _commit_one(
    connection: Connection,
    run_id: int,
    url_id: int,
    outcome: Outcome,
    location: RecordLocation | None,
    new: int | None = None,
) -> None:
    # What completes an article comes to the record of its first page once more, and visits nothing.
    completes = outcome.article is not None and outcome.article.completed_by is not None
    capture_id = None
    if location is not None:
        enter_capture = capture_of if completes else insert_capture
        capture_id = enter_capture(connection, run_id, url_id, location)
    if not (completes and change_visit(connection, url_id, run_id, outcome)):
        note_visit(connection, url_id, run_id, outcome, capture_id, new)
    if outcome.target is not None:
        mark_loop(connection, run_id, url_id)
    if outcome.article is not None:
        if outcome.article.revises is not None:
            leave_corpus(connection, outcome.article.revises)
        row = row_of(outcome.article, outcome.fate, outcome.reason)
        insert_article(connection, Owner(url_id, run_id, capture_id), row, outcome.article.bands)
