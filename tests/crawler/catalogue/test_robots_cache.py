"""Rules that were told to one run hold in others, and never for longer than a day."""

from pathlib import Path

import pytest
from sqlalchemy import update

from crawler.catalogue.robots_cache import StoredRobots
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.engine import open_engine
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, open_site


@pytest.mark.parametrize(("age_h", "times_asked"), [(22.9, 1), (23.1, 2)])
def test_a_run_holds_them_for_an_hour_and_takes_none_that_would_become_older_than_a_day(
    tmp_path: Path, store_url: str, age_h: float, times_asked: int
) -> None:
    data = tmp_path / "data"
    settings = SETTINGS | {"DATA_DIR": str(data), "STORE_URL": store_url}
    with open_site(Site({"/a": article("Veld")}), ["/a"], tmp_path) as origin:
        run_crawl("news", settings, sources=str(tmp_path / "sources.txt"))
        engine = open_engine(store_url, data)
        with engine.begin() as connection:
            older = schema.robots.c.fetched - int(age_h * 3_600_000)
            connection.execute(update(schema.robots).values(fetched=older))
        engine.dispose()
        run_crawl("news", settings, sources=str(tmp_path / "sources.txt"))
        assert len(origin.read["/robots.txt"]) == times_asked


@pytest.mark.parametrize(
    ("fetched_s", "is_known"), [(0, True), (-3590, True), (-3610, False), (3600, False), (86400, False)]
)
def test_rules_are_known_while_they_are_young_and_not_if_they_come_from_the_future(
    tmp_path: Path, store_url: str, fetched_s: int, is_known: bool
) -> None:
    catalogue = Catalogue.open(store_url, tmp_path)
    cache = StoredRobots(catalogue)
    cache.save("https://marisol.example", b"User-agent: *")
    cache.save("https://tarn.example", b"")
    with catalogue.engine.begin() as connection:
        moved = schema.robots.c.fetched + 1000 * fetched_s
        connection.execute(update(schema.robots).values(fetched=moved))
    assert cache.find("https://marisol.example", 3600.0) == (b"User-agent: *" if is_known else None)
    assert cache.find("https://tarn.example", 3600.0) == (b"" if is_known else None)
    assert cache.find("https://other.example", 3600.0) is None
    cache.save("https://marisol.example", b"")
    assert cache.find("https://marisol.example", 3600.0) == b""
    cache.close()
