"""A run that chooses no sources takes those that cover the wars of its seeds."""

import logging
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.errors import OperatorError
from crawler.relevance.seeds import read_seeds
from crawler.sources.choice import Choice
from crawler.sources.registry import load_sources
from crawler.sources.source import Source
from crawler.spiders.news import NewsSpider
from crawler.spiders.seed_focus import focus_of, sources_for_seeds
from tests.support.checkout import ROOT
from tests.support.commands import scrapy

SYRIA = ("Syrian rebels shelled Aleppo, and Syria's army answered near Idlib.",)
YEMEN = ("Au Yémen, des combats ont éclaté à Sanaa ; les Yéménites fuient.",)
NOWHERE = ("The council of Varosk voted on the market hall.",)


def source(name: str, *focus: str) -> Source:
    return Source(id=name, name=name, homepage=f"https://{name}.example/", focus=focus)


SOURCES = [
    source("general"),
    source("syrian", "SY", "IQ"),
    source("yemeni", "YE"),
    source("sahelian", "Sahel"),
]


def write(folder: Path, *seeds: tuple[str, ...]) -> Path:
    for number, seed in enumerate(seeds):
        (folder / f"{number}.txt").write_text(" date 2021-01 " + "\n\n".join(seed), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("seeds", "focus"),
    [
        ([SYRIA], {"SY"}),
        ([YEMEN], {"YE"}),
        ([SYRIA, YEMEN], {"SY", "YE"}),
        ([NOWHERE], set()),
        ([SYRIA * 6 + ("Fighters had come from Mali and Niger once.",)], {"SY"}),
    ],
)
def test_the_wars_of_the_seeds_are_those_they_name_most(
    seeds: list[tuple[str, ...]], focus: set[str]
) -> None:
    assert focus_of(seeds) == focus


def test_the_seed_of_this_checkout_is_about_one_war() -> None:
    assert focus_of(read_seeds(ROOT / "seeds")) == {"SY"}


@pytest.mark.parametrize(
    ("seed", "chosen"),
    [(SYRIA, ["syrian"]), (YEMEN, ["yemeni"]), (NOWHERE, ["syrian", "yemeni", "sahelian"])],
)
def test_sources_that_cover_them_are_taken_and_counted(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, seed: tuple[str, ...], chosen: list[str]
) -> None:
    with caplog.at_level(logging.INFO):
        assert [each.id for each in sources_for_seeds(SOURCES, write(tmp_path, seed))] == chosen
    assert f"has 4 sources; this run takes the {len(chosen)} that cover" in caplog.text


def test_a_folder_without_seeds_is_named(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="No seed document"):
        sources_for_seeds(SOURCES, tmp_path)


@pytest.mark.parametrize("arguments", [{"country": "UA"}, {"language": "uk", "kind": "agency"}])
def test_a_choice_is_kept_whatever_the_seeds_say(tmp_path: Path, arguments: dict[str, str]) -> None:
    spider = NewsSpider(**arguments)
    spider.choose_sources(Settings({"SEEDS_DIR": str(write(tmp_path, SYRIA)), "SOURCES": []}))
    assert spider.sources == load_sources(None, Choice.of(arguments))


def test_a_dry_run_without_a_choice_names_hosts_of_the_war(tmp_path: Path) -> None:
    seeds = write(tmp_path, YEMEN)
    found = scrapy(
        "crawl", "news", "-a", "dry_run=1", "-a", f"seeds={seeds}", "-s", f"DATA_DIR={tmp_path / 'data'}"
    )
    assert found.returncode == 0
    assert "that cover YE, as the seeds do" in found.stderr
    assert "sanaacenter.org" in found.stdout
    assert "www.lemonde.fr" not in found.stdout
