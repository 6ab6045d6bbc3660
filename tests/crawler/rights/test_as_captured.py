"""What sites and pages declare is kept with each article as it was at its capture, and is read so ever after."""

import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.replay.captures import CaptureReader
from crawler.audit import rebuilding
from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import pages_of
from crawler.database.catalogue import Catalogue
from crawler.exit_codes import OK
from tests.support.commands import call
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, http, open_site
from tests.support.newsroom_runs import make_due, replay
from tests.support.origin import Answer, Origin
from tests.support.rebuilds import rebuild_here
from tests.support.verifying import verify

FIRST_RULES = b"User-agent: *\nContent-Signal: search=yes\nAllow: /\n\nUser-agent: GPTBot\nDisallow: /veld\n"
LATER_RULES = b"User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /\n\nLicense: /licence.xml\n"
FILE, LICENCE = "/.well-known/tdmrep.json", "/licence.xml"
TERMS = b"""<?xml version="1.0"?><rsl xmlns="https://rslstandard.org/rsl">
<content url="/osk"><license><prohibits type="usage">ai-input</prohibits></license></content></rsl>"""

OPEN, RESERVED, TAGGED = "/osk", "/veld", "/dorn"


@dataclass(frozen=True, slots=True)
class Crawled:
    data: Path
    origin: Origin
    asked: dict[str, int]
    """Requests by path."""

    def url(self, path: str) -> str:
        return self.origin.url(path)

    def rows(self, path: str, data: Path | None = None) -> list[ArticleRow]:
        with closing(Catalogue.open("", data or self.data)) as catalogue:
            return pages_of(catalogue, self.url(path))

    def declared(self, path: str, data: Path | None = None) -> list[list[str]]:
        return [[*map(str, row.declared or ())] for row in self.rows(path, data)]


def tagged(page: Answer, *fields: str) -> Answer:
    """The answer with more header fields, repeated ones included."""
    return Answer(
        page.data.replace(b"\r\n\r\n", "".join(f"\r\n{field}" for field in fields).encode() + b"\r\n\r\n", 1)
    )


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """Two visits to three articles; between them the site changes what it declares, and one page its own words."""
    folder = tmp_path_factory.mktemp("rights")
    site = Site(
        {
            "/robots.txt": http(FIRST_RULES, "text/plain"),
            FILE: http(
                json.dumps([{"location": "/veld", "tdm-reservation": 1}]).encode(), "application/json"
            ),
            LICENCE: http(TERMS, "application/rsl+xml"),
            OPEN: article("Osk"),
            RESERVED: article("Veld"),
            TAGGED: tagged(article("Dorn"), "X-Robots-Tag: veldbot: noai", "X-Robots-Tag: nosnippet"),
        }
    )
    data = folder / "data"
    settings = SETTINGS | {"DATA_DIR": str(data)}
    with open_site(site, [OPEN, RESERVED, TAGGED], folder) as origin:
        run_crawl("news", settings, sources=str(folder / "sources.txt"))
        site["/robots.txt"] = http(LATER_RULES, "text/plain")
        site[OPEN] = article(
            "Osk", head='<meta name="robots" content="noai"><meta name="tdm-reservation" content="1">'
        )
        make_due(data)
        run_crawl("news", settings, sources=str(folder / "sources.txt"))
    return Crawled(data, origin, {path: len(read) for path, read in origin.read.items()})


def test_each_article_has_what_was_declared_when_its_page_was_captured(crawled: Crawled) -> None:
    assert crawled.declared(RESERVED)[0] == [
        "robots.txt GPTBot: disallow",
        "robots.txt: search=yes",
        "tdmrep.json: tdm-reservation=1",
    ]
    assert crawled.declared(OPEN) == [
        ["robots.txt GPTBot: allow", "robots.txt: search=yes"],
        [
            "robots.txt: search=yes",
            "robots.txt: ai-train=no",
            f"robots.txt: rsl={crawled.url(LICENCE)}",
            "rsl: rsl-prohibits: ai-input",
            "html: noai",
            "html: tdm-reservation=1",
        ],
    ]
    assert crawled.declared(TAGGED)[0][2:] == ["http veldbot: noai", "http: nosnippet"]
    assert [row.rights for row in crawled.rows(OPEN)] == [
        (),
        ("noai", "ai-train=no", "rsl-prohibits", "tdm-reservation"),
    ]
    assert crawled.rows(RESERVED)[0].rights == ("tdm-reservation", "ai-agents")


def test_the_files_are_asked_for_once_a_day_or_run_and_archived(crawled: Crawled) -> None:
    assert (crawled.asked[FILE], crawled.asked["/robots.txt"]) == (2, 2)  # weeks passed between the runs
    archive = crawled.data / "collections" / "news" / "archive"
    with CaptureReader(sorted(archive.iterdir()), print, archive) as reader:
        captures = [each for path in sorted(archive.iterdir()) for each in reader.read(path)]
    assert [each.metadata["kind"] for each in captures if each.url.endswith(FILE)] == ["tdmrep", "tdmrep"]
    assert [each.metadata["kind"] for each in captures if each.url.endswith(LICENCE)] == ["rsl"]
    [first, *_] = [each.metadata for each in captures if each.url == crawled.url(RESERVED)]
    [*_, last] = [each.metadata for each in captures if each.url == crawled.url(OPEN)]
    assert crawled.url(LICENCE) + " sha256:" in last["declaredBy"]
    assert crawled.url("/robots.txt") + " sha256:" in first["declaredBy"]
    assert crawled.url(FILE) + " sha256:" in first["declaredBy"]


