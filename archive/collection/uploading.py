"""The closed files of a collection brought into an object store, so that another machine can read them there.

A file counts as uploaded when the store gave it back as it is on this disk; that is noted in a pointer beside it,
and only then may the file go. What was not done is done by the next upload: killed at any moment, nothing is lost
and nothing that is half done is taken for whole.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

from archive.collection.remote_state import STATE_NAME, RemoteState, version_of
from archive.errors import ArchiveChanged, ArchiveUnreadable, NotAsWritten
from archive.evidence.manifest import MANIFEST_NAME
from archive.evidence.manifest_lines import current_files, parse_line
from archive.objects.addresses import ObjectAddress
from archive.objects.stored_objects import Content, Uploaded, content_of, listed, put, put_bytes, remove
from archive.objects.whereabouts import DROPPED_SUFFIX, Pointer, files_in, pointer_of, read_pointer
from archive.warc.durable import replace_file, sync_folder
from archive.warc.rewriting_journal import superseded

logger = logging.getLogger(__name__)


def upload(folder: Path, root: ObjectAddress, keeps_local: bool = True) -> Uploaded:
    """Bring the collection in a folder, which the caller holds, up to date below an address.

    Without `keeps_local` each WARC file is removed from this disk once it is known to be there. What could not be
    uploaded is named in what is returned; an OSError of this disk is raised.
    """
    uploading = _Uploading(folder, root, keeps_local)
    try:
        uploading.put_warcs()
        if not uploading.done.left:  # else the store keeps the state that it has, which is whole
            uploading.publish()
            uploading.remove_what_is_replaced()
    except (ArchiveUnreadable, NotAsWritten) as error:  # the next request would fare no better
        uploading.done.failures.append(str(error))
        uploading.done.left += uploading.pending()
    return uploading.done


def upload_files_of(run: str, folder: Path, root: ObjectAddress, keeps_local: bool = True) -> None:
    """Upload the closed files of a run that goes on, without which what the store has stays as it is.

    Only its own: others may be merged meanwhile. `ArchiveUnreadable` or `NotAsWritten` at the first that fails.
    """
    closed = sorted((folder / "archive").glob(f"*-{run}.warc.gz"))
    if any(not keeps_local or read_pointer(path) is None for path in closed):
        uploading = _Uploading(folder, root, keeps_local)
        for path in closed:
            uploading.put(path)


class _Uploading:
    """One upload, step by step."""

    def __init__(self, folder: Path, root: ObjectAddress, keeps_local: bool) -> None:
        self._folder, self._archive, self._root = folder, folder / "archive", root
        self._keeps_local = keeps_local
        self.done = Uploaded()
        self._replaced = superseded(folder)
        self._listed = _sha256_by_manifest(folder / MANIFEST_NAME)

    def pending(self) -> list[str]:
        """Files that are not known to be in the store; the state of the collection if only that is missing."""
        known = {*self.done.left}
        names = [path.name for path in self._closed() if self._known(path) is None]
        return [name for name in names if name not in known] or ([] if known else [STATE_NAME])

    def put_warcs(self) -> None:
        """Put every closed file that is not there yet; one that comes back otherwise than it was sent stays."""
        for path in files_in(self._archive):
            try:
                if path.name not in self._replaced:
                    self.put(path)
            except (NotAsWritten, ArchiveChanged) as error:
                self.done.failures.append(str(error))
                self.done.left.append(path.name)

    def publish(self) -> None:
        """Let the store say what belongs together now."""
        before = RemoteState.read(self._root)
        versions = {str(path.relative_to(self._folder)): content_of(path) for path in self._changing()}
        for name, content in versions.items():
            if before.versions.get(name) != content:
                put(self._folder / name, self._root.below(version_of(name, content)), content)
        state = RemoteState(dict(self._uploaded()), versions)
        if state != before:
            put_bytes(state.dump(), self._root.below(STATE_NAME))

    def remove_what_is_replaced(self) -> None:
        """Remove objects that nothing leads to any more: WARC files that others replaced, earlier versions."""
        for dropped in sorted(self._archive.glob(f"*{DROPPED_SUFFIX}")):
            remove(self._root.below(f"archive/{dropped.name.removesuffix(DROPPED_SUFFIX)}"))
            dropped.unlink()
            self.done.removed += 1
        current = RemoteState.read(self._root).addresses(self._root)
        for pattern in ("*.jsonl", "indexes/*"):
            for each in listed(self._root.below(pattern)):
                if each.address not in current:
                    remove(each.address)

    def put(self, path: Path) -> None:
        """Put a file that is not known to be in the store, and let it go from this disk if that is wanted."""
        is_known = self._known(path) is not None
        if not is_known and not path.is_file():
            raise NotAsWritten(
                f"{path} lies in another store than {self._root}: bring the file here, then upload it."
            )
        if not is_known:
            content = content_of(path)
            if content.sha256 != self._listed.get(path.name, content.sha256):
                raise ArchiveChanged(
                    f"{path} is not what the manifest says of it, so it was not uploaded: bring it back from a copy."
                )
            address = self._address(path)
            put(path, address, content)
            pointer = Pointer(str(address), content.bytes, content.sha256)
            replace_file(pointer_of(path), [pointer.dump().encode()])
            self.done.files += 1
            self.done.bytes += content.bytes
            logger.info("Uploaded %s.", address)
        if not self._keeps_local:
            path.unlink(missing_ok=True)
            sync_folder(path.parent)

    def _closed(self) -> list[Path]:
        """The closed files on this disk, those left out that another one replaces."""
        return [path for path in sorted(self._archive.glob("*.warc.gz")) if path.name not in self._replaced]

    def _known(self, path: Path) -> Pointer | None:
        """What says that a file is in the store."""
        pointer = read_pointer(path)
        is_it = pointer is not None and pointer.url == str(self._address(path))
        if pointer is None or not is_it or (path.is_file() and pointer.bytes != path.stat().st_size):
            return None
        return pointer

    def _uploaded(self) -> Iterator[tuple[str, Content]]:
        for path in files_in(self._archive):
            if path.name not in self._replaced and (pointer := self._known(path)) is not None:
                yield f"archive/{path.name}", Content(pointer.bytes, pointer.sha256)

    def _address(self, path: Path) -> ObjectAddress:
        return self._root.below(f"archive/{path.name}")

    def _changing(self) -> list[Path]:
        """The files that get other contents under their names."""
        manifest = self._folder / MANIFEST_NAME
        return [
            *([manifest] if manifest.exists() else []),
            *sorted((self._folder / "indexes").glob("*.cdxj")),
        ]


def _sha256_by_manifest(manifest: Path) -> dict[str, str]:
    """What the manifest says of each file, in hex; `ManifestDamaged` if it cannot be read."""
    lines = manifest.read_bytes().split(b"\n")[:-1] if manifest.exists() else []
    return {name: closed.sha256 for name, closed in current_files(map(parse_line, lines)).items()}
