"""Scrapy's feeds hold what `scrapy export` writes."""

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.cli.crawl import require_writable
from crawler.errors import OperatorError
from crawler.exit_codes import STORAGE, USAGE
from crawler.run.recorder import recorder_of
from tests.support.commands import call
from tests.support.crawls import run_crawl
from tests.support.hostile_site import article, http
from tests.support.warcs import news

NAMES = ("=Quillwick", "القرية", "Тармил")


def test_a_feed_is_what_the_export_writes_of_the_same_articles(tmp_path: Path) -> None:
    archive = news(0)
    for number, name in enumerate(NAMES):
        archive.exchange(f"https://tarn.example/{number}", article(name).data)
    archive.exchange("https://orla.example/copy", article(NAMES[0]).data)
    archive.exchange("https://tarn.example/gone", http(b"no", status="404 Not Found").data)
    feeds = {str(tmp_path / f"out.{kind}"): {"format": kind} for kind in ("jsonl", "csv", "xml")}
    settings: dict[str, Any] = {"DATA_DIR": str(tmp_path), "RELEVANCE_MODE": "off", "FEEDS": feeds}
    run_crawl("replay", settings, path=str(archive.save(tmp_path / "a.warc.gz")))
    for kind in ("jsonl", "csv"):
        out = tmp_path / f"exported.{kind}"
        assert call("export", "--text", "--format", kind, "--output", str(out), DATA_DIR=str(tmp_path)) == 0
        assert (tmp_path / f"out.{kind}").read_bytes() == out.read_bytes()
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert [row["url"] for row in rows] == [f"https://tarn.example/{number}" for number in range(3)]
    assert all(row["warc"] and row["file"] and row["place"] for row in rows)
    assert (tmp_path / "out.xml").read_text("utf-8").count("<item>") == 3


def test_a_feed_that_cannot_be_written_is_refused_before_the_crawl(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = [tmp_path / "file" / "out.csv", tmp_path, f"file://{tmp_path}/file/out.jsonl"]
    for feed in refused:
        with pytest.raises(OperatorError, match=r"Cannot write .*Give another file") as failed:
            require_writable([feed])
        assert failed.value.exit_code == STORAGE
    require_writable(
        [tmp_path / "new" / "out.csv", "stdout:", "s3://bucket/out.csv", f"{tmp_path}/%(time)s.csv"]
    )
    assert {path.name for path in tmp_path.iterdir()} == {"file", "new"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize(("form", "articles"), [("jsonl", 1), ("csv", 1), ("jsonl", 30)])
def test_a_feed_that_a_disk_refuses_stops_the_run(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, form: str, articles: int
) -> None:
    """Also one of a few articles, which are all in memory until the end."""
    archive = news(0)
    for number in range(articles):
        archive.exchange(f"https://tarn.example/{number}", article(f"Quillwick {number}").data)
    settings = {"DATA_DIR": str(tmp_path), "RELEVANCE_MODE": "off", "FEEDS": {"/dev/full": {"format": form}}}
    result = recorder_of(run_crawl("replay", settings, path=str(archive.save(tmp_path / "a.warc.gz")))).result
    assert result is not None and result.exit_code == STORAGE
    said = "Cannot store what was gathered: [Errno 28] No space left on device. Crawl stopped."
    assert caplog.text.count(said) == 1
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("name", ["fetch", "parse", "shell", "view"])
def test_what_would_fetch_past_the_archive_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=f"^{name} is Scrapy's own command") as failed:
        call(name, "https://tarn.example/", DATA_DIR=str(tmp_path))
    assert failed.value.exit_code == USAGE
    assert list(tmp_path.iterdir()) == []
