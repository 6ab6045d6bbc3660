"""Redirects to anywhere: the page gets its fate, and no other page waits for ever."""

from pathlib import Path

import pytest

from crawler.http.standard_urls import MAX_URL_CHARS
from crawler.run.recorder import recorder_of
from crawler.run.result import RunResult
from tests.support.crawls import run_crawl
from tests.support.hostile_site import SETTINGS, Site, article, fates, http, open_site, redirect

NOWHERE = [
    "http://host.example:port/",
    "http://host.example:99999/",
    "javascript:alert(1)",
    "file:///etc/passwd",
    f"/{'long' * MAX_URL_CHARS}",
]


def crawl(folder: Path) -> RunResult:
    crawler = run_crawl(
        "news", SETTINGS | {"DATA_DIR": str(folder / "data")}, sources=str(folder / "sources.txt")
    )
    result = recorder_of(crawler).result
    assert result is not None
    return result


def test_a_page_that_redirects_to_no_web_url_ends_and_holds_up_no_other(tmp_path: Path) -> None:
    site = Site({f"/r{number}": redirect(target) for number, target in enumerate(NOWHERE)})
    site["/broken"] = redirect("//[broken")
    site |= {f"/a{number}": article(f"Veld {number}") for number in range(3)}
    paths = [path for path in site if path != "/robots.txt"]
    with open_site(site, paths, tmp_path) as origin:
        result = crawl(tmp_path)
        ended = fates(tmp_path / "data", origin)
    assert result.exit_code == 0
    assert result.tally.reconciles
    assert result.tally.pending == 0
    assert {ended[f"/a{number}"] for number in range(3)} == {"saved"}
    refused = {target: ended[f"/r{number}"] for number, target in enumerate(NOWHERE)}
    assert set(refused.values()) == {"bad_url"}, refused
    assert ended["/broken"] == "bad_url"


@pytest.mark.parametrize("target", ["/feed", "/other", "http://10.0.0.1/feed"])
def test_a_feed_that_only_redirects_fails_the_run(tmp_path: Path, target: str) -> None:
    site = Site({"/other": redirect("/feed")})
    with open_site(site, [], tmp_path):
        site["/feed"] = redirect(target)
        assert crawl(tmp_path).exit_code == 1


def test_the_catalogue_spells_urls_as_the_archive_does(tmp_path: Path) -> None:
    site = Site({"/r": redirect("/two words"), "/two%20words": article("Veld")})
    site["/%D8%AE%D8%A8%D8%B1"] = article("Tarmil")
    with open_site(site, ["/r", "/\u062e\u0628\u0631"], tmp_path) as origin:
        crawl(tmp_path)
        ended = fates(tmp_path / "data", origin)
    assert ended["/two%20words"] == "saved"
    assert ended["/%D8%AE%D8%A8%D8%B1"] == "saved"


def test_a_url_that_grows_when_it_is_escaped_is_fetched_all_the_same(tmp_path: Path) -> None:
    path = "/" + "\u062e" * 1000  # six bytes each on the wire
    site = Site({f"/{'%D8%AE' * 1000}": article("Veld")})
    with open_site(site, [path], tmp_path):
        result = crawl(tmp_path)
    assert result.tally.fates == {"discovery": 1, "saved": 1}


def test_a_304_without_a_conditional_request_is_no_redirect(tmp_path: Path) -> None:
    site = Site({"/304": http(b"", status="304 Not Modified"), "/302": http(b"", status="302 Found")})
    with open_site(site, ["/304", "/302"], tmp_path) as origin:
        crawl(tmp_path)
        ended = fates(tmp_path / "data", origin)
    assert (ended["/304"], ended["/302"]) == ("http_error", "http_error")
