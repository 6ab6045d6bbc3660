"""What becomes of a URL whose request is over: it ends once, and keeps no other one waiting."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request

from crawler.discovery import Moved, NotAListing
from crawler.fates import Fate
from crawler.frontier.leases import LeasedUrl
from crawler.frontier.listing_reader import MAX_DEPTH, ReadListing
from crawler.frontier.politeness import Retry
from crawler.http.answers import Answer
from crawler.http.decoding import BrokenCoding, ContentError, TooLarge
from crawler.items import Discovery, UrlKind, Validators
from crawler.listing_account import ListingAccount
from crawler.outcome import Outcome
from crawler.packed_links import PackedLinks
from crawler.reading.listing_ends import UnreadListings, as_it_turned_out, end_of_listing
from crawler.relevance import TopicProfile
from crawler.run.recorder import Recorder
from crawler.run.workers import Quarantined, WorkerPool
from crawler.spiders.news import NewsSpider
from tests.support.outcomes import Shelved, link

TARGET = link("ціль")


class Books:
    """A recorder that knows which URLs have not ended."""

    def __init__(self, *owed: str) -> None:
        self.owed = set(owed)
        self.ended: list[tuple[str, Fate]] = []

    def is_owed(self, url: str) -> bool:
        return url in self.owed

    def record(self, outcome: Outcome) -> None:
        self.ended.append((outcome.url, outcome.fate))


def spider_with(books: Books) -> NewsSpider:
    spider = NewsSpider()
    spider.crawler = cast(Any, SimpleNamespace())
    spider.recorder = cast(Recorder, books)
    return spider


def leased(kind: UrlKind = UrlKind.ARTICLE) -> LeasedUrl:
    return LeasedUrl(1, 1, link("міст", kind), 1, Validators('"1"', ""))


def request(of: LeasedUrl, capture: Shelved | None) -> Request:
    meta = {"capture": capture} if capture else {}
    return Request(of.link.url, cb_kwargs={"leased": of}, meta=meta)


@pytest.mark.parametrize("has_capture", [True, False])
@pytest.mark.parametrize("has_request", [True, False])
@pytest.mark.parametrize("is_owed", [True, False])
@pytest.mark.parametrize("is_closing", [True, False])
def test_a_url_whose_answer_was_lost_ends_unless_the_next_run_fetches_it(
    monkeypatch: pytest.MonkeyPatch, is_closing: bool, is_owed: bool, has_request: bool, has_capture: bool
) -> None:
    monkeypatch.setattr("crawler.spiders.news.is_closing", lambda _: is_closing)
    its, capture = leased(), Shelved(7)
    books = Books(its.link.url) if is_owed else Books()
    spider = spider_with(books)
    spider.order.expect(7)
    spider.left(its, request(its, capture if has_capture else None) if has_request else None)
    is_lost = not is_closing and (is_owed or not has_request)
    assert books.ended == ([(its.link.url, Fate.QUARANTINED)] if is_lost else [])
    assert spider.order._undone == (set() if has_request and has_capture else {7})


@pytest.mark.parametrize("kind", UrlKind)
def test_only_articles_have_a_turn(kind: UrlKind) -> None:
    spider = spider_with(Books())
    spider.downloaded(request(leased(kind), Shelved(7)))
    assert spider.order._undone == ({7} if kind is UrlKind.ARTICLE else set())
    spider.downloaded(Request("https://marisol.example/robots.txt", meta={"capture": Shelved(8)}))
    assert 8 not in spider.order._undone


@pytest.mark.parametrize("fate", [Fate.REDIRECTED, Fate.DISCOVERY])
@pytest.mark.parametrize("kind", UrlKind)
@pytest.mark.parametrize("profile", [TopicProfile(()), None])
def test_where_an_article_redirects_is_fetched_first(
    profile: TopicProfile | None, kind: UrlKind, fate: Fate
) -> None:
    spider = spider_with(Books())
    spider.topic_profile = profile
    outcome = replace(Outcome.of(link("міст", kind), fate, "", None), links=(replace(TARGET, score=0.2),))
    continued = spider._continued(outcome, Retry(5.0))
    is_first = profile is not None and kind is UrlKind.ARTICLE and fate is Fate.REDIRECTED
    assert [each.score for each in continued.links] == [1.0 if is_first else 0.2]
    assert continued.retry_in_s == 5.0


class Refusing:
    """A worker pool in which every page ends so."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def run(self, *_: object) -> Any:
        raise self._error


@pytest.mark.parametrize("kind", [UrlKind.ARTICLE, UrlKind.FEED, UrlKind.SITEMAP, UrlKind.SECTION])
@pytest.mark.parametrize(
    ("error", "fate"),
    [
        (TooLarge("більше, ніж можна"), Fate.TOO_LARGE),
        (BrokenCoding("обірвалося", b""), Fate.INCOMPLETE),
        (NotAListing("not a feed"), Fate.SOFT_404),
        (ContentError("broken"), Fate.QUARANTINED),
        (Quarantined("took longer than 20 s"), Fate.QUARANTINED),
    ],
)
def test_a_page_that_cannot_be_read_ends_and_a_listing_is_fetched_whole_the_next_time(
    error: Exception, fate: Fate, kind: UrlKind
) -> None:
    ended = read(error, kind)
    assert (ended.fate, ended.reason, ended.target) == (fate, str(error), None)
    assert ended.validators == (None if kind is UrlKind.ARTICLE else Validators())


