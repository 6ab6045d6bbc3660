"""The seed format, one article as text: ` date 2021-01 First paragraph`, blank line, next paragraph.

Only this module reads, writes and names seed files; it imports nothing of ours. What we write has one form
(`parse_seed`); what people write may have any form in which an editor saves it (`read_seed`).
"""

import codecs
import hashlib
import re
import unicodedata
from dataclasses import dataclass

_MONTH = re.compile(r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])")
_HEADER = re.compile(rf" date ({_MONTH.pattern}) ")
_LOOSE_HEADER = re.compile(rf"[\s\ufeff]*date\s+({_MONTH.pattern})(?:\s+|\Z)", re.IGNORECASE)
_BREAK = "\n\n"
_MARKED = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
"""Byte order marks, and the encodings in which an editor begins a file with them."""

_REFUSED = (
    r"\x00-\x1f\x7f-\x9f"  # controls
    r"\u2028\u2029"  # line and paragraph separators: a paragraph is one line
    r"\u202a-\u202e\u2066-\u2069"  # bidi embeddings, overrides and isolates show text in another order
    r"\ud800-\udfff\ufffd"  # halves of characters, and the replacement of lost ones
)
# Invisible to readers, but they split words in a search or hide text in text. The soft hyphen and the zero width
# space only allow line breaks in the layout of one page.
# Not included: ZWNJ and ZWJ are part of words in Persian and Indic scripts and join emoji; LRM, RLM and ALM place
# punctuation where scripts of two directions meet.
_INVISIBLE = (
    r"\u00ad\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffc\ufdd0-\ufdef\U000e0000-\U000e007f"
    + "".join(rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(17))
)
_FORBIDDEN = re.compile(f"[{_REFUSED}]")
_JUNK = re.compile(rf"(?!\s)[{_REFUSED}{_INVISIBLE}]")
_WHITE_SPACE = re.compile(r"\s+")
_ODD_SPACE = re.compile(r"[^\S\u00a0\u202f]{2}|[^\S \u00a0\u202f]")
_NO_BREAK = re.compile(r"[\u00a0\u202f]")
# At the edges of a paragraph there is nothing to join or to direct.
_EDGES = re.compile(r"\A[\s\u200c-\u200f\u061c]+|[\s\u200c-\u200f\u061c]+\Z")


class SeedError(ValueError):
    """Not in the seed format; the message says what is wrong, and where."""


@dataclass(frozen=True)
class Seed:
    """One article: the month of its first publication, and its paragraphs."""

    month: str
    """`YYYY-MM`"""
    paragraphs: tuple[str, ...]
    """At least one; see `normalise_paragraph`."""


def normalise_paragraph(text: str) -> str:
    """The text as one clean paragraph; empty if nothing readable is left.

    The result is NFC on one line, trimmed, with single white space inside. A no-break space (U+00A0, U+202F) is kept
    and replaces the run of white space around it; at the edges it is removed like all white space.
    """
    if text.isascii() and (plain := " ".join(text.split())).isprintable():
        return plain
    text = _JUNK.sub("", text)
    text = _WHITE_SPACE.sub(_one_space, text) if _NO_BREAK.search(text) else " ".join(text.split())
    return unicodedata.normalize("NFC", _EDGES.sub("", text))


def render_seed(seed: Seed) -> bytes:
    """Write an article in the seed format; SeedError if it is not in normal form."""
    parse_month(seed.month)
    if not seed.paragraphs:
        raise SeedError("The article has no paragraph; a seed has at least one.")
    for number, paragraph in enumerate(seed.paragraphs, 1):
        if fault := _fault(paragraph):
            raise SeedError(f"Paragraph {number} {fault}.")
    return f" date {seed.month} {_BREAK.join(seed.paragraphs)}".encode()


def parse_seed(data: bytes) -> Seed:
    """Read an article in the seed format; SeedError for anything that `render_seed` would not write."""
    text = _decode(data)
    header = _HEADER.match(text)
    if header is None:
        raise SeedError("Line 1 does not begin with ' date YYYY-MM ', a real month and the text.")
    if text.endswith("\n"):
        raise SeedError(f"Line {text.count(chr(10))} ends with a newline; a seed has none at its end.")
    paragraphs = tuple(text[header.end() :].split(_BREAK))
    line = 1
    for paragraph in paragraphs:
        if fault := _fault(paragraph):
            raise SeedError(f"The paragraph of line {line} {fault}.")
        line += 2
    return Seed(header[1], paragraphs)


