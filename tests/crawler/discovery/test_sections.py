import pytest
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.discovery import discover
from crawler.discovery.sections import MOST_FEEDS, named_feeds
from crawler.items import Link, UrlKind
from tests.support.listings import START, URL, page


def read(body: str | bytes, url: str = URL, **headers: str) -> list[Link]:
    return discover(page(body, url, **headers), UrlKind.SECTION).links


def html(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>Monde</title>{head}</head><body>{body}</body></html>"


def card(number: int, text: str) -> str:
    path = f"/2021/01/28/article-{number}/"
    picture, more = f'<a href="{path}"><img src="/p.jpg" alt=""></a>', f'<a href="{path}">…</a>'
    return f'{picture}<h2><a href="{path}#top">\n {text} </a></h2>{more}'


def test_a_section_page_gives_its_articles_in_order_with_their_headlines() -> None:
    texts = ["Le pont de <b>Tarn</b>", "هجوم على قافلة", "Мост разрушен", "韦拉的大桥被毁"]
    links = read(html("<nav><a href='/tag/x'>x</a></nav>" + "".join(map(card, range(4), texts))))
    assert [link.url for link in links] == [
        f"https://www.tarn-courier.example/2021/01/28/article-{number}/" for number in range(4)
    ]
    assert [link.evidence.title for link in links] == ["Le pont de Tarn", *texts[1:]]
    evidence = links[0].evidence
    assert (evidence.how, evidence.via, evidence.source, evidence.published, evidence.modified) == (
        "section", URL, START.source, "", "",
    )  # fmt: skip


@pytest.mark.parametrize(
    "href",
    [
        "https://elsewhere.example/2021/01/28/a-bridge-is-down",
        "https://www.tarn-courier.example.evil.example/2021/01/28/a-bridge",
        "https://tarn-courier.example:8443/2021/01/28/a-bridge",
        "mailto:desk@tarn-courier.example",
        "javascript:open('/2021/01/28/a-bridge')",
        "/wp-content/uploads/2021/01/28/a-bridge.jpg",
        "#2021/01/28/a-bridge",
        "http://[/2021/01/28/a-bridge",
        "",
    ],
)
def test_other_sites_and_files_are_left_out(href: str) -> None:
    assert read(html(f'<a href="{href}">A bridge is down near Tarn</a><a>no address</a>')) == []


def test_links_are_resolved_against_the_base_element() -> None:
    link = '<a href="2021/01/28/pont">Le pont</a>'
    assert (
        read(html(link, '<base href="/en/">'))[0].url == "https://www.tarn-courier.example/en/2021/01/28/pont"
    )
    for base in ("http://[", "javascript:", ""):
        (found,) = read(html(link, f'<base href="{base}">'))
        assert found.url == "https://www.tarn-courier.example/world/2021/01/28/pont"
    assert read(html(link, '<base href="https://elsewhere.example/">')) == []


def test_labels_of_encoding_are_kept() -> None:
    body = html(card(1, "Мост в Тарне разрушен")).encode("windows-1251")
    (link,) = read(body, content_type="text/html; charset=windows-1251")
    assert link.evidence.title == "Мост в Тарне разрушен"


@pytest.mark.parametrize(
    "body", ["<div>" * 50_000, "<a href='/2021/01/28/x'>" * 20_000, "<a " + "x='" * 50_000]
)
def test_deep_and_endless_pages_are_cut(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    trees = []

    def parse(markup: bytes, parser: HTMLParser) -> HtmlElement:
        trees.append(document_fromstring(markup, parser=parser))
        return trees[-1]

    monkeypatch.setattr("crawler.discovery.sections.document_fromstring", parse)
    assert len(read(html(body))) <= 1
    assert max(len(list(element.iterancestors())) for tree in trees for element in tree.iter()) <= 256


def test_what_stands_behind_a_nul_is_read() -> None:
    assert len(read(html(f"<p>\0</p>{card(1, 'Le pont')}\0{card(2, 'Le moulin')}"))) == 2


def test_an_empty_page_gives_no_links() -> None:
    assert read("<html>\0</html>") == read("<html><!-- nothing --></html>") == []


def test_links_that_are_not_followed_are_counted_by_their_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = "".join(f'<a href="https://elsewhere.example/2021/01/28/a-{n}">x</a>' for n in range(3))
    body = html(
        card(1, "Le pont")
        + card(1, "Le pont")
        + elsewhere
        + '<a href="/tag/x">x</a><a href="mailto:a@b">x</a>'
    )
    account = discover(page(body), UrlKind.SECTION).account
    assert (account.form, account.links, account.unread) == ("section page", 1, ())
    assert account.dropped == {"on other sites": 3, "that look like no article": 1}
    monkeypatch.setattr("crawler.discovery.sections.MAX_SECTION_LINKS", 2)
    account = discover(page(body), UrlKind.SECTION).account
    assert account.entries == 5
    assert account.unread == ("it has 3 entries over the limit",)


def test_a_link_has_its_longest_text_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.discovery.sections.MAX_SECTION_LINKS", 2)
    paths = [
        "/2021/01/28/a-1/",
        "/2021/01/28/b-2/",
        "/2021/01/28/c-3/",
        "/2021/01/28/a-1/",
        "/2021/01/28/b-2/",
    ]
    texts = ["zzz", "Le pont de Tarn", "Le moulin", "Le pont de Varosk", "zz"]
    body = "".join(f'<a href="{path}">{text}</a>' for path, text in zip(paths, texts, strict=True))
    assert [link.evidence.title for link in read(html(body))] == ["Le pont de Varosk", "Le pont de Tarn"]


RSS, OURS = "application/rss+xml", "https://www.tarn-courier.example"


@pytest.mark.parametrize(
    ("element", "is_named"),
    [
        (f'rel="alternate" type="{RSS}" href="/feed"', True),
        (f'rel="ALTERNATE nofollow" type="{RSS}" href="/feed"', True),
        ('rel="alternate" type="Application/Atom+XML; charset=utf-8" href="/feed"', True),
        ('rel="alternate" type=" application/feed+json " href="/feed"', True),
        ('rel="alternate" type="application/rdf+xml" href="/feed"', True),
        ('rel="alternate" type="text/html" href="/feed"', False),
        ('rel="alternate" href="/feed"', False),
        (f'rel="stylesheet" type="{RSS}" href="/feed"', False),
        (f'type="{RSS}" href="/feed"', False),
        (f'rel="alternate" type="{RSS}" href="/Comments/feed"', False),
        (f'rel="alternate" type="{RSS}" href="/feed" title="Tarn » Comments"', False),
        (f'rel="alternate" type="{RSS}" href="https://elsewhere.example/feed"', False),
        (f'rel="alternate" type="{RSS}"', False),
    ],
)
def test_a_page_names_its_own_feeds(element: str, is_named: bool) -> None:
    links = named_feeds(page(""), html("", f"<link {element}>"))
    assert [(link.url, link.kind) for link in links] == [(f"{OURS}/feed", UrlKind.FEED)] * is_named


def test_feeds_of_a_page_go_on_from_its_base_and_are_few() -> None:
    feeds = "".join(
        f'<link rel="alternate" type="{RSS}" href="{number}">' for number in range(MOST_FEEDS + 1)
    )
    links = named_feeds(page(""), html("", f'<base href="/en/">{feeds}'))
    assert [link.url for link in links] == [f"{OURS}/en/{number}" for number in range(MOST_FEEDS)]
    assert named_feeds(page(""), "<html></html>") == named_feeds(page(""), "") == []
