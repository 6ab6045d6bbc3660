"""Mends the references of XML, so that no address is changed by an entity that nobody wrote."""

import re
from collections.abc import Collection
from html.entities import html5

NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML forbids (XML 1.0, 2.2)."""

_PIECE = re.compile(
    # What has no references (XML 1.0, 2.5 to 2.8); unterminated, it lasts to the end, as for a parser.
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)"
    r"|<!DOCTYPE[^\[>]*(?:\[[^\]]*(?:\]|\Z)[^>]*)?(?:>|\Z)"
    r"|&(?:(?P<name>[A-Za-z][A-Za-z0-9]*);|#(?P<digits>[0-9]+|x[0-9A-Fa-f]+);)?",
    re.DOTALL,
)
_DECLARED = re.compile(r"<!ENTITY\s+([^\s%]+)")
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))


def mend_references(markup: str) -> str:
    """XML in which each `&` begins a reference that XML knows.

    A reference ends with a semicolon and names a character (XML 1.0, 4.1), or it is none: `?a=1&copy=2` is what it
    says. HTML's names (`&eacute;`) become numbers, and numbers of characters that XML forbids are left out.
    """
    if "&" not in markup:
        return markup
    known = _XML_NAMES.union(_DECLARED.findall(markup) if "<!ENTITY" in markup else ())
    return _PIECE.sub(lambda piece: _mended(piece, known), markup)


def _mended(piece: re.Match[str], known: Collection[str]) -> str:
    name, digits = piece["name"], piece["digits"]
    if piece[0][0] == "<" or name in known:
        return piece[0]
    if digits:
        return piece[0] if _is_character(digits) else ""
    characters = html5.get(f"{name};", "") if name else ""
    return "".join(f"&#{ord(each)};" for each in characters) or f"&amp;{piece[0][1:]}"


def _is_character(digits: str) -> bool:
    number = digits.lstrip("x0")[:8]  # no character has more digits
    try:
        character = chr(int(number or "0", 16 if digits[0] == "x" else 10))
    except (ValueError, OverflowError):
        return False
    return NO_XML.match(character) is None
