"""Puts articles together whose pages come one by one: what of them is to be judged when a page has come.

A page waits in the catalogue for the others of its article, so what happens is the same after a kill, and whichever
archive or worker brought them. It is decided in record order: a replay of the same records decides the same.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from typing import Self

from crawler.catalogue.article_parts import Chain, PartText, combined, resolve
from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.stored_parts import (
    SPEAKS,
    WAITING,
    article_of_row,
    incomplete_pages,
    stored_page,
    target_of,
)
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.http.belongings import evidence_beside, names_more
from crawler.http.url_identity import url_key
from crawler.items import Article, Discovery, Evidence, Link, UrlKind
from crawler.run.recorder import Recorder

_MOST_HOPS = 5


class PartAssembly:
    """Decides for each page that is extracted whether it is an article, the first page of one, or a further page."""

    def __init__(
        self, recorder: Recorder, most: int, place_of: Callable[[Article], str], follows: bool
    ) -> None:
        """`most` is the number of pages that an article may have, `place_of` the place that has a page's record.

        An article is put together of the records of one place. `follows`: the pages that are missing are queued.
        """
        self._recorder, self._most, self._place_of, self._follows = recorder, most, place_of, follows
        self._shown_with: dict[str, tuple[tuple[str, ...], tuple[Link, ...], Evidence]] = {}
        """Images and look of first pages that wait, and how these became known: the catalogue does not keep them."""
        self._waiting: defaultdict[bytes, set[str]] | None = None
        """URLs of pages that name a page, by its key."""

    async def judge(self, page: Article) -> AsyncIterator[Article]:
        """The articles that are to be judged because a page has come.

        A further page is none: it is recorded here, after the article that it belongs to was judged.
        """
        waiting = self._pages_that_wait_for(page)
        if page.verdict not in SPEAKS or not (waiting or page.previous_part or page.next_part):
            yield page
            return
        await self._recorder.settled()
        known = await _Pages.of(self._recorder.catalogue, page, self._place_of(page))
        chain = self._resolve(known.arrived, known)
        for article in self._released(waiting, chain, known):
            yield article
        if chain.pages[0] is known.arrived and chain.missing_before is None:
            yield self._first_page(page, chain)
            return
        if (completed := self._completed(chain, known)) is not None:
            yield completed
        self._record_part(page, chain)

    # --- what is to be judged -----------------------------------------------------------------
    def _first_page(self, page: Article, chain: Chain) -> Article:
        """A page that stands for its article: alone, with all others, or while some are missing."""
        if len(chain.pages) == 1 and chain.is_whole:
            return replace(page, previous_part=None, next_part=None)
        if chain.is_whole:
            return combined(page, chain.pages)
        self._expect(page, chain)
        self._shown_with[page.url] = page.images, page.look, page.evidence
        # The other pages may make enough of it.
        verdict = None if page.verdict is Fate.TOO_SHORT else page.verdict
        links = self._links_to(page, [chain.missing] if chain.missing and not chain.is_too_long else [])
        missing = _what_is_missing(chain, self._most)
        return replace(page, verdict=verdict, missing=missing, previous_part=None, requisites=links)

    def _completed(self, chain: Chain, known: "_Pages") -> Article | None:
        """The article that a further page makes whole, or another one; None if it says nothing new."""
        row = chain.pages[0].holder
        if not (chain.is_whole and isinstance(row, ArticleRow)):
            return None
        article = combined(article_of_row(row), chain.pages)
        is_known = bool(row.parts) and article.text == row.text
        if is_known:
            return None
        images, look, evidence = self._shown_with.pop(row.url, ((), (), article.evidence))
        completed_by = known.article.capture
        return replace(article, images=images, look=look, evidence=evidence, completed_by=completed_by)

    def _released(self, waiting: Iterable[str], chain: Chain, known: "_Pages") -> Iterator[Article]:
        """The articles that waited for a page which turns out not to be a part of them."""
        done = {page.key for page in chain.pages}
        for page in filter(None, map(known.find, sorted(waiting))):
            its = self._resolve(page, known)
            row = its.pages[0].holder
            if not its.is_whole or its.pages[0].key in done or not isinstance(row, ArticleRow):
                continue
            if row.fate in WAITING:
                done.add(its.pages[0].key)
                article = combined(article_of_row(row), its.pages)
                yield replace(article, completed_by=known.article.capture)

    def _record_part(self, page: Article, chain: Chain) -> None:
        """Record a further page: its text belongs to the article of the first one."""
        self._expect(page, chain)
        reason = f"a further page of {chain.missing_before or chain.pages[0].url}"
        named = [chain.missing_before, None if chain.is_too_long else chain.missing]
        links = self._links_to(page, filter(None, named))
        self._recorder.record_article(replace(page, requisites=links), Fate.PART, reason)

    def _links_to(self, page: Article, urls: Iterable[str]) -> tuple[Link, ...]:
        """Links to other pages of an article."""
        if not (self._follows and names_more(page)):
            return ()
        # What was begun is finished first.
        return tuple(
            Link(url, UrlKind.ARTICLE, evidence_beside(page, url, Discovery.PART), score=1.0) for url in urls
        )

    # --- who waits for whom -------------------------------------------------------------------
    def _expect(self, page: Article, chain: Chain) -> None:
        for url in (chain.missing_before, chain.missing):
            if url is not None and self._waiting is not None:
                self._waiting[url_key(url)].add(page.url)

    def _pages_that_wait_for(self, page: Article) -> set[str]:
        if self._waiting is None:
            self._waiting = defaultdict(set)
            for url, named in incomplete_pages(self._recorder.catalogue):
                self._waiting[url_key(named)].add(url)
        waiting = set(self._waiting.get(url_key(page.url), ()))
        if page.evidence.via:  # a redirect may have led here
            waiting |= self._waiting.get(url_key(page.evidence.via), set())
        if page.evidence.how is Discovery.PART:
            waiting.add(page.evidence.via)
        return waiting - {page.url}

    def _resolve(self, page: PartText, known: "_Pages") -> Chain:
        return resolve(page, known.find, self._most)


class _Pages:
    """The pages that the catalogue knows, and the one that has just come."""

    def __init__(self, catalogue: Catalogue, article: Article, record_id: str, place: str) -> None:
        self.article = article
        self.arrived = PartText.of(article, record_id)
        self._catalogue, self._place = catalogue, place
        self._found: dict[bytes, PartText | None] = {}

    @classmethod
    async def of(cls, catalogue: Catalogue, article: Article, place: str) -> Self:
        """With a page whose record is on disk; OSError if it cannot be."""
        assert article.capture is not None, "what is released has a record"
        record = await asyncio.to_thread(article.capture.durable)
        return cls(catalogue, article, record.record_id, place)

    def find(self, url: str) -> PartText | None:
        """The page of a URL, or of the one to which it redirects."""
        key = url_key(url)
        if key not in self._found:
            self._found[key] = self._look_up(url)
        return self._found[key]

    def _look_up(self, url: str) -> PartText | None:
        for _ in range(_MOST_HOPS):
            if url_key(url) == self.arrived.key:
                return self.arrived
            page = stored_page(self._catalogue, url, self._place)
            target = target_of(self._catalogue, url) if page is None else None
            if target is None:
                return page
            url = target
        return None


def _what_is_missing(chain: Chain, most: int) -> str:
    """Why an article is not whole, in words."""
    if chain.is_too_long:
        return f"the article has more than {most} pages"
    return f"the article goes on at {chain.missing}, which is not here"
