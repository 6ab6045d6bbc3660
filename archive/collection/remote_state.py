"""What of a collection lies in an object store: said by one object, which is written last.

WARC files never change under their names. Manifest and index do: each of their versions is an object of its own,
and `collection.json` names those that belong together. So whoever reads meets one state or the next, also after
an upload that was killed between any two requests.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath

from archive.errors import ArchiveUnreadable
from archive.objects.addresses import ObjectAddress
from archive.objects.stored_objects import Content, fetch, size_of_object

STATE_NAME = "collection.json"
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class RemoteState:
    """The content of each file, by its path below the collection's folder."""

    warcs: dict[str, Content] = field(default_factory=dict)
    """`archive/a.warc.gz`: objects of the same names."""
    versions: dict[str, Content] = field(default_factory=dict)
    """`manifest.jsonl`, `indexes/index.cdxj`: objects that `version_of` names."""

    @classmethod
    def read(cls, root: ObjectAddress) -> "RemoteState":
        """The state below an address, empty if nothing was uploaded yet; `ArchiveUnreadable` if it cannot be read."""
        address = root.below(STATE_NAME)
        if size_of_object(address) is None:
            return cls()
        try:
            said = json.loads(b"".join(fetch(address)))
            return cls(*({name: Content(**each) for name, each in said[kind].items()} for kind in _KINDS))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ArchiveUnreadable(f"{address} says nothing of an archive: correct ARCHIVE_URL.") from None

    def dump(self) -> bytes:
        """The content of the object."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    def addresses(self, root: ObjectAddress) -> set[ObjectAddress]:
        """Where the objects lie of which it speaks."""
        versions = (version_of(name, content) for name, content in self.versions.items())
        return {root.below(name) for name in (*self.warcs, *versions)}


_KINDS = ("warcs", "versions")


def version_of(name: str, content: Content) -> str:
    """The name of the object that is a version of a file: `indexes/index-0123456789abcdef.cdxj`."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}-{content.sha256[:_DIGITS]}{path.suffix}"))
