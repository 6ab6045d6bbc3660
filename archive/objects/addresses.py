"""Addresses of objects: `s3://bucket/folder/name`, and what a pattern of them means."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from archive.errors import ArchiveUnreadable

_SCHEME = "s3"
_MARK = f"{_SCHEME}://"
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}", re.ASCII)
_MAGIC = re.compile(r"[*?\[]")
_PIECES = re.compile(r"(\*\*/|\*\*|\*|\?|\[!?[^]]+\])")
_AS_REGEX = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@dataclass(frozen=True, slots=True)
class ObjectAddress:
    """Where an object lies, or several whose keys begin alike."""

    bucket: str
    key: str
    """Without a slash at either end; empty: the whole bucket."""

    @classmethod
    def parse(cls, url: str) -> Self:
        """The address that a URL names; `ArchiveUnreadable` if it is none."""
        bucket, _, key = url.removeprefix(_MARK).partition("/")
        if not url.startswith(_MARK) or not _BUCKET.fullmatch(bucket):
            raise ArchiveUnreadable(
                f"{_shown(url)} is no address of objects: give s3://BUCKET/KEY, and credentials by the environment."
            )
        parts = key.strip("/").split("/") if key.strip("/") else []
        if any(part in ("", ".", "..") for part in parts):
            raise ArchiveUnreadable(
                f"{url} has an empty part between its slashes, or dots for one: correct it."
            )
        return cls(bucket, "/".join(parts))

    def __str__(self) -> str:
        return f"{_MARK}{self.bucket}/{self.key}"

    def below(self, name: str) -> "ObjectAddress":
        """The address of what lies below this one."""
        return ObjectAddress(self.bucket, f"{self.key}/{name}".lstrip("/"))

    @property
    def is_pattern(self) -> bool:
        """Whether it means whatever fits it."""
        return _MAGIC.search(self.key) is not None

    @property
    def folder(self) -> str:
        """The key up to the first part with a wildcard: what fits the pattern lies below."""
        parts = self.key.split("/")
        fixed = next((at for at, part in enumerate(parts) if _MAGIC.search(part)), len(parts))
        return "/".join(parts[:fixed])

    def fits(self, key: str) -> bool:
        """Whether a key fits the pattern: `*` and `?` stop at slashes, `**` does not."""
        pieces = _PIECES.split(self.key)
        return re.fullmatch("".join(map(_regex_of, pieces)), key) is not None


def _regex_of(piece: str) -> str:
    if piece.startswith("[") and piece.endswith("]"):
        return piece.replace("[!", "[^").replace("\\", "\\\\")
    return _AS_REGEX.get(piece) or re.escape(piece)


def _shown(url: str) -> str:
    """A URL without what stands before an @: it may be a password."""
    scheme, mark, rest = url.partition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"


def is_object_url(path: str) -> bool:
    """Whether a text names an object, or several, and no file of this machine."""
    return path.startswith(_MARK)


def url_in_path(path: Path) -> str | None:
    """The URL that was made a path, and has lost a slash; None for a file's path.

    `folder / "s3://bucket/key"` leads to the object too, as `folder / "/file"` leads to the file.
    """
    root = f"{_SCHEME}:"
    return _MARK + "/".join(path.parts[path.parts.index(root) + 1 :]) if root in path.parts else None
