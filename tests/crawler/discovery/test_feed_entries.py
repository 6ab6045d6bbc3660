"""Which address an entry of a feed has, by its specification; and what is left of feeds that are cut or mixed."""

import sys

import pytest

from crawler.discovery import Dropped, Listing, NotAListing, discover
from crawler.items import UrlKind
from tests.support.listings import page

URL = "https://orla.example/2024/moyo"
ATOM = 'xmlns:a="http://www.w3.org/2005/Atom"'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'


def read(body: str, kind: UrlKind = UrlKind.FEED) -> Listing:
    return discover(page(body, "https://feeds.example/orla/news.xml"), kind)


def rss(
    items: str, attributes: str = f"{ATOM} {MEDIA}", channel: str = "<title>Orla</title>", head: str = ""
) -> str:
    return f'{head}<rss version="2.0" {attributes}><channel>{channel}{items}</channel></rss>'


def item(inside: str, **more: str) -> str:
    return rss(f"<item><title>Moyo</title>{inside}</item>", **more)


def urls(body: str) -> list[str]:
    return [link.url for link in read(body).links]


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        (f"<guid>{URL}</guid>", URL),
        (f'<guid isPermaLink="true">{URL}</guid>', URL),
        (f"<guid ISPERMALINK='TRUE'>{URL}</guid>", URL),
        (f"<link></link><guid>{URL}</guid>", URL),
        (f"<guid>{URL}</guid><link/>", URL),
        (f"<link>{URL}</link><guid>https://orla.example/?p=7</guid>", URL),
        (f"<link>{URL}</link><link>https://other.example/</link>", URL),
        (f'<a:link href="{URL}"/>', URL),
        (f'<a:link rel="alternate" href="{URL}"/><a:link rel="self" href="/x"/>', URL),
        (f'<a:link rel="self" href="{URL}"/>', URL),
        (f'<enclosure url="{URL}.mp3" type="audio/mpeg" length="1"/><a:link href="{URL}"/>', URL),
        (f'<link href="{URL}"/>', URL),
        (f"<feedburner:origLink>{URL}</feedburner:origLink><link>https://feedproxy.example/~r/7</link>", URL),
        (f"<link>\n  <![CDATA[ {URL} ]]>\n</link>", URL),
        (f"<link>{URL}?a=1&amp;amp;b=2&amp;copy=3</link>", f"{URL}?a=1&b=2&copy=3"),
        (
            f'<link>{URL}</link><description><![CDATA[{{"@type": "NewsArticle", "url": "/json"}}]]></description>',
            URL,
        ),
        ("<link>www.orla.example/2024/a</link>", "https://www.orla.example/2024/a"),
        ("<link>feeds.example/2024/a</link>", "https://feeds.example/2024/a"),
        ("<link>//orla.example/a</link>", "https://orla.example/a"),
    ],
)
def test_the_address_of_an_item(inside: str, url: str) -> None:
    assert urls(item(inside)) == [url]


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        (f'<guid isPermaLink="false">{URL}</guid>', "without an address"),
        (f"<link/><guid isPermaLink = 'False'>{URL}</guid>", "without an address"),
        ("<guid>moyo-7</guid>", "without an address"),
        (f'<enclosure url="{URL}.mp3" type="audio/mpeg" length="1"/>', "without an address"),
        (f'<media:content url="{URL}.jpg"/><media:thumbnail url="{URL}.jpg"/>', "without an address"),
        (f'<a:link rel="enclosure" href="{URL}.mp3"/><comments>{URL}#c</comments>', "without an address"),
        ("<link>javascript:alert(1)</link>", "whose address is not http(s)"),
        (f'<link>{{"url": "{URL}"}}</link>', "whose address is not http(s)"),
        ("<link>https://orla.example/jos\ufffd</link>", "whose address is damaged"),
        (f"<link>{URL}{'a' * 70_000}</link>", Dropped.TOO_LONG),
    ],
)
def test_an_item_without_an_address_is_counted_by_its_reason(inside: str, why: str) -> None:
    account = read(rss(f"<item>{inside}</item><item><link>{URL}</link></item>")).account
    assert (account.links, account.entries) == (1, 2)
    assert account.dropped == {why: 1}


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (item("<link>2024/a</link>"), "https://feeds.example/orla/2024/a"),
        (item("<link>2024/a</link>", channel="<link>https://orla.example/fr/</link>"), "https://orla.example/fr/2024/a"),
        (item("<link>2024/a</link>", channel="<link><![CDATA[https://orla.example/]]></link>"),
         "https://orla.example/2024/a"),
        (item("<link>2024/a</link>", channel="<link>https://orla.example/</link>", attributes='xml:base="https://b.example/c/"'),
         "https://b.example/c/2024/a"),
        (item("<link>2024/a</link>", attributes='xml:base="/c/"'), "https://feeds.example/c/2024/a"),
        (item('<a:link xml:base="https://b.example/" href="2024/a"/>'), "https://b.example/2024/a"),
        ('<feed xmlns="http://www.w3.org/2005/Atom" xml:base="x/"><link href="https://orla.example/"/>'
         '<entry xml:base="y/"><link href="a"/></entry></feed>', "https://feeds.example/orla/x/y/a"),
    ],
)  # fmt: skip
def test_relative_addresses_are_those_of_xml_base_or_the_site_or_the_feed(body: str, url: str) -> None:
    assert urls(body) == [url]


