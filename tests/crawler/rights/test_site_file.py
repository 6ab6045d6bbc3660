"""A site is asked for its tdmrep.json once a day at most, by the rules of its robots.txt."""

from contextlib import closing
from pathlib import Path

import pytest

from crawler.catalogue.articles import articles
from crawler.database.catalogue import Catalogue
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, feed, http, open_site, redirect
from tests.support.origin import Answer

FILE = "/.well-known/tdmrep.json"
RESERVES = http(b'[{"location": "/", "tdm-reservation": 1}]', "application/json")
FORBIDS = http(b"User-agent: *\nDisallow: /.well-known/\n", "text/plain")
SAYS, UNKNOWN = "tdmrep.json: tdm-reservation=1", "tdmrep.json: unknown"


def declared(data: Path, store_url: str) -> list[list[str]]:
    with closing(Catalogue.open(store_url, data)) as catalogue:
        return [[*map(str, row.declared or ())] for row in articles(catalogue)]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({FILE: RESERVES}, [SAYS]),
        ({FILE: http(b"later", status="503 Service Unavailable")}, [UNKNOWN]),
        ({FILE: http(b"[{", "application/json")}, [UNKNOWN]),
        ({FILE: http(b"<!doctype html><p>Welcome to the Tarn Courier")}, []),
        ({}, []),
    ],
)
def test_two_runs_of_a_day_ask_once_whatever_the_answer_is(
    answers: dict[str, Answer], said: list[str], tmp_path: Path, store_url: str
) -> None:
    settings = SETTINGS | {"DATA_DIR": str(tmp_path / "data"), "STORE_URL": store_url}
    site = Site({"/a": article("Veld"), "/b": article("Osk"), **answers})
    with open_site(site, ["/a"], tmp_path) as origin:
        run_crawl("news", settings, sources=str(tmp_path / "sources.txt"))
        site["/feed"] = feed([origin.url("/a"), origin.url("/b")])
        run_crawl("news", settings, sources=str(tmp_path / "sources.txt"))
        assert len(origin.read[FILE]) == 1
    assert declared(tmp_path / "data", store_url) == [said, said]


@pytest.mark.parametrize(
    ("answers", "settings", "said", "times"),
    [
        ({FILE: RESERVES, "/robots.txt": FORBIDS}, {}, [UNKNOWN], 0),
        ({FILE: RESERVES}, {"TDMREP_FETCH": False}, [UNKNOWN], 0),
        ({FILE: redirect("/rights.json"), "/rights.json": RESERVES}, {}, [SAYS], 1),
        ({FILE: redirect(FILE)}, {}, [], 6),
    ],
)
def test_a_site_is_asked_as_its_rules_and_the_settings_allow(
    answers: dict[str, Answer], settings: dict[str, object], said: list[str], times: int, tmp_path: Path
) -> None:
    given = SETTINGS | {"DATA_DIR": str(tmp_path / "data")} | settings
    with open_site(Site({"/a": article("Veld"), **answers}), ["/a"], tmp_path) as origin:
        run_crawl("news", given, sources=str(tmp_path / "sources.txt"))
        assert len(origin.read[FILE]) == times
    assert declared(tmp_path / "data", "") == [said]


NAMES_LICENCE = http(
    b"User-agent: *\nDisallow: /shut\nLicense: /terms.xml\nLicense: /shut/terms.xml\n", "text/plain"
)


@pytest.mark.parametrize(
    ("licence", "settings", "said", "times"),
    [
        (
            http(b"<rsl><content><prohibits>ai-all</prohibits></content></rsl>"),
            {},
            ["rsl-prohibits: ai-all", "unknown"],
            1,
        ),
        (http(b"<!doctype html><p>Terms"), {}, ["unknown"], 1),
        (http(b"", status="404 Not Found"), {"TDMREP_FETCH": False}, ["unknown"], 0),
    ],
)
def test_licences_that_robots_txt_names_are_fetched_once_a_run_as_it_allows(
    licence: Answer, settings: dict[str, object], said: list[str], times: int, tmp_path: Path
) -> None:
    given = SETTINGS | {"DATA_DIR": str(tmp_path / "data")} | settings
    answers = {
        "/a": article("Veld"),
        "/b": article("Osk"),
        "/robots.txt": NAMES_LICENCE,
        "/terms.xml": licence,
    }
    with open_site(Site({**answers}), ["/a", "/b"], tmp_path) as origin:
        run_crawl("news", given, sources=str(tmp_path / "sources.txt"))
        assert [len(origin.read[path]) for path in ("/terms.xml", "/shut/terms.xml")] == [times, 0]
    found = declared(tmp_path / "data", "")
    assert [[each for each in its if each.startswith("rsl: ")] for its in found] == [
        [f"rsl: {each}" for each in said]
    ] * 2


def test_nothing_is_asked_of_a_site_of_which_no_article_is_fetched(tmp_path: Path) -> None:
    with open_site(Site(), [], tmp_path) as origin:
        run_crawl(
            "news", SETTINGS | {"DATA_DIR": str(tmp_path / "data")}, sources=str(tmp_path / "sources.txt")
        )
        assert FILE not in origin.read
