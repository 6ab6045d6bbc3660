"""How far a run is, in figures and in one line."""

import pytest

from crawler.catalogue.run_sizes import Queues
from crawler.fates import Fate
from crawler.watching.figures import RunFigures
from crawler.watching.plain_line import plain_line
from crawler.watching.progress import Progress, duration
from tests.support.outcomes import article, ended, link, outcome_of


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (40.4, "40 s"), (720, "12 min"), (12_000, "3 h 20 min"), (187_200, "2 d 4 h")],
)
def test_a_duration_is_read_at_a_glance(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_the_time_left_follows_from_the_pace() -> None:
    assert Progress(60, known=300, ended=100, per_minute=100).left_s == 120


def test_a_host_is_asked_no_faster_than_politeness_allows() -> None:
    progress = Progress(60, known=300, ended=100, per_minute=100, queues=Queues(1, 190), delay_s=10)
    assert progress.left_s == 1900


def test_nothing_is_foretold_before_anything_has_ended() -> None:
    assert Progress(1, known=300, ended=0, per_minute=0).left_s is None
    assert Progress(1, known=0, ended=0, per_minute=0).share is None


def test_a_replay_takes_as_long_as_the_bytes_that_are_left() -> None:
    progress = Progress(30, known=0, ended=10, per_minute=20, share_read=0.25)
    assert (progress.share, progress.left_s) == (0.25, 90)
    assert plain_line(progress, RunFigures()).startswith("25% of the archives read, 10 URLs done")


def test_the_line_names_what_a_person_asks_for() -> None:
    figures = RunFigures()
    figures.note(outcome_of(article("a")))
    figures.note(ended(link("b"), Fate.TIMEOUT))
    line = plain_line(Progress(60, 30, 2, 14, Queues(3, 9)), figures)
    assert line == (
        "2 of 30 known URLs done, 1 articles saved, 1 failed, 14 pages a minute, 3 hosts have more, "
        "about 2 min left of what is known."
    )


def test_the_pace_is_that_of_the_last_minute() -> None:
    figures = RunFigures()
    for second in range(200):
        figures.sample(second)
        if second >= 130:
            figures.note(ended(link(str(second))))
    assert figures.per_minute == pytest.approx(60, abs=2)


def test_a_page_that_robots_txt_forbids_is_no_failure() -> None:
    figures = RunFigures()
    figures.note(ended(link("a"), Fate.ROBOTS_DISALLOWED))
    figures.note(ended(link("b"), Fate.REDIRECTED))
    assert figures.failed == 0
    assert figures.sources["marisol"].pages == 2


def test_each_source_is_told_once_with_each_reason() -> None:
    figures = RunFigures()
    for name in "abc":
        figures.note(ended(link(name), Fate.TIMEOUT))
    figures.note(ended(link("d"), Fate.GONE))
    assert [failure.reason for failure in figures.last_failures()] == ["gone", "timeout"]