ITEMS = "".join(f"<item><title>{n}</title><link>{URL}-{n}</link></item>" for n in range(3))
ENTRY = f'<a:entry><a:title>e</a:title><a:link href="{URL}-e"/></a:entry>'


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (rss(ITEMS + ENTRY), "012e"),
        (rss(ENTRY), "e"),
        (rss(f'<entry><title>e</title><link href="{URL}-e"/></entry>'), "e"),
        (f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="{URL}-e"/></entry>{ITEMS}</feed>', "e012"),
        (f"<rss version='2.0'>{ITEMS}</rss>", "012"),
        (f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
         f'<channel><items><rdf:Seq><rdf:li resource="{URL}-9"/></rdf:Seq></items></channel>{ITEMS}'
         f'<item rdf:about="{URL}-e"><title>e</title></item></rdf:RDF>', "012e"),
        (rss(ITEMS.replace("</item>", "", 1)), "012"),
        (rss("<item><title>odd</link></item>" + ITEMS), "012"),
        (rss(f"<item><link>&site;-e</link></item>{ITEMS}", head=f'<!DOCTYPE rss [<!ENTITY site "{URL}">]>'), "e012"),
    ],
)  # fmt: skip
def test_formats_within_formats_and_items_without_their_end_are_read(body: str, names: str) -> None:
    listing = read(body)
    assert [link.url for link in listing.links] == [f"{URL}-{name}" for name in names]
    assert not listing.account.unread


@pytest.mark.parametrize(
    ("end", "count", "clause"),
    [
        (-len("</rss>"), 3, None),
        (-len("</channel></rss>"), 3, "it ends before its end tag"),
        (-len("</item></channel></rss>"), 2, "it ends within an entry"),
        (-len("2</link></item></channel></rss>"), 2, "it ends within an entry"),
        (-len("-2</link></item></channel></rss>") - 9, 2, "it ends within an entry"),
        (rss(ITEMS).index("<item>"), 0, "it ends before its end tag"),
        (rss(ITEMS).index("<item>") - 20, 0, "it ends before its end tag"),
    ],
)
def test_of_a_feed_that_is_cut_the_whole_items_are_read_and_no_half_address(
    end: int, count: int, clause: str | None
) -> None:
    listing = read(rss(ITEMS)[:end])
    assert [link.url for link in listing.links] == [f"{URL}-{n}" for n in range(count)]
    assert listing.account.unread == ((clause,) if clause else ())


@pytest.mark.parametrize(
    "body", [rss(""), "<rss version='2.0'/>", "<feed xmlns='http://www.w3.org/2005/Atom'></feed>"]
)
def test_an_empty_feed_is_whole(body: str) -> None:
    account = read(body).account
    assert (account.entries, account.unread) == (0, ())


def test_a_feed_that_is_too_long_is_read_to_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[discover.__module__], "MAX_BYTES", 2**20)
    listing = read(rss(f"{ITEMS}<!--{'x' * 2**20}-->{ENTRY}"))
    assert len(listing.links) == 3
    assert listing.account.unread == ("it is longer than 1 MiB",)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            "<opml version='2.0'><body><outline xmlUrl='/rss'/></body></opml>",
            "an OPML list of feeds where a feed was",
        ),
        (
            "<html><head><link rel='alternate' hreflang='fr' href='/fr'></head>",
            "a web page where a feed was expected",
        ),
        ('{"error": 404}', "a JSON document that is no feed where a feed was expected"),
        ("<?xml version='1.0'?><error/>", "something else where a feed was expected"),
    ],
)
def test_what_is_no_feed_is_refused_by_name(body: str, sentence: str) -> None:
    with pytest.raises(NotAListing, match=sentence):
        read(body)


def test_the_feeds_that_a_page_names_are_read_instead_of_it() -> None:
    kind = 'rel="alternate" type="application/rss+xml"'
    body = (
        f'<html><head><base href="/fr/"><link {kind} href="rss.xml" title="Orla"><link {kind} href="/comments/feed">'
        '<link rel="ALTERNATE home" type="application/atom+xml; charset=utf-8" href="/atom">'
        f'<link {kind} href="https://elsewhere.example/rss"><link rel="stylesheet" href="/a.css"></head></html>'
    )
    listing = read(body)
    assert [(link.url, link.kind) for link in listing.links] == [
        ("https://feeds.example/fr/rss.xml", UrlKind.FEED),
        ("https://feeds.example/atom", UrlKind.FEED),
    ]
    [clause] = listing.account.unread
    assert "a web page where a feed was expected" in clause
    assert read(body, UrlKind.SECTION).links == []


