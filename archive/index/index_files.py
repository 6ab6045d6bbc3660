"""The index of a collection in size tiers: sorted `*.cdxj` files, so that few new lines need few writes.

New lines are merged only with tiers that are not much larger, as in a log-structured merge tree: each tier
is more than four times as large as all smaller tiers together. pywb reads every `*.cdxj` of the folder. A
process that is killed at any moment leaves each line once: a journal names the tiers that an unfinished
merge would repeat, and the next writer finishes it.
"""

import gzip
import heapq
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import count, groupby
from pathlib import Path
from typing import IO

from archive.warc.durable import make_folder, rename, replace_file, sync_folder, write_file

INDEX_NAME = "index.cdxj"
"""The largest tier."""

SMALL_BYTES = 1024 * 1024
"""Tiers up to this size are merged with any new lines, to have fewer files."""

_RATIO = 4
_TIERS = "index*.cdxj"
_JOURNAL = "merging.json"
_BLOCK_BYTES = 64 * 1024


def add_lines(indexes: Path, lines: Iterable[bytes]) -> None:
    """Add lines to the index in a folder, all of them or none; an OSError names the file."""
    make_folder(indexes)
    finish_merge(indexes)
    fresh = sorted(lines)
    if fresh:
        absorbed = _absorbed(indexes, sum(map(len, fresh)))
        _merge(indexes, fresh, absorbed)


def set_lines(indexes: Path, filename: str, lines: Iterable[bytes]) -> None:
    """Give a WARC file exactly these lines, also after a killed writer; reads all tiers."""
    missing = set(lines)
    mark = b'"filename": %b' % json.dumps(filename).encode()

    def kept(line: bytes) -> bytes | None:
        is_known = line in missing
        missing.discard(line)
        return line if is_known or mark not in line else None

    change_lines(indexes, kept)
    add_lines(indexes, missing)


def change_lines(indexes: Path, change: Callable[[bytes], bytes | None]) -> None:
    """Change lines, or remove them (None); a second call changes nothing more.

    Tiers without a changed line are only read. A kill leaves some tiers changed, others not.
    """
    finish_merge(indexes)
    for tier in _tiers(indexes):
        with tier.open("rb") as lines:
            changed = [(line, new) for line in lines if (new := change(line)) != line]
        if changed:
            gone = {line for line, _ in changed}
            with tier.open("rb") as lines:
                kept = (line for line in lines if line not in gone)
                replace_file(tier, _merged(kept, sorted(new for _, new in changed if new is not None)))


def read_lines(indexes: Path) -> Iterator[bytes]:
    """Every line of all tiers once, in order, with those of foreign `*.cdxj` files."""
    return merged_lines(indexes.glob("*.cdxj"))


def merged_lines(files: Iterable[Path]) -> Iterator[bytes]:
    """Every line of sorted files once, in order; `*.gz` are decompressed."""
    with ExitStack() as stack:
        opened = [
            stack.enter_context(gzip.GzipFile(path) if path.suffix == ".gz" else path.open("rb"))
            for path in files
        ]
        yield from _merged(*opened)


def find_lines(indexes: Path, prefix: bytes) -> Iterator[bytes]:
    """Every line that begins with a prefix, each once; reads a few blocks of each tier."""
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("rb")) for path in indexes.glob("*.cdxj")]
        yield from _merged(*(_lines_from(file, prefix) for file in files))


def finish_merge(indexes: Path) -> None:
    """Finish the merge of a killed writer; until then some lines may be in two tiers."""
    journal = indexes / _JOURNAL
    if not journal.exists():
        return
    merge = json.loads(journal.read_bytes())
    staged, target = indexes / merge["staged"], indexes / merge["target"]
    if staged.exists():
        rename(staged, target)
    _remove([indexes / name for name in merge["absorbed"]])
    _remove([journal])


def _tiers(indexes: Path) -> list[Path]:
    """Our tiers, smallest first."""
    return sorted(indexes.glob(_TIERS), key=lambda path: path.stat().st_size)


def _absorbed(indexes: Path, size: int) -> list[Path]:
    """The tiers with which new lines of some size are merged, smallest first."""
    absorbed = []
    for tier in _tiers(indexes):
        if tier.stat().st_size > max(SMALL_BYTES, _RATIO * size):
            break
        absorbed.append(tier)
        size += tier.stat().st_size
    return absorbed


def _merge(indexes: Path, fresh: Sequence[bytes], absorbed: Sequence[Path]) -> None:
    target = absorbed[-1] if absorbed else _new_tier(indexes)
    staged = target.with_name(target.name + ".tmp")
    with ExitStack() as stack:
        files = [stack.enter_context(tier.open("rb")) for tier in absorbed]
        write_file(staged, _merged(fresh, *files))
    if len(absorbed) <= 1:  # one rename does it: there is nothing to finish
        rename(staged, target)
        return
    names = [tier.name for tier in absorbed[:-1]]
    merge = {"staged": staged.name, "target": target.name, "absorbed": names}
    replace_file(indexes / _JOURNAL, [json.dumps(merge).encode()])
    finish_merge(indexes)


def _new_tier(indexes: Path) -> Path:
    known = {path.name for path in _tiers(indexes)}
    names = (f"index-{number}.cdxj" for number in count(1))
    return indexes / (INDEX_NAME if not known else next(name for name in names if name not in known))


def _merged(*sorted_lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line for line, _ in groupby(heapq.merge(*sorted_lines)))


def _lines_from(file: IO[bytes], prefix: bytes) -> Iterator[bytes]:
    """The lines of a sorted file that begin with a prefix."""
    low, high = 0, os.fstat(file.fileno()).st_size  # every line that begins before `low` precedes the prefix
    while high - low > _BLOCK_BYTES:
        middle = (low + high) // 2
        file.seek(middle)
        file.readline()
        line = file.readline()
        if line and line < prefix:
            low = middle
        else:
            high = middle
    file.seek(low)
    if low:
        file.readline()
    for line in file:
        if line.startswith(prefix):
            yield line
        elif line > prefix:
            return


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
    sync_folder(paths[0].parent)
