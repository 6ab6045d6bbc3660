import json
from pathlib import Path

import pytest

from crawler.discovery import discover
from crawler.http.decoding import ContentError
from crawler.items import Link, UrlKind
from tests.support.listings import START, URL, page

DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
ARTICLE = "https://www.tarn-courier.example/2021/01/28/pont"
DATE = "Thu, 28 Jan 2021 10:00:00 +0300"


def rss(items: str, attributes: str = 'version="2.0"', head: str = '<?xml version="1.0"?>') -> str:
    return f"{head}<rss {attributes}><channel><title>Le Courrier</title><link>/</link>{items}</channel></rss>"


def item(inside: str) -> str:
    return rss(f"<item>{inside}</item>")


def read(body: str | bytes, **headers: str) -> list[Link]:
    return discover(page(body, **headers), UrlKind.FEED).links


def only(body: str | bytes, **headers: str) -> Link:
    (link,) = read(body, **headers)
    return link


def dates(link: Link) -> tuple[str, str]:
    return link.evidence.published, link.evidence.modified


@pytest.mark.parametrize("version", ["0.91", "0.92", "2.0", "2.0.1", ""])
def test_rss_gives_title_and_date_as_written(version: str) -> None:
    entry = f"<item><title>Tarn : le pont</title><link>{ARTICLE}</link><pubDate>{DATE}</pubDate></item>"
    link = only(rss(entry, f'version="{version}"'))
    assert (link.url, link.kind, link.evidence.title) == (ARTICLE, UrlKind.ARTICLE, "Tarn : le pont")
    assert dates(link) == (DATE, "")
    assert (link.evidence.how, link.evidence.via) == ("feed", URL)
    assert (link.evidence.source, link.evidence.zone, link.evidence.language) == (
        START.source, START.zone, START.language,
    )  # fmt: skip


def test_rss_1_takes_its_dublin_core_date_as_that_of_publication() -> None:
    body = (
        f'<rdf:RDF {RDF} {DC}><channel rdf:about="https://www.tarn-courier.example/"><title>x</title></channel>'
        f'<item rdf:about="{ARTICLE}"><title>Le pont</title><link>{ARTICLE}</link>'
        "<dc:date>2021-01-28T10:00+01:00</dc:date></item></rdf:RDF>"
    )
    link = only(body)
    assert link.url == ARTICLE
    assert dates(link) == ("2021-01-28T10:00+01:00", "")


def test_a_change_is_never_taken_for_a_publication() -> None:
    atom, terms = 'xmlns:a10="http://www.w3.org/2005/Atom"', 'xmlns:t="http://purl.org/dc/terms/"'
    changed = f"<item><link>{ARTICLE}</link><%s>2021-02-03T00:00:00Z</%s></item>"
    for names, name in ((atom, "a10:updated"), (f"{terms} {DC}", "t:modified")):
        assert dates(only(rss(changed % (name, name), f'version="2.0" {names}'))) == (
            "",
            "2021-02-03T00:00:00Z",
        )
    both = f"<item><link>{ARTICLE}</link><dc:date>2021-02-03</dc:date><pubDate>{DATE}</pubDate></item>"
    assert dates(only(rss(both, f'version="2.0" {DC}'))) == (DATE, "2021-02-03")


def test_atom_resolves_links_against_xml_base() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://tarn.example/a/"><title>x</title>'
        '<entry xml:base="b/"><title type="html">Le &lt;i&gt;pont&lt;/i&gt;</title><id>tag:tarn.example,2021:1</id>'
        '<link rel="self" href="/self"/><link rel="enclosure" href="/c.mp3"/><link href="c?x=1&amp;y=2#z"/>'
        "<published>2021-01-28T10:00:00+03:00</published><updated>2021-02-01T09:00:00Z</updated></entry></feed>"
    )
    link = only(body)
    assert link.url == "https://tarn.example/a/b/c?x=1&y=2"
    assert link.evidence.title == "Le <i>pont</i>"
    assert dates(link) == ("2021-01-28T10:00:00+03:00", "2021-02-01T09:00:00Z")


