"""Archiving for any Scrapy project: `ADDONS = {"archive.addon.ArchiveAddon": 100}`."""

import errno
import logging
import re
from pathlib import Path
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings, default_settings
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from scrapy.utils.misc import build_from_crawler, load_object
from twisted.internet.threads import deferToThread

from archive.capture.guarded_endpoints import AddressGuard
from archive.capture.scrapy_internals import missing_names
from archive.collection.collection import Collection
from archive.collection.rewriting import Referrer
from archive.collection.writer import WarcWriter
from archive.evidence.manifest import Manifest
from archive.replay.captures import Report
from archive.warc.digests import DigestIndex
from archive.warc.response import TransferCoding
from archive.warc.warcinfo import describe_crawl

logger = logging.getLogger(__name__)

_WIRE, _FALLBACK = (
    "archive.capture.handler.WireHandler",
    "archive.capture.reconstruction.ReconstructingHandler",
)
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
        handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
        archiving = dict.fromkeys(("http", "https"), "archive.replay.handler.ReplayHandler")
        if not settings["REPLAY_FROM"]:
            reconstructed = reconstructed_schemes(settings)
            settings.set("ARCHIVE_RECONSTRUCTED", reconstructed, priority="addon")
            archiving = {scheme: _FALLBACK if scheme in reconstructed else _WIRE for scheme in archiving}
            settings.setdefault_in_component_priority_dict("EXTENSIONS", ArchiveExtension, 0)
        for scheme in handlers:
            # Above whatever set another handler: what is fetched past us is not archived.
            settings["DOWNLOAD_HANDLERS"].set(scheme, archiving.get(scheme), priority="cmdline")


class ArchiveExtension:
    """Owns a crawl's writer and address guard; stops the crawl when the archive cannot be written."""

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
        self._digests = digests
        self._referrer = referrer
        self.writer = WarcWriter(collection, self._on_failure)
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        guard = _build(settings["ADDRESS_GUARD"], crawler)
        digests = _build(settings.get("ARCHIVE_DIGESTS", "archive.warc.digests.RunDigests"), crawler)
        _tell_of_reconstruction(settings)
        referrer = _build(settings.get("ARCHIVE_MOVED"), crawler)
        collection = make_collection(settings, digests, referrer)
        extension = cls(crawler, collection, guard, digests, referrer)
        crawler.signals.connect(extension.start, signals.engine_started)
        # Not at spider_closed: what else closes then may still wait for captures to be durable.
        crawler.signals.connect(extension.close, signals.engine_stopped)
        return extension

    def start(self) -> None:
        """Begin to write."""
        self.writer.start()

    def bring_in(self, path: Path, report: Report) -> list[Path]:
        """Import a foreign archive as `Collection.bring_in` does, in a crawl that writes no captures; blocks."""
        self.writer.wait_recovered()
        return self.collection.bring_in(path, report)

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


def reconstructed_schemes(settings: BaseSettings) -> dict[str, str]:
    """Schemes whose octets cannot be seen, each with the handler that fetches it instead of ours.

    These are the schemes for which the project has another handler than Scrapy's for HTTP/1.1 (HTTP/2,
    a browser), and both when Scrapy or Twisted lack the names that are needed.
    """
    configured = settings.getwithbase("DOWNLOAD_HANDLERS")
    stock = default_settings.DOWNLOAD_HANDLERS_BASE
    is_blind = bool(missing_names())
    return {
        scheme: configured[scheme]
        for scheme in ("http", "https")
        if configured[scheme] is not None and (is_blind or configured[scheme] != stock[scheme])
    }


def _tell_of_reconstruction(settings: BaseSettings) -> None:
    reconstructed = settings.getdict("ARCHIVE_RECONSTRUCTED")
    if not reconstructed:
        return
    missing = missing_names()
    logger.warning(
        "Records of %s are made from request and response objects, not from the octets of the wire: %s.",
        " and ".join(reconstructed),
        f"this Scrapy or Twisted has no {missing[0]}; install the versions of requirements.lock"
        if missing
        else f"DOWNLOAD_HANDLERS names {', '.join(map(str, dict.fromkeys(reconstructed.values())))}",
    )


def _build(path: str | None, crawler: Crawler) -> Any:
    return build_from_crawler(load_object(path), crawler) if path else None


def make_collection(
    settings: BaseSettings, digests: DigestIndex | None = None, referrer: Referrer | None = None
) -> Collection:
    """The collection that the settings describe; ValueError names the setting that is wrong."""
    folder = Path(settings["ARCHIVE_DIR"] or Path(settings.get("DATA_DIR", "data"), "collections", "news"))
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
    info = describe_crawl(settings, folder.name)
    return Collection(
        folder,
        prefix,
        info,
        max_file_bytes,
        transfer_coding(settings),
        digests,
        [referrer] if referrer else (),
        make_manifest(settings, folder),
    )


def make_manifest(settings: BaseSettings, folder: Path) -> Manifest | None:
    """The manifest of the collection in a folder, None without ARCHIVE_SIGNING_KEY.

    ValueError, a `KeyRefused` among them, if its key cannot sign the next line.
    """
    if not settings.get("ARCHIVE_SIGNING_KEY"):
        return None
    key, data = (
        Path(settings["ARCHIVE_SIGNING_KEY"]).absolute(),
        Path(settings.get("DATA_DIR", "data")).absolute(),
    )
    if key.is_relative_to(data) or key.is_relative_to(folder.absolute()):
        raise ValueError(
            f"ARCHIVE_SIGNING_KEY is {key}, among the data: who changes them could sign for it. "
            "Name a file elsewhere."
        )
    manifest = Manifest(folder, key)
    manifest.check_key()
    return manifest


def transfer_coding(settings: BaseSettings) -> TransferCoding:
    """How chunked answers are stored; ValueError if ARCHIVE_TRANSFER_CODING is none of the known ways."""
    name = settings.get("ARCHIVE_TRANSFER_CODING") or TransferCoding.DECODED
    try:
        return TransferCoding(name)
    except ValueError:
        raise ValueError(
            f"ARCHIVE_TRANSFER_CODING is {name!r}: give one of {', '.join(TransferCoding)}."
        ) from None
