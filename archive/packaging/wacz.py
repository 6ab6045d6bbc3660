"""A collection as one WACZ file: everything in it is listed with its hash, and the list is signed.

https://specs.webrecorder.net/wacz/1.1.1/ and https://specs.webrecorder.net/wacz-auth/0.1.0/. Everything is
streamed; the same collection, pages and key give the same bytes.
"""

import hashlib
import json
import os
import struct
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from archive.checks.manifest_check import ManifestChain
from archive.errors import ArchiveChanged, CannotPack
from archive.evidence.manifest import MANIFEST_NAME
from archive.evidence.manifest_lines import current_files
from archive.evidence.signing import SigningKey
from archive.index import index_files
from archive.objects.whereabouts import files_in, open_file
from archive.warc.byte_ranges import read_range
from archive.warc.durable import naming, sync_folder

# The earliest moment of zip files; the time of packing would make each package different.
_BEGINNING_OF_TIME = datetime(1980, 1, 1, tzinfo=UTC)
# The same moment as an Info-ZIP extra field. replayweb.page assumes that a member without an extra field in the
# central directory has none before its content either, where ZIP64 puts sizes, and would read from the wrong offset.
_EXTENDED_TIMESTAMP = struct.pack("<HHBI", 0x5455, 5, 1, int(_BEGINNING_OF_TIME.timestamp()))
_PAGES = {"format": "json-pages-1.0", "id": "pages", "title": "Articles", "hasText": True}


@dataclass(frozen=True, slots=True)
class Page:
    """A page in the package's list."""

    url: str
    """As in the index."""
    ts: str
    """When it was captured: RFC 3339, UTC."""
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """What the package says of itself."""

    title: str
    description: str
    software: str


@dataclass(frozen=True, slots=True)
class Packed:
    """What a package holds."""

    files: int
    pages: int
    bytes: int


def pack(
    collection: Path, out: Path, pages: Iterable[Page], description: Description, key: SigningKey
) -> Packed:
    """Write the collection in a folder as the WACZ `out`, all of it or nothing.

    `CannotPack` if `out` exists or there is nothing to pack, `ArchiveChanged` if a file is not what the
    manifest says; OSError, naming the file, if the disk refuses.
    """
    if out.exists():
        raise CannotPack(f"{out} exists already: remove it, or give the package another name.")
    hashes = _hashes(collection)
    temporary = _temporary(out)
    try:
        with naming(temporary), temporary.open("wb") as file:
            with zipfile.ZipFile(file, "w") as package:
                packing = _Packing(package)
                packing.add_warcs(collection / "archive", hashes)
                packing.add_index(collection / "indexes")
                packing.add_pages(pages)
                packing.sign(description, key)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(out)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(out.absolute().parent)
    return Packed(len(hashes), packing.pages, out.stat().st_size)


def being_written(out: Path) -> int:
    """How many bytes of the package `out` are on the disk while it is being packed."""
    temporary = _temporary(out)
    return temporary.stat().st_size if temporary.exists() else 0


def _temporary(out: Path) -> Path:
    return out.with_name(f".{out.name}.tmp")


def _hashes(collection: Path) -> dict[str, str]:
    """The WARC files to pack, each with its SHA-256 in the manifest; empty without a manifest."""
    present = {path.name: "" for path in files_in(collection / "archive")}
    if not present:
        raise CannotPack(f"There is no closed WARC file in {collection}: archive something first.")
    if not (collection / MANIFEST_NAME).exists():
        return present
    listed = current_files(ManifestChain(collection / MANIFEST_NAME).readable)
    for name in sorted(present.keys() ^ listed.keys()):
        raise ArchiveChanged(
            f"{name} is in {collection} or in its manifest, but not in both: bring the collection back from a copy."
        )
    return {name: listed[name].sha256 for name in present}


class _Packing:
    """Writes one package, member by member."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.pages = 0
        self._package = package
        self._resources: list[dict[str, object]] = []
        self._latest = "19800101000000"

    def add_warcs(self, archive: Path, hashes: dict[str, str]) -> None:
        """Copy WARC files unchanged: the index finds their records by offset."""
        for name, expected in hashes.items():
            with open_file(archive / name) as file:
                sha256 = self._add(f"archive/{name}", read_range(file), zipfile.ZIP_STORED)
            if expected and sha256 != expected:
                raise ArchiveChanged(
                    f"{archive / name} is not what the manifest says of it: bring it back from a copy."
                )

    def add_index(self, indexes: Path) -> None:
        """Write the lines of all tiers as one index."""
        self._add(
            "indexes/index.cdxj", self._noting_time(index_files.read_lines(indexes)), zipfile.ZIP_DEFLATED
        )

    def add_pages(self, pages: Iterable[Page]) -> None:
        """Write the list of pages."""
        self._add("pages/pages.jsonl", self._page_lines(pages), zipfile.ZIP_DEFLATED)

    def sign(self, description: Description, key: SigningKey) -> None:
        """Write the list of all members, and its signature."""
        # The time of the last capture, not of packing: with the same records it is the same.
        year, *rest = self._latest[:4], *(self._latest[at : at + 2] for at in range(4, 14, 2))
        created = "{}-{}-{}T{}:{}:{}Z".format(year, *rest)
        package = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": description.title,
            "description": description.description,
            "created": created,
            "modified": created,
            "software": description.software,
            "resources": self._resources,
        }
        text = json.dumps(package, indent=2, ensure_ascii=False)
        sha256 = self._add("datapackage.json", [text.encode()], zipfile.ZIP_STORED)
        signed = {
            "hash": f"sha256:{sha256}",
            "created": created,
            "software": description.software,
            "signature": key.sign(f"sha256:{sha256}"),
            "publicKey": key.public_key,
        }
        digest = {"path": "datapackage.json", "hash": f"sha256:{sha256}", "signedData": signed}
        self._add("datapackage-digest.json", [json.dumps(digest, indent=2).encode()], zipfile.ZIP_STORED)

    def _add(self, name: str, pieces: Iterable[bytes], compression: int) -> str:
        """Write one member; returns its SHA-256."""
        entry = zipfile.ZipInfo(name, _BEGINNING_OF_TIME.timetuple()[:6])
        entry.extra = _EXTENDED_TIMESTAMP
        entry.compress_type = compression
        entry.external_attr = 0o644 << 16
        sha256, size = hashlib.sha256(), 0
        with self._package.open(entry, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                sha256.update(piece)
                size += len(piece)
        self._resources.append(
            {
                "name": name.rpartition("/")[2].lower(),
                "path": name,
                "hash": f"sha256:{sha256.hexdigest()}",
                "bytes": size,
            }
        )
        return sha256.hexdigest()

    def _noting_time(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        for line in lines:
            timestamp = line.split(b" ", 2)[1].decode()
            if len(timestamp) == len(self._latest):
                self._latest = max(self._latest, timestamp)
            yield line

    def _page_lines(self, pages: Iterable[Page]) -> Iterator[bytes]:
        yield _json_line(_PAGES)
        for page in pages:
            self.pages += 1
            page_id = hashlib.sha256(f"{page.ts} {page.url}".encode()).hexdigest()[:16]
            yield _json_line({"id": page_id, **asdict(page)})


def _json_line(fields: Mapping[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
