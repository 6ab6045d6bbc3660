"""Every private name of Scrapy that crawler/ and pipelines/ use; those for capturing are in archive/capture.

Each call says why no public name will do. pyproject.toml keeps Scrapy below the version that was not tried.
"""

from collections.abc import Callable, Mapping, Set

from scrapy import Request, cmdline
from scrapy.commands import ScrapyCommand
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings


def wake_engine(crawler: Crawler) -> None:
    """Let the engine take the next requests from the scheduler now: by itself it looks every five seconds."""
    slot = crawler.engine._slot if crawler.engine is not None else None
    if slot is not None:
        slot.nextcall.schedule()


def is_closing(crawler: Crawler) -> bool:
    """Whether the crawl is about to end: nothing that it has in hand will be answered."""
    assert crawler.engine is not None
    slot = crawler.engine._slot
    return slot is None or slot.closing is not None


def requests_in_progress(crawler: Crawler) -> Set[Request]:
    """The requests of the scheduler that Scrapy has not done with, callback and pipelines included.

    No signal tells of the end of each one, whatever was raised on the way.
    """
    slot = crawler.engine._slot if crawler.engine is not None else None
    return slot.inprogress if slot is not None else set()


def items_in_pipelines(crawler: Crawler) -> int:
    """How many items the pipelines are at work on."""
    slot = crawler.engine.scraper.slot if crawler.engine is not None else None
    return slot.itemproc_size if slot is not None else 0


def close_idle_scraper(crawler: Crawler) -> None:
    """End a scraper that was told to close, if nothing is in the pipelines.

    Scrapy 2.19 looks for that when it has finished a response only: items of `start()` belong to none.
    """
    assert crawler.engine is not None
    scraper = crawler.engine.scraper
    slot = scraper.slot
    if slot is not None and slot.closing is not None and not slot.closing.called:
        scraper._check_if_closing()


def has_extensions(crawler: Crawler) -> bool:
    """Whether a crawl began, so that `get_extension` answers: before that it raises RuntimeError."""
    return crawler._extensions is not None


def list_commands_by(show: Callable[[Mapping[str, ScrapyCommand]], None]) -> None:
    """Have a function show the commands where `scrapy` is given none: Scrapy's list knows no purposes."""

    def print_commands(settings: BaseSettings, inproject: bool) -> None:
        show(cmdline._get_commands_dict(settings, inproject))

    cmdline._print_commands = print_commands
