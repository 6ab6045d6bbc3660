"""py3langid's model in files, of which a text needs little: in memory it would take 70 MB."""

import lzma
import mmap
import os
import shutil
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

from crawler.user_cache import keep

_FORM = 1
"""Raised with every change of what `_write_tables` writes: a file of another form is not read."""

_ROW = 256
_BLOCK = 2048 * _ROW


def read_identifier() -> LanguageIdentifier:
    """An identifier whose tables stay in a file; in memory where none can be written."""
    try:
        with open_tables() as file:
            return _identifier(file)
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

    def mapped(self) -> memoryview:
        """Its bytes in the file: memory has the few pages of them that are read, and all processes the same."""
        size = int(np.prod(self.shape)) * self.dtype.itemsize
        file = memoryview(mmap.mmap(self.file.fileno(), 0, access=mmap.ACCESS_READ))
        return file[self.begin : self.begin + size]

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
        self._file = os.dup(table.file.fileno())  # open as long as the process lives
        self._begin, self._dtype = table.begin, table.dtype
        self._size: int = table.shape[1] * table.dtype.itemsize

    def __getitem__(self, features: npt.NDArray[np.intp]) -> npt.NDArray[np.float16]:
        read, file, size = os.pread, self._file, self._size
        # Not through the file object, whose position all forked processes share.
        rows = [read(file, size, each) for each in (self._begin + size * features).tolist()]
        return np.frombuffer(b"".join(rows), self._dtype).reshape(len(rows), -1)


def open_tables() -> IO[bytes]:
    """The file of the tables in the user's cache, which the first run makes; a temporary one where it cannot."""
    model = (MODEL_DIR / MODEL_FILE).stat()
    name = f"languages-{_FORM}-{model.st_mtime_ns:x}-{model.st_size:x}.npz"
    with suppress(OSError):
        return keep(name, zipfile.is_zipfile, _write_tables).open("rb")
    file = tempfile.TemporaryFile(suffix=".npz")  # noqa: SIM115  # the caller closes it
    _write_tables(file)
    return file


def _write_tables(file: IO[bytes]) -> None:
    """Write the model's tables side by side; its automaton without the columns that are all like the first."""
    with tempfile.TemporaryFile() as unpacked:
        with lzma.open(MODEL_DIR / MODEL_FILE) as packed:
            shutil.copyfileobj(packed, unpacked, 1 << 20)
        unpacked.flush()
        tables = _tables_in(unpacked)
        columns, moves = _narrowed(tables.pop("nextmove"))
        whole = {name: table.whole() for name, table in tables.items()}
        np.savez(file, **(whole | {"columns": columns, "moves": moves}))  # type: ignore[arg-type]  # none is an option
    file.flush()


def _tables_in(file: IO[bytes]) -> dict[str, _Table]:
    with zipfile.ZipFile(file) as packed:
        names = [name.removesuffix(".npy") for name in packed.namelist()]
        return {name: _Table(file, packed, name) for name in names}


def _identifier(file: IO[bytes]) -> LanguageIdentifier:
    tables = _tables_in(file)
    return _Identifier(
        _Weights(tables["ptc"]),
        tables["pc"].whole(),
        tables["classes"].whole().tolist(),
        tables["moves"].mapped().cast("I"),
        tables["out_feat"].whole().data,
        norm_probs=True,
        tk_row=tables["nextmove_row"].whole(),
        columns=tables["columns"].whole().tobytes(),
        width=tables["moves"].shape[1],
    )


def _narrowed(table: _Table) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint32]]:
    """The automaton without the columns that are all like the first: column by byte, and transitions."""
    varies = np.zeros(_ROW, dtype=bool)
    for rows in _row_blocks(table):
        varies |= (rows != rows[:, :1]).any(axis=0)
    kept = np.flatnonzero(varies)
    columns = np.zeros(_ROW, dtype=np.uint8)
    columns[kept] = np.arange(1, len(kept) + 1)
    moves = np.concatenate([rows[:, [0, *kept]] for rows in _row_blocks(table)])
    return columns, np.ascontiguousarray(moves, np.uint32)


def _row_blocks(table: _Table) -> Iterator[npt.NDArray[Any]]:
    total = int(np.prod(table.shape))
    for first in range(0, total, _BLOCK):
        block = table.read(first, min(_BLOCK, total - first))
        yield np.frombuffer(block, table.dtype).reshape(-1, _ROW)
