"""A Scrapy extension that writes down, at the end of a crawl, what each thread and process of it has taken."""

import json
import os
import threading
import time
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from bench.process_tree import cpu_seconds, descendants

FILE = "cpu.json"


class ThreadClock:
    """Writes `cpu.json` into DATA_DIR: CPU seconds of threads by their name, of the workers and of their server."""

    def __init__(self, crawler: Crawler) -> None:
        self._file = Path(crawler.settings["DATA_DIR"], FILE)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        clock = cls(crawler)
        # Before the workers are ended: what they took is not known any more then.
        crawler.signals.connect(clock.write, signal=signals.spider_idle)
        return clock

    def write(self) -> None:
        """Write what was taken until now."""
        server, *workers = descendants(os.getpid())[1:]
        own, ended = cpu_seconds(server)
        taken = _threads() | {"server": own, "workers": ended + sum(cpu_seconds(each)[0] for each in workers)}
        self._file.write_text(json.dumps(taken), encoding="utf-8")


def _threads() -> dict[str, float]:
    """CPU seconds by name; the numbers of a pool's threads left out."""
    taken: dict[str, float] = {}
    for thread in threading.enumerate():
        name = thread.name.rpartition("_")[0] or thread.name
        clock = time.pthread_getcpuclockid(thread.ident or 0)
        taken[name] = taken.get(name, 0.0) + time.clock_gettime(clock)
    return taken