@pytest.mark.parametrize("kind", [UrlKind.FEED, UrlKind.SITEMAP, UrlKind.SECTION])
def test_a_listing_that_moved_leads_to_the_other_one(kind: UrlKind) -> None:
    ended = read(Moved(TARGET.url), kind)
    assert (ended.fate, ended.target and ended.target.url) == (Fate.REDIRECTED, TARGET.url)


def read(error: Exception, kind: UrlKind) -> Outcome:
    spider = spider_with(Books())
    spider.workers = cast(WorkerPool, Refusing(error))
    vars(spider)["judging"] = TopicProfile(())
    answer = Answer(
        status=200,
        headers={"content-type": "text/html", "etag": '"1"'},
        body=b"<p>Le pont.</p>",
        is_conditional=False,
        capture=Shelved(7),
    )
    ended = asyncio.run(spider.read(answer, link("міст", kind)))
    assert isinstance(ended, Outcome)
    assert ended.capture == Shelved(7)
    return ended


MAP = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://marisol.example/a</loc></url></urlset>'


@pytest.mark.parametrize(
    ("how", "depth", "status", "body", "is_sitemap"),
    [
        (Discovery.SITEMAP, 0, 200, MAP, True),
        (Discovery.NEWS_SITEMAP, MAX_DEPTH, 200, MAP, True),
        (Discovery.SITEMAP, MAX_DEPTH + 1, 200, MAP, False),
        (Discovery.FEED, 0, 200, MAP, False),
        (Discovery.SECTION, 0, 200, MAP, False),
        (Discovery.SITEMAP, 0, 299, MAP, True),
        (Discovery.SITEMAP, 0, 300, MAP, False),
        (Discovery.SITEMAP, 0, 404, MAP, False),
        (Discovery.SITEMAP, 0, 200, "<html><p>Міст упав.</p></html>".encode(), False),
    ],
)
@pytest.mark.parametrize("kind", [UrlKind.ARTICLE, UrlKind.IMAGE])
def test_what_a_sitemap_named_as_a_page_is_a_sitemap_if_it_came_as_one(
    how: Discovery, depth: int, status: int, body: bytes, is_sitemap: bool, kind: UrlKind
) -> None:
    named = link("карта", kind)
    named = replace(named, depth=depth, evidence=replace(named.evidence, how=how))
    came = Answer(
        status=status,
        headers={"content-type": "application/xml"},
        body=body,
        is_conditional=False,
        capture=Shelved(7),
    )
    found = as_it_turned_out(named, came)
    is_listing = is_sitemap and kind is UrlKind.ARTICLE
    assert found == (replace(named, kind=UrlKind.SITEMAP) if is_listing else named)


@pytest.mark.parametrize("unread", [(), ("it ends within an entry",)])
@pytest.mark.parametrize("period", ["", "2021-01-28"])
def test_a_listing_that_was_not_read_whole_is_fetched_whole_the_next_time(
    unread: tuple[str, ...], period: str
) -> None:
    named = link("стрічка", UrlKind.FEED)
    named = replace(named, evidence=replace(named.evidence, period=period))
    came = Answer(status=200, headers={"etag": '"1"'}, body=b"", is_conditional=False, capture=Shelved(7))
    account = ListingAccount("RSS", 1, {}, unread)
    ended = end_of_listing(ReadListing(PackedLinks.of([TARGET]), account), named, came)
    assert ended.fate == (Fate.PARTLY_READ if unread else Fate.DISCOVERY)
    assert ended.validators == (Validators() if unread or period else Validators('"1"', ""))
    assert list(ended.links) == [TARGET]


def test_lists_of_a_way_that_were_not_read_whole_are_told_together(caplog: pytest.LogCaptureFixture) -> None:
    unread = UnreadListings()
    row, entries = "its row 2 is the first that cannot be read", "it has 3 entries that cannot be read"
    broken = ListingAccount(
        "list of GDELT", 1, {"that cannot be read": 3, "on other sites": 7}, (row, entries)
    )
    whole = ListingAccount("list of GDELT", 1, {"on other sites": 7})
    for name, account in (("перший", whole), ("другий", broken), ("третій", broken)):
        unread.note(link(name, UrlKind.GDELT), account)
    assert not caplog.messages
    unread.note(link("стрічка", UrlKind.FEED), ListingAccount("RSS", 1, {}, ("it ends within an entry",)))
    unread.tell()
    unread.tell()
    feed, gdelt = caplog.messages
    assert "it ends within an entry" in feed
    assert gdelt.startswith("via=gdelt: lists that were not read whole: 2, entries that cannot be read: 6. ")
    assert f"The first: {link('другий').url} was not read whole: {row}; {entries}. What" in gdelt
