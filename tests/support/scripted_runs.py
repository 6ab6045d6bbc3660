"""Runs of a spider that fetches nothing: a script says to the recorder what happened, and yields articles."""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, ClassVar

from scrapy import Spider

from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.articles import articles
from crawler.database.catalogue import Catalogue
from crawler.items import Article, Link
from crawler.run.recorder import Recorder, recorder_of
from tests.support.crawls import run_crawl

Script = Callable[[Recorder], AsyncIterator[Article]]


class Scripted(Spider):
    """The spider of a script."""

    name = "scripted"
    script: Script
    arguments: ClassVar[dict[str, str]] = {"language": "fr"}

    async def start(self) -> AsyncIterator[Any]:
        async for item in self.script(recorder_of(self.crawler)):
            yield item


def run(data_dir: Path, script: Script, leased: bool = False, **settings: Any) -> Recorder:
    """A whole run of a script; `leased`: what it records it has leased."""
    chosen = {
        "DATA_DIR": str(data_dir),
        "STORE_URL": "",
        "EXTENSIONS": {"crawler.run.recorder.Recorder": 10},
        "DEFAULT_DROPITEM_LOG_LEVEL": "DEBUG",
    }
    crawler = run_crawl(Scripted, chosen | settings, script=script, leases_urls=leased)
    recorder = crawler.get_extension(Recorder)
    assert recorder is not None
    return recorder


def exit_code(recorder: Recorder) -> int:
    assert recorder.result is not None
    return recorder.result.exit_code


def script(tell: Callable[[Recorder], Iterable[Article] | None], *links: Link) -> Script:
    """A script that does not wait for anything, begun with some links."""

    async def play(recorder: Recorder) -> AsyncIterator[Article]:
        await recorder.run.start(links)
        for item in tell(recorder) or ():
            yield item

    return play


def rows(data_dir: Path, everything: bool = True) -> list[ArticleRow]:
    with closing(Catalogue.open("", data_dir)) as catalogue:
        return list(articles(catalogue, everything))
