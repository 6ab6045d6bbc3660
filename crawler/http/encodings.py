"""Encodings of the web: labels, and the text that browsers make of bytes (WHATWG, Encoding Standard)."""

import codecs
import re
from collections.abc import Callable
from functools import lru_cache

import webencodings
from webencodings.labels import LABELS

from crawler.http.big5 import BIG5_ALONE, BIG5_CHANGED

UTF8, WINDOWS_1252, REPLACEMENT = "utf-8", "windows-1252", "replacement"

_NO_KEY = re.compile(r"[^a-z0-9]")
_WINDOWS = re.compile(r"(?:x?ms)?(?:x?cp|win|windows|ansi|windowscp)(125\d|874)")
_TEXT_CODEC = re.compile(r"cp\d|iso8859|koi8|mac|tis|kz|ptcp|johab")
"""Names of codecs, beyond the standard, that a label may ask for; others are no character encodings (base64)."""

_KEYS = {_NO_KEY.sub("", label): name for label, name in LABELS.items()} | {
    "utf8mb4": UTF8,  # databases' names
    "utf8mb3": UTF8,
    "uft8": UTF8,
    "cp65001": UTF8,
    "cp932": "shift_jis",
    "cp51932": "euc-jp",
    "eucjpms": "euc-jp",
    "eucjis2004": "euc-jp",
    "cp936": "gbk",
    "euccn": "gbk",
    "cp949": "euc-kr",
    "uhc": "euc-kr",
    "cp950": "big5",
    "big5eten": "big5",
    "cp10007": "x-mac-cyrillic",
    "maccyrillic": "x-mac-cyrillic",
}
_CODECS = {"gbk": "gb18030"}
"""Python's codecs where a name of the standard is none of them, beside those of `webencodings`."""

_SINGLE_CHANGED = {"koi8-u": {0xAE: "ў", 0xBE: "Ў"}, "windows-1255": {0xCA: "\u05ba"}}
"""Bytes that Python reads otherwise."""

_CHANGED = {
    "euc-jp": dict(zip("〜‖−¢£¬", "～∥－￠￡￢", strict=True)),
    "shift_jis": dict.fromkeys("\uf8f0\uf8f1\uf8f2\uf8f3", "\ufffd"),
    # The edition of 2022 has characters where the one of 2000 had private ones.
    "gb18030": dict(
        zip(
            "\ue5e5\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue7c7"
            "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
            "\u3000︐︒︑︓︔︕︖︗︘︙ḿ龴龵龶龷龸龹龺龻",
            strict=True,
        )
    ),
    "big5": BIG5_CHANGED,
}
"""Characters that Python's codecs give for other ones of the standard's tables."""

_LONGER = ("utf", "johab")
"""Encodings, beside those of pairs, whose characters have more than one byte."""

_FEW = 50
"""So many broken characters, and one more in so many bytes, are judged one by one; more say that it is not this one."""

_ESCAPE = re.compile(rb"\x1b(\([BJI]|\$[@B])")
_MOST_ESCAPES = 100_000
_TO_GR = bytes(byte | 0x80 if 0x21 <= byte <= 0x7E else byte for byte in range(256))


@lru_cache(maxsize=256)
def find_encoding(label: str) -> str | None:
    """The standard's name of the encoding that a label asks for, or Python's for what the standard lacks; None if none.

    Beyond the standard's labels, those that differ in signs (`x_cp1251`), and those of databases and systems.
    """
    if found := webencodings.lookup(label):
        return "iso-8859-8" if found.name == "iso-8859-8-i" else found.name
    key = _NO_KEY.sub("", label.lower())
    if windows := _WINDOWS.fullmatch(key):
        return f"windows-{windows[1]}"
    if key in _KEYS:
        return _KEYS[key]
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):  # a NUL in the label
        return None
    return name if _TEXT_CODEC.match(name) else None


