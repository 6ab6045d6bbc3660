"""An index of captures is read row by row, whatever is wrong with some of them."""

import gzip
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.discovery import NotAListing
from crawler.http.url_identity import url_key
from crawler.http.web_copies import copy_of
from crawler.items import Discovery, Evidence, RawPage, UrlKind
from crawler.past.period import Period
from crawler.past.publishers import Publisher, Publishers
from crawler.past.way import Task
from crawler.past.wayback import ROWS, WAYBACK, read_cdx
from crawler.sources.source import Source

TARN = Publisher.of(Source(id="tarn", name="Tarn", homepage="https://www.tarn.example/", languages=("fr",)))
TASK = Task(
    Period(((date(2021, 1, 1), date(2021, 1, 31)),)), (TARN,), {"wayback": "https://web.example"}, 30, 1024
)
HEADER = '["timestamp","original","mimetype","statuscode"]'
FERRY = '["20210104101500","http://www.tarn.example:80/2021/01/04/ferry-sinks","text/html","200"]'
KURUN = '["20210105101500","https://tarn.example/kurun-ye-jii-la-bi?id=4711023","text/html","200"]'


def page(*lines: str, body: bytes | None = None) -> RawPage:
    [first] = WAYBACK.links(TASK)
    body = f"[{','.join(lines)}]".encode() if body is None else body
    return RawPage(first.url, body, {}, datetime(2026, 11, 30, tzinfo=UTC), first.evidence)


def test_the_index_is_asked_for_the_oldest_capture_of_each_page_in_the_period() -> None:
    [first] = WAYBACK.links(TASK)
    assert (first.kind, first.evidence.source, first.evidence.period) == (
        UrlKind.CDX,
        "tarn",
        "2021-01-01/2021-01-31",
    )
    query = parse_qs(urlsplit(first.url).query)
    assert (query["url"], query["matchType"], query["collapse"]) == (["tarn.example"], ["domain"], ["urlkey"])
    assert (query["from"], query["to"], query["limit"]) == (["20210101"], ["20210201"], [str(ROWS)])
    assert query["filter"] == ["statuscode:200", "mimetype:text/html"]


def test_a_publisher_that_has_a_part_of_a_site_is_asked_for_by_its_path() -> None:
    part = Publisher.of(Source(id="bm", name="Tarn", homepage="https://www.tarn.example/bm/"))
    [link] = WAYBACK.links(replace(TASK, publishers=(part,)))
    query = parse_qs(urlsplit(link.url).query)
    assert (query["url"], query["matchType"]) == (["tarn.example/bm"], ["prefix"])


def test_a_row_becomes_a_link_to_the_copy_of_its_page() -> None:
    listing = read_cdx(page(HEADER, FERRY, KURUN), Publishers())
    ferry, kurun = listing.links
    assert ferry.url == "http://www.tarn.example/2021/01/04/ferry-sinks"
    assert ferry.evidence.copy == f"https://web.example/web/20210104101500id_/{ferry.url}"
    assert (ferry.evidence.how, ferry.evidence.origin) == (Discovery.WAYBACK, "wayback")
    copy = copy_of(kurun.evidence.copy)
    assert copy is not None
    assert copy == (kurun.url, datetime(2021, 1, 5, 10, 15, tzinfo=UTC))
    assert url_key(kurun.evidence.copy) == url_key(kurun.url)


def test_the_key_at_the_end_leads_to_the_next_page() -> None:
    listing = read_cdx(page(HEADER, FERRY, "[]", '["org%2Ctarn%29%2F+20210104%21"]'), Publishers())
    following = listing.links[-1]
    assert following.kind is UrlKind.CDX
    assert parse_qs(urlsplit(following.url).query)["resumeKey"] == ["org,tarn)/ 20210104!"]
    again = replace(page(HEADER, FERRY, "[]", '["next%21"]'), url=following.url)
    assert read_cdx(again, Publishers()).links[-1].url.count("resumeKey") == 1


@pytest.mark.parametrize(
    "row",
    [
        '["20210104","http://tarn.example/ferry","text/html","200"]',
        '["20211304101500","http://tarn.example/ferry","text/html","200"]',
        '["20210104101500","http://tarn.example/ferry"]',
        '["20210104101500",17,"text/html","200"]',
        '["two words"]',
        "null",
    ],
)
def test_a_broken_row_costs_no_other(row: str) -> None:
    listing = read_cdx(page(HEADER, FERRY, row, KURUN), Publishers())
    assert len(listing.links) == 2
    assert listing.account.unread == ("it has 1 entry that cannot be read",)


def test_what_is_no_article_is_not_fetched() -> None:
    rows = [
        '["20210104101500","http://tarn.example/","text/html","200"]',
        '["20210104101500","http://tarn.example/tag/ferry","text/html","200"]',
        '["20210104101500","http://tarn.example/2021/01/04/ferry.jpg","image/jpeg","200"]',
    ]
    listing = read_cdx(page(HEADER, *rows), Publishers())
    assert (listing.links, listing.account.dropped) == ([], {"that look like no article": 3})


def test_an_index_that_is_cut_gives_its_whole_rows_and_says_so() -> None:
    body = gzip.compress(f"[{HEADER},{FERRY},{KURUN[:40]}".encode())
    listing = read_cdx(page(body=body), Publishers())
    assert len(listing.links) == 1
    assert "it ends before its end" in listing.account.unread


@pytest.mark.parametrize("body", [b"", b"[]\n"])
def test_a_publisher_may_have_no_capture(body: bytes) -> None:
    listing = read_cdx(page(body=body), Publishers())
    assert (listing.links, listing.account.unread) == ([], ())


def test_a_page_for_people_is_no_index() -> None:
    with pytest.raises(NotAListing):
        read_cdx(page(body=b"<html><title>Temporarily Offline</title>"), Publishers())


def test_an_address_of_something_else_is_no_copy() -> None:
    assert copy_of("https://web.example/web/20210104101500/http://tarn.example/") is None
    assert copy_of("https://web.example/web/20211304101500id_/http://tarn.example/") is None
    assert Evidence.of({"origin": "somebody"}).origin == ""
