import pytest
from hypothesis import given

from crawler.discovery.links import (
    MAX_TEXT_CHARS,
    Dropped,
    Entry,
    Reading,
    as_meant,
    both_ends,
    clean_text,
    collect,
    make_link,
    without,
)
from crawler.http.standard_urls import MAX_URL_CHARS
from crawler.items import Discovery, Evidence, Link, UrlKind
from tests.support.listings import HOSTILE, START, URL, page

LOST = (Dropped.NO_ADDRESS, Dropped.NO_WEB, Dropped.TOO_LONG)


@given(HOSTILE)
def test_text_is_one_clean_line_that_can_be_written(text: str) -> None:
    line = clean_text(text)
    assert clean_text(line) == line == " ".join(line.split())
    assert len(line) <= MAX_TEXT_CHARS
    assert line.isprintable() or line.encode()


def test_long_runs_of_white_space_cost_no_time() -> None:
    assert clean_text("a" + " " * 1_000_000 + "b") == "a b"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("a" * (MAX_TEXT_CHARS - 1) + " bc", "a" * (MAX_TEXT_CHARS - 1)),
        ("a" * (MAX_TEXT_CHARS + 1), "a" * MAX_TEXT_CHARS),
        ("Le\x00pont\u2028de\x9fTarn", "Le pont de Tarn"),
        ("Le \ud83dpont", "Le pont"),
        ("\ud83d", ""),
    ],
)
def test_a_title_is_cut_and_cleaned(text: str, clean: str) -> None:
    assert clean_text(text) == clean


def test_a_link_inherits_the_source_and_nothing_else() -> None:
    link = make_link(
        page(""),
        "/a",
        Discovery.FEED,
        title=" Le  pont ",
        published="\x002021-01-28 ",
        modified=" 2021-02-02\n",
    )
    expected = Evidence(
        source=START.source,
        how=Discovery.FEED,
        via=URL,
        zone=START.zone,
        language=START.language,
        title="Le pont",
        published="2021-01-28",
        modified="2021-02-02",
    )
    assert link == Link("https://www.tarn-courier.example/a", UrlKind.ARTICLE, expected)


def test_each_url_is_given_once_and_every_other_entry_is_counted() -> None:
    raw = page("")
    entries = [
        make_link(raw, url, Discovery.FEED, title=url) for url in ("/a", "/a#1", "", "mailto:a@b", URL, "/b")
    ]
    entries.append(Dropped.NO_ARTICLE)
    listing = collect(raw, Reading("RSS feed", entries))
    assert [link.url.removeprefix("https://www.tarn-courier.example") for link in listing.links] == [
        "/a",
        "/b",
    ]
    assert listing.links[0].evidence.title == "/a"
    account = listing.account
    assert account.dropped == {
        Dropped.REPEATED: 1, Dropped.NO_ADDRESS: 1, Dropped.NO_WEB: 1, Dropped.ITSELF: 1, Dropped.NO_ARTICLE: 1,
    }  # fmt: skip
    assert account.entries == len(entries) == account.links + sum(account.dropped.values())
    assert not account.unread


@pytest.mark.parametrize(
    ("count", "most", "kept"),
    [(0, 4, []), (4, 4, [0, 1, 2, 3]), (5, 4, [0, 1, 3, 4]), (9, 4, [0, 1, 7, 8]), (7, 3, [0, 1, 6])],
)
def test_of_too_many_items_those_at_both_ends_are_kept(count: int, most: int, kept: list[int]) -> None:
    items = list(both_ends(range(count), most))
    assert [item for item in items if not isinstance(item, Dropped)] == kept
    assert items.count(Dropped.OVER_LIMIT) == count - len(kept)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", Dropped.NO_ADDRESS),
        (" \n", Dropped.NO_ADDRESS),
        ("mailto:desk@tarn.example", Dropped.NO_WEB),
        ("file:///etc/passwd", Dropped.NO_WEB),
        ("https://tarn.example/jos\ufffd", Dropped.DAMAGED),
        ("mailto:".ljust(MAX_URL_CHARS, "a"), Dropped.NO_WEB),
        ("mailto:".ljust(MAX_URL_CHARS + 1, "a"), Dropped.TOO_LONG),
        ('{"url": "/a"}', Dropped.NO_WEB),
        ("<b>/a</b>", Dropped.NO_WEB),
    ],
)
def test_what_is_not_followed_has_a_reason(url: str, why: Dropped) -> None:
    assert make_link(page(""), url, Discovery.SITEMAP) is why


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (" /a?x=1&amp;y=2&#38;z=3&#x26;w=4 ", "/a?x=1&y=2&z=3&w=4"),
        ("tarn-courier.example/a", "https://tarn-courier.example/a"),
        ("tarn-courier.example", "https://tarn-courier.example"),
        ("news.tarn-courier.example:8443/a", "news.tarn-courier.example:8443/a"),
        ("www.elsewhere.example/a", "https://www.elsewhere.example/a"),
        ("WWW.elsewhere.example/a", "https://WWW.elsewhere.example/a"),
        ("elsewhere.example/a", "elsewhere.example/a"),  # a folder with a dot
        ("2021.01/a", "2021.01/a"),
        ("https://tarn.example/{a}", "https://tarn.example/{a}"),
        ("/a{b}", "data:/a{b}"),
    ],
)
def test_an_address_of_a_feed_is_what_its_author_meant(written: str, meant: str) -> None:
    assert as_meant(page(""), written) == meant


