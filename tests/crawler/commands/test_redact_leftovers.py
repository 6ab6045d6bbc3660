"""What a takedown cannot take it names, and exits 1; what else may have to go it names too."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from tests.support.catalogues import ask
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, http, open_site, redirect
from tests.support.origin import Origin
from tests.support.takedowns import all_bytes, assert_in_order, captured, redact
from tests.support.warcs import Archive, news

NAME = "Quillwick"
PICTURE = b"\x89PNG\r\n\x1a\n of the ferry"
FEED_TITLE = b"<title>News</title>"


class Crawled(NamedTuple):
    data: Path
    origin: Origin
    folder: Path

    @property
    def page(self) -> str:
        return self.origin.url("/page")

    @property
    def archive(self) -> Path:
        return self.data / "collections" / "news" / "archive"

    def crawl(self) -> None:
        settings = SETTINGS | {"DATA_DIR": str(self.data), "ARCHIVE_REQUISITES": "images"}
        run_crawl("news", settings, sources=str(self.folder / "sources.txt"))

    def replay(self, archive: Archive, name: str) -> None:
        arguments: dict[str, Any] = {"path": str(archive.save(self.folder / name)), "import": "1"}
        run_crawl("replay", {"DATA_DIR": str(self.data), "RELEVANCE_MODE": "off"}, **arguments)

    def fetches(self, path: str) -> int:
        return len(self.origin.read.get(path, ()))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("leftovers")
    picture = '<meta property="og:image" content="/photo.png">'
    site = Site({"/page": article(NAME, head=picture), "/photo.png": http(PICTURE, "image/png")})
    site |= {"/old": redirect("/page"), "/other": article("Oldcombe"), "/gone": redirect("/other")}
    with open_site(site, ["/old", "/gone"], folder) as origin:
        made = Crawled(folder / "data", origin, folder)
        made.crawl()
        yield made


@pytest.fixture
def crawled(written: Crawled, tmp_path: Path) -> Crawled:
    return written._replace(data=Path(shutil.copytree(written.data, tmp_path / "data")))


def test_what_the_tests_look_for_is_there_before(written: Crawled) -> None:
    paths = {url.removeprefix(written.origin.url("")) for url in captured(written.data)}
    assert {"/page", "/old", "/gone", "/other", "/photo.png", "/feed", "/robots.txt"} <= paths
    everything = all_bytes(written.data)
    assert PICTURE in everything
    assert FEED_TITLE in everything
    assert_in_order(written.data)


# --- what is left ------------------------------------------------------------------------------------
def test_a_file_that_cannot_be_rewritten_is_named_until_it_is_gone(
    crawled: Crawled, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign = news(0, gzip=False)
    foreign.exchange(f"{crawled.page}?utm_source=x", article(NAME).data)
    path = foreign.save(crawled.archive / "foreign.warc")
    assert redact(crawled.data, crawled.page) == 1
    said = capsys.readouterr().out
    assert f"{crawled.page} was redacted only in part:" in said
    assert f"Redacted {crawled.page}" not in said
    assert "2 records of the page are still in foreign.warc: only .warc.gz files can be rewritten" in said
    last_run = "select spider, exit_code from run order by id desc limit 1"
    assert ask(crawled.data, last_run) == [("redact", 1)]

    path.unlink()
    assert redact(crawled.data, crawled.page) == 0
    assert ask(crawled.data, last_run) == [("redact", 0)]
    assert f"Redacted {crawled.page}." in capsys.readouterr().out
    assert NAME.encode() not in all_bytes(crawled.data)
    assert_in_order(crawled.data)


def test_a_file_that_another_run_is_writing_is_named(
    crawled: Crawled, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign = news(0)
    foreign.exchange(crawled.page, article(NAME).data)
    path = foreign.save(crawled.archive / "news-20260503100000000-00000-0a0a0a0a.warc.gz.open")
    holding = (
        "import fcntl, sys; f = open(sys.argv[1], 'r+b'); fcntl.lockf(f, fcntl.LOCK_EX); print(); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        assert redact(crawled.data, crawled.page) == 1
        writer.communicate(b"\n")
    said = capsys.readouterr().out
    assert f"records of the page are still in {path.name}: another run is writing to it" in said

    assert redact(crawled.data, crawled.page) == 0
    assert NAME.encode() not in all_bytes(crawled.data)
    assert_in_order(crawled.data)


def test_what_is_damaged_cannot_be_looked_through(
    crawled: Crawled, capsys: pytest.CaptureFixture[str]
) -> None:
    (crawled.archive / "empty.warc.gz").write_bytes(b"")
    assert redact(crawled.data, crawled.page) == 1
    said = capsys.readouterr().out
    assert f"{crawled.page} was redacted only in part:" in said
    assert "empty.warc.gz is empty" in said
    (crawled.archive / "empty.warc.gz").unlink()
    assert NAME.encode() not in all_bytes(crawled.data)


def test_each_worker_s_archive_has_its_takedown(
    crawled: Crawled, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = set(crawled.archive.iterdir())
    theirs = news(0)
    theirs.exchange(f"{crawled.page}?utm_source=x", article("Fernhollow").data)
    crawled.replay(theirs, "theirs.warc.gz")
    (imported,) = set(crawled.archive.iterdir()) - before
    other = crawled._replace(data=tmp_path / "other")
    shutil.copytree(crawled.data, other.data)
    for path in before:
        (other.archive / path.name).unlink()
    imported.unlink()  # from here on each has an archive of its own

    assert redact(crawled.data, crawled.page) == 1
    assert (
        f"Captures of the page are in {imported.name}, which is not in this archive"
        in capsys.readouterr().out
    )
    assert redact(crawled.data, crawled.page) == 1, "nothing has changed there"
    capsys.readouterr()

    shutil.copy(crawled.data / "catalogue.sqlite", other.data)  # they share the catalogue
    assert redact(other.data, crawled.page) == 0
    assert f"Redacted {crawled.page}." in capsys.readouterr().out
    assert b"Fernhollow" not in all_bytes(other.data)
    assert list((other.data / "corpus").glob("*/*.txt")) != []
    assert all(NAME not in path.read_text() for path in (other.data / "corpus").rglob("*.txt"))


def test_other_data_directories_within_this_one_are_named_however_deep_they_lie(
    crawled: Crawled, capsys: pytest.CaptureFixture[str]
) -> None:
    """That of a replay beside the archive, or those of `scrapy demo`."""
    others = [crawled.data / "again", crawled.data / "demo" / "live"]
    for other in others:
        shutil.copytree(crawled.data / "corpus", other / "corpus")
        shutil.copy(crawled.data / "catalogue.sqlite", other)
    assert redact(crawled.data, crawled.page) == 0
    said = capsys.readouterr().out
    assert all(f"{other} is a data directory of its own" in said for other in others)


def test_what_a_killed_run_left_in_the_corpus_goes_or_is_named(
    crawled: Crawled, capsys: pytest.CaptureFixture[str]
) -> None:
    month = next(crawled.data.glob("corpus/[0-9]*"))
    stray, name = f" date 2021-01 {NAME}\n", f"{month.name}/777_0123456789abcdef.txt"
    (crawled.data / "corpus" / name).write_text(stray)
    (month / ".778_0123456789abcdef.txt.tmp").write_text(stray)
    assert redact(crawled.data, crawled.page) == 1
    said = capsys.readouterr().out
    assert f"A killed run left {name}, which was moved to .revisions and may be of the page" in said
    assert [path for path in crawled.data.rglob("*.t*") if NAME in path.read_text()] == [
        crawled.data / "corpus" / ".revisions" / name
    ]
    assert redact(crawled.data, crawled.page) == 0
    assert_in_order(crawled.data)


# --- what has to do with the page ----------------------------------------------------------------------
def test_a_redirect_to_the_page_is_named_and_leads_there_no_more(
    crawled: Crawled, capsys: pytest.CaptureFixture[str]
) -> None:
    before = crawled.fetches("/page")
    assert redact(crawled.data, crawled.page) == 0
    assert f"{crawled.origin.url('/old')} redirected to the page" in capsys.readouterr().out
    crawled.crawl()
    assert crawled.fetches("/page") == before
    assert crawled.page not in captured(crawled.data)


def test_where_a_page_redirected_to_is_named(crawled: Crawled, capsys: pytest.CaptureFixture[str]) -> None:
    assert redact(crawled.data, crawled.origin.url("/old")) == 0
    assert f"The page redirected to {crawled.page}: redact that too" in capsys.readouterr().out
    assert NAME.encode() in all_bytes(crawled.data)


def test_pictures_are_named_and_can_be_taken_down_as_pages_can(
    crawled: Crawled, capsys: pytest.CaptureFixture[str]
) -> None:
    picture, before = crawled.origin.url("/photo.png"), crawled.fetches("/photo.png")
    assert redact(crawled.data, crawled.page) == 0
    assert f"The archive has a picture of the page, {picture}: redact that too" in capsys.readouterr().out
    assert redact(crawled.data, picture) == 0
    assert PICTURE not in all_bytes(crawled.data)
    assert redact(crawled.data, crawled.page) == 0
    assert "picture" not in capsys.readouterr().out.partition(f"Redacted {crawled.page}.")[2]

    again = news(0)
    again.exchange(picture, http(PICTURE, "image/png").data, notes="kind: image\r\n")
    crawled.replay(again, "picture.warc.gz")
    assert PICTURE not in all_bytes(crawled.data)
    crawled.crawl()
    assert crawled.fetches("/photo.png") == before
    assert_in_order(crawled.data)


def test_a_feed_is_taken_down_as_it_was_and_fetched_again(
    crawled: Crawled, capsys: pytest.CaptureFixture[str]
) -> None:
    feed, before = crawled.origin.url("/feed"), crawled.fetches("/feed")
    assert redact(crawled.data, feed) == 0
    assert "The page lists articles: the next crawl fetches it again" in capsys.readouterr().out
    assert FEED_TITLE not in all_bytes(crawled.data)
    crawled.crawl()
    assert crawled.fetches("/feed") == before + 1
    assert captured(crawled.data)[feed] == 1
    assert_in_order(crawled.data)


def test_the_rules_of_a_site_cannot_be_taken_down(crawled: Crawled) -> None:
    with pytest.raises(OperatorError, match="contains the rules of a site") as failed:
        redact(crawled.data, crawled.origin.url("/robots.txt"))
    assert failed.value.exit_code == 2


# --- what keeps it out ---------------------------------------------------------------------------------
@pytest.mark.parametrize("known_by", ["manifest", "catalogue"])
def test_manifest_and_catalogue_each_keep_it_out_of_imports(crawled: Crawled, known_by: str) -> None:
    redact(crawled.data, crawled.page)
    if known_by == "manifest":
        with closing(Catalogue.open("", crawled.data)) as catalogue, catalogue.engine.begin() as connection:
            connection.exec_driver_sql("delete from redaction")
    else:
        shutil.rmtree(crawled.archive.parent)
    again = news(0)
    again.exchange(f"{crawled.page}?fbclid=1", article("Thistlemere").data)
    crawled.replay(again, f"again-{known_by}.warc.gz")
    assert b"Thistlemere" not in all_bytes(crawled.data)
