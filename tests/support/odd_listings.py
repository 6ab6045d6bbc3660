"""Feeds and sitemaps with entries that are cut, empty, repeated, wrongly labelled, or no addresses."""

import gzip

from tests.support.hostile_site import http
from tests.support.origin import Answer, Origin


def rss(*items: str) -> bytes:
    links = "".join(f"<item><link>{item}</link></item>" for item in items)
    return f"<rss version='2.0'><channel>{links}</channel></rss>".encode()


def sitemap(*places: str, root: str = "urlset", entry: str = "url") -> bytes:
    entries = "".join(f"<{entry}><loc>{place}</loc></{entry}>" for place in places)
    return f"<{root}>{entries}</{root}>".encode()


def xml(body: bytes, **fields: str) -> Answer:
    return http(body, "application/xml", ETag='"one"', **fields)


def listings_of(origin: Origin) -> dict[str, bytes]:
    one, two = origin.url("/one"), origin.url("/two")
    return {
        "/cut": rss(one, two)[:-35],
        "/empty": rss(),
        "/mixed": rss(one, one, "mailto:desk@orla.example", "", two),
        "/mails": rss("mailto:desk@orla.example"),
        "/index": sitemap(origin.url("/pages"), origin.url("/inner.xml"), root="sitemapindex"),
        "/index.gz": gzip.compress(sitemap(two) + b"\n" * 9_000)[:-12],
        "/inner.xml": sitemap(two).replace(b"<urlset>", b"<?xml version='1.0' encoding='utf-16'?><urlset>"),
        "/pages": sitemap(origin.url("/three"), origin.url("/pages")),
    }
