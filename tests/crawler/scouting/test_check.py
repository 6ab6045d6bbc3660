"""`scrapy sources check` reads the URLs of sources, says what came of each, and leaves them to the crawls."""

import json
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.exit_codes import FAILED, OK
from tests.support.commands import scrapy
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, fates, http, redirect, silence
from tests.support.origin import Answer, Origin, serve
from tests.support.source_options import options

RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>Orla</title>{}</channel></rss>'
ITEM = "<item><title>Shelling near {0}</title><link>/{0}</link><pubDate>{1} Nov 2026 08:00:00 +0000</pubDate></item>"


def dated_feed(*days: int) -> Answer:
    items = "".join(ITEM.format(f"veld-{day}", f"{day:02}") for day in days)
    return http(RSS.format(items).encode(), "application/rss+xml")


SITE = {
    "/robots.txt": http(b"User-agent: *\nDisallow: /closed\n", "text/plain"),
    "/fine": dated_feed(21, 3, 12),
    "/empty": http(RSS.format("").encode(), "application/rss+xml"),
    "/page": http(b"<!doctype html><html><title>x</title><p>Welcome to a parked domain."),
    "/blocked": http(b"", status="403 Forbidden"),
    "/busy": http(b"", status="429 Too Many Requests"),
    "/broken": http(b"", status="500 Internal Server Error"),
    "/gone": http(b"", status="410 Gone"),
    "/moved": redirect("/fine"),
    "/astray": redirect("/gone"),
    "/slow": silence(),
    "/closed": dated_feed(1),
}  # fmt: skip
EXPECTED = {
    "/fine": ("ok", "3", "2026-11-03", "2026-11-21"),
    "/empty": ("empty", "0", "-", "-"),
    "/page": ("not a feed", "0", "-", "-"),
    "/blocked": ("blocked", "0", "-", "-"),
    "/busy": ("blocked", "0", "-", "-"),
    "/broken": ("server error", "0", "-", "-"),
    "/gone": ("gone", "0", "-", "-"),
    "/moved": ("ok, moved to", "3", "2026-11-03", "2026-11-21"),
    "/astray": ("gone", "0", "-", "-"),
    "/slow": ("timeout", "0", "-", "-"),
    "/closed": ("robots.txt", "0", "-", "-"),
}


@pytest.fixture
def origin() -> Iterator[Origin]:
    with serve(Site(dict(SITE))) as origin:
        yield origin


def write_registry(path: Path, urls: dict[str, list[str]]) -> Path:
    tables = (
        f'[[source]]\nid = "{name}"\nname = "{name}"\nhomepage = "https://{name}.example/"\nfeeds = {json.dumps(its)}\n'
        for name, its in urls.items()
    )
    path.write_text("\n".join(tables), encoding="utf-8")
    return path


def free_port() -> int:
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def test_each_url_has_its_cause_and_the_days_that_it_covers(tmp_path: Path, origin: Origin) -> None:
    refused, nowhere = f"http://127.0.0.1:{free_port()}/feed", "http://nowhere.invalid/feed"
    urls = {"orla": [origin.url(path) for path in EXPECTED], "velmar": [refused, nowhere]}
    registry = write_registry(tmp_path / "mine.toml", urls)
    ran = scrapy("sources", "check", "--sources", registry, *options(tmp_path, DOWNLOAD_TIMEOUT=4))
    assert ran.returncode == OK, ran.stderr
    rows = [line.split("\t") for line in ran.stdout.splitlines()[1:-1]]
    for path, (result, *facts) in EXPECTED.items():
        [row] = [row for row in rows if row[-1] == origin.url(path)]
        assert row[0].startswith(result), path
        assert row[1:4] == facts, path
    assert [row[0].partition(" (")[0] for row in rows if row[4] == "velmar"] == ["refused", "no such host"]
    assert ran.stdout.splitlines()[-1].startswith("URLs: 13 of 2 sources; ")
    listed = scrapy("sources", "list", "--sources", registry, *options(tmp_path)).stdout.splitlines()
    orla, velmar = (line.split("\t")[8:11] for line in listed[1:3])
    assert orla[1:] == [
        "2 of 11 ok: empty, not a feed, blocked, server error, gone, timeout, robots.txt",
        "2026-11-21",
    ]
    assert velmar[1:] == ["0 of 2 ok: refused, no such host", "-"]


def test_a_check_in_which_everything_failed_is_exit_code_1(tmp_path: Path, origin: Origin) -> None:
    registry = write_registry(tmp_path / "mine.toml", {"orla": [origin.url("/empty")]})
    ran = scrapy("sources", "check", "--sources", registry, *options(tmp_path))
    assert ran.returncode == FAILED
    assert "1 empty" in ran.stdout


@pytest.mark.parametrize("due", ["0", "1"])
def test_what_was_looked_at_is_gathered_by_the_next_crawl(due: str, tmp_path: Path) -> None:
    site, data = Site({"/veld": article("Veld")}), tmp_path / "data"
    given: dict[str, object] = {**SETTINGS, "DATA_DIR": str(data)}
    with serve(site) as origin:
        listed = RSS.format(f"<item><title>x</title><link>{origin.url('/veld')}</link></item>")
        site["/feed"] = http(listed.encode(), "application/rss+xml", ETag='"1"')
        registry = write_registry(tmp_path / "mine.toml", {"orla": [origin.url("/feed")]})
        run_crawl("check", given | {"SPIDER_MODULES": ["crawler.scouting"]}, sources=str(registry))
        assert fates(data, origin) == {"/feed": "discovery"}
        run_crawl("news", given, sources=str(registry), due=due)
        assert fates(data, origin) == {"/feed": "discovery", "/veld": "saved"}
        assert len(origin.read["/feed"]) == 2, "what the check was answered is no visit of the crawl"
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue:
        news = catalogue.execute("select new from listing_read order by visit_id").fetchall()
        runs = catalogue.execute("select spider, exit_code from run order by id").fetchall()
    assert news == [(None,), (1,)]
    assert runs == [("check", 0), ("news", 0)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--sources", "none.toml"), "Cannot read none.toml"),
        (("--kind", "agancy"), "did you mean agency?"),
        (("now",), "usage: scrapy sources list "),
    ],
)
def test_what_cannot_be_checked_is_a_sentence(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    ran = scrapy("sources", "check", *arguments, *options(tmp_path))
    assert ran.returncode == 2
    assert words in ran.stderr
    assert not (tmp_path / "data").exists()
