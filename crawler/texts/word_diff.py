"""Compares two texts word by word."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

CONTEXT = 8
"""Unchanged words shown on each side of a change."""

MOST = 1_000
"""Words, or paragraphs, of both texts above which they are shown as one change: the search takes quadratic time."""

# Words with the space after them; single characters of scripts that do not separate words (Thai to Khmer, kana, Han).
_DENSE = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_TOKEN = re.compile(rf"[{_DENSE}]|[^\s{_DENSE}]+\s*|\s+")


class DiffKind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Part(NamedTuple):
    """Consecutive words that are unchanged, removed or added."""

    kind: DiffKind
    text: str


class Passage(NamedTuple):
    """Consecutive paragraphs with a change."""

    paragraph: int
    """Number in the later text, from 1."""
    parts: list[Part]


def diff_words(before: str, after: str) -> Iterator[Passage]:
    """The passages in which two texts differ; blank lines separate their paragraphs."""
    old, new = before.split("\n\n"), after.split("\n\n")
    for tag, a, b, c, d in _changes(old, new):
        if tag != "equal":
            parts = list(_parts(_tokens(old[a:b]), _tokens(new[c:d])))
            yield Passage(c + 1, _shorten(parts))


def _tokens(paragraphs: Sequence[str]) -> list[str]:
    return _TOKEN.findall("\n".join(paragraphs))


def _parts(old: list[str], new: list[str]) -> Iterator[Part]:
    # Without trailing spaces: another word after it does not change a word.
    for tag, a, b, c, d in _changes([each.strip() for each in old], [each.strip() for each in new]):
        if tag == "equal":
            yield Part(DiffKind.SAME, "".join(new[c:d]))
        if tag in ("delete", "replace"):
            yield Part(DiffKind.REMOVED, "".join(old[a:b]))
        if tag in ("insert", "replace"):
            yield Part(DiffKind.ADDED, "".join(new[c:d]))


def _changes(old: list[str], new: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    """The opcodes of SequenceMatcher; a single change where its search would take too long."""
    if old != new and len(old) + len(new) > MOST:
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _shorten(parts: list[Part]) -> list[Part]:
    """The parts; of long unchanged ones only the ends."""
    last = len(parts) - 1
    return [
        Part(part.kind, _ends(part.text, place > 0, place < last)) if part.kind is DiffKind.SAME else part
        for place, part in enumerate(parts)
    ]


def _ends(text: str, follows: bool, precedes: bool) -> str:
    words = _TOKEN.findall(text)
    head, tail = (words[:CONTEXT] if follows else []), (words[-CONTEXT:] if precedes else [])
    if len(words) <= len(head) + len(tail):
        return text
    return "".join([*head, "… ", *tail])
