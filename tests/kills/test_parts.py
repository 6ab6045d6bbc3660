"""Articles on several pages, and crawls that are killed between them or share them."""

import random
import signal
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update

from crawler.catalogue.articles import articles
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.database.engine import open_engine
from tests.support.commands import scrapy
from tests.support.hostile_site import Site, open_site, silence
from tests.support.killed_runs import Desk
from tests.support.long_stories import Story
from tests.support.origin import Answer, Origin

BOUNDARIES = str(Path(__file__).parent / "boundaries")

STORIES = [
    Story(name, 3, lambda page, name=name: f"/2021/01/{name}-ferry/" + (f"{page}/" if page > 1 else ""))  # type: ignore[misc]
    for name in ("Ulvika", "Tarmil", "Varosk", "Orsund")
]


def site_of(stories: Sequence[Story]) -> Site:
    site = Site()
    for story in stories:
        site |= story.pages()
    return site


def texts(*desks: Desk) -> list[str]:
    return sorted(file.read_text(encoding="utf-8") for desk in desks for file in desk.seed_files())


def forget_run(desk: Desk) -> None:
    """Let the time pass after which a run that is silent counts as dead."""
    engine = open_engine(desk.store_url, desk.data)
    with engine.begin() as connection:
        connection.execute(update(schema.run).values(alive_until=0))
    engine.dispose()


def verified(desk: Desk) -> bool:
    options = {"DATA_DIR": desk.data, "STORE_URL": desk.store_url, "RELEVANCE_MODE": "off"}
    result = scrapy(
        "verify", *(part for name, value in options.items() for part in ("-s", f"{name}={value}"))
    )
    print(result.stdout, result.stderr)
    return result.returncode == 0


@pytest.mark.parametrize("at", [1, 2])
def test_a_crawl_that_is_killed_between_two_pages_goes_on(tmp_path: Path, at: int) -> None:
    story = STORIES[0]
    site = site_of([story])
    waited_for = story.paths[at]
    page = site[waited_for]
    assert isinstance(page, Answer)
    site[waited_for] = [silence(), page]
    with open_site(site, [story.paths[0]], tmp_path) as origin:
        desk = Desk(tmp_path, "")
        run = desk.start()
        _wait_for(origin, waited_for)
        run.kill()
        assert run.wait(30) == -signal.SIGKILL
        assert texts(desk) == []
        forget_run(desk)
        assert desk.start().wait(120) == 0, desk.log
        asked = [len(origin.read[path]) for path in story.paths]
    assert texts(desk) == [story.seed]
    assert desk.states()[origin.url(story.paths[0])] in ("saved", "unchanged")
    assert asked[at] == 2
    assert max(asked[1:at], default=1) == 1
    assert verified(desk)


def _wait_for(origin: Origin, path: str) -> None:
    deadline = time.monotonic() + 60
    while not origin.read.get(path) and time.monotonic() < deadline:
        time.sleep(0.02)


@pytest.mark.slow
def test_kills_at_any_moment_lose_no_page_and_leave_no_half_of_an_article(
    tmp_path: Path, store_url: str, request: pytest.FixtureRequest
) -> None:
    kills = int(request.config.getoption("--kills"))
    chance = random.Random(2021)
    seeds = {story.seed for story in STORIES}
    with open_site(site_of(STORIES), [story.paths[0] for story in STORIES], tmp_path) as origin:
        desk = Desk(tmp_path, store_url)
        for _ in range(kills):
            last = str(chance.randrange(100, 1200))
            run = desk.start({"PYTHONPATH": BOUNDARIES, "DIE_BEFORE_OPERATION": last})
            assert run.wait(120) in (0, -signal.SIGKILL), desk.log
            desk.check_whole()
            assert set(texts(desk)) <= seeds
            forget_run(desk)
        for _ in range(2):  # what the last kill hit may be due once more
            assert desk.start().wait(120) == 0, desk.log
        assert texts(desk) == sorted(seeds)
        states = {url.removeprefix(origin.url("")): fate for url, fate in desk.states().items()}
    further = [path for story in STORIES for path in story.paths[1:]]
    assert {states[path] for path in further} == {"part"}
    assert verified(desk)


@pytest.mark.slow
def test_two_workers_have_each_article_once_with_all_its_pages_in_one_archive(
    tmp_path: Path, postgres_url: str
) -> None:
    listed = [story.paths[0] for story in STORIES]
    with open_site(site_of(STORIES), listed, tmp_path):
        desks = [Desk(tmp_path, postgres_url, name, DOWNLOAD_DELAY=0.05) for name in ("one", "two")]
        runs = [desk.start() for desk in desks]
        assert [run.wait(120) for run in runs] == [0, 0], [desk.log for desk in desks]
        assert texts(*desks) == sorted(story.seed for story in STORIES)
    with closing(Catalogue.open(postgres_url, desks[0].data)) as catalogue:
        rows = list(articles(catalogue, everything=True))
    places = {row.record_id: row.place for row in rows}
    whole = [row for row in rows if row.parts and row.file]
    assert len(whole) == len(STORIES)
    assert all(places[part.record_id] == row.place for row in whole for part in row.parts)
    assert all(verified(desk) for desk in desks)
