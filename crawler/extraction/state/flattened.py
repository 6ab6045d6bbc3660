"""Puts state together that frameworks send in pieces: lists of Nuxt 3 (devalue), rows of React's server components."""

import json
import re
from collections.abc import Iterator

from crawler.extraction.lenient_json import Json

_DEEPEST = 60
_MOST_VALUES = 100_000
_ROW = re.compile(rb"([0-9a-f]+):(?:T([0-9a-f]+),|([A-Z]*))")
_REFERENCE = re.compile(r"\$([0-9a-f]+)")


def revive(value: Json) -> Json:
    """The value that a list of `devalue` stands for: its first item, in which numbers are places in the list."""
    return _Reviver(value).at(0, 0) if isinstance(value, list) and value else value


class _Reviver:
    def __init__(self, items: list[Json]) -> None:
        self._items = items
        self._made: dict[int, Json] = {}
        self._left = _MOST_VALUES

    def at(self, place: Json, depth: int) -> Json:
        """The value at a place; None for what is undefined, refers to itself or lies too deep."""
        if (
            not isinstance(place, int)
            or not 0 <= place < len(self._items)
            or depth > _DEEPEST
            or self._left < 0
        ):
            return None
        if place not in self._made:
            self._left -= 1
            self._made[place] = None
            self._made[place] = self._revive(self._items[place], depth + 1)
        return self._made[place]

    def _revive(self, item: Json, depth: int) -> Json:
        if isinstance(item, dict):
            return {key: self.at(place, depth) for key, place in item.items()}
        if not isinstance(item, list):
            return item
        if item and isinstance(
            item[0], str
        ):  # ["Reactive", 7], ["Date", "2021-01-28T10:00:00Z"], ["Set", 1, 2]
            if len(item) == 2:
                return item[1] if isinstance(item[1], str) else self.at(item[1], depth)
            return [self.at(place, depth) for place in item[1:]]
        return [self.at(place, depth) for place in item]


def read_flight(text: str) -> Iterator[Json]:
    """The values in rows like `5:{"title":"…"}`; `"$6"` stands for the text of the row `6:T1f,…`."""
    data, at = text.encode("utf-8", "replace"), 0
    texts: dict[str, str] = {}
    rows: list[bytes] = []
    while (row := _ROW.match(data, at)) is not None:
        end = row.end() + int(row[2], 16) if row[2] else (data.find(b"\n", at) + 1 or len(data) + 1) - 1
        if row[2]:
            texts[row[1].decode()] = data[row.end() : end].decode("utf-8", "replace")
        elif not row[3]:
            rows.append(data[row.end() : end])
        at = end if row[2] else end + 1
    for content in rows:
        try:
            yield _with_texts(json.loads(content), texts, 0)
        except (ValueError, RecursionError):
            continue


def _with_texts(value: Json, texts: dict[str, str], depth: int) -> Json:
    if isinstance(value, str):
        reference = _REFERENCE.fullmatch(value)
        return texts.get(reference[1], value) if reference else value
    if depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        return {key: _with_texts(item, texts, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_texts(item, texts, depth + 1) for item in value]
    return value
