"""Undoes the markup in texts that should be plain: titles of feeds, attributes, JSON."""

import re
from html import unescape

_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_INLINE_TAG = re.compile(
    r"</?(?:a|b|br|em|font|i|p|q|small|span|strong|sub|sup|u)(?:\s[^<>]*=[^<>]*)?\s*/?>", re.IGNORECASE
)
_BREAK = re.compile(r"</?(?:br|div|h[1-6]|li|p)(?:\s[^<>]*=[^<>]*)?\s*/?>|<img\s[^<>]*>", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f\v]+")  # a no-break space is part of the title
_MOST_ESCAPES = 3


def undo_markup(text: str) -> str:
    """The text without entities, which are often escaped twice, and without stray inline tags."""
    if "&" in text:
        text = _ENTITY.sub(lambda entity: unescape(entity[0]), text)
    return _INLINE_TAG.sub("", text) if "<" in text else text


def plain_title(text: str) -> str:
    """A title as readers see it, however often its publisher's programs escaped it."""
    for _ in range(_MOST_ESCAPES):
        plain = undo_markup(_BREAK.sub(" ", text))
        if plain == text:
            break
        text = plain
    return _SPACE.sub(" ", text).strip()
