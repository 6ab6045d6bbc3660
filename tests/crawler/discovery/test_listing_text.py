"""Bytes are believed before labels: a wrong one costs no letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery.listing_text import decode_listing

TEXTS = (
    "Мост в Тарне разрушен, ждут дождя",
    "هجوم على قافلة قرب ويلمار",
    "韦拉的大桥在夜里被毁",
    "ניתוק הגשר בטארן",
)
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
LABELS = (
    "",
    "utf-8",
    "utf-16",
    "UTF-16LE",
    "iso-8859-1",
    "windows-1251",
    "database",
    "utf8mb4",
    "base64",
    "x-user-defined",
)


def document(text: str, label: str = "") -> str:
    declaration = f' encoding="{label}"' if label else ""
    return f'<?xml version="1.0"{declaration}?><rss><channel><title>{text}</title></channel></rss>'


@pytest.mark.parametrize("encoding", UNICODE)
@pytest.mark.parametrize("label", LABELS)
def test_unicode_is_known_by_its_bytes_whatever_its_labels_say(encoding: str, label: str) -> None:
    for text in TEXTS:
        body = document(text, label).encode(encoding)
        for header in (None, "text/xml", f"text/xml; charset={label or 'koi8-r'}"):
            assert decode_listing(body, header) == document(text, label)


@pytest.mark.parametrize(
    ("text", "encoding", "label", "header"),
    [
        (TEXTS[0], "windows-1251", "windows-1251", None),
        (TEXTS[0], "windows-1251", "windows-1251", "text/xml; charset=utf-8"),
        (TEXTS[0], "windows-1251", "windows-1251", "text/xml; charset=ISO-8859-1"),
        (TEXTS[0], "windows-1251", "utf-8", "text/xml; charset=cp1251"),
        (TEXTS[0], "windows-1251", "iso-8859-1", "text/xml; charset=windows-1251"),
        (TEXTS[0], "windows-1251", "database", "text/xml; charset=windows-1251"),
        (TEXTS[0], "windows-1251", "utf-16", "text/xml; charset=windows-1251"),
        (TEXTS[0] * 9, "windows-1251", "", None),
        (TEXTS[0], "koi8-r", "utf-8", "application/rss+xml; charset=koi8-r"),
        (TEXTS[1], "windows-1256", "windows-1256", "text/xml; charset=utf-8"),
        (TEXTS[2], "gb18030", "gb2312", "text/xml"),
        ("Le pont détruit à Ørsa", "windows-1252", "iso-8859-1", None),
        ("Le pont détruit", "iso-8859-1", "", None),
        ("Mosty zničené, řeka stoupá", "iso-8859-2", "iso-8859-2", "text/xml; charset=iso-8859-1"),
    ],
)
def test_other_encodings_are_known_by_the_label_that_someone_chose(
    text: str, encoding: str, label: str, header: str | None
) -> None:
    assert decode_listing(document(text, label).encode(encoding), header) == document(text, label)


@pytest.mark.parametrize("broken", [b"\xff", b"\xe9", b"\xd0", b"\x93", b"\xf0\x9f\x92"])
@pytest.mark.parametrize("header", [None, "text/xml; charset=windows-1251", "text/xml; charset=iso-8859-1"])
def test_a_broken_byte_in_utf8_costs_itself_and_no_other_letter(broken: bytes, header: str | None) -> None:
    for text in TEXTS:
        start, end = (document(part).encode() for part in (text, f" {text}"))
        assert decode_listing(start + broken + end, header) == f"{document(text)}\ufffd{document(f' {text}')}"


def test_a_mark_without_its_encoding_is_no_mark() -> None:
    for mark in (b"\xff\xfe", b"\xfe\xff"):
        assert decode_listing(mark + document(TEXTS[0]).encode(), None).endswith(document(TEXTS[0]))
    long = f"<rss><channel><title>{TEXTS[2] * 200}</title>"
    assert decode_listing(long.encode("utf-16"), "text/xml; charset=utf-8") == long


@pytest.mark.parametrize("encoding", UNICODE)
def test_a_character_that_is_cut_at_the_end_is_left_out(encoding: str) -> None:
    whole = document(TEXTS[2])
    assert decode_listing(f"{whole}毁".encode(encoding)[:-1], None) == whole


@given(st.binary(max_size=200), st.sampled_from([None, "text/xml; charset=utf-16", "a/b; charset=koi8-r"]))
def test_any_bytes_have_a_text_that_can_be_written(body: bytes, header: str | None) -> None:
    assert decode_listing(body, header).encode() is not None
