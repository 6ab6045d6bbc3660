"""Runs over small sites: what is fetched, in which order, and how often."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any, Self

import pytest
from scrapy import Request, signals
from scrapy.crawler import Crawler
from sqlalchemy.exc import OperationalError

from crawler.exit_codes import FAILED, STORAGE
from crawler.frontier.leases import LeasedUrl, Leases
from crawler.run.recorder import recorder_of
from crawler.run.result import RunResult
from tests.support.crawls import run_crawl
from tests.support.hostile_site import (
    SETTINGS,
    Site,
    article,
    corpus,
    fates,
    feed,
    http,
    open_site,
    redirect,
)
from tests.support.newsroom_runs import make_due
from tests.support.origin import Origin

BUSY = http(b"", status="503 Service Unavailable")


def crawl(folder: Path, settings: dict[str, Any] | None = None, **arguments: str) -> RunResult:
    given = SETTINGS | {"DATA_DIR": str(folder / "data")} | (settings or {})
    crawler = run_crawl("news", given, sources=str(folder / "sources.txt"), **arguments)
    result = recorder_of(crawler).result
    assert result is not None
    assert result.tally.reconciles
    return result


def times_fetched(origin: Origin, *paths: str) -> list[int]:
    return [len(origin.read[path]) for path in paths]


def validated(answer_to: str) -> Any:
    """The feed's answer to whoever knows its validator."""
    return http(b"", status="304 Not Modified", ETag=answer_to)


def test_a_store_that_fails_at_the_start_ends_the_run_with_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("", {}, Exception("database is locked"))

    monkeypatch.setattr("crawler.run.current_run.enter", fail)
    with open_site(Site({"/a": article("Veld")}), ["/a"], tmp_path) as origin:
        crawler = run_crawl(
            "news",
            SETTINGS | {"DATA_DIR": str(tmp_path / "data")},
            sources=str(tmp_path / "sources.txt"),
        )
    result = recorder_of(crawler).result
    assert result is not None
    assert result.exit_code == STORAGE
    assert not origin.read
    assert "database is locked" in caplog.text
    assert "Traceback" not in caplog.text


class Slots:
    """An extension that notes through which slot of the downloader each URL went."""

    def __init__(self, crawler: Crawler) -> None:
        self.used: dict[str, str] = {}
        crawler.signals.connect(self.left, signals.request_left_downloader)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def left(self, request: Request) -> None:
        self.used[request.url] = request.meta["download_slot"]


def test_every_request_to_a_host_keeps_its_pace_that_for_robots_txt_too(tmp_path: Path) -> None:
    # How long the pauses of a slot are is measured in test_politeness.
    with open_site(Site({"/a": article("Veld"), "/b": article("Tarmil")}), ["/a", "/b"], tmp_path) as origin:
        settings = SETTINGS | {
            "DATA_DIR": str(tmp_path / "data"),
            "DOWNLOAD_DELAY": 0.04,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "EXTENSIONS": {"crawler.run.recorder.Recorder": 10, Slots: 20},
        }
        crawler = run_crawl("news", settings, sources=str(tmp_path / "sources.txt"))
    paths = ("/robots.txt", "/.well-known/tdmrep.json", "/feed", "/a", "/b")
    slots, host = crawler.get_extension(Slots), origin.url("").removeprefix("http://")
    assert slots is not None
    assert slots.used == {origin.url(path): host for path in paths}
    assert crawler.engine is not None
    pace = crawler.engine.downloader.per_slot_settings[host]
    assert pace == {"concurrency": 1, "delay": pytest.approx(0.05), "jitter": 0.2}


def test_a_slow_host_keeps_no_other_one_waiting(tmp_path: Path) -> None:
    all_fetched = Event()

    class Slow(Site):
        def __getitem__(self, path: str) -> Any:
            if path == "/stuck":
                all_fetched.wait(120)
            return super().__getitem__(path)

    left = {f"/a{number}" for number in range(5)}

    class Quick(Site):
        def __getitem__(self, path: str) -> Any:
            left.discard(path)
            if not left:
                all_fetched.set()
            return super().__getitem__(path)

    slow = Slow({"/stuck": article("Orla")})
    quick = Quick({f"/a{number}": article(f"Veld {number}") for number in range(5)})
    (tmp_path / "slow").mkdir()
    with (
        open_site(slow, ["/stuck"], tmp_path / "slow") as slow_one,
        open_site(quick, [f"/a{number}" for number in range(5)], tmp_path),
    ):
        with (tmp_path / "sources.txt").open("a", encoding="utf-8") as sources:
            sources.write(slow_one.url("/feed") + "\n")
        crawl(tmp_path, {"DOWNLOAD_TIMEOUT": 100, "RETRY_TIMES": 0})
    assert all_fetched.is_set()
    assert len(corpus(tmp_path / "data")) == 6


