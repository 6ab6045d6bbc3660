"""Pages that a killed run had archived but not made known: they are read from the archive, not asked for again."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.errors import ArchiveUnreadable
from archive.replay.captures import ArchivedCapture, CaptureReader
from crawler.http.responses import is_html
from crawler.items import UrlKind
from crawler.spiders.archived_links import link_of


def read_pages(archive: Path, names: Sequence[str]) -> Iterator[ArchivedCapture]:
    """The whole pages in some files of the archive's folder; whatever is damaged is asked for again instead."""
    paths = [archive / name for name in names]
    with CaptureReader(paths, lambda _: None, archive) as reader:
        for path in paths:
            try:
                yield from (capture for capture in reader.read(path) if _is_page(capture))
            except ArchiveUnreadable:
                continue


def _is_page(capture: ArchivedCapture) -> bool:
    link = link_of(capture)
    if link is None or capture.truncated or not 200 <= capture.status < 300:
        return False
    return link.kind is not UrlKind.IMAGE and (link.kind is not UrlKind.ARTICLE or is_html(capture.headers))
