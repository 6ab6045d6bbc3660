"""The exit code says how a run ended, and the sentence why."""

import pytest

from crawler.catalogue.tallies import Tally
from crawler.exit_codes import FAILED, OK, STORAGE
from crawler.items import UrlKind
from crawler.run.result import UNREACHED, result_of_run

GOOD = Tally(10, {"saved": 2, "off_topic": 5, "discovery": 1}, 2)


@pytest.mark.parametrize(
    ("reason", "tally", "exit_code", "sentence"),
    [
        (
            "finished",
            GOOD,
            OK,
            "Run finished: 10 URLs = 5 off_topic, 2 saved, 1 discovery + 2 pending.",
        ),
        (
            "finished",
            Tally(0, {}, 0),
            OK,
            "Run finished: 0 URLs = 0 ended + 0 pending; nothing was due.",
        ),
        (
            "finished",
            Tally(3, {"unchanged": 2, "discovery": 1}, 0),
            OK,
            "Run finished: 3 URLs = 2 unchanged, 1 discovery + 0 pending; nothing new for the corpus.",
        ),
        (
            "finished",
            Tally(2, {"unchanged": 2}, 0),
            OK,
            "Run finished: 2 URLs = 2 unchanged + 0 pending; nothing has changed.",
        ),
        (
            "closespider_pagecount",
            GOOD,
            OK,
            "Run ended at the limit asked for (closespider_pagecount): "
            "10 URLs = 5 off_topic, 2 saved, 1 discovery + 2 pending.",
        ),
        (
            "shutdown",
            GOOD,
            FAILED,
            "Run stopped early (shutdown): 10 URLs = 5 off_topic, 2 saved, 1 discovery + 2 pending.",
        ),
        (
            "finished",
            Tally(11, GOOD.fates, 2),
            FAILED,
            "The numbers do not reconcile: 11 URLs = 5 off_topic, 2 saved, 1 discovery + 2 pending. "
            "Please report this.",
        ),
        (
            "finished",
            Tally(3, {"timeout": 1, "gone": 2}, 0),
            FAILED,
            "Everything that was due failed: 2 gone, 1 timeout.",
        ),
        (
            "storage_failed",
            Tally(11, {}, 0),
            STORAGE,
            "Run stopped: what was gathered could not be written.",
        ),
        (
            "disk_short",
            GOOD,
            STORAGE,
            "Run stopped because the disk is nearly full: 10 URLs = 5 off_topic, 2 saved, 1 discovery + 2 pending.",
        ),
        (
            "disk_short",
            Tally(11, GOOD.fates, 2),
            FAILED,
            "The numbers do not reconcile: 11 URLs = 5 off_topic, 2 saved, 1 discovery + 2 pending. "
            "Please report this.",
        ),
        (
            "archive_failed",
            GOOD,
            STORAGE,
            "Run stopped: what was gathered could not be written.",
        ),
    ],
)
def test_a_run_is_judged_by_why_it_ended_and_by_its_sums(
    reason: str, tally: Tally, exit_code: int, sentence: str
) -> None:
    result = result_of_run(reason, tally)
    assert (result.exit_code, result.sentence) == (exit_code, sentence)
    assert result.tally == tally


def test_input_that_could_not_be_read_fails_a_run_that_finished() -> None:
    result = result_of_run("finished", GOOD, ["old.warc.gz is no WARC.", "other.warc.gz is no WARC."])
    assert result.exit_code == FAILED
    assert result.sentence.startswith("Run finished, but old.warc.gz is no WARC. 10 URLs = ")


def test_a_run_that_was_stopped_is_not_said_to_have_finished() -> None:
    assert result_of_run("shutdown", GOOD, ["old.warc.gz is no WARC."]).sentence.startswith(
        "Run stopped early"
    )


@pytest.mark.parametrize("fate", sorted(UNREACHED))
def test_a_run_that_reached_nothing_failed(fate: str) -> None:
    assert result_of_run("finished", Tally(2, {fate: 2}, 0)).exit_code == FAILED


@pytest.mark.parametrize("fate", ["redirected", "gone", "http_error", "network_error", "soft_404"])
def test_a_replay_of_nothing_but_such_answers_has_not_failed(fate: str) -> None:
    result = result_of_run("finished", Tally(1, {fate: 1}, 0), records="3 records = 3 read")
    assert result.exit_code == OK
    assert result.sentence.startswith("Run finished: 1 URLs = 1 ")