def test_a_failure_that_passes_is_made_good_in_the_same_run(tmp_path: Path) -> None:
    statuses = ("503 Service Unavailable", "500 Oops", "429 Too Many")
    site = Site({f"/{status[:3]}": [http(b"", status=status), article(status)] for status in statuses})
    with open_site(site, site.keys() - {"/robots.txt"}, tmp_path) as origin:
        result = crawl(tmp_path)
    assert (result.exit_code, result.tally.fates) == (0, {"discovery": 1, "saved": 3})
    assert times_fetched(origin, "/503", "/500", "/429", "/feed") == [2, 2, 2, 1]


def test_what_will_not_pass_is_fetched_once(tmp_path: Path) -> None:
    statuses = ("404 Not Found", "410 Gone", "451 No", "403 Forbidden", "400 Bad")
    site = Site({f"/{status[:3]}": http(b"", status=status) for status in statuses})
    with open_site(site, site.keys() - {"/robots.txt"}, tmp_path) as origin:
        crawl(tmp_path)
    assert times_fetched(origin, "/404", "/410", "/451", "/403", "/400") == [1] * 5


def test_what_failed_in_one_run_heals_in_the_next_although_the_feed_did_not_change(tmp_path: Path) -> None:
    with open_site(Site({"/a": [BUSY] * 3 + [article("Veld")]}), ["/a"], tmp_path) as origin:
        site = origin.answers
        assert isinstance(site, Site)
        site["/feed"] = [http(feed([origin.url("/a")]).data.partition(b"\r\n\r\n")[2], ETag='"1"')]
        assert crawl(tmp_path).tally.fates == {"discovery": 1, "http_error": 1}
        assert times_fetched(origin, "/a") == [3]
        site["/feed"] = [validated('"1"')]
        assert crawl(tmp_path).tally.fates == {"unchanged": 1, "saved": 1}
    assert b'if-none-match: "1"' in origin.read["/feed"][1].lower()


def test_retry_after_is_kept_for_the_whole_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[object] = []

    class Noting(Site):
        def __getitem__(self, path: str) -> Any:
            events.append(path)
            return super().__getitem__(path)

    def release_hosts(self: Leases, pauses: dict[int, float]) -> None:
        events.extend(pauses.values())
        release(self, pauses)

    release = Leases.release_hosts
    monkeypatch.setattr(Leases, "release_hosts", release_hosts)
    busy = http(b"", status="429 Too Many Requests", Retry_After="1")
    site = Noting(
        {"/a": [busy, article("Veld")]} | {f"/b{number}": article(f"B {number}") for number in range(3)}
    )
    with open_site(site, ["/a", "/b0", "/b1", "/b2"], tmp_path) as origin:
        result = crawl(tmp_path, {"CONCURRENT_REQUESTS_PER_DOMAIN": 1})
    assert result.tally.fates == {"discovery": 1, "saved": 4}
    assert events[events.index("/a") + 1] == 1.0  # nothing else is fetched before the host is let go
    assert times_fetched(origin, "/a", "/b0", "/b1", "/b2") == [2, 1, 1, 1]


def test_a_host_that_wants_a_long_rest_is_left_to_a_later_run(tmp_path: Path) -> None:
    busy = http(b"", status="503 Service Unavailable", Retry_After="7200")
    with open_site(Site({"/a": busy, "/b": article("Veld")}), ["/a", "/b"], tmp_path) as origin:
        result = crawl(tmp_path, {"CONCURRENT_REQUESTS_PER_DOMAIN": 1})
        assert (result.tally.pending, result.tally.failing) == (2, 1)
        crawl(tmp_path)
    assert times_fetched(origin, "/a", "/b") == [1, 0]


