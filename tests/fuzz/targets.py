"""What each parser must hold for any bytes: it ends, raises nothing but its own errors, and says what is true."""

import gzip
import json
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from lxml.html import document_fromstring

from archive.errors import ArchiveError
from archive.index.cdxj import find_entries
from archive.replay.captures import CaptureReader
from archive.warc import http
from archive.warc.bodies import body_of
from crawler.discovery.discover import discover
from crawler.errors import OperatorError
from crawler.extraction.dates.timestamps import date_in_url, first_day, instant, is_utc, parse_timestamp
from crawler.extraction.dates.variables import read_script_dates
from crawler.extraction.dates.written import first_date
from crawler.extraction.look import find_look, read_style
from crawler.http.charset import read_text
from crawler.http.decoding import ContentError, decode_content
from crawler.http.robots_rules import RobotsRules
from crawler.http.standard_urls import clean_url
from crawler.http.url_identity import exact_key, url_key
from crawler.http.urls import is_web_url
from crawler.items import REQUISITES, UrlKind
from crawler.past.publishers import Publisher, Publishers
from crawler.past.warc_pieces import filter_piece
from crawler.past.ways import read_past
from crawler.rights import content_usage, licences, robots_tags, tdmrep
from crawler.rights.declarations import dump_declared, load_declared, reserved
from crawler.rights.robots_txt import RobotsDeclarations
from crawler.rights.tdmrep import NoRules, SiteReservations
from crawler.scouting.site_hints import read_hints, sitemaps_of
from crawler.sources.imports import read_list
from crawler.sources.source import Source
from crawler.sources.subscription_file import read_subscriptions
from crawler.texts.seed_format import SeedError, parse_seed, read_seed, render_seed
from tests.support.listings import URL, page
from tests.support.odd_answers import ANSWERS
from tests.support.warcs import news

MAX_BYTES = 1_000_000

_LISTS = {
    UrlKind.CDX: "http://web.example/cdx/search/cdx?url=tarn.example",
    UrlKind.GDELT: "http://gdelt.example/20210101000000.mentions.CSV.zip",
    UrlKind.WARC_PATHS: "http://cc.example/crawl-data/CC-NEWS/2021/01/warc.paths.gz",
}


@dataclass(frozen=True, slots=True)
class Target:
    """A parser under trial."""

    check: Callable[[bytes], None]
    """Raises AssertionError, or what the parser should not have raised."""
    samples: Sequence[bytes]


def _links(data: bytes) -> None:
    for kind in UrlKind:
        with suppress(ContentError):
            listing = discover(page(data), kind)
            urls = [link.url for link in listing.links]
            assert listing.account.links == len(urls) <= listing.account.entries
            assert len(urls) == len(set(urls))
            assert all(map(is_web_url, urls)), urls


def _hints(data: bytes) -> None:
    with suppress(ContentError):
        hints = read_hints(page(data))
        assert all(map(is_web_url, hints.feeds)), hints
        assert hints.language.isalpha() or not hints.language
    assert len(set(sitemaps_of(data))) == len(sitemaps_of(data))


_SHEETS = [
    b"@charset 'utf-8';@import url(a.css) screen;@font-face{src:url(a.eot);src:url('b.woff2')format('woff2')}",
    b"@media print{a{b:image-set('c.png' 1x);d:u\\72l(e.png)}}f{g:url(data:,);h{i:url(#j)}}/*k*/",
    b"<!doctype html><style>a{b:url(c.png)}</style><link rel=stylesheet href=d.css><img style='e:url(f)' src=g>",
]


def _css(data: bytes) -> None:
    with suppress(ContentError):
        named = [*read_style(page(data), 0), *find_look(page(data))]
        assert all(is_web_url(link.url) and link.kind in REQUISITES and link.url != URL for link in named)


def _past(data: bytes) -> None:
    everybody = Publishers.of([Publisher.of(Source(id="tarn", name="Tarn", homepage="http://tarn.example/"))])
    for kind, url in _LISTS.items():
        with suppress(ContentError):
            listing = read_past(page(data, url), kind, everybody)
            assert listing.account.links == len(listing.links) <= listing.account.entries
            assert all(is_web_url(link.evidence.copy or link.url) for link in listing.links)
    for is_last in (True, False):
        with suppress(ContentError):
            piece = filter_piece(page(data), is_last, everybody)
            assert 0 <= piece.read <= len(data)


def _robots(data: bytes) -> None:
    rules = RobotsRules.read(data, "frontwire")
    assert rules.allow("https://tarn.example/robots.txt")
    assert rules.allow("https://tarn.example/a?b=%e9") in (True, False)


