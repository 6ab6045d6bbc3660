"""Of each data directory that shares a catalogue it is said how its last crawl fares."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update

from crawler.catalogue.last_crawls import workers
from crawler.catalogue.places import enter_place
from crawler.catalogue.runs import begin_run, end_run
from crawler.data_dir import DataDir
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.frontier.leases import Leases
from crawler.frontier.url_rows import enter
from crawler.items import Discovery, Evidence, Link, UrlKind


@pytest.fixture
def shared_catalogue(postgres_url: str, tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue.open(postgres_url, tmp_path)) as catalogue:
        yield catalogue


def new_run(catalogue: Catalogue, folder: Path, spider: str = "news") -> int:
    folder.mkdir(exist_ok=True)
    return begin_run(catalogue, spider, {}, "test", enter_place(catalogue, DataDir.at(folder)))


def feed(number: int) -> Link:
    evidence = Evidence(source="brindle", how=Discovery.FEED)
    return Link(f"https://brindle.example/{number}", UrlKind.FEED, evidence)


def test_one_at_work_one_killed_and_two_that_ended(shared_catalogue: Catalogue, tmp_path: Path) -> None:
    catalogue, names = shared_catalogue, ("well", "faulty", "killed", "busy")
    well, faulty, killed, busy = (new_run(catalogue, tmp_path / name) for name in names)
    enter(catalogue, killed, [feed(1), feed(2)])
    leases = Leases(catalogue, killed, ["brindle"])
    leases.keep()
    leases.lease_urls([host.id for host in leases.lease_hosts(9)], 9)
    Leases(catalogue, busy, ["brindle"]).keep()
    end_run(catalogue, well, "finished", 0)
    end_run(catalogue, faulty, "finished", 1)
    with catalogue.engine.begin() as connection:
        its = update(schema.run).where(schema.run.c.id == killed)
        connection.execute(its.values(alive_until=0))
    found = workers(catalogue)
    states = [(each.place, each.state, each.is_well, each.exit_code) for each in found]
    assert states == [
        (str(tmp_path / "busy"), "at work", True, None),
        (str(tmp_path / "killed"), "killed", False, None),
        (str(tmp_path / "faulty"), "ended with faults", False, 1),
        (str(tmp_path / "well"), "ended", True, 0),
    ]
    assert [(each.discovered, each.leased) for each in found] == [(0, 0), (2, 2), (0, 0), (0, 0)]


def test_only_the_last_crawl_counts(shared_catalogue: Catalogue, tmp_path: Path) -> None:
    first = new_run(shared_catalogue, tmp_path / "a")
    end_run(shared_catalogue, first, "finished", 1)
    second = new_run(shared_catalogue, tmp_path / "a")
    end_run(shared_catalogue, second, "finished", 0)
    end_run(shared_catalogue, new_run(shared_catalogue, tmp_path / "a", "review"), "finished", 1)
    assert [(each.run_id, each.state) for each in workers(shared_catalogue)] == [(second, "ended")]


def test_a_catalogue_of_one_data_directory_has_no_workers(tmp_path: Path) -> None:
    with closing(Catalogue.open("", tmp_path)) as catalogue:
        new_run(catalogue, tmp_path)
        assert workers(catalogue) == []
