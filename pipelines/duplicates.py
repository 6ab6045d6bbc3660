"""Find out whether the corpus has this text already: from this URL, this site, or another one."""

import hashlib
import re
import unicodedata
from dataclasses import replace
from typing import Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler

from crawler.fates import Fate, Refused
from crawler.items import Article
from crawler.store.index import CorpusIndex
from crawler.store.recorder import recorder_of
from crawler.store.store import Kept

_NOT_WORD = re.compile(r"[\W_]+")


class Unchanged(Refused):
    """This URL was asked before, and its text is the same."""

    fate = Fate.UNCHANGED


class Duplicate(Refused):
    """Another page of the same site has this text."""

    fate = Fate.DUPLICATE


class Syndicated(Refused):
    """Another site published this text; the first one that came stays the representative."""

    fate = Fate.SYNDICATED


class DuplicatesPipeline:
    """Refuse what the corpus has; mark what replaces an earlier text of the same URL."""

    def __init__(self, index: CorpusIndex) -> None:
        self._index = index

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(recorder_of(crawler).index)

    def process_item(self, item: Article) -> Article:
        body_hash = hash_body(item.paragraphs)
        article = replace(item, body_hash=body_hash)
        earlier = self._index.text_of_url(item.url)
        if earlier and earlier.body_hash == body_hash:
            raise Unchanged(article, "same text as before")
        twin = self._index.same_text(body_hash)
        if twin:
            kind = Duplicate if is_same_site(article, twin) else Syndicated
            raise kind(replace(article, duplicate_of=twin.url), f"same text as {twin.url}")
        return replace(article, revises=earlier.file if earlier else None)


def hash_body(paragraphs: tuple[str, ...]) -> bytes:
    """16 bytes that are equal for texts whose words are equal: case, signs and breaks do not count."""
    text = unicodedata.normalize("NFKC", " ".join(paragraphs)).casefold()
    return hashlib.blake2b(_NOT_WORD.sub(_gap, text).strip().encode(), digest_size=16).digest()


def _gap(run: re.Match[str]) -> str:
    """What stays between two letters: vowel signs (Hindi, Thai) are marks and spell the word, the rest parts words."""
    marks = "".join(char for char in run[0] if unicodedata.category(char)[0] == "M")
    return marks if marks == run[0] else f"{marks} "


def is_same_site(article: Article, kept: Kept) -> bool:
    """True if one publisher owns both pages: by the registry where it knows, else by host name."""
    if article.evidence.source and kept.source:
        return article.evidence.source == kept.source
    return _site(article.url) == _site(kept.url)


def _site(url: str) -> str:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    return f"{host}:{parts.port or ''}"