def test_a_host_whose_rules_come_late_is_fetched_in_the_same_run(tmp_path: Path) -> None:
    allowed = Site()["/robots.txt"]
    assert not isinstance(allowed, list)
    site = Site({"/robots.txt": [BUSY, BUSY, allowed], "/a": article("Veld"), "/b": article("Tarmil")})
    with open_site(site, ["/a", "/b"], tmp_path) as origin:
        result = crawl(tmp_path, {"RETRY_DELAY_S": 0.1})
    assert result.tally.fates == {"discovery": 1, "saved": 2}
    assert times_fetched(origin, "/robots.txt", "/feed", "/a", "/b") == [3, 1, 1, 1]


def test_a_run_fails_for_a_host_whose_rules_never_come(tmp_path: Path) -> None:
    with open_site(Site({"/robots.txt": BUSY}), [], tmp_path) as origin:
        feeds = [origin.url(f"/feed/{number}\n") for number in range(9)]
        (tmp_path / "sources.txt").write_text("".join(feeds), encoding="utf-8")
        # Pauses of 0.3, 0.9 and 2.7 s: the last one is far beyond the patience, also on a busy machine.
        hasty = {"RETRY_DELAY_S": 0.3, "FRONTIER_PATIENCE_S": 1.0, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
        result = crawl(tmp_path, hasty)
    assert result.exit_code == FAILED
    assert result.tally.pending > result.tally.failing
    assert f"(most often: {origin.url('/robots.txt')} could not be fetched: HTTP 503)" in (result.sentence)
    assert set(origin.read) == {"/robots.txt"}
    assert times_fetched(origin, "/robots.txt") == [3]


def test_a_second_run_wants_to_know_whether_anything_changed_and_says_that_nothing_did(
    tmp_path: Path,
) -> None:
    with open_site(Site({"/a": article("Veld")}), ["/a"], tmp_path) as origin:
        site = origin.answers
        assert isinstance(site, Site)
        listed = feed([origin.url("/a")]).data.partition(b"\r\n\r\n")[2]
        dated = {"Last_Modified": "Mon, 11 Jan 2021 10:00:00 GMT"}
        site["/feed"] = [http(listed, **dated), http(b"", status="304 Not Modified")]
        crawl(tmp_path)
        result = crawl(tmp_path)
    assert result.exit_code == 0
    assert result.sentence == "Run finished: 1 URLs = 1 unchanged + 0 pending; nothing has changed."
    assert b"if-modified-since: mon, 11 jan 2021 10:00:00 gmt" in origin.read["/feed"][1].lower()
    assert times_fetched(origin, "/a", "/robots.txt") == [1, 1]


def test_pages_are_fetched_in_the_order_of_their_feed(tmp_path: Path) -> None:
    names = [f"/{letter}" for letter in "qwertyuiopasdfgh"]
    with open_site(Site({name: article(name) for name in names}), names, tmp_path) as origin:
        crawl(tmp_path, {"CONCURRENT_REQUESTS_PER_DOMAIN": 1})
        assert [path for path in origin.read if path in names] == names


def test_only_what_is_due_is_fetched(tmp_path: Path) -> None:
    with open_site(Site({"/a": article("Veld")}), ["/a"], tmp_path) as origin:
        crawl(tmp_path, due="1")
        result = crawl(tmp_path, due="1")
        assert result.sentence.endswith("nothing was due.")
        make_due(tmp_path / "data")
        crawl(tmp_path, due="1")
    assert times_fetched(origin, "/feed", "/a") == [2, 2]


def test_an_article_that_changed_becomes_a_revision_and_one_that_is_gone_stays(tmp_path: Path) -> None:
    site = Site({"/a": [article("Veld"), article("Tarmil")], "/b": article("Ostrava"), "/c": article("Orla")})
    with open_site(site, ["/a", "/b", "/c"], tmp_path) as origin:
        crawl(tmp_path)
        site["/c"] = http(b"", status="410 Gone")
        make_due(tmp_path / "data")
        result = crawl(tmp_path)
        assert fates(tmp_path / "data", origin)["/c"] == "gone"
    assert result.tally.fates == {"discovery": 1, "updated": 1, "unchanged": 1, "gone": 1}
    texts = corpus(tmp_path / "data")
    assert [
        name for name in ("Veld", "Tarmil", "Ostrava", "Orla") if any(name in text for text in texts)
    ] == [
        "Tarmil",
        "Ostrava",
        "Orla",
    ]
    assert len(list((tmp_path / "data" / "corpus" / ".revisions").rglob("*.txt"))) == 1


def test_a_sitemap_may_be_larger_than_a_page(tmp_path: Path) -> None:
    padding = "x" * 17 * 1024 * 1024
    with open_site(Site({"/a": article("Veld"), "/large": http(padding.encode())}), [], tmp_path) as origin:
        site = origin.answers
        assert isinstance(site, Site)
        body = f"<urlset><!--{padding}--><url><loc>{origin.url('/a')}</loc></url></urlset>"
        site["/feed"] = http(body.encode(), "application/xml")
        assert crawl(tmp_path).tally.fates == {"discovery": 1, "saved": 1}
        site["/feed"] = feed([origin.url("/large")])
        assert crawl(tmp_path).tally.fates == {"discovery": 1, "too_large": 1}


def test_a_story_under_many_campaigns_is_fetched_once(tmp_path: Path) -> None:
    class Every(Site):
        def __missing__(self, path: str) -> Any:
            return article("Veld")

    listed = [f"/a?utm_source=s{number}" for number in range(50)]
    with open_site(Every(), listed, tmp_path) as origin:
        result = crawl(tmp_path)
    assert result.tally.fates == {"discovery": 1, "saved": 1}
    assert sum(len(requests) for path, requests in origin.read.items() if path.startswith("/a")) == 1


def test_a_page_may_redirect_to_another_form_of_its_own_url(tmp_path: Path) -> None:
    site = Site({"/a/amp": redirect("/a"), "/a": article("Veld")})
    with open_site(site, ["/a/amp"], tmp_path) as origin:
        assert crawl(tmp_path).tally.fates == {"discovery": 1, "redirected": 1, "saved": 1}
        crawl(tmp_path)
    assert times_fetched(origin, "/a/amp", "/a") == [1, 1]


def test_a_page_that_redirects_to_itself_ends(tmp_path: Path) -> None:
    with open_site(
        Site({"/a": redirect("/a?utm_source=x"), "/a?utm_source=x": redirect("/a")}), ["/a"], tmp_path
    ):
        result = crawl(tmp_path)
    assert result.tally.fates == {"discovery": 1, "trap": 2}


def forget_all(data: Path) -> None:
    """Leave what two kills would leave: the records are on disk, the catalogue knows of none of them."""
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue, catalogue:
        for table in ("date_evidence", "band", "article", "listing_read", "visit", "capture"):
            catalogue.execute(f"delete from {table}")
        catalogue.execute("update url set state = 'leased', fate = null, not_before = 0")
        catalogue.execute("update run set ended = null, reason = null, exit_code = null")
    for file in (data / "corpus").rglob("*.txt"):
        file.unlink()


def test_a_run_that_cannot_store_what_a_killed_one_had_archived_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    with open_site(Site({"/a": article("Veld")}), ["/a"], tmp_path):
        crawl(tmp_path)
        forget_all(tmp_path / "data")
        monkeypatch.setattr("crawler.run.recorder.commit_outcomes", fail)
        assert crawl(tmp_path).exit_code == STORAGE


def test_pages_that_killed_runs_had_archived_are_not_fetched_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with open_site(Site({"/a": article("Veld"), "/b": article("Orla")}), ["/a", "/b"], tmp_path) as origin:
        crawl(tmp_path)
        forget_all(data)
        result = crawl(tmp_path)
    assert result.tally.reconciles
    assert len(corpus(data)) == 2
    assert times_fetched(origin, "/a", "/b") == [1, 1]


@pytest.mark.parametrize(("others", "batch"), [(0, 8), (1, 2), (3, 2)])
def test_runs_that_share_a_frontier_take_few_urls_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: int, batch: int
) -> None:
    keep, lease = Leases.keep, Leases.lease_urls
    counts: set[int] = set()

    def keep_among(leases: Leases) -> int:
        keep(leases)
        return others

    def note(leases: Leases, hosts: Sequence[int], count: int) -> list[LeasedUrl]:
        counts.add(count)
        return lease(leases, hosts, count)

    monkeypatch.setattr(Leases, "keep", keep_among)
    monkeypatch.setattr(Leases, "lease_urls", note)
    pages = {f"/{number}": article(f"Veld {number}") for number in range(5)}
    with open_site(Site(dict(pages)), pages, tmp_path):
        result = crawl(tmp_path, {"CONCURRENT_REQUESTS_PER_DOMAIN": 3})
    assert result.tally.fates == {"saved": 5, "discovery": 1}
    assert counts == {3 * batch}
