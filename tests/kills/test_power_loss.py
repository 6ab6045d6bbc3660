"""The power fails under a command: what it had said is true, and the same command given again completes it."""

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.replay.stored_records import read_record
from crawler.catalogue.articles import articles
from crawler.database.catalogue import Catalogue
from tests.support.catalogues import known
from tests.support.checkout import ROOT
from tests.support.commands import scrapy
from tests.support.killed_runs import MERGE, Desk, check_complete
from tests.support.power.disk import Disk, lay_out, power_cuts
from tests.support.power.disk_log import watching
from tests.support.press import Press, open_press
from tests.support.session import SIGNING_KEY
from tests.support.takedowns import all_bytes

pytestmark = pytest.mark.slow

ARTICLES = 12
Command = list[str | Path]


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with open_press(tmp_path, ARTICLES) as press:
        yield press


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, "")


@pytest.fixture
def cuts(request: pytest.FixtureRequest) -> int:
    """About how often the power fails: less often where the command is given again each time, and takes long."""
    return int(request.config.getoption("--kills"))


def fail_under(
    desk: Desk, start: Callable[[dict[str, str]], subprocess.Popen[bytes]], cuts: int
) -> Iterator[str]:
    """Run a command to its end; then leave the data as each power cut would, and give what was said until then."""
    desk.data.mkdir(exist_ok=True)
    log = desk.data.with_suffix(".operations")
    disk = Disk(desk.data)
    assert start(watching(desk.data, log)).wait(120) == 0, desk.log
    for said, image in power_cuts(disk, log, random.Random(2021), cuts):
        lay_out(image, desk.data)
        yield said


def started(command: Command, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL
    )


def completes(desk: Desk, press: Press) -> None:
    """A run finishes what the power cut left, and everything is as it should be."""
    assert desk.run() == 0, desk.log
    desk.check_whole()
    check_complete(press, desk)
    is_sound(desk)


def is_sound(desk: Desk, **settings: str) -> None:
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    verified = scrapy("verify", "-s", f"DATA_DIR={desk.data}", *options)
    assert verified.returncode == 0, verified.stdout + verified.stderr


def saved(desk: Desk) -> int:
    """How many articles the catalogue names; the record and the file of each are there."""
    if not (desk.data / "catalogue.sqlite").exists():
        return 0
    with closing(Catalogue.open("", desk.data)) as catalogue:
        rows = [row for row in articles(catalogue, everything=True) if row.file is not None]
    seen = {str(path.relative_to(desk.data / "corpus")): path for path in desk.seed_files()}
    for row in rows:
        archived = desk.archive / known(row.warc)
        record = read_record(archived if archived.exists() else Path(f"{archived}.open"), known(row.offset))
        assert ("warc-record-id", row.record_id) in record.headers
        assert row.sha256 == hashlib.sha256(seen[str(row.file)].read_bytes()).hexdigest()
    return len(rows)


def test_a_crawl(press: Press, desk: Desk, cuts: int) -> None:
    most = 0
    for number, said in enumerate(fail_under(desk, desk.start, 8 * cuts)):
        found = saved(desk)
        most = max(most, found)
        assert found == ARTICLES or f"{ARTICLES} saved" not in said
        if number % 12 == 0:
            completes(desk, press)
    assert most == ARTICLES


def test_a_merge(press: Press, desk: Desk, cuts: int) -> None:
    for _ in range(2):
        assert desk.run() == 0, desk.log
    files = len(list(desk.archive.iterdir()))
    merge: Command = ["-c", MERGE, desk.data, os.environ[SIGNING_KEY], "frontwire"]
    for number, _ in enumerate(fail_under(desk, lambda environment: started(merge, environment), 5 * cuts)):
        names = len(list(desk.archive.iterdir()))
        assert saved(desk) == ARTICLES
        if number % 12 == 0:
            completes(desk, press)
    assert names < files


def test_a_takedown(press: Press, desk: Desk, cuts: int) -> None:
    assert desk.run() == 0, desk.log
    [url, *_] = press.pages
    town = url.rpartition("/")[2].replace("-", " ").title()
    [secret] = [seed.splitlines()[0] for seed in press.seeds if town.encode() in seed]
    redact: Command = [
        "-m",
        "scrapy",
        "redact",
        url,
        "--reason",
        "As asked",
        "--yes",
        "-s",
        f"DATA_DIR={desk.data}",
    ]
    for said in fail_under(desk, lambda environment: started(redact, environment), cuts // 3):
        if "Redacted" in said:
            assert secret not in all_bytes(desk.data)
        assert scrapy(*redact[2:]).returncode == 0
        is_sound(desk)
        assert len(desk.seed_files()) == ARTICLES - 1


def test_a_derivation(press: Press, tmp_path: Path, cuts: int) -> None:
    desk = Desk(tmp_path, "", RELEVANCE_MODE="related")
    assert desk.run() == 0, desk.log
    assert not desk.seed_files()
    settings = ["-s", f"DATA_DIR={desk.data}", "-s", "RELEVANCE_MODE=off"]
    rederive: Command = ["-m", "scrapy", "rederive", "--apply", *settings]
    for said in fail_under(desk, lambda environment: started(rederive, environment), cuts // 3):
        assert saved(desk) == ARTICLES or "The changes were made" not in said
        assert scrapy(*rederive[2:]).returncode == 0
        assert {file.read_bytes() for file in desk.seed_files()} == press.seeds
        is_sound(desk, RELEVANCE_MODE="off")
