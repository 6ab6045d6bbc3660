"""What a request says, by the kind of its URL and by what the last answer said."""

from dataclasses import replace
from typing import Any

import pytest
from scrapy import Request

from crawler.frontier.leases import LeasedUrl
from crawler.http.decoding import MAX_SITEMAP_BYTES
from crawler.items import UrlKind, Validators
from crawler.spiders.requests import RequestFactory
from tests.support.outcomes import link


def made(kind: UrlKind, validators: Validators | None = None, spider: str = "news") -> Request:
    found = replace(link("one", kind), hops=2, depth=1)

    def callback(*_: Any) -> None:
        raise AssertionError("nothing is fetched here")

    leased = LeasedUrl(7, 1, found, 1, validators or Validators("", ""))
    return RequestFactory(callback, callback, spider).make(leased)


@pytest.mark.parametrize("kind", UrlKind)
def test_only_sitemaps_and_what_may_be_one_are_as_large_as_sitemaps(kind: UrlKind) -> None:
    limit = made(kind).meta.get("download_maxsize")
    large = (UrlKind.SITEMAP, UrlKind.LISTING, UrlKind.CDX, UrlKind.GDELT)
    assert limit == (MAX_SITEMAP_BYTES if kind in large else None)


def test_a_listing_of_a_backfill_is_read_whether_it_changed_or_not() -> None:
    found = link("one", UrlKind.SITEMAP)
    found = replace(found, evidence=replace(found.evidence, period="2021-01-01/2021-01-31"))
    leased = LeasedUrl(7, 1, found, 1, Validators('"1"', "Thu, 28 Jan 2021"))
    request = RequestFactory(lambda: None, lambda: None, "backfill").make(leased)
    assert not request.headers
    assert request.meta["archive_metadata"]["period"] == "2021-01-01/2021-01-31"


def test_a_copy_is_requested_in_the_place_of_its_page() -> None:
    found = link("one", UrlKind.ARTICLE)
    copy = f"https://web.example/web/20210128100000id_/{found.url}"
    found = replace(found, evidence=replace(found.evidence, copy=copy))
    leased = LeasedUrl(7, 1, found, 1, Validators())
    assert RequestFactory(lambda: None, lambda: None, "backfill").make(leased).url == copy


@pytest.mark.parametrize("kind", UrlKind)
def test_the_archive_notes_how_a_url_was_found(kind: UrlKind) -> None:
    notes = made(kind).meta["archive_metadata"]
    assert (notes["kind"], notes["hops"], notes["depth"], notes["source"]) == (kind, "2", "1", "marisol")
    assert "spider" not in notes
    assert made(kind, spider="check").meta["archive_metadata"] == notes | {"spider": "check"}


@pytest.mark.parametrize(
    ("validators", "expected"),
    [
        (Validators("", ""), {}),
        (Validators('"1"', ""), {"If-None-Match": '"1"'}),
        (Validators("", "Thu, 28 Jan 2021"), {"If-Modified-Since": "Thu, 28 Jan 2021"}),
        (
            Validators('"1"', "Thu, 28 Jan 2021"),
            {"If-None-Match": '"1"', "If-Modified-Since": "Thu, 28 Jan 2021"},
        ),
    ],
)
def test_a_request_is_conditional_as_far_as_the_last_answer_allows(
    validators: Validators, expected: dict[str, str]
) -> None:
    headers = made(UrlKind.FEED, validators).headers
    assert {name.decode(): values[0].decode() for name, values in headers.items()} == expected


def test_what_pages_are_shown_with_is_fetched_as_browsers_do() -> None:
    assert (made(UrlKind.IMAGE).headers["Accept"] or b"").startswith(b"image/")
    assert made(UrlKind.STYLE).headers["Accept"] == b"text/css,*/*;q=0.1"
    assert made(UrlKind.FONT).headers["Accept"] == b"*/*"
    assert "Accept" not in made(UrlKind.ARTICLE).headers
