"""Each line that `scrapy explain` has for a page, and when it is there."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.reviews import ReviewChoice, ReviewDecision, note_decisions
from crawler.catalogue.runs import begin_run
from crawler.catalogue.visits import UrlStatus, status_of, visits_of
from crawler.cli.explain import explanation
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.frontier.url_rows import enter
from crawler.items import (
    Article,
    DateEvidence,
    DateKind,
    DateSource,
    Decision,
    Part,
    Reason,
    Relation,
    Relevance,
)
from crawler.listing_account import ListingAccount
from tests.support.leasing import Run
from tests.support.outcomes import FEED, Shelved, article, ended, filed, link, outcome_of

ONE, TWO, THREE = (link(name).url for name in ("one", "two", "three"))
JUDGED = Relevance(
    0.4,
    False,
    0.25,
    True,
    0.3,
    Decision.ACCEPT,
    ("port", "digue"),
    (Reason("siege", "blocus", 1.0, 0.125),),
    "words 1",
)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        yield catalogue


def keep(catalogue: Catalogue, made: Article, fate: Fate = Fate.SAVED, reason: str = "") -> None:
    made = replace(made, capture=Shelved(1))
    outcome = replace(outcome_of(made, fate), reason=reason)
    commit_outcomes(catalogue, begin_run(catalogue, "news", {}, ""), [(outcome, Shelved(1).durable())])


def lines(catalogue: Catalogue, url: str = ONE) -> list[tuple[str, str]]:
    status = status_of(catalogue, url)
    assert status is not None
    return list(explanation(catalogue, url, status, Path("archive")))


def said(catalogue: Catalogue, label: str, url: str = ONE) -> list[str]:
    return [text for name, text in lines(catalogue, url) if name == label]


def test_a_page_of_which_everything_is_known_has_every_line(catalogue: Catalogue) -> None:
    dates = (
        DateEvidence("2021-01-28", DateKind.PUBLISHED, DateSource.META),
        DateEvidence("2020-12-28", DateKind.PUBLISHED, DateSource.URL),
    )
    made = filed(
        article(
            "one",
            title="Le port",
            authors=("Ana Tal", "Ben Orr"),
            agency="Orla Press",
            relevance=JUDGED,
            dates=dates,
            date_source=DateSource.META,
            date_conflict=True,
            duplicate_of=TWO,
            known=0.75,
            covered=0.5,
            kinship=Relation.DEVELOPS,
            kin=THREE,
            revises="2021-01/000_0.txt",
            previous_part=f"{ONE}?page=0",
            next_part=f"{ONE}?page=2",
            parts=(Part(f"{ONE}?page=2", "<urn:2>", 3), Part(f"{ONE}?page=3", "<urn:3>", 1)),
        ),
        1,
    )
    keep(catalogue, made, Fate.UPDATED, "another text")
    given = [
        ReviewDecision(ONE, ReviewChoice.ACCEPT, "Ada", "2026-05-03T10:00:00.000000Z"),
        ReviewDecision(ONE, ReviewChoice.REJECT, "Ben", "2026-05-04T10:00:00.000000Z"),
    ]
    catalogue.write(lambda connection: note_decisions(connection, given))
    [visit] = visits_of(catalogue, ONE)
    found = lines(catalogue)
    assert found[:11] == [
        ("url", ONE),
        ("fate", "updated (done)"),
        ("reason", "another text"),
        ("file", made.file),
        ("repeats", f"{TWO} (75% of it is there, 50% of that one here)"),
        ("story", f"develops {THREE}"),
        ("revises", "2021-01/000_0.txt"),
        ("page before", f"{ONE}?page=0"),
        ("page after", f"{ONE}?page=2"),
        ("with page", f"2: {ONE}?page=2"),
        ("with page", f"3: {ONE}?page=3"),
    ]
    named = dict(found)
    assert (named["title"], named["authors"]) == ("Le port", '["Ana Tal", "Ben Orr"]')
    assert (named["agency"], named["offset"]) == ("Orla Press", "1000")
    assert "canonical_url" not in named, "what is not known has no line"
    assert "rights" not in named
    at = found.index(("month", "2021-01 (by meta; sources of the page disagree about the month)"))
    assert found[at + 1 :] == [
        ("date", "2020-12-28 published, url"),
        ("date", "2021-01-28 published, meta"),
        ("relevance", "conflict 0.4000, related 0.2500"),
        ("judged by", "words 1"),
        ("terms", "port, digue"),
        ("because", " conflict  related  (log odds; part of the score)"),
        ("", "    +1.00   +0.125  siege: blocus"),
        ("decided", "accept by Ada, 2026-05-03T10:00:00.000000Z"),
        ("decided", "reject by Ben, 2026-05-04T10:00:00.000000Z"),
        ("visit", f"{visit.started} news: updated: another text"),
    ]


def test_a_page_of_which_little_is_known_says_so(catalogue: Catalogue) -> None:
    keep(catalogue, article("one", month=None, duplicate_of=TWO), Fate.UNDATED)
    assert said(catalogue, "file") == ["not in the corpus"]
    assert said(catalogue, "repeats") == [TWO]
    assert said(catalogue, "month") == ["not known (by nothing)"]
    assert said(catalogue, "relevance") == ["not judged: it was refused before"]
    assert (
        not {"reason", "story", "page", "terms", "because", "judged by", "listing"}
        & dict(lines(catalogue)).keys()
    )
    [visit] = visits_of(catalogue, ONE)
    assert said(catalogue, "visit") == [f"{visit.started} news: undated"]


def test_a_page_that_was_judged_without_reasons_says_how_to_get_them(catalogue: Catalogue) -> None:
    bare = replace(JUDGED, terms=(), reasons=(Reason("length", "", -2.0, -0.5),))
    keep(catalogue, article("one", relevance=bare), Fate.OFF_TOPIC)
    assert said(catalogue, "terms") == ["none"]
    assert said(catalogue, "") == ["    -2.00   -0.500  length"]


def test_a_url_that_is_waiting_has_no_fate_yet(catalogue: Catalogue) -> None:
    enter(catalogue, begin_run(catalogue, "news", {}, ""), [link("one")])
    assert lines(catalogue) == [("url", ONE), ("fate", "none yet (queued)")]


def test_a_page_that_ended_otherwise_than_its_text_says_both(catalogue: Catalogue) -> None:
    keep(catalogue, filed(article("one")))
    gone = UrlStatus("done", "gone")
    assert ("page", "saved, as it was last extracted or derived again") in explanation(
        catalogue, ONE, gone, Path("archive")
    )
    assert said(catalogue, "page") == []


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        (
            ListingAccount(
                "RSS feed", 1, {"no address": 2, "another host": 1}, ("it is too long", "it is broken")
            ),
            [
                ("listing", "RSS feed with 4 entries, as it was last read"),
                ("followed", "1: 1 new, 0 known before"),
                ("dropped", "2 no address"),
                ("", "1 another host"),
                ("unread", "it is too long"),
                ("", "it is broken"),
            ],
        ),
        (
            ListingAccount("sitemap", 0),
            [
                ("listing", "sitemap with 0 entries, as it was last read"),
                ("followed", "0: 0 new, 0 known before"),
            ],
        ),
    ],
)
def test_a_listing_accounts_for_its_entries(
    catalogue: Catalogue, account: ListingAccount, expected: list[tuple[str, str]]
) -> None:
    links = (link("one"),) if account.links else ()
    outcome, run = replace(ended(FEED, links=links), listing=account), Run(catalogue, "a")
    enter(catalogue, run.id, [FEED])
    run.take()
    run.end(outcome)
    assert [line for line in lines(catalogue, FEED.url) if line[0] != "visit"][2:] == expected
    commit_outcomes(catalogue, run.id, [(outcome, None)])  # as a replay finds it, which queues nothing
    assert said(catalogue, "followed", FEED.url) == [str(account.links)]
