"""Archive and corpus brought into the object stores that ARCHIVE_URL and CORPUS_URL name."""

import logging
import sqlite3
from collections.abc import Iterator

from scrapy.settings import BaseSettings

from archive.collection.uploading import upload
from archive.errors import ArchiveError, ArchiveUnreadable
from archive.objects.addresses import ObjectAddress
from archive.objects.store import library
from archive.objects.stored_objects import Uploaded
from crawler.data_dir import DataDir
from crawler.errors import OperatorError
from crawler.exit_codes import USAGE
from crawler.run.corpus_upload import upload_corpus

AGAIN = "`scrapy archive upload`, or the next run, goes on with them."

logger = logging.getLogger(__name__)


def address_in(settings: BaseSettings, name: str) -> ObjectAddress | None:
    """The address that a setting names, None if it is empty; OperatorError if it is none, or the library is missing."""
    if not settings[name]:
        return None
    try:
        library()
        return ObjectAddress.parse(settings[name])
    except ArchiveUnreadable as error:
        raise OperatorError(f"{name}: {error}", USAGE) from None


def check_addresses(settings: BaseSettings) -> None:
    """Refuse addresses that cannot be used."""
    for name in ("ARCHIVE_URL", "CORPUS_URL"):
        address_in(settings, name)


def upload_all(settings: BaseSettings) -> list[tuple[str, Uploaded]]:
    """Upload what is new in a data directory that the caller holds: what that came to, by the address."""
    data_dir = DataDir.of(settings)
    done = []
    if archive := address_in(settings, "ARCHIVE_URL"):
        root = archive.below(data_dir.place)
        done.append((str(root), upload(data_dir.collection, root, settings.getbool("ARCHIVE_KEEP_LOCAL"))))
    if corpus := address_in(settings, "CORPUS_URL"):
        done.append((str(corpus), upload_corpus(data_dir.corpus, data_dir.uploaded_texts, corpus)))
    return done


def upload_after_run(settings: BaseSettings) -> None:
    """Upload what a run gathered; whatever fails is said, and harms nothing."""
    try:
        for address, uploaded in upload_all(settings):
            logger.info("%s", sentence_on(address, uploaded))
            for sentence in sentences_on_failure(address, uploaded):
                logger.warning("%s", sentence)
    except (ArchiveError, OSError, sqlite3.Error) as error:
        logger.warning("Not everything was uploaded: %s %s", error, AGAIN)


def sentence_on(address: str, uploaded: Uploaded) -> str:
    """What was done."""
    removed = f", {uploaded.removed} removed" if uploaded.removed else ""
    return f"{uploaded.files} new files ({uploaded.bytes} bytes) are in {address}{removed}."


def sentences_on_failure(address: str, uploaded: Uploaded) -> Iterator[str]:
    """What was not done, and why; nothing if all was."""
    if uploaded.left:
        names = ", ".join(uploaded.left[:3]) + (", …" if len(uploaded.left) > 3 else "")
        why = " ".join(dict.fromkeys(uploaded.failures[:3]))
        yield f"Not in {address} yet, and still here: {len(uploaded.left)} files ({names}). {why} {AGAIN}"
