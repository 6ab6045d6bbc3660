"""Runs a spider that looks at sources, from the checks before its start to its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, Settings

from crawler.cli.crawl import check_live, check_settings, holding, run_to_end
from crawler.spiders.news import NewsSpider


@dataclass(frozen=True, slots=True)
class Scouted:
    """A run that has ended."""

    exit_code: int
    spider: Spider | None
    """None if it never began."""


def scout(settings: BaseSettings, spider: type[NewsSpider], arguments: dict[str, str], urls: int) -> Scouted:
    """Run a spider of ours in this process; shows progress over about so many URLs at a terminal."""
    quietly = _quiet(settings)
    check_settings(quietly)
    with holding(quietly):
        process = AsyncCrawlerProcess(quietly)
        check_live(quietly)
        crawler = process.create_crawler(spider)
        with _progress(crawler, urls):
            exit_code = run_to_end(process, crawler, arguments)
        return Scouted(exit_code, crawler.spider)


def _quiet(settings: BaseSettings) -> Settings:
    """The settings with a log of warnings only, unless the operator asked for another one."""
    copy = Settings()
    copy.update(settings)
    if (settings.getpriority("LOG_LEVEL") or 0) < SETTINGS_PRIORITIES["cmdline"] and (
        copy["LOG_LEVEL"] == "INFO"
    ):
        copy.set("LOG_LEVEL", "WARNING", priority="cmdline")
    return copy


class _Progress:
    """How many URLs have ended, as a bar."""

    def __init__(self, crawler: Crawler, urls: int) -> None:
        self._crawler, self._urls = crawler, urls
        self._has_begun = False
        crawler.signals.connect(self.begin, signals.spider_opened)

    def begin(self) -> None:
        """Look into the crawler's statistics from now on: before, it has none."""
        self._has_begun = True

    def __rich__(self) -> Table:
        stats = self._crawler.stats.get_stats() if self._has_begun else {}
        ended = sum(count for name, count in stats.items() if name.startswith("fate/"))
        grid = Table.grid(padding=(0, 1))
        grid.add_row(
            ProgressBar(max(self._urls, ended), ended, width=40), f"{ended} of about {self._urls} URLs"
        )
        return grid


@contextmanager
def _progress(crawler: Crawler, urls: int) -> Iterator[None]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with Live(_Progress(crawler, urls), console=console, transient=True, redirect_stdout=False):
        yield
