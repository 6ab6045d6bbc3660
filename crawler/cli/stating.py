"""The collection in which commands state what people decide."""

from collections.abc import Iterator
from contextlib import contextmanager

from scrapy.settings import BaseSettings

from archive.collection.collection import Collection
from archive.collection.from_settings import make_collection
from crawler.catalogue.manifest_heads import note_manifest_head
from crawler.catalogue.stated_decisions import has_unstated, state_earlier
from crawler.database.catalogue import Catalogue


@contextmanager
def stating(settings: BaseSettings, catalogue: Catalogue) -> Iterator[Collection]:
    """The collection, whose file is finished in the end; first it states what an earlier Frontwire did not."""
    collection = make_collection(settings)
    try:
        state_earlier(catalogue, collection)
        yield collection
    finally:
        collection.finish_file()


def state_what_is_not(settings: BaseSettings, catalogue: Catalogue) -> None:
    """Let the archive state what an earlier Frontwire did not, if there is any."""
    if has_unstated(catalogue):
        with stating(settings, catalogue):
            pass


def note_head(catalogue: Catalogue, run_id: int, collection: Collection) -> None:
    """Note where the manifest ends after a run, if there is one."""
    if collection.manifest is not None:
        head = collection.manifest.head
        note_manifest_head(catalogue, run_id, head.lines, head.sha256)
