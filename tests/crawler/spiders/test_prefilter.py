"""REPLAY_PREFILTER: pages that cannot be related are not read, and whoever reads them later loses nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from scrapy.crawler import Crawler

from crawler.http.reasons import NOT_READ
from crawler.run.recorder import recorder_of
from tests.support.commands import call
from tests.support.crawls import run_crawl
from tests.support.warcs import Archive, answer

PAGE = """<html lang="en"><head><title>{title}</title>
<meta property="article:published_time" content="2021-01-28T10:00:00+03:00"></head><body><article><h1>{title}</h1>
{story}</article></body></html>"""
CAKES = (
    "The bakers of Vella have won the prize of the valley with their cake of plums and honey, which took three days.",
    "The jury praised the crust, and the master of the young bakers promised another recipe for the fair in autumn.",
    "Visitors came from all the valley to taste it, and by noon on Thursday nothing was left of the cakes but crumbs.",
)
STRIKES = (
    "Rebels ambushed an army convoy near Vella on Monday and killed nine soldiers, the ministry of defence said.",
    "Air strikes followed at night, and shelling hit the market of the besieged town, where rescuers counted dead.",
    "Fighters withdrew to the hills on Tuesday, and families fled the bombardment along the road to the river.",
)
AMBUSH, PLUMS, GONE = (f"https://vella.example/{name}" for name in ("ambush", "plums", "gone"))
SETTINGS = {"RELEVANCE_MODE": "conflict", "EXTRACTION_WORKERS": 1, "RELEVANCE_ENCODER": False}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    written = Archive()
    for url, title, story in (
        (AMBUSH, "Ambush near Vella", STRIKES),
        (PLUMS, "Bakers win with plums", CAKES),
    ):
        paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in story)
        page = PAGE.format(title=title, story=paragraphs).encode()
        written.add("response", url, answer(page, "Content-Type: text/html; charset=utf-8"))
    written.add("response", GONE, answer(b"", status="404 Not Found"))
    return written.save(tmp_path / "others.warc.gz")


def replay(archive: Path, data: Path, imports: str = "0", **settings: object) -> Crawler:
    given = {**SETTINGS, **settings, "DATA_DIR": str(data)}
    return run_crawl("replay", given, path=str(archive), **{"import": imports})


def ends(data: Path) -> dict[str, tuple[str, str | None]]:
    query = "select url.url, visit.fate, reason from visit join url on url.id = url_id order by visit.id"
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue:
        return {url: (fate, reason) for url, fate, reason in catalogue.execute(query)}


def test_what_cannot_be_related_ends_off_topic_and_all_is_accounted_for(
    archive: Path, tmp_path: Path
) -> None:
    crawler = replay(archive, tmp_path / "data", REPLAY_PREFILTER=1)
    found = ends(tmp_path / "data")
    assert found[AMBUSH][0] == "saved"
    assert found[PLUMS] == ("off_topic", f"{NOT_READ}: conflict 0.00, related 0.00")
    assert found[GONE][0] == "gone"
    result = recorder_of(crawler).result
    assert result is not None and result.tally.reconciles
    assert crawler.stats.get_value("replay/records/read") == 3


def test_a_later_replay_without_the_filter_reads_what_was_left(archive: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    replay(archive, data, REPLAY_PREFILTER=1)
    replay(archive, data)
    fate, reason = ends(data)[PLUMS]
    assert fate == "off_topic" and reason is not None and NOT_READ not in reason


def test_a_page_that_people_accepted_is_read_whatever_its_beginning(archive: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    replay(archive, data, imports="1")
    assert call("review", "accept", PLUMS, "--by", "Ada", DATA_DIR=str(data), **SETTINGS) == 0
    replay(archive, data, REPLAY_PREFILTER=1)
    assert not (ends(data)[PLUMS][1] or "").startswith(NOT_READ)


def test_verify_reads_all_and_says_what_the_filter_left_out(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, off = tmp_path / "data", {"RELEVANCE_MODE": "off"}
    replay(archive, data, REPLAY_PREFILTER=1)
    assert call("verify", DATA_DIR=str(data), **{**SETTINGS, **off}) == 0
    assert f"{PLUMS} would be in the corpus; it is off_topic: {NOT_READ}." in " ".join(
        capsys.readouterr().out.split()
    )
