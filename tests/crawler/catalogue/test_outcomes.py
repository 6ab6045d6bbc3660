"""The catalogue accounts for every URL, and gives back what was put in."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Engine, delete, event, select
from sqlalchemy.exc import IntegrityError

from crawler.catalogue.articles import article_of_file, articles
from crawler.catalogue.corpus_files import last_number
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.pending_articles import PendingArticles
from crawler.catalogue.runs import begin_run, end_run
from crawler.catalogue.tallies import Tally, fates_of_all, most_frequent_reason, tally_of
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import PASSING, Fate
from crawler.frontier.leases import Leases
from crawler.frontier.url_rows import enter
from crawler.http.url_identity import wire_url
from crawler.items import DateEvidence, DateKind, DateSource, Discovery, Evidence, Link, UrlKind
from crawler.outcome import Outcome
from tests.support.outcomes import FEED, Shelved, article, ended, filed, link, outcome_of

ONE, TWO, THREE = link("one"), link("two"), link("three")


def begin(catalogue: Catalogue) -> int:
    return begin_run(catalogue, "news", {}, "frontwire/0.1")


def commit(catalogue: Catalogue, run: int, *outcomes: Outcome) -> None:
    """As the committer does it, with the records on disk."""
    commit_outcomes(
        catalogue,
        run,
        [(each, each.capture.durable() if each.capture is not None else None) for each in outcomes],
    )


def test_the_reason_of_most_failures_is_known(catalogue: Catalogue) -> None:
    run = begin(catalogue)
    enter(catalogue, run, [ONE, TWO, THREE, FEED])
    ends = (
        (ONE, Fate.GONE, "HTTP 404"),
        (TWO, Fate.HTTP_ERROR, "HTTP 503"),
        (THREE, Fate.HTTP_ERROR, "HTTP 503"),
    )
    commit(catalogue, run, *(replace(ended(each, fate), reason=reason) for each, fate, reason in ends))
    assert most_frequent_reason(catalogue, run, {Fate.GONE, Fate.HTTP_ERROR}) == "HTTP 503"
    assert most_frequent_reason(catalogue, run, {Fate.GONE}) == "HTTP 404"
    assert most_frequent_reason(catalogue, run, {Fate.TIMEOUT}) == ""
    assert most_frequent_reason(catalogue, begin(catalogue), {Fate.GONE}) == ""


# --- runs and their sums --------------------------------------------------------------------


def test_what_was_discovered_is_fates_and_pending(catalogue: Catalogue) -> None:
    run = begin(catalogue)
    enter(catalogue, run, [FEED], again=True)
    commit(catalogue, run, ended(FEED, links=(ONE, TWO, THREE)))
    commit(catalogue, run, outcome_of(filed(article("one"))), ended(TWO, Fate.GONE))
    assert tally_of(catalogue, run) == Tally(4, {"discovery": 1, "saved": 1, "gone": 1}, 1)
    assert tally_of(catalogue, run).reconciles


def test_a_lost_url_shows_in_the_sums(catalogue: Catalogue) -> None:
    run = begin(catalogue)
    enter(catalogue, run, [ONE, TWO])
    assert tally_of(catalogue, run).reconciles
    with catalogue.engine.begin() as connection:
        connection.execute(delete(schema.url).where(schema.url.c.url == ONE.url))
    assert tally_of(catalogue, run) == Tally(2, {}, 1)
    assert not tally_of(catalogue, run).reconciles


def test_a_url_visited_twice_counts_once_with_its_latest_fate(catalogue: Catalogue) -> None:
    run = begin(catalogue)
    enter(catalogue, run, [ONE], again=True)
    commit(catalogue, run, ended(ONE, Fate.TIMEOUT), ended(ONE, Fate.GONE))
    commit(catalogue, run, ended(ONE, Fate.NO_TEXT))
    assert tally_of(catalogue, run) == Tally(1, {"no_text": 1}, 0)
    with catalogue.read() as connection:
        visits = connection.execute(select(schema.visit.c.fate).order_by(schema.visit.c.id)).scalars().all()
    assert visits == ["timeout", "gone", "no_text"]


def test_a_chain_of_redirects_reconciles(catalogue: Catalogue) -> None:
    run = begin(catalogue)
    enter(catalogue, run, [ONE], again=True)
    commit(catalogue, run, ended(ONE, Fate.REDIRECTED, (TWO,)), ended(TWO, Fate.REDIRECTED, (THREE,)))
    assert tally_of(catalogue, run) == Tally(3, {"redirected": 2}, 1)
    commit(catalogue, run, outcome_of(filed(article("three"))))
    assert tally_of(catalogue, run) == Tally(3, {"redirected": 2, "saved": 1}, 0)


def test_a_url_that_is_taken_up_again_belongs_to_the_later_run(catalogue: Catalogue) -> None:
    first = begin(catalogue)
    commit(catalogue, first, ended(ONE, Fate.TIMEOUT))
    second = begin(catalogue)
    enter(catalogue, second, [ONE], again=True)
    assert tally_of(catalogue, second) == Tally(1, {}, 1)
    commit(catalogue, second, outcome_of(filed(article("one"))))
    assert tally_of(catalogue, second) == Tally(1, {"saved": 1}, 0)
    assert fates_of_all(catalogue) == {"saved": 1}


def test_a_run_says_when_and_why_it_ended(catalogue: Catalogue) -> None:
    run = begin_run(catalogue, "news", {"source": "مارِسول"}, "frontwire/0.1")
    enter(catalogue, run, [ONE, TWO])
    end_run(catalogue, run, "finished", 0)
    with catalogue.read() as connection:
        row = connection.execute(select(schema.run)).one()
    assert row.arguments == '{"source": "مارِسول"}'
    assert (row.reason, row.exit_code, row.discovered) == ("finished", 0, 2)
    assert row.started <= row.ended
    assert row.ended.endswith("Z")


# --- what later runs fetch -------------------------------------------------------------------


def leased(catalogue: Catalogue, run: int) -> list[Link]:
    """The URLs of all hosts that a run is given, most urgent first."""
    leases = Leases(catalogue, run, {"marisol", "الميناء"})
    leases.keep()
    hosts = [host.id for host in leases.lease_hosts(10)]
    return [each.link for each in leases.lease_urls(hosts, 100)]


def test_what_an_earlier_run_left_pending_is_given_to_the_next_as_it_was(catalogue: Catalogue) -> None:
    first = begin(catalogue)
    enter(catalogue, first, [FEED, ONE, TWO])
    commit(catalogue, first, ended(ONE, Fate.GONE))
    end_run(catalogue, first, "shutdown", 1)
    assert leased(catalogue, begin(catalogue)) == [FEED, TWO]


def test_every_fate_but_a_passing_one_settles_an_article(catalogue: Catalogue) -> None:
    links = [link(fate) for fate in Fate]
    commit(catalogue, begin(catalogue), *(ended(each, Fate(each.url.rpartition("/")[2])) for each in links))
    run = begin(catalogue)
    heal = {*PASSING, Fate.ROBOTS_DISALLOWED}  # rules change
    assert enter(catalogue, run, links) == len(heal)
    assert set(leased(catalogue, run)) == {link(fate) for fate in heal}


def test_a_run_asks_again_what_it_begins_with(catalogue: Catalogue) -> None:
    section = link("nouvelles", UrlKind.SECTION)
    commit(catalogue, begin(catalogue), ended(FEED), ended(section), ended(ONE, Fate.GONE))
    run = begin(catalogue)
    assert enter(catalogue, run, [FEED, section, ONE], again=True) == 3
    assert tally_of(catalogue, run) == Tally(3, {}, 3)


def test_a_url_that_waits_or_ended_in_the_same_run_is_not_queued_twice(catalogue: Catalogue) -> None:
    run = begin(catalogue)
    enter(catalogue, run, [ONE, TWO])
    commit(catalogue, run, ended(ONE, Fate.TIMEOUT))
    assert enter(catalogue, run, [ONE, TWO], again=True) == 0
    assert tally_of(catalogue, run) == Tally(2, {"timeout": 1}, 1)


def limit_values(engine: Engine) -> None:
    """Give connections made from now on SQLite's limit of old, 999 values; PostgreSQL has 65,535 always."""
    engine.dispose()

    @event.listens_for(engine, "connect")
    def limit(connection: object, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)


