"""Addresses on their way through a crawl: asked for as browsers would, and never with a password."""

import gzip
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.errors import OperatorError
from crawler.exit_codes import OK
from crawler.spiders.arguments import select_sources
from tests.support.commands import scrapy
from tests.support.hostile_site import SETTINGS, Site, article, corpus
from tests.support.odd_addresses import PAGES, SECRET, site_at
from tests.support.origin import Origin, serve
from tests.support.warc_records import Seen, read_collection
from tests.support.warcs import Archive

GIVEN = [f"-s{name}={value}" for name, value in SETTINGS.items()] + [
    "-sARCHIVE_REQUISITES=images",
    "-sEXTRACTION_WORKERS=1",
]


@dataclass(frozen=True)
class Crawl:
    """What a crawl of the site left."""

    data: Path
    origin: Origin
    log: str
    records: list[Seen]


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    folder = tmp_path_factory.mktemp("addresses")
    site = Site()
    with serve(site) as origin:
        site.update(site_at(origin.url("")))
        starts = ("/feed", "/map.xml", "/map.txt", r"\news#top")
        sources = folder / "sources.txt"
        sources.write_text("".join(f"{origin.url(each)}\n" for each in starts), encoding="utf-8")
        given = [*GIVEN, f"-sDATA_DIR={folder / 'data'}", "-sLOG_LEVEL=DEBUG"]
        done = scrapy("crawl", "news", "-a", f"sources={sources}", *given)
        assert done.returncode == OK, done.stderr
        archive = folder / "data" / "collections" / "news"
        yield Crawl(folder / "data", origin, done.stdout + done.stderr, read_collection(archive))


def test_every_story_is_saved_from_the_address_that_browsers_ask_for(crawl: Crawl) -> None:
    asked = {name: len(crawl.origin.read[path]) for name, path in PAGES.items()}
    assert asked == dict.fromkeys(PAGES, 1)
    found = "\n".join(corpus(crawl.data))
    assert [name for name in PAGES if f"Residents of {name} described" not in found] == []
    known = {*PAGES.values(), *site_at("http://x")} | {"/robots.txt", "/.well-known/tdmrep.json"}
    assert set(crawl.origin.read) - known == set()


def test_what_is_archived_is_what_was_asked_for(crawl: Crawl) -> None:
    responses = {each.get("WARC-Target-URI") for each in crawl.records if each.type != "warcinfo"}
    assert {crawl.origin.url(path) for path in PAGES.values()} <= responses
    for each in crawl.records:
        if each.type == "request":
            target = each.block.split(b" ", 2)[1].decode()
            assert each.get("WARC-Target-URI") == crawl.origin.url(target)


def test_no_password_is_sent(crawl: Crawl) -> None:
    assert SECRET not in b"".join(b"".join(requests) for requests in crawl.origin.read.values())
    assert b"uthorization" not in b"".join(b"".join(requests) for requests in crawl.origin.read.values())


def test_no_password_is_logged_or_stored(crawl: Crawl) -> None:
    assert SECRET.decode() not in crawl.log
    files = [path for path in crawl.data.rglob("*") if path.is_file() and not path.name.endswith(".warc.gz")]
    assert len(files) > 15
    assert [path for path in files if SECRET in contents(path)] == []


def test_only_what_servers_sent_holds_a_password(crawl: Crawl) -> None:
    for each in crawl.records:
        assert SECRET not in repr(each.fields).encode()
        assert each.type == "response" or SECRET not in each.block
    assert any(SECRET in each.block for each in crawl.records)  # evidence, byte for byte


@pytest.mark.parametrize("command", ["export", "explain", "wacz", "redact"])
def test_no_command_shows_a_password(crawl: Crawl, command: str, tmp_path: Path) -> None:
    url = crawl.origin.url("/2021/moved-story").replace("://", "://reader:Geheim@")
    arguments: dict[str, list[object]] = {
        "export": [],
        "explain": [url],
        "wacz": [tmp_path / "news.wacz"],
        "redact": [url, "--reason", "x"],  # asks, and gets no answer
    }
    done = scrapy(command, *arguments[command], f"-sDATA_DIR={crawl.data}", "-sRELEVANCE_MODE=off")
    assert (done.returncode == OK) == (command != "redact"), done.stderr
    assert SECRET.decode() not in done.stdout + done.stderr
    if command in ("explain", "redact"):
        assert "/2021/moved-story" in done.stdout


def test_of_a_password_in_an_archive_of_others_only_their_records_stay(tmp_path: Path) -> None:
    others = Archive()
    for number in range(3):
        url = f"http://reader:Geheim@orla.example/{number}"
        story = article(f"Veld {number}").data
        others.exchange(url, story, notes="via: http://reader:Geheim@orla.example/feed\r\n")
    path, data = others.save(tmp_path / "others.warc.gz"), tmp_path / "data"
    given = [*GIVEN, f"-sDATA_DIR={data}"]
    replay = scrapy("crawl", "replay", "-a", f"path={path}", "-a", "import=1", *given, "-sLOG_LEVEL=DEBUG")
    explain = scrapy("explain", "http://orla.example/0", *given)
    package = tmp_path / "others.wacz"
    packed = scrapy("wacz", package, *given)
    for done in (replay, explain, packed):
        assert done.returncode == OK, done.stderr
        assert SECRET.decode() not in done.stdout + done.stderr
    assert "http://orla.example/feed" in explain.stdout
    files = [path for path in data.rglob("*") if path.is_file() and not path.name.endswith(".warc.gz")]
    assert len(files) > 5
    assert [path for path in files if SECRET in contents(path)] == []
    with zipfile.ZipFile(package) as members:
        assert [name for name in members.namelist() if SECRET in members.read(name)] == []
    own = read_collection(data / "collections" / "news")
    assert sum(SECRET.decode() in (each.get("WARC-Target-URI") or "") for each in own) == 9


@pytest.mark.parametrize(
    "url",
    [
        "http://reader:Geheim@orla.example/feed",
        "http://reader:Geheim@/feed",
        "http:/reader:Geheim@orla.example/feed",
        "http:\\\\reader:Geheim@orla.example/feed",
        "ftp://reader:Geheim@orla.example/feed",
        "https://Geheim@orla.example:99999/",
    ],
)
def test_a_password_in_what_an_operator_writes_is_not_repeated(url: str, tmp_path: Path) -> None:
    sources = tmp_path / "sources.txt"
    sources.write_text(f"{url}\n", encoding="utf-8")
    registry = tmp_path / "sources.toml"
    registry.write_text(f"[[source]]\nid = 'orla'\nname = 'Orla'\nhomepage = '{url}'\n", encoding="utf-8")
    for argument in (f"sources={sources}", f"sources={registry}", f"sources={url}", f"source={url}"):
        with pytest.raises(OperatorError) as refusal:
            select_sources(dict([argument.split("=", 1)]), [])
        assert SECRET.decode() not in str(refusal.value)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] in (
        [sources, registry],
        [registry, sources],
    )


def contents(path: Path) -> bytes:
    """The bytes of a file, decompressed; of a catalogue also those that are in its log only."""
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.name == "catalogue.sqlite":
        with closing(sqlite3.connect(path)) as catalogue:
            return "\n".join(catalogue.iterdump()).encode("utf-8", "replace")
    return path.read_bytes()