def test_a_replay_of_nothing_but_other_records_says_so() -> None:
    result = result_of_run("finished", Tally(0, {}, 0), records="3 records = 3 of other kinds")
    assert result.sentence == (
        "Run finished: 0 URLs = 0 ended + 0 pending; no page in 3 records = 3 of other kinds."
    )


@pytest.mark.parametrize("fate", ["quarantined", "too_large"])
def test_a_replay_that_could_look_into_nothing_failed(fate: str) -> None:
    assert result_of_run("finished", Tally(1, {fate: 1}, 0), records="3 records = 3 read").exit_code == FAILED


@pytest.mark.parametrize("fate", ["discovery", "unchanged", "off_topic", "undated"])
def test_one_url_that_answered_is_enough(fate: str) -> None:
    assert result_of_run("finished", Tally(3, {"timeout": 2, fate: 1}, 0)).exit_code == OK


@pytest.mark.parametrize(
    "fates",
    [
        {"quarantined": 3, "discovery": 1},
        {"quarantined": 1, "partly_read": 1},
        {"quarantined": 1, "redirected": 1, "gone": 2, "discovery": 1},
    ],
)
@pytest.mark.parametrize("records", ["", "9 records = 9 read"])
def test_a_run_that_could_look_into_no_article_failed(fates: dict[str, int], records: str) -> None:
    result = result_of_run(
        "finished", Tally(sum(fates.values()), fates, 0), cause="took 9 s", records=records
    )
    assert result.exit_code == FAILED
    assert result.sentence.startswith("No article could be looked into: ")
    assert result.sentence.endswith("(most often: took 9 s).")


@pytest.mark.parametrize("other", ["saved", "off_topic", "unchanged", "too_short"])
def test_one_article_that_was_looked_into_is_enough(other: str) -> None:
    assert (
        result_of_run("finished", Tally(4, {"quarantined": 2, "discovery": 1, other: 1}, 0)).exit_code == OK
    )


def test_what_is_still_pending_has_not_failed() -> None:
    assert result_of_run("closespider_timeout", Tally(3, {"timeout": 2}, 1)).exit_code == OK


def test_a_run_whose_hosts_are_left_alone_for_they_failed_has_failed() -> None:
    assert result_of_run("finished", Tally(3, {"robots_disallowed": 1}, 2)).exit_code == FAILED
    assert result_of_run("finished", Tally(3, {}, 3, failing=1)).exit_code == FAILED
    assert result_of_run("finished", Tally(3, {}, 3)).exit_code == OK  # nothing was due


def test_the_cause_of_most_failures_is_said() -> None:
    result = result_of_run("finished", Tally(4, {"gone": 1}, 3, failing=3), cause="HTTP 503")
    assert result.sentence == (
        "Everything that was due failed: 1 gone (most often: HTTP 503); 3 are left to later runs."
    )


@pytest.mark.parametrize(
    ("fates", "images", "exit_code"),
    [
        ({"saved": 1, "discovery": 1, "gone": 3}, {"gone": 3}, OK),
        ({"http_error": 1, "not_html": 2}, {"not_html": 2}, FAILED),
        ({"http_error": 3, "discovery": 1}, {"http_error": 2}, OK),
        ({"not_html": 3}, {"not_html": 2}, OK),
    ],
)
def test_pictures_neither_save_a_run_nor_spoil_it(
    fates: dict[str, int], images: dict[str, int], exit_code: int
) -> None:
    tally, requisites = Tally(sum(fates.values()), fates, 0), {UrlKind.IMAGE: images}
    assert result_of_run("finished", tally, requisites=requisites).exit_code == exit_code


def test_the_sentence_says_how_many_of_the_files_of_pages_were_archived() -> None:
    tally = Tally(8, {"saved": 1, "not_html": 5, "gone": 1, "unchanged": 1}, 0)
    requisites = {UrlKind.IMAGE: {"not_html": 3, "gone": 1}, UrlKind.STYLE: {"not_html": 2, "unchanged": 1}}
    assert result_of_run("finished", tally, requisites=requisites).sentence == (
        "Run finished: 8 URLs = 5 not_html, 1 gone, 1 saved, 1 unchanged + 0 pending; "
        "3 of 4 images, 3 of 3 style sheets archived."
    )
