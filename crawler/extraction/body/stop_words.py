"""The frequent words of a hundred languages, by which justext knows the paragraphs of a text."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable


class StopWords:
    """Words of which the hashes are kept: a megabyte in place of thirty.

    Another word in 10**14 is taken for one of them.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._hashes = array("q", sorted(set(map(hash, words))))

    def __contains__(self, word: str) -> bool:
        wanted = hash(word)
        place = bisect_left(self._hashes, wanted)
        return place < len(self._hashes) and self._hashes[place] == wanted
