"""Refuse pages that are no article, and those whose rights the operator's policy keeps out."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler

from crawler.fates import Fate
from crawler.items import Article
from crawler.refusal import Refused

_SEEN: Mapping[Fate, str] = {
    Fate.NO_TEXT: "the page has nothing to read",
    Fate.TOO_SHORT: "the page has less text than an article",
    Fate.CONSENT_WALL: "the page asks for consent instead of showing an article",
    Fate.PAYWALL_STUB: "the page shows only the beginning to those who have not paid",
    Fate.BOT_CHALLENGE: "the page asks for proof that its reader is no robot",
    Fate.SOFT_404: "the page says that it was not found, under a status that says found",
    Fate.JS_SHELL: "the page is an empty frame that a script would fill",
    Fate.INDEX_PAGE: "the page is a list of articles",
    Fate.NOT_HTML: "the page is no web page, but something else",
    Fate.REDIRECTED: "the page sends its readers to another one",
}
"""What a verdict means, for people who have not read docs/fates.md."""


class NoArticle(Refused):
    """The page shows something else than one whole article; its verdict says what."""

    def __init__(self, article: Article) -> None:
        assert article.verdict is not None
        self.fate = Fate(article.verdict)
        seen = _SEEN.get(self.fate, f"the page is no article, but {self.fate}".replace("_", " "))
        super().__init__(article, f"{seen}: {article.verdict_reason}" if article.verdict_reason else seen)


class RightsReserved(Refused):
    """The publisher reserves archiving, mining or AI, and RIGHTS_POLICY is `drop`."""

    fate = Fate.RIGHTS_DROPPED


class CompletePipeline:
    """Let whole articles pass; a live blog passes too, and is flagged in the end."""

    def __init__(self, drops_reserved: bool) -> None:
        self.drops_reserved = drops_reserved

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings["RIGHTS_POLICY"] == "drop")

    def process_item(self, item: Article) -> Article:
        if item.verdict is not None and item.verdict != Fate.LIVE_BLOG:
            raise NoArticle(item)
        if self.drops_reserved and item.rights:
            # The terms and reasons of a judgement are parts of the text.
            raise RightsReserved(replace(item, relevance=None), f"publisher says {', '.join(item.rights)}")
        return item
