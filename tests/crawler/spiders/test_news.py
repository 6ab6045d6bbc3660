"""Pictures of kept articles, fetched like pages and with their own fates."""

import sqlite3
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.exit_codes import FAILED, OK
from crawler.frontier.listing_reader import MAX_DEPTH
from crawler.run.recorder import recorder_of
from crawler.run.result import RunResult
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, corpus, fates, feed, http, open_site, redirect
from tests.support.origin import Answer, Origin
from tests.support.warc_records import by_url

PAGES = SETTINGS | {"EXTRACTION_WORKERS": 1}
IMAGES = PAGES | {"ARCHIVE_REQUISITES": "images"}
JPEG = http(b"\xff\xd8\xff\xe0 a strike", "image/jpeg")


def illustrated(name: str, *sources: str) -> Answer:
    """An article with these pictures among its paragraphs."""
    page = article(name).data.partition(b"\r\n\r\n")[2]
    pictures = "".join(f'<img src="{source}">' for source in sources).encode()
    return http(page.replace(b"</h1>", b"</h1>" + pictures))


def crawl(
    folder: Path, settings: dict[str, object] = IMAGES, data: str = "data", **more: object
) -> RunResult:
    given = settings | {"DATA_DIR": str(folder / data), **more}
    result = recorder_of(run_crawl("news", given, sources=str(folder / "sources.txt"))).result
    assert result is not None
    assert result.tally.reconciles
    return result


def fetched(origin: Origin, paths: Iterable[str]) -> dict[str, int]:
    return {path: len(origin.read[path]) for path in paths}


def reason_of(data: Path, url: str) -> str | None:
    query = "select reason from visit join url on url.id = url_id where url = ?"
    with sqlite3.connect(data / "catalogue.sqlite") as catalogue:
        return str(catalogue.execute(query, [url]).fetchone()[0])


def test_every_picture_ends_in_one_fate_and_none_hurts_its_article(tmp_path: Path) -> None:
    answers = {
        "/a.jpg": JPEG,
        "/moved.jpg": redirect("/b.jpg"),
        "/b.jpg": JPEG,
        "/sorry.jpg": http(b"<html><p>Not here"),
        "/broken.jpg": http(b"", "image/jpeg", status="500 Internal Server Error"),
        "/large.jpg": http(b"x" * 2000, "image/jpeg"),
        "/bomb.svg": http(b"\x1f\x8b no gzip", "image/svg+xml", Content_Encoding="gzip"),
    }
    robots = http(b"User-agent: *\nDisallow: /closed/\n", "text/plain")
    named = [*answers, "/gone.jpg", "/closed/a.jpg", "http://10.0.0.1/a.jpg"]
    site = Site({"/robots.txt": robots, **answers, "/one": illustrated("Veld", *named)})
    with open_site(site, ["/one"], tmp_path) as origin:
        result = crawl(tmp_path, DOWNLOAD_MAXSIZE=1500)
        ended = fates(tmp_path / "data", origin)
    assert ended == {
        "/feed": "discovery",
        "/one": "saved",
        "/a.jpg": "not_html",
        "/moved.jpg": "redirected",
        "/b.jpg": "not_html",
        "/sorry.jpg": "soft_404",
        "/broken.jpg": "http_error",
        "/large.jpg": "too_large",
        "/bomb.svg": "not_html",
        "/gone.jpg": "gone",
        "/closed/a.jpg": "robots_disallowed",
        "http://10.0.0.1/a.jpg": "blocked_address",
    }
    assert fetched(origin, ["/closed/a.jpg"]) == {"/closed/a.jpg": 0}
    assert result.exit_code == OK
    assert "3 of 10 images archived" in result.sentence
    assert reason_of(tmp_path / "data", origin.url("/a.jpg")) == f"image of {origin.url('/one')}"


def test_a_picture_is_archived_as_sent_and_its_record_says_whose_it_is(tmp_path: Path) -> None:
    site = Site({"/one": illustrated("Veld", "/a.jpg"), "/a.jpg": JPEG})
    with open_site(site, ["/one"], tmp_path) as origin:
        crawl(tmp_path)
    collection, url = tmp_path / "data" / "collections" / "news", origin.url("/a.jpg")
    assert by_url(collection, "response")[url].block == JPEG.data
    notes = by_url(collection, "metadata")[url].notes
    assert (notes["kind"], notes["how"], notes["via"]) == ("image", "image", origin.url("/one"))
    assert b"\r\nAccept: image/avif,image/webp," in origin.read["/a.jpg"][0]
    assert b"Referer" not in origin.read["/a.jpg"][0]