def test_a_host_without_a_scheme_has_that_of_the_listing() -> None:
    raw = page("", URL.replace("https:", "http:"))
    assert as_meant(raw, "www.tarn-courier.example/a") == "http://www.tarn-courier.example/a"


def test_an_address_of_a_web_page_is_what_it_is_to_browsers() -> None:
    link = make_link(page(""), "https://www.tarn-courier.example/a?x=1&amp;y=2", Discovery.SECTION)
    assert isinstance(link, Link)
    assert link.url.endswith("/a?x=1&amp;y=2")


def test_relative_addresses_go_on_from_the_base_or_the_page() -> None:
    bases = {"": URL, "https://tarn.example/x/": "https://tarn.example/x/"}
    for base, begin in bases.items():
        link = make_link(page(""), "a", Discovery.FEED, base=base)
        assert isinstance(link, Link)
        assert link.url == f"{begin}a"


@pytest.mark.parametrize(
    ("dropped", "links", "clauses"),
    [
        ([Dropped.OVER_LIMIT], 1, ["it has 1 entry over the limit"]),
        ([Dropped.OVER_LIMIT] * 2, 1, ["it has 2 entries over the limit"]),
        ([Dropped.CUT], 1, ["it ends within an entry"]),
        ([Dropped.UNREADABLE, Dropped.DAMAGED], 1, ["it has 2 entries that cannot be read"]),
        ([Dropped.DAMAGED], 0, ["it has 1 entry that cannot be read"]),
        *(([each], 0, ["none of its entries has an address that can be followed"]) for each in LOST),
        *(([each], 1, []) for each in LOST),
        *(
            ([each], 0, [])
            for each in (Dropped.REPEATED, Dropped.ITSELF, Dropped.ELSEWHERE, Dropped.NO_ARTICLE)
        ),
    ],
)
def test_what_the_sums_say_of_a_listing(dropped: list[Dropped], links: int, clauses: list[str]) -> None:
    raw = page("")
    entries: list[Entry] = [make_link(raw, f"/{number}", Discovery.FEED) for number in range(links)]
    listing = collect(raw, Reading("RSS feed", [*entries, *dropped], ["it is damaged"]))
    assert listing.account.unread == ("it is damaged", *clauses)


def test_of_more_links_than_a_page_may_have_the_first_are_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.discovery.links.MAX_LINKS", 2)
    raw = page("")
    entries = [make_link(raw, url, Discovery.FEED) for url in ("/a", "/b", "/c", "/b", URL)]
    listing = collect(raw, Reading("RSS feed", entries))
    assert len(listing.links) == listing.account.links == 2
    assert listing.account.dropped == {Dropped.OVER_LIMIT: 1, Dropped.REPEATED: 1, Dropped.ITSELF: 1}


def test_links_that_are_taken_out_are_counted_with_those_that_were_not_followed() -> None:
    raw = page("")
    entries = [make_link(raw, url, Discovery.FEED) for url in ("/a", "/b", "/c", "")]
    listing = collect(raw, Reading("sitemap", entries, ["it is damaged"]))
    left = without(listing, listing.links[:2], Dropped.TOO_DEEP, "it has listings too deep")
    assert left.links == listing.links[2:]
    assert left.account.dropped == {Dropped.NO_ADDRESS: 1, Dropped.TOO_DEEP: 2}
    assert (left.account.links, left.account.entries) == (1, listing.account.entries)
    assert left.account.unread == ("it is damaged", "it has listings too deep")
    assert without(listing, [], Dropped.TOO_DEEP, "nothing") is listing