def test_relative_links_are_resolved_against_the_feeds_own_url() -> None:
    assert only(item("<link>../2021/pont</link>")).url == "https://www.tarn-courier.example/2021/pont"


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        (f"<guid>{ARTICLE}</guid>", ARTICLE),
        (f'<guid isPermaLink="true">{ARTICLE}</guid><title>x</title>', ARTICLE),
        (f'<guid isPermaLink="false">https://tarn.example/?p=1</guid><link>{ARTICLE}</link>', ARTICLE),
        (f"<guid>https://tarn.example/?p=1</guid><link>{ARTICLE}</link>", ARTICLE),
        (f"<link>{ARTICLE}</link><guid>https://tarn.example/?p=1</guid>", ARTICLE),
        (f'<f:origLink xmlns:f="http://rssnamespace.org/feedburner/ext/1.0">{ARTICLE}</f:origLink>'
         "<link>https://feeds.example/~r/1</link>", ARTICLE),
        (f'<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="alternate" type="text/plain" href="{ARTICLE}"/>',
         ARTICLE),
        (f"<link><![CDATA[ {ARTICLE}\n]]></link>", ARTICLE),
        (f"<link>{ARTICLE}?a=1&amp;b=2</link>", f"{ARTICLE}?a=1&b=2"),
    ],
)  # fmt: skip
def test_an_items_address_is_found(inside: str, url: str) -> None:
    assert only(item(inside)).url == url


@pytest.mark.parametrize(
    "inside",
    [
        '<guid isPermaLink="false">https://tarn.example/?p=1</guid>',
        "<guid>urn:uuid:60a76c80</guid>",
        "<link>file:///etc/passwd</link>",
        "<link>javascript:alert(1)</link>",
        "<title>no address</title>",
        '<enclosure url="https://tarn.example/a.mp3" type="audio/mpeg" length="1"/>',
    ],
)
def test_an_item_without_a_web_address_is_left_out(inside: str) -> None:
    assert read(item(inside)) == []


def test_other_vocabularies_do_not_replace_title_and_link() -> None:
    link = only(
        rss(
            f"<item><title>Le pont</title><link>{ARTICLE}</link>"
            '<media:content url="https://cdn.example/p.jpg"><media:title>Photo</media:title></media:content>'
            "<itunes:title>Podcast</itunes:title><source url='https://wire.example/rss'>Wire</source>"
            "<image><title>Logo</title><url>/logo.png</url><link>/logo</link></image></item>",
            'version="2.0" xmlns:media="http://search.yahoo.com/mrss/" '
            'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"',
        )
    )
    assert (link.url, link.evidence.title) == (ARTICLE, "Le pont")


WHOLE = "".join(f"<item><title>Tarn {n}</title><link>{ARTICLE}-{n}</link></item>" for n in range(3))


@pytest.mark.parametrize(
    "body",
    [
        rss(WHOLE + "<item><title>Arms & men <br> &nbsp; &eacute;</title></item>"),
        rss(WHOLE).removesuffix("</channel></rss>") + "<item><title>cut of",
        rss(WHOLE + "<item><title>&#xD800; &#0; &#99999999999; &#x110000;</title></item>"),
        rss(WHOLE + "<item><title>\0 \x0b \x1b[31m</title></item>"),
        rss(WHOLE + "<item><undeclared:name>x</undeclared:name></item>"),
        rss(WHOLE, head="<br />\n<b>Warning</b>: mail() in /srv/tarn.php<br />\n<?xml version='1.0'?>"),
        rss(WHOLE, head="\n\n \ufeff <?xml version='1.0'?>"),
        rss(WHOLE + "<item><description><![CDATA[<!DOCTYPE html><html><body>]]></description></item>"),
        rss(WHOLE).upper().replace("HTTPS://WWW.TARN-COURIER.EXAMPLE/2021/01/28/PONT", ARTICLE),
    ],
    ids=["html", "cut", "references", "controls", "prefix", "warning", "space", "cdata", "capitals"],
)  # fmt: skip
def test_a_flawed_feed_gives_its_whole_items(body: str) -> None:
    urls = [link.url for link in read(body)]
    assert urls == [f"{ARTICLE}-{n}" for n in range(3)]


def test_an_item_that_breaks_the_parser_costs_no_other_and_is_read_without_other_vocabularies() -> None:
    psc = '<psc:chapters xmlns:psc="http://podlove.org/simple-chapters" version="1.1"><psc:chapter/></psc:chapters>'
    listing = discover(
        page(rss(f"<item><link>/a</link></item><item><link>/b</link>{psc}</item>{WHOLE}")), UrlKind.FEED
    )
    assert [link.url.rpartition("/")[2] for link in listing.links] == ["a", "b", "pont-0", "pont-1", "pont-2"]
    assert not listing.account.unread


