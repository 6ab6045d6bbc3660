"""py3langid's model in files, of which a text needs little: in memory it would take 70 MB."""

import lzma
import mmap
import os
import shutil
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO, Any

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

_ROW = 256
_BLOCK = 2048 * _ROW


def read_identifier() -> LanguageIdentifier:
    """An identifier whose tables stay in temporary files; in memory where none can be written."""
    try:
        return _identifier(_unpack())
    except OSError:
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


class _Table:
    """An array in the file."""

    def __init__(self, file: IO[bytes], packed: zipfile.ZipFile, name: str) -> None:
        entry = packed.getinfo(f"{name}.npy")
        with packed.open(entry) as member:
            npy.read_magic(member)
            self.shape, _, self.dtype = npy.read_array_header_1_0(member)
            head = member.tell()
        file.seek(entry.header_offset + 26)  # where a local file header has the lengths of its last fields
        name_length, extra_length = struct.unpack("<HH", file.read(4))
        self.file = file
        self.begin = entry.header_offset + 30 + name_length + extra_length + head

    def read(self, first: int, count: int) -> bytes:
        """So many elements from the first one on."""
        size = self.dtype.itemsize
        return os.pread(self.file.fileno(), count * size, self.begin + first * size)

    def whole(self) -> npt.NDArray[Any]:
        count = int(np.prod(self.shape))
        return np.frombuffer(self.read(0, count), self.dtype).reshape(self.shape)


class _Identifier(LanguageIdentifier):  # type: ignore[misc]  # py3langid is not typed
    """Reads texts whose bytes are replaced by the columns of a narrower automaton."""

    def __init__(self, *arguments: Any, columns: bytes, width: int, **more: Any) -> None:
        rows = more["tk_row"]
        super().__init__(*arguments, **more)
        self._columns = columns
        self._rowbase = (rows.astype(np.uint32) * np.uint32(width)).data

    def _encode(self, text: str | bytes) -> bytes:
        encoded: bytes = super()._encode(text)
        return encoded.translate(self._columns)


class _Weights:
    """The weights of features, a row for each."""

    def __init__(self, table: _Table) -> None:
        self._file, self._begin, self._dtype = table.file.fileno(), table.begin, table.dtype
        self._size: int = table.shape[1] * table.dtype.itemsize
        self._table = table  # keeps the file open

    def __getitem__(self, features: npt.NDArray[np.intp]) -> npt.NDArray[np.float16]:
        read, file, size = os.pread, self._file, self._size
        # Not through the file object, whose position all forked processes share.
        rows = [read(file, size, each) for each in (self._begin + size * features).tolist()]
        return np.frombuffer(b"".join(rows), self._dtype).reshape(len(rows), -1)


def _unpack() -> IO[bytes]:
    file = tempfile.TemporaryFile(suffix=".npz")  # noqa: SIM115  # open as long as the identifier is
    with lzma.open(MODEL_DIR / MODEL_FILE) as packed:
        shutil.copyfileobj(packed, file, 1 << 20)
    file.flush()
    return file


def _identifier(file: IO[bytes]) -> LanguageIdentifier:
    with zipfile.ZipFile(file) as packed:
        names = [name.removesuffix(".npy") for name in packed.namelist()]
        found = {name: _Table(file, packed, name) for name in names}
    columns, width, moves = _narrowed(found["nextmove"])
    return _Identifier(
        _Weights(found["ptc"]),
        found["pc"].whole(),
        found["classes"].whole().tolist(),
        moves,
        found["out_feat"].whole().data,
        norm_probs=True,
        tk_row=found["nextmove_row"].whole(),
        columns=columns,
        width=width,
    )


def _narrowed(table: _Table) -> tuple[bytes, int, memoryview]:
    """The automaton without the columns that are all like the first: column by byte, columns in all, transitions.

    These are a file of their own: memory has the few pages of it that texts lead to, and all processes the same.
    """
    varies = np.zeros(_ROW, dtype=bool)
    for rows in _row_blocks(table):
        varies |= (rows != rows[:, :1]).any(axis=0)
    kept = np.flatnonzero(varies)
    columns = np.zeros(_ROW, dtype=np.uint8)
    columns[kept] = np.arange(1, len(kept) + 1)
    with tempfile.TemporaryFile() as file:
        for rows in _row_blocks(table):
            file.write(rows[:, [0, *kept]].astype(np.uint32).tobytes())
        file.flush()
        moves = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)).cast("I")
    return columns.tobytes(), len(kept) + 1, moves


def _row_blocks(table: _Table) -> Iterator[npt.NDArray[Any]]:
    total = int(np.prod(table.shape))
    for first in range(0, total, _BLOCK):
        block = table.read(first, min(_BLOCK, total - first))
        yield np.frombuffer(block, table.dtype).reshape(-1, _ROW)
