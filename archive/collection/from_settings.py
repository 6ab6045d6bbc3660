"""A project's collection, as Scrapy's settings describe it."""

import re
from pathlib import Path

from scrapy.settings import BaseSettings

from archive.collection.collection import Collection
from archive.collection.rewriting import Referrer
from archive.errors import InvalidSetting
from archive.evidence.manifest import Manifest
from archive.layout import collection_folder
from archive.warc.digests import DigestIndex
from archive.warc.response import TransferCoding
from archive.warc.warcinfo import describe_crawl

_PREFIX = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)


def make_collection(
    settings: BaseSettings, digests: DigestIndex | None = None, referrer: Referrer | None = None
) -> Collection:
    """The collection that the settings describe; `InvalidSetting` names the setting that is wrong."""
    folder = collection_folder(settings)
    prefix = settings.get("ARCHIVE_PREFIX") or settings["BOT_NAME"]
    if not _PREFIX.fullmatch(prefix):
        raise InvalidSetting(
            f"ARCHIVE_PREFIX is {prefix!r}: file names may begin with letters, digits, . _ and - only."
        )
    max_file_bytes = settings.getint("ARCHIVE_MAX_BYTES", 10**9)
    if max_file_bytes <= 0:
        raise InvalidSetting(
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

    `InvalidSetting`, `KeyRefused` or `ManifestDamaged` if its key cannot sign the next line.
    """
    if not settings.get("ARCHIVE_SIGNING_KEY"):
        return None
    key, data = (
        Path(settings["ARCHIVE_SIGNING_KEY"]).absolute(),
        Path(settings.get("DATA_DIR", "data")).absolute(),
    )
    if key.is_relative_to(data) or key.is_relative_to(folder.absolute()):
        raise InvalidSetting(
            f"ARCHIVE_SIGNING_KEY is {key}, among the data: who changes them could sign for it. "
            "Name a file elsewhere."
        )
    manifest = Manifest(folder, key)
    manifest.check_key()
    return manifest


def transfer_coding(settings: BaseSettings) -> TransferCoding:
    """How chunked answers are stored; `InvalidSetting` if ARCHIVE_TRANSFER_CODING is none of them."""
    name = settings.get("ARCHIVE_TRANSFER_CODING") or TransferCoding.DECODED
    try:
        return TransferCoding(name)
    except ValueError:
        raise InvalidSetting(
            f"ARCHIVE_TRANSFER_CODING is {name!r}: give one of {', '.join(TransferCoding)}."
        ) from None
