"""Members of compressed files: where each begins and ends, and what a broken one raises."""

import random
from io import BytesIO

import pytest

from archive.warc import compressed_members
from archive.warc.compressed_members import GZIP, LZ4, ZSTD, find_all, members_of
from archive.warc.record_blocks import DAMAGE
from tests.support.foreign_records import PACKERS, skippable, zstd_dictionary, zstd_frame

TEXT = b"The mill of Tolm by the Orla was opened again on Thursday. " * 40


def read(data: bytes, offset: int) -> tuple[bytes, int]:
    """The content of the member at an offset, and where it ends."""
    members = members_of(BytesIO(data))
    assert members is not None
    member = members.at(offset)
    content = b"".join(iter(lambda: member.read(100), b""))
    return content, member.end


def test_a_mark_is_found_wherever_a_chunk_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compressed_members, "CHUNK_BYTES", 7)
    chance = random.Random(7)
    for _ in range(200):
        data = bytes(chance.choices(b"ab", k=chance.randrange(40)))
        for mark in (b"a", b"ab", b"aba", b"aaaa"):
            offset = chance.randrange(len(data) + 2)
            wanted = [at for at in range(offset, len(data)) if data.startswith(mark, at)]
            assert list(find_all(BytesIO(data), mark, offset)) == wanted


@pytest.mark.parametrize("coding", ["gzip", "zstd", "lz4"])
def test_a_member_ends_where_the_next_one_begins(coding: str) -> None:
    one, two = PACKERS[coding](TEXT), PACKERS[coding](TEXT[:99])
    assert read(one + two, 0) == (TEXT, len(one))
    assert read(one + two, len(one)) == (TEXT[:99], len(one + two))
    assert read(one + b"more", 0) == (TEXT, len(one))
    for offset in (1, len(one) - 1):
        with pytest.raises(DAMAGE):
            read(one + two, offset)


@pytest.mark.parametrize("coding", ["gzip", "zstd", "lz4"])
def test_a_member_that_is_cut_is_damage_wherever(coding: str) -> None:
    packed = PACKERS[coding](TEXT)
    for size in (
        *range(4 if coding != "gzip" else 3, 20),
        len(packed) // 2,
        len(packed) - 4,
        len(packed) - 1,
    ):
        with pytest.raises(DAMAGE):
            read(packed[:size], 0)


def lz4_frame(flags: int) -> bytes:
    """A frame with what the flags announce; nobody checks the checksums of blocks here."""
    block = len(TEXT).to_bytes(4, "little")[:3] + b"\x80" + TEXT  # not compressed
    head = LZ4 + bytes((0x40 | flags, 0x40))
    head += len(TEXT).to_bytes(8, "little") * bool(flags & 8) + bytes(4) * (flags & 1)
    return head + b"\0" + block + bytes(4) * bool(flags & 16) + bytes(4) + bytes(4) * bool(flags & 4)


@pytest.mark.parametrize("flags", range(32))
def test_a_frame_of_lz4_ends_behind_all_that_its_flags_announce(flags: int) -> None:
    if flags & 2:  # reserved
        return
    frame = lz4_frame(flags)
    members = members_of(BytesIO(frame + frame))
    assert members is not None
    assert members.at(0).end == len(frame)
    assert members.at(len(frame)).end == 2 * len(frame)
    for damaged in (frame[:-1], frame[:4] + bytes((0x80 | flags,)) + frame[5:]):
        with pytest.raises(DAMAGE):
            read(damaged, 0)


@pytest.mark.parametrize(
    ("beginning", "mark"),
    [
        (GZIP, GZIP),
        (ZSTD, ZSTD),
        (LZ4, LZ4),
        (skippable(b"a") + ZSTD, ZSTD),
        (skippable(b"a", 0) + skippable(b"", 15) + LZ4, LZ4),
        (skippable(b"a"), None),
        (GZIP[:2], None),
        (b"", None),
        (b"WARC/1.0\r\n", None),
    ],
)
def test_the_first_bytes_tell_the_compression(beginning: bytes, mark: bytes | None) -> None:
    members = members_of(BytesIO(beginning))
    assert (members.mark if members else None) == mark


def test_a_dictionary_is_learned_if_it_is_no_larger_than_one_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    dictionary = zstd_dictionary(TEXT, TEXT[::-1])
    data = skippable(dictionary.dict_content) + zstd_frame(TEXT, dictionary)
    begin = len(skippable(dictionary.dict_content))
    size = len(dictionary.dict_content)
    monkeypatch.setattr(compressed_members, "_MAX_DICTIONARY_BYTES", size)
    assert read(data, begin)[0] == TEXT
    monkeypatch.setattr(compressed_members, "_MAX_DICTIONARY_BYTES", size - 1)
    with pytest.raises(compressed_members.MissingDictionary):
        read(data, begin)
