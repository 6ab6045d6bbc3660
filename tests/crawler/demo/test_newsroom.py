import re
import socket
import subprocess
import sys
import tomllib
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from crawler.demo import Exchange, Newsroom
from crawler.demo.newsroom import render_registry
from tests.support.newsroom_client import ask
from tests.support.processes import running


def port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_ports_are_closed_at_the_end() -> None:
    with Newsroom() as newsroom:
        ports = [port_of(site.url) for site in newsroom.sites]
        assert len(set(ports)) == 5
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=60)


def test_a_connection_that_a_client_keeps_open_ends_too() -> None:
    with Newsroom() as newsroom:
        connection = HTTPConnection("127.0.0.1", port_of(newsroom.sites[0].url), timeout=60)
        connection.request("GET", "/robots.txt")
        connection.getresponse().read()
    with pytest.raises((RemoteDisconnected, ConnectionError)):
        connection.request("GET", "/robots.txt")
        connection.getresponse()
    connection.close()


def test_a_port_can_be_fixed() -> None:
    port = free_port()
    with Newsroom(ports={"vestnik-priozerya": port}) as newsroom:
        (site,) = [site for site in newsroom.sites if site.id == "vestnik-priozerya"]
        assert site.url == f"http://127.0.0.1:{port}/"


def test_a_port_in_use_stops_what_was_started() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        newsroom = Newsroom(ports={"vestnik-priozerya": taken.getsockname()[1]})
        with pytest.raises(OSError, match="in use"), newsroom:
            pass
    assert not newsroom.sites


def test_requests_are_listed_in_order() -> None:
    with Newsroom() as newsroom:
        site = newsroom.sites[0]
        ask(site.link("/robots.txt"))
        ask(site.link("/no-such-page"))
        ask(site.articles[0].url, "HEAD")
        assert newsroom.requests == [
            Exchange(site.id, "GET", "/robots.txt", 200),
            Exchange(site.id, "GET", "/no-such-page", 404),
            Exchange(site.id, "HEAD", urlsplit(site.articles[0].url).path, 200),
        ]


def test_served_gives_the_body_that_went_over_the_wire() -> None:
    with Newsroom() as newsroom:
        site = next(site for site in newsroom.sites if site.language == "fr")
        url = site.articles[0].url
        packed = ask(url, Accept_Encoding="gzip")
        assert newsroom.served(url) == packed.body
        ask(url, Accept_Encoding="gzip", If_None_Match=packed.headers["etag"])
        assert newsroom.served(url) == packed.body
        with pytest.raises(KeyError):
            newsroom.served(site.articles[1].url)


def test_the_registry_names_each_site_with_its_ports(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.write_registry(tmp_path / "newsroom.toml")
    sources = tomllib.loads((tmp_path / "newsroom.toml").read_text(encoding="utf-8"))["source"]
    assert [source["id"] for source in sources] == [site.id for site in newsroom.sites]
    for source, site in zip(sources, newsroom.sites, strict=True):
        assert re.fullmatch(r"[a-z][a-z-]+", source["id"])
        assert source["homepage"] == site.url
        assert site.language in source["languages"]
        assert ZoneInfo(source["timezone"])
        starts = [
            url for field in ("feeds", "news_sitemaps", "sitemaps", "sections") for url in source[field]
        ]
        assert starts
        for url in starts:
            assert ask(url).status == 200


def test_a_registry_keeps_awkward_text() -> None:
    entry: dict[str, str | list[str]] = {"name": 'A "quoted" \\ name\nin two lines', "feeds": ["é"]}
    assert tomllib.loads(render_registry([entry])) == {"source": [entry]}


def test_the_truth_is_complete(newsroom: Newsroom) -> None:
    articles = [article for site in newsroom.sites for article in site.articles]
    assert len({article.url for article in articles}) == len(articles) >= 60
    for article in articles:
        assert article.title
        assert article.paragraphs or article.fate == "index_page"
        assert article.fate
        assert article.conflict or not article.related
    assert sum(article.related for article in articles) >= 25


def test_a_page_and_its_amp_page_have_one_truth(newsroom: Newsroom) -> None:
    page, amp = [article for site in newsroom.sites for article in site.articles if article.special == "amp"]
    assert urlsplit(amp.url).path == "/amp" + urlsplit(page.url).path
    assert amp.paragraphs == page.paragraphs


def test_the_module_runs_until_interrupted() -> None:
    command = [sys.executable, "-u", "-m", "crawler.demo"]
    with running(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(6)]
        urls = [line.split()[0] for line in lines[:5]]
        assert [ask(url).status for url in urls] == [200] * 5
        process.send_signal(2)
        assert process.wait(60) == 0
