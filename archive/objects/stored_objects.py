"""Objects written so that they are known to be there: with a checksum, then read back."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import NotAsWritten
from archive.objects.addresses import ObjectAddress
from archive.objects.store import error_of_store, explained, library, status_of_error, store_of

_PART_BYTES = 8 * 1024 * 1024
_PARTS_AT_A_TIME = 2
_PIECE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Content:
    """What a file or an object holds."""

    bytes: int
    sha256: str
    """In hex."""


@dataclass(frozen=True, slots=True)
class ListedObject:
    """An object of a listing."""

    address: ObjectAddress
    bytes: int


def content_of(file: Path) -> Content:
    """What a file of this machine holds."""
    with file.open("rb") as data:
        sha256 = hashlib.file_digest(data, "sha256").hexdigest()
        return Content(data.tell(), sha256)


@dataclass(slots=True)
class Uploaded:
    """What an upload came to; it counts up while it goes on."""

    files: int = 0
    bytes: int = 0
    removed: int = 0
    """Objects that nothing leads to any more."""
    left: list[str] = field(default_factory=list)
    """Files that are not in the store, or not known to be."""
    failures: list[str] = field(default_factory=list)
    """Why, in sentences."""


def put(file: Path, address: ObjectAddress, content: Content | None = None) -> Content:
    """Let a file be the object at an address, and return when what the store gives back is the same: its content.

    An object that is there already with the same content is not written again. `NotAsWritten` if the store gives
    back something else, `ObjectsUnreachable` if it does not take it; an object is there as a whole or not at all.
    """
    content = content or content_of(file)
    if size_of_object(address) != content.bytes or read_back(address) != content:
        with explained(address), file.open("rb") as data:
            library().put(
                store_of(address), address.key, data, chunk_size=_PART_BYTES, max_concurrency=_PARTS_AT_A_TIME
            )
        _require(content, address)
    return content


def put_bytes(data: bytes, address: ObjectAddress) -> None:
    """The same for an object of some bytes, which replaces what is there."""
    with explained(address):
        library().put(store_of(address), address.key, data)
    _require(Content(len(data), hashlib.sha256(data).hexdigest()), address)


def _require(content: Content, address: ObjectAddress) -> None:
    if read_back(address) != content:
        raise NotAsWritten(
            f"The object store gives {address} back otherwise than it was sent: the file stays, upload it again."
        )


def size_of_object(address: ObjectAddress) -> int | None:
    """Bytes of the object at an address; None if there is none."""
    store = store_of(address)
    with explained(address):
        try:
            return int(library().head(store, address.key)["size"])
        except FileNotFoundError:
            return None
        except error_of_store() as error:
            if status_of_error(error) == "403":  # the answer to HEAD has no body that says why
                library().get(store, address.key, options={"range": (0, 1)})
            raise


def read_back(address: ObjectAddress) -> Content:
    """What the store gives for an object, read from its first byte to its last."""
    sha256, size = hashlib.sha256(), 0
    for piece in fetch(address):
        sha256.update(piece)
        size += len(piece)
    return Content(size, sha256.hexdigest())


def fetch(address: ObjectAddress) -> Iterator[bytes]:
    """The bytes of an object, piece by piece."""
    with explained(address):
        for piece in library().get(store_of(address), address.key).stream(_PIECE_BYTES):
            yield bytes(piece)


def remove(address: ObjectAddress) -> None:
    """Remove an object; it may be gone already."""
    with explained(address):
        library().delete(store_of(address), address.key)


def listed(address: ObjectAddress) -> Iterator[ListedObject]:
    """The objects that an address means, sorted by key: what fits its pattern, else the object, else all below it."""
    if not address.is_pattern and (size := size_of_object(address)) is not None:
        yield ListedObject(address, size)
        return
    with explained(address):
        for batch in library().list(store_of(address), address.folder or None):
            for each in batch:
                if not address.is_pattern or address.fits(each["path"]):
                    yield ListedObject(ObjectAddress(address.bucket, each["path"]), int(each["size"]))
