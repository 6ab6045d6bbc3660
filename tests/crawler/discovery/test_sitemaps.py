import gzip
import resource
import sys
from urllib.parse import unquote

import pytest

from crawler.discovery import discover
from crawler.discovery.links import MAX_LINKS
from crawler.http.decoding import MAX_BYTES, TooLarge
from crawler.items import Link, UrlKind
from tests.support.listings import START, URL, page

SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
RSS_MIB = 1024 * 1024 if sys.platform == "darwin" else 1024
"""A mebibyte in the unit of ru_maxrss, which is not the same everywhere."""

A, B = "https://tarn.example/a", "https://tarn.example/b"


def urlset(entries: str, attributes: str = f"{SITEMAP} {NEWS}", head: str = "<?xml version='1.0'?>\n") -> str:
    return f"{head}<urlset {attributes}>{entries}</urlset>"


def entry(url: str, more: str = "") -> str:
    return f"<url>\n <loc> {url}\n</loc>{more}</url>\n"


def read(body: str | bytes, kind: UrlKind = UrlKind.SITEMAP, **headers: str) -> list[Link]:
    return discover(page(body, **headers), kind).links


def urls(body: str | bytes) -> list[str]:
    return [link.url for link in read(body)]


def test_a_sitemaps_lastmod_is_a_change() -> None:
    (link,) = read(urlset(entry(f"{A}?x=1&amp;y=2", "<lastmod>2021-01-28</lastmod><priority>1</priority>")))
    assert (link.url, link.kind) == (f"{A}?x=1&y=2", UrlKind.ARTICLE)
    evidence = link.evidence
    assert (evidence.how, evidence.via, evidence.published, evidence.modified) == (
        "sitemap", URL, "", "2021-01-28",
    )  # fmt: skip
    assert (evidence.source, evidence.zone, evidence.title) == (START.source, START.zone, "")


def test_text_beside_the_address_of_an_entry_is_none() -> None:
    assert urls(urlset(f"<url>{B}<loc>{A}</loc></url>")) == [A]
    assert urls(urlset(f"<url>{B}</url>")) == [B]


def test_a_news_sitemap_gives_title_and_publication_as_written() -> None:
    news = (
        "<lastmod>2021-01-29</lastmod><news:news><news:publication><news:name>x</news:name></news:publication>"
        "<news:publication_date>2021-01-28T10:00:00+03:00</news:publication_date>"
        "<news:title><![CDATA[Пожар & дым]]></news:title></news:news>"
        "<image:image xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'><image:loc>https://cdn.example/1"
        "</image:loc><image:title>Photo</image:title></image:image>"
    )
    (link,) = read(urlset(entry(A, news)))
    assert link.url == A
    assert link.evidence.how == "news_sitemap"
    assert link.evidence.title == "Пожар & дым"
    assert link.evidence.published == "2021-01-28T10:00:00+03:00"
    assert link.evidence.modified == "2021-01-29"


PREFIXED = (
    f"<s:urlset xmlns:s='https://www.sitemaps.org/schemas/sitemap/0.9/'><s:url><s:loc>{A}</s:loc></s:url>"
)
ODD = {
    "no vocabulary": urlset(entry(A) + entry(B), ""),
    "old vocabulary": urlset(entry(A) + entry(B), 'xmlns="http://www.google.com/schemas/sitemap/0.84"'),
    "prefix": f"{PREFIXED}<s:url><s:loc>{B}</s:loc></s:url></s:urlset>",
    "undeclared prefix": urlset(
        entry(A, "<news:news><news:title>x</news:title></news:news>") + entry(B), SITEMAP
    ),
    "comments": urlset(f"<!-- {entry(B)} -->{entry(A)}<?php x ?>{entry(B)}"),
    "repeated": urlset(entry(A) + entry(A) + entry(B) + entry("javascript:x") + "<url/>"),
    "relative": urlset(entry("/a") + entry("/b")),
    "space": urlset(entry(A) + entry(B), head="\n <?xml version='1.0'?>"),
    "warning": urlset(entry(A) + entry(B), head="<br><b>Warning</b>: mail()\n<?xml version='1.0'?>"),
    "byte order mark": urlset(entry(A) + entry(B), head="\ufeff"),
    "dtd": urlset(entry(A) + entry(B), head='<!DOCTYPE urlset SYSTEM "https://tarn.example/sitemap.dtd">'),
    "cut": urlset(entry(A) + entry(B)).removesuffix("</urlset>") + "<url><loc>https://tarn.example/cut",
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD.keys())
def test_odd_and_broken_sitemaps_give_what_is_whole(body: str) -> None:
    found = [
        link.url for link in discover(page(body, "https://tarn.example/sitemap.xml"), UrlKind.SITEMAP).links
    ]
    assert [url for url in found if not url.endswith("cut")] == [A, B]


