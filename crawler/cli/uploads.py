"""Archive and corpus brought into the object stores that ARCHIVE_URL and CORPUS_URL name."""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from archive.capture.extension import ArchiveExtension
from archive.collection.uploading import upload, upload_files_of
from archive.errors import ArchiveError, ArchiveUnreadable
from archive.objects.addresses import ObjectAddress
from archive.objects.store import library
from archive.objects.stored_objects import Uploaded
from archive.objects.whereabouts import DROPPED_SUFFIX
from crawler.data_dir import DataDir
from crawler.errors import OperatorError
from crawler.exit_codes import USAGE
from crawler.run.corpus_upload import upload_corpus
from crawler.scrapy_internals import has_extensions

UPLOAD = "`scrapy archive upload`"
AGAIN = f"{UPLOAD}, or the next run, goes on with them."

LOOK_S = 20.0
"""How often a run looks for files that it has closed."""

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


def take_out_of_stores(settings: BaseSettings) -> list[str]:
    """Let what was taken down leave the object stores, too; what is still there, in sentences."""
    said = [
        f"The stores still hold what was taken down. {sentence}"
        for address, uploaded in upload_all(settings)
        for sentence in sentences_on_failure(address, uploaded)
    ]
    left = [*DataDir.of(settings).archive.glob(f"*{DROPPED_SUFFIX}")]
    if left and not said:
        said.append(
            f"{len(left)} objects still hold what was taken down: name ARCHIVE_URL, and {UPLOAD} removes them."
        )
    return said


@contextmanager
def uploading_closed_files(crawler: Crawler) -> Iterator[None]:
    """While a run goes on, let a thread upload the WARC files that it has closed; what fails waits for its end."""
    if not crawler.settings["ARCHIVE_URL"] or crawler.settings["REPLAY_FROM"]:
        yield
        return
    ended = threading.Event()
    thread = threading.Thread(target=_upload_closed_files, args=(crawler, ended), name="uploads", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _upload_closed_files(crawler: Crawler, ended: threading.Event) -> None:
    settings = crawler.settings
    address, data_dir = address_in(settings, "ARCHIVE_URL"), DataDir.of(settings)
    assert address is not None, "only then the thread is started"
    while not ended.wait(LOOK_S):
        archive = crawler.get_extension(ArchiveExtension) if has_extensions(crawler) else None
        if archive is not None:
            root, keeps_local = address.below(data_dir.place), settings.getbool("ARCHIVE_KEEP_LOCAL")
            with suppress(ArchiveError, OSError):
                upload_files_of(archive.collection.run, data_dir.collection, root, keeps_local)


def upload_after_run(settings: BaseSettings) -> None:
    """Upload what a run gathered; whatever fails is said, and harms nothing."""
    if settings["REPLAY_FROM"]:
        return
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
