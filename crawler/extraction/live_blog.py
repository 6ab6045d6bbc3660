"""Recognises live blogs: by what the page declares, or by its many times of the day."""

import re

from lxml.etree import XPath

from crawler.extraction.jsonld import Node, is_same_headline, letters, text_of, types_of
from crawler.extraction.page import Page

_TYPE = "LiveBlogPosting"
_ITEM_TYPES = XPath("//@itemtype", smart_strings=False)
_ENTRIES = 5
"""Entries with a time of the day from which on a page that calls itself live is a live blog."""

_WORDS = re.compile(
    r"\blive[ -]?(?:blog|ticker|updates?|coverage|news)\b|\blive:|^live\b|liveticker|newsblog|news-ticker"
    r"|\ben direct\b|\ben directo\b|\ben vivo\b|minuto a minuto|ao vivo|in diretta|\bdiretta\b|liveblog"
    r"|онлайн|хроника|текстовая трансляция|наживо|na żywo|relacja|uživo|canlı"
    r"|مباشر|بث حي|زنده|लाइव|실시간|速報|直播|实时|ライブ",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"^\W*(?:[01]?\d|2[0-3])[:.h][0-5]\d\b")
_LONGEST_TIME = 40


def find_live_blog(page: Page, title: str) -> str:
    """Why a page is a live blog; empty if it is none."""
    if any(_TYPE in types_of(node) and _is_own(page, node) for node in page.nodes):
        return f"it declares itself a {_TYPE}"
    if any(_TYPE in name for name in _ITEM_TYPES(page.tree)):
        return f"its markup is that of a {_TYPE}"
    if not (_WORDS.search(title) or _WORDS.search(page.raw.url)):
        return ""
    times = sum(block.length < _LONGEST_TIME and bool(_CLOCK.match(block.text)) for block in page.blocks)
    return f"it calls itself live and has {times} entries with a time" if times >= _ENTRIES else ""


def _is_own(page: Page, node: Node) -> bool:
    """Whether a node is about what the page's article is about, not about another live blog."""
    own, other = (letters(text_of(item.get("headline"))) for item in (page.article, node))
    return node == page.article or is_same_headline(own, other)
