"""Files that may lie in an object store instead of on this machine: opened, measured and listed all the same.

A path leads to an object if it was made of a URL (`Path("s3://bucket/key")`), or if the file is gone and a pointer
beside it (`a.warc.gz.object`) says where its content is. Everything else about such a path stays as it was: its name,
what the index, the manifest and the catalogue say of it.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from archive.errors import ArchiveUnreadable
from archive.objects.addresses import ObjectAddress, url_in_path
from archive.objects.object_reader import open_object
from archive.objects.stored_objects import size_of_object

POINTER_SUFFIX = ".object"
"""Ends the name of a file that says at which address the content of another one is, too."""

DROPPED_SUFFIX = ".dropped"
"""Ends the name of a pointer to an object that is to be removed."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """What is known of a file that was put into an object store, and was the same when it was read back."""

    url: str
    bytes: int
    sha256: str
    """In hex."""

    def dump(self) -> str:
        """The content of the pointer's file."""
        return json.dumps(asdict(self)) + "\n"


def pointer_of(path: Path) -> Path:
    """Where the pointer of a file lies."""
    return path.with_name(path.name + POINTER_SUFFIX)


def read_pointer(path: Path) -> Pointer | None:
    """What the pointer of a file says; None if the file has none. `ArchiveUnreadable` if it is damaged."""
    try:
        fields = json.loads(pointer_of(path).read_bytes())
        return Pointer(str(fields["url"]), int(fields["bytes"]), str(fields["sha256"]))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise ArchiveUnreadable(
            f"{pointer_of(path)} cannot be read: remove it; an upload makes it again."
        ) from None


def drop_pointer(path: Path) -> None:
    """Let a file that another one replaces lead nowhere any more; what it led to is to be removed."""
    with suppress(FileNotFoundError):
        pointer_of(path).rename(path.with_name(path.name + DROPPED_SUFFIX))


def open_file(path: Path) -> BinaryIO:
    """Open a file for reading and seeking, wherever it lies."""
    url = _url_of(path)
    return path.open("rb") if url is None else open_object(url)


def size_of(path: Path) -> int:
    """Its bytes, wherever it lies."""
    if (url := url_in_path(path)) is not None:
        size = size_of_object(ObjectAddress.parse(url))
        if size is None:
            raise ArchiveUnreadable(f"There is no object {url}: correct its address, or put it back.")
        return size
    pointer = None if path.is_file() else read_pointer(path)
    return path.stat().st_size if pointer is None else pointer.bytes


def is_there(path: Path) -> bool:
    """Whether there is a file, or a pointer instead of it; of an object whether the store has it."""
    if (url := url_in_path(path)) is not None:
        return size_of_object(ObjectAddress.parse(url)) is not None
    return path.is_file() or pointer_of(path).is_file()


def text_of(path: Path) -> str:
    """A path as people and catalogues have it: an object's is its URL."""
    return url_in_path(path) or str(path)


def full_path(path: Path) -> Path:
    """The absolute path; an object's is what it is."""
    return path if url_in_path(path) else path.absolute()


def files_in(folder: Path, pattern: str = "*.warc.gz") -> list[Path]:
    """The files of a folder whose names fit a pattern, those that only have a pointer too, sorted."""
    return sorted({*folder.glob(pattern), *_pointed(folder, pattern)})


def stores_of(folder: Path) -> list[str]:
    """The URLs below which those files of a folder lie that are not on this disk, each with a slash at its end."""
    pointers = (read_pointer(path) for path in _pointed(folder, "*") if not path.is_file())
    return sorted({pointer.url.rpartition("/")[0] + "/" for pointer in pointers if pointer is not None})


def _pointed(folder: Path, pattern: str) -> Iterator[Path]:
    for pointer in folder.glob(pattern + POINTER_SUFFIX):
        yield pointer.with_name(pointer.name.removesuffix(POINTER_SUFFIX))


def _url_of(path: Path) -> str | None:
    """Where the object is from which a path is read; None if it is a file of this machine."""
    if (url := url_in_path(path)) is not None or path.is_file():
        return url
    pointer = read_pointer(path)
    return pointer.url if pointer else None
