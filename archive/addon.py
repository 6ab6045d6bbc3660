"""Archiving for any Scrapy project: `ADDONS = {"archive.addon.ArchiveAddon": 100}`."""

import errno
import logging
import re
from importlib.metadata import version
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from scrapy.utils.misc import build_from_crawler, load_object
from twisted.internet.threads import deferToThread

from archive.collection import Collection
from archive.guard import AddressGuard
from archive.writer import WarcWriter

logger = logging.getLogger(__name__)

_WARC_FORMAT = {
    "format": "WARC File Format 1.1",
    "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
}
_PREFIX = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
_REMEDIES = {
    errno.ENOSPC: "Free space",
    errno.EDQUOT: "Free space",
    errno.EACCES: "Give write access to the folder",
    errno.EPERM: "Give write access to the folder",
    errno.EROFS: "Give write access to the folder",
}


class ArchiveAddon:
    """Records every exchange of a crawl in WARC files, or answers every request from them (REPLAY_FROM).

    Other schemes than http and https are switched off: what they fetch could not be archived.
    """

    def update_settings(self, settings: BaseSettings) -> None:
        """Put the handler and, unless replaying, the extension that owns the writer into the settings."""
        replays = bool(settings["REPLAY_FROM"])
        handler = "archive.replay.ReplayHandler" if replays else "archive.handler.WireHandler"
        for scheme in settings.getwithbase("DOWNLOAD_HANDLERS"):
            settings["DOWNLOAD_HANDLERS"][scheme] = handler if scheme in ("http", "https") else None
        if not replays:
            settings.setdefault_in_component_priority_dict("EXTENSIONS", ArchiveExtension, 0)


class ArchiveExtension:
    """Owns a crawl's writer and address guard; stops the crawl when the archive cannot be written."""

    def __init__(self, crawler: Crawler, collection: Collection, guard: AddressGuard | None) -> None:
        self.guard = guard
        self.writer = WarcWriter(collection, self._on_failure)
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        guard_path = settings["ADDRESS_GUARD"]
        guard = build_from_crawler(load_object(guard_path), crawler) if guard_path else None
        extension = cls(crawler, make_collection(settings), guard)
        crawler.signals.connect(extension.start, signals.engine_started)
        # Not at spider_closed: what else closes then may still wait for captures to be durable.
        crawler.signals.connect(extension.close, signals.engine_stopped)
        return extension

    def start(self) -> None:
        """Begin to write."""
        self.writer.start()

    async def close(self) -> None:
        """Return when the last file is closed and indexed."""
        await maybe_deferred_to_future(deferToThread(self.writer.close))

    def _on_failure(self, error: OSError) -> None:
        from twisted.internet import reactor

        reactor.callFromThread(self._stop_crawl, error)

    def _stop_crawl(self, error: OSError) -> None:
        logger.error(
            "Cannot write %s: %s. Crawl stopped. "
            "%s and run the same command again; it continues where it stopped.",
            error.filename or "the archive",
            error.strerror or error,
            _REMEDIES.get(error.errno or 0, "Check the disk"),
        )
        engine = self._crawler.engine
        if engine is not None and engine.spider is not None:
            deferred_from_coro(engine.close_spider_async(reason="archive_failed"))


def make_collection(settings: BaseSettings) -> Collection:
    """The collection that the settings describe; ValueError names the setting that is wrong."""
    folder = settings["ARCHIVE_DIR"] or Path(settings.get("DATA_DIR", "data"), "collections", "news")
    prefix = settings.get("ARCHIVE_PREFIX") or settings["BOT_NAME"]
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(
            f"ARCHIVE_PREFIX is {prefix!r}: file names may begin with letters, digits, . _ and - only."
        )
    max_file_bytes = settings.getint("ARCHIVE_MAX_BYTES", 10**9)
    if max_file_bytes <= 0:
        raise ValueError(
            f"ARCHIVE_MAX_BYTES is {max_file_bytes}: give the size at which a new file is begun."
        )
    return Collection(Path(folder), prefix, describe_crawl(settings), max_file_bytes)


def describe_crawl(settings: BaseSettings) -> dict[str, str]:
    """What the warcinfo record says about a crawl; nothing in it is secret."""
    robots = settings.get("ARCHIVE_ROBOTS_POLICY") or (
        "classic" if settings.getbool("ROBOTSTXT_OBEY") else ""
    )
    return {
        "software": " ".join(
            [settings["BOT_NAME"], *(f"{name}/{version(name)}" for name in ("Scrapy", "warcio"))]
        ),
        "operator": settings.get("OPERATOR") or "",
        "robots": robots,
        "http-header-user-agent": settings["USER_AGENT"],
        **_WARC_FORMAT,
    }
