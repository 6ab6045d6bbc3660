"""A server that breaks the rules of HTTP in every answer is crawled; what breaks off is never taken for whole."""

import gzip
import random
import re
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from crawler.run.recorder import recorder_of
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, corpus, feed, open_site
from tests.support.origin import Answer, Origin, Then

ODD = SETTINGS | {"EXTRACTION_WORKERS": 1, "RETRY_DELAY_S": 0.0, "RETRY_TIMES": 0, "DOWNLOAD_TIMEOUT": 20}
FLAWS = ["\u2018X-Frame-Options\u2019: *", "X-By : Orla", "no colon", "Transfer-Encoding: identity", ": 1"]
FLAWS.append("X-Long: " + "n" * 20_000)
WORDS = [
    f"{first}{second}"
    for first in ("or", "vel", "lo", "ta", "mi")
    for second in ("la", "mar", "me", "ril", "ko")
]


def body_of(answer: Answer) -> bytes:
    return answer.data.partition(b"\r\n\r\n")[2]


def raw(body: bytes, *lines: str, length: int | None = None, status: str = "HTTP/1.1 200") -> Answer:
    """An answer with flaws in its head; it announces nine bytes more than come, unless `length` says otherwise."""
    length = len(body) + 9 if length is None else length
    head = [status, *FLAWS, *lines, *([f"Content-Length: {length}"] if length >= 0 else [])]
    return Answer("\r\n".join([*head, "", ""]).encode() + body, Then.CLOSE)


def page(name: str) -> bytes:
    """An article of which no other has half as many words."""
    dice = random.Random(name)
    return body_of(article(name, *(" ".join(dice.choices(WORDS, k=60)) + "." for _ in range(5))))


def chunked(body: bytes, end: bytes = b"0\r\n\r\n") -> Answer:
    return raw(b"%x\r\n%b\r\n" % (len(body), body) + end, "Transfer-Encoding: gzip, chunked", length=-1)


def half(packed: bytes) -> bytes:
    return packed[: len(packed) * 2 // 3]


def spoilt(packed: bytes) -> bytes:
    middle = len(packed) // 2
    return packed[:middle] + bytes(20) + packed[middle + 20 :]


SAVED: dict[str, Callable[[bytes], Answer]] = {
    "plain": lambda body: raw(body, "Content-Type: text/html"),
    "no-type": lambda body: raw(body, "Content-Type: html", "Content-Encoding: none"),
    "merged": lambda body: raw(
        body, "Content-Type: text/html, text/html;;charset=UTF-8", "Content-Encoding: utf-8"
    ),
    "bytes": lambda body: raw(body, "Content-Type: unknown/unknown", "Content-Encoding: aws-chunked, binary"),
    "no-gzip": lambda body: raw(body, "Content-Encoding: gzip"),
    "gzip": lambda body: raw(gzip.compress(body), "Content-Encoding: gzip;q=1.0"),
    "unlabelled": lambda body: raw(gzip.compress(body)),
    "twice": lambda body: raw(gzip.compress(gzip.compress(body)), "Content-Encoding: gzip"),
    "no-check": lambda body: raw(gzip.compress(body)[:-8], "Content-Encoding: x-gzip", length=len(body)),
    "deflate": lambda body: raw(zlib.compress(body, wbits=-15), "Content-Encoding: deflate", length=-1),
    "short": lambda body: raw(body, length=100),
    "nothing": lambda body: raw(body, length=0),
    "negative": lambda body: raw(body, "Content-Length: -5", length=-1),
    "chunks": chunked,
    "packed-chunks": lambda body: chunked(gzip.compress(body)),
    "last-chunk": lambda body: chunked(body, end=b""),
    "no-chunks": lambda body: raw(body, "Transfer-Encoding: chunked", length=-1),
    "http2": lambda body: raw(body, status="HTTP/2 200"),
    "old": lambda body: raw(body, status="http/1.0 200 ok", length=-1),
    "wordless": lambda body: raw(body, status="HTTP/1.1 OK"),
}
LOST: dict[str, tuple[Callable[[bytes], Answer], str]] = {
    "cut": (lambda body: raw(half(body), "Content-Type: text/html"), "incomplete"),
    "cut-chunks": (lambda body: chunked(half(body), end=b""), "incomplete"),
    "broken-chunks": (lambda body: chunked(half(body), end=b"no size\r\n"), "incomplete"),
    "cut-gzip": (
        lambda body: raw(half(gzip.compress(body)), "Content-Encoding: gzip", length=-1),
        "incomplete",
    ),
    "spoilt-gzip": (
        lambda body: raw(spoilt(gzip.compress(body)), "Content-Encoding: gzip", length=-1),
        "incomplete",
    ),
    "cut-deflate": (
        lambda body: raw(half(zlib.compress(body)), "Content-Encoding: deflate", length=-1),
        "incomplete",
    ),
    "cut-unlabelled": (lambda body: raw(half(gzip.compress(body)), length=-1), "incomplete"),
    "compress": (
        lambda body: raw(b"\x1f\x9d\0" + body, "Content-Encoding: compress", length=-1),
        "quarantined",
    ),
    "cut-404": (lambda body: raw(b"<p>", status="HTTP/1.1 404"), "gone"),
    "cut-500": (lambda body: raw(b"<p>", status="HTTP/1.1 500 "), "http_error"),
    "cut-redirect": (
        lambda body: raw(b"<p>", "Location: /plain", status="HTTP/1.1 302 \u00e9"),
        "redirected",
    ),
    "large-head": (lambda body: raw(body, "X-Large: " + "n" * 300_000), "too_large"),
    "ftp": (lambda body: Answer(b"220 ftp.orla.example ready\r\n", Then.HANG), "network_error"),
    "silent": (lambda body: Answer(b"", Then.CLOSE), "network_error"),
    "cut-head": (lambda body: Answer(b"HTTP/1.1 200 OK\r\nContent-", Then.CLOSE), "network_error"),
}
WITHOUT_ANSWER = {"large-head", "ftp", "silent", "cut-head"}


def run(spider: str, data: Path, **arguments: str) -> None:
    crawler = run_crawl(spider, ODD | {"DATA_DIR": str(data)}, 60, **arguments)
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
