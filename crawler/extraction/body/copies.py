"""Finds what a page shows twice: for wide and for narrow screens, or for the printer."""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate

from crawler.extraction.body.blocks import Block

_LONG = 60
"""Reading length from which on a text that comes again is a copy wherever it stands; short answers may recur."""

_HEAD = 30
"""Letters by which texts are compared at first."""

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
    merged = _merged(keys)
    return [block for at, block in enumerate(story) if originals[at] is None and at not in merged]


def _merged(keys: list[str]) -> set[int]:
    """Places of texts that are others of the page in one, as on pages that hold the story once more as one text."""
    whole, begins = "".join(keys), [0, *accumulate(map(len, keys))]
    alike = defaultdict(list)
    for at, key in enumerate(keys):
        if len(key) > _HEAD:
            alike[key[:_HEAD]].append(at)
    return {
        longest
        for places in alike.values()
        for longest in [max(places, key=lambda at: len(keys[at]))]
        for at in places
        if len(keys[at]) < len(keys[longest]) and whole.startswith(keys[longest], begins[at])
    }


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
