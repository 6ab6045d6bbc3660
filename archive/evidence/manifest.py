"""The manifest of a collection: one signed line for each closed WARC, bound to the line before it.

A line is JSON; its signature is the last member and is made over the line as it reads without that
member. `previous` is the SHA-256 of the line before, so that no line can be changed, moved or removed
unnoticed; a `Head` that is kept elsewhere shows that the last lines were not cut off.
"""

import fcntl
import hashlib
import json
import os
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO

from archive.errors import KeyForeign, KeyMissing, ManifestDamaged
from archive.evidence.manifest_lines import Head, Line, current_files, parse_line
from archive.evidence.signing import SigningKey, key_id, read_key, read_or_make_key, retired_path
from archive.warc.closed_file import ClosedWarc, Redaction
from archive.warc.durable import make_folder, naming, sync_folder
from archive.warc.files import RecordFile

MANIFEST_NAME = "manifest.jsonl"


class Manifest:
    """The manifest of one collection, to which the archive's writer adds a line for each file."""

    def __init__(self, folder: Path, key: Path) -> None:
        """Take the collection's folder and the path of the signing key, which is made on first use."""
        self.path = folder / MANIFEST_NAME
        self._key_path = key

    def check_key(self) -> None:
        """Raise `KeyRefused` or `ManifestDamaged` if the next line cannot be signed by the same key as the last one."""
        key, chain_key = read_key(self._key_path), self.public_key
        if not chain_key:
            return
        if key is None:
            raise KeyMissing(
                f"The key {key_id(chain_key)}, which signed {self.path}, is not at {self._key_path}: "
                "bring it back, or name its file with ARCHIVE_SIGNING_KEY."
            )
        self._refuse_foreign(chain_key, key)

    def make_key(self) -> SigningKey:
        """The key that signs the next line, created if there is none yet; OSError if that fails."""
        return read_or_make_key(self._key_path)

    @property
    def public_key(self) -> str:
        """The public key that must sign the next line; empty if any key may."""
        return next((line.next_key for line in deque(self.lines(), 1)), "")

    @property
    def public_keys(self) -> set[str]:
        """Every key that signed a line, or was to sign the next one."""
        return {key for line in self.lines() for key in (line.public_key, line.next_key)}

    @property
    def head(self) -> Head:
        """Where the chain ends now."""
        return _head(_lines(self.path))

    def has(self, name: str) -> bool:
        """Whether there is a line for a file."""
        beginning = b'{"file": %b, ' % json.dumps(name).encode()
        return any(line.startswith(beginning) for line in _lines(self.path))

    def lines(self) -> Iterator[Line]:
        """Every line; `ManifestDamaged` at the first that cannot be read."""
        for number, data in enumerate(_lines(self.path), 1):
            with _numbered(self.path, number):
                yield parse_line(data)

    def add(self, closed: ClosedWarc) -> None:
        """Append the line of a file; it is on disk on return.

        `KeyForeign` if the chain is another key's; OSError, naming the file, if it cannot be written.
        """
        optional = ("replaces", "redaction")
        fields = {name: value for name, value in asdict(closed).items() if value or name not in optional}
        key = read_or_make_key(self._key_path)
        with _held(self.path) as (file, lines):
            self._refuse_foreign(_chain_key(self.path, lines) or key.public_key, key)
            _append(file, lines, fields, key)

    def confirms(self, path: Path) -> bool:
        """Whether a file is as its line says; `ManifestDamaged` if the lines cannot be read."""
        closed = current_files(self.lines()).get(path.name)
        return closed is not None and closed.sha256 == RecordFile(path).sha256()

    def add_rewritten(self, path: Path, replaced: Sequence[str], redaction: Redaction | None) -> None:
        """Append the line of a new file that replaces others, if it is not there yet."""
        if not self.has(path.name):
            closed = ClosedWarc.read(path, path.name)
            self.add(replace(closed, replaces=tuple(replaced), redaction=redaction))

    @property
    def redacted_urls(self) -> set[str]:
        """URLs whose records were taken down."""
        entries = (line.entry for line in self.lines())
        return {entry.redaction.url for entry in entries if isinstance(entry, ClosedWarc) and entry.redaction}

    def rotate(self, lost: bool = False) -> None:
        """Let the key that is now at its path sign from here on; the old key, retired beside it, signs the change.

        With `lost` the new key signs it itself; `KeyMissing` if the old one is neither there nor lost.
        """
        chain_key, current = self.public_key, read_key(self._key_path)
        if not chain_key or (current is not None and chain_key == current.public_key):
            return
        old = read_key(retired_path(self._key_path, key_id(chain_key)))
        if old is None and not lost:
            raise KeyMissing(
                f"The key {key_id(chain_key)}, which signed {self.path}, is not beside {self._key_path}: "
                "bring its file back."
            )
        new = read_or_make_key(self._key_path)
        with _held(self.path) as (file, lines):
            if _chain_key(self.path, lines) != new.public_key:
                fields = {"newPublicKey": new.public_key, "newKeyId": new.id, "lost": old is None}
                _append(file, lines, fields, old or new)

    def _refuse_foreign(self, chain_key: str, key: SigningKey) -> None:
        if chain_key != key.public_key:
            raise KeyForeign(
                f"{self.path} is signed by the key {key_id(chain_key)}, but {self._key_path} holds {key.id}: "
                "name the right file with ARCHIVE_SIGNING_KEY."
            )


def _lines(path: Path) -> list[bytes]:
    """The whole lines of a manifest; a last one without line end was not finished, nor its file closed."""
    try:
        return _whole_lines(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):  # NotADirectoryError: the first write reports it
        return []


def _whole_lines(data: bytes) -> list[bytes]:
    return data.split(b"\n")[:-1]


def _head(lines: list[bytes]) -> Head:
    return Head(len(lines), hashlib.sha256(lines[-1]).hexdigest()) if lines else Head()


def _chain_key(path: Path, lines: list[bytes]) -> str:
    """The public key that must sign the next line; empty if any key may."""
    if not lines:
        return ""
    with _numbered(path, len(lines)):
        return parse_line(lines[-1]).next_key


@contextmanager
def _numbered(path: Path, number: int) -> Iterator[None]:
    try:
        yield
    except ManifestDamaged as error:
        raise ManifestDamaged(f"Line {number} of {path} {error}: bring the file back from a copy.") from None


@contextmanager
def _held(path: Path) -> Iterator[tuple[IO[bytes], list[bytes]]]:
    """The manifest, locked for appending, and its lines."""
    make_folder(path.parent)
    with naming(path), path.open("a+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        file.seek(0)
        lines = _whole_lines(file.read())
        file.truncate(sum(map(len, lines)) + len(lines))
        yield file, lines
        file.flush()
        os.fsync(file.fileno())
        sync_folder(path.parent)


def _append(file: IO[bytes], lines: list[bytes], fields: dict[str, object], key: SigningKey) -> None:
    fields = {**fields, "previous": _head(lines).sha256, "keyId": key.id, "publicKey": key.public_key}
    text = json.dumps(fields)
    file.write(f'{text[:-1]}, "signature": "{key.sign(text)}"}}\n'.encode())
