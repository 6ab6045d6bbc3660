"""A replay tells how each record of its archives ended, and never that nothing was due where something was."""

import logging
from contextlib import closing
from pathlib import Path

import pytest
from scrapy.crawler import Crawler

from crawler.catalogue.archived_records import archived_records
from crawler.catalogue.tallies import Tally
from crawler.database.catalogue import Catalogue
from crawler.exit_codes import FAILED, OK
from crawler.run.recorder import recorder_of
from tests.support.crawls import run_crawl
from tests.support.foreign_archives import (
    answered,
    arc_archives,
    foreign_archives,
    repeated,
    resource,
    summed,
)
from tests.support.foreign_records import record, url_of, warcinfo
from tests.support.hostile_site import article, feed
from tests.support.verifying import verify
from tests.support.warcs import Archive, answer

SETTINGS = {"RELEVANCE_MODE": "off", "EXTRACTION_WORKERS": 1}


def replay(path: Path, data: Path, **arguments: str) -> Crawler:
    return run_crawl("replay", {**SETTINGS, "DATA_DIR": str(data)}, path=str(path), **arguments)


def counted(crawler: Crawler) -> dict[str, int]:
    """The statistics of records by reason."""
    prefix = "replay/records/"
    stats = crawler.stats.get_stats()
    return {name.removeprefix(prefix): n for name, n in stats.items() if name.startswith(prefix)}


TRIED = (
    "no-id", "sha-256", "wrong-digest", "unknown-digest", "revisit-of-revisit", "revisit-without-reference",
    "truncated", "post", "year-only", "nested", "version 2, gzip",
)  # fmt: skip
"""Archives for which `verify` once had faults; the others are tried without a crawl."""


@pytest.mark.usefixtures("replays_here")
def test_archives_of_many_tools_are_read_accounted_for_and_verified(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, data = tmp_path / "foreign", tmp_path / "data"
    folder.mkdir()
    archives = {what: (foreign_archives() | arc_archives())[what] for what in TRIED}
    for each in archives.values():
        (folder / each.file).write_bytes(each.data)
    (folder / "notes.txt").write_text("no archive")
    with caplog.at_level(logging.INFO):
        crawler = replay(folder, data)
    result, wanted = recorder_of(crawler).result, summed(archives)
    assert result is not None and result.exit_code == OK, result
    assert counted(crawler) == wanted
    assert crawler.stats.get_value("replay/records") == wanted.total()
    assert f"{len(archives)} archives: {wanted.total()} records = {wanted['read']} read + " in caplog.text
    assert "Left out 1 files that are no archives: notes.txt." in caplog.text
    with closing(Catalogue.open("", data)) as catalogue:
        kept = archived_records(catalogue, recorder_of(crawler).run_id)
    assert kept == {str(folder / each.file): each.counts for each in archives.values()}
    capsys.readouterr()
    assert verify(data, **SETTINGS) == OK
    assert len(capsys.readouterr().out.splitlines()) == 1


FULL_OF_SOMETHING = {
    "texts": record("conversion", url_of("Tolm"), b"In Tolm", Content_Type="text/plain"),
    "screenshots": resource("urn:view:https://orla.example/", b"\x89PNG", "image/png"),
    "names": record("response", "dns:orla.example", b"192.0.2.7", Content_Type="text/dns"),
    "requests": record("request", url_of("Tolm"), b"GET / HTTP/1.1\r\n\r\n"),
    "undated": answered("Tolm", WARC_Date=""),
}


def test_an_archive_full_of_something_else_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "foreign"
    folder.mkdir()
    for name, made in FULL_OF_SOMETHING.items():
        (folder / f"{name}.warc").write_bytes(warcinfo() + made)
    result = recorder_of(replay(folder, tmp_path / "data")).result
    assert result is not None and result.exit_code == FAILED
    assert (
        "10 records = 5 warcinfo + 1 conversion + 1 no date + 1 not HTTP (dns) + 1 not HTTP (urn)"
        in " ".join(recorder_of(replay(folder, tmp_path / "again")).faults)
    )


def test_of_a_news_crawl_a_page_is_read_once_as_when_it_came_in(tmp_path: Path) -> None:
    archive = Archive()
    for number in (1, 2, 1, 1):
        archive.exchange(
            url_of(f"Tolm-{number}"), article(f"Tolm {number}").data, notes="origin: cc-news\r\n"
        )
    crawler = replay(archive.save(tmp_path / "a.warc.gz"), tmp_path / "data")
    told = counted(crawler)
    assert (told["read"], told["known before"]) == (2, 2)


def test_a_replay_reads_what_is_archived_and_queues_nothing_that_it_names(tmp_path: Path) -> None:
    archive = Archive()
    archive.exchange(url_of("feed"), feed([url_of("Tolm")]).data, notes="kind: feed\r\n")
    listed = f"<urlset><url><loc>{url_of('Tolm')}</loc></url></urlset>".encode()
    named_by_a_sitemap = "kind: article\r\nhow: sitemap\r\n"
    archive.exchange(
        url_of("map"), answer(listed, "Content-Type: application/gzip"), notes=named_by_a_sitemap
    )
    result = recorder_of(replay(archive.save(tmp_path / "a.warc.gz"), tmp_path / "data")).result
    assert result is not None
    assert result.tally == Tally(2, {"discovery": 2}, 0)


def test_an_archive_of_nothing_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(warcinfo())
    result = recorder_of(replay(tmp_path / "a.warc", tmp_path / "data")).result
    assert result is not None and result.exit_code == OK
    assert result.sentence.endswith("no page in 1 records = 1 warcinfo.")


def test_what_was_lost_of_an_archive_is_told_with_its_reasons(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    lost = [
        record("response", url_of("odd"), b"HTTP/1.1 0 OK\r\n\r\n<p>Page</p>"),
        answered("misdated", WARC_Date="2021-02-30T10:00:00Z"),
        repeated("elsewhere", "Tolm", WARC_Refers_To="<urn:uuid:not-here>"),
    ]
    path.write_bytes(b"".join([answered("Tolm"), *lost]) + b"noise" * 99)
    crawler = replay(path, tmp_path / "data")
    result = recorder_of(crawler).result
    assert result is not None and result.exit_code == FAILED
    (damage, skipped) = recorder_of(crawler).faults
    assert f"{path} has no whole record between byte" in damage
    assert f"{path}: skipped 3 answers (" in skipped
    for reason in (
        "status 0: 1",
        "unreadable date: 1",
        "repeats a record that is not here: 1",
        "read the archives",
    ):
        assert reason in skipped
    assert counted(crawler)["read"] == 1
    assert crawler.stats.get_value("replay/damaged_bytes") == 5 * 99
    with closing(Catalogue.open("", tmp_path / "data")) as catalogue:
        [kept] = archived_records(catalogue, recorder_of(crawler).run_id).values()
    assert (kept["read"], kept["damaged bytes skipped"]) == (1, 5 * 99)
