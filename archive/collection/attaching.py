"""A collection that lies in an object store, made readable from a folder of this machine."""

import hashlib
from pathlib import Path

from archive.collection.remote_state import RemoteState, version_of
from archive.errors import ArchiveChanged, ArchiveUnreadable
from archive.evidence.manifest import MANIFEST_NAME
from archive.objects.addresses import ObjectAddress
from archive.objects.stored_objects import Content, content_of, fetch
from archive.objects.whereabouts import Pointer, is_there, pointer_of
from archive.warc.durable import make_folder, rename, replace_file, write_file


def attach(folder: Path, root: ObjectAddress) -> int:
    """Bring manifest and index of the collection below an address, and a pointer to each WARC file; how many of these.

    A folder that has the collection already gets pointers to the files that it lacks. Killed, it brought in a part,
    and the next one the rest. `ArchiveUnreadable` if there is none, `ArchiveChanged` if the folder has another one.
    """
    state = RemoteState.read(root)
    if not state.warcs:
        raise ArchiveUnreadable(f"There is no archive at {root}: upload one, or correct ARCHIVE_URL.")
    has_own = (folder / MANIFEST_NAME).exists()
    if has_own:
        _refuse_another(folder, root, state)
    missing = {name: content for name, content in state.warcs.items() if not is_there(folder / name)}
    for name, content in missing.items():
        pointer = Pointer(str(root.below(name)), content.bytes, content.sha256)
        make_folder((folder / name).parent)
        replace_file(pointer_of(folder / name), [pointer.dump().encode()])
    if not has_own:
        # The manifest comes last: while it is missing the next attempt brings everything.
        for name in sorted(state.versions, key=lambda name: name == MANIFEST_NAME):
            make_folder((folder / name).parent)
            content = state.versions[name]
            _bring(root.below(version_of(name, content)), content, folder / name)
    return len(missing)


def _bring(address: ObjectAddress, expected: Content, file: Path) -> None:
    """Let an object be a file of this machine."""
    unfinished = file.with_name(file.name + ".part")
    write_file(unfinished, fetch(address))
    if content_of(unfinished) != expected:
        unfinished.unlink()
        raise ArchiveChanged(f"{address} is not what was uploaded: upload it again from where it is whole.")
    rename(unfinished, file)


def _refuse_another(folder: Path, root: ObjectAddress, state: RemoteState) -> None:
    """`ArchiveChanged` unless the manifest in a folder is the one in the store, or goes on from it."""
    expected = state.versions.get(MANIFEST_NAME, Content(0, ""))
    beginning = (folder / MANIFEST_NAME).read_bytes()[: expected.bytes]
    if hashlib.sha256(beginning).hexdigest() != expected.sha256:
        raise ArchiveChanged(
            f"{folder} has another archive than {root}, or one that is behind it: name an empty folder."
        )