@pytest.mark.parametrize("encoding", ["windows-1251", "utf-16", "utf-8-sig"])
def test_declared_encodings_are_read(encoding: str) -> None:
    label = "utf-8" if encoding == "utf-8-sig" else encoding
    news = "<news:news><news:title>Мост разрушен</news:title></news:news>"
    body = urlset(entry(A, news), head=f"<?xml version='1.0' encoding='{label}'?>")
    assert read(body.encode(encoding))[0].evidence.title == "Мост разрушен"


def test_an_index_names_sitemaps() -> None:
    body = (
        f"<?xml version='1.0'?><sitemapindex {SITEMAP}>"
        f"<sitemap><loc>{A}.xml.gz</loc><lastmod>2021-02-01T00:00:00Z</lastmod></sitemap>"
        f"<sitemap><loc>{B}.xml</loc></sitemap></sitemapindex>"
    )
    links = read(body, UrlKind.LISTING)
    assert [(link.url, link.kind) for link in links] == [
        (f"{A}.xml.gz", UrlKind.SITEMAP), (f"{B}.xml", UrlKind.SITEMAP),
    ]  # fmt: skip
    assert links[0].evidence.modified == "2021-02-01T00:00:00Z"
    assert links[0].evidence.how == "sitemap"


def test_compressed_sitemaps_are_read_under_either_label_and_both() -> None:
    body = gzip.compress(urlset(entry(A)).encode())
    assert [link.url for link in read(body)] == [A]
    assert [link.url for link in read(body, content_encoding="gzip")] == [A]
    assert [link.url for link in read(gzip.compress(body), content_encoding="gzip")] == [A]
    assert urls(body + gzip.compress(b"\n")) == [A]


def test_a_text_sitemap_gives_its_lines() -> None:
    assert urls(f"\ufeff{A}\r\n\r\n {B}\nno url\n") == [A, B]


def test_a_gzip_bomb_is_refused() -> None:
    bomb = gzip.compress(bytes(60 * 1024 * 1024), 9)
    with pytest.raises(TooLarge):
        read(bomb)
    with pytest.raises(TooLarge):
        read(bomb, content_encoding="gzip")


def test_only_sitemaps_may_be_larger_than_pages() -> None:
    padding = f"<!--{'x' * 1_000_000}-->" * 17
    assert len(padding) > MAX_BYTES
    assert urls(urlset(padding + entry(A))) == [A]
    for body in (f"<html><body>{padding}", padding, f'{{"items": [], "text": "{padding}"}}'):
        with pytest.raises(TooLarge):
            discover(page(body), UrlKind.SECTION)


@pytest.mark.parametrize("between", ["", "\n"])
def test_entity_bombs_do_not_go_off(between: str) -> None:
    laughs = between.join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    quadratic = f'<!ENTITY q "{"A" * 50_000}">'
    head = f'<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY l0 "ha">{between}{laughs}{quadratic}]>'
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for bomb in ("&l9;", "&q;" * 20_000):
        # The parser may give up at the bomb; entries before it are complete.
        assert urls(urlset(f"{entry(A)}<url><loc>{bomb}</loc></url>", head=head)) == [A]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * RSS_MIB


