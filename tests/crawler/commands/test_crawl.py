"""Whatever an operator can get wrong gives one sentence that says what to do, and the contract's exit code."""

import errno
import shutil
from argparse import Namespace
from contextlib import closing, nullcontext
from pathlib import Path

import pytest

from archive.index import index_files
from crawler.catalogue.runs import begin_run
from crawler.cli.crawl import exit_code_of, refuse_foreign_corpus, require_room
from crawler.commands.crawl import Command
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import OK, STORAGE
from crawler.run.committer import BATCH
from crawler.run.recorder import recorder_of
from tests.support.commands import scrapy, start_scrapy
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, open_site


def sentences(text: str) -> list[str]:
    """Lines of an error output without Scrapy's own log."""
    return [line for line in text.splitlines() if line.startswith("frontwire: ")]


def test_an_unknown_spider_argument_is_refused_with_those_there_are(tmp_path: Path) -> None:
    result = start_scrapy("crawl", "news", "-a", "langauge=fr", "-s", f"DATA_DIR={tmp_path}")
    assert result.returncode == 2
    assert sentences(result.stderr) == [
        "frontwire: The spider news has no argument 'langauge'; "
        "it takes sources=, source=, country=, focus=, language=, kind=, owner=, seeds=, due=, dry_run=."
    ]
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "exit_code", "words"),
    [
        (["crawl"], 2, "Name a spider"),
        (["crawl", "gazette"], 2, "There is no spider 'gazette'"),
        (["crawl", "replay"], 2, "-a path="),
        (["crawl", "replay", "-a", "path=no/such.warc.gz"], 2, "no/such.warc.gz"),
        (["crawl", "news", "-a", "source=no-such-paper"], 2, "no-such-paper"),
        (["crawl", "news", "-a", "dry_run=yes"], 2, "dry_run='yes'"),
        (["crawl", "news", "-s", "RELEVANCE_MODE=maybe"], 2, "RELEVANCE_MODE"),
        (["crawl", "news", "-s", "ARCHIVE_REQUISITES=styles"], 2, "ARCHIVE_REQUISITES is 'styles'"),
        (["crawl", "news", "-a", "seeds=no/such/folder"], 2, "no/such/folder"),
        (["crawl", "news", "-s", "ADDRESS_GUARD_ALLOW=300.1.1.1/99"], 2, "ADDRESS_GUARD_ALLOW"),
        (["crawl", "news", "-s", "REPLAY_FROM=no/such"], 2, "no/such"),
        (["crawl", "news", "-s", "EXTRACTION_WORKERS=0"], 2, "EXTRACTION_WORKERS is '0'"),
        (["crawl", "news", "-s", "EXTRACTION_TIMEOUT_S=soon"], 2, "EXTRACTION_TIMEOUT_S is 'soon'"),
        (["crawl", "news", "-s", "DOWNLOAD_DELAY=nan"], 2, "DOWNLOAD_DELAY is 'nan'"),
        (["crawl", "news", "-s", "LOG_LEVEL=LOUD"], 2, "LOG_LEVEL is 'LOUD': give DEBUG, INFO,"),
        (
            ["crawl", "news", "-s", "LOG_FILE=no/such/log"],
            2,
            "LOG_FILE: cannot write no/such/log: No such file",
        ),
        (["crawl", "news", "-s", "LOG_ENABLED=maybe"], 2, "LOG_ENABLED is 'maybe': give 0 or 1."),
        (
            ["crawl", "news", "-s", "CLOSESPIDER_PAGECOUNT=1.5"],
            2,
            "CLOSESPIDER_PAGECOUNT is '1.5': give a whole",
        ),
        (["crawl", "news", "-s", "DOWNLOAD_TIMOUT=9"], 2, "did you mean DOWNLOAD_TIMEOUT?"),
        (["export", "-s", "LOG_LEVEL=LOUD"], 2, "LOG_LEVEL is 'LOUD'"),
        (["crawl", "news", "--no-such-option"], 2, "--no-such-option"),
        (["trace", "no/such/file.txt"], 2, "catalogue"),
        (["export", "--format", "parchment"], 2, "parchment"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_usage_gives_one_sentence(
    tmp_path: Path, arguments: list[str], exit_code: int, words: str
) -> None:
    result = scrapy(*arguments, "-s", f"DATA_DIR={tmp_path / 'data'}")
    assert result.returncode == exit_code, result.stderr
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_registry_with_a_wrong_key_is_refused(tmp_path: Path) -> None:
    registry = tmp_path / "mine.toml"
    registry.write_text('[[source]]\nid = "the-lantern"\nnaem = "The Lantern"\n', encoding="utf-8")
    result = scrapy("crawl", "news", "-a", f"sources={registry}", "-s", f"DATA_DIR={tmp_path / 'data'}")
    assert result.returncode == 2
    assert "naem" in result.stderr
    assert str(registry) in result.stderr
    assert "Traceback" not in result.stderr


def test_a_dry_run_says_what_would_be_asked_of_whom_and_asks_and_writes_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_site(Site({"/a": article("Veld")}), ["/a"], tmp_path) as origin:
        given = ("crawl", "news", "-a", f"sources={tmp_path / 'sources.txt'}", "-s", f"DATA_DIR={data}")
        result = scrapy(*given, "-a", "dry_run=1")
        asked = dict(origin.read)
    host = origin.url("").removeprefix("http://")
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [
        f"{host}: 1 (1 listing, start URL)",
        "Would fetch 1 URLs from 1 hosts, and what these name. Nothing was fetched.",
    ]
    assert asked == {}
    assert not data.exists()


def test_a_data_directory_that_cannot_be_written_ends_with_3(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    result = scrapy("crawl", "news", "-s", f"DATA_DIR={tmp_path / 'file' / 'data'}")
    assert result.returncode == 3
    assert len(sentences(result.stderr)) == 1
    assert "DATA_DIR" in result.stderr
    assert "Traceback" not in result.stderr


def test_ctrl_c_before_the_crawl_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Command, "execute", interrupt)
    with pytest.raises(SystemExit) as end:
        Command().run(["news"], Namespace(spargs={}))
    assert end.value.code == 1
    assert capsys.readouterr().err == "frontwire: Stopped before the crawl had begun.\n"


def test_on_a_disk_that_is_nearly_full_no_run_begins(tmp_path: Path) -> None:
    ran = scrapy("crawl", "news", "-s", f"DATA_DIR={tmp_path}", "-s", "MIN_FREE_DISK=1000000000000000000")
    assert ran.returncode == 3
    assert ran.stderr.splitlines()[-1].endswith(
        f" MB are free in {tmp_path}, less than MIN_FREE_DISK (1,000,000,000,000 MB). "
        "Free space, or give a smaller number."
    )


def test_a_file_that_is_no_archive_ends_with_1(tmp_path: Path) -> None:
    (tmp_path / "broken.warc.gz").write_bytes(b"no archive at all")
    result = scrapy(
        "crawl", "replay", "-a", f"path={tmp_path / 'broken.warc.gz'}", "-s", f"DATA_DIR={tmp_path / 'data'}"
    )
    assert result.returncode == 1
    assert "broken.warc.gz" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_newer_catalogue_is_refused(tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "catalogue.sqlite") as catalogue:
        catalogue.execute("create table schema_version (version integer not null)")
        catalogue.execute("insert into schema_version values (999)")
    result = scrapy("export", "-s", f"DATA_DIR={tmp_path}")
    assert result.returncode == 3
    assert "999" in result.stderr
    assert "Traceback" not in result.stderr


def test_when_nothing_answers_the_exit_code_is_1(tmp_path: Path) -> None:
    sources = tmp_path / "sources.txt"
    sources.write_text("http://127.0.0.1:9/feed.xml\n", encoding="utf-8")  # the discard port: nobody listens
    result = start_scrapy(
        "crawl", "news", "-a", f"sources={sources}", "-s", f"DATA_DIR={tmp_path / 'data'}",
        "-s", "ADDRESS_GUARD_ALLOW=127.0.0.1", "-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_DELAY_S=0.1",
    )  # fmt: skip
    assert result.returncode == 1
    assert "Everything that was due failed: 1 network_error (most often: " in result.stderr
    assert "The server refused the connection" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(("files", "runs"), [(1, 0), (65, 1)])
def test_a_catalogue_of_another_corpus_is_refused_and_no_file_moved(
    tmp_path: Path, files: int, runs: int
) -> None:
    month = tmp_path / "corpus" / "2021-01"
    month.mkdir(parents=True)
    for number in range(files):
        (month / f"{number:03d}_0123456789abcdef.txt").write_bytes(b" date 2021-01 Veld was shelled.")
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        for _ in range(runs):
            begin_run(catalogue, "news", {}, "")
    result = scrapy("crawl", "news", "-s", f"DATA_DIR={tmp_path}")
    assert result.returncode == 2
    [sentence] = sentences(result.stderr)
    assert f"does not know {files} files of {tmp_path / 'corpus'}" in sentence
    assert len(list(month.iterdir())) == files


@pytest.mark.parametrize(
    ("files", "runs", "is_refused"),
    [(0, 0, False), (1, 0, True), (1, 1, False), (BATCH, 1, False), (BATCH + 1, 1, True)],
)
def test_as_many_files_as_a_kill_leaves_may_be_without_a_row(
    tmp_path: Path, files: int, runs: int, is_refused: bool
) -> None:
    month = tmp_path / "corpus" / "2021-01"
    month.mkdir(parents=True)
    for number in range(files):
        (month / f"{number:03d}_0123456789abcdef.txt").touch()
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        for _ in range(runs):
            begin_run(catalogue, "news", {}, "")
    with pytest.raises(OperatorError) if is_refused else nullcontext():
        refuse_foreign_corpus("", DataDir.at(tmp_path))


def test_an_archive_that_fails_when_the_run_is_over_makes_the_exit_code_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "index.cdxj")

    monkeypatch.setattr(index_files, "add_lines", refuse)
    with open_site(Site({"/a": article("Veld")}), ["/a"], tmp_path):
        given = SETTINGS | {"DATA_DIR": str(tmp_path / "data")}
        crawler = run_crawl("news", given, sources=str(tmp_path / "sources.txt"))
    result = recorder_of(crawler).result
    assert result is not None
    assert result.exit_code == OK
    assert exit_code_of(crawler) == STORAGE
    assert "No space left on device" in caplog.text


@pytest.mark.parametrize(("more", "is_refused"), [(-1, True), (0, False), (1, False)])
def test_a_crawl_begins_where_the_least_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int, is_refused: bool
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000 + more)
    monkeypatch.setattr("crawler.cli.crawl.shutil.disk_usage", lambda _: usage)
    with pytest.raises(OperatorError, match="MIN_FREE_DISK") if is_refused else nullcontext() as refusal:
        require_room(tmp_path, 1_000_000)
    assert refusal is None or refusal.value.exit_code == STORAGE