def _rights(data: bytes) -> None:
    """What is declared survives the note in the record, and the markup of a page cannot make more of it than it is."""
    url, text = "https://tarn.example/a", data.decode("latin-1")
    declared = [*RobotsDeclarations.read(data, "https://tarn.example/robots.txt").of(url)]
    with suppress(NoRules):
        declared += SiteReservations.read(data).of(url, url)
    headers = {"x-robots-tag": text, "link": text, "tdm-reservation": text, "tdm-policy": text}
    headers["content-usage"] = text
    declared += [*robots_tags.in_headers(headers), *tdmrep.in_headers(headers, url)]
    declared += [*licences.in_headers(headers, url), *content_usage.in_headers(headers)]
    licences.prohibited_of(licences.read_terms(data) or (), url)
    declared += robots_tags.in_metas({"robots": [text]})
    script = document_fromstring("<script type='application/rsl+xml'></script>")
    next(script.iter("script")).text = "".join(filter(str.isprintable, text))
    declared += licences.in_tree(script, url)
    note = dump_declared(declared)
    assert note is not None and len(note.splitlines()) == 1
    assert load_declared(note) == tuple(declared)
    assert reserved(declared) == reserved(dict.fromkeys(declared))


def _own_files(data: bytes) -> None:
    """Files that operators make are read, or refused in one sentence that names the file."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("own.toml", "cookies.txt", "list"):
            path = Path(folder, name)
            path.write_bytes(data)
            path.chmod(0o600)
            try:
                if name == "list":
                    read_list(path)
                else:
                    read_subscriptions(path, {"tarn"}, Path(folder, "data"))
            except OperatorError as error:
                assert str(path) in str(error) and len(str(error).splitlines()) == 1


def _head(data: bytes) -> None:
    head, rest = http.split_answer(data)
    assert len(head) + len(rest) <= len(data)
    for method in ("GET", "HEAD"):
        assert len(body_of(method, head, rest).payload) <= len(rest)
    assert 0 <= http.status_of(head) <= 999


def _content(data: bytes) -> None:
    for coding in ("", "gzip", "deflate", "br", "zstd", "gzip, gzip", "nonsense"):
        with suppress(ContentError):
            body = decode_content(data, coding, MAX_BYTES)
            assert len(body) <= MAX_BYTES
            read_text(body, "text/html; charset=koi8-r").text.encode()


def _url(data: bytes) -> None:
    found = clean_url(data.decode("utf-8", "surrogateescape"), URL)
    if found is not None:
        assert clean_url(found, URL) == found
        assert is_web_url(found)
        assert len(url_key(found)) == len(exact_key(found))


def _date(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for read in (parse_timestamp, date_in_url, first_date):
        value = read(text)
        assert value is None or first_day(value)
        assert value is None or instant(value) is None or is_utc(value) in (True, False)
    page = document_fromstring(f"<html><script>{text.replace('<', '')}</script><p>x</p></html>")
    assert all(first_day(item.value) for item in read_script_dates(page))


def _seed(data: bytes) -> None:
    with suppress(SeedError):
        assert render_seed(parse_seed(data)) == data
    with suppress(SeedError):
        seed = read_seed(data)
        assert parse_seed(render_seed(seed)) == seed


def _archive(name: str) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.write_bytes(data)
            said: list[str] = []
            with suppress(ArchiveError), CaptureReader([path], said.append) as reader:
                for capture in reader.read(path):
                    assert len(capture.body) <= max(MAX_BYTES, 100 * len(data))
            assert all("\n" not in each and "Traceback" not in each for each in said)

    return check


def _index(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "index.cdxj").write_bytes(b"\n".join(sorted(data.splitlines())))
        with suppress(ArchiveError):
            for entry in find_entries(Path(folder), "http://tarn.example/1"):
                assert isinstance(entry, dict)


def _arc(*pages: bytes) -> bytes:
    about = b"1 0 SomeCrawler\nURL IP-address Archive-date Content-type Archive-length\n"
    parts = [b"filedesc://a.arc 0.0.0.0 20040301120000 text/plain %d\n%b\n" % (len(about), about)]
    for number, block in enumerate(pages):
        parts.append(
            b"http://tarn.example/%d 192.0.2.7 20040301120000 text/html %d\n%b\n"
            % (number, len(block), block)
        )
    return b"".join(parts)


def _zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


_DATE = "<pubDate>Tue, 05 Mar 2024 10:00:00 GMT</pubDate>"
_ITEM = f"<item><title>La trêve</title><link>/a?b=1&amp;c=2</link>{_DATE}</item>"
_ATOM = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/x/"><entry><link href="y"/></entry></feed>'
_FEEDS = [
    f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{_ITEM * 3}</channel></rss>'.encode(),
    _ATOM.encode("utf-16"),
    json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "/a", "title": "b"}]}
    ).encode(),
]
_MAPS = [
    b"<urlset><url><loc>http://tarn.example/a?b=c&d=e</loc><lastmod>2024-03-05</lastmod></url></urlset>",
    b"<sitemapindex><sitemap><loc>http://tarn.example/s.xml.gz</loc></sitemap></sitemapindex>",
    gzip.compress(b"http://tarn.example/1\nhttp://tarn.example/2\n"),
]
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n<p>hi</p>"
_LINE = b'example,tarn)/1 20240305100000 {"url": "http://tarn.example/1", "offset": "0", "filename": "a.warc.gz"}\n'
_WARCS = [news(2).data, news(2, gzip=False).data]

_MENTION = b"9\t20210101\t20210101\t1\ttarn.example\thttp://tarn.example/a\t3\t1\t8\t9\t1\t60\t4\t-3\n"
_PAST = [
    b'[["timestamp","original","mimetype","statuscode"],\n'
    b'["20210104101500","http://tarn.example/2021/01/04/ferry","text/html","200"],\n[],\n["org%2Ctarn%29%2F+2021"]]',
    _zipped({"a.CSV": _MENTION * 3}, zipfile.ZIP_DEFLATED),
    gzip.compress(b"crawl-data/CC-NEWS/2021/01/CC-NEWS-20210104120000-00001.warc.gz\n" * 2),
    news(2).data,
]

_DATES = [
    "2021-01-28T10:00:00.5+03:00",
    "Thu, 28 Jan 2021 10:00:00 +0300",
    "/2021/jan/28/x",
    "۱۰ اردیبهشت ۱۴۰۳ - ۰۸:۲۰",
    "二〇二一年一月二十八日",
    "令和3年1月28日",
    "17 ส.ค. 2567",
    "ጥር 22 ቀን 2016",
    'var publishDate = "2021-01-28"; var ct = "1611828000", oriCreateTime="1611828000"',
]

_FRONT = (
    b"<html lang=fr-ML><title>Une | Tarn</title><link rel=alternate type=application/rss+xml href=/feed>"
    b"<meta property=og:site_name content='Le Courrier &amp; Tarn'><a href=//tarn.example/rss/monde.xml>x</a>"
)

TARGETS = {
    "feed": Target(_links, _FEEDS),
    "sitemap": Target(_links, _MAPS),
    "hints": Target(_hints, [*_FEEDS, b"Sitemap: https://tarn.example/a.xml\nsitemap:b", _FRONT]),
    "css": Target(_css, _SHEETS),
    "past": Target(_past, _PAST),
    "robots": Target(
        _robots,
        [
            b"\xef\xbb\xbfUser-agent: Frontwire/1\r\nDisallow: /a*$\nAllow: /%e9\n\nSitemap: x\nCrawl-delay: 5\n"
        ],
    ),
    "rights": Target(
        _rights,
        [
            b"User-agent: GPTBot\nUser-agent: *\nContent-Signal: /a ai-train=no, search=yes\nDisallow: /\nLicense: /",
            b'[{"location": "/a*$", "tdm-reservation": 1, "tdm-policy": "https://tarn.example/p"}]',
            b'</l.xml>; rel="license"; type="application/rsl+xml", gptbot: noai\nunavailable_after: 1 Jan, none',
            b'<rsl xmlns="https://rslstandard.org/rsl"><prohibits type="usage">ai-train ai-input</prohibits></rsl>',
            b'<rsl><content url="https://tarn.example/a*$"><prohibits>ai-all</prohibits></content></rsl>',
            b"User-agent: *\nContent-Usage: train-ai=n, search=y\nContent-Usage: /a*$ train-ai=y;x=1",
        ],
    ),
    "own files": Target(
        _own_files,
        [
            b'[[subscription]]\nsource = "tarn"\nsites = ["https://*.tarn.example"]\ncookies = "a=b; c=d"\n',
            b"# Netscape HTTP Cookie File\n#HttpOnly_.tarn.example\tTRUE\t/\tTRUE\t0\tsid\tvalue\n",
            b'<?xml version="1.0"?><opml><body><outline text="T" xmlUrl="https://tarn.example/f"/></body></opml>',
            b'homepage,name\nhttps://tarn.example/,"Tarn ""Courier"""\n',
        ],
    ),
    "head": Target(_head, [answer.data[:2000] for answer in ANSWERS.values()]),
    "content": Target(
        _content,
        [gzip.compress(b"<p>La tr\xc3\xaave</p>" * 9, mtime=0), "Ёлка".encode("utf-16"), b"<meta charset=x>"],
    ),
    "url": Target(
        _url,
        [
            b"https://u:p@tarn.example:8080/a/../b;c?d=e&f#g",
            b"http://[::1]/",
            b"//xn--e1afmkfd.example/%zz",
            b"http://0x7f.1/",
        ],
    ),
    "date": Target(_date, [date.encode() for date in _DATES]),
    "seed": Target(
        _seed,
        [
            " date 2021-01 La trêve tient.\n\nUn second paragraphe.".encode(),
            b"\xef\xbb\xbf date 2021-01 a\r\n\r\nb\r\n",
        ],
    ),
    "warc": Target(_archive("a.warc"), _WARCS),
    "warc.gz": Target(_archive("a.warc.gz"), _WARCS),
    "arc": Target(_archive("a.arc"), [_arc(_ANSWER, _ANSWER), gzip.compress(_arc(_ANSWER))]),
    "wacz": Target(
        _archive("a.wacz"),
        [_zipped({"archive/a.warc.gz": _WARCS[0], "datapackage.json": b'{"resources": []}'})],
    ),
    "cdxj": Target(_index, [_LINE * 3, b"!meta {}\n" + _LINE]),
}
