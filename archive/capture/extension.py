"""The extension that owns the writer of a crawl's archive."""

import errno
import logging
from pathlib import Path
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from scrapy.utils.misc import build_from_crawler, load_object
from twisted.internet.threads import deferToThread

from archive.capture.guarded_endpoints import AddressGuard
from archive.capture.handler_choice import check_handlers, warn_of_reconstruction
from archive.collection.collection import Collection
from archive.collection.from_settings import make_collection
from archive.collection.page_records import IsPage
from archive.collection.rewriting import Referrer
from archive.collection.writer import WarcWriter
from archive.warc.digests import DigestIndex
from archive.warc.files import Report

logger = logging.getLogger(__name__)

_REMEDIES = {
    errno.ENOSPC: "Free space",
    errno.EDQUOT: "Free space",
    errno.EACCES: "Give write access to the folder",
    errno.EPERM: "Give write access to the folder",
    errno.EROFS: "Give write access to the folder",
}


class ArchiveExtension:
    """Owns a crawl's writer and address guard; stops the crawl if the archive cannot be written."""

    def __init__(
        self,
        crawler: Crawler,
        collection: Collection,
        guard: AddressGuard | None,
        digests: DigestIndex | None,
        referrer: Referrer | None,
    ) -> None:
        self.collection = collection
        self.guard = guard
        self.unverified_hosts = set(crawler.settings.getlist("ARCHIVE_UNVERIFIED_HOSTS"))
        """Hosts whose certificates are not verified; a spider may add to them before its first request."""
        self._digests = digests
        self._referrer = referrer
        self.writer = WarcWriter(collection, self._on_failure)
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        guard = _build(settings["ADDRESS_GUARD"], crawler)
        digests = _build(settings.get("ARCHIVE_DIGESTS", "archive.index.run_digests.RunDigests"), crawler)
        reconstructed = settings.getdict("ARCHIVE_RECONSTRUCTED")
        check_handlers(reconstructed)
        warn_of_reconstruction(reconstructed)
        referrer = _build(settings.get("ARCHIVE_MOVED"), crawler)
        collection = make_collection(settings, digests, referrer)
        extension = cls(crawler, collection, guard, digests, referrer)
        crawler.signals.connect(extension.start, signals.engine_started)
        # Not at spider_closed: other parts that close then may still wait for durable captures.
        crawler.signals.connect(extension.close, signals.engine_stopped)
        return extension

    def start(self) -> None:
        """Begin to write."""
        self.writer.start()

    def bring_in(self, path: Path, report: Report, is_redacted: IsPage | None = None) -> list[Path]:
        """Import a foreign archive as `Collection.bring_in` does, in a crawl that writes no captures; blocks."""
        self.writer.wait_recovered()
        return self.collection.bring_in(path, report, is_redacted)

    async def close(self) -> None:
        """Return when the last file is closed and indexed."""
        await maybe_deferred_to_future(deferToThread(self.writer.close))
        if self.collection.manifest is not None and (head := self.collection.manifest.head).lines:
            logger.info(
                "The archive's manifest has %s lines; the last one's SHA-256 is %s.", head.lines, head.sha256
            )
        if self._digests is not None:
            self._digests.close()
        if self._referrer is not None:
            self._referrer.close()

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


def _build(path: str | None, crawler: Crawler) -> Any:
    return build_from_crawler(load_object(path), crawler) if path else None
