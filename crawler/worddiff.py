"""What changed between two texts, word by word."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

CONTEXT = 8
"""Unchanged words that are shown on either side of a change."""

MOST = 3_000
"""Words of two passages above which they are shown whole: the search takes the square of it."""

# Words with the space after them; single characters of scripts that do not part words (Thai to Khmer, kana, Han).
_DENSE = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_TOKEN = re.compile(rf"[{_DENSE}]|[^\s{_DENSE}]+\s*|\s+")


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Part(NamedTuple):
    """Some words that share their fate."""

    kind: Kind
    text: str


class Passage(NamedTuple):
    """Paragraphs in which something changed."""

    paragraph: int
    """Of the later text, from 1."""
    parts: list[Part]


def diff_words(before: str, after: str) -> Iterator[Passage]:
    """The passages that differ, of texts whose paragraphs are parted by blank lines."""
    old, new = before.split("\n\n"), after.split("\n\n")
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            parts = list(_parts(_tokens(old[a:b]), _tokens(new[c:d])))
            yield Passage(c + 1, _shorten(parts))


def _tokens(paragraphs: Sequence[str]) -> list[str]:
    return _TOKEN.findall("\n".join(paragraphs))


def _parts(old: list[str], new: list[str]) -> Iterator[Part]:
    if len(old) + len(new) > MOST:
        yield Part(Kind.REMOVED, "".join(old))
        yield Part(Kind.ADDED, "".join(new))
        return
    # Without their spaces: that another word follows is no change.
    matcher = SequenceMatcher(
        None, [each.strip() for each in old], [each.strip() for each in new], autojunk=False
    )
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield Part(Kind.SAME, "".join(new[c:d]))
        if tag in ("delete", "replace"):
            yield Part(Kind.REMOVED, "".join(old[a:b]))
        if tag in ("insert", "replace"):
            yield Part(Kind.ADDED, "".join(new[c:d]))


def _shorten(parts: list[Part]) -> list[Part]:
    """The parts, with long unchanged ones cut to their ends."""
    last = len(parts) - 1
    return [
        Part(part.kind, _ends(part.text, place > 0, place < last)) if part.kind is Kind.SAME else part
        for place, part in enumerate(parts)
    ]


def _ends(text: str, follows: bool, precedes: bool) -> str:
    words = _TOKEN.findall(text)
    head, tail = (words[:CONTEXT] if follows else []), (words[-CONTEXT:] if precedes else [])
    if len(words) <= len(head) + len(tail):
        return text
    return "".join([*head, "… ", *tail])
