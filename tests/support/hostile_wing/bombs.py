"""Answers that want all memory or time there is, each with the fates that are right for it."""

import gzip
import itertools
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import brotli

from tests.support.hostile_site import article as site_article
from tests.support.hostile_wing.hosts import Trap, drip, raw, trap

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

UNKNOWN = "not known"
"""Nothing that could be read named the URL."""

MIB = 1024 * 1024
HEAD = (
    b"<!doctype html><html lang=en><head><title>Shelling near Veld</title>"
    b'<meta property="article:published_time" content="2021-01-11T10:00:00+00:00"></head><body>'
)
TOO_MUCH = ("quarantined", "too_large")
NO_ARTICLE = (
    "no_text",
    "too_short",
    "index_page",
    "not_html",
    "soft_404",
    "js_shell",
    "quarantined",
    "off_topic",
)
ANY_PAGE = (*NO_ARTICLE, "saved", "review", "undated", "duplicate")
"""What matters is that the page ends, and that no other one suffers."""


def many(piece: bytes, size: int, begin: bytes = HEAD, end: bytes = b"") -> Callable[[], Iterator[bytes]]:
    """A body of about `size` bytes between a beginning and an end."""

    def body() -> Iterator[bytes]:
        block = piece * max(1, 65536 // len(piece))
        yield begin
        yield from itertools.repeat(block, size // len(block))
        yield end

    return body


def endless(piece: bytes, begin: bytes = b"") -> Callable[[], Iterator[bytes]]:
    """A body without end, as fast as it is read."""
    return lambda: itertools.chain([begin], itertools.repeat(piece * max(1, 65536 // len(piece))))


@cache
def prose(size: int) -> bytes:
    """An article of so many bytes in paragraphs."""
    paragraph = (
        "<p>The militia of Veld {0} opened fire on convoy {0} near the village of Tarmil on Monday, and the ministry "
        "of defence of Ostrava Republic said that {0} soldiers were hurt in the shelling of the river crossing.</p>\n"
    )
    numbers = itertools.count(1)
    made = bytearray(HEAD)
    while len(made) < size:
        made += paragraph.format(next(numbers)).encode()
    return bytes(made)


@cache
def zeros(coding: str, mib: int) -> bytes:
    """So many MiB of blanks in a content coding."""
    blank = b" " * MIB
    if coding == "gzip":
        packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
        return b"".join([*(packer.compress(blank) for _ in range(mib)), packer.flush()])
    if coding == "deflate":
        packer = zlib.compressobj(9)
        return b"".join([*(packer.compress(blank) for _ in range(mib)), packer.flush()])
    if coding == "br":
        brotlier = brotli.Compressor(quality=5)
        return b"".join([*(brotlier.process(blank) for _ in range(mib)), brotlier.finish()])
    return bytes(zstd.compress(blank * mib))


def noise() -> Iterator[bytes]:
    """15 MiB of a page that no coding makes smaller."""
    yield HEAD + b"<!--"
    for _ in range(15 * 16):
        yield os.urandom(65536).hex().encode()[:65536]
    yield b"--><p>Veld.</p>"


def feed_of(entries: int, filler: bytes = b"") -> Callable[[], Iterator[bytes]]:
    def body() -> Iterator[bytes]:
        yield b'<rss version="2.0"><channel><title>x</title>'
        for first in range(0, entries, 200):
            yield b"".join(
                b"<item><title>Shelling %d</title><link>http://10.0.0.1/%d</link>%s</item>"
                % (each, each, filler)
                for each in range(first, min(first + 200, entries))
            )
        yield b"</channel></rss>"

    return body


def sitemap_of(entries: int, name: bytes = b"urlset", entry: bytes = b"url") -> Callable[[], Iterator[bytes]]:
    def body() -> Iterator[bytes]:
        yield b'<%s xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">' % name
        for first in range(0, entries, 200):
            yield b"".join(
                b"<%s><loc>http://10.0.0.2/%s/%d</loc><lastmod>2021-01-11</lastmod></%s>"
                % (entry, b"shelling-near-veld" * 8, each, entry)
                for each in range(first, min(first + 200, entries))
            )
        yield b"</%s>" % name

    return body


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "%s">' % (b"ha" * 50)
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)
PICTURES = b"".join(b'<p>Veld.</p><img src="/picture%d" width=900 height=600>' % n for n in range(4))
WAR = (
    HEAD
    + b"<article><h1>Air strikes on Idlib</h1>"
    + b"".join(
        b"<p>Russian air strikes hit %b in northern Syria on Monday, killing %d civilians; the Syrian army "
        b"shelled rebel villages while fighters of Islamic State left Raqqa and Deir ez-Zor.</p>"
        % (town, number)
        for number, town in enumerate((b"Idlib", b"Aleppo", b"Maarat al-Numan", b"Saraqib"), start=3)
    )
)
STORY = site_article("Hostile Veld").data.partition(b"\r\n\r\n")[2]


def compressed() -> list[Trap]:
    codings = [
        trap(f"/{coding}-bomb", zeros(coding, 100), "too_large", Content_Encoding=coding)
        for coding in ("gzip", "deflate", "br", "zstd")
    ]
    members = gzip.compress(b" " * MIB, 9) * 200
    twice = gzip.compress(zeros("gzip", 100), 9)
    return [
        *codings,
        trap("/members-bomb", members, *TOO_MUCH, Content_Encoding="gzip"),
        trap("/twice-bomb", twice, *TOO_MUCH, Content_Encoding="gzip, gzip"),
        trap("/packed-prose", gzip.compress(prose(12 * MIB)), *ANY_PAGE, Content_Encoding="gzip"),
        trap(
            "/packed-soup", gzip.compress(HEAD + b"<a>x</a>" * 1_800_000), *ANY_PAGE, Content_Encoding="gzip"
        ),
    ]


def documents() -> list[Trap]:
    size = 15 * MIB
    return [
        trap("/laughs", LAUGHS + b"<html><p>&i;</p></html>", *ANY_PAGE),
        trap("/deep", HEAD + b"<div>" * 100_000 + b"Veld", *NO_ARTICLE),
        trap("/deep-tables", HEAD + b"<table><tr><td>" * 100_000 + b"Veld", *NO_ARTICLE),
        trap("/deep-inline", HEAD + b"<b><i>" * 200_000 + b"Veld", *NO_ARTICLE),
        trap("/one-line", many(b"word and words ", 50 * MIB), "too_large"),
        trap("/long-line", many(b"word and words ", size), *ANY_PAGE),
        trap("/attribute", many(b"x ", size, HEAD + b'<p class="', b'">Veld.</p>'), *ANY_PAGE),
        trap(
            "/attributes",
            HEAD + b"<p " + b"".join(b"a%d=1 " % n for n in range(500_000)) + b">Veld.</p>",
            *ANY_PAGE,
        ),
        trap("/soup", many(b"<a>x</a>", size), *ANY_PAGE),
        trap("/breaks", many(b"<br>", size), *ANY_PAGE),
        trap("/cells", many(b"<td>1</td>", 8 * MIB, HEAD + b"<table>"), *ANY_PAGE),
        trap("/options", many(b"<option>Veld</option>", 8 * MIB, HEAD + b"<select>"), *ANY_PAGE),
        trap("/links", many(b'<p><a href="/veld">Shelling near Veld</a></p>', size), *ANY_PAGE),
        trap(
            "/prose", many(b"<p>Shelling was heard near Veld on Monday, residents said.</p>", size), *ANY_PAGE
        ),
        trap("/prose-5", prose(5 * MIB), *ANY_PAGE),
        trap("/faces", many("\U0001f600".encode(), size, HEAD + b"<p>"), *ANY_PAGE),
        trap("/wide", many("Залпы ".encode("utf-16-le"), size, b"\xff\xfe"), *ANY_PAGE),
        trap("/entities", many(b"&amp;", size), *ANY_PAGE),
        trap("/comments", many(b"<!--x-->", size), *ANY_PAGE),
        trap("/script", many(b"y", size, HEAD + b"<script>var x='", b"'</script><p>Veld.</p>"), *ANY_PAGE),
        trap("/json-ld", many(b'{"a":1},', size, LD + b"[", b"1]</script>"), *ANY_PAGE),
        trap("/json-ld-deep", HEAD + LD + b"[" * 500_000 + b"</script>", *ANY_PAGE),
        trap("/data-uri", many(b"QUJD", size, HEAD + b'<img src="data:image/png;base64,', b'">'), *ANY_PAGE),
        trap("/srcset", many(b"/veld.jpg 100w, ", size, STORY + b'<img srcset="', b'">'), *ANY_PAGE),
        trap("/pdf", many(b"\x00\x01stream", size, b"%PDF-1.7\n"), "not_html"),
        trap(
            "/pdf-flate",
            b"%PDF-1.7\n1 0 obj<</Filter/FlateDecode>>stream\n" + zeros("deflate", 100),
            "not_html",
        ),
        trap("/noise-1", noise, *ANY_PAGE),
        trap("/pictures", WAR + PICTURES, *ANY_PAGE),
        *(
            trap(f"/picture{n}", many(b"\xff\xd8\xff\xe0", size, b""), content_type="image/jpeg")
            for n in range(4)
        ),
    ]


LD = b'<script type="application/ld+json">'


def patterns() -> list[Trap]:
    """Texts on which a careless regular expression does not end."""
    pieces = {
        "dates": b"2021-01-11 1 January 2021 Monday ",
        "digits": b"1",
        "blanks": b" \t\n",
        "names": b"by By by and ",
        "hyphens": b"a-",
        "mails": b"a@a.",
        "slashes": b"http://a/",
        "quotes": b"\\\"'",
        "brackets": b"([{<",
        "dots": b"a.b.",
        "soft": "\u00ad\u200b".encode(),
        "marks": "a\u0301\u0651".encode(),
    }
    return [
        trap(f"/{name}", HEAD + b"<h1>Veld</h1><p>" + piece * (2 * MIB // len(piece)), *ANY_PAGE)
        for name, piece in pieces.items()
    ]


def endings() -> list[Trap]:
    """Answers that do not end, or not soon."""
    ok = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    return [
        trap("/endless", endless(b"Veld ", HEAD), "too_large"),
        trap("/endless-script", endless(b"y", HEAD + b"<script>"), "too_large"),
        _stream("/endless-head", endless(b"X-Pad: Veld\r\n", ok), "too_large", "network_error"),
        _stream("/endless-line", endless(b"x", ok + b"X-Pad: "), "too_large", "network_error"),
        _stream("/endless-hints", endless(b"HTTP/1.1 103 Early\r\n\r\n"), "too_large", "network_error"),
        _stream(
            "/endless-chunks",
            endless(b"1\r\nx\r\n", ok + b"Transfer-Encoding: chunked\r\n\r\n"),
            "too_large",
            "timeout",
        ),
        _stream(
            "/endless-extension",
            endless(b"x", ok + b"Transfer-Encoding: chunked\r\n\r\n1;x="),
            "too_large",
            "network_error",
            "incomplete",
        ),
        trap("/drip", lambda: drip(b"Veld "), "timeout"),
        _stream("/drip-head", lambda: itertools.chain([ok], drip(b"X-Pad: Veld\r\n")), "timeout"),
        raw("/silence", b"", "timeout", then_hangs=True),
        raw("/half", ok + b"Content-Length: 9999\r\n\r\n<p>", "timeout", then_hangs=True),
        trap("/announced", many(b"x", 100), "too_large", "network_error", Content_Length=str(60 * MIB)),
    ]


def listings() -> list[Trap]:
    xml = "application/xml"
    laugh = (
        LAUGHS
        + b"<rss><channel><item><title>&i;</title><link>http://10.0.0.1/l</link></item></channel></rss>"
    )
    packed = gzip.compress(b"".join(sitemap_of(50_000)()))
    found = {
        "/feed-50000": feed_of(50_000),
        "/feed-long": feed_of(800, b"<description>%s</description>" % (b"Shelling near Veld. " * 900)),
        "/feed-item": many(
            b"Veld ", 14 * MIB, b"<rss><channel><item><title>", b"</title></item></channel></rss>"
        ),
        "/sitemap-50000": sitemap_of(50_000),
        "/sitemap-200000": sitemap_of(200_000),
        "/sitemap-index": sitemap_of(50_000, b"sitemapindex", b"sitemap"),
        "/sitemap-endless": endless(b"<url><loc>http://10.0.0.3/</loc></url>", b"<urlset>"),
        "/section-million": many(b'<a href="/%c">Shelling near Veld</a>' % 97, 15 * MIB),
        "/section-links": links,
    }
    any_listing = ("discovery", "too_large", "quarantined", "soft_404")
    return [
        *(trap(path, body, *any_listing, content_type=xml, is_listing=True) for path, body in found.items()),
        trap("/feed-laughs", laugh, *any_listing, content_type=xml, is_listing=True),
        trap("/sitemap.xml.gz", packed, *any_listing, content_type=xml, is_listing=True),
        trap("/sitemap-bomb.gz", zeros("gzip", 100), *any_listing, content_type=xml, is_listing=True),
    ]


def links() -> Iterator[bytes]:
    yield HEAD
    for first in range(0, 300_000, 1000):
        yield b"".join(
            b'<a href="/s/%d">Shelling near Veld %d</a>' % (n, n) for n in range(first, first + 1000)
        )


def crowd(hosts: int) -> list[list[Trap]]:
    """Hosts that send 15 MiB at the same time."""
    return [[trap("/noise", noise, *ANY_PAGE), trap("/noise-2", noise, *ANY_PAGE)] for _ in range(hosts)]


def rules() -> list[list[Trap]]:
    """Hosts whose robots.txt does not end, or is very long."""
    return [
        [
            trap("/robots.txt", endless(b"Disallow: /x\n", b"User-agent: *\n"), content_type="text/plain"),
            trap("/a", STORY, *ANY_PAGE, "robots_disallowed", "syndicated", UNKNOWN),
        ],
        [
            trap(
                "/robots.txt",
                many(b"Disallow: /x\n", 15 * MIB, b"User-agent: *\n"),
                content_type="text/plain",
            ),
            trap("/a", STORY, *ANY_PAGE, "robots_disallowed", "syndicated", UNKNOWN),
        ],
    ]


GROUPS: dict[str, Callable[[], list[list[Trap]]]] = {
    "compressed": lambda: _dealt(compressed(), 3),
    "documents": lambda: _dealt(documents(), 6),
    "patterns": lambda: _dealt(patterns(), 3),
    "endings": lambda: _dealt(endings(), 4),
    "listings": lambda: _dealt(listings(), 4),
    "rules": rules,
    "crowd": lambda: crowd(8),
}


def all_bombs(groups: Iterable[str] = GROUPS) -> list[list[Trap]]:
    """By host: all that an arena can throw at a crawl, or some kinds of it."""
    return [host for group in groups for host in GROUPS[group]()]


def _dealt(traps: list[Trap], hosts: int) -> list[list[Trap]]:
    return [traps[first::hosts] for first in range(hosts)]


def _stream(path: str, stream: Callable[[], Iterable[bytes]], *fates: str) -> Trap:
    return Trap(path, stream, frozenset(fates))
