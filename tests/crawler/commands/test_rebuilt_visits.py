"""What gaps, epochs and series are told from is the same in a catalogue that was made again from the archive."""

from contextlib import closing
from dataclasses import astuple
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.audit import rebuilding
from crawler.catalogue.epochs import find_epochs
from crawler.catalogue.panel import series
from crawler.catalogue.silences import find_gaps
from crawler.database.catalogue import Catalogue
from tests.support.catalogues import ask
from tests.support.commands import call
from tests.support.crawls import run_crawl
from tests.support.days import path_of, publish
from tests.support.hostile_site import SETTINGS, Site, feed
from tests.support.newsroom_runs import make_due
from tests.support.origin import serve
from tests.support.rebuilds import rebuild_here

REGISTRY = """
[[source]]
id = "tarn"
name = "Tarn"
homepage = "{0}/"
feeds = ["{0}/feed"]
sections = ["{0}/gone"]
[[source]]
id = "veld"
name = "Veld"
homepage = "{0}/veld"
feeds = ["{0}/empty"]
"""


def heard(data: Path, today: date) -> dict[str, Any]:
    """All visits to listings, and what is told from them."""
    visits = (
        "select spider, url.url, visit.fate, form, links, dropped, new, oldest, newest, shared from visit "
        "join run on run.id = visit.run_id join url on url.id = url_id left join listing_read on visit_id = visit.id "
        "where url.kind not in ('article', 'image') order by visit.run_id, url.url"
    )
    with closing(Catalogue.open("", data)) as catalogue:
        return {
            "visits": ask(data, visits),
            "gaps": [*find_gaps(catalogue, today - timedelta(days=7), today)],
            "epochs": [*map(astuple, find_epochs(catalogue, today))],
            "series": [*series(catalogue, "", "")],
            "intervals": ask(data, "select url, interval_s from url where kind = 'feed' order by url"),
            "pending": ask(data, "select url from url where state != 'done'"),
        }


def test_visits_of_crawls_are_polls_again_and_those_of_other_runs_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "_replay", rebuild_here)
    data, registry, today = tmp_path / "data", tmp_path / "mine.toml", datetime.now(UTC).date()
    given, days = {**SETTINGS, "DATA_DIR": str(data)}, [today - timedelta(days=ago) for ago in range(9)]
    site = Site()
    with serve(site) as origin:
        registry.write_text(REGISTRY.format(origin.url("")), encoding="utf-8")
        publish(site, origin, days)
        site["/empty"] = feed([])
        for listed in (days[1:3], days[:1]):
            site["/feed"] = feed([origin.url(path_of(day)) for day in listed])
            run_crawl("news", given, sources=str(registry))
            make_due(data)
        since = {"since": str(days[8]), "until": str(days[5]), "via": "sitemap"}
        run_crawl("backfill", given, sources=str(registry), **since)
        site["/feed"] = feed([origin.url("/left-to-the-next-crawl")])
        looking = given | {"SPIDER_MODULES": ["crawler.scouting.check_spider"]}
        run_crawl("check", looking, sources=str(registry))
    before = heard(data, today)
    assert {spider for spider, *_ in before["visits"]} == {"news", "backfill", "check"}
    assert 0 in {shared for *_, shared in before["visits"]}
    told = {(gap.source, str(gap.silence)) for gap in before["gaps"]}
    assert told == {("tarn", "perhaps missed"), ("veld", "feed dead")}
    (data / "catalogue.sqlite").unlink()
    assert call("store", "rebuild", DATA_DIR=str(data), RELEVANCE_MODE="off") == 0
    assert heard(data, today) == before