ARTICLE = "https://tarn.example/2021/01/28/drones-strike-depot-near-tarn-"


def test_of_more_urls_than_the_protocol_allows_those_at_both_ends_are_read_and_the_rest_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert MAX_LINKS == 50_000  # sitemaps.org
    most, more = 500, 100
    monkeypatch.setattr("crawler.discovery.links.MAX_LINKS", most)
    count = most + more
    body = urlset("".join(f"<url><loc>{ARTICLE}{n}</loc></url>" for n in range(count)))
    listing = discover(page(body), UrlKind.SITEMAP)
    half = most // 2
    numbers = [*range(half), *range(count - half, count)]
    assert [link.url for link in listing.links] == [f"{ARTICLE}{n}" for n in numbers]
    assert (listing.account.entries, listing.account.links) == (count, most)
    assert listing.account.dropped == {"over the limit": more}
    assert listing.account.unread == (f"it has {more} entries over the limit",)


def test_each_address_of_an_entry_is_followed_and_of_other_repeated_elements_the_first_counts() -> None:
    more = f"<loc>{B}</loc><lastmod>2021-01-28</lastmod><lastmod>2020-05-05</lastmod>"
    links = read(urlset(entry(A, more)))
    assert [(link.url, link.evidence.modified) for link in links] == [(A, "2021-01-28"), (B, "2021-01-28")]
    news = "".join(
        f"<news:news><news:publication_date>{day}</news:publication_date><news:title>{day}</news:title></news:news>"
        for day in ("2021-01-28", "2020-05-05")
    )
    [link] = read(urlset(entry(A, news)))
    assert (link.evidence.published, link.evidence.title) == ("2021-01-28", "2021-01-28")


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        (f"<loc>{A}</loc><loc>{B}</loc>", [A, B]),
        (f"<loc><![CDATA[{A}?x=1&y=2]]></loc>", [f"{A}?x=1&y=2"]),
        (f"<loc>{A}?x=1&amp;amp;y=2</loc>", [f"{A}?x=1&y=2"]),
        (f"<loc/><loc>{A}</loc>", [A]),
        (f"<LOC>{A}</LOC>", [A]),
        (f'<loc href="{A}"/>', [A]),
        (f'<link href="{A}"/>', [A]),
        (f'<x:link xmlns:x="http://www.w3.org/1999/xhtml" rel="alternate" hreflang="fr" href="{A}"/>', [A]),
        (f'<loc>{A}</loc><xhtml:link rel="alternate" hreflang="fr" href="{B}"/>', [A]),
        (f"<loc>{A}</loc><image:image><image:loc>{B}</image:loc></image:image>", [A]),
        (f"{A}", [A]),
        ("<loc>www.tarn.example/a</loc>", ["https://www.tarn.example/a"]),
        (f"<loc>{A}\x0b\x01</loc>", [A]),
        ("<lastmod>2021-01-28</lastmod>", []),
        ("<loc> </loc>", []),
        ("<loc>mailto:desk@tarn.example</loc>", []),
        ("<loc>https://tarn.example/a\ufffd</loc>", []),
    ],
)
def test_the_addresses_of_an_entry(inside: str, found: list[str]) -> None:
    listing = discover(page(urlset(f"<url>{inside}</url>{entry(A + '/last')}")), UrlKind.SITEMAP)
    assert [link.url for link in listing.links] == [*found, f"{A}/last"]
    assert sum(listing.account.dropped.values()) == (not found)


