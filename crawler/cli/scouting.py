"""Runs a spider that looks at sources, from the checks before its start to its end."""

from dataclasses import dataclass

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, Settings

from crawler.cli.crawl import check_live, check_settings, holding, run_to_end, tell_end
from crawler.cli.progress import Bar, shown
from crawler.sources.subscription_file import subscriptions_in_force
from crawler.spiders.arguments import select_sources
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
    of_file = {name: arguments[name] for name in ("sources",) if name in arguments}
    subscriptions_in_force(quietly, select_sources(of_file, quietly.getlist("SOURCES")))
    with holding(quietly):
        process = AsyncCrawlerProcess(quietly)
        check_live(quietly)
        crawler = process.create_crawler(spider)
        with shown(_bar(crawler, urls)):
            exit_code = run_to_end(process, crawler, arguments)
        tell_end(crawler, exit_code)
        return Scouted(exit_code, crawler.spider)


def _quiet(settings: BaseSettings) -> Settings:
    """The settings with a log of warnings only, unless the operator asked for another one."""
    copy = Settings()
    copy.update(settings)
    if (settings.getpriority("LOG_LEVEL") or 0) < SETTINGS_PRIORITIES["cmdline"] and (
        copy["LOG_LEVEL"] == "INFO"
    ):
        copy.set("LOG_LEVEL", "WARNING", priority="cmdline")
    copy.set("LIVE_VIEW", False, priority="cmdline")  # it has a bar
    return copy


def _bar(crawler: Crawler, urls: int) -> Bar:
    """How many URLs have ended."""
    begun = []
    crawler.signals.connect(lambda: begun.append(True), signals.spider_opened, weak=False)

    def ended() -> int:
        # Before it has begun, a crawler has no statistics.
        stats = crawler.stats.get_stats() if begun else {}
        return sum(int(count) for name, count in stats.items() if name.startswith("fate/"))

    return Bar("Looking", urls, ended, "URLs")
