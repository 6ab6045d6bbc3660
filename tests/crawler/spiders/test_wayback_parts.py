"""What belongs to a page that a web archive has comes from there: further pages of its article, and its pictures."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.backfills import evidence_of, kept
from tests.support.catalogues import articles
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, corpus
from tests.support.long_stories import Story, long_page, pager, sights
from tests.support.newsroom_runs import fates, make_due, replay
from tests.support.past_web import Reply, past_web

SITE, CAPTURED, LATER = "http://longread.example", "20210112080000", "20210119080000"
STORY = Story(address=lambda page: f"/2021/01/12/the-ferrymen-of-ulvika/{f'{page}/' if page > 1 else ''}")
PICTURE = "/ferry.jpg"
REGISTRY = f'[[source]]\nid = "longread"\nname = "Longread"\nhomepage = "{SITE}/"\nfeeds = ["{SITE}/feed"]\n'


@dataclass
class Machine:
    """A Wayback Machine whose index names the first page only; one page was captured a week later."""

    lacks: tuple[str, ...] = ()
    bodies: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, path in enumerate(STORY.paths, 1):
            picture = f'<img src="{PICTURE}" width=800 height=600>' * (number == 1)
            links = pager(STORY.paths, number) + picture
            page = long_page(f"The ferrymen of {STORY.name}", sights(STORY.name, number), links)
            self.bodies[path] = page.data.partition(b"\r\n\r\n")[2]
        self.bodies[PICTURE] = b"\xff\xd8\xff"

    def __call__(self, path: str, headers: Mapping[str, str]) -> Reply | None:
        if path.startswith("/cdx/"):
            row = [CAPTURED, SITE + STORY.paths[0], "text/html", "200"]
            return Reply(json.dumps([["timestamp", "original", "mimetype", "statuscode"], row]).encode())
        moment, page = path.removeprefix("/web/")[:14], path.partition(f"id_/{SITE}")[2]
        if page not in self.bodies or page in self.lacks:
            return None
        if page == STORY.paths[1] and moment != LATER:
            return Reply(status=302, headers={"Location": f"/web/{LATER}id_/{SITE}{page}"})
        kind = "image/jpeg" if page == PICTURE else "text/html; charset=utf-8"
        return Reply(self.bodies[page], headers={"Content-Type": kind})


def fill(machine: Machine, folder: Path, crawls: bool = False) -> tuple[Path, list[str], str]:
    """The data directory of a back-fill, what was asked for, perhaps by a crawl too, and the address of the machine."""
    (folder / "mine.toml").write_text(REGISTRY, encoding="utf-8")
    with past_web(machine) as web:
        given = {"DATA_DIR": str(folder / "data"), "BACKFILL_WAYBACK_URL": web.url, "EXTRACTION_WORKERS": 1}
        given |= SETTINGS | {"ARCHIVE_REQUISITES": "images", "RETRY_TIMES": 0}
        asked = {"since": "2021-01", "until": "2021-01", "via": "wayback"}
        run_crawl("backfill", given, sources=str(folder / "mine.toml"), **asked)
        if crawls:
            make_due(folder / "data")
            run_crawl("news", given, sources=str(folder / "mine.toml"))
    return folder / "data", web.requests, web.url


def test_further_pages_and_pictures_are_taken_from_the_archive_that_has_the_first(tmp_path: Path) -> None:
    data, asked, web = fill(Machine(), tmp_path)
    assert corpus(data) == [STORY.seed]
    assert kept(data) == {SITE + STORY.paths[0]: "wayback"}
    ended = fates(data)
    assert [ended[SITE + path] for path in (*STORY.paths, PICTURE)] == ["saved", "part", "part", "not_html"]
    copies = {url: known["copy"] for url, known in evidence_of(data).items() if known["copy"]}
    assert copies[SITE + STORY.paths[1]] == f"{web}/web/{LATER}id_/{SITE}{STORY.paths[1]}"
    assert copies[SITE + PICTURE] == f"{web}/web/{CAPTURED}id_/{SITE}{PICTURE}"
    assert max(Counter(asked).values()) == 1

    again = replay(data / "collections" / "news", tmp_path / "again", RELEVANCE_MODE="off")
    assert (corpus(again), fates(again)) == (corpus(data), ended)


def test_an_article_of_which_the_archive_lacks_a_page_is_incomplete_and_says_so(tmp_path: Path) -> None:
    missing = STORY.paths[1]
    data, _, _ = fill(Machine((missing,)), tmp_path)
    [first] = [row for row in articles(data, everything=True) if row.url == SITE + STORY.paths[0]]
    assert (first.fate, corpus(data)) == ("incomplete", [])
    assert first.reason == f"the article goes on at {SITE}{missing}, which is not here"
    assert fates(data)[SITE + missing] == "gone"


def test_what_an_archive_has_does_not_change_and_no_crawl_asks_for_it_again(tmp_path: Path) -> None:
    _, asked, _ = fill(Machine(), tmp_path, crawls=True)
    assert max(Counter(asked).values()) == 1