@pytest.mark.parametrize(
    ("title", "encoding", "declaration", "header"),
    [
        ("Мост в Тарне разрушен", "windows-1251", "windows-1251", "application/rss+xml"),
        ("Мост в Тарне разрушен", "windows-1251", "windows-1251", "text/xml; charset=utf-8"),
        ("Мост в Тарне разрушен", "koi8-r", "utf-8", "text/xml; charset=koi8-r"),
        ("Le pont détruit", "utf-8", "iso-8859-1", "text/xml; charset=iso-8859-1"),
        ("هجوم على قافلة قرب ويلمار", "utf-8-sig", "windows-1256", "text/xml"),
        ("هجوم على قافلة قرب ويلمار", "windows-1256", "windows-1256", "text/xml"),
        ("韦拉的大桥被毁", "utf-16", "utf-16", "text/xml"),
        ("韦拉的大桥被毁", "gb18030", "gb2312", "text/xml"),
        ("ניתוק הגשר", "utf-8", "utf-16", "text/html"),
    ],
)
def test_titles_in_any_encoding_are_read(title: str, encoding: str, declaration: str, header: str) -> None:
    head = f'<?xml version="1.0" encoding="{declaration}"?>\n'
    body = rss(f"<item><title>{title}</title><link>/a</link></item>", head=head).encode(encoding)
    assert only(body, content_type=header).evidence.title == title


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize("between", ["", "\n"])
def test_entity_bombs_do_not_go_off(between: str) -> None:
    laughs = f'<!DOCTYPE rss [{between}<!ENTITY l0 "ha">' + LAUGHS.replace("><", f">{between}<") + "]>"
    link = only(rss(f"<item><title>&l9;</title><link>{ARTICLE}</link></item>", head=laughs))
    assert link.url == ARTICLE
    assert len(link.evidence.title) < 10
    quadratic = f'<!DOCTYPE rss [{between}<!ENTITY a "{"A" * 50_000}">{between}]>'
    title = "&a;" * 20_000
    assert len(only(rss(f"<item><title>{title}</title><link>/a</link></item>", head=quadratic)).url) < 100


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret", encoding="utf-8")
    head = f'<!DOCTYPE rss [\n<!ENTITY s SYSTEM "{secret.as_uri()}">\n]>'
    assert (
        "secret" not in only(rss("<item><title>&s;</title><link>/a</link></item>", head=head)).evidence.title
    )


def test_a_body_is_never_taken_for_a_file_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = f"<feed>{ARTICLE.replace('/', '_')}"
    Path(name).write_text(item(f"<link>{ARTICLE}</link>"), encoding="utf-8")
    assert read(name) == []


def test_deep_nesting_is_harmless() -> None:
    assert read(item("<link>/a</link>").replace("</rss>", "<a>" * 10_000))[0].url.endswith("/a")


def test_a_json_feed_gives_its_items() -> None:
    items = [
        {"id": "1", "url": "/a", "title": "Велмар", "date_published": "2021-01-28T10:00:00+03:00",
         "date_modified": "2021-02-01", "content_html": "<html><rss >"},
        {"id": "2", "external_url": "https://tarn.example/b", "title": None, "date_published": 7},
        {"id": ARTICLE, "title": "half \ud83d"},
        {"id": "4"}, "no item", None,
    ]  # fmt: skip
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Tarn", "items": items})
    links = read(body, content_type="application/feed+json")
    assert [link.url for link in links] == [
        "https://www.tarn-courier.example/a", "https://tarn.example/b", ARTICLE,
    ]  # fmt: skip
    assert links[0].evidence.title == "Велмар"
    assert dates(links[0]) == ("2021-01-28T10:00:00+03:00", "2021-02-01")
    assert (links[1].evidence.title, dates(links[1])) == ("", ("", ""))
    assert links[2].evidence.title == "half"


@pytest.mark.parametrize("body", ['{"items": {}}', '{"items": [', '{"a":' * 100_000, "{}"])
def test_json_that_is_no_feed_is_refused(body: str) -> None:
    with pytest.raises(ContentError):
        read(body)


def test_an_empty_feed_gives_no_links() -> None:
    assert read(rss("")) == []
    assert read('{"version": "https://jsonfeed.org/version/1", "items": []}') == []