def test_more_links_are_entered_than_a_query_can_hold(catalogue: Catalogue) -> None:
    run, links = begin(catalogue), [link(str(number)) for number in range(10_000)]
    commit(catalogue, run, ended(FEED, links=tuple(links)))
    assert tally_of(catalogue, run) == Tally(10_001, {"discovery": 1}, 10_000)
    limit_values(catalogue.engine)
    assert enter(catalogue, run, links) == 0


# --- one transaction ------------------------------------------------------------------------


def test_a_batch_is_committed_whole_or_not_at_all(catalogue: Catalogue) -> None:
    run = begin(catalogue)
    enter(catalogue, run, [ONE, TWO], again=True)
    broken = replace(filed(article("two"), 1), extractor=cast(str, None))  # a column that may not be null
    with pytest.raises(IntegrityError):
        commit(catalogue, run, outcome_of(filed(article("one"))), outcome_of(broken))
    assert tally_of(catalogue, run) == Tally(2, {}, 2)
    assert list(articles(catalogue, everything=True)) == []


def test_evidence_survives_the_store(catalogue: Catalogue) -> None:
    evidence = Evidence(
        source="الميناء",
        how=Discovery.NEWS_SITEMAP,
        via="https://mina.example/sitemap.xml",
        zone="Asia/Beirut",
        language="ar",
        title='"عاجل" — 港口',
        published="Thu, 28 Jan 2021 10:00:00 +0300",
        modified="2021-01-29",
    )
    found = Link(wire_url("https://mina.example/أخبار"), UrlKind.SITEMAP, evidence, hops=2, depth=1)
    run = begin(catalogue)
    enter(catalogue, run, [found])
    assert leased(catalogue, run) == [found]