def decode(data: bytes, name: str) -> str:
    """The text of bytes in an encoding that `find_encoding` knows; U+FFFD stands for what is broken."""
    if name == REPLACEMENT:
        return "\ufffd" if data else ""
    if name == "iso-2022-jp":
        return _decode_iso_2022_jp(data)
    name = _CODECS.get(name, name)
    if name in _MENDERS:
        return _decode_pairs(data, name)
    if name.startswith(_LONGER):
        return data.decode(name, "replace")
    return codecs.charmap_decode(data, "strict", _table(name))[0]


@lru_cache(maxsize=64)
def _table(name: str) -> str:
    """The characters of all 256 bytes, as the standard has them."""
    changed = _SINGLE_CHANGED.get(name, {})
    return "".join(changed.get(byte) or _char(byte, _codec(name)) for byte in range(256))


def _char(byte: int, codec: codecs.CodecInfo) -> str:
    # What a codec leaves out of C1 is a control character; elsewhere it is nothing.
    char: str = codec.decode(bytes((byte,)), "ignore")[0]
    return char or (chr(byte) if byte < 0xA0 else "\ufffd")


def _codec(name: str) -> codecs.CodecInfo:
    found = webencodings.lookup(name)
    return found.codec_info if found else codecs.lookup(name)


def _decode_pairs(data: bytes, name: str) -> str:
    codec = _codec(name).name
    text = data.decode(codec, "replace")
    broken = text.count("\ufffd")
    if 0 < broken <= _FEW + len(data) // _FEW:
        text = data.decode(codec, f"whatwg-{name}")
    for char, changed in _CHANGED.get(name, {}).items():
        text = text.replace(char, changed)  # str.translate takes longer than all of these
    return text


def _decode_iso_2022_jp(data: bytes) -> str:
    parts = _ESCAPE.split(data, _MOST_ESCAPES)
    modes = [b"(B", *parts[1::2]]
    return "".join(_decode_mode(*each) for each in zip(modes, parts[::2], strict=True))


def _decode_mode(mode: bytes, data: bytes) -> str:
    if mode.startswith(b"$"):
        return _decode_pairs(data.translate(_TO_GR), "euc-jp")
    if mode == b"(I":
        return decode(data.translate(_TO_GR), "shift_jis")
    text = data.decode("ascii", "replace")
    return text.replace("\\", "¥").replace("~", "‾") if mode == b"(J" else text


def _mender(leads: bytes, alone: Callable[[bytes], str | None]) -> Callable[[UnicodeError], tuple[str, int]]:
    """What stands for bytes that Python cannot read: `alone` gives the characters that only the standard has."""

    def mend(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        at = error.start
        pair = error.object[at : at + 2]
        for end in (2, 1):
            if char := alone(pair[:end]):
                return char, at + len(pair[:end])
        # ASCII is never part of a broken character: it would hide markup.
        is_pair = len(pair) == 2 and pair[0] in leads and pair[1] >= 0x80
        return "\ufffd", at + 1 + is_pair

    return mend


def _jis_pair(pair: bytes) -> str | None:
    """Rows 13 and 89 to 92 of JIS X 0208, where NEC has ① and ㈱: Python's Shift_JIS has them, its EUC-JP does not."""
    if len(pair) < 2 or not (0xA1 <= pair[0] <= 0xFE and 0xA1 <= pair[1] <= 0xFE):
        return None
    lead, trail = divmod((pair[0] - 0xA1) * 94 + pair[1] - 0xA1, 188)
    shifted = bytes((lead + (0x81 if lead < 0x1F else 0xC1), trail + (0x40 if trail < 0x3F else 0x41)))
    try:
        return shifted.decode("cp932")
    except UnicodeDecodeError:
        return None


_LEADS = bytes(range(0x81, 0xFF))
_MENDERS = {
    "euc-jp": _mender(bytes((0x8E, 0x8F, *range(0xA1, 0xFF))), _jis_pair),
    "shift_jis": _mender(bytes((*range(0x81, 0xA0), *range(0xE0, 0xFD))), lambda pair: None),
    "gb18030": _mender(_LEADS, {b"\x80": "€"}.get),
    "big5": _mender(_LEADS, BIG5_ALONE.get),
    "euc-kr": _mender(_LEADS, lambda pair: None),
}
for _name, _mend in _MENDERS.items():
    codecs.register_error(f"whatwg-{_name}", _mend)
