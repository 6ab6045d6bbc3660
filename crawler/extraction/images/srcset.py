"""Selects the file of a responsive image that a browser would fetch (HTML, 4.8.4.2)."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

VIEWPORT_PX = 1920
"""Assumed width of the window: the most common desktop screen, with one device pixel per CSS pixel."""

_MAX_CANDIDATES = 100
_MAX_SIZES_CHARS = 2000
_EM_PX = 16
_URL = re.compile(r"[\s,]*+(\S+)")
_DESCRIPTORS = re.compile(r"[^,]*")
_DESCRIPTOR = re.compile(r"(?:^|\s)(\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})([wx])(?=\s|$)")
_WIDTH = re.compile(r"\(\s*(min|max)-width\s*:\s*(\d{1,6}(?:\.\d{1,6})?)(px|r?em)\s*\)")
_LENGTH = re.compile(r"(?<![\d.])(\d{1,6}(?:\.\d{1,6})?)(px|vw|r?em)$")
_PLAIN_WORDS = {"and", "all", "only", "screen"}


class Candidate(NamedTuple):
    """One of the files of an image."""

    url: str
    width: float = 0.0
    """In pixels; 0 if unknown."""
    density: float = 1.0
    """Device pixels per CSS pixel; used if the width is unknown."""


def read_srcset(text: str) -> list[Candidate]:
    """The candidates of a `srcset` attribute, URLs as written."""
    return list(islice(_parse(text), _MAX_CANDIDATES))


def pick_shown(candidates: Sequence[Candidate], sizes: str) -> Candidate:
    """The smallest candidate that fills its slot in the window, or the largest if none does."""
    slot = slot_px(sizes)
    densities = [each.width / slot if each.width else each.density for each in candidates]
    filling = [at for at, density in enumerate(densities) if density >= 1]
    best = min(filling, key=densities.__getitem__) if filling else densities.index(max(densities))
    return candidates[best]


def pick_largest(candidates: Sequence[Candidate]) -> Candidate:
    """The candidate with the most pixels according to the page."""
    return max(candidates, key=lambda each: (each.width, each.density))


def slot_px(sizes: str) -> float:
    """The width of the image by its `sizes` attribute; the width of the window if that cannot be read."""
    for entry in sizes[:_MAX_SIZES_CHARS].lower().split(","):
        length = _LENGTH.search(entry.strip())
        condition = entry.strip()[: length.start()] if length else entry
        if length and applies(condition):
            return max(1.0, _px(length[1], length[2]))
    return VIEWPORT_PX


def applies(media: str) -> bool:
    """Whether a media query matches the window; an unknown query does not."""
    return not media.strip() or any(map(_applies, media[:_MAX_SIZES_CHARS].lower().split(",")))


def _applies(query: str) -> bool:
    if not _PLAIN_WORDS.issuperset(_WIDTH.sub(" ", query).split()):
        return False
    return all(
        _px(value, unit) <= VIEWPORT_PX if bound == "min" else _px(value, unit) >= VIEWPORT_PX
        for bound, value, unit in _WIDTH.findall(query)
    )


def _px(value: str, unit: str) -> float:
    if unit == "px":
        return float(value)
    return float(value) * (VIEWPORT_PX / 100 if unit == "vw" else _EM_PX)


def _parse(text: str) -> Iterator[Candidate]:
    at = 0
    while found := _URL.match(text, at):
        url, at = found[1].rstrip(","), found.end()
        descriptors = None if found[1].endswith(",") else _DESCRIPTORS.match(text, at)
        if descriptors:
            at = descriptors.end()
        described = _DESCRIPTOR.search(descriptors[0]) if descriptors else None
        if described is None:
            yield Candidate(url)
        elif described[2] == "w":
            yield Candidate(url, width=float(described[1]))
        else:
            yield Candidate(url, density=float(described[1]))
