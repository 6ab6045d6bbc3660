import gzip
import random
import sys
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.http.decoding import (
    MAX_GZIP_MEMBERS,
    ContentError,
    TooLarge,
    decode_content,
    decode_text,
    gunzip,
)

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = "<p>Velmar : le pont de Tarn a été détruit.</p>".encode()
RUSSIAN = "Мост в Тарне разрушен, сообщили в Вельмаре."


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=5))
def test_all_members_of_a_gzip_file_are_read(parts: list[bytes]) -> None:
    body = b"".join(map(gzip.compress, parts))
    assert gunzip(body) == decode_content(body, "gzip") == b"".join(parts)


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


def test_a_cut_stream_gives_what_is_whole() -> None:
    text = random.Random(7).randbytes(50_000)
    decoded = gunzip(gzip.compress(text)[:40_000])
    assert len(decoded) > 20_000
    assert text.startswith(decoded)


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


def test_an_unknown_coding_is_named() -> None:
    with pytest.raises(ContentError, match="'compress'"):
        decode_content(PAGE, "compress")


@pytest.mark.parametrize("coding", ["br", "zstd", "BR , identity"])
@pytest.mark.parametrize("text", [PAGE, PAGE * 1000, b""])
def test_codings_of_other_crawlers_archives_are_undone(coding: str, text: bytes) -> None:
    packed = zstd.compress(text) if coding == "zstd" else brotli.compress(text)
    assert decode_content(packed, coding) == text


def test_all_frames_of_a_zstd_body_are_read() -> None:
    assert decode_content(zstd.compress(PAGE) + zstd.compress(PAGE) + b"junk", "zstd") == PAGE * 2


@pytest.mark.parametrize("coding", ["br", "zstd"])
def test_bombs_of_other_codings_are_refused_before_they_unfold(coding: str) -> None:
    bomb = brotli.compress(bytes(50_000_000)) if coding == "br" else zstd.compress(bytes(50_000_000))
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
    assert decode_content(packed, "zstd") == packed


@pytest.mark.parametrize("coding", ["br", "zstd"])
def test_a_cut_stream_of_other_codings_gives_what_is_whole(coding: str) -> None:
    text = random.Random(7).randbytes(500_000)
    packed = zstd.compress(text) if coding == "zstd" else brotli.compress(text)
    decoded = decode_content(packed[:400_000], coding)
    assert len(decoded) > 200_000
    assert text.startswith(decoded)


@pytest.mark.parametrize(
    ("encoding", "content_type", "head"),
    [
        ("windows-1251", "text/xml; charset=windows-1251", ""),
        ("windows-1251", None, '<?xml version="1.0" encoding="windows-1251"?>'),
        ("windows-1251", "text/html", '<meta charset="windows-1251">'),
        ("utf-8", "text/html; charset=iso-8859-1", '<meta charset="windows-1251">'),
        ("utf-8-sig", "text/html; charset=windows-1251", ""),
        ("utf-16", None, ""),
    ],
)
def test_text_is_read_whatever_its_label_says(encoding: str, content_type: str | None, head: str) -> None:
    text = f"{head}<p>{RUSSIAN}</p>"
    assert decode_text(text.encode(encoding), content_type) == text


def test_an_undeclared_encoding_is_guessed() -> None:
    assert RUSSIAN in decode_text((RUSSIAN * 20).encode("windows-1251"), None)
    assert decode_text(b"\x81\xff", "text/html; charset=utf-8")
