"""Bytes become the text that browsers show; what is expected was computed with a browser's TextDecoder."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webencodings.labels import LABELS

from crawler.http.encodings import decode, find_encoding

STRANGE = (
    "base64",
    "idna",
    "punycode",
    "rot13",
    "undefined",
    "unicode_escape",
    "utf-7",
    "hex",
    "mbcs",
    "",
    " ",
    "none",
    "\0",
    "x" * 300,
    "кои8",
)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        (" Windows-1251 ", "windows-1251"),
        ("x-cp1251", "windows-1251"),
        ("win-1251", "windows-1251"),
        ("cp-1251", "windows-1251"),
        ("WINDOWS_1251", "windows-1251"),
        ("cp-1256", "windows-1256"),
        ("x-cp1250", "windows-1250"),
        ("ansi-1254", "windows-1254"),
        ("iso88592", "iso-8859-2"),
        ("iso_8859_2", "iso-8859-2"),
        ("iso-8859-1", "windows-1252"),
        ("iso-8859-8-i", "iso-8859-8"),
        ("latin1", "windows-1252"),
        ("us-ascii", "windows-1252"),
        ("iso-8859-9", "windows-1254"),
        ("tis-620", "windows-874"),
        ("utf8mb4", "utf-8"),
        ("unicode", "utf-16le"),
        ("gb2312", "gbk"),
        ("cp936", "gbk"),
        ("euc-cn", "gbk"),
        ("big5-hkscs", "big5"),
        ("cp950", "big5"),
        ("ks_c_5601-1987", "euc-kr"),
        ("uhc", "euc-kr"),
        ("x_euc_jp", "euc-jp"),
        ("cp51932", "euc-jp"),
        ("windows-31j", "shift_jis"),
        ("cp932", "shift_jis"),
        ("x-mac-ukrainian", "x-mac-cyrillic"),
        ("hz-gb-2312", "replacement"),
        ("iso-2022-kr", "replacement"),
        ("cp1125", "cp1125"),
    ],
)
def test_a_label_names_the_encoding_that_browsers_take(label: str, name: str) -> None:
    assert find_encoding(label) == name


@pytest.mark.parametrize("label", STRANGE)
def test_other_words_are_no_encoding(label: str) -> None:
    assert find_encoding(label) is None


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("windows-1252", b"\x80 \x81 \x93\xc4", "€ \x81 “Ä"),
        ("windows-1251", b"\x98 \xcc\xee\xf1\xf2", "\x98 Мост"),
        ("windows-1253", b"\x81\xaa\xd2 \xc3\xdd", "\x81\ufffd\ufffd Γέ"),
        ("windows-1255", b"\x81\xca\xd9 \xf9\xec\xe5\xed", "\x81\u05ba\ufffd שלום"),
        ("windows-1256", b"\x81\x8d \xe3\xd1\xcd\xc8\xc7", "پچ مرحبا"),
        ("windows-1257", b"\x81\xa1 \xfe\xe0", "\x81\ufffd žą"),
        ("windows-874", b"\x80\x81\xfc \xa1\xd2", "€\x81\ufffd กา"),
        ("koi8-u", b"\xae\xbe \xed\xcf\xd3\xd4", "ўЎ Мост"),
        ("macintosh", b"\xdb \x8a", "€ ä"),
        ("x-mac-cyrillic", b"\x8c\xee\xf1\xf2 \xa2\xff", "Мост Ґ€"),
        ("iso-8859-8", b"\xf9\xec\xe5\xed", "שלום"),
        ("ibm866", b"\x8c\xae\xe1\xe2", "Мост"),
        ("x-user-defined", b"A\x80\xff", "A\uf780\uf7ff"),
        ("shift_jis", b"\x87\x40\x87\x8a \xfb\xfc\xa0\xfd", "①㈱ 髙\ufffd\ufffd"),
        ("euc-jp", b"\xad\xa1\xad\xea \xfc\xe2 \xa1\xc1\xa1\xdd", "①㈱ 髙 ～－"),
        ("euc-jp", b"\x8f\xb0\xa1 \x8e\xb1", "丂 ｱ"),
        ("gbk", b"\x80 \xc7\xc5 \xa8\xbc \xa6\xd9", "€ 桥 ḿ ︐"),
        ("gb18030", b"\x81\x30\x81\x30 \x90\x30\x81\x30 \xfe\x59", "\x80 𐀀 龴"),
        ("big5", b"\xa3\xe1 \xbe\xf4 \x87\x7a\x87\xdf \xa1\x45", "€ 橋 㡵鿋 ‧"),
        ("big5", b"\x88\x62\x88\xa5", "Ê̄ê̌"),
        ("euc-kr", b"\xb4\xd9\xb8\xae \x8c\x63", "다리 똠"),
        ("iso-2022-jp", b"\x1b$B66\x1b(B \x1b(I6\x1b(J\\~\x1b$@-!\x1b(B.", "橋 ｶ¥‾①."),
        ("utf-16le", b"\x61\x00\xf6\x00", "aö"),
        ("replacement", b"~{GEVW~}", "\ufffd"),
    ],
)
def test_bytes_are_read_as_browsers_read_them(name: str, data: bytes, text: str) -> None:
    assert decode(data, name) == text


@pytest.mark.parametrize("name", ["euc-jp", "shift_jis", "gbk", "gb18030", "big5", "euc-kr"])
def test_a_broken_character_takes_no_markup_with_it(name: str) -> None:
    assert decode(b"a\xfd<b>\xff\xff<i>", name) == "a\ufffd<b>\ufffd\ufffd<i>"
    assert decode(b"<p>" + b"\xb0\xa1" * 30 + b"\xfe", name).endswith("\ufffd")


def test_euc_jp_and_shift_jis_have_one_table() -> None:
    for row in range(94):
        for cell in range(94):
            lead, trail = divmod(row * 94 + cell, 188)
            shifted = bytes((lead + (0x81 if lead < 31 else 0xC1), trail + (0x40 if trail < 63 else 0x41)))
            expected = decode(shifted, "shift_jis")
            if len(expected) == 1 and expected != "\ufffd":
                assert decode(bytes((row + 0xA1, cell + 0xA1)), "euc-jp") == expected


def test_a_broken_character_shifts_no_other() -> None:
    text = "オルムスンド港で連絡船に命中した。" * 20
    body = text.encode("euc_jp")
    assert decode(body[:40] + b"\xa9\xff" + body[40:], "euc-jp").replace("\ufffd", "") == text


@given(st.binary(max_size=300), st.sampled_from([*sorted(LABELS), "cp850", "johab", "kz1048", "mac-greek"]))
def test_any_bytes_have_a_text_in_any_encoding(data: bytes, label: str) -> None:
    assert decode(data, find_encoding(label) or "utf-8").encode("utf-8", "surrogatepass") is not None


@given(st.text(max_size=40))
def test_any_words_may_stand_where_a_label_should(label: str) -> None:
    name = find_encoding(label)
    assert name is None or decode(b"bridge", name) is not None
