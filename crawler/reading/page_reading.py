"""Looks into answers in worker processes: into what they hold, whoever asks."""

import errno
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Self

from scrapy.settings import BaseSettings

from crawler.discovery import Moved, NotAListing
from crawler.fates import Fate
from crawler.frontier.listing_reader import NOBODY, read_listing
from crawler.http.answers import Answer, outcome_of, redirected
from crawler.http.decoding import BrokenCoding, ContentError, TooLarge
from crawler.http.reasons import NOT_READ
from crawler.items import Article, Capture, Link, Origin, RawPage, UrlKind, Validators
from crawler.outcome import Outcome
from crawler.past.publishers import Publishers
from crawler.reading.listing_ends import as_it_turned_out, end_of_listing
from crawler.reading.page_looks import PageLooks
from crawler.relevance import TopicProfile
from crawler.relevance.encoder import ENCODER_BYTES, find_encoder
from crawler.run.judged_pages import Unrelated, extract_and_judge, is_settled, judge
from crawler.run.workers import Quarantined, WorkerPool

WORDS, _ENCODER = "crawler.relevance.preload", "crawler.relevance.encoder_preload"
"""What workers load besides what extraction needs."""

_RESOURCE_ERRNOS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}
)


def is_of_machine(error: Exception) -> bool:
    """Whether a worker failed through no fault of the page: its temporary files have no room, say."""
    return isinstance(error, OSError) and error.errno in _RESOURCE_ERRNOS


@dataclass(frozen=True, slots=True)
class PageLimits:
    """How long a page may keep a worker busy, and with how much memory."""

    timeout_s: float
    max_bytes: int

    @classmethod
    def of(cls, settings: BaseSettings) -> Self:
        """Those of EXTRACTION_TIMEOUT_S and EXTRACTION_MAX_BYTES."""
        return cls(settings.getfloat("EXTRACTION_TIMEOUT_S"), settings.getint("EXTRACTION_MAX_BYTES"))

    def pool(self, workers: int, preload: Collection[str] = (WORDS,), loads: int = 0) -> WorkerPool:
        """`loads` are the bytes of what a worker has in place of what extraction needs."""
        return WorkerPool(workers, self.timeout_s, self.max_bytes + loads, preload, extracts=not loads)


class PageReading:
    """Reads pages and listings; who inherits it says with which workers, within which limits, and for which topic."""

    origin: ClassVar[Origin] = Origin.LIVE
    topic_profile: TopicProfile | None = None
    """Orders the articles that wait; None leaves them in the order of their listing."""
    publishers: Publishers = NOBODY
    """Those whose articles the listings of a back-fill are read for."""
    workers: WorkerPool
    looks: PageLooks
    page_limits: PageLimits

    @property
    def judging(self) -> TopicProfile:
        """What texts are judged by."""
        raise NotImplementedError

    @cached_property
    def _judges(self) -> WorkerPool:
        """What scores the texts that `workers` do not: with an encoder one more, from the first such text on."""
        if not self.judging.asks_encoder or find_encoder() is None:
            return self.workers
        return self.page_limits.pool(1, [WORDS, _ENCODER], ENCODER_BYTES)

    def close_workers(self) -> None:
        """End the worker processes."""
        self.workers.close()
        if "_judges" in vars(self):
            self._judges.close()

    async def read(self, answer: Answer, link: Link) -> Article | Outcome:
        """What came of an answer: the end of its URL, or an article that the pipelines have to judge."""
        link = as_it_turned_out(link, answer)
        ending = outcome_of(answer, link)
        if ending is not None:
            return await self.looks.of_style(ending, link, answer)
        try:
            if link.kind is not UrlKind.ARTICLE:
                return await self._discover(answer, link)
            article = await self._extract(answer, link)
            if article.moved_to is None:
                return article
            return replace(redirected(link, article.moved_to, answer.capture), article=article)
        except Moved as move:
            return redirected(link, move.target, answer.capture)
        except (Quarantined, ContentError) as refusal:
            return _refused(refusal, link, answer.capture)
        except Unrelated as scores:
            return Outcome.of(link, Fate.OFF_TOPIC, f"{NOT_READ}: {scores}", answer.capture)

    async def _extract(self, answer: Answer, link: Link) -> Article:
        article = await self.workers.run(self.extraction_of(link), answer.page(link), self.judging)
        validators = Validators.of(answer.headers)
        origin = Origin(link.evidence.origin or self.origin)
        article = replace(article, capture=answer.capture, origin=origin, validators=validators)
        article = await self.looks.of_page(article, link, answer)
        # What is one of several pages is judged when it is put together.
        return article if article.previous_part or article.next_part else await self.judged(article)

    def extraction_of(self, link: Link) -> Callable[[RawPage, TopicProfile], Article]:
        """What a worker makes an article of a page with."""
        return extract_and_judge

    async def judged(self, article: Article) -> Article:
        """The article with its relevance, which it has already if its words decided, and what it means."""
        if is_settled(article, self.judging):
            return article
        text = article.title, article.paragraphs, article.language
        judged = await self._judges.run(judge, *text, self.judging, article.relevance)
        return replace(article, relevance=judged.relevance, meaning=judged.meaning)

    async def _discover(self, answer: Answer, link: Link) -> Outcome:
        """The end of a feed, sitemap or section page, with the links that it names."""
        listing = await self.workers.run(
            read_listing,
            answer.page(link),
            link.kind,
            link.depth,
            self.topic_profile,
            self.publishers,
        )
        return end_of_listing(listing, link, answer)


def _refused(refusal: Quarantined | ContentError, link: Link, capture: Capture) -> Outcome:
    """The end of a page that broke a limit, or that is no listing where a listing was expected."""
    fate = Fate.QUARANTINED
    if isinstance(refusal, TooLarge):
        fate = Fate.TOO_LARGE
    elif isinstance(refusal, BrokenCoding):
        fate = Fate.INCOMPLETE
    elif isinstance(refusal, NotAListing):
        fate = Fate.SOFT_404
    outcome = Outcome.of(link, fate, str(refusal), capture)
    # A listing that could not be read must not answer the next visit with "nothing has changed".
    return outcome if link.kind is UrlKind.ARTICLE else replace(outcome, validators=Validators())