def test_pictures_are_fetched_only_if_they_are_wanted_and_of_kept_articles(tmp_path: Path) -> None:
    site = Site({"/a.jpg": JPEG, "/b.jpg": JPEG, "/one": illustrated("Veld", "/a.jpg")})
    site["/short"] = http(b"<html><title>x</title><article><h1>x</h1><p>Short.<img src=/b.jpg></p></article>")
    with open_site(site, ["/one", "/short"], tmp_path) as origin:
        crawl(tmp_path, PAGES, "without")
        assert fetched(origin, ["/a.jpg", "/b.jpg"]) == {"/a.jpg": 0, "/b.jpg": 0}
        crawl(tmp_path)
        assert fetched(origin, ["/a.jpg", "/b.jpg"]) == {"/a.jpg": 1, "/b.jpg": 0}


def test_a_picture_of_many_articles_is_fetched_once_in_all_runs(tmp_path: Path) -> None:
    site = Site({"/a.jpg": JPEG})
    site |= {f"/{n}": illustrated(f"Veld {n}", "/a.jpg") for n in range(4)}
    with open_site(site, ["/0", "/1"], tmp_path) as origin:
        crawl(tmp_path)
        site["/feed"] = feed(origin.url(f"/{n}") for n in range(4))
        crawl(tmp_path)
    assert len(corpus(tmp_path / "data")) == 4
    assert fetched(origin, ["/3", "/a.jpg"]) == {"/3": 1, "/a.jpg": 1}


def test_a_picture_to_which_another_address_leads_is_not_fetched_again(tmp_path: Path) -> None:
    site = Site({"/a.jpg": JPEG, "/moved.jpg": redirect("/a.jpg")})
    site |= {"/one": illustrated("Veld", "/a.jpg"), "/two": illustrated("Tarmil", "/moved.jpg")}
    with open_site(site, ["/one"], tmp_path) as origin:
        crawl(tmp_path)
        site["/feed"] = feed([origin.url("/two")])
        crawl(tmp_path)
    assert fetched(origin, ["/moved.jpg", "/a.jpg"]) == {"/moved.jpg": 1, "/a.jpg": 1}


def test_pictures_wait_until_no_page_is_left(tmp_path: Path) -> None:
    site = Site({f"/{name}": illustrated(name, f"/{name}.jpg") for name in ("Veld", "Tarmil", "Ostrava")})
    site |= {f"/{name}.jpg": JPEG for name in ("Veld", "Tarmil", "Ostrava")}
    with open_site(site, ["/Veld", "/Tarmil", "/Ostrava"], tmp_path) as origin:
        crawl(tmp_path, CONCURRENT_REQUESTS=1)
        listings = ("/robots.txt", "/.well-known/tdmrep.json", "/feed")
        order = [path.endswith(".jpg") for path in origin.read if path not in listings]
    assert order == [False] * 3 + [True] * 3


def test_an_unchanged_second_run_fetches_no_picture(tmp_path: Path) -> None:
    site = Site({"/one": illustrated("Veld", "/a.jpg", "/gone.jpg"), "/a.jpg": JPEG})
    with open_site(site, ["/one"], tmp_path) as origin:
        for _ in range(2):
            assert crawl(tmp_path).exit_code == OK
        assert fetched(origin, ["/one", "/a.jpg", "/gone.jpg"]) == {"/one": 1, "/a.jpg": 1, "/gone.jpg": 1}


@pytest.mark.parametrize("setting", ["images", ""])
def test_pictures_that_were_left_pending_are_fetched_if_they_are_still_wanted(
    tmp_path: Path, setting: str
) -> None:
    site = Site({"/one": illustrated("Veld", "/a.jpg"), "/a.jpg": JPEG})
    with open_site(site, ["/one"], tmp_path) as origin:
        assert crawl(tmp_path, CLOSESPIDER_ITEMCOUNT=1, DOWNLOAD_DELAY=0.2).tally.pending == 1
        assert fates(tmp_path / "data", origin)["/a.jpg"] is None
        assert crawl(tmp_path, ARCHIVE_REQUISITES=setting).exit_code == OK
        assert fates(tmp_path / "data", origin)["/a.jpg"] == ("not_html" if setting else None)


