"""The part of a rebuilding that has a process of its own, done in that of the test."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crawler.audit.rebuilding_sources import Source
from crawler.run.recorder import recorder_of
from tests.support.crawls import run_crawl


def rebuild_here(own: Source, folder: Path, listed: Path, settings: Mapping[str, object]) -> list[str]:
    """Read the archives of data directories; what there was to complain about."""
    given = {**settings, "DATA_DIR": str(folder), "ARCHIVE_DIR": own.collection}
    given |= {"STORE_URL": "", "ARCHIVE_SIGNING_KEY": "", "LOG_LEVEL": "CRITICAL"}
    given |= {"SPIDER_MODULES": ["crawler.audit.rebuilding_spider"]}
    where: dict[str, Any] = {"path": str(own.archive), "sources": str(listed)}
    return recorder_of(run_crawl("rebuild", given, **where)).faults
