"""A listing that sends its readers elsewhere has moved, unless it only shows itself anew."""

import pytest

from crawler.discovery.links import Listing
from crawler.discovery.moved_listing import find_move
from crawler.items import Discovery, Evidence, Link, UrlKind
from crawler.listing_account import ListingAccount
from tests.support.listings import URL, page

OTHER = "https://www.tarn-courier.example/monde/"
ARTICLE = Link("https://www.tarn-courier.example/a", UrlKind.ARTICLE, Evidence("tarn", Discovery.SECTION))


def moved(after: str, target: str, *links: Link) -> str | None:
    document = f'<html><head><meta http-equiv="refresh" content="{after};url={target}"></head></html>'
    return find_move(page(document), document, Listing([*links], ListingAccount("section", len(links))))


@pytest.mark.parametrize(("after", "is_moved"), [("0", True), ("10", True), ("11", False)])
def test_a_page_without_links_has_moved_if_it_is_left_within_ten_seconds(after: str, is_moved: bool) -> None:
    assert moved(after, OTHER) == (OTHER if is_moved else None)


@pytest.mark.parametrize(("after", "is_moved"), [("0", True), ("1", True), ("2", False)])
def test_a_page_with_links_has_moved_if_it_is_left_at_once(after: str, is_moved: bool) -> None:
    assert moved(after, OTHER, ARTICLE) == (OTHER if is_moved else None)


@pytest.mark.parametrize("itself", [URL, f"{URL}?utm_source=refresh", URL.replace("//www.", "//")])
def test_a_page_with_links_that_is_shown_anew_has_not_moved(itself: str) -> None:
    assert moved("0", itself, ARTICLE) is None