def test_pictures_do_not_hide_that_everything_else_failed(tmp_path: Path) -> None:
    site = Site({"/one": illustrated("Veld", "/a.jpg"), "/a.jpg": JPEG})
    with open_site(site, ["/one"], tmp_path):
        crawl(tmp_path, CLOSESPIDER_ITEMCOUNT=1, DOWNLOAD_DELAY=0.2)
        site["/feed"] = http(b"", status="503 Service Unavailable")
        result = crawl(tmp_path)
    assert result.tally.fates == {"http_error": 1, "not_html": 1}
    assert result.exit_code == FAILED


def test_what_a_page_takes_for_a_picture_may_be_an_article_all_the_same(tmp_path: Path) -> None:
    site = Site({"/one": illustrated("Veld", "/two"), "/two": article("Tarmil")})
    with open_site(site, ["/one"], tmp_path) as origin:
        crawl(tmp_path)
        assert fates(tmp_path / "data", origin)["/two"] == "soft_404"
        site["/feed"] = feed(map(origin.url, ["/one", "/two"]))
        crawl(tmp_path)
        assert fates(tmp_path / "data", origin)["/two"] == "saved"


def test_an_archived_run_runs_again_without_its_pictures(tmp_path: Path) -> None:
    site = Site({"/one": illustrated("Veld", "/a.jpg", "/gone.jpg"), "/a.jpg": JPEG})
    with open_site(site, ["/one"], tmp_path) as origin:
        crawl(tmp_path)
    archive = tmp_path / "data" / "collections" / "news"
    result = crawl(tmp_path, data="again", REPLAY_FROM=str(archive), ARCHIVE_REQUISITES="")
    assert result.exit_code == OK
    assert corpus(tmp_path / "again") == corpus(tmp_path / "data")
    ended = fates(tmp_path / "again", origin)
    assert (ended["/one"], ended.get("/a.jpg"), ended.get("/gone.jpg")) == ("saved", None, None)


@pytest.mark.parametrize("is_broken", [False, True], ids=["read", "broken"])
def test_a_feed_that_could_not_be_read_is_fetched_whole_the_next_time(
    tmp_path: Path, is_broken: bool
) -> None:
    listed = ["/one"]
    site = Site({"/one": article("Veld")})
    with open_site(site, listed, tmp_path) as origin:
        body = (
            b"Down for an hour" if is_broken else feed(map(origin.url, listed)).data.partition(b"\r\n\r\n")[2]
        )
        site["/feed"] = http(
            body, "application/rss+xml", ETag='"first"', Last_Modified="Thu, 28 Jan 2021 09:00:00 GMT"
        )
        for _ in range(2):
            crawl(tmp_path, PAGES)
        first, second = (request.lower() for request in origin.read["/feed"])
    assert b"if-none-match" not in first
    assert (b'if-none-match: "first"' in second) is not is_broken
    assert (b"if-modified-since: thu, 28 jan" in second) is not is_broken


@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 1])
def test_sitemaps_within_sitemaps_are_followed_so_deep_and_their_articles_too(
    tmp_path: Path, depth: int
) -> None:
    site = Site({"/one": article("Veld")})
    with open_site(site, [], tmp_path) as origin:
        chain = ["/feed", *(f"/s{number}" for number in range(1, depth + 1))]
        for path, target in pairwise(chain):
            inner = f"<sitemap><loc>{origin.url(target)}</loc></sitemap>"
            site[path] = http(f"<sitemapindex>{inner}</sitemapindex>".encode(), "application/xml")
        inner = f"<url><loc>{origin.url('/one')}</loc></url>"
        site[chain[-1]] = http(f"<urlset>{inner}</urlset>".encode(), "application/xml")
        crawl(tmp_path, PAGES)
        ended = fates(tmp_path / "data", origin)
    reached = dict.fromkeys(chain[: MAX_DEPTH + 1], "discovery")
    left = {chain[MAX_DEPTH]: "partly_read"}
    assert ended == reached | ({"/one": "saved"} if depth == MAX_DEPTH else left)
