"""`scrapy prune` shows what it would forget, forgets it on demand, and harms neither archive nor corpus."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.catalogue.runs import begin_run
from crawler.cli.prune import parse_age
from crawler.data_dir import DataDir, DataDirBusy
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import OK
from tests.support.catalogues import ask, change, seed_files
from tests.support.commands import call, scrapy
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, open_site


def test_what_is_shown_is_what_is_forgotten_and_the_archive_stays_whole(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_site(Site({"/a": article("Veld")}), ["/a"], tmp_path):
        for _ in range(2):
            run_crawl("news", SETTINGS | {"DATA_DIR": str(data)}, sources=str(tmp_path / "sources.txt"))
    change(data, "update run set ended = '2020-01-01T00:00:00.000000Z'")
    files = seed_files(data)
    routine = "1 routine visits of runs that ended before "

    shown = scrapy("prune", "-s", f"DATA_DIR={data}")
    assert shown.returncode == 0, shown.stderr
    assert f"Would forget {routine}" in shown.stdout
    assert ask(data, "select count(*) from visit") == [(3,)]

    done = scrapy("prune", "--apply", "-s", f"DATA_DIR={data}")
    assert done.returncode == 0, done.stderr
    assert f"Forgot {routine}" in done.stdout
    assert ask(data, "select fate from visit order by id") == [("saved",), ("discovery",)]
    assert seed_files(data) == files
    verified = scrapy("verify", "-s", f"DATA_DIR={data}", "-s", "RELEVANCE_MODE=off")
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.mark.parametrize("text", ["400", "0d", "-3d", "1y", "d", "٤d", "999999d"])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(OperatorError, match="give days, such as 400d"):
        parse_age(text, datetime.now(UTC))


def test_an_age_is_a_number_of_days() -> None:
    assert parse_age("365d", datetime(2021, 1, 28, tzinfo=UTC)) == datetime(2020, 1, 29, tzinfo=UTC)


def test_nothing_is_forgotten_while_a_run_writes(tmp_path: Path) -> None:
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        begin_run(catalogue, "news", {}, "frontwire/0.1")
    with DataDir.at(tmp_path).held():
        assert call("prune", DATA_DIR=str(tmp_path)) == OK
        with pytest.raises(DataDirBusy):
            call("prune", "--apply", DATA_DIR=str(tmp_path))
    assert call("prune", "--apply", DATA_DIR=str(tmp_path)) == OK
