"""Lists of archives, a path a line, as Common Crawl publishes them with each crawl (`warc.paths.gz`)."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from archive.errors import ArchiveUnreadable
from archive.objects.addresses import ObjectAddress, is_object_url
from archive.objects.whereabouts import is_there, open_file, text_of

SUFFIXES = (".paths", ".paths.gz")
"""With which the names of lists end."""

_MOST_BYTES = 4_096
"""Of a line; a longer one is no path."""


def is_listing(path: str) -> bool:
    """Whether a path names a list, here or in an object store."""
    return path.lower().endswith(SUFFIXES)


def listed_archives(listing: str, base: str = "") -> list[Path]:
    """The archives that a list names, each once, in its order; `base` is the folder or `s3://…` of its paths.

    Without `base` they are those beside the list. `ArchiveUnreadable` if it is no list, if it names what is on the
    web, or if files that it names are not there; of objects that is seen when they are read.
    """
    base = base or listing.rpartition("/")[0] or "."
    found = list(dict.fromkeys(_resolved(line, base, listing) for line in _lines(listing)))
    if not found:
        raise ArchiveUnreadable(f"{listing} names no archive: give the list that came with the files.")
    missing = [path for path in found if not is_object_url(text_of(path)) and not is_there(path)]
    if missing:
        raise ArchiveUnreadable(
            f"{len(missing)} of the {len(found)} archives of {listing} are not there, first {missing[0]}: "
            "fetch them, or name the folder of its paths with base=."
        )
    return found


def _resolved(line: str, base: str, listing: str) -> Path:
    for text in (line, base):
        if "://" in text and not is_object_url(text):
            raise ArchiveUnreadable(
                f"{listing} leads to {text}, which is on the web: fetch the files and give their folder as base=, "
                "or gather from there with `scrapy crawl backfill -a via=ccnews`."
            )
    if is_object_url(line):
        return Path(str(ObjectAddress.parse(line)))
    if is_object_url(base):
        return Path(str(ObjectAddress.parse(f"{base.rstrip('/')}/{line.lstrip('/')}")))
    return Path(base) / line


def _lines(listing: str) -> Iterator[str]:
    try:
        with open_file(Path(listing)) as file:
            packed = cast(BinaryIO, gzip.GzipFile(fileobj=file)) if listing.lower().endswith(".gz") else file
            while line := packed.readline(_MOST_BYTES):
                if len(line) == _MOST_BYTES or b"\0" in line:
                    raise ValueError
                if text := line.decode().strip():
                    yield text
    except (EOFError, ValueError, zlib.error, gzip.BadGzipFile):
        raise ArchiveUnreadable(
            f"{listing} is no list of paths, or not whole: give a text file with a path a line, or fetch it again."
        ) from None
    except OSError as error:
        raise ArchiveUnreadable(
            f"Cannot open {listing}: {error.strerror or error}. Check the path."
        ) from error
