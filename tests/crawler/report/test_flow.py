"""From discovered to saved: each URL once, and every sum agrees with what the run counted on its own."""

from contextlib import closing
from pathlib import Path

import pytest

from crawler.catalogue.gathering_runs import run_of
from crawler.catalogue.run_ends import RunEnd, run_ends
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.report.flow import STAGES, Cause, Flow, cause_of_end, flow_of
from tests.support.reported_runs import report_two_runs


def flow(catalogue: Catalogue, *runs: int) -> Flow:
    found = [run_of(catalogue, run) for run in runs]
    return flow_of(sum(run.discovered for run in found if run), run_ends(catalogue, runs))


def test_each_fate_is_in_one_stage() -> None:
    assert sorted(fate for stage in STAGES for fate in stage.fates) == sorted(Fate)


def test_the_sums_are_those_that_the_runs_counted(store_url: str, tmp_path: Path) -> None:
    _, first, second = report_two_runs(tmp_path, store_url)
    with closing(Catalogue.open(store_url, tmp_path)) as catalogue:
        both, one, other = flow(catalogue, first, second), flow(catalogue, first), flow(catalogue, second)
    assert one.stages == {"failed": 2, "left-out": 1, "known": 1, "people": 2, "kept": 3}
    assert other.stages == {"failed": 1, "kept": 1}
    assert both.looked_at == one.looked_at + other.looked_at
    assert sum(one.by_source["marisol"].values()) == one.looked_at
    assert sum(one.causes["marisol"].values()) == one.looked_at
    assert [one.waiting, other.waiting, both.waiting] == [2, 0, 2]


@pytest.mark.parametrize(
    ("fate", "reason", "words"),
    [
        (Fate.HTTP_ERROR, "HTTP 503", "HTTP 503"),
        (
            Fate.ROBOTS_DISALLOWED,
            "https://tarn.example/robots.txt disallows this path",
            "… disallows this path",
        ),
        (Fate.OFF_TOPIC, "conflict 0.12, related 0.03", ""),
        (Fate.DISCOVERY, "RSS feed, 11 entries: 11 new, 0 known", ""),
    ],
)
def test_causes_are_told_apart_by_what_servers_say_and_not_by_urls(
    fate: Fate, reason: str, words: str
) -> None:
    assert cause_of_end(RunEnd("https://tarn.example/a", "tarn", "article", fate, reason)) == Cause(
        fate, words
    )
