import gzip
import random
import sys
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from archive.warc import content_codings
from archive.warc.content_codings import (
    MAX_GZIP_MEMBERS,
    BrokenCoding,
    ContentError,
    TooLarge,
    decode_content,
    gunzip,
)

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = "<p>Velmar : le pont de Tarn a été détruit.</p>".encode()


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=5))
def test_all_members_of_a_gzip_file_are_read(parts: list[bytes]) -> None:
    body, text = b"".join(map(gzip.compress, parts)), b"".join(parts)
    assert gunzip(body) == text
    assume(not text.startswith((b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd")))  # packed again, as it looks
    assert decode_content(body, "gzip") == text


@pytest.mark.parametrize("coding", ["deflate", "Deflate, identity", " deflate ,"])
@pytest.mark.parametrize("text", [PAGE, b""])
def test_deflate_is_undone_with_and_without_a_zlib_header(coding: str, text: bytes) -> None:
    raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    assert decode_content(zlib.compress(text), coding) == text
    assert decode_content(raw.compress(text) + raw.flush(), coding) == text


def test_codings_are_undone_in_reverse_order() -> None:
    assert decode_content(gzip.compress(zlib.compress(PAGE)), "deflate, gzip") == PAGE


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "identity", ""])
def test_plain_text_under_a_false_label_is_taken_as_it_is(coding: str) -> None:
    assert decode_content(PAGE, coding) == PAGE


@pytest.mark.parametrize("rest", [b"junk", b"\x1f\x8bno member", b"\0" * 512])
def test_what_follows_the_last_member_is_ignored(rest: bytes) -> None:
    assert gunzip(gzip.compress(PAGE) + rest) == PAGE


def test_bombs_are_refused() -> None:
    zeros = gzip.compress(bytes(2_000_000))
    with pytest.raises(TooLarge, match="1000000 bytes"):
        gunzip(zeros, 1_000_000)
    with pytest.raises(TooLarge):
        decode_content(gzip.compress(bytes(600_000)) * 2, "gzip", 1_000_000)
    with pytest.raises(TooLarge):
        decode_content(gzip.compress(zeros), "gzip, gzip", 1_000_000)
    with pytest.raises(ContentError, match="members"):
        gunzip(gzip.compress(b"") * (MAX_GZIP_MEMBERS + 1))


def test_a_body_may_be_as_large_as_the_limit() -> None:
    assert len(gunzip(gzip.compress(bytes(1_000)), 1_000)) == 1_000


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": lambda text: text,
    "identity": lambda text: text,
    "gzip": gzip.compress,
    "gzip of two members": lambda text: gzip.compress(text[:400]) + gzip.compress(text[400:]),
    "deflate": zlib.compress,
    "deflate without its header": lambda text: zlib.compress(text, wbits=-zlib.MAX_WBITS),
    "br": brotli.compress,
    "zstd": zstd.compress,
    "zstd of two frames": lambda text: zstd.compress(text[:400]) + zstd.compress(text[400:]),
    "gzip of two members at the limit": lambda text: (
        gzip.compress(text[:1_000]) + gzip.compress(text[1_000:])
    ),
    "zstd of two frames at the limit": lambda text: zstd.compress(text[:1_000]) + zstd.compress(text[1_000:]),
    "gzip, br": lambda text: brotli.compress(gzip.compress(text)),
}


@pytest.mark.parametrize("name", PACKERS)
def test_a_body_of_the_limit_is_whole_and_one_byte_more_is_refused(name: str) -> None:
    coding, text = (
        name.split(" of ")[0].split(" without ")[0],
        bytes(random.Random(7).choices(b"abcd", k=1_001)),
    )
    for length in (999, 1_000):
        assert decode_content(PACKERS[name](text[:length]), coding, 1_000) == text[:length]
    with pytest.raises(TooLarge):
        decode_content(PACKERS[name](text), coding, 1_000)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_as_many_members_as_the_limit_are_read(coding: str) -> None:
    member = gzip.compress(b"x") if coding == "gzip" else zstd.compress(b"x")
    assert decode_content(member * MAX_GZIP_MEMBERS, coding) == b"x" * MAX_GZIP_MEMBERS
    with pytest.raises(ContentError, match=f"more than {MAX_GZIP_MEMBERS}"):
        decode_content(member * (MAX_GZIP_MEMBERS + 1), coding)


PLAIN_LABELS = [
    "utf-8",
    "none",
    "ISO-8859-1",
    "binary",
    "text/html",
    "aws-chunked",
    "compress",
    "gzip;q=0",
    "",
    ",,",
]


@pytest.mark.parametrize("coding", PLAIN_LABELS)
def test_what_is_no_coding_of_the_body_is_ignored(coding: str) -> None:
    assert decode_content(PAGE, coding) == PAGE
    assert decode_content(PAGE.decode().encode("utf-16"), coding) == PAGE.decode().encode("utf-16")
    assert decode_content(gzip.compress(PAGE), coding) == PAGE