def test_an_index_may_name_its_sitemaps_as_pages_and_pages_too() -> None:
    body = urlset(entry(f"{A}.xml") + entry(f"{A}.xml.gz?x=1") + entry(B)).replace("urlset", "sitemapindex")
    assert [(link.url, link.kind) for link in read(body)] == [
        (f"{A}.xml", UrlKind.SITEMAP), (f"{A}.xml.gz?x=1", UrlKind.SITEMAP), (B, UrlKind.ARTICLE),
    ]  # fmt: skip
    inner = f"<sitemap><loc>{A}.xml</loc></sitemap>"
    assert [link.kind for link in read(urlset(inner + entry(B)))] == [UrlKind.SITEMAP, UrlKind.ARTICLE]


@pytest.mark.parametrize("path", [".xml", ".xml.gz", ".XML?x=1"])
def test_what_a_sitemap_of_pages_names_is_a_page_however_it_is_called(path: str) -> None:
    assert [link.kind for link in read(urlset(entry(f"{A}{path}")))] == [UrlKind.ARTICLE]


def test_a_sitemap_that_names_itself_is_told() -> None:
    account = discover(page(urlset(entry(URL) + entry(A)), URL), UrlKind.SITEMAP).account
    assert (account.links, account.dropped) == (1, {"that is the listing itself": 1})


WHOLE = urlset(entry(A) + entry(B))


@pytest.mark.parametrize(
    ("end", "found", "clause"),
    [
        (-len("</urlset>"), [A, B], "it ends before its end tag"),
        (-len("</url>\n</urlset>"), [A], "it ends within an entry"),
        (-len("b\n</loc></url>\n</urlset>"), [A], "it ends within an entry"),
        (WHOLE.index("<url>") + 2, [], "it ends before its end tag"),
        (WHOLE.index("xmlns") + 2, None, ""),
    ],
)
@pytest.mark.parametrize("is_packed", [False, True])
def test_of_a_sitemap_that_is_cut_whole_entries_are_read_and_no_half_address(
    end: int, found: list[str] | None, clause: str, is_packed: bool
) -> None:
    body = gzip.compress(WHOLE[:end].encode()) if is_packed else WHOLE[:end]
    if found is None:  # of its root there is not even the start tag
        assert read(body) == []
        return
    listing = discover(page(body), UrlKind.SITEMAP)
    assert ([link.url for link in listing.links], listing.account.unread) == (found, (clause,))


def test_a_sitemap_that_came_to_its_end_is_whole_though_its_gzip_is_not() -> None:
    listing = discover(page(gzip.compress(WHOLE.encode())[:-8]), UrlKind.SITEMAP)
    assert ([link.url for link in listing.links], listing.account.unread) == ([A, B], ())


@pytest.mark.parametrize("label", ["utf-8", "utf-16", "utf8mb4", "database", "iso-8859-1", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_wrong_labels_of_encoding_cost_no_entry(label: str, encoding: str) -> None:
    head = f"<?xml version='1.0' encoding='{label}'?>" if label else "<?xml version='1.0'?>"
    body = urlset(entry(A) + entry("https://tarn.example/мост"), head=head).encode(encoding)
    links = read(body, content_type="application/xml; charset=windows-1252")
    assert [unquote(link.url) for link in links] == [A, "https://tarn.example/мост"]


def test_one_entry_that_is_broken_costs_no_other() -> None:
    broken = "<url><loc>https://tarn.example/<b></loc><x:y></url><url><loc a=<>x</loc></url>"
    assert [url for url in urls(urlset(entry(A) + broken + entry(B))) if url in (A, B)] == [A, B]


def test_flat_entities_are_read_and_others_cost_their_entry() -> None:
    head = '<!DOCTYPE urlset [<!ENTITY site "https://tarn.example"><!ENTITY deep "&site;&site;">]>'
    listing = discover(page(urlset(entry("&site;/a") + entry("&deep;/b"), head=head)), UrlKind.SITEMAP)
    assert [link.url for link in listing.links] == [A]
    assert listing.account.unread == ("it has 1 entry that cannot be read",)