@pytest.mark.parametrize(
    "refusal",
    [
        ("MIN_FREE_DISK=1000000000000000000",),
        ("STORE_URL=postgresql+psycopg://nobody@127.0.0.1:1/none",),
        ("STORE_URL=sqlite:////nowhere/at/all.sqlite",),
        ("SEEDS_DIR=nowhere",),
    ],
)
def test_a_refused_run_leaves_nothing_behind(refusal: tuple[str], tmp_path: Path) -> None:
    key = f"ARCHIVE_SIGNING_KEY={tmp_path / 'keys' / 'key.pem'}"
    data = f"DATA_DIR={tmp_path / 'new' / 'data'}"
    ran = scrapy("crawl", "news", "-s", data, "-s", key, "-s", refusal[0])
    assert ran.returncode in (2, 3)
    assert ran.stderr.splitlines()[-1].startswith("frontwire: ")
    assert "Traceback" not in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_is_refused_for_a_lost_catalogue_makes_none_and_names_the_way_back(
    data: Path,
) -> None:
    (data / "catalogue.sqlite").unlink()
    before = sorted(data.rglob("*"))
    ran = scrapy("crawl", "news", "-s", f"DATA_DIR={data}")
    assert ran.returncode == 2
    assert "scrapy store rebuild" in ran.stderr
    assert sorted(data.rglob("*")) == before
