"""Whether a document is whole is seen from the document."""

import gzip
import zlib
from time import process_time

import pytest

from archive.warc.wholeness import is_whole_document

FEED = '<?xml version="1.0"?><!-- made by hand --><rss version="2.0"><channel><title>Orla</title></channel></rss>'
PAGES = [
    "<html><body><p>Velmar</p></body></html>",
    "<!DOCTYPE html>\n<HTML><p>Velmar</HTML >\n\n",
    "<html><p>\u0633\u0644\u0627\u0645</p></html><!-- served in 3 ms --> <!-- from the cache -->\n",
    "<!doctype html><p>Velmar</body>",
    "<p>Velmar</p></html>",
    FEED,
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry/></feed>\n',
    "<urlset><url><loc>https://orla.example/1</loc></url></urlset>",
    "<sitemapindex></sitemapindex>",
    '{"items": [{"url": "https://orla.example/1"}]}',
    "[]",
]


def head(content_type: str = "", coding: str = "") -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Encoding: {coding}\r\n\r\n".encode()


@pytest.mark.parametrize("text", PAGES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_document_that_is_closed_is_whole(text: str, encoding: str) -> None:
    assert is_whole_document(head(), text.encode(encoding))


@pytest.mark.parametrize("text", PAGES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_document_that_is_cut_is_not(text: str, encoding: str) -> None:
    text = text.partition("<!-- served")[0].rstrip()
    for length in (1, len(text) // 2, len(text) - 1):
        assert not is_whole_document(head("text/html"), text[:length].encode(encoding))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html><p>Velmar</p>",
        "<html></html><p>more",
        "<rss><channel><item></item></channel>",
        "<rss><channel><item><feed></feed>",
        "<div><div>Velmar</div>",
        "Velmar, and then\n<p>more\n",
    ],
)
def test_a_document_without_its_end_is_not_whole(text: str) -> None:
    assert not is_whole_document(head("text/html"), text.encode(), is_orderly=True)


def test_a_packed_document_is_whole_if_its_stream_is() -> None:
    text = b"<p>whatever is in it"
    assert is_whole_document(head("text/html", "gzip"), gzip.compress(text))
    assert is_whole_document(head("text/html", "deflate"), zlib.compress(text))
    assert is_whole_document(head("application/xml"), gzip.compress(text))
    assert not is_whole_document(head("text/html", "gzip"), gzip.compress(text)[:-12])
    assert not is_whole_document(head("text/html", "gzip"), b"<p>a false label")
    assert is_whole_document(head("text/html", "gzip"), b"<html><p>a false label</html>")


RULES = b"User-agent: *\nDisallow: /closed/"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "text/plain; charset=utf-8", "", "application/octet-stream"]
)
def test_text_is_whole_with_its_last_line(content_type: str) -> None:
    assert is_whole_document(head(content_type), RULES + b"\n")
    assert not is_whole_document(head(content_type), RULES)
    assert is_whole_document(head(content_type), RULES, is_orderly=True)


@pytest.mark.parametrize("content_type", ["image/png", "video/mp4", "text/plain"])
def test_of_pictures_nobody_can_tell(content_type: str) -> None:
    assert not is_whole_document(head(content_type), b"\x89PNG\r\n\x1a\n", is_orderly=True)


@pytest.mark.parametrize("content_type", ["image/x", "audio/x", "video/x", "font/x", "IMAGE/X; a=b"])
def test_what_is_said_to_be_no_text_is_not_judged_as_text(content_type: str) -> None:
    assert not is_whole_document(head(content_type), RULES + b"\n", is_orderly=True)


@pytest.mark.parametrize(
    "content_type", ["text/html", "text/xml", "application/json", "Application/XHTML+XML"]
)
def test_what_is_said_to_have_an_end_is_not_whole_without_it(content_type: str) -> None:
    assert not is_whole_document(head(content_type), RULES + b"\n", is_orderly=True)


def test_a_root_has_its_own_end() -> None:
    for root in ("rss", "feed", "rdf:RDF", "urlset", "sitemapindex", "opml"):
        assert is_whole_document(head(), f"<{root} a='b'><x></x></{root.upper()} >".encode())
        assert not is_whole_document(head(), f"<{root}><x></x></html>".encode())
    assert not is_whole_document(head(), b"<kml></kml>")


@pytest.mark.parametrize("prolog", ["<!---->", "<!x>", "<?x?>", "<!--", "<?", "<!x", "<", " "])
def test_no_prolog_takes_long(prolog: str) -> None:
    began = process_time()
    is_whole_document(head("text/html"), (prolog * 100_000 + "</html>").encode())
    assert process_time() - began < 60  # a pattern that goes back and forth would take for ever
