"""What a power cut would leave of a folder: only what is on the disk for certain.

A kill takes nothing that was written; a power cut takes what was not fsynced, or leaves it, as it likes. A file has
the bytes of its last fsync, and a folder the names of its own. At each moment there are four outcomes: all names as
of the last fsync; the same without those that were removed since, or without the last of these alone; and the names of
now, which may come to the disk before what they name. Databases are taken as they are: SQLite syncs for itself.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from tests.support.power.disk import Image, lay_out


@dataclass(eq=False, slots=True)
class _Node:
    """A file or a folder, whatever its name."""

    is_folder: bool
    data: bytes = b""
    """The bytes of a file at its last fsync."""
    names: "dict[str, _Node]" = field(default_factory=dict)
    """What a folder named at its last fsync."""
    removed: list[str] = field(default_factory=list)
    """Names that were taken out of the folder since, in their order."""


class Disk:
    """Watches a folder, and keeps what a power cut at each moment would have left of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._nodes: dict[int, _Node] = {}
        self._root = self._adopt(self._folder)
        self._promises: list[Any] = []
        self._images: list[tuple[int, Image]] = []
        self._known: set[tuple[int, frozenset[tuple[Path, bytes | None]]]] = set()

    def promise(self, what: Any) -> None:
        """Note what somebody was told to be on the disk from now on."""
        self._promises.append(what)
        self.look()

    def outcomes(self, place: Path) -> Iterator[list[Any]]:
        """Lay out at a place, one after the other, what power cuts would have left; gives the promises until then."""
        assert self._images
        for promised, image in self._images:
            lay_out(image, place)
            yield self._promises[:promised]

    def look(self) -> None:
        """Note what a power cut would leave now."""
        late, removed_early, removed_last, named_early = Image(), Image(), Image(), Image()
        self._draw(self._root, Path(), late, lambda _: [])
        self._draw(self._root, Path(), removed_early, lambda removed: removed)
        self._draw(self._root, Path(), removed_last, lambda removed: removed[-1:])
        for path in sorted(self._folder.rglob("*")):
            named_early[path.relative_to(self._folder)] = self._data(self._node(path), path)
        for image in (late, removed_early, removed_last, named_early):
            key = (len(self._promises), frozenset(image.items()))
            if key not in self._known:
                self._known.add(key)
                self._images.append((len(self._promises), image))

    def unsynced(self) -> set[str]:
        """The names that a power cut might now take away, bring back, or leave with other bytes."""
        durable, now = Image(), Image()
        self._draw(self._root, Path(), durable, lambda _: [])
        for path in self._folder.rglob("*"):
            now[path.relative_to(self._folder)] = None if path.is_dir() else path.read_bytes()
        unequal = {path for path in durable.keys() & now.keys() if durable[path] != now[path]}
        return {str(path) for path in (durable.keys() ^ now.keys()) | unequal}

    def note_sync(self, path: Path) -> None:
        """A file or folder was fsynced."""
        if path.exists() and path.is_relative_to(self._folder):
            node = self._node(path)
            if node.is_folder:
                node.names = {each.name: self._node(each) for each in path.iterdir()}
                node.removed.clear()
            else:
                node.data = path.read_bytes()

    def note_removal(self, path: Path) -> None:
        """A name is about to be removed."""
        path = path.absolute()
        if path.exists() and path.is_relative_to(self._folder):
            self._node(path.parent).removed.append(path.name)
            self.forget(path)

    def forget(self, path: Path) -> None:
        """A file is about to lose a name; with its last one its inode may become another file's."""
        if path.is_file() and path.stat().st_nlink == 1:
            self._nodes.pop(path.stat().st_ino, None)

    def _draw(self, folder: _Node, at: Path, image: Image, gone: Callable[[list[str]], list[str]]) -> None:
        for name, node in sorted(folder.names.items()):
            if name not in gone(folder.removed):
                image[at / name] = self._data(node, self._folder / at / name)
                self._draw(node, at / name, image, gone)

    def _data(self, node: _Node, path: Path) -> bytes | None:
        if ".sqlite" in path.name and path.exists():
            return path.read_bytes()
        return None if node.is_folder else node.data

    def _node(self, path: Path) -> _Node:
        """What is known of a file or folder; of a new one, nothing is on the disk."""
        return self._nodes.setdefault(path.stat().st_ino, _Node(path.is_dir()))

    def _adopt(self, path: Path) -> _Node:
        """Take all that lies in a folder for synced."""
        node = self._nodes[path.stat().st_ino] = _Node(path.is_dir())
        if node.is_folder:
            node.names = {each.name: self._adopt(each) for each in path.iterdir()}
        else:
            node.data = path.read_bytes()
        return node


@contextmanager
def watched(folder: Path) -> Iterator[Disk]:
    """Watch a folder until the end of the block; what lies there at its beginning is on the disk."""
    disk = Disk(folder)

    def watching(name: str, before: Callable[..., None], after: Callable[..., None]) -> Any:
        carry_out = getattr(os, name)

        def call(*arguments: Any, **options: Any) -> Any:
            disk.look()
            before(*arguments)
            result = carry_out(*arguments, **options)
            after(*arguments)
            disk.look()
            return result

        return mock.patch.object(os, name, call)

    def nothing(*_: object) -> None:
        """Names come by themselves, whoever gives them."""

    def synced(handle: int) -> None:
        disk.note_sync(Path(f"/proc/self/fd/{handle}").resolve())

    def removing(path: Any) -> None:
        disk.note_removal(Path(path))

    def replacing(_: object, target: Any) -> None:
        disk.forget(Path(target))

    with ExitStack() as stack:
        stack.enter_context(watching("fsync", nothing, synced))
        for name in ("unlink", "remove"):
            stack.enter_context(watching(name, removing, nothing))
        for name in ("rename", "replace"):
            stack.enter_context(watching(name, replacing, nothing))
        yield disk
        disk.look()
