"""Text sitemaps as people write them."""

import gzip
from urllib.parse import unquote

import pytest

from crawler.discovery import NotAListing, discover
from crawler.items import UrlKind
from tests.support.listings import page

HOST = "https://www.tarn-courier.example"
A, B = f"{HOST}/2021/01/28/pont", f"{HOST}/2021/01/29/мост"


@pytest.mark.parametrize(
    "text",
    [
        f"{A}\n{B}",
        f"\ufeff{A}\r\n\r\n{B}\r\n",
        f"# pages of the courier\n{A}\n# {A}-old\n{B}\n",
        f"www.tarn-courier.example/2021/01/28/pont\n{B}\n",
        "www.tarn-courier.example/2021/01/28/pont\nwww.tarn-courier.example/2021/01/29/мост\n",
        f"//www.tarn-courier.example/2021/01/28/pont\n{B}",
        f"/2021/01/28/pont\n{B}\n",
        f"{A}\t2021-01-28\t0.5\n{B}\t2021-01-29\n",
        f"\n\n  {A} \n {B}\n\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_line_is_an_address(text: str, encoding: str) -> None:
    listing = discover(page(text.encode(encoding)), UrlKind.SITEMAP)
    assert [unquote(link.url) for link in listing.links] == [A, B]
    assert (listing.account.dropped, listing.account.unread) == ({}, ())


def test_other_lines_are_counted() -> None:
    listing = discover(page(f"{A}\nlast change: today\nmailto:desk@tarn.example\n{A}\n{B}"), UrlKind.LISTING)
    assert [unquote(link.url) for link in listing.links] == [A, B]
    assert listing.account.dropped == {"whose address is not http(s)": 2, "named before": 1}


def test_the_last_line_of_a_list_that_is_cut_is_no_address() -> None:
    body = gzip.compress(f"{A}\n{B}\n{HOST}/2021/01/30/a-bri".encode())[:-9]
    listing = discover(page(body), UrlKind.SITEMAP)
    assert [unquote(link.url) for link in listing.links][:1] == [A]
    assert all(unquote(link.url) in (A, B) for link in listing.links)
    assert listing.account.dropped == {"cut off": 1}
    assert listing.account.unread == ("it is cut within its gzip", "it ends within an entry")


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\nDisallow: /\nSitemap: https://orla.example/s.xml",
        "Down for an hour",
        "/etc\n/usr",
        "a\n" * 9 + A,
    ],
)
def test_other_text_is_no_list(text: str) -> None:
    with pytest.raises(NotAListing):
        discover(page(text), UrlKind.SITEMAP)
