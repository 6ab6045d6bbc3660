"""What all spiders do with an answer, and how it ends whatever happens."""

import asyncio
import errno
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.exit_codes import OK, STORAGE
from crawler.frontier.politeness import Retries
from crawler.frontier.scheduler import BATCH
from crawler.http.answers import Answer, outcome_of
from crawler.reading import page_reading
from crawler.run.recorder import recorder_of
from crawler.settings import table
from crawler.spiders import news
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, corpus, fates, http, open_site, redirect
from tests.support.origin import Answer as RawAnswer
from tests.support.origin import Then

ONE_AT_A_TIME = SETTINGS | {"CONCURRENT_REQUESTS_PER_DOMAIN": 1, "RETRY_TIMES": 0, "EXTRACTION_WORKERS": 1}
SITE = {
    "/a": article("Veld"),
    "/b": http(b"", status="500 Oops"),
    "/c": article("Tarmil"),
    "/d": RawAnswer(b"", Then.CLOSE),
    "/e": article("Orla"),
}


def failing(function: Callable[..., Any], sign: object, error: Exception) -> Callable[..., Any]:
    """The function, which raises where an argument shows the sign."""

    def fail(*arguments: Any) -> Any:
        # Numbers only as they are: the microseconds of a moment may show the same digits.
        if any(each == sign or (isinstance(sign, str) and sign in str(each)) for each in arguments):
            raise error
        return function(*arguments)

    return fail


@pytest.mark.parametrize(
    ("place", "name", "sign", "path"),
    [
        (Answer, "of_response", "/b>", "/b"),
        (Retries, "after_answer", 500, "/b"),
        (page_reading, "outcome_of", "/b'", "/b"),
        (Retries, "after_failure", 1, "/d"),
        (news, "outcome_of_failure", "/d'", "/d"),
    ],
)
def test_a_defect_ends_one_url_and_no_other_one_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, sign: object, path: str
) -> None:
    original = getattr(place, name)
    monkeypatch.setattr(place, name, failing(original, sign, RuntimeError("a defect")))
    with open_site(Site(dict(SITE)), SITE, tmp_path) as origin:
        crawler = run_crawl(
            "news",
            ONE_AT_A_TIME | {"DATA_DIR": str(tmp_path / "data")},
            sources=str(tmp_path / "sources.txt"),
        )
        ended = fates(tmp_path / "data", origin)
    result = recorder_of(crawler).result
    assert result is not None
    assert (result.exit_code, result.tally.pending) == (OK, 0)
    assert ended[path] == "quarantined"
    assert {name: ended[name] for name in ("/a", "/c", "/e")} == dict.fromkeys(("/a", "/c", "/e"), "saved")


@pytest.mark.parametrize("number", [errno.ENOENT, errno.ECONNRESET, errno.EINVAL])
def test_an_error_that_is_not_the_machines_ends_one_url(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(page_reading, "outcome_of", failing(outcome_of, "/c'", OSError(number, "a defect")))
    with open_site(Site(dict(SITE)), SITE, tmp_path) as origin:
        given = ONE_AT_A_TIME | {"DATA_DIR": str(tmp_path / "data")}
        crawler = run_crawl("news", given, sources=str(tmp_path / "sources.txt"))
        ended = fates(tmp_path / "data", origin)
    result = recorder_of(crawler).result
    assert result is not None
    assert result.exit_code == OK
    assert (ended["/c"], ended["/e"]) == ("quarantined", "saved")


def test_a_machine_without_room_ends_the_run_and_the_page_stays_pending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(page_reading, "outcome_of", failing(outcome_of, "/c'", full))
    with open_site(Site(dict(SITE)), SITE, tmp_path) as origin, caplog.at_level(logging.ERROR):
        crawler = run_crawl(
            "news",
            ONE_AT_A_TIME | {"DATA_DIR": str(tmp_path / "data")},
            sources=str(tmp_path / "sources.txt"),
        )
        ended = fates(tmp_path / "data", origin)
    result = recorder_of(crawler).result
    assert result is not None
    assert result.exit_code == STORAGE
    assert ended.get("/c") is None
    assert "No space left on device" in caplog.text
    assert len(corpus(tmp_path / "data")) < 3


def index_of(url: str) -> RawAnswer:
    return http(
        f"<sitemapindex><sitemap><loc>{url}</loc></sitemap></sitemapindex>".encode(), "application/xml"
    )


def test_listings_within_listings_are_followed_three_levels_deep(tmp_path: Path) -> None:
    with open_site(Site(), [], tmp_path) as origin:
        site = origin.answers
        assert isinstance(site, Site)
        for level in range(6):
            site[f"/s{level}"] = index_of(origin.url(f"/s{level + 1}"))
        (tmp_path / "sources.txt").write_text(origin.url("/s0") + "\n")
        run_crawl(
            "news",
            ONE_AT_A_TIME | {"DATA_DIR": str(tmp_path / "data")},
            sources=str(tmp_path / "sources.txt"),
        )
        assert fates(tmp_path / "data", origin) == {f"/s{level}": "discovery" for level in range(3)} | {
            "/s3": "partly_read"
        }


def test_the_target_of_an_article_goes_before_articles_that_wait(tmp_path: Path) -> None:
    names = [f"/{number}" for number in range(30)]
    site = Site({"/moved": redirect("/target"), "/target": http(b"<p>Nothing to read.")})
    site |= {name: http(b"<p>Nothing to read.") for name in names}
    with open_site(site, ["/moved", *names], tmp_path) as origin:
        run_crawl(
            "news",
            ONE_AT_A_TIME | {"DATA_DIR": str(tmp_path / "data"), "RELEVANCE_MODE": "both"},
            sources=str(tmp_path / "sources.txt"),
        )
        order = list(origin.read)
    assert order.index("/target") - order.index("/moved") <= 2 * BATCH < len(names) - 4


class Busy:
    """A pipeline that takes its time, and knows how many articles are in it at once."""

    inside = most = 0

    async def process_item(self, item: Any) -> Any:
        Busy.inside += 1
        Busy.most = max(Busy.most, Busy.inside)
        for _ in range(20):
            await asyncio.sleep(0)
        await asyncio.sleep(0.02)
        Busy.inside -= 1
        return item


def test_an_article_has_its_turn_until_the_pipelines_have_judged_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Busy, "most", 0)
    pages = {f"/{number}": article(f"Veld {number}") for number in range(8)}
    with open_site(Site(dict(pages)), pages, tmp_path) as origin:
        given = SETTINGS | {"DATA_DIR": str(tmp_path / "data"), "EXTRACTION_WORKERS": 2}
        given["ITEM_PIPELINES"] = {Busy: 1, **table["ITEM_PIPELINES"].default}
        run_crawl("news", given, sources=str(tmp_path / "sources.txt"))
        ended = fates(tmp_path / "data", origin)
    assert [ended[path] for path in pages] == ["saved"] * 8
    assert Busy.most == 1
