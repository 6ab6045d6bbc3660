"""Whether a manifest is as it was written: its chain, its signatures, its end."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from archive.checks.findings import Finding, fault, note
from archive.errors import ManifestDamaged
from archive.evidence.manifest import MANIFEST_NAME
from archive.evidence.manifest_lines import Head, Line, Rotation, parse_line
from archive.evidence.signing import key_id


class ManifestChain:
    """The chain of lines in a manifest file, as far as they can be read."""

    def __init__(self, path: Path) -> None:
        """Read the file; a missing file has no lines."""
        data = path.read_bytes() if path.exists() else b""
        *self._raw, self._torn = data.split(b"\n")
        self.lines = [_parse(line) for line in self._raw]

    def check(self, expected_key: str = "") -> Iterator[Finding]:
        """Report lines that were changed, moved or signed by the wrong key.

        `expected_key` is the id of the key that must have signed last; if it is empty, any key may have.
        """
        previous, key = "", ""
        for number, (data, line) in enumerate(zip(self._raw, self.lines, strict=True), 1):
            if line is None:
                yield fault(MANIFEST_NAME, f"Line {number} of the manifest cannot be read: it was changed.")
            else:
                yield from _check_line(number, line, previous, key)
                key = line.next_key
            previous = hashlib.sha256(data).hexdigest()
        if self._torn:
            yield note(MANIFEST_NAME, "The manifest ends in an unfinished line: a run was killed.")
        if key and expected_key and key_id(key) != expected_key:
            yield fault(
                MANIFEST_NAME,
                f"The manifest is signed by the key {key_id(key)}, not by {expected_key}, as it should be.",
            )

    def check_end(self, known: Head) -> Iterator[Finding]:
        """Report if the lines up to a head that was kept elsewhere are not there any more."""
        if len(self._raw) < known.lines:
            yield fault(
                MANIFEST_NAME,
                f"The manifest once had {known.lines} lines, now it has {len(self._raw)}: "
                "its end was cut off.",
            )
        elif known.lines and hashlib.sha256(self._raw[known.lines - 1]).hexdigest() != known.sha256:
            yield fault(
                MANIFEST_NAME,
                f"Line {known.lines} of the manifest is not the one that was there once: "
                "the manifest was written anew.",
            )

    @property
    def readable(self) -> Sequence[Line]:
        """The lines that could be read."""
        return [line for line in self.lines if line is not None]


def _parse(data: bytes) -> Line | None:
    try:
        return parse_line(data)
    except ManifestDamaged:
        return None


def _check_line(number: int, line: Line, previous: str, key: str) -> Iterator[Finding]:
    if line.previous != previous:
        yield fault(
            MANIFEST_NAME,
            f"Line {number} of the manifest does not follow the line before it: "
            "one of them was changed, moved or taken out.",
        )
    if not line.is_signed:
        yield fault(
            MANIFEST_NAME, f"The signature of line {number} of the manifest is wrong: the line was changed."
        )
    if isinstance(line.entry, Rotation) and line.entry.lost:
        yield note(
            MANIFEST_NAME,
            f"Since line {number} another key signs, {key_id(line.next_key)}, for which the old one did not vouch "
            "because it was lost: compare its id with the one that the operator gives.",
        )
    elif key and line.public_key != key:
        yield fault(
            MANIFEST_NAME,
            f"Line {number} of the manifest is signed by the key {key_id(line.public_key)}, "
            f"but {key_id(key)} was to sign.",
        )
