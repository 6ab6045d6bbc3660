"""What a process and its descendants take of the machine: memory, open files, sockets and threads."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Use:
    """What one process takes; sizes in MB of 10**6 bytes."""

    pss: float
    """Its share of memory: a page that several processes have counts for each of them in part."""
    rss: float
    files: int
    sockets: int
    threads: int

    @classmethod
    def of(cls, pid: int) -> Self:
        """Raises OSError or KeyError if the process ends meanwhile."""
        place = Path(f"/proc/{pid}")
        sizes = _fields((place / "smaps_rollup").read_text())
        targets = list(_targets(place / "fd"))
        return cls(
            pss=_mb(sizes["Pss"]),
            rss=_mb(sizes["Rss"]),
            files=len(targets),
            sockets=sum(each.startswith("socket:") for each in targets),
            threads=int(_fields((place / "status").read_text())["Threads"]),
        )


@dataclass(slots=True)
class Tree:
    """What a process and its descendants take at one moment."""

    uses: dict[int, Use] = field(default_factory=dict)
    """By process id, the process itself first."""

    @classmethod
    def of(cls, pid: int) -> Self:
        """Empty if the process has ended."""
        tree = cls()
        for each in descendants(pid):
            try:
                tree.uses[each] = Use.of(each)
            except (OSError, KeyError):  # it has just ended
                continue
        return tree

    @property
    def pss(self) -> float:
        return sum(use.pss for use in self.uses.values())

    @property
    def rss(self) -> float:
        return sum(use.rss for use in self.uses.values())

    @property
    def files(self) -> int:
        return sum(use.files for use in self.uses.values())

    @property
    def sockets(self) -> int:
        return sum(use.sockets for use in self.uses.values())

    @property
    def threads(self) -> int:
        return sum(use.threads for use in self.uses.values())

    def __str__(self) -> str:
        shares = " + ".join(f"{use.pss:.0f}" for use in self.uses.values())
        return (
            f"{self.pss:.0f} MB ({shares}; RSS {self.rss:.0f}), "
            f"{self.files} files, {self.sockets} sockets, {self.threads} threads"
        )


@dataclass(slots=True)
class Peaks:
    """The most that a tree of processes took while it was watched."""

    highest: Tree = field(default_factory=Tree)
    """At the moment of its most memory."""
    files: int = 0
    sockets: int = 0
    threads: int = 0
    processes: int = 0

    def note(self, tree: Tree) -> None:
        if tree.pss > self.highest.pss:
            self.highest = tree
        self.files, self.sockets = max(self.files, tree.files), max(self.sockets, tree.sockets)
        self.threads = max(self.threads, tree.threads)
        self.processes = max(self.processes, len(tree.uses))


@contextmanager
def watched(pid: int, every_s: float = 0.05) -> Iterator[Peaks]:
    """Look at a process and its descendants until the end of the block."""
    peaks, ended = Peaks(), threading.Event()

    def look() -> None:
        while not ended.wait(every_s):
            peaks.note(Tree.of(pid))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peaks
    finally:
        ended.set()
        thread.join()


def _targets(files: Path) -> Iterator[str]:
    """What the open files of a process are; some are closed meanwhile."""
    for each in files.iterdir():
        with suppress(FileNotFoundError):
            yield str(each.readlink())


def descendants(pid: int) -> list[int]:
    """A process and its descendants."""
    below = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            below += descendants(int(child))
    return [pid, *below]


def cpu_seconds(pid: int) -> tuple[float, float]:
    """What a process took, and what its children did that have ended."""
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
    own, system, ended, ended_system = (int(each) / os.sysconf("SC_CLK_TCK") for each in ticks)
    return own + system, ended + ended_system


def _fields(text: str) -> dict[str, str]:
    return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)


def _mb(size: str) -> float:
    return int(size.split()[0]) * 1024 / 1e6
