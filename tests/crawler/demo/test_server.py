import gzip
import zlib
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from crawler.demo import Newsroom, Site
from tests.support.newsroom_client import ask


def site(newsroom: Newsroom, language: str) -> Site:
    return next(site for site in newsroom.sites if site.language == language)


def article_url(newsroom: Newsroom, language: str) -> str:
    return site(newsroom, language).articles[0].url


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru"])
def test_every_page_is_served(newsroom: Newsroom, language: str) -> None:
    running = site(newsroom, language)
    for path in sorted(running.paths):
        reply = ask(running.link(path))
        assert reply.status == (301 if running.fates.get(running.link(path)) == "redirected" else 200), path
        assert reply.body


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru"])
def test_an_unchanged_page_is_not_sent_again(newsroom: Newsroom, language: str) -> None:
    url = article_url(newsroom, language)
    for accepted in ("identity", "gzip"):
        first = ask(url, Accept_Encoding=accepted)
        by_tag = ask(url, Accept_Encoding=accepted, If_None_Match=f'"other", {first.headers["etag"]}')
        by_date = ask(url, Accept_Encoding=accepted, If_Modified_Since=first.headers["last-modified"])
        for reply in (by_tag, by_date):
            assert (reply.status, reply.body) == (304, b"")
            assert "content-length" not in reply.headers
            assert reply.headers["etag"] == first.headers["etag"]


def test_a_changed_page_is_sent_again(newsroom: Newsroom) -> None:
    url = article_url(newsroom, "fr")
    assert ask(url, If_None_Match='"other"').status == 200
    assert ask(url, If_Modified_Since="Fri, 01 Jan 2021 00:00:00 GMT").status == 200
    assert ask(url, If_Modified_Since="some time ago").status == 200


def test_a_tag_outweighs_a_date(newsroom: Newsroom) -> None:
    url = article_url(newsroom, "fr")
    assert ask(url, If_None_Match='"other"', If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT").status == 200


def test_the_page_without_a_date_has_no_last_modified(newsroom: Newsroom) -> None:
    (undated,) = [article for article in site(newsroom, "fr").articles if article.month is None]
    reply = ask(undated.url)
    assert "etag" in reply.headers
    assert "last-modified" not in reply.headers


def test_head_gives_the_fields_of_get_and_no_body(newsroom: Newsroom) -> None:
    for language in ("fr", "en"):
        url = article_url(newsroom, language)
        got, head = ask(url), ask(url, "HEAD")
        assert (head.status, head.body) == (200, b"")
        assert {**head.headers, "date": ""} == {**got.headers, "date": ""}


def test_a_page_is_gzipped_for_who_accepts_it(newsroom: Newsroom) -> None:
    url = article_url(newsroom, "fr")
    plain, packed = ask(url), ask(url, Accept_Encoding="gzip, deflate")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.body == ask(url, Accept_Encoding="gzip").body


def test_one_site_answers_in_chunks(newsroom: Newsroom) -> None:
    reply = ask(article_url(newsroom, "en"))
    assert reply.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in reply.headers
    assert reply.body.endswith(b"</html>\n") or reply.body.endswith(b"</html>")


def test_a_gzip_file_is_not_a_content_coding(newsroom: Newsroom) -> None:
    reply = ask(site(newsroom, "ru").link("/sitemaps/mir.xml.gz"), Accept_Encoding="gzip")
    assert reply.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in reply.headers
    assert b"<urlset" in zlib.decompress(reply.body, zlib.MAX_WBITS | 16)


def test_a_moved_page_names_its_new_place(newsroom: Newsroom) -> None:
    running = site(newsroom, "es")
    (old,) = [url for url, fate in running.fates.items() if fate == "redirected"]
    reply = ask(old)
    assert reply.status == 301
    assert ask(reply.headers["location"]).status == 200


def test_a_missing_page_is_a_404_that_a_section_links_to(newsroom: Newsroom) -> None:
    running = site(newsroom, "fr")
    (missing,) = [url for url, fate in running.fates.items() if fate == "gone"]
    assert ask(missing).status == 404
    assert missing.encode() in ask(running.link("/rubrique/monde/")).body


def test_urls_in_pages_have_the_host_that_was_asked(newsroom: Newsroom) -> None:
    reply = ask(article_url(newsroom, "fr"), Host="news.example:8080")
    assert b'href="http://news.example:8080/feed/"' in reply.body
    assert b"127.0.0.1" not in reply.body


def test_a_connection_serves_many_requests(newsroom: Newsroom) -> None:
    parts = urlsplit(article_url(newsroom, "en"))
    connection = HTTPConnection("127.0.0.1", parts.port or 0, timeout=60)
    connection.connect()
    socket = connection.sock
    for _ in range(3):
        connection.request("GET", parts.path)
        assert connection.getresponse().read()
        assert connection.sock is socket
    connection.close()
