"""What goes on beside the pages of `scrapy browse`: its index is kept filled, and decisions are carried out in turn."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from time import sleep

import pytest
from scrapy.settings import Settings

from crawler.browse.site import Site
from crawler.catalogue.stated_decisions import Ruling
from crawler.catalogue.stated_months import StatedMonth
from crawler.cli import browse
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.search.hits import Search, find

PATIENCE_S = 60.0


def site_of(catalogue: Catalogue, data: Path) -> Site:
    settings = Settings()
    settings.setmodule("crawler.settings")
    return browse.make_site(settings, catalogue, DataDir.at(data), 8080)


def waits_for(is_so: Callable[[], bool]) -> bool:
    for _ in range(int(PATIENCE_S / 0.02)):
        if is_so():
            return True
        sleep(0.02)
    return False


def test_an_index_that_could_not_be_filled_is_filled_later_and_the_fault_is_forgotten(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browse, "_FILL_EVERY_S", 0.02)
    with closing(Catalogue.open("", data)) as catalogue:
        site = site_of(catalogue, data)
        site.index_file.parent.mkdir(parents=True, exist_ok=True)
        site.index_file.mkdir()  # no database can be there
        with browse.kept_filled(site):
            assert waits_for(lambda: "cannot be brought up to date" in site.filling.failure)
            site.index_file.rmdir()
            assert waits_for(lambda: not site.filling.failure)
            assert site.filling.percent is None
            with site.index() as index:
                assert find(index, Search()).hits


def test_the_end_of_the_command_does_not_wait_for_an_index_of_millions(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []

    def fill_millions(_catalogue: object, _index: object, progress: Callable[[int, int], None]) -> None:
        for done in range(10_000):
            told.append(done)
            progress(done, 1_000_000)
            sleep(0.002)

    monkeypatch.setattr(browse, "fill", fill_millions)
    monkeypatch.setattr(browse, "_PATIENCE_S", 0.02)
    with closing(Catalogue.open("", data)) as catalogue:
        site = site_of(catalogue, data)
        with browse.kept_filled(site):
            assert waits_for(lambda: site.filling.percent == 0)
    assert len(told) < 10_000


def test_decisions_are_carried_out_one_after_the_other(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work, at_once = threading.Lock(), []

    def decided(_settings: object, decision: Ruling) -> str:
        is_alone = at_work.acquire(blocking=False)
        at_once.append(not is_alone)
        sleep(0.02)  # longer than it takes a thread to begin
        if is_alone:
            at_work.release()
        return decision.url

    monkeypatch.setattr(browse, "decided", decided)
    with closing(Catalogue.open("", data)) as catalogue, ThreadPoolExecutor(4) as threads:
        decide = site_of(catalogue, data).decide
        urls = [f"https://orla.example/{number}" for number in range(8)]
        assert [*threads.map(lambda url: decide(StatedMonth(url, "2021-01", "", "")), urls)] == urls
    assert not any(at_once)