ENTRIES = [
    f"<item><title>Moyo {number}</title><link>/2024/{number}</link><dc:date>2024-01-0{number}</dc:date></item>"
    for number in range(1, 8)
]
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
RDF = (
    f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {DC}>'
    "<channel><title>Orla</title></channel>"
)
ATOM_ENTRIES = "".join(
    f'<entry><title>Moyo {number}</title><link href="{number}"/><updated>2024-01-0{number}</updated></entry>'
    for number in range(1, 8)
)


@pytest.mark.parametrize(
    "body",
    [
        rss("".join(ENTRIES), attributes=DC),
        rss("\n<!-- new -->\n".join(ENTRIES), attributes=DC, channel="<link>https://orla.example/</link>"),
        rss("".join(ENTRIES[:-1]) + "<item><title>Moyo 7</title>" * 2, attributes=DC),
        rss("".join([*ENTRIES[:4], "<item><link>http://[</link></item>", *ENTRIES[4:]]), attributes=DC),
        f"{RDF}{''.join(ENTRIES)}</rdf:RDF>",
        f"{RDF}{''.join(ENTRIES)}",
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://orla.example/2024/">{ATOM_ENTRIES}</feed>',
    ],
)
@pytest.mark.parametrize("part", [1, 3, 6])
def test_a_long_feed_is_read_part_by_part_as_if_at_once(
    monkeypatch: pytest.MonkeyPatch, body: str, part: int
) -> None:
    whole = read(body)
    monkeypatch.setattr("crawler.discovery.feeds.PART", part)
    assert read(body) == whole
    assert len(whole.links) >= 6


LEFT_OPEN = ("<source>", "<source url='/other'>", "<textInput><title>", "<image>", "<author>", "<title>")


@pytest.mark.parametrize("left_open", LEFT_OPEN)
@pytest.mark.parametrize("at", [0, 1, 3])
@pytest.mark.parametrize("part", [2, 100])
def test_an_element_that_is_left_open_costs_no_entry_after_it(
    monkeypatch: pytest.MonkeyPatch, left_open: str, at: int, part: int
) -> None:
    monkeypatch.setattr("crawler.discovery.feeds.PART", part)
    entries = [f"<item><title>Паром {n}</title><link>/{n}</link>" for n in range(4)]
    entries[at] += left_open
    listing = read(rss("".join(f"{each}</item>" for each in entries)))
    assert [link.url.rpartition("/")[2] for link in listing.links] == ["0", "1", "2", "3"]
    titles = [link.evidence.title for link in listing.links]
    assert [n for n in range(4) if n != at and titles[n] != f"Паром {n}"] == []


BREAKS = (
    '<psc:chapters xmlns:psc="http://podlove.org/simple-chapters" version="1.1"><psc:chapter/></psc:chapters>'
)


@pytest.mark.parametrize(
    ("most", "part", "names"),
    [(9, 100, "012345"), (6, 100, "012345"), (4, 100, "0123"), (4, 2, "0123"), (3, 2, "012"), (0, 2, "")],
)
def test_entries_that_break_the_parser_are_read_one_by_one_up_to_a_limit_and_the_rest_is_told(
    monkeypatch: pytest.MonkeyPatch, most: int, part: int, names: str
) -> None:
    monkeypatch.setattr("crawler.discovery.feeds.MOST_ALONE", most)
    monkeypatch.setattr("crawler.discovery.feeds.PART", part)
    listing = read(rss("".join(f"<item><link>/{n}</link>{BREAKS}</item>" for n in range(6))))
    assert [link.url[-1] for link in listing.links] == list(names)
    left = 6 - len(names)
    clause = f"it has {left} {'entry' if left == 1 else 'entries'} that cannot be read"
    assert (clause in listing.account.unread) is bool(left)


def test_what_was_read_of_all_entries_is_not_given_up_for_fewer_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("crawler.discovery.feeds.MOST_ALONE", 1)
    entries = [f"<item><link>/{n}</link>{'<description>&lt;' if n == 1 else ''}</item>" for n in range(4)]
    assert [link.url[-1] for link in read(rss("".join(entries))).links] == ["0", "1"]


@pytest.mark.parametrize("site", ["", "<link>https://orla.example/x/</link>"])
def test_the_addresses_of_atom_go_on_from_the_feed_whatever_site_it_names(site: str) -> None:
    body = f'<feed xmlns="http://www.w3.org/2005/Atom">{site}<entry><link href="a"/></entry></feed>'
    assert urls(body) == ["https://feeds.example/orla/a"]


@pytest.mark.parametrize(
    ("body", "dates"),
    [
        (item("<link>/a</link><dc:date>2021-01-28</dc:date>", attributes=DC), ("2021-01-28", "")),
        (
            '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"><entry>'
            '<link href="/a"/><dc:date>2021-01-28</dc:date></entry></feed>',
            ("", "2021-01-28"),
        ),
    ],
)
def test_a_date_of_dublin_core_is_that_of_publication_in_rss_alone(body: str, dates: tuple[str, str]) -> None:
    [link] = read(body).links
    assert (link.evidence.published, link.evidence.modified) == dates
