"""A crawl that gets a signal, or is killed: it ends, and the next run goes on where it stopped."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler.run.recorder import recorder_of
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, corpus, fates, open_site, silence
from tests.support.newsroom_runs import replay
from tests.support.processes import running

ENDLESS = {"DOWNLOAD_TIMEOUT": 100_000}
"""So that no crawl ends because it gave up on a server."""

PATIENT = "from crawler.run import shutdown; shutdown.GRACE_S = 100_000"
"""So that no crawl ends because its time for what is under way is over."""

STUCK = {
    "a page that never ends": Site({"/stuck": silence(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n<p>")}),
    "robots.txt that never comes": Site({"/robots.txt": silence()}),
}


@contextmanager
def crawling(*arguments: object, data: Path, before: str = "") -> Iterator[subprocess.Popen[str]]:
    """`scrapy crawl …` in a process of its own, after a line of Python."""
    settings = SETTINGS | ENDLESS | {"DATA_DIR": data}
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    program = f"{before}\nfrom scrapy.cmdline import execute; execute()"
    command = [sys.executable, "-c", program, "crawl", *map(str, arguments), *options]
    with running(command, stderr=subprocess.PIPE) as process:
        yield process


def stop(process: subprocess.Popen[str], number: int) -> str:
    """The log of a crawl that gets a signal and ends, with exit code 1."""
    process.send_signal(number)
    log = process.communicate(timeout=60)[1]
    assert process.returncode == 1, log
    assert "Traceback" not in log
    return log


@pytest.mark.slow
@pytest.mark.parametrize(("what", "number"), list(zip(STUCK, (signal.SIGINT, signal.SIGTERM), strict=True)))
def test_a_crawl_that_gets_a_signal_waits_for_no_server(tmp_path: Path, what: str, number: int) -> None:
    site, data = STUCK[what], tmp_path / "data"
    silent = "/stuck" if "/stuck" in site else "/robots.txt"
    sources = f"sources={tmp_path / 'sources.txt'}"
    with (
        open_site(site, ["/stuck"], tmp_path) as origin,
        crawling("news", "-a", sources, data=data) as process,
    ):
        while not origin.read[silent]:
            assert process.poll() is None
            time.sleep(0.02)
        log = stop(process, number)
        ended = fates(data, origin)
    assert "Run stopped early" in log
    assert ended["/stuck" if silent == "/stuck" else "/feed"] is None
    assert not list(data.rglob("*.open"))


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_the_crawl_at_once(tmp_path: Path, number: int) -> None:
    site, data = Site(STUCK["a page that never ends"].data), tmp_path / "data"
    site["/a"] = article("Veld")
    sources = f"sources={tmp_path / 'sources.txt'}"
    with open_site(site, ["/a", "/stuck"], tmp_path) as origin:
        with crawling("news", "-a", sources, data=data, before=PATIENT) as process:
            while not (origin.read["/stuck"] and corpus(data)):
                assert process.poll() is None
                time.sleep(0.02)
            process.send_signal(number)
            assert process.stderr is not None
            while "Stopping: what is under way is finished and written" not in process.stderr.readline():
                assert process.poll() is None
            stop(process, number)
        site["/stuck"] = article("Tarmil")
        settings = SETTINGS | {"DATA_DIR": str(data)}
        run_crawl("news", settings, sources=str(tmp_path / "sources.txt"))
        assert len(corpus(data)) == 2
        assert len(origin.read["/a"]) == 1


@pytest.mark.slow
def test_a_replay_that_gets_a_signal_reconciles(tmp_path: Path) -> None:
    site = Site({f"/a{number}": article(f"Veld {number}") for number in range(60)})
    with open_site(site, [path for path in site if path != "/robots.txt"], tmp_path):
        run_crawl(
            "news", SETTINGS | {"DATA_DIR": str(tmp_path / "live")}, sources=str(tmp_path / "sources.txt")
        )
    archive, data = tmp_path / "live" / "collections" / "news" / "archive", tmp_path / "again"
    with crawling("replay", "-a", f"path={archive}", data=data) as process:
        while not list((data / "corpus").rglob("[0-9]*.txt")):
            assert process.poll() is None
            time.sleep(0.02)
        log = stop(process, signal.SIGTERM)
    assert "Run stopped early" in log
    assert "destroyed" not in log
    replay(archive, data, RELEVANCE_MODE="off")
    assert corpus(data) == corpus(tmp_path / "live")


def test_what_a_kill_left_without_a_row_is_in_the_corpus_no_more(tmp_path: Path) -> None:
    data = tmp_path / "data"
    month = data / "corpus" / "2021-01"
    month.mkdir(parents=True)
    stray = month / "004_0123456789abcdef.txt"
    stray.write_bytes(b" date 2021-01 Written, but the kill came before its row.")
    (month / ".005_0123456789abcdef.txt.tmp").write_bytes(b" date 20")
    with open_site(Site({"/a": article("Veld")}), ["/a"], tmp_path):
        for _ in range(2):
            run_crawl("news", SETTINGS | {"DATA_DIR": str(data)}, sources=str(tmp_path / "sources.txt"))
    assert len(corpus(data)) == 1
    assert [file.name[:3] for file in month.iterdir()] == ["000"]
    assert (data / "corpus" / ".revisions" / "2021-01" / stray.name).is_file()


def test_left_over_urls_of_sources_that_are_not_chosen_stay_pending(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (tmp_path / "other").mkdir()
    with (
        open_site(Site({"/a": article("Veld")}), ["/a"], tmp_path) as origin,
        open_site(Site({"/b": article("Tarmil")}), ["/b"], tmp_path / "other"),
    ):
        limits = {"DATA_DIR": str(data), "CLOSESPIDER_PAGECOUNT": 1, "CONCURRENT_REQUESTS": 1}
        run_crawl("news", SETTINGS | limits, sources=str(tmp_path / "sources.txt"))
        assert fates(data, origin)["/a"] is None
        settings = SETTINGS | {"DATA_DIR": str(data)}
        run_crawl("news", settings, sources=str(tmp_path / "other" / "sources.txt"))
        assert fates(data, origin)["/a"] is None
        crawler = run_crawl("news", settings, sources=str(tmp_path / "sources.txt"))
        assert fates(data, origin)["/a"] == "saved"
    result = recorder_of(crawler).result
    assert result is not None
    assert result.tally.reconciles
