"""Records one after another, as a file has them: plain, or each in a compressed member of its own."""

from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Protocol

from archive.warc.byte_ranges import Readable, read_range
from archive.warc.compressed_members import GZIP, Member, Members, find_all, members_of
from archive.warc.heads import ARC, LOOK_BYTES, WARC, Head, Shape, shape_of
from archive.warc.look_ahead import Content, Unpacked
from archive.warc.record import WarcRecord
from archive.warc.record_blocks import CHUNK_BYTES, DAMAGE, MAX_BLOCK_BYTES, Damaged, read_block

_NEWLINES = b"\r\n"
_STRAY_BYTES = 64
"""Behind a block whose length is too small; more would be something else than its end."""


class Rows(Protocol):
    """The records of one file by their offsets."""

    shape: Shape
    are_gzip_members: bool
    """Whether each record is a gzip member of its own."""

    def at(self, offset: int) -> WarcRecord | None:
        """The record that begins at an offset, line ends left out; None at the end.

        An error of `DAMAGE` if it is broken.
        """
        ...

    def next_start(self, offset: int) -> int | None:
        """Where, at or after an offset, the next record seems to begin."""
        ...

    def text(self, record: WarcRecord) -> Iterator[bytes]:
        """The bytes of a record, decompressed."""
        ...


class SharedMember(Damaged):
    """A compressed member holds several records, or only a part of one."""


def rows_of(file: IO[bytes], size: int, name: str, start: int = 0) -> Rows:
    """The records of a file; where its compression takes no heed of them, their offsets are those in its content.

    `start`: where somebody wants to read; if a member with a record begins there, that settles it.
    """
    members = members_of(file)
    if members is None:
        return PlainRows(file, _shape(_beginning(file), name))
    packed = PackedRows(members, file, size, name)
    if (start and packed.begins_record(start)) or packed.is_one_a_member():
        return packed
    return PlainRows(Unpacked(members, size), packed.shape)


