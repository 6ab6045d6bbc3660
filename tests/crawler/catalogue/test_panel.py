"""A source that is added makes a step in the sum of all sources, and none in that of those watched throughout."""

import csv
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.catalogue.panel import ALL, PANEL, SeriesRow, Watched, rows_of
from crawler.errors import OperatorError
from crawler.exit_codes import OK
from tests.support.commands import call
from tests.support.crawls import run_crawl
from tests.support.days import article_of, move_into_past, path_of
from tests.support.hostile_site import SETTINGS, Site, article, feed, open_site
from tests.support.newsroom_runs import make_due
from tests.support.origin import serve

MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")
WATCHED = Watched(
    {
        "tarn": {f"{month}-{day}" for month in MONTHS for day in ("02", "03")},
        "orla": {"2026-03-03", "2026-04-02", "2026-04-03"},
    }
)
ARTICLES = {
    month: {("fr", "tarn"): 10, ("ar", "tarn"): 1} | ({("fr", "orla"): 30} if month > "2026-02" else {})
    for month in MONTHS
}


def rows(months: tuple[str, ...] = MONTHS) -> list[SeriesRow]:
    return [*rows_of(ARTICLES, WATCHED, months)]


def of(source: str, language: str = "fr") -> list[tuple[int, int, int]]:
    return [
        (row.articles, row.polled, row.due)
        for row in rows()
        if (row.source, row.language) == (source, language)
    ]


def test_an_added_source_makes_a_step_in_all_and_none_in_the_panel() -> None:
    assert of(ALL) == [(10, 2, 4), (10, 2, 4), (40, 3, 4), (40, 4, 4)]
    assert of(PANEL) == [(10, 2, 2), (10, 2, 2), (10, 2, 2), (10, 2, 2)]
    assert of(PANEL, "ar") == [(1, 2, 2)] * 4
    assert {row.panel for row in rows() if row.source == "orla"} == {0}


def test_exposure_says_on_how_many_days_a_source_was_listened_to() -> None:
    assert of("orla") == [(30, 1, 2), (30, 2, 2)]
    # Without an article it has a row all the same.
    assert [
        (row.month, row.articles, row.polled) for row in rows() if row.source == "orla" and not row.language
    ] == [
        ("2026-01", 0, 0),
        ("2026-02", 0, 0),
    ]


def test_who_is_in_the_panel_depends_on_the_period() -> None:
    assert {row.source for row in rows(MONTHS[2:]) if row.panel} == {"tarn", "orla", PANEL}
    assert [*rows_of({}, Watched({}), [])] == []


def test_a_choice_of_sources_changes_neither_exposure_nor_panel() -> None:
    every = {day for days in WATCHED.days.values() for day in days}
    chosen = Watched({"orla": WATCHED.days["orla"]}, every)
    found = [row for row in rows_of(ARTICLES, chosen, MONTHS) if row.source == "orla"]
    assert found == [row for row in rows() if row.source == "orla"]
    assert chosen.panel(MONTHS) == frozenset()


def test_months_in_which_no_crawl_was_at_work_exclude_nobody() -> None:
    assert Watched({"tarn": {"2026-03-01"}}).panel(["2026-02", "2026-03"]) == {"tarn"}
    assert Watched({}).panel(["2026-02"]) == frozenset()


def test_the_command_writes_what_a_crawl_gathered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_site(Site({"/one": article("Veld")}), ["/one"], tmp_path):
        run_crawl("news", {**SETTINGS, "DATA_DIR": str(tmp_path)}, sources=str(tmp_path / "sources.txt"))
    assert call("series", "--since", "2021-01", "--until", "2021-01", DATA_DIR=str(tmp_path)) == OK
    [one, every, panel] = csv.DictReader(capsys.readouterr().out.splitlines())
    assert one["source"].startswith("127-0-0-1-")
    assert [(row["language"], row["articles"]) for row in (one, every, panel)] == [
        ("en", "1"),
        ("en", "1"),
        ("en", "0"),
    ]
    assert call("series", DATA_DIR=str(tmp_path)) == OK
    [one, every, panel] = csv.DictReader(capsys.readouterr().out.splitlines())
    assert [(row["panel"], row["articles"], row["polled"], row["due"]) for row in (one, every, panel)] == [
        ("1", "0", "1", "1"),
        ("0", "0", "1", "1"),
        ("1", "0", "1", "1"),
    ]


def test_a_source_that_crawls_take_in_mid_period_is_in_the_naive_series_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    today, registry = datetime.now(UTC).date(), tmp_path / "mine.toml"
    begin = today - timedelta(days=31)  # in an earlier month
    with ExitStack() as stack:
        homes = {name: (site := Site(), stack.enter_context(serve(site))) for name in ("tarn", "orla")}
        for day, names in ((begin, ["tarn"]), (today, ["tarn", "orla"])):
            for name, (site, origin) in homes.items():
                site[path_of(day)] = article_of(day, name.title())
                site["/feed"] = feed([origin.url(path_of(day))])
            entries = (
                f'[[source]]\nid = "{name}"\nname = "{name}"\nhomepage = "{at.url("/")}"\nfeeds = ["{at.url("/feed")}"]'
                for name in names
                for _, at in [homes[name]]
            )
            registry.write_text("\n".join(entries), encoding="utf-8")
            run_crawl("news", {**SETTINGS, "DATA_DIR": str(tmp_path / "data")}, sources=str(registry))
            if day == begin:
                move_into_past(tmp_path / "data", 31)
                make_due(tmp_path / "data")
    period = ("--since", f"{begin:%Y-%m}", "--until", f"{today:%Y-%m}")
    assert call("series", *period, DATA_DIR=str(tmp_path / "data")) == OK
    counts = {
        (row["source"], row["month"]): (row["articles"], row["polled"], row["due"])
        for row in csv.DictReader(capsys.readouterr().out.splitlines())
        if row["language"] == "en"
    }
    for group, later in ((ALL, ("2", "2", "2")), (PANEL, ("1", "1", "1"))):
        assert counts[group, f"{begin:%Y-%m}"][0] == "1"
        assert counts[group, f"{today:%Y-%m}"] == later


def test_a_wrong_month_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="--until is '2026-13': give a month such as 2026-03"):
        call("series", "--until", "2026-13", DATA_DIR=str(tmp_path))
