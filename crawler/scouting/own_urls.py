"""A spider that fetches what it names itself, and nothing that other runs left or that is due."""

from collections.abc import AsyncIterator

from crawler.items import Article, UrlKind
from crawler.spiders.news import NewsSpider


class OwnUrlsSpider(NewsSpider):
    """Begins with its `start_links`, whatever became of them in earlier runs, and goes on to what they lead to."""

    name = "own"

    async def articles(self) -> AsyncIterator[Article]:
        links = self.start_links()
        await self.recorder.run.take(links)
        sources = {link.evidence.source for link in links}
        self.frontier.begin(self.recorder, sources, frozenset(UrlKind), self.limits, only_own=True)
        return
        yield
