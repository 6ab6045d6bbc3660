"""Articles on several pages: one article, one file, and a page that is missing is said to be."""

import sqlite3
import time
from pathlib import Path

import pytest

from crawler.exit_codes import OK
from crawler.run.recorder import recorder_of
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, corpus, fates, feed, http, open_site, redirect
from tests.support.long_stories import Story, long_page, pager, sights
from tests.support.origin import Answer, Origin
from tests.support.verifying import verify

pytestmark = pytest.mark.usefixtures("replays_here")

FIRST, SECOND, THIRD = Story().paths
PAGES = SETTINGS | {"EXTRACTION_WORKERS": 1}


def crawl(folder: Path, data: str = "data", **more: object) -> int:
    given = PAGES | {"DATA_DIR": str(folder / data), **more}
    result = recorder_of(run_crawl("news", given, sources=str(folder / "sources.txt"))).result
    assert result is not None
    assert result.tally.reconciles
    return result.exit_code


def replay(archive: Path, data: Path) -> None:
    given = {"DATA_DIR": str(data), "RELEVANCE_MODE": "off", "EXTRACTION_WORKERS": 1}
    result = recorder_of(run_crawl("replay", given, path=str(archive))).result
    assert result is not None
    assert result.tally.reconciles


def files(data: Path) -> dict[str, bytes]:
    folder = data / "corpus"
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.glob("[0-9]*/*.txt")}


def requests(origin: Origin, *paths: str) -> list[int]:
    return [len(origin.read[path]) for path in paths]


def reasons(data: Path, origin: Origin, path: str) -> list[str]:
    query = "select reason from visit join url on url.id = url_id where url = ? order by visit.id"
    with sqlite3.connect(data / "catalogue.sqlite") as catalogue:
        return [reason for (reason,) in catalogue.execute(query, [origin.url(path)])]


def test_all_pages_become_one_file_in_their_order(tmp_path: Path) -> None:
    with open_site(Site(Story().pages()), [FIRST], tmp_path) as origin:
        assert crawl(tmp_path) == OK
        ended = fates(tmp_path / "data", origin)
    assert corpus(tmp_path / "data") == [Story().seed]
    assert ended == {"/feed": "discovery", FIRST: "saved", SECOND: "part", THIRD: "part"}
    assert requests(origin, FIRST, SECOND, THIRD) == [1, 1, 1]


def test_a_replay_and_a_check_give_the_same_file(tmp_path: Path) -> None:
    site = Site(Story().pages() | {"/veld": article("Veld"), "/tarn": article("Tarn")})
    with open_site(site, ["/veld", FIRST, "/tarn"], tmp_path) as origin:
        crawl(tmp_path)
        expected = fates(tmp_path / "data", origin)
    replay(tmp_path / "data" / "collections", tmp_path / "again")
    assert files(tmp_path / "again") == files(tmp_path / "data")
    assert len(files(tmp_path / "data")) == 3
    assert fates(tmp_path / "again", origin) == expected
    assert verify(tmp_path / "data", RELEVANCE_MODE="off") == OK


def test_an_archived_run_again_gives_the_same_file(tmp_path: Path) -> None:
    with open_site(Site(Story().pages()), [FIRST], tmp_path):
        crawl(tmp_path)
    crawl(tmp_path, "again", REPLAY_FROM=str(tmp_path / "data" / "collections"))
    assert files(tmp_path / "again") == files(tmp_path / "data") != {}


@pytest.mark.parametrize("missing", [SECOND, THIRD])
def test_an_article_without_one_of_its_pages_is_incomplete(tmp_path: Path, missing: str) -> None:
    pages = {path: page for path, page in Story().pages().items() if path != missing}
    with open_site(Site(dict(pages)), [FIRST], tmp_path) as origin:
        crawl(tmp_path)
        ended = fates(tmp_path / "data", origin)
        assert ended[FIRST] == "incomplete"
        assert ended[missing] == "gone"
        assert corpus(tmp_path / "data") == []
        assert reasons(tmp_path / "data", origin, FIRST) == [
            f"the article goes on at {origin.url(SECOND)}, which is not here"
        ]
    assert verify(tmp_path / "data", RELEVANCE_MODE="off") == OK


def test_a_page_that_comes_in_a_later_run_completes_the_article(tmp_path: Path) -> None:
    late = http(b"", status="503 Service Unavailable")
    site = Site(Story().pages() | {THIRD: late})
    with open_site(site, [FIRST], tmp_path) as origin:
        crawl(tmp_path, RETRY_TIMES=0)
        assert fates(tmp_path / "data", origin)[FIRST] == "incomplete"
        site |= Story().pages()
        crawl(tmp_path)
        # Fetched again itself, it has nothing new if it comes after the missing page.
        assert fates(tmp_path / "data", origin)[FIRST] in ("saved", "unchanged")
    assert corpus(tmp_path / "data") == [Story().seed]
    replay(tmp_path / "data" / "collections", tmp_path / "again")
    assert files(tmp_path / "again") == files(tmp_path / "data")
    assert verify(tmp_path / "data", RELEVANCE_MODE="off") == OK