@pytest.mark.parametrize(
    "coding", ["gzip;q=1.0", "GZIP ; x", "x-gzip", "utf-8, gzip", "gzip, binary", "", "br"]
)
def test_a_label_may_be_odd_false_or_absent_over_a_packed_body(coding: str) -> None:
    if coding != "br":
        assert decode_content(gzip.compress(PAGE), coding) == PAGE
    assert decode_content(gzip.compress(gzip.compress(PAGE)), "gzip") == PAGE
    assert decode_content(zstd.compress(PAGE), "gzip") == PAGE


@pytest.mark.parametrize("coding", ["compress", "exi", "x-of-our-own"])
def test_an_unknown_coding_over_what_is_no_text_is_named(coding: str) -> None:
    with pytest.raises(ContentError, match=f"'{coding}'"):
        decode_content(b"\x1f\x9d\x90\x00" + random.Random(7).randbytes(99), coding)


STREAMS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "second member": ("gzip", lambda text: gzip.compress(text[:99]) + gzip.compress(text[99:])),
    "named file": (
        "gzip",
        lambda text: b"\x1f\x8b\x08\x18" + bytes(6) + b"a\0b\0" + gzip.compress(text)[10:],
    ),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", lambda text: zlib.compress(text, wbits=-zlib.MAX_WBITS)),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
}


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_without_its_end_is_no_document(name: str) -> None:
    coding, pack = STREAMS[name]
    text = random.Random(7).randbytes(300_000)
    packed = pack(text)
    for length in (200_000, len(packed) - 30, 60):
        with pytest.raises(BrokenCoding, match="incomplete") as caught:
            decode_content(packed[:length], coding)
        assert text.startswith(caught.value.part)
        assert length != 200_000 or len(caught.value.part) > 100_000


def test_a_stream_without_its_end_within_another_is_no_document() -> None:
    with pytest.raises(BrokenCoding):
        decode_content(gzip.compress(gzip.compress(PAGE)[:-20]), "gzip")


@pytest.mark.parametrize("name", ["gzip", "second member", "named file", "deflate", "br"])
def test_a_stream_with_a_fault_in_it_is_no_document(name: str) -> None:
    coding, pack = STREAMS[name]
    text = bytes(random.Random(7).choices(b"abcdefg <>/", k=50_000))
    packed = bytearray(pack(text))
    packed[len(packed) // 2 : len(packed) // 2 + 9] = bytes(9)
    with pytest.raises(BrokenCoding):
        decode_content(bytes(packed), coding)


@pytest.mark.parametrize("missing", range(1, 9))
def test_the_checksum_behind_a_stream_may_be_cut(missing: int) -> None:
    assert decode_content(gzip.compress(PAGE)[:-missing], "gzip") == PAGE
    assert decode_content(zlib.compress(PAGE)[: -min(missing, 4)], "deflate") == PAGE


@pytest.mark.parametrize("at_a_piece", [False, True])
def test_a_wrong_checksum_is_a_fault(at_a_piece: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = gzip.compress(PAGE)[:-8]
    if at_a_piece:  # then all of the text is known when the fault is found
        monkeypatch.setattr(content_codings, "_PIECE_BYTES", len(sound))
    with pytest.raises(BrokenCoding):
        decode_content(sound + b"\1\2\3\4\5\6\7\0", "gzip")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_what_a_plugin_prints_behind_a_stream_is_ignored(coding: str) -> None:
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}[
        coding
    ]
    assert decode_content(pack(PAGE * 500) + b"<!-- cached -->", coding) == PAGE * 500


@pytest.mark.parametrize("coding", ["br", "zstd", "BR , identity"])
@pytest.mark.parametrize("text", [PAGE, PAGE * 1000, b""])
def test_codings_of_other_crawlers_archives_are_undone(coding: str, text: bytes) -> None:
    packed = zstd.compress(text) if coding == "zstd" else brotli.compress(text)
    assert decode_content(packed, coding) == text


def test_all_frames_of_a_zstd_body_are_read() -> None:
    assert decode_content(zstd.compress(PAGE) + zstd.compress(PAGE) + b"junk", "zstd") == PAGE * 2


@pytest.mark.parametrize("coding", ["br", "zstd"])
def test_bombs_of_other_codings_are_refused_before_they_unfold(coding: str) -> None:
    bomb = (
        brotli.compress(bytes(50_000_000), quality=1) if coding == "br" else zstd.compress(bytes(50_000_000))
    )
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="1000000 bytes"):
            decode_content(bomb, coding, 1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_zstd_window_larger_than_the_standard_allows_is_not_allocated() -> None:
    text = random.Random(7).randbytes(12_000_000)
    packed = zstd.compress(text, options={zstd.CompressionParameter.window_log: 27})
    with pytest.raises(BrokenCoding):
        decode_content(packed, "zstd")
