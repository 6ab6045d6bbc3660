"""`scrapy archive`: what was gathered lies in an object store, is read from there, and no failure costs anything."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from archive.objects.addresses import ObjectAddress
from archive.objects.stored_objects import listed
from archive.objects.whereabouts import files_in
from crawler.demo import Newsroom
from crawler.errors import OperatorError
from tests.support.catalogues import articles
from tests.support.checkout import ROOT
from tests.support.commands import call, scrapy
from tests.support.object_store import Asked, Fault, ObjectStore, object_store
from tests.support.uploads import contents
from tests.support.verifying import verify

pytestmark = pytest.mark.usefixtures("replays_here")


@pytest.fixture(scope="module")
def running() -> Iterator[ObjectStore]:
    with object_store() as store:
        store.make_bucket("news")
        yield store


@pytest.fixture
def store(running: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    running.use(monkeypatch)
    return running


@pytest.fixture
def url() -> str:
    """Where a test uploads to."""
    return f"s3://news/{uuid4().hex}"


def archive(data: Path, what: str, *arguments: str, **settings: object) -> int:
    return call("archive", what, *arguments, DATA_DIR=str(data), **settings)


def corpus(data: Path) -> dict[str, bytes]:
    return contents(data / "corpus")


def keys(url: str) -> set[str]:
    root = ObjectAddress.parse(url)
    return {each.address.key.removeprefix(f"{root.key}/") for each in listed(root)}


def replayed(path: object, data: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return scrapy("crawl", "replay", "-a", f"path={path}", "-s", f"DATA_DIR={data}", *options)


def test_catalogue_and_bucket_are_all_that_another_machine_needs(
    store: ObjectStore, data: Path, tmp_path: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    warcs = sorted((data / "collections" / "news" / "archive").glob("*.warc.gz"))
    assert archive(data, "upload", ARCHIVE_URL=url, ARCHIVE_KEEP_LOCAL=0) == 0
    assert f"{len(warcs)} new files" in capsys.readouterr().out
    assert [path for path in warcs if path.exists()] == []
    assert verify(data) == 0

    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(data / "catalogue.sqlite", other)
    assert archive(other, "attach", ARCHIVE_URL=url) == 0
    assert call("restore", "--apply", DATA_DIR=str(other)) == 0
    assert corpus(other) == corpus(data)
    assert verify(other) == 0
    assert "no fault" in capsys.readouterr().out
    assert call("trace", str(next(row.file for row in articles(other) if row.file)), DATA_DIR=str(other)) == 0
    assert call("wacz", str(tmp_path / "a.wacz"), DATA_DIR=str(other)) == 0
    # A run there goes on with the archive, and uploads to where it lies.
    assert replayed(tmp_path / "a.wacz", other, "-s", f"ARCHIVE_URL={url}").returncode == 0
    assert len({key.partition("/")[0] for key in keys(url)}) == 1


def test_a_replay_from_the_bucket_gives_the_same_corpus(
    store: ObjectStore, data: Path, tmp_path: Path, url: str
) -> None:
    assert archive(data, "upload", ARCHIVE_URL=url) == 0
    here = replayed(data / "collections", tmp_path / "here")
    there = replayed(f"{url}/*/archive/*.warc.gz", tmp_path / "there")
    assert (here.returncode, there.returncode) == (0, 0), there.stderr
    assert corpus(tmp_path / "there") == corpus(tmp_path / "here") != {}
    # The catalogue knows what was read by its URL, and finds it again.
    assert {str(row.warc)[: len(url)] for row in articles(tmp_path / "there")} == {url}
    assert verify(tmp_path / "there") == 0
    file = next(row.file for row in articles(tmp_path / "there") if row.file)
    assert call("trace", str(file), DATA_DIR=str(tmp_path / "there")) == 0


def test_a_killed_upload_is_finished_by_the_next_one(
    store: ObjectStore, data: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    warcs = sorted((data / "collections" / "news" / "archive").glob("*.warc.gz"))
    assert len(warcs) > 1
    store.fails(Fault.HELD, "PUT", of=warcs[1].name)
    command = [sys.executable, "-m", "scrapy", "archive", "upload", "-s", f"DATA_DIR={data}"]
    command += ["-s", f"ARCHIVE_URL={url}", "-s", "ARCHIVE_KEEP_LOCAL=0"]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.PIPE) as process:
        held = store.held.wait(60)
        process.send_signal(signal.SIGKILL)
    assert held, process.stderr
    assert [path.exists() for path in warcs[:2]] == [False, True]
    assert keys(url) == {key for key in keys(url) if key.endswith(warcs[0].name)} != set()

    store.recovers()
    assert archive(data, "upload", ARCHIVE_URL=url, ARCHIVE_KEEP_LOCAL=0) == 0
    assert f"{len(warcs) - 1} new files" in capsys.readouterr().out
    assert not any(path.exists() for path in warcs)
    assert verify(data) == 0


@pytest.mark.parametrize("fault", [Fault.EXPIRED, Fault.REFUSED])
def test_a_run_whose_upload_fails_has_lost_nothing_and_says_so(
    store: ObjectStore, data: Path, tmp_path: Path, url: str, fault: Fault
) -> None:
    warc = min((data / "collections" / "news" / "archive").glob("*.warc.gz"))
    store.fails(fault)
    settings = ["-s", f"ARCHIVE_URL={url}/archive", "-s", f"CORPUS_URL={url}/corpus"]
    run = replayed(warc, tmp_path / "run", "-a", "import=1", *settings, "-s", "ARCHIVE_KEEP_LOCAL=0")
    assert run.returncode == 0
    [about_archive, about_corpus] = [
        line for line in run.stderr.splitlines() if "yet, and still here" in line
    ]
    assert "WARNING" in about_archive
    assert ("ExpiredToken" in about_archive) is (fault is Fault.EXPIRED)
    assert "`scrapy archive upload" in about_archive
    assert "or the next run, goes on with them" in about_archive
    assert f"Not in {url}/corpus yet" in about_corpus
    assert "not-a-secret" not in run.stderr

    store.recovers()
    assert archive(tmp_path / "run", "upload", ARCHIVE_URL=f"{url}/archive", CORPUS_URL=f"{url}/corpus") == 0
    names = {str(path.relative_to(tmp_path / "run" / "corpus")) for path in seed_files(tmp_path / "run")}
    assert keys(f"{url}/corpus") == names != set()
    assert any(key.endswith(".warc.gz") for key in keys(f"{url}/archive"))


def test_files_that_a_run_has_closed_are_uploaded_while_it_goes_on(
    store: ObjectStore, tmp_path: Path, url: str
) -> None:
    data, written = tmp_path / "data", list[int]()

    def look(asked: Asked) -> None:
        if asked.method == "PUT" and asked.path.endswith(".warc.gz"):
            written.append(len(files_in(data / "collections" / "news" / "archive")))

    store.fault_of = look
    options = {"DATA_DIR": data, "ARCHIVE_URL": url, "ARCHIVE_KEEP_LOCAL": 0, "ARCHIVE_MAX_BYTES": 10_000}
    options |= {"ADDRESS_GUARD_ALLOW": "127.0.0.1", "DOWNLOAD_DELAY": 0.1}
    with Newsroom() as newsroom:
        newsroom.write_registry(tmp_path / "newsroom.toml")
        chosen = ("-a", f"sources={tmp_path / 'newsroom.toml'}", "-a", "source=calder-falls-ledger")
        given = (part for name, value in options.items() for part in ("-s", f"{name}={value}"))
        run = scrapy("crawl", "news", *chosen, *given)
    assert run.returncode == 0, run.stderr
    assert written[0] < len(files_in(data / "collections" / "news" / "archive"))
    assert "Not in" not in run.stderr
    assert list((data / "collections" / "news" / "archive").glob("*.warc.gz")) == []
    assert verify(data) == 0


def seed_files(data: Path) -> list[Path]:
    return sorted((data / "corpus").glob("[0-9]*/[0-9]*.txt"))


def test_the_bucket_of_texts_follows_the_corpus(
    store: ObjectStore, data: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {str(path.relative_to(data / "corpus")): path.read_bytes() for path in seed_files(data)}
    assert archive(data, "upload", CORPUS_URL=url) == 0
    assert keys(url) == files.keys()
    name, content = next(iter(files.items()))
    assert store.ask("GET", f"/{url.removeprefix('s3://')}/{name}") == (200, content)

    store.put(f"/{url.removeprefix('s3://')}/2020-01/000_of_another_worker.txt", b"x")
    store.requests.clear()
    (data / "corpus" / name).unlink()
    assert archive(data, "upload", CORPUS_URL=url) == 0
    assert [asked.path for asked in store.requests] == ["/news?delete"]
    assert keys(url) == files.keys() - {name} | {"2020-01/000_of_another_worker.txt"}
    assert "0 new files (0 bytes)" in capsys.readouterr().out


def test_what_is_taken_down_leaves_the_stores(
    store: ObjectStore, data: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings: dict[str, object] = {"ARCHIVE_URL": f"{url}/archive", "CORPUS_URL": f"{url}/corpus"}
    settings["ARCHIVE_KEEP_LOCAL"] = 0
    assert archive(data, "upload", **settings) == 0
    row = next(row for row in articles(data) if row.file)
    before = keys(url)
    [warc] = [key for key in before if key.endswith(str(row.warc))]
    assert f"corpus/{row.file}" in before

    def redact() -> int:
        return call("redact", row.url, "--reason", "Asked for", "--yes", DATA_DIR=str(data), **settings)

    store.fails(Fault.EXPIRED, "PUT", "POST")
    assert redact() == 1
    assert "The stores still hold what was taken down. Not in" in capsys.readouterr().out
    assert before <= keys(url)

    store.recovers()
    assert archive(data, "upload", **settings) == 0
    assert not {warc, f"corpus/{row.file}"} & keys(url)
    assert verify(data) == 0


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "Name where to with ARCHIVE_URL=s3://BUCKET/FOLDER"),
        (
            {"ARCHIVE_URL": "https://store.example/news"},
            "ARCHIVE_URL: https://store.example/news is no address",
        ),
        ({"CORPUS_URL": "s3://key:hunter2@news/x"}, "CORPUS_URL: s3://news/x is no address of objects"),
    ],
)
def test_what_is_no_address_is_refused(
    store: ObjectStore, data: Path, settings: dict[str, str], words: str
) -> None:
    with pytest.raises(OperatorError, match=words) as refused:
        archive(data, "upload", **settings)
    assert refused.value.exit_code == 2
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("place", "environment", "words"),
    [
        ("s3://no-such-bucket/x", {}, "There is no bucket no-such-bucket"),
        ("s3://news/x", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "does not answer for s3://news/x"),
        ("s3://news/x", {"AWS_ENDPOINT_URL": "not a server"}, "AWS_ENDPOINT_URL is no address of a server"),
    ],
)
def test_a_store_that_is_not_there_costs_a_sentence(
    store: ObjectStore,
    data: Path,
    place: str,
    environment: dict[str, str],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    before = contents(data)
    assert archive(data, "upload", ARCHIVE_URL=place, ARCHIVE_KEEP_LOCAL=0) == 1
    said = capsys.readouterr().out
    assert words in said
    assert "yet, and still here" in said
    assert {name: content for name, content in contents(data).items() if name != "run.lock"} == {
        name: content for name, content in before.items() if name != "run.lock"
    }


def test_of_several_archives_one_must_be_named(
    store: ObjectStore, data: Path, tmp_path: Path, url: str
) -> None:
    with pytest.raises(OperatorError, match="There is no archive at"):
        archive(tmp_path / "none", "attach", ARCHIVE_URL=url)
    assert archive(data, "upload", ARCHIVE_URL=url) == 0
    place = (data / "place.id").read_text().strip()
    store.put(f"/{url.removeprefix('s3://')}/0123456789abcdef/collection.json", b"{}")
    with pytest.raises(OperatorError, match=r"has the archives of .*: name one with --place"):
        archive(tmp_path / "other", "attach", ARCHIVE_URL=url)
    assert archive(tmp_path / "other", "attach", "--place", place, ARCHIVE_URL=url) == 0
    with pytest.raises(OperatorError, match=f"is the place {place}, not 0123456789abcdef"):
        archive(tmp_path / "other", "attach", "--place", "0123456789abcdef", ARCHIVE_URL=url)
