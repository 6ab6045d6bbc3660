"""XML as careless generators write it: what they meant is what is read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crawler.discovery.discover import discover
from crawler.discovery.xml_references import mend_references
from crawler.http.url_identity import wire_url
from crawler.items import UrlKind
from tests.support.listings import page

ADDRESSES = {
    "/lu?id=7&lang=en": "/lu?id=7&lang=en",
    "/lu?id=7&amp;lang=en": "/lu?id=7&lang=en",
    "/lu?id=7&#38;lang=en": "/lu?id=7&lang=en",
    "/lu?id=7&#x26;lang=en": "/lu?id=7&lang=en",
    "/lu?id=7&copy=1&reg=2&para=3": "/lu?id=7&copy=1&reg=2&para=3",
    "/lu?id=7&amp;copy=1": "/lu?id=7&copy=1",
    "/sel-&-poivre": "/sel-&-poivre",
    "/sel-&": "/sel-&",
    "/sel&&poivre": "/sel&&poivre",
    "/q?a=1&amp;amp;c=2": "/q?a=1&c=2",  # escaped twice
    "/q?a=1&unknown;b=2": "/q?a=1&unknown;b=2",
    "/q?a=1&#b=2": "/q?a=1&",  # what follows is a fragment
    "/nul&#0;&#x1F;&#xD800;&#99999999999;": "/nul",
    "/oe&#339;": "/oe%C5%93",
    "/last&#1114111;&#1114112;": "/last%F4%8F%BF%BF",
    "/caf&eacute;": "/caf%C3%A9",
    "/&Scaron;abac&nbsp;": "/%C5%A0abac",
    "/q?a=&lang;b": "/q?a=%E2%9F%A8b",
    "<![CDATA[/q?a=1&b=2]]>": "/q?a=1&b=2",
    "<![CDATA[/q?a=1&amp;d=&eacute;]]>": "/q?a=1&d=&eacute;",
}
"""Addresses as they stand in XML, and what they say."""


def written(text: str) -> str:
    host = "https://orla.example"
    return text.replace("<![CDATA[", f"<![CDATA[{host}") if text.startswith("<") else f"{host}{text}"


@pytest.mark.parametrize("name", ["sitemap", "rss", "atom"])
def test_an_address_in_xml_is_what_was_written(name: str) -> None:
    urls = [written(text) for text in ADDRESSES]
    if name == "sitemap":
        document = "<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>"
    elif name == "rss":
        items = "".join(f"<item><title>Sel &amp; poivre</title><link>{url}</link></item>" for url in urls)
        document = f'<rss version="2.0"><channel><title>Sel & poivre</title>{items}</channel></rss>'
    else:
        urls = [url for url in urls if not url.startswith("<")]
        entries = "".join(f'<entry><title>x</title><link href="{url}"/></entry>' for url in urls)
        document = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
    said = [said for text, said in ADDRESSES.items() if name != "atom" or not text.startswith("<")]
    if name == "rss":  # feedparser's rule against what is escaped twice
        said = [re.sub(r"&(\w+);", r"&\1", each.replace("&amp;", "&")) for each in said]
    found = [wire_url(link.url) for link in discover(page(document), UrlKind.LISTING).links]
    assert found == [f"https://orla.example{each}" for each in dict.fromkeys(said)]


@pytest.mark.parametrize(
    "untouched",
    [
        "<a>x</a>",
        "<a b='&amp;&lt;&gt;&quot;&apos;&#9;&#xE9;'/>",
        "<!-- R&D & more --><a/>",
        "<?php a & b ?><a/>",
        "<!DOCTYPE a [<!ENTITY b 'c &amp; d'>]><a/>",
        "<a><![CDATA[a & b &eacute;]]></a>",
        "<a/><!-- & never closed &copy;",
        "<a><![CDATA[ & never closed &copy;",
    ],
)
def test_what_has_no_wrong_reference_stays_as_it_is(untouched: str) -> None:
    assert mend_references(untouched) == untouched


@given(st.text("&ampltx#;0<![CDATA[]>-? é\n"))
def test_mended_text_has_nothing_left_to_mend_and_every_reference_is_known(text: str) -> None:
    mended = mend_references(text)
    assert mend_references(mended) == mended
    if "<" not in text and ">" not in text:
        parsed = etree.fromstring(f"<a>{mended}</a>", etree.XMLParser(recover=True))
        assert not [each for each in parsed.iter() if isinstance(each, etree._Entity)]


def test_long_runs_cost_no_time() -> None:
    for piece in ("&", "<!--", "<![CDATA[", "<?", "<!DOCTYPE[", "&a", "&#1"):
        assert mend_references(piece * 200_000)
