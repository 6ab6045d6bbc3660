"""A server that breaks the rules of HTTP in every answer is crawled; what breaks off is never taken for whole."""

import gzip
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.run.recorder import recorder_of
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, corpus, feed, open_site
from tests.support.odd_framing import LOST, SAVED, WITHOUT_ANSWER, body_of, chunked, page, raw
from tests.support.origin import Answer, Origin

ODD = SETTINGS | {"EXTRACTION_WORKERS": 1, "RETRY_DELAY_S": 0.0, "RETRY_TIMES": 0, "DOWNLOAD_TIMEOUT": 20}


def run(spider: str, data: Path, **arguments: str) -> None:
    crawler = run_crawl(spider, ODD | {"DATA_DIR": str(data)}, **arguments)
    result = recorder_of(crawler).result
    assert result is not None and result.tally.reconciles and not result.tally.pending


def ends(data: Path, origin: Origin) -> dict[str, tuple[str, str]]:
    """Path -> fate and reason."""
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue:
        rows = catalogue.execute(
            "select url, fate, (select reason from visit where url_id = url.id order by visit.id desc) from url"
        )
        return {url.removeprefix(origin.url("/")): (fate, reason or "") for url, fate, reason in rows if fate}


def test_a_server_whose_every_answer_is_odd_is_crawled_and_replayed(tmp_path: Path) -> None:
    odd = {name: make(page(f"Orla {name}")) for name, make in SAVED.items()}
    lost = {name: make(page(f"Lome {name}")) for name, (make, _) in LOST.items()}
    site = Site({f"/{name}": answer for name, answer in (odd | lost).items()})
    site["/robots.txt"] = raw(b"User-agent: *\nDisallow: /closed", "Content-Type: text/plain")
    crawled, replayed = tmp_path / "crawled", tmp_path / "replayed"
    with open_site(site, [f"/{name}" for name in (*odd, *lost, "closed")], tmp_path) as origin:
        listing = site["/feed"]
        assert isinstance(listing, Answer)
        site["/feed"] = raw(gzip.compress(body_of(listing)), "Content-Encoding: gzip", "Content-Type: rss")
        run("news", crawled, sources=str(tmp_path / "sources.txt"))
        ended = ends(crawled, origin)
    expected = dict.fromkeys(SAVED, "saved") | {name: fate for name, (_, fate) in LOST.items()}
    assert {name: fate for name, (fate, _) in ended.items()} == expected | {
        "feed": "discovery",
        "closed": "robots_disallowed",
    }
    for name, (fate, reason) in ended.items():
        assert not re.search(r"<|twisted|Failure|object at|Error", reason), name
        assert reason or fate in ("saved", "discovery"), name
        assert fate != "incomplete" or "incomplete" in reason, name

    run("replay", replayed, path=str(crawled / "collections" / "news"))
    again = ends(replayed, origin)
    assert again.pop("feed")[0] == "discovery"
    unseen = WITHOUT_ANSWER | {"closed", "feed"}
    assert again == {name: end for name, end in ended.items() if name not in unseen}
    assert corpus(replayed) == corpus(crawled)
    assert len(corpus(crawled)) == len(SAVED)


def test_what_a_crawl_takes_although_it_is_cut_its_replay_takes_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = page("Velmar").replace(b"</article></body></html>", b"")
    site = Site({"/cut": raw(cut, "Content-Type: text/html"), "/whole": raw(page("Orla"))})
    crawled, replayed = tmp_path / "crawled", tmp_path / "replayed"
    with open_site(site, ["/cut", "/whole"], tmp_path) as origin:
        monkeypatch.setitem(ODD, "DOWNLOAD_FAIL_ON_DATALOSS", False)
        run("news", crawled, sources=str(tmp_path / "sources.txt"))
        monkeypatch.delitem(ODD, "DOWNLOAD_FAIL_ON_DATALOSS")
    run("replay", replayed, path=str(crawled / "collections" / "news"))

    assert ends(crawled, origin)["cut"] == ends(replayed, origin)["cut"] == ("saved", "")
    assert corpus(replayed) == corpus(crawled) != []


def test_feeds_are_read_whatever_their_framing(tmp_path: Path) -> None:
    document = body_of(feed(["http://127.0.0.1:9/a"]))
    answers: dict[str, Answer | list[Answer]] = {
        "/counted": raw(document, "Content-Type: application/rss+xml, text/xml"),
        "/short": raw(document, length=40),
        "/chunks": chunked(document, end=b""),
        "/json": raw(b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "Content-Type: json"),
        "/urls.txt": raw(b"http://127.0.0.1:9/b"),
    }
    with open_site(Site(answers), [], tmp_path) as origin:
        (tmp_path / "sources.txt").write_text("\n".join(map(origin.url, answers)), encoding="utf-8")
        run("news", tmp_path / "data", sources=str(tmp_path / "sources.txt"))
        ended = ends(tmp_path / "data", origin)
    assert {path: ended[path[1:]][0] for path in answers} == dict.fromkeys(answers, "discovery")
