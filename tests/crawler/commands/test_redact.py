"""`scrapy redact` leaves nothing of a page in the data directory, and everything else in order."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from archive.checks.findings import Severity
from archive.collection.redaction import Redactor
from archive.replay.stored_records import read_payload
from crawler.catalogue.archive_locations import StoredPlaces
from crawler.catalogue.articles import articles
from crawler.cli import redact as command
from crawler.data_dir import DataDir, DataDirBusy
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.run.corpus import Corpus
from tests.support.catalogues import known
from tests.support.commands import call, scrapy
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, corpus, open_site
from tests.support.kill_points import Killed
from tests.support.origin import Origin
from tests.support.takedowns import REASON, all_bytes, assert_in_order, captured, findings, redact
from tests.support.warcs import news

NAME, EARLIER, SHARED = "Quillwick", "Thistlemere", "Brambleford"


class Crawled(NamedTuple):
    data: Path
    origin: Origin
    page: str
    """A page of its own, whose earlier text is in `.revisions`."""
    first: str
    second: str
    """Its content is that of the first: its record is a revisit, its text a duplicate."""
    foreign: Path
    """An archive of others that was read in place, with another page."""

    def crawl(self) -> None:
        run_crawl(
            "news", SETTINGS | {"DATA_DIR": str(self.data)}, sources=str(self.foreign.parent / "sources.txt")
        )

    def replay(self, path: Path, imports: bool = False) -> None:
        settings = {"DATA_DIR": str(self.data), "RELEVANCE_MODE": "off"}
        arguments: dict[str, Any] = {"import": "1"} if imports else {}
        run_crawl("replay", settings, path=str(path), **arguments)

    def rows(self) -> Counter[tuple[str, str, bool]]:
        """URL, fate and whether there is a text, of every extracted page."""
        with closing(Catalogue.open("", self.data)) as catalogue:
            return Counter((row.url, row.fate, bool(row.text)) for row in articles(catalogue, True))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("redact")
    site = Site({"/page": article(EARLIER), "/a": article(SHARED), "/other": article("Oldcombe")})
    site["/b"] = site["/a"]
    with open_site(site, ["/page", "/a", "/b", "/other"], folder) as origin:
        page, *same = map(origin.url, ("/page", "/a", "/b"))
        made = Crawled(folder / "data", origin, page, "", "", folder / "foreign.warc.gz")
        made.crawl()
        (second,) = (url for url, fate, _ in made.rows() if fate == "duplicate")
        (first,) = set(same) - {second}
        newer, foreign = news(0), news(0)
        newer.exchange(page, article(NAME).data)
        foreign.exchange("https://orla.example/there", article("Ferrowick").data)
        made.replay(newer.save(folder / "newer.warc.gz"), imports=True)
        made.replay(foreign.save(made.foreign))
        yield made._replace(first=first, second=second)


@pytest.fixture
def crawled(written: Crawled, tmp_path: Path) -> Crawled:
    return written._replace(data=Path(shutil.copytree(written.data, tmp_path / "data")))


def test_what_the_tests_look_for_is_there_before(written: Crawled) -> None:
    lying = all_bytes(written.data)
    assert all(name.encode() in lying for name in (NAME, EARLIER, SHARED))
    assert len(list((written.data / "corpus" / ".revisions").rglob("*.txt"))) == 1
    assert captured(written.data)[written.page] == 2
    assert_in_order(written.data)


def test_no_word_of_the_page_is_left_anywhere(crawled: Crawled) -> None:
    files, rows = len(corpus(crawled.data)), crawled.rows()
    assert redact(crawled.data, crawled.page) == 0

    lying = all_bytes(crawled.data)
    assert NAME.encode() not in lying
    assert EARLIER.encode() not in lying
    assert len(corpus(crawled.data)) == files - 1
    assert crawled.page not in captured(crawled.data)
    after = crawled.rows()
    assert {row for row in after if row[0] == crawled.page} == {(crawled.page, "rights_dropped", False)}
    assert {row for row in after if row[0] != crawled.page} == {row for row in rows if row[0] != crawled.page}
    assert_in_order(crawled.data)


def test_what_people_noted_about_the_page_leaves_the_catalogue(
    crawled: Crawled, capsys: pytest.CaptureFixture[str]
) -> None:
    note = f"{NAME} was named by a witness"
    given = ("--by", "Ada", "--note", note)
    assert call("review", "accept", crawled.page, *given, DATA_DIR=str(crawled.data)) == 0
    assert call("date", crawled.page, "2021-02", *given, DATA_DIR=str(crawled.data)) == 0
    assert redact(crawled.data, crawled.page) == 0
    assert "what people decided about the page (2 statements), and what they noted" in capsys.readouterr().out
    with closing(sqlite3.connect(crawled.data / "catalogue.sqlite")) as catalogue:
        kept = catalogue.execute("select ruling, note from review").fetchall()
        kept += catalogue.execute("select month, note from stated_month").fetchall()
    assert kept == [("accept", None), ("2021-02", None)]
    assert note.encode() not in (crawled.data / "catalogue.sqlite").read_bytes()


def test_its_rows_lead_to_signed_tombstones(crawled: Crawled) -> None:
    redact(crawled.data, crawled.page)
    with closing(Catalogue.open("", crawled.data)) as catalogue:
        rows = [row for row in articles(catalogue, True) if row.url == crawled.page]
    assert len(rows) == 2
    for row in rows:
        stone = read_payload(
            crawled.data / "collections" / "news" / "archive" / known(row.warc), known(row.offset)
        )
        assert f"reason: {REASON}\r\n".encode() in stone.body
        assert f"redacted-url: {crawled.page}\r\n".encode() in stone.body
        assert row.reason == REASON
    assert sum(REASON in found.sentence for found in findings(crawled.data)) == 2


def test_what_repeats_the_page_stands_on_its_own(
    crawled: Crawled, capsys: pytest.CaptureFixture[str]
) -> None:
    assert redact(crawled.data, crawled.first) == 0

    said = capsys.readouterr().out
    assert f"same content at {crawled.second}" in said
    assert f"{crawled.second} has the same text" in said
    assert "1 records of other pages repeat one of these" in said
    with closing(Catalogue.open("", crawled.data)) as catalogue:
        (row,) = (row for row in articles(catalogue, True) if row.url == crawled.second)
    path = crawled.data / "collections" / "news" / "archive" / known(row.warc)
    assert SHARED.encode() in read_payload(path, known(row.offset)).body
    assert captured(crawled.data)[crawled.second] == 1
    assert_in_order(crawled.data)
    with closing(sqlite3.connect(crawled.data / "catalogue.sqlite")) as catalogue:
        payloads = catalogue.execute("select url from payload").fetchall()
    assert payloads
    assert (crawled.first,) not in payloads


def test_no_run_brings_it_back(crawled: Crawled, tmp_path: Path) -> None:
    fetches = len(crawled.origin.read["/page"])
    redact(crawled.data, crawled.page)
    again = news(0)
    again.exchange(crawled.page, article(NAME).data)
    before = crawled.rows()

    crawled.crawl()
    crawled.replay(crawled.data / "collections")
    crawled.replay(again.save(tmp_path / "again.warc.gz"))
    crawled.replay(tmp_path / "again.warc.gz", imports=True)
    assert len(crawled.origin.read["/page"]) == fetches
    assert crawled.page not in captured(crawled.data)
    mine = {row for row in before if row[0] == crawled.page}
    assert {row for row in crawled.rows() if row[0] == crawled.page} == mine
    assert NAME.encode() not in all_bytes(crawled.data)
    assert_in_order(crawled.data)


def test_all_pages_of_a_content_can_be_taken_down(crawled: Crawled) -> None:
    redact(crawled.data, crawled.first)
    redact(crawled.data, crawled.second)
    assert SHARED.encode() not in all_bytes(crawled.data)
    assert_in_order(crawled.data)


STEPS: dict[str, tuple[object, str]] = {
    "before anything": (command, "state_redaction"),
    "before the catalogue notes it": (command, "note_redaction"),
    "before the archive": (Redactor, "redact"),
    "while a file is rewritten": (Redactor, "_rewrite"),
    "before the catalogue learns it": (StoredPlaces, "moved"),
    "before the corpus": (Corpus, "remove"),
    "before the rows": (command, "erase"),
    "before free pages are cleared": (command, "scrub"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("times", [0, 1])
def test_a_kill_at_any_step_is_made_good_by_the_same_command(
    crawled: Crawled, step: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, name = STEPS[step]
    done: Callable[..., object] = getattr(target, name)
    calls = 0

    def killed(*arguments: object, **others: object) -> object:
        nonlocal calls
        calls += 1
        if calls > times:
            raise Killed
        return done(*arguments, **others)

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(target, name, killed)
        for _ in range(times + 1):
            redact(crawled.data, crawled.page)
    if name == "_rewrite" and not times:
        assert NAME.encode() in all_bytes(crawled.data)

    assert redact(crawled.data, crawled.page) == 0
    lying = all_bytes(crawled.data)
    assert NAME.encode() not in lying
    assert EARLIER.encode() not in lying
    assert crawled.page not in captured(crawled.data)
    assert_in_order(crawled.data)


def test_a_killed_one_is_finished_by_the_next_crawl(
    crawled: Crawled, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(StoredPlaces, "moved", killed)
        redact(crawled.data, crawled.page)
    crawled.crawl()
    faults = [found.sentence for found in findings(crawled.data) if found.severity is Severity.FAULT]
    assert faults == []
    assert captured(crawled.data)[crawled.page] == 1, "the other file is the command's"


def test_files_of_others_are_left_and_named(crawled: Crawled, capsys: pytest.CaptureFixture[str]) -> None:
    before = crawled.foreign.read_bytes()
    assert redact(crawled.data, "https://orla.example/there") == 0
    assert f"Not redacted: {crawled.foreign}, an archive of others" in capsys.readouterr().out
    assert crawled.foreign.read_bytes() == before
    assert b"Ferrowick" not in all_bytes(crawled.data)
    assert_in_order(crawled.data)


def test_other_spellings_of_the_url_are_the_same_page(crawled: Crawled) -> None:
    assert redact(crawled.data, f"{crawled.page}#top") == 0
    assert NAME.encode() not in all_bytes(crawled.data)


@pytest.mark.parametrize("said", ["", "n", "no"])
def test_without_a_yes_nothing_happens(
    crawled: Crawled, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: said)
    before = all_bytes(crawled.data / "collections"), corpus(crawled.data), crawled.rows()
    assert redact(crawled.data, crawled.page, yes=False) == 1
    assert (all_bytes(crawled.data / "collections"), corpus(crawled.data), crawled.rows()) == before
    shown = capsys.readouterr().out
    assert "2 captures in 2 WARC files" in shown
    assert "2 files of the corpus, earlier texts included" in shown


@pytest.mark.parametrize(
    ("url", "reason", "what"),
    [
        ("", REASON, "Name the page and why"),
        ("news.example", REASON, "Name the page and why"),
        ("https://news.example/unknown", REASON, "Neither archive nor catalogue know"),
        ("https://news.example/unknown", "  ", "Name the page and why"),
    ],
)
def test_wrong_usage_is_said_in_a_sentence(written: Crawled, url: str, reason: str, what: str) -> None:
    with pytest.raises(OperatorError, match=what) as failed:
        redact(written.data, url, reason=reason)
    assert failed.value.exit_code == 2


@pytest.mark.parametrize("key", ["", "/nowhere/key.pem"])
def test_without_the_key_nothing_happens(crawled: Crawled, key: str) -> None:
    with pytest.raises(OperatorError, match="no signing key") as failed:
        redact(crawled.data, crawled.page, ARCHIVE_SIGNING_KEY=key)
    assert failed.value.exit_code == 2
    assert captured(crawled.data)[crawled.page] == 2


def test_another_run_keeps_it_out(crawled: Crawled) -> None:
    with DataDir.at(crawled.data).held(), pytest.raises(DataDirBusy) as failed:
        redact(crawled.data, crawled.page)
    assert failed.value.exit_code == 75


def test_a_full_disk_is_a_sentence_and_the_same_command_goes_on(
    crawled: Crawled, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "news.warc.gz")

    with monkeypatch.context() as patched, pytest.raises(OperatorError, match="No space left") as failed:
        patched.setattr("archive.warc.durable.os.fsync", full)
        redact(crawled.data, crawled.page)
    assert failed.value.exit_code == 3
    assert redact(crawled.data, crawled.page) == 0
    assert_in_order(crawled.data)


@pytest.mark.slow
def test_the_command_line(crawled: Crawled) -> None:
    options = ("--reason", REASON, "--yes", "-s", f"DATA_DIR={crawled.data}")
    done = scrapy("redact", crawled.page, *options)
    assert done.returncode == 0, done.stderr
    assert f"Redacted {crawled.page}" in done.stdout
    assert "WACZ packages made before still hold the page" in done.stdout
    checked = scrapy("verify", "-s", f"DATA_DIR={crawled.data}")
    assert checked.returncode == 0, checked.stdout
    assert f"records of {crawled.page} in" in checked.stdout


@pytest.mark.slow
def test_verify_derives_the_corpus_again_and_rederive_brings_in_what_was_left_out(crawled: Crawled) -> None:
    setting = ("-s", f"DATA_DIR={crawled.data}", "-s", "RELEVANCE_MODE=off")
    for url in (crawled.first, "https://orla.example/there"):
        redact(crawled.data, url)
    checked = scrapy("verify", *setting)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert f"{crawled.first}, whose text it repeats, was redacted" in checked.stdout
    before = len(corpus(crawled.data))
    applied = scrapy("rederive", "--apply", *setting)
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert len(corpus(crawled.data)) == before + 1
    assert (crawled.second, "saved", True) in crawled.rows()
    assert_in_order(crawled.data)