def test_replays_and_a_catalogue_made_again_say_the_same(
    crawled: Crawled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = replay(crawled.data / "collections" / "news", tmp_path / "again", RELEVANCE_MODE="off")
    rebuilt = shutil.copytree(crawled.data, tmp_path / "rebuilt")
    for file in rebuilt.glob("catalogue.sqlite*"):
        file.unlink()
    monkeypatch.setattr(rebuilding, "_replay", rebuild_here)
    assert call("store", "rebuild", DATA_DIR=str(rebuilt), RELEVANCE_MODE="off") == OK
    for path in (OPEN, RESERVED, TAGGED):
        assert crawled.declared(path, again) == crawled.declared(path, rebuilt) == crawled.declared(path)
        assert [row.rights for row in crawled.rows(path, again)] == [row.rights for row in crawled.rows(path)]


def test_the_archive_is_what_was_written(crawled: Crawled) -> None:
    assert verify(crawled.data, RELEVANCE_MODE="off") == OK


def test_an_archived_run_once_more_takes_the_declarations_of_its_records(
    crawled: Crawled, tmp_path: Path
) -> None:
    registry = tmp_path / "sources.txt"
    registry.write_text(crawled.url("/feed") + "\n", encoding="utf-8")
    settings = SETTINGS | {
        "DATA_DIR": str(tmp_path / "data"),
        "REPLAY_FROM": str(crawled.data / "collections" / "news"),
    }
    run_crawl("news", settings, sources=str(registry))
    assert crawled.declared(RESERVED, tmp_path / "data")[-1] in crawled.declared(RESERVED)


def test_explain_and_trace_show_what_was_declared_and_what_changed(
    crawled: Crawled, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("explain", crawled.url(OPEN), DATA_DIR=str(crawled.data)) == OK
    shown = [
        line.split(maxsplit=1)[1] if line.startswith("declared") else line.strip()
        for line in capsys.readouterr().out.splitlines()
    ]
    first, second = (str(row.captured) for row in crawled.rows(OPEN))
    told = [line for line in shown if line.startswith((first, second))]
    assert told == [
        f"{first}   robots.txt GPTBot: allow",
        f"{first}   robots.txt: search=yes",
        f"{second} + robots.txt: ai-train=no",
        f"{second} + robots.txt: rsl={crawled.url(LICENCE)}",
        f"{second} + rsl: rsl-prohibits: ai-input",
        f"{second} + html: noai",
        f"{second} + html: tdm-reservation=1",
        f"{second} - robots.txt GPTBot: allow",
    ]
    [file] = [row.file for row in crawled.rows(OPEN) if row.file]
    assert call("trace", str(crawled.data / "corpus" / file), DATA_DIR=str(crawled.data)) == OK
    assert f"{second} + html: noai" in capsys.readouterr().out


def test_export_adds_what_was_declared_and_leaves_reserved_articles_out(
    crawled: Crawled, capfd: pytest.CaptureFixture[str]
) -> None:
    def export(*arguments: str) -> tuple[dict[str, list[str]], str]:
        assert call("export", *arguments, DATA_DIR=str(crawled.data)) == OK
        written, said = capfd.readouterr()
        rows = [json.loads(line) for line in written.splitlines()]
        return {row["url"].removeprefix(crawled.url("")): row["declared"] for row in rows}, said

    everything, said = export("--rights", "all")
    assert everything.keys() == {OPEN, RESERVED, TAGGED}
    assert everything[RESERVED] == crawled.declared(RESERVED)[0]
    assert not said
    for spelling in (["--rights"], ["--rights", "open"]):
        unreserved, said = export(*spelling)
        assert unreserved.keys() == {OPEN, TAGGED}
        assert (
            said == "Left out, because a use is reserved: 1 (tdm-reservation: 1, ai-agents: 1). Written: 2.\n"
        )


def test_rederive_reads_what_an_earlier_version_did_not_keep(
    crawled: Crawled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(archives: Path, data_dir: Path, settings: Mapping[str, object]) -> None:
        given = {**settings, "DATA_DIR": str(data_dir), "STORE_URL": "", "ARCHIVE_SIGNING_KEY": ""}
        run_crawl("replay", given | {"LOG_LEVEL": "CRITICAL"}, path=str(archives))

    data = shutil.copytree(crawled.data, tmp_path / "data")
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.execute("update article set declared = null")
    assert crawled.rows(RESERVED, data)[0].declared is None
    monkeypatch.setattr("crawler.audit.rederivation.replay", again)
    assert call("rederive", "--apply", DATA_DIR=str(data), RELEVANCE_MODE="off") == OK
    assert crawled.declared(RESERVED, data)[-1:] == crawled.declared(RESERVED)[-1:]
