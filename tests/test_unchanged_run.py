"""A second run over sites that did not change archives that, and next to nothing else."""

from tests.support.newsroom_runs import NewsroomRuns
from tests.support.warc_records import Seen, read_warc


def answers(records: list[Seen]) -> list[Seen]:
    return [record for record in records if record.type in ("response", "revisit")]


def test_it_adds_revisits_only(newsroom_runs: NewsroomRuns) -> None:
    first, second = (answers(read_warc(path)) for path in newsroom_runs.warcs)
    ids = {record.get("WARC-Record-ID") for record in first if record.type == "response"}

    fresh = [record for record in second if record.type == "response" and b" 200 " in record.block[:15]]
    assert [record.get("WARC-Target-URI") for record in fresh] == []
    assert len(second) >= 10  # robots.txt is known for a day
    assert {record.get("WARC-Refers-To") for record in second if record.type == "revisit"} <= ids
    bytes_per_visit = newsroom_runs.warcs[1].stat().st_size / len(second)
    assert bytes_per_visit < 2500
