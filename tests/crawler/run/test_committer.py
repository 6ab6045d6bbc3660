"""Order of truth: a record is on disk before its seed file, a seed file before its row."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.catalogue import outcomes as outcomes_module
from crawler.catalogue.articles import articles
from crawler.catalogue.tallies import fates_of_all, tally_of
from crawler.data_dir import REVISIONS
from crawler.fates import Fate
from crawler.run import committer as committer_module
from crawler.run.committer import HIGH_WATER
from tests.support.committing import Committing, Gate, begin, captured, name_of, start
from tests.support.outcomes import FEED, Shelved, article, ended, link, outcome_of

FULL = OSError(28, "No space left on device")


@pytest.fixture
def committing(store_url: str, tmp_path: Path) -> Iterator[Committing]:
    yield from start(tmp_path, tmp_path / "corpus", store_url)


# --- order ----------------------------------------------------------------------------------


def test_records_are_durable_before_files_and_files_before_rows(committing: Committing) -> None:
    old = captured("one", 1)
    new = replace(captured("one", 2, "Le port de Marisol ferme."), revises=old.file)
    for made in (old, new):
        assert isinstance(made.capture, Shelved)
        made.capture.log = committing.log
    committing.commit(outcome_of(old), outcome_of(new, Fate.UPDATED))
    batch = [step for step in committing.log if step != f"row {FEED.url}"]
    assert batch == [
        "record 1",
        "record 2",
        f"file {old.file}",
        f"file {new.file}",
        f"row {old.url}",
        f"row {new.url}",
        f"retired {old.file}",
    ]
    assert committing.files() == sorted([f"{REVISIONS}/{old.file}", name_of(new)])
    assert committing.failures == []


def test_outcomes_are_committed_in_the_order_in_which_they_came(committing: Committing) -> None:
    many = [outcome_of(captured(str(number), number)) for number in range(150)]  # more than two batches
    committing.commit(*many)
    assert committing.urls() == [outcome.url for outcome in many]
    assert tally_of(committing.catalogue, committing.run).reconciles


def test_one_fsync_of_files_and_one_transaction_serve_many(committing: Committing) -> None:
    committing.commit(*(outcome_of(captured(str(number), number)) for number in range(200)))
    assert sum(committing.sizes) == 201
    assert len(committing.sizes) <= 5
    assert max(committing.sizes) == committer_module.BATCH


def test_refused_pages_have_a_row_and_no_file(committing: Committing) -> None:
    refused = article("one", capture=Shelved(1))
    committing.commit(outcome_of(refused, Fate.OFF_TOPIC), ended(link("two"), Fate.BLOCKED_ADDRESS))
    assert committing.urls() == [refused.url]
    assert committing.files() == []
    assert fates_of_all(committing.catalogue) == {"off_topic": 1, "blocked_address": 1, "discovery": 1}


def test_producers_see_when_there_is_more_than_enough_to_do(committing: Committing) -> None:
    gate = Gate(0)
    committing.committer.put(replace(ended(FEED), capture=gate))
    assert not committing.committer.is_full
    for number in range(HIGH_WATER + committer_module.BATCH + 1):
        committing.committer.put(ended(link(str(number)), Fate.GONE))
    assert committing.committer.is_full
    gate.opened.set()
    committing.committer.close()
    assert not committing.committer.is_full


def test_nothing_is_idle_before_the_last_commit_is_over(committing: Committing) -> None:
    committing.may_commit.clear()
    committing.committer.put(outcome_of(captured("one", 1)))
    assert committing.committing.wait(60)
    assert not committing.committer.is_idle
    committing.may_commit.set()
    committing.committer.close()
    assert committing.committer.is_idle


def test_a_committer_that_failed_is_idle_at_last(committing: Committing) -> None:
    lost = replace(captured("one", 1), capture=Shelved(1, failure=FULL))
    committing.commit(outcome_of(lost), outcome_of(captured("two", 2)))
    assert committing.failures == [FULL]
    assert committing.committer.is_idle


# --- failures -------------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [FULL, ValueError("a defect of ours")], ids=["disk", "defect"])
def test_an_article_without_its_record_leaves_no_trace(committing: Committing, failure: Exception) -> None:
    lost = captured("two", 1, "La digue cède.")
    committing.commit(
        outcome_of(captured("one", 0)),
        outcome_of(replace(lost, capture=Shelved(1, failure=failure))),
        outcome_of(captured("three", 2, "Le phare brille.")),
    )
    assert committing.failures == [failure]
    assert committing.committer.failure is failure
    assert not {lost.url, link("three").url} & set(committing.urls())
    assert not {lost.file, captured("three", 2, "Le phare brille.").file} & set(committing.files())


def test_nothing_is_committed_after_a_failure(committing: Committing) -> None:
    broken = Gate(0, failure=FULL)
    committing.committer.put(replace(ended(FEED), capture=broken))
    for number in range(150):
        made = captured(str(number), number)
        assert isinstance(made.capture, Shelved)
        committing.committer.put(outcome_of(made))
    broken.opened.set()
    committing.committer.close()
    assert committing.failures == [FULL]
    assert committing.urls() == []
    assert committing.files() == []
    assert fates_of_all(committing.catalogue) == {}


def test_an_article_without_its_file_has_no_row(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for committing in start(tmp_path, tmp_path / "file"):
        committing.commit(outcome_of(captured("one", 0)))
        [failure] = committing.failures
        assert isinstance(failure, OSError)
        assert failure.filename == str(tmp_path / "file" / "2021-01")
        assert committing.urls() == []


def test_a_catalogue_that_fails_stops_the_committing(
    committing: Committing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise FULL

    monkeypatch.setattr(outcomes_module, "_commit_one", fail)
    old, new = captured("one", 0), captured("one", 1, "Le port ferme.")
    committing.commit(outcome_of(old), outcome_of(replace(new, revises=old.file), Fate.UPDATED))
    assert committing.failures == [FULL]
    assert committing.urls() == []
    assert f"{REVISIONS}/{old.file}" not in committing.files()


@pytest.mark.parametrize("revises", [False, True], ids=["a first text", "a revision"])
def test_what_another_run_has_taken_over_leaves_no_trace(committing: Committing, revises: bool) -> None:
    catalogue, corpus = committing.catalogue, committing.corpus
    old, new = captured("one", 0), captured("one", 1, "Le port ferme.")
    committing.commit(outcome_of(old))
    silent = begin(catalogue, [link("one")])
    begin(catalogue)  # which finds that the other does not go on
    late = Committing(catalogue, corpus, silent, leased=True)
    late.committer.put(outcome_of(replace(new, revises=old.file if revises else None), Fate.UPDATED))
    late.committer.close()
    assert late.failures == committing.failures == []
    assert [row.file for row in articles(catalogue)] == [old.file]
    assert committing.files() == sorted([name_of(old), f"{REVISIONS}/{new.file}"])
