"""A month of the newsroom is filled in: each way gives the same articles, once, and says where they come from."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.demo import Newsroom
from crawler.spiders.warc_stream import KeptRecords
from tests.support.backfills import backfill, evidence_of, kept, write_registry
from tests.support.catalogues import ask
from tests.support.newsroom_runs import fates, replay
from tests.support.past_web import (
    PastWeb,
    Reply,
    articles,
    index,
    lists,
    news_crawl,
    past_web,
    publication_days,
    sitemaps,
    wanted,
)


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture
def web() -> Iterator[PastWeb]:
    with past_web() as web:
        yield web


@pytest.fixture
def registry(newsroom: Newsroom, web: PastWeb, tmp_path: Path) -> Path:
    return write_registry(newsroom, tmp_path / "newsroom.toml", web.url)


def listed(newsroom: Newsroom, data: Path) -> dict[str, str]:
    """What was kept of the articles that the services list: sitemaps of the newsroom itself name others."""
    own = {each.url for each in articles(newsroom)}
    return {url: origin for url, origin in kept(data).items() if url in own}


def test_sitemaps_give_the_articles_of_the_period(
    newsroom: Newsroom, web: PastWeb, registry: Path, tmp_path: Path
) -> None:
    web.answers.append(sitemaps(newsroom, lambda: web.url))
    data = tmp_path / "data"
    before = len(newsroom.requests)
    result = backfill(data, registry, {}, via="sitemap")
    assert result.exit_code == 0, result.sentence
    assert listed(newsroom, data) == dict.fromkeys(wanted(newsroom, "2021-01"), "live")
    months = {path.rpartition("posts-")[2] for path in web.requests if "posts-" in path}
    assert months == {"2021-01.xml"}
    known = evidence_of(data)
    for url in listed(newsroom, data):
        assert known[url]["via"] in known

    again = backfill(data, registry, {}, via="sitemap", since="2021-02", until="2021-02")
    assert again.exit_code == 0, again.sentence
    both = wanted(newsroom, "2021-01").keys() | wanted(newsroom, "2021-02").keys()
    assert listed(newsroom, data).keys() == both
    assert any("posts-2021-02" in path for path in web.requests)
    fetched = Counter(f"{each.site} {each.path}" for each in newsroom.requests[before:])
    kept_pages = {urlsplit(url).path for url in listed(newsroom, data) if url in wanted(newsroom, "2021-01")}
    assert {fetched[page] for page in fetched if page.partition(" ")[2] in kept_pages} == {1}


def test_a_wayback_machine_gives_them_as_it_captured_them(
    newsroom: Newsroom, web: PastWeb, registry: Path, tmp_path: Path
) -> None:
    web.answers.append(index(newsroom, rows=3))
    data = tmp_path / "data"
    result = backfill(data, registry, {"BACKFILL_WAYBACK_URL": web.url}, via="wayback")
    assert result.exit_code == 0, result.sentence
    assert kept(data) == dict.fromkeys(wanted(newsroom, "2021-01"), "wayback")
    assert max(Counter(web.requests).values()) == 1
    assert sum("resumeKey" in path for path in web.requests) > 3
    known = evidence_of(data)
    for url in kept(data):
        assert known[url]["copy"] == f"{web.url}/web/20210131230000id_/{url}"
        assert known[url]["via"] in known

    again = tmp_path / "again"
    replay(data / "collections" / "news", again)
    assert kept(again) == kept(data)


def test_gdelt_names_them_between_broken_rows(
    newsroom: Newsroom, web: PastWeb, registry: Path, tmp_path: Path
) -> None:
    web.answers.append(lists(newsroom))
    data = tmp_path / "data"
    given = {"BACKFILL_GDELT_URL": f"{web.url}/gdeltv2"}
    result = backfill(data, registry, given, via="gdelt", since="2021-01-22", until="2021-01-22")
    assert result.exit_code == 0, result.sentence
    days = publication_days(newsroom)
    of_the_day = [url for url in wanted(newsroom, "2021-01") if days[url] == "2021-01-22"]
    assert kept(data) == dict.fromkeys(of_the_day, "live")
    assert Counter(fates(data).values()).keys() >= {"saved", "partly_read", "gone"}
    known = evidence_of(data)
    for url in kept(data):
        assert known[url]["via"].endswith("/20210122120000.mentions.CSV.zip")
        assert known[url]["zone"]


def test_common_crawl_gives_them_from_its_own_records(
    newsroom: Newsroom, web: PastWeb, registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.answers.append(news_crawl(newsroom))
    data = tmp_path / "data"
    state_when_removed: list[str] = []

    def remove(kept_records: KeptRecords) -> None:
        query = "select state from url where url like '%/' || ?"
        state_when_removed.extend(state for (state,) in ask(data, query, kept_records.path.name))
        remove_kept(kept_records)

    remove_kept = KeptRecords.remove
    monkeypatch.setattr(KeptRecords, "remove", remove)
    requests = len(newsroom.requests)
    given = {"BACKFILL_CCNEWS_URL": web.url, "BACKFILL_PIECE_BYTES": 20_000}
    result = backfill(data, registry, given, via="ccnews")
    assert result.exit_code == 0, result.sentence
    assert kept(data) == dict.fromkeys(wanted(newsroom, "2021-01"), "cc-news")
    pages = {urlsplit(each.url).path for each in articles(newsroom)}
    assert sum(each.path in pages for each in newsroom.requests[requests:]) <= len(pages), (
        "the server itself reads them"
    )
    ranges = [path for path in web.requests if "bytes=" in path]
    assert len(ranges) > 3
    assert not list((data / "backfill").iterdir())
    assert state_when_removed == ["done"]  # a kill before that is committed would cost a second download
    known = evidence_of(data)
    for url in kept(data):
        assert known[url]["via"].endswith("-00001.warc.gz")
        assert known[url]["zone"]
    assert fates(data)[known[url]["via"]] == "partly_read"

    again = tmp_path / "again"
    replay(data / "collections" / "news", again)
    assert kept(again) == kept(data)


def test_a_run_that_was_stopped_goes_on_and_asks_for_nothing_twice(
    newsroom: Newsroom, web: PastWeb, registry: Path, tmp_path: Path
) -> None:
    web.answers.append(index(newsroom, rows=3))
    data = tmp_path / "data"
    given = {"BACKFILL_WAYBACK_URL": web.url, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
    backfill(data, registry, given | {"CLOSESPIDER_PAGECOUNT": 4}, via="wayback")
    assert 4 <= len(web.requests) < 12
    result = backfill(data, registry, given, via="wayback")
    assert result.exit_code == 0, result.sentence
    assert kept(data) == dict.fromkeys(wanted(newsroom, "2021-01"), "wayback")
    assert max(Counter(web.requests).values()) == 1

    pages = sum(path.startswith("/web/") for path in web.requests)
    backfill(data, registry, given, via="wayback")
    assert max(Counter(web.requests).values()) == 2, "after its end the index is read once more"
    assert sum(path.startswith("/web/") for path in web.requests) == pages


def test_a_service_that_is_overloaded_is_left_alone_and_asked_again(
    newsroom: Newsroom, web: PastWeb, registry: Path, tmp_path: Path
) -> None:
    answer = index(newsroom)
    seen = Counter[str]()

    def busy(path: str, headers: Mapping[str, str]) -> Reply | None:
        seen[path] += 1
        if seen[path] == 1 and path != "/robots.txt":
            return Reply(b"slow down", 429, {"Retry-After": "0"})
        return answer(path, headers)

    web.answers.append(busy)
    data = tmp_path / "data"
    result = backfill(
        data, registry, {"BACKFILL_WAYBACK_URL": web.url}, via="wayback", source="le-courrier-du-levant"
    )
    assert result.exit_code == 0, result.sentence
    [site] = [site for site in newsroom.sites if site.id == "le-courrier-du-levant"]
    assert kept(data).keys() == {url for url in wanted(newsroom, "2021-01") if url.startswith(site.url)}
    assert set(seen.values()) <= {1, 2}
