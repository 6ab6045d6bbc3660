"""The last line of a run."""

from pathlib import Path

from crawler.catalogue.failed_sources import FailedSource
from crawler.catalogue.last_looks import Cause
from crawler.catalogue.tallies import Tally
from crawler.run.closing_line import closing_line
from crawler.run.result import RunResult

CORPUS = Path("data/corpus")


def line(tally: Tally, *failed: FailedSource) -> str:
    return closing_line(RunResult(0, "Run finished.", tally), CORPUS, failed)


def test_it_says_where_the_articles_are_and_what_waits() -> None:
    assert line(Tally(9, {"saved": 2, "updated": 1, "review": 3, "undated": 1}, 2)) == (
        "Run finished. The 3 articles are in data/corpus. 3 wait for a decision (`scrapy review list`). "
        "1 waits for a date that can be trusted. 2 URLs are left to the next run."
    )


def test_it_names_what_failed_by_its_cause() -> None:
    failed = [
        FailedSource("tarn", "", Cause.DNS),
        FailedSource("veld", "https://veld.example/rss", Cause.GONE),
        FailedSource("orla", "", Cause.DNS),
    ]
    assert line(Tally(1, {"saved": 1}, 0), *failed) == (
        "Run finished. The article is in data/corpus. "
        "Sources that failed: no such host: tarn, orla; gone: veld (https://veld.example/rss)."
    )


def test_of_very_many_it_says_how_many() -> None:
    failed = [FailedSource(f"s{number}", "", Cause.TIMEOUT) for number in range(30)]
    assert line(Tally(1, {}, 0), *failed).endswith("s19; and 10 more.")


def test_a_run_of_which_nothing_came_says_no_more() -> None:
    assert line(Tally(0, {}, 0)) == "Run finished."
