"""A crawl and its two replays give every answer the same fate, however odd the answer is."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from crawler.run.recorder import recorder_of
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, corpus, feed, http, open_site
from tests.support.newsroom_runs import make_due
from tests.support.odd_answers_by_fate import IMAGES, LISTINGS, PAGES, UNANSWERED, entry_of, page, site_of_all
from tests.support.origin import Origin, serve
from tests.support.warc_records import read_collection

ODD = SETTINGS | {
    "ARCHIVE_REQUISITES": "images",
    "DOWNLOAD_MAXSIZE": 20_000,
    "EXTRACTION_WORKERS": 1,
    "RETRY_DELAY_S": 0.0,
    "RETRY_TIMES": 0,
}


def fates(data: Path, origin: Origin) -> dict[str, str]:
    """Path -> fate by the last attempt, whether or not the URL waits for another."""
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue:
        rows = catalogue.execute("select url, fate from url where fate is not null").fetchall()
    return {url.removeprefix(origin.url("")): fate for url, fate in rows}


def reasons(data: Path) -> list[str]:
    """Why URLs that failed ended so."""
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue:
        rows = catalogue.execute(
            "select reason from visit where fate not in ('saved', 'discovery', 'live_blog')"
        )
        return [reason or "" for (reason,) in rows]


def run(spider: str, data: Path, settings: dict[str, Any] = ODD, **arguments: str) -> None:
    crawler = run_crawl(spider, settings | {"DATA_DIR": str(data)}, **arguments)
    result = recorder_of(crawler).result
    assert result is not None
    assert result.tally.reconciles
    assert not result.tally.pending


def test_a_crawl_and_its_replays_agree_on_every_odd_answer(tmp_path: Path) -> None:
    known = PAGES | IMAGES | LISTINGS | UNANSWERED
    site, listed = site_of_all()
    crawled, replayed, again = (tmp_path / name for name in ("crawled", "replayed", "again"))
    with open_site(site, listed, tmp_path) as origin:
        registry = tmp_path / "sources.toml"
        registry.write_text(entry_of(origin), encoding="utf-8")
        run("news", crawled, sources=str(registry))
        ended = fates(crawled, origin)
    wrong = {
        path: (ended.get(path), fate) for path, (_, fate) in known.items() if ended.get(path, fate) != fate
    }
    assert wrong == {}
    assert ended.keys() >= PAGES.keys() | IMAGES.keys() | LISTINGS.keys()

    assert not [each for each in reasons(crawled) if re.search(r"<|twisted|Failure|object at|^$", each)]

    archive = str(crawled / "collections" / "news")
    run("replay", replayed, path=archive)
    found = fates(replayed, origin)
    differing = {path: (ended[path], found.get(path)) for path in ended if found.get(path) != ended[path]}
    assert differing == {path: (fate, None) for path, (_, fate) in UNANSWERED.items()}
    assert found.keys() <= ended.keys()
    assert corpus(replayed) == corpus(crawled) != []
    assert read_collection(replayed / "collections" / "news") == []

    run("news", again, ODD | {"REPLAY_FROM": archive}, sources=str(registry))
    # The address guard looks at sockets, and a replay opens none.
    assert fates(again, origin) == ended | {"http://10.0.0.1/a": "not_archived"}
    assert corpus(again) == corpus(crawled)


def test_a_304_means_that_nothing_changed_where_the_request_wanted_to_know(tmp_path: Path) -> None:
    unchanged = http(b"", status="304 Not Modified", ETag='"1"')
    site = Site({path: [page(path, ETag='"1"'), unchanged] for path in ("/a", "/b")})
    site["/c"] = [page("/c"), unchanged]
    crawled, replayed = tmp_path / "crawled", tmp_path / "replayed"
    with open_site(site, ["/a", "/b", "/c"], tmp_path) as origin:
        site["/feed"] = [
            http(feed(map(origin.url, ("/a", "/b", "/c"))).data.partition(b"\r\n\r\n")[2], ETag='"1"'),
            unchanged,
        ]
        for _ in range(2):
            run("news", crawled, sources=str(tmp_path / "sources.txt"))
            make_due(crawled, keep_validators=True)
        ended = fates(crawled, origin)
    assert ended == {"/feed": "unchanged", "/a": "unchanged", "/b": "unchanged", "/c": "http_error"}
    run("replay", replayed, path=str(crawled / "collections" / "news"))
    assert fates(replayed, origin) == ended


def test_a_replay_fetches_again_what_the_crawl_did_and_waits_for_no_host(tmp_path: Path) -> None:
    busy = http(b"", status="503 Busy", Retry_After="7200")
    patient = ODD | {"RETRY_TIMES": 2, "FRONTIER_PATIENCE_S": 0.5, "CONCURRENT_REQUESTS_PER_DOMAIN": 1}
    flaky = Site({"/a": [http(b"", status="500 Oops"), page("Veld")]})
    crawled, replayed, again = (tmp_path / name for name in ("crawled", "replayed", "again"))
    with serve(Site({"/b": busy, "/c": page("Tarmil")})) as tired:
        b, c = tired.url("/b"), tired.url("/c")
        with open_site(flaky, ["/a", b, c], tmp_path) as origin:
            sources = str(tmp_path / "sources.txt")
            run_crawl("news", patient | {"DATA_DIR": str(crawled)}, sources=sources)
            ended = fates(crawled, origin)
        assert ended == {"/feed": "discovery", "/a": "saved", b: "http_error"}
        assert (len(origin.read["/a"]), len(tired.read["/b"]), len(tired.read["/c"])) == (2, 1, 0)
    archive = str(crawled / "collections" / "news")
    run("replay", replayed, path=archive)
    assert fates(replayed, origin) == ended
    run("news", again, patient | {"REPLAY_FROM": archive}, sources=sources)
    assert fates(again, origin) == ended | {c: "not_archived"}
