"""Finds what a page shows twice: once for wide screens and once for narrow ones, or as a quotation set apart."""

import re
from collections.abc import Sequence

from crawler.extraction.body.blocks import Block

_LONG = 60
"""Reading length from which on a text that comes again is a copy wherever it stands; short answers may recur."""

_SIGNS = re.compile(r"[\W_]+")


def without_copies(story: Sequence[Block]) -> list[Block]:
    """The blocks without those that were there before.

    Short ones go only where copies surround them in the order of their originals.
    """
    keys = [_SIGNS.sub("", block.text).casefold() for block in story]
    firsts: dict[str, int] = {}
    originals: list[int | None] = []
    for at, (key, block) in enumerate(zip(keys, story, strict=True)):
        first = firsts.setdefault(key, at) if block.length > _LONG else at
        originals.append(first if first < at else None)
    for step in (1, -1):
        _extend(keys, originals, step)
    return [block for block, original in zip(story, originals, strict=True) if original is None]


def _extend(keys: list[str], originals: list[int | None], step: int) -> None:
    """Mark what stands beside a copy as its equal stands beside the original."""
    order = range(len(keys)) if step > 0 else range(len(keys) - 1, -1, -1)
    for at in order:
        beside = at - step
        original = originals[beside] if 0 <= beside < len(keys) else None
        if originals[at] is None and original is not None:
            expected = original + step
            if 0 <= expected < at and keys[expected] == keys[at]:
                originals[at] = expected