class PlainRows:
    """Records that follow each other; a wrong length is noticed by what follows, and put right."""

    are_gzip_members = False

    def __init__(self, file: Readable, shape: Shape) -> None:
        self.shape = shape
        self._file = file
        self._content = Content(lambda _: b"")
        self._base = -1
        """The offset at which the content begins; -1 if the file was read elsewhere since."""

    def at(self, offset: int) -> WarcRecord | None:
        content = self._content_from(offset)
        content.take_newlines()
        begin = self._base + content.taken
        if content.is_at_end():
            return None
        head = self.shape.take_head(content)
        start = self._base + content.taken
        block, size, whole = read_block(content.take, head.length or 0)
        ahead = content.peek(LOOK_BYTES)
        if head.length is None or size < head.length or not self._is_closed(ahead):
            self._base = -1
            block, size, whole = self._mended(head.length, start, (block, size, whole), ahead)
            ahead = self._bytes(start + size)
        else:
            content.take_newlines()
        newlines = len(ahead) - len(ahead.lstrip(_NEWLINES))
        return WarcRecord(head.type, head.headers, block, whole, begin, start + size + newlines - begin)

    def next_start(self, offset: int) -> int | None:
        self._base = -1
        with suppress(*DAMAGE):
            return next(_search(self._file, self.shape, offset), None)
        return None

    def text(self, record: WarcRecord) -> Iterator[bytes]:
        self._base = -1
        return read_range(self._file, record.offset, record.length)

    def _content_from(self, offset: int) -> Content:
        """What follows an offset; to go on is cheap, also where the file cannot be sought."""
        if self._base < 0 or self._base + self._content.taken != offset:
            self._file.seek(offset)
            self._content, self._base = Content(self._file.read), offset
        return self._content

    def _is_closed(self, ahead: bytes) -> bool:
        """Whether what follows a block is the end of it, and not more of it or a piece of the next record."""
        rest = ahead.lstrip(_NEWLINES)
        return (
            not rest
            or self.shape.pattern.match(rest) is not None
            or self.shape.closing.match(ahead) is not None
        )

    def _mended(
        self, announced: int | None, start: int, read: tuple[bytes, int, bool], ahead: bytes
    ) -> tuple[bytes, int, bool]:
        """A block, its size, and whether it is kept whole, by where the next record begins."""
        following = self.next_start(start)
        block, size, whole = read
        if announced is None or (following is not None and following < start + announced):
            self._file.seek(start)
            wanted = MAX_BLOCK_BYTES if following is None else following - start
            block, size, whole = read_block(self._file.read, wanted)
            if not block:
                raise Damaged
            closing = len(block) - len(_without_closing(block, self.shape)) if whole else 0
            return block[: len(block) - closing], size - closing, whole
        if size < announced:
            raise Damaged
        end = len(ahead) if following is None else following - start - size
        stray = ahead[:end].rstrip(_NEWLINES) if end <= len(ahead) else ahead
        if len(stray) > _STRAY_BYTES or not whole:
            return read
        return block + stray, size + len(stray), True

    def _bytes(self, offset: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(_STRAY_BYTES)


class PackedRows:
    """Records in compressed members of their own, whose ends are the ends of the records."""

    def __init__(self, members: Members, file: IO[bytes], size: int, name: str) -> None:
        self._members, self._file, self._size = members, file, size
        self.are_gzip_members = members.mark == GZIP
        self.shape = _shape(self._text_at(members.begin(0)), name)

    def begins_record(self, offset: int) -> bool:
        """Whether a member that begins with a record begins at an offset."""
        return self.shape.pattern.match(self._text_at(offset)) is not None

    def is_one_a_member(self) -> bool:
        """Whether the file begins as all files of this kind should."""
        with suppress(*DAMAGE):
            try:
                if first := self.at(0):
                    self.at(first.offset + first.length)
            except SharedMember:
                return False
        return True

    def at(self, offset: int) -> WarcRecord | None:
        content = Content(lambda _: b"")
        end = offset
        while content.is_at_end():  # members without content
            begin = self._members.begin(end)
            if begin >= self._size:
                return None
            member = self._members.at(begin)
            content = Content(member.read)
            content.take_newlines()
            end = member.end
        try:
            head = self.shape.take_head(content)
        except Damaged:
            self._refuse_shared(content, member)
            raise
        block, whole = self._block(content, head, member)
        while content.take(CHUNK_BYTES):  # a wrong checksum is noticed at the end
            pass
        return WarcRecord(head.type, head.headers, block, whole, begin, member.end - begin)

    def _block(self, content: Content, head: Head, member: Member) -> tuple[bytes, bool]:
        wanted = MAX_BLOCK_BYTES if head.length is None else head.length
        block, size, whole = read_block(content.take, wanted)
        ahead = content.peek(LOOK_BYTES)
        if self.shape.pattern.match(ahead.lstrip(_NEWLINES)):
            raise SharedMember
        if size < wanted and head.length is not None:
            self._refuse_shared(content, member)
        if size < wanted:
            return _without_closing(block, self.shape), whole
        if whole and ahead.strip(_NEWLINES) and not self.shape.closing.match(ahead):
            rest, _, whole = read_block(content.take, MAX_BLOCK_BYTES)
            block += _without_closing(rest, self.shape)
        return block, whole

    def next_start(self, offset: int) -> int | None:
        with suppress(*DAMAGE):
            for found in find_all(self._file, self._members.mark, offset):
                if self.begins_record(found):
                    return found
        return None

    def text(self, record: WarcRecord) -> Iterator[bytes]:
        read = self._members.at(record.offset).read
        return iter(lambda: read(CHUNK_BYTES), b"")

    def _refuse_shared(self, content: Content, member: Member) -> None:
        """`SharedMember` if a member that ends within a record is followed by more of it."""
        while content.take(CHUNK_BYTES):
            pass
        text = self._text_at(self._members.begin(member.end))
        if text and not self.shape.pattern.match(text):
            raise SharedMember

    def _text_at(self, offset: int) -> bytes:
        with suppress(*DAMAGE):
            return Content(self._members.at(offset).read).peek(LOOK_BYTES).lstrip(_NEWLINES)
        return b""


def _shape(beginning: bytes, name: str) -> Shape:
    return shape_of(beginning) or (ARC if ".arc" in name.lower() else WARC)


def _beginning(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(LOOK_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip(_NEWLINES)


def _without_closing(block: bytes, shape: Shape) -> bytes:
    """A block without the line ends that close its record."""
    text = block.rstrip(_NEWLINES)
    closing = shape.closing.match(block, len(text))
    if closing is None:
        return block
    more = len(block) - closing.end()
    return text + block[len(text) : len(text) + more]


def _search(file: Readable, shape: Shape, offset: int) -> Iterator[int]:
    """The offsets at or after an offset at which heads seem to begin."""
    while True:
        file.seek(max(offset - 1, 0))
        data = file.read(CHUNK_BYTES)
        first = min(offset, 1)
        for found in shape.pattern.finditer(data, first):
            yield offset - first + found.start()
        if len(data) < CHUNK_BYTES:
            return
        offset += CHUNK_BYTES - first - LOOK_BYTES