def test_an_article_may_not_have_more_pages_than_the_limit(tmp_path: Path) -> None:
    with open_site(Site(Story(count=6).pages()), [FIRST], tmp_path) as origin:
        crawl(tmp_path, EXTRACTION_MAX_PARTS=4)
        ended = fates(tmp_path / "data", origin)
    assert ended[FIRST] == "incomplete"
    assert requests(origin, *Story(count=6).paths) == [1, 1, 1, 1, 0, 0]
    assert corpus(tmp_path / "data") == []


def test_what_another_headline_is_over_is_another_article(tmp_path: Path) -> None:
    site = Site(Story(count=2).pages())
    site[SECOND] = long_page("The bakers of Tarmil", sights("Tarmil", 2), pager([FIRST, SECOND], 2))
    with open_site(site, [FIRST], tmp_path) as origin:
        crawl(tmp_path)
        ended = fates(tmp_path / "data", origin)
    assert ended == {"/feed": "discovery", FIRST: "saved", SECOND: "saved"}
    assert len(corpus(tmp_path / "data")) == 2
    assert verify(tmp_path / "data", RELEVANCE_MODE="off") == OK


def test_a_page_without_a_way_back_is_another_article(tmp_path: Path) -> None:
    site = Site(Story(count=2).pages())
    site[SECOND] = long_page("The ferrymen of Ulvika", sights("Ulvika", 2))
    with open_site(site, [FIRST], tmp_path) as origin:
        crawl(tmp_path)
        ended = fates(tmp_path / "data", origin)
    assert ended == {"/feed": "discovery", FIRST: "saved", SECOND: "saved"}


def test_the_same_page_again_ends_the_article(tmp_path: Path) -> None:
    paths = [FIRST, SECOND, THIRD]
    site = Site(Story(count=2).pages())
    site |= {
        path: long_page("The ferrymen of Ulvika", sights("Ulvika", min(at, 2)), pager(paths, at))
        for at, path in enumerate(paths, 1)
    }
    with open_site(site, [FIRST], tmp_path) as origin:
        crawl(tmp_path)
        ended = fates(tmp_path / "data", origin)
    assert corpus(tmp_path / "data") == [Story(count=2).seed]
    assert ended[FIRST] == "saved"
    assert ended[THIRD] == "duplicate"


@pytest.mark.parametrize("first", [True, False])
def test_the_whole_article_on_one_page_is_its_copy(tmp_path: Path, first: bool) -> None:
    story = Story()
    site = Site(story.pages())
    site["/2021/01/ferry-on-one-page"] = long_page("The ferrymen of Ulvika", story.paragraphs)
    with open_site(site, [FIRST], tmp_path) as origin:
        listed = ["/2021/01/ferry-on-one-page", FIRST] if first else [FIRST]
        site["/feed"] = _feed(origin, listed)
        crawl(tmp_path)
        site["/feed"] = _feed(origin, ["/2021/01/ferry-on-one-page", FIRST])
        crawl(tmp_path)
        ended = fates(tmp_path / "data", origin)
    assert corpus(tmp_path / "data") == [story.seed]
    assert {ended[FIRST], ended["/2021/01/ferry-on-one-page"]} <= {"saved", "duplicate", "unchanged"}


def _feed(origin: Origin, paths: list[str]) -> Answer:
    return feed(origin.url(path) for path in paths)


def test_pages_that_redirect_to_another_spelling_are_found(tmp_path: Path) -> None:
    pages = Story(count=2).pages()
    paths = [FIRST, SECOND.removesuffix("/")]
    site = Site(dict(pages))
    site[FIRST] = long_page("The ferrymen of Ulvika", sights("Ulvika", 1), pager(paths, 1))
    site[SECOND.removesuffix("/")] = redirect(SECOND)
    with open_site(site, [FIRST], tmp_path) as origin:
        crawl(tmp_path)
        ended = fates(tmp_path / "data", origin)
    assert ended[FIRST] == "saved"
    assert corpus(tmp_path / "data") == [Story(count=2).seed]


def test_a_page_that_changes_gives_the_article_a_revision(tmp_path: Path) -> None:
    story, site = Story(), Site(Story().pages())
    with open_site(site, [FIRST], tmp_path) as origin:
        crawl(tmp_path)
        site[SECOND] = long_page(
            "The ferrymen of Ulvika",
            [*sights("Ulvika", 2), "The pass was opened on Friday."],
            pager(story.paths, 2),
        )
        _let_be_due(tmp_path / "data")
        crawl(tmp_path)
        assert fates(tmp_path / "data", origin)[FIRST] in ("updated", "unchanged")
        assert fates(tmp_path / "data", origin)[SECOND] == "part"
    [text] = corpus(tmp_path / "data")
    assert text.count("The pass was opened on Friday.") == 1
    assert verify(tmp_path / "data", RELEVANCE_MODE="off") == OK
    replay(tmp_path / "data" / "collections", tmp_path / "again")
    assert files(tmp_path / "again") == files(tmp_path / "data")


def _let_be_due(data: Path) -> None:
    with sqlite3.connect(data / "catalogue.sqlite") as catalogue:
        now_ms = int(time.time() * 1000)
        catalogue.execute("update url set not_before = ? where not_before > 0", [now_ms - 1000])
