"""Bytes are taken in their order whatever was looked at, and damage comes when all before it was taken."""

import gzip
import random
from io import BytesIO

import pytest

from archive.warc.compressed_members import members_of
from archive.warc.look_ahead import Content, Unpacked
from archive.warc.record_blocks import Damaged

DATA = b"\r\n \tOrla" * 9 + bytes(range(256)) * 99


def test_what_is_taken_is_what_was_given_however_it_is_looked_at() -> None:
    chance = random.Random(7)
    for _ in range(50):
        source = BytesIO(DATA)
        content = Content(lambda size, source=source: source.read(min(size, chance.randrange(1, 9000))))  # type: ignore[misc]
        taken = b""
        while not content.is_at_end():
            if chance.random() < 0.5:
                size = chance.randrange(20_000)
                ahead = content.peek(size)
                assert ahead == DATA[len(taken) :][: len(ahead)]
                assert len(ahead) >= min(size, len(DATA) - len(taken))
            size = chance.randrange(1, 9000)
            piece = content.take_newlines() if chance.random() < 0.2 else content.take(size)
            taken += piece
            assert content.taken == len(taken)
        assert taken == DATA
        assert (content.take(9), content.peek(9), content.take_newlines()) == (b"", b"", b"")


def test_no_more_is_taken_than_was_wanted() -> None:
    content = Content(BytesIO(DATA).read)
    assert content.take(3) == DATA[:3]
    content.peek(100)
    assert content.take(5) == DATA[3:8]
    assert content.taken == 8


def test_damage_comes_when_all_before_it_was_taken() -> None:
    pieces = iter([b"Orla", b"Tarn"])

    def read(_: int) -> bytes:
        try:
            return next(pieces)
        except StopIteration:
            raise Damaged from None

    content = Content(read)
    assert content.peek(99) == b"OrlaTarn"
    assert not content.is_at_end()
    assert content.take(99) == b"OrlaTarn"
    for use in (content.is_at_end, lambda: content.take(1)):
        with pytest.raises(Damaged):
            use()
    assert content.peek(1) == b""


def test_a_compressed_file_is_read_from_anywhere() -> None:
    packed = b"".join(gzip.compress(DATA[at : at + 3000]) for at in range(0, len(DATA), 3000))
    members = members_of(BytesIO(packed))
    assert members is not None
    file, chance = Unpacked(members, len(packed)), random.Random(7)
    for _ in range(30):
        offset = chance.randrange(len(DATA) + 50)
        file.seek(offset)
        read = b""
        while len(read) < 5000 and (piece := file.read(4000)):
            assert len(piece) <= 4000
            read += piece
        assert DATA[offset : offset + len(read)] == read
        assert len(read) >= min(5000, len(DATA) - offset)
