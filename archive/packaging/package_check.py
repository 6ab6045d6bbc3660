"""Whether the WARC files of a WACZ are those that it lists (https://specs.webrecorder.net/wacz/1.1.1/)."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import ArchiveUnreadable
from archive.warc.digests import same_digest
from archive.warc.files import RecordFile, record_files

_MAX_LIST_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PackageCheck:
    """What was found out about one package."""

    faults: tuple[str, ...] = ()
    """Sentences on members that are not what the package says."""
    notes: tuple[str, ...] = ()
    """Sentences on what it does not say."""


def check_package(path: Path) -> PackageCheck:
    """Compare the WARC files of a package with its list; anything else than a package has nothing to compare.

    `ArchiveUnreadable` if it cannot be read.
    """
    files = [file for file in record_files(path) if file.member]
    if not files:
        return PackageCheck()
    faults: list[str] = []
    notes: list[str] = []
    for around in sorted({_package_of(file) for file in files} | {""}):
        listed = _resources(path, around)
        if listed is None:
            notes.append(
                f"{RecordFile(path, around)} has no readable list of its members (datapackage.json)."
            )
            continue
        faults += _differences(path, around, listed)
        notes += _elsewhere(path, around, listed)
    return PackageCheck(tuple(faults), tuple(notes))


def _package_of(file: RecordFile) -> str:
    """The package in the package that has a file; empty if that is the outermost."""
    return file.member.rpartition("!")[0]


def _resources(path: Path, around: str) -> list[dict[str, Any]] | None:
    """The members that a package lists; None if it has no list."""
    try:
        with RecordFile(path, around).open() as file, zipfile.ZipFile(file) as package:
            if package.getinfo("datapackage.json").file_size > _MAX_LIST_BYTES:
                return None
            fields = json.loads(package.read("datapackage.json"))
        return [each for each in fields["resources"] if isinstance(each, dict)]
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile, ArchiveUnreadable):
        return None


def _differences(path: Path, around: str, listed: list[dict[str, Any]]) -> Iterator[str]:
    for resource in listed:
        name = str(resource.get("path", ""))
        if not name.startswith("archive/") and not name.lower().endswith(".wacz"):
            continue
        member = RecordFile(path, f"{around}!{name}" if around else name)
        if "://" in name:
            continue
        try:
            found = f"sha256:{member.sha256()}"
        except ArchiveUnreadable:
            yield f"{member} is gone or broken: the package lists it."
            continue
        if same_digest(found, str(resource.get("hash", ""))) is False:
            yield f"{member} is not what its package lists: its SHA-256 is another."


def _elsewhere(path: Path, around: str, listed: list[dict[str, Any]]) -> Iterator[str]:
    names = [name for name in (str(each.get("path", "")) for each in listed) if "://" in name]
    if names:
        yield (
            f"{RecordFile(path, around)} names {len(names)} members that lie elsewhere (the first: {names[0]}): "
            "download them and replay them too."
        )
