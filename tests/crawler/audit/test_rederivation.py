"""The corpus is derived again from all archives in their order, in a place that is removed in the end."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from crawler.audit.rederivation import (
    WORK_PREFIX,
    NoRoom,
    RederivationFailed,
    archives_of,
    rederived,
    remove_left_over,
    workspace,
)
from crawler.catalogue.articles import articles
from crawler.catalogue.foreign_files import ForeignFile
from crawler.data_dir import DataDir
from tests.support.catalogues import seed_files

_Usage = namedtuple("_Usage", "total used free")


def touch(folder: Path, name: str) -> Path:
    path = folder / name
    path.touch()
    return path


def test_archives_come_in_the_order_in_which_runs_wrote_or_read_them(tmp_path: Path) -> None:
    third = touch(tmp_path, "archive-20210301120000000-00000-0123abcd.warc.gz.open")
    first = touch(tmp_path, "news-20210101120000000-00000-0123abcd.warc.gz")
    foreign = ForeignFile("/elsewhere/pages.wacz", 1, "00")
    found = archives_of(tmp_path, [("2021-02-01T12:00:00.000000Z", foreign)])
    assert found == [first, Path(foreign.path), third]


def test_without_an_archive_nothing_is_derived(tmp_path: Path) -> None:
    assert archives_of(tmp_path / "none", []) == []
    with rederived([], tmp_path, {}) as again:
        assert list(articles(again.catalogue)) == []


def test_the_workspace_lies_with_the_data_and_is_removed(tmp_path: Path) -> None:
    with workspace(DataDir.at(tmp_path)) as folder:
        assert folder.parent == tmp_path
    assert not folder.exists()


def test_what_a_killed_check_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / f"{WORK_PREFIX}x" / "data").mkdir(parents=True)
    remove_left_over(DataDir.at(tmp_path))
    assert not list(tmp_path.iterdir())


def test_a_disk_without_room_is_refused(newsroom_crawl: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(100, 99, 1))
    with pytest.raises(NoRoom, match="free space"), workspace(DataDir.at(newsroom_crawl)):
        pytest.fail("there is no room")
    assert not list(newsroom_crawl.glob(f"{WORK_PREFIX}*"))


def test_a_process_of_its_own_derives_the_same_files(newsroom_crawl: Path, tmp_path: Path) -> None:
    archives = archives_of(newsroom_crawl / "collections" / "news" / "archive", [])
    with rederived(archives, tmp_path, {"EXTRACTION_WORKERS": 2}) as again:
        assert seed_files(again.data_dir.path) == seed_files(newsroom_crawl)
        assert set(again.sources.values()) == set(archives)


def test_a_setting_that_is_wrong_is_named(newsroom_crawl: Path, tmp_path: Path) -> None:
    archives = archives_of(newsroom_crawl / "collections" / "news" / "archive", [])
    with pytest.raises(RederivationFailed, match="RELEVANCE_MODE is 'all'") as failure:
        rederived(archives, tmp_path, {"RELEVANCE_MODE": "all"}).__enter__()
    assert failure.value.exit_code == 2
