"""WARC capture, reading and replay for any Scrapy project: put `archive.addon.ArchiveAddon` into ADDONS.

The names of `__all__` are the public face; everything else may change. Each is imported when it is first used,
so that `import archive` costs nothing.

Capture: `ArchiveAddon` for ADDONS; `AddressGuard`, `DigestIndex` and `Referrer` say what the classes must do
that the settings ADDRESS_GUARD, ARCHIVE_DIGESTS and ARCHIVE_MOVED name.
Reading: `expand_paths` lists archives, `CaptureReader` streams their captures (`ArchivedCapture`),
`read_record` and `read_payload` open one record (`StoredRecord`) by its `RecordLocation`.
Evidence: `verify_collection` reports a `Finding` for each fault, `pack` makes a WACZ file.
Errors: `ArchiveError` is the root of what an operator can cause, `NotArchived` what a replay has no answer to.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.addon import ArchiveAddon
    from archive.capture.guarded_endpoints import AddressGuard
    from archive.checks.archive_check import verify_collection
    from archive.checks.findings import Finding
    from archive.collection.rewriting import Referrer
    from archive.errors import ArchiveError, NotArchived
    from archive.packaging.wacz import pack
    from archive.replay.captures import ArchivedCapture, CaptureReader
    from archive.replay.input_paths import expand_paths
    from archive.replay.stored_records import StoredRecord, read_payload, read_record
    from archive.warc.digests import DigestIndex
    from archive.warc.location import RecordLocation

__all__ = [
    "AddressGuard",
    "ArchiveAddon",
    "ArchiveError",
    "ArchivedCapture",
    "CaptureReader",
    "DigestIndex",
    "Finding",
    "NotArchived",
    "RecordLocation",
    "Referrer",
    "StoredRecord",
    "expand_paths",
    "pack",
    "read_payload",
    "read_record",
    "verify_collection",
]

_HOMES = {
    "AddressGuard": "capture.guarded_endpoints",
    "ArchiveAddon": "addon",
    "ArchiveError": "errors",
    "ArchivedCapture": "replay.captures",
    "CaptureReader": "replay.captures",
    "DigestIndex": "warc.digests",
    "Finding": "checks.findings",
    "NotArchived": "errors",
    "RecordLocation": "warc.location",
    "Referrer": "collection.rewriting",
    "StoredRecord": "replay.stored_records",
    "expand_paths": "replay.input_paths",
    "pack": "packaging.wacz",
    "read_payload": "replay.stored_records",
    "read_record": "replay.stored_records",
    "verify_collection": "checks.archive_check",
}


def __getattr__(name: str) -> object:
    """Import a public name from its home on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
