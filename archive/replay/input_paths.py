"""Which archives a path means: a file, a folder with everything below it, a pattern or a list; here or in S3."""

import glob
import os
from collections.abc import Iterator
from pathlib import Path

from archive.errors import ArchiveUnreadable
from archive.objects.addresses import ObjectAddress, is_object_url
from archive.objects.stored_objects import listed
from archive.objects.whereabouts import POINTER_SUFFIX, is_there
from archive.replay.path_listings import is_listing, listed_archives
from archive.warc.files import SUFFIXES
from archive.warc.recognition import is_archive
from archive.warc.rewriting_journal import superseded

_UNFINISHED = (".open", ".rewriting", ".tmp", ".part", ".partial", ".crdownload", ".download")
"""With which the names of files end that are still being written."""


def expand_paths(pattern: str, base: str = "") -> list[Path]:
    """The archives that a file, a folder (searched recursively) or a glob pattern means, sorted.

    What is one is recognised by name or content, an object only by its name. Hidden files are left out, and files
    that are still being written (`.open`, `.part`) or that another file replaces. A list of archives
    (`warc.paths.gz`) means those that it names, in its order, below `base`.
    """
    if is_listing(pattern):
        return listed_archives(pattern, base)
    if is_object_url(pattern):
        return _objects(pattern)
    if "://" in pattern:
        raise ArchiveUnreadable(f"{pattern} is a URL of no object store: download it and give its path.")
    path = Path(pattern)
    if path.suffix == ".open":
        raise ArchiveUnreadable(
            f"{path} is still being written: wait for the crawl to end, or start it again."
        )
    if is_there(path):
        return [path]
    paths = sorted(filter(is_archive, _files(pattern)))
    if not paths:
        raise ArchiveUnreadable(
            f"No archive at {pattern}: name a file, a folder or a pattern of {_spoken()}."
        )
    return paths


def left_out(pattern: str) -> list[Path]:
    """The files that a folder or a pattern means and that are no archives, sorted."""
    if is_object_url(pattern) or is_there(Path(pattern)):
        return []
    return sorted(path for path in _files(pattern) if not is_archive(path))


def _files(pattern: str) -> set[Path]:
    """What a folder or a pattern means."""
    path = Path(pattern)
    # glob, not Path.glob: it leaves hidden files out and takes absolute patterns.
    roots = [path] if path.is_dir() else _matches(pattern)
    found = {_meant(file) for root in roots for file in (_walk(root) if root.is_dir() else [root])}
    folders = {file.parent for file in found}
    twice = {folder / name for folder in folders for name in superseded(folder.parent)}
    return {file for file in found - twice if file.suffix not in _UNFINISHED}


def _matches(pattern: str) -> list[Path]:
    """What fits a pattern, pointers to files that do included."""
    patterns = (pattern, pattern + POINTER_SUFFIX)
    return [Path(match) for each in patterns for match in glob.glob(each, recursive=True)]  # noqa: PTH207


def _meant(file: Path) -> Path:
    """The file that a pointer stands for; any other file itself."""
    return file.with_name(file.stem) if file.suffix == POINTER_SUFFIX else file


def _objects(url: str) -> list[Path]:
    """The archives that a URL of an object, of what lies below it or a pattern means."""
    address = ObjectAddress.parse(url)
    found = [each.address for each in listed(address)]
    paths = [Path(str(each)) for each in found if each == address or each.key.lower().endswith(SUFFIXES)]
    if not paths:
        raise ArchiveUnreadable(f"No archive at {url}: name an object, a folder or a pattern of {_spoken()}.")
    return paths


def _walk(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise ArchiveUnreadable(
            f"Cannot list {error.filename}: {error.strerror}. Give read access to it."
        ) from error

    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place, name) for name in names if not name.startswith("."))


def _spoken() -> str:
    return f"{', '.join('*' + suffix for suffix in SUFFIXES[:-1])} or *{SUFFIXES[-1]}"
