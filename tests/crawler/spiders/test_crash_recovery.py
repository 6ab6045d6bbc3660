"""Which records of a killed run are taken for what the web would answer again."""

from pathlib import Path
from time import sleep

import pytest

from archive.collection.collection import Collection
from crawler.spiders.crash_recovery import read_pages
from tests.support.catalogues import articles, ask, change, leave_pending
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, corpus, fates, open_site
from tests.support.warcs import Archive, answer

PAGE = "https://orla.example/bridge"
HTML = "Content-Type: text/html"


def taken_up(folder: Path, data: bytes, kind: str = "article", **headers: str) -> list[str]:
    """URLs that are read from an archive with one answer, and with a whole page behind it."""
    archive = Archive()
    archive.exchange(PAGE, data, notes=f"kind: {kind}\r\n", **headers)
    archive.exchange(f"{PAGE}/2", answer(b"<p>Open</p>", HTML), notes="kind: article\r\n")
    archive.save(folder / "a.warc.gz")
    urls = [capture.url for capture in read_pages(folder, ["a.warc.gz"])]
    assert urls.pop() == f"{PAGE}/2"
    return urls


def test_a_whole_page_is_taken_up(tmp_path: Path) -> None:
    assert taken_up(tmp_path, answer(b"<p>Open</p>", HTML)) == [PAGE]


@pytest.mark.parametrize("reason", ["length", "time", "disconnect"])
def test_a_page_without_its_end_is_fetched_again(tmp_path: Path, reason: str) -> None:
    assert taken_up(tmp_path, answer(b"<p>Op", HTML), WARC_Truncated=reason) == []


@pytest.mark.parametrize(
    ("status", "is_taken"),
    [
        ("200 OK", True),
        ("299 Odd", True),
        ("300 Choices", False),
        ("304 Not Modified", False),
        ("403 Forbidden", False),
        ("404 Not Found", True),
        ("410 Gone", True),
        ("503 Service Unavailable", False),
    ],
)
def test_a_page_is_taken_up_and_that_there_is_none(tmp_path: Path, status: str, is_taken: bool) -> None:
    found = taken_up(tmp_path, answer(b"<p>Open</p>", HTML, status=status))
    assert bool(found) is is_taken


@pytest.mark.parametrize(
    ("kind", "content_type", "is_taken"),
    [
        ("article", "text/html", True),
        ("article", "application/pdf", False),
        ("feed", "application/rss+xml", True),
        ("sitemap", "application/xml", True),
        ("image", "image/jpeg", False),
        ("image", "text/html", False),
        ("style", "text/css", False),
        ("font", "font/woff2", False),
        ("robots", "text/plain", False),
    ],
)
def test_pages_and_what_lists_them_are_taken_up(
    tmp_path: Path, kind: str, content_type: str, is_taken: bool
) -> None:
    found = taken_up(tmp_path, answer(b"<p>Open</p>", f"Content-Type: {content_type}"), kind)
    assert bool(found) is is_taken


@pytest.mark.parametrize(("kind", "is_taken"), [("article", True), ("gdelt", True), ("feed", False)])
def test_a_redirect_and_a_missing_list_are_taken_up_but_not_of_feeds(
    tmp_path: Path, kind: str, is_taken: bool
) -> None:
    for head in ((HTML, "Location: /pier"), (HTML,)):
        status = "301 Moved" if len(head) > 1 else "404 Not Found"
        assert bool(taken_up(tmp_path, answer(b"", *head, status=status), kind)) is is_taken


@pytest.mark.parametrize("kind", ["text/html", "application/xml"])
def test_a_page_whose_notes_a_kill_cut_off_is_fetched_again(tmp_path: Path, kind: str) -> None:
    """They say what it is: without them a sitemap ended as a page that is no HTML, and its articles were lost."""
    archive = Archive()
    archive.exchange(PAGE, answer(b"<urlset/>", f"Content-Type: {kind}"))
    archive.save(tmp_path / "a.warc.gz")
    assert not list(read_pages(tmp_path, ["a.warc.gz"]))


def test_what_was_no_get_is_not_taken_up(tmp_path: Path) -> None:
    archive = Archive()
    archive.exchange(PAGE, answer(b"<p>Open</p>", HTML), "POST", "kind: article\r\n")
    archive.save(tmp_path / "a.warc.gz")
    assert not list(read_pages(tmp_path, ["a.warc.gz"]))


@pytest.mark.parametrize(("spider", "is_taken"), [("check", False), ("find", False), ("backfill", True)])
def test_what_was_only_looked_at_is_fetched_by_the_next_crawl(
    tmp_path: Path, spider: str, is_taken: bool
) -> None:
    archive = Archive()
    archive.exchange(
        PAGE, answer(b"<rss/>", "Content-Type: text/xml"), notes=f"kind: feed\r\nspider: {spider}\r\n"
    )
    archive.save(tmp_path / "a.warc.gz")
    assert bool([*read_pages(tmp_path, ["a.warc.gz"])]) is is_taken


def test_a_file_that_is_no_archive_does_not_cost_the_others(tmp_path: Path) -> None:
    (tmp_path / "broken.warc.gz").write_bytes(b"no archive at all")
    assert taken_up(tmp_path, answer(b"<p>Open</p>", HTML)) == [PAGE]
    names = ["broken.warc.gz", "a.warc.gz"]
    assert [capture.url for capture in read_pages(tmp_path, names)] == [PAGE, f"{PAGE}/2"]


def test_the_next_run_takes_up_what_it_does_not_know_and_asks_for_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill before the last commit, which left the file open: to recover a large one takes its time."""

    def recover(collection: Collection) -> list[str]:
        sleep(0.3)
        return recover_at_once(collection)

    recover_at_once = Collection.recover
    monkeypatch.setattr(Collection, "recover", recover)
    data, site = tmp_path / "data", Site({f"/{name}": article(name) for name in ("Veld", "Tarmil")})
    settings = SETTINGS | {"DATA_DIR": str(data)}
    with open_site(site, ["/Veld", "/Tarmil"], tmp_path) as origin:
        sources = str(tmp_path / "sources.txt")
        run_crawl("news", settings, sources=sources)
        lost = next(row for row in articles(data) if row.url.endswith("/Tarmil"))
        leave_pending(data, lost)
        change(data, "update run set ended = null, reason = null, exit_code = null")
        [warc] = (data / "collections" / "news" / "archive").iterdir()
        warc.rename(warc.with_name(f"{warc.name}.open"))

        run_crawl("news", settings, sources=sources)

        assert fates(data, origin)["/Tarmil"] == "saved"
        assert [len(origin.read[path]) for path in ("/Veld", "/Tarmil")] == [1, 1]
    visits = "select url.url, count(*) from visit join url on url.id = url_id where kind = 'article' group by url.url"
    assert {url.rpartition("/")[2]: count for url, count in ask(data, visits)} == {"Veld": 1, "Tarmil": 2}
    assert len(corpus(data)) == 2