# --- articles -------------------------------------------------------------------------------


def test_an_article_lies_where_its_record_lies(catalogue: Catalogue) -> None:
    made = filed(article("one", capture=Shelved(3)))
    commit(catalogue, begin(catalogue), outcome_of(made))
    [row] = articles(catalogue)
    ref = Shelved(3).durable()
    assert row.record is not None
    assert row.record.location == ref
    assert row.captured == "2021-01-28T09:00:00.000000Z"
    assert row.url == made.url
    assert made.file is not None
    assert article_of_file(catalogue, made.file) == row


def test_dates_are_kept_with_where_they_were_found(catalogue: Catalogue) -> None:
    dates = (
        DateEvidence("2021-01-28T10:00:00+03:00", DateKind.PUBLISHED, DateSource.JSON_LD),
        DateEvidence("2021-02", DateKind.MODIFIED, DateSource.TEXT),
    )
    commit(catalogue, begin(catalogue), outcome_of(article("one", dates=dates), Fate.UNDATED))
    table = schema.date_evidence.c
    with catalogue.read() as connection:
        rows = connection.execute(select(table.value, table.kind, table.origin)).all()
    assert [DateEvidence(*row) for row in rows] == list(dates)


def test_a_revision_takes_the_place_of_the_earlier_text(catalogue: Catalogue) -> None:
    old = filed(article("one"), 0)
    new = replace(filed(article("one", "Le port reste clos."), 1), revises=old.file)
    run = begin(catalogue)
    commit(catalogue, run, outcome_of(old))
    commit(catalogue, run, outcome_of(new, Fate.UPDATED))
    assert [row.file for row in articles(catalogue)] == [new.file]
    assert [row.file for row in articles(catalogue, everything=True)] == [None, new.file]
    assert old.file is not None
    assert old.body_hash is not None
    assert article_of_file(catalogue, old.file) is None
    assert PendingArticles(catalogue).same_text(old.body_hash) is None
    kept = PendingArticles(catalogue).text_of_url(new.url)
    assert kept is not None
    assert kept.file == new.file


def test_the_first_article_with_a_text_represents_it(catalogue: Catalogue) -> None:
    first, second = filed(article("one"), 0), filed(article("two"), 1)
    commit(catalogue, begin(catalogue), outcome_of(first), outcome_of(second))
    assert first.body_hash is not None
    kept = PendingArticles(catalogue).same_text(first.body_hash)
    assert kept is not None
    assert (kept.url, kept.file, kept.source) == (first.url, first.file, "marisol")


def test_refused_pages_are_no_text_of_the_corpus(catalogue: Catalogue) -> None:
    refused = replace(filed(article("one")), file=None, number=None, content=None)
    commit(catalogue, begin(catalogue), outcome_of(refused, Fate.OFF_TOPIC))
    assert refused.body_hash is not None
    assert PendingArticles(catalogue).same_text(refused.body_hash) is None
    assert PendingArticles(catalogue).text_of_url(refused.url) is None
    assert list(articles(catalogue)) == []
    assert [row.fate for row in articles(catalogue, everything=True)] == ["off_topic"]


def test_the_highest_index_of_a_month_is_remembered_after_a_revision(catalogue: Catalogue) -> None:
    old = filed(article("one"), 7)
    moved = replace(filed(article("one", "Le port ferme.", month="2021-02"), 0), revises=old.file)
    run = begin(catalogue)
    commit(catalogue, run, outcome_of(old), outcome_of(moved, Fate.UPDATED))
    assert last_number(catalogue, "2021-01") == 7
    assert last_number(catalogue, "2021-02") == 0
    assert last_number(catalogue, "2021-03") == -1


def test_a_second_store_sees_what_the_first_committed(
    catalogue: Catalogue, store_url: str, tmp_path: Path
) -> None:
    commit(catalogue, begin(catalogue), outcome_of(filed(article("one"))))
    other = Catalogue.open(store_url, tmp_path)
    assert len(list(articles(other))) == 1
    other.close()
