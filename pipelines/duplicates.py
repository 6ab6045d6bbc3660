"""Find out what of this text the corpus has already: from this URL, this site, or another one."""

import hashlib
from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler

from crawler.catalogue.known_texts import Repeat, find_renamed, relate
from crawler.catalogue.pending_articles import PendingArticles
from crawler.catalogue.stated_decisions import LeftOut
from crawler.fates import Fate
from crawler.http.url_identity import url_key
from crawler.items import Article, DateSource
from crawler.refusal import Refused
from crawler.run.recorder import recorder_of
from crawler.texts.corpus_text import CorpusText
from crawler.texts.corrections import is_silent
from crawler.texts.seed_format import parse_name
from crawler.texts.similarity import normalise


class Unchanged(Refused):
    """This URL was fetched before, and its text is the same."""

    fate = Fate.UNCHANGED


class Duplicate(Refused):
    """Another page of the same site has this text, or most of it."""

    fate = Fate.DUPLICATE


class Syndicated(Refused):
    """Another site published this text, or most of it; the first one that came stays the representative."""

    fate = Fate.SYNDICATED


class StaysOut(Refused):
    """The text that this page repeats was taken down; that alone does not bring the page in."""

    def __init__(self, article: Article, then: LeftOut) -> None:
        known = replace(article, duplicate_of=then.duplicate_of, known=then.known, covered=then.covered)
        super().__init__(known, then.reason)
        self.fate = Fate(then.fate)


class DuplicatesPipeline:
    """Refuse what the corpus has; mark what replaces an earlier text of the same URL, and what tells another one on.

    `crawler.texts.overlap.Overlap.relation` says how much of a text may be known. It is decided in record order, so
    that a replay decides the same, and the first article released stays the representative.
    """

    def __init__(self, pending: PendingArticles) -> None:
        self._pending = pending

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(recorder_of(crawler).pending)

    def process_item(self, item: Article) -> Article:
        body_hash = hash_body(item.paragraphs)
        article = replace(item, body_hash=body_hash)
        earlier = self._pending.text_of_url(item.url)
        if earlier and earlier.body_hash == body_hash:
            if is_elsewhere(article, earlier):
                return replace(article, revises=earlier.file, silent_edit=False)
            raise Unchanged(article, "same text as before")
        related = relate(article, self._pending)
        if isinstance(related, Repeat):
            kind = Duplicate if related.fate is Fate.DUPLICATE else Syndicated
            raise kind(related.article, related.reason)
        if earlier is None and (then := self._pending.left_out.get(url_key(item.url))):
            raise StaysOut(article, then)
        earlier = earlier or find_renamed(article, self._pending)
        if earlier is None:
            return related
        return replace(article, revises=earlier.file, silent_edit=is_silent(article, earlier))


def is_elsewhere(article: Article, earlier: CorpusText) -> bool:
    """Whether a text lies in another month than a person says: another date of the page itself moves nothing."""
    return article.date_source is DateSource.PERSON and parse_name(earlier.file)[0] != article.month


def hash_body(paragraphs: tuple[str, ...]) -> bytes:
    """16 bytes that are equal for texts whose words are equal: case, signs and breaks do not count."""
    return hashlib.blake2b(normalise(" ".join(paragraphs)).encode(), digest_size=16).digest()
