"""The lines of a manifest: each describes a file, or the key that signs from there on."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import ManifestDamaged
from archive.evidence.signing import is_signed, key_id
from archive.warc.closed_file import ClosedWarc, redaction_of

_SIGNED = re.compile(rb'(\{.*), "signature": "([A-Za-z0-9+/=]+)"\}')


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: kept elsewhere, it shows later whether lines were cut off."""

    lines: int = 0
    sha256: str = ""
    """Of the last line, in hex."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """The entry of a line after which another key signs."""

    new_public_key: str
    lost: bool
    """The old key was lost: the new one signed its own line, and people must compare its id."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line that could be read; whether it is true must still be checked."""

    raw: bytes
    text: str
    """Without the signature: what was signed."""
    signature: str
    public_key: str
    """Of the key that signed it."""
    previous: str
    entry: ClosedWarc | Rotation

    @property
    def is_signed(self) -> bool:
        """Whether the signature is valid for the text; takes some milliseconds."""
        return is_signed(self.text, self.signature, self.public_key)

    @property
    def sha256(self) -> str:
        """The digest of this line that the next line repeats."""
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def next_key(self) -> str:
        """The public key that signs the next line."""
        return self.entry.new_public_key if isinstance(self.entry, Rotation) else self.public_key


def parse_line(data: bytes) -> Line:
    """The content of a line, given without its line end; `ManifestDamaged` if it is no line."""
    signed = _SIGNED.fullmatch(data)
    try:
        if signed is None:
            raise ValueError
        text, signature = (signed[1] + b"}").decode(), signed[2].decode()
        fields = json.loads(text)
        previous, public_key = str(fields.pop("previous")), str(fields.pop("publicKey"))
        if fields.pop("keyId") != key_id(public_key):
            raise ValueError
        entry = _entry(fields)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ManifestDamaged("is no line of a manifest") from None
    return Line(data, text, signature, public_key, previous, entry)


def _entry(fields: dict[str, Any]) -> ClosedWarc | Rotation:
    if "newPublicKey" in fields:
        return Rotation(str(fields["newPublicKey"]), fields["lost"] is True)
    replaces = tuple(map(str, fields.pop("replaces", ())))
    redaction = redaction_of(fields.pop("redaction", None))
    closed = ClosedWarc(**fields, replaces=replaces, redaction=redaction)
    if any(Path(name).name != name or name in ("", "..") for name in (closed.file, *replaces)):
        raise ValueError
    return closed


def current_files(lines: Iterable[Line]) -> dict[str, ClosedWarc]:
    """The files that should exist according to the lines, by name."""
    files: dict[str, ClosedWarc] = {}
    for line in lines:
        if isinstance(line.entry, ClosedWarc):
            for name in line.entry.replaces:
                files.pop(name, None)
            files[line.entry.file] = line.entry
    return files
