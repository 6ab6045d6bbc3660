"""Reads JSON as sites write it: with comments, bare quotes, missing commas, cut off, or escaped as HTML."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

_MAX_REPAIRED = 200_000
"""Characters of malformed JSON that are repaired: about a second of work at worst."""

_WRAPPING = re.compile(
    r"^[\s\ufeff]*(?:<!--|(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?://|/\*)?\s*\]\]>(?:\s*\*/)?)\s*$"
)
_AROUND = "\ufeff \t\r\n;"
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
_ESCAPED = re.compile(r"^[\[{\s]*&(?:quot|#0*34|#x0*22);", re.IGNORECASE)
_BEGINNING = re.compile(r"[{\[]")


def load_values(text: str) -> list[Json]:
    """The values that a text holds, best effort: usually one, none if there is nothing to read."""
    text = text.strip(_AROUND)
    if not (text.startswith(("{", "[")) and text.endswith(("}", "]"))):
        text = _WRAPPING.sub("", _WRAPPING.sub("", text)).strip(_AROUND)
    if _ESCAPED.match(text):
        text = unescape(text)
    for attempt in (text, _BAD_ESCAPE.sub(r"\\\\", _TRAILING_COMMA.sub("", text))):
        try:
            # strict=False: raw line breaks and control characters inside strings are common.
            return [json.loads(attempt, strict=False)]
        except (ValueError, RecursionError):
            continue
    return _repair(text) if len(text) <= _MAX_REPAIRED else list(_load_prefix(text))


def _repair(text: str) -> list[Json]:
    """The value of malformed JSON with whatever is legible in it; two objects in a row become a list."""
    if not _BEGINNING.search(text):
        return []
    import json_repair  # few pages need it

    try:
        value: Json = json_repair.repair_json(text, return_objects=True, skip_json_loads=True)
        return [value]
    except (ValueError, RecursionError):
        return []


def _load_prefix(text: str) -> Iterator[Json]:
    """The complete values at the start of malformed JSON (two objects in a row, a truncated end)."""
    decoder, at = json.JSONDecoder(strict=False), 0
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield value
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1