def read_seed(data: bytes) -> Seed:
    """Read an article as any editor saves one, in normal form; SeedError if it cannot be one.

    Byte order marks, line ends of any system, blanks at the edges, and blank lines that are not empty make no
    difference; the lines of a paragraph are joined.
    """
    text = _decode_as_saved(data)
    header = _LOOSE_HEADER.match(text)
    if header is None:
        raise SeedError("Line 1 does not begin with ' date YYYY-MM ', a real month and the text.")
    paragraphs = [normalise_paragraph(each) for each in _paragraphs(text[header.end() :])]
    if not any(paragraphs):
        raise SeedError("It has no text.")
    return Seed(header[1], tuple(filter(None, paragraphs)))


def parse_month(text: str) -> str:
    """A month as seeds have it, `2021-01`; SeedError if the text is none."""
    if not _MONTH.fullmatch(text):
        raise SeedError(f"The month is {text!r}; a seed has YYYY-MM.")
    return text


def seed_name(month: str, number: int, sha256: str) -> str:
    """The file of an article, below the corpus: month, number within the month, start of its SHA-256 (hex)."""
    return f"{month}/{number:03d}{name_end(sha256)}"


def name_end(sha256: str) -> str:
    """The end of the name of each file with this SHA-256 (hex)."""
    return f"_{sha256[:16]}.txt"


def parse_name(name: str) -> tuple[str, int | None, str]:
    """Month, number and end of a file's path below the corpus; no number if it is no name of ours."""
    month, _, file = name.partition("/")
    number, underscore, end = file.partition("_")
    return month, int(number) if number.isdecimal() else None, underscore + end


def digest(content: bytes) -> str:
    """SHA-256 of a seed file, in hex."""
    return hashlib.sha256(content).hexdigest()


def _one_space(run: re.Match[str]) -> str:
    no_break = _NO_BREAK.search(run[0])
    return no_break[0] if no_break else " "


def _decode(data: bytes) -> str:
    if data.startswith(b"\xef\xbb\xbf"):
        raise SeedError("Byte 0 begins a byte order mark; a seed has none.")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise SeedError(f"Byte {error.start} is not UTF-8 ({error.reason}).") from None


def _decode_as_saved(data: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 as some editors call Unicode."""
    for mark, encoding in _MARKED:
        if data.startswith(mark):
            return _decode_from(data, len(mark), encoding)
    # Without a mark the first letters, which are ASCII, tell by their empty halves.
    encoding = {(False, True): "utf-16-le", (True, False): "utf-16-be"}.get(
        (data[:1] == b"\0", data[1:2] == b"\0"), "utf-8"
    )
    return _decode_from(data, 0, encoding)


def _decode_from(data: bytes, begin: int, encoding: str) -> str:
    try:
        return data[begin:].decode(encoding)
    except UnicodeDecodeError as error:
        before = data[begin : begin + error.start].decode(encoding, "replace")
        line = len(f"{before}.".splitlines())
        raise SeedError(
            f"Line {line} has bytes that are not {encoding.upper()}: save the file as UTF-8."
        ) from None


def _paragraphs(text: str) -> list[str]:
    """The stretches between blank lines."""
    stretches: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip():
            stretches[-1].append(line)
        elif stretches[-1]:
            stretches.append([])
    return [" ".join(lines) for lines in stretches]


def _fault(paragraph: str) -> str:
    """What makes a paragraph invalid, as the end of a sentence (`has …`); empty if nothing."""
    if not paragraph:
        return "is empty"
    if found := _FORBIDDEN.search(paragraph):
        return f"has the character U+{ord(found[0]):04X} at position {found.start()}"
    if paragraph != paragraph.strip():
        return "begins or ends with white space"
    if found := _ODD_SPACE.search(paragraph):
        return f"has white space other than a single space at position {found.start()}"
    if not unicodedata.is_normalized("NFC", paragraph):
        return "is not in Unicode's normal form C"
    return ""
