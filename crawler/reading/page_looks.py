"""Finds what kept pages are shown with, so that it is fetched too, where ARCHIVE_REQUISITES wants that.

It is looked for after the page was read, in a call of its own: markup or CSS that breaks a limit costs no article.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from crawler.extraction.look import find_look, read_style
from crawler.fates import Fate
from crawler.http.answers import Answer
from crawler.http.decoding import ContentError
from crawler.items import Article, Decision, Link, UrlKind, Validators
from crawler.outcome import Outcome
from crawler.run.judged_pages import is_judged
from crawler.run.workers import Quarantined, WorkerPool

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PageLooks:
    """Adds the files that pages and style sheets name to what came of them, if these files are wanted."""

    workers: WorkerPool
    is_wanted: bool

    async def of_page(self, article: Article, link: Link, answer: Answer) -> Article:
        """The article with what its page is shown with, unless it will surely be refused or is a copy elsewhere."""
        if not self.is_wanted or link.evidence.origin or not _may_be_kept(article):
            return article
        return replace(article, look=await self._found(find_look, link, answer))

    async def of_style(self, ending: Outcome, link: Link, answer: Answer) -> Outcome:
        """How an URL ends that was answered so, with what it names if it is a style sheet."""
        if not self.is_wanted or link.kind is not UrlKind.STYLE or ending.fate is not Fate.NOT_HTML:
            return ending
        links = await self._found(read_style, link, answer, link.depth)
        return replace(ending, links=links, validators=Validators.of(answer.headers))

    async def _found(
        self, find: Callable[..., tuple[Link, ...]], link: Link, answer: Answer, *more: int
    ) -> tuple[Link, ...]:
        try:
            found: tuple[Link, ...] = await self.workers.run(find, answer.page(link), *more)
        except (Quarantined, ContentError) as refusal:
            logger.info("What %s is shown with is not known: %s", link.url, refusal)
            return ()
        return found


def _may_be_kept(article: Article) -> bool:
    is_refused = article.relevance is not None and article.relevance.decision is Decision.REFUSE
    return is_judged(article) and not is_refused and article.previous_part is None
