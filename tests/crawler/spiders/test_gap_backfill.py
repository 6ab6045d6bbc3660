"""A back-fill of gaps fetches the days that nobody listened to, and nothing else."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.catalogue.silences import Gap, Silence, days_to_fill, find_gaps
from crawler.database.catalogue import Catalogue
from crawler.exit_codes import OK
from tests.support.commands import scrapy
from tests.support.crawls import run_crawl
from tests.support.days import move_into_past, path_of, publish
from tests.support.hostile_site import SETTINGS, Site, fates, feed
from tests.support.origin import Origin, serve

DAYS_AGO = 5
"""The last crawl, before which there was an article a day."""

REGISTRY = """
[[source]]
id = "tarn"
name = "Tarn"
homepage = "{0}/"
feeds = ["{0}/feed"]
sitemaps = ["{0}/sitemap.xml"]
timezone = "{1}"
"""


@dataclass(frozen=True)
class Press:
    """A source to which nobody listened for some days."""

    site: Site
    origin: Origin
    folder: Path
    today: date

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def fill(self, **arguments: str) -> None:
        given = {**SETTINGS, "DATA_DIR": str(self.data)}
        run_crawl(
            "backfill", given, sources=str(self.folder / "mine.toml"), gaps="1", via="sitemap", **arguments
        )

    def gaps(self) -> dict[str, tuple[Silence, str]]:
        with closing(Catalogue.open("", self.data)) as catalogue:
            found = find_gaps(catalogue, self.day(9), self.today)
            return {gap.day: (gap.silence, gap.detail) for gap in found if gap.day < str(self.today)}


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    site = Site()
    with serve(site) as origin:
        press = Press(site, origin, tmp_path, datetime.now(UTC).date())
        (tmp_path / "mine.toml").write_text(REGISTRY.format(origin.url(""), "UTC"), encoding="utf-8")
        publish(site, origin, [press.day(DAYS_AGO)])
        site["/feed"] = feed([origin.url(path_of(press.day(DAYS_AGO)))])
        run_crawl("news", {**SETTINGS, "DATA_DIR": str(press.data)}, sources=str(tmp_path / "mine.toml"))
        move_into_past(press.data, DAYS_AGO)
        publish(site, origin, [press.day(ago) for ago in (9, 8, 7, 6, 4, 3, 1)])
        yield press


def test_the_days_without_a_run_are_fetched_and_no_other(press: Press) -> None:
    missing = {str(press.day(ago)): (Silence.NO_RUN, "") for ago in (4, 3, 2, 1)}
    assert press.gaps() == missing
    press.fill()
    ended = fates(press.data, press.origin)
    assert {path for path, fate in ended.items() if fate == "saved"} == {
        path_of(press.day(ago)) for ago in (DAYS_AGO, 4, 3, 1)
    }
    asked = {path: len(read) for path, read in press.origin.read.items() if path.startswith("/20")}
    # By its address one may be of the day before; it turns out that it is not.
    assert asked == dict.fromkeys((path_of(press.day(ago)) for ago in (6, DAYS_AGO, 4, 3, 1)), 1)
    assert ended[path_of(press.day(6))] == "out_of_range"
    assert press.gaps() == {
        day: (
            Silence.FILLED,
            f"our run missing; a back-fill found {'no articles' if ago == 2 else '1 article'}",
        )
        for ago in (4, 3, 2, 1)
        if (day := str(press.day(ago)))
    }


def test_what_was_filled_in_is_not_fetched_again(press: Press) -> None:
    press.fill()
    asked = {path: len(read) for path, read in press.origin.read.items()}
    press.fill()
    assert {path: len(read) for path, read in press.origin.read.items()} == asked


def test_a_back_fill_that_was_stopped_goes_on_with_the_same_days(press: Press) -> None:
    press.fill()
    with closing(sqlite3.connect(press.data / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.execute("update run set reason = 'killed' where spider = 'backfill'")
        last = path_of(press.day(1))
        catalogue.execute("update url set state = 'queued', fate = null where url like ?", (f"%{last}",))
        catalogue.execute("delete from article where published like ?", (f"{press.day(1)}%",))
    assert {silence for silence, _ in press.gaps().values()} == {Silence.NO_RUN}, "it did not come to its end"
    press.fill()
    assert {silence for silence, _ in press.gaps().values()} == {Silence.FILLED}
    asked = {path: len(read) for path, read in press.origin.read.items() if path.startswith("/20")}
    assert {path for path, count in asked.items() if count > 1} <= {last}
    assert fates(press.data, press.origin)[last] == "saved"
    assert len(press.origin.read["/sitemap.xml"]) == 2, "once by the crawl"


def test_a_back_fill_that_read_nothing_fills_nothing(press: Press) -> None:
    del press.site["/sitemap.xml"]
    press.fill()
    assert {silence for silence, _ in press.gaps().values()} == {Silence.NO_RUN}


def test_other_days_than_those_asked_for_stay_gaps(press: Press) -> None:
    press.fill(since=str(press.day(2)), until=str(press.day(1)))
    filled = {day for day, (silence, _) in press.gaps().items() if silence is Silence.FILLED}
    assert filled == {str(press.day(2)), str(press.day(1))}


def test_the_plan_says_which_days_of_how_many_sources_and_why(press: Press) -> None:
    given = ("-a", f"sources={press.folder / 'mine.toml'}", "-a", "gaps=1", "-s", f"DATA_DIR={press.data}")
    planned = scrapy("crawl", "backfill", *given, "-a", "dry_run=1")
    assert planned.returncode == OK, planned.stderr
    said = " ".join(planned.stdout.split())
    assert "4 days of 1 source (4 our run missing), each with the day before it." in said
    press.fill()
    planned = scrapy("crawl", "backfill", *given)
    assert planned.returncode == OK, planned.stderr
    assert "is to be filled in: see scrapy gaps." in " ".join(planned.stdout.split())


def test_sources_that_no_registry_has_are_named(press: Press) -> None:
    planned = scrapy("crawl", "backfill", "-a", "gaps=1", "-s", f"DATA_DIR={press.data}")
    assert planned.returncode == OK, planned.stderr
    assert "Gaps of sources that are not in the registry stay (tarn)" in " ".join(planned.stdout.split())


def test_a_folder_without_a_catalogue_has_no_gaps_to_look_for(tmp_path: Path) -> None:
    refused = scrapy("crawl", "backfill", "-a", "gaps=1", "-s", f"DATA_DIR={tmp_path / 'none'}")
    assert refused.returncode == 2
    assert "run a crawl first" in refused.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("silence", Silence)
def test_a_day_is_filled_if_news_may_be_missing_that_its_publisher_lets_be_read(silence: Silence) -> None:
    kept_out = {"nothing published", "all off topic", "nothing kept", "articles wait", "robots.txt forbids"}
    days = days_to_fill([Gap("tarn", "2026-03-01", silence, "")])
    expected = {} if silence in {*kept_out, "filled in"} else {"tarn": {date(2026, 2, 28), date(2026, 3, 1)}}
    assert days == expected
