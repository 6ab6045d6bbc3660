"""Which encoding a document is in: its bytes, its header and its markup are weighed, and the decision says why."""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from crawler.http.encodings import REPLACEMENT, UTF8, WINDOWS_1252, decode, find_encoding

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ASCII = bytes(range(128))
_SAMPLE_BYTES = 64
_WIDE = {"x000": "utf-32-le", "000x": "utf-32-be", "x0x0": "utf-16-le", "0x0x": "utf-16-be"}
"""Encodings of ASCII letters by the places of their NULs."""

_SURE = 3
"""Whole characters of UTF-8 for each broken one, from which on a text is UTF-8: others hold hardly any by accident."""

_FEW_BROKEN = 0.02
"""Share of a text's bytes above ASCII that may be broken in the encoding that is declared."""

_FOREIGN_RUN = re.compile(rb"[\x80-\xff]{4,}")
_IN_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([^\s"';,]+)""", re.IGNORECASE)
_IN_MARKUP = re.compile(
    # Attributes are bounded, or a page of start tags without an end would take for ever.
    rb"""<!--.*?(?:-->|\Z)|<body[\s>]|<\?xml\s[^<>]{0,300}?encoding\s*=\s*["']?\s*([\w.:-]+)"""
    rb"""|<meta(?=[\s/])[^<>]{0,1000}?charset\s*=\s*["']?\s*([\w.:-]+)""",
    re.IGNORECASE | re.DOTALL,
)
_HEAD_BYTES = _GUESS_BYTES = 64 * 1024
_WORDS = re.compile(rb">([^<>]*[\x80-\xff][^<>]*)<")
_GUESSES = (
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "iso-8859-2",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "koi8-r",
    "koi8-u",
    "cp866",
    "mac-cyrillic",
    "cp874",
    "gb18030",
    "big5",
    "big5hkscs",
    "euc-jp",
    "euc-jis-2004",
    "cp932",
    "cp949",
)
"""Encodings of the web; others fit more texts than were ever written in them."""


class Decoded(NamedTuple):
    """The text of a document, without byte order mark, and how its bytes were read."""

    text: str
    """U+FFFD stands for bytes that the encoding cannot have."""
    charset: str
    """The standard's name of the encoding; browsers send queries of the document's addresses in it."""
    why: str
    """What decided, and what else was said."""


def read_text(body: bytes, content_type: str | None) -> Decoded:
    """The text of a page, feed, sitemap or JSON document, whatever its labels claim; it never fails.

    In order: a byte order mark, NULs, UTF-8 that is valid or nearly so (texts in other encodings are hardly ever UTF-8
    by accident, while wrong labels are common), labels that the bytes allow, a guess.
    """
    return _wide(body) or _marked(body) or _utf8(body, content_type) or _narrow(body, content_type)


def _wide(body: bytes) -> Decoded | None:
    """UTF-16 or UTF-32, by its mark or its NULs: every document begins with letters of ASCII."""
    for bom, name in _BOMS:
        if body.startswith(bom) and b"\0" in body[len(bom) : _SAMPLE_BYTES]:  # UTF-8 has no NULs
            return Decoded(_decode_units(body[len(bom) :], name), name, "its byte order mark")
    sample = body[:_SAMPLE_BYTES]
    units = len(sample) // 4
    if not units or b"\0" not in sample:
        return None
    is_null = [sum(not byte for byte in sample[place::4][:units]) > units / 2 for place in range(4)]
    name = _WIDE.get("".join("0" if each else "x" for each in is_null), "")
    return Decoded(_decode_units(body, name), name, "the zeros in its bytes") if name else None


def _decode_units(body: bytes, name: str) -> str:
    unit = 4 if name.startswith("utf-32") else 2
    # A unit that is cut is no character.
    return decode(body[: len(body) // unit * unit], name).removeprefix("\ufeff")


def _marked(body: bytes) -> Decoded | None:
    if not body.startswith(codecs.BOM_UTF8):
        return None
    text, _ = codecs.utf_8_decode(body[len(codecs.BOM_UTF8) :], "replace", False)  # what is cut is left out
    return Decoded(text, UTF8, "its byte order mark")


def _utf8(body: bytes, content_type: str | None) -> Decoded | None:
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        is_cut = error.end == len(body) and error.reason == "unexpected end of data"
        if is_cut and not body[: error.start].isascii():
            return Decoded(body[: error.start].decode(), UTF8, "valid but for its cut end")
        return _broken_utf8(body)
    return _ascii(text, body, content_type) if text.isascii() else Decoded(text, UTF8, "valid")


def _broken_utf8(body: bytes) -> Decoded | None:
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = len(text) - (len(body) - _high_bytes(body)) - broken
    places = "1 place" if broken == 1 else f"{broken} places"
    return Decoded(text, UTF8, f"valid but for {places}") if whole >= _SURE * broken else None


def _ascii(text: str, body: bytes, content_type: str | None) -> Decoded:
    """What is ASCII in every encoding is in the one that is declared; some hide other letters in ASCII."""
    declared = list(_declared(body, content_type))
    name, place = declared[0] if declared else (UTF8, "")
    why = f"all ASCII, its {place} says so" if place else "all ASCII"
    if b"\x1b$" in body and (hidden := decode(body, "iso-2022-jp")) and "\ufffd" not in hidden:
        return Decoded(hidden, "iso-2022-jp", "its escape sequences")
    if name == REPLACEMENT and (b"~{" in body or b"\x1b$" in body):
        return Decoded("\ufffd", name, f"its {place} says what browsers do not read")
    return Decoded(text, UTF8 if name in (REPLACEMENT, "utf-16le", "utf-16be") else name, why)


def _narrow(body: bytes, content_type: str | None) -> Decoded:
    """The text in the first declared encoding that the bytes allow, or the one that they look like."""
    labels = list(_declared(body, content_type))
    # Latin-1 is what servers and templates write when nobody chose an encoding.
    declared = sorted(labels, key=lambda label: label[0] == WINDOWS_1252)
    high = _high_bytes(body)
    for name, place in declared:
        if name == WINDOWS_1252 and _is_foreign(body, high):
            continue
        text = decode(body, name)
        if name.startswith("utf") or text.count("\ufffd") > _FEW_BROKEN * high:
            continue
        others = [f"its {where} says {other}" for other, where in labels if other != name]
        return Decoded(text, name, "; ".join([f"its {place} says so", *others]))
    name = _guess(body)
    others = [f"its {where} says {other}, which does not fit" for other, where in labels]
    return Decoded(decode(body, name), name, "; ".join(["guessed", *others]))


def _declared(body: bytes, content_type: str | None) -> Iterator[tuple[str, str]]:
    """The encodings that the header and the markup name, and which of the two does."""
    if (found := _IN_HEADER.search(content_type or "")) and (name := find_encoding(found[1])):
        yield name, "header"
    for each in _IN_MARKUP.finditer(body, 0, _HEAD_BYTES):
        label = (each[1] or each[2] or b"").decode("ascii", "ignore")
        if each[0][:5].lower() == b"<body":
            return
        if name := find_encoding(label):
            yield WINDOWS_1252 if name == "x-user-defined" else name, "markup"  # HTML, 13.2.3.2
            return


def _high_bytes(body: bytes) -> int:
    return len(body.translate(None, _ASCII))


def _is_foreign(body: bytes, high: int) -> bool:
    """Whether words have no letters of ASCII, as no language has that is written in Latin-1."""
    return sum(map(len, _FOREIGN_RUN.findall(body))) * 2 > high


def _guess(body: bytes) -> str:
    # Without the markup, whose words are English and whose label does not fit.
    sample = b"\n".join(_WORDS.findall(body, 0, 4 * _GUESS_BYTES))[:_GUESS_BYTES] or body[:_GUESS_BYTES]
    import chardet  # few pages need it

    found = chardet.detect(sample, include_encodings=_GUESSES, prefer_superset=True)["encoding"]
    return find_encoding(found or "") or WINDOWS_1252
