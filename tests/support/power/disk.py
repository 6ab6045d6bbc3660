"""A disk as a power cut leaves it: what was fsynced is there, of all else as much as it likes.

A file has the bytes of its last fsync, and any part of what was written since. A folder has the names of its last
fsync; those that came or went since are there or not, the later ones not without the earlier ones, as journals have it.
"""

import random
import shutil
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.support.power.disk_log import WITH_PATHS, Operation, read_operations

SECTOR = 512
Image = dict[Path, bytes | None]
"""What a folder holds, by relative path; None: a folder."""


@dataclass(eq=False, slots=True)
class _File:
    durable: bytes = b""
    since: list[Operation] = field(default_factory=list)
    """Writes and truncations since the last fsync."""
    asked: int = 0
    """How many of them came before the fsync that is under way."""

    def read(self, chance: random.Random | None) -> bytes:
        """The bytes of the last fsync; with `chance`, some of what was written since too."""
        kept = [] if chance is None else [_torn(each, chance) for each in self.since if chance.random() < 0.7]
        return _applied(self.durable, kept)

    def sync(self) -> None:
        self.durable = _applied(self.durable, self.since[: self.asked])
        del self.since[: self.asked]
        self.asked = 0


@dataclass(eq=False, slots=True)
class _Folder:
    changes: "list[_Change]" = field(default_factory=list)
    synced: int = 0
    asked: int = 0

    def names(self, until: int, kinds: Container[str]) -> "dict[str, _File | _Folder]":
        """The names of the last fsync, and after it what changes of some kinds until then made of them."""
        found: dict[str, _File | _Folder] = {}
        for change in self.changes:
            if change.when <= self.synced or (change.when <= until and change.kind in kinds):
                found.pop(change.name, None)
                if change.node is not None:
                    found[change.name] = change.node
        return found

    def now(self, name: str) -> "_File | _Folder | None":
        return next((each.node for each in reversed(self.changes) if each.name == name), None)


class _Change(NamedTuple):
    """A name came, with a node, or went."""

    when: int
    """The number of the operation."""
    kind: str
    name: str
    node: _File | _Folder | None


def _applied(data: bytes, operations: Iterable[Operation]) -> bytes:
    result = bytearray(data)
    for each in operations:
        if each.kind == "truncate":
            del result[each.offset :]
            result.extend(bytes(each.offset - len(result)))
        else:
            result.extend(bytes(max(0, each.offset - len(result))))
            result[each.offset : each.offset + len(each.data)] = each.data
    return bytes(result)


def _torn(operation: Operation, chance: random.Random) -> Operation:
    """The operation, or the sectors of it until one that did not come to the disk."""
    if operation.kind == "truncate" or chance.random() < 0.7:
        return operation
    end = (operation.offset + chance.randrange(len(operation.data) + 1)) // SECTOR * SECTOR
    return Operation(
        "write",
        operation.inode,
        offset=operation.offset,
        data=operation.data[: max(0, end - operation.offset)],
    )


_Names = Callable[[_Folder], dict[str, _File | _Folder]]


class Disk:
    """Follows the operations on a folder from the state in which it is now, all of which is on the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._nodes: dict[int, _File | _Folder] = {}
        self._root = self._adopt(self._folder)
        self._time = 0
        self.said = b""
        """What the processes have told their user until now."""

    def carry_out(self, operation: Operation) -> None:
        """Take over the next operation of the log."""
        self._time += 1
        node = self._nodes.get(operation.inode)
        match operation.kind, node:
            case "said", _:
                self.said += operation.data
            case "create", _:
                self._nodes[operation.inode] = node = _File()
                self._name(operation.kind, operation.path, node)
            case "folder", _:
                self._nodes[operation.inode] = node = _Folder()
                self._name(operation.kind, operation.path, node)
            case "remove", _:
                self._name(operation.kind, operation.path, None)
            case (("rename" | "link"), _):
                if operation.kind == "rename":
                    self._name(operation.kind, operation.path, None)
                self._name(operation.kind, operation.target, node)
            case "sync", _File():
                node.asked = len(node.since)
            case "sync", _Folder():
                node.asked = self._time
            case "synced", _File():
                node.sync()
            case "synced", _Folder():
                node.synced = node.asked
            case (("write" | "truncate"), _File()):
                node.since.append(operation)

    def outcomes(self, chance: random.Random) -> Iterator[Image]:
        """What a power cut now may leave of what was not synced: nothing; names without data; removals; some of all."""
        now = self._time
        some = chance.randint(0, now)
        for until, kinds, data in (
            (0, (), None),
            (now, WITH_PATHS, None),
            (now, ("remove",), None),
            (some, WITH_PATHS, chance),
        ):
            image = Image()
            self._draw(self._root, Path(), image, partial(_Folder.names, until=until, kinds=kinds), data)
            yield image

    def _draw(
        self, folder: _Folder, at: Path, image: Image, names: _Names, chance: random.Random | None
    ) -> None:
        for name, node in names(folder).items():
            if isinstance(node, _Folder):
                image[at / name] = None
                self._draw(node, at / name, image, names, chance)
            else:
                image[at / name] = node.read(chance)

    def _name(self, kind: str, path: Path, node: _File | _Folder | None) -> None:
        parent = self._find(path.parent)
        if parent is not None:
            parent.changes.append(_Change(self._time, kind, path.name, node))

    def _find(self, path: Path) -> _Folder | None:
        found: _File | _Folder | None = self._root
        if not path.is_relative_to(self._folder):
            return None
        for name in path.relative_to(self._folder).parts:
            found = found.now(name) if isinstance(found, _Folder) else None
        return found if isinstance(found, _Folder) else None

    def _adopt(self, path: Path) -> "_Folder":
        folder = _Folder()
        self._nodes[path.stat().st_ino] = folder
        for each in path.iterdir():
            if each.is_dir():
                node: _File | _Folder = self._adopt(each)
            else:
                node = self._nodes[each.stat().st_ino] = _File(each.read_bytes())
            folder.changes.append(_Change(0, "create", each.name, node))
        return folder


def power_cuts(disk: Disk, log: Path, chance: random.Random, cuts: int) -> Iterator[tuple[str, Image]]:
    """What the processes had said, and what is left, after cuts at random moments; two more come after the end."""
    operations = list(read_operations(log))
    moments = set(chance.sample(range(len(operations)), min(cuts, len(operations))))
    for moment, operation in enumerate(operations):
        if moment in moments:
            yield disk.said.decode(), chance.choice(list(disk.outcomes(chance)))
        disk.carry_out(operation)
    synced, *others = disk.outcomes(chance)
    for image in (synced, chance.choice(others)):
        yield disk.said.decode(), image


def lay_out(image: Image, place: Path) -> None:
    """Make a folder as a power cut left it; what it held is gone."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for path, data in image.items():
        if data is None:
            (place / path).mkdir()
        else:
            (place / path).write_bytes(data)
