"""How much of one text is in another, and the keys by which texts with much in common find each other.

A text is the set of its shingles: runs of three words, or of five characters where words are few or not parted by
spaces (Broder, On the resemblance and containment of documents, 1997). MinHash with 96 permutations in 32 bands
of 3 gives two texts a key in common with a probability of 1 - (1 - J^3)^32 for a resemblance of J: .99 at .5, .23
at .2. What shares a key is then held against each other in full: see `Overlap.is_repeat`. (Bands of 4 miss 2 % of
the texts of which every twelfth word was edited, for then J is .55; the keys are as many.)
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from hashlib import blake2b
from itertools import groupby
from struct import pack

from rensa import RMinHash

BANDS, ROWS = 32, 3

WORDS, CHARACTERS = 3, 5
"""How long a shingle is."""

SHORT = 60
"""Words below which a text has too few runs of words to be recognised by them."""

LONGEST = 100_000
"""Characters of a text that are looked at: more is no article."""

MOST_ALIGNED = 500
"""Words, or characters, at the beginning of two texts that are aligned with each other."""

# To put marks in order takes the square of their number, and a hostile page has a million of them: texts are brought
# into normal form piece by piece, which begin at white space, so that it is the same as that of the whole.
_PIECE = re.compile(r".{1,250}(?=\s|\Z)|.{1,250}", re.DOTALL)
_NOT_WORD = re.compile(r"[\W_]+")
_UNSEGMENTED = re.compile(  # Thai and Lao, Burmese, Khmer, kana, Han
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]"
)
_CHARACTERS_A_WORD = 2
"""Of a script that does not part words: about so many."""

_DENSE_FIGURE = re.compile(r"(?=(\D{2})(\d{1,20})(\D{2}))")


def normalise(text: str) -> str:
    """The words of a text, parted by single spaces: case, signs and breaks do not count."""
    plain = "".join(unicodedata.normalize("NFKC", piece) for piece in _PIECE.findall(text))
    return _NOT_WORD.sub(_gap, plain.casefold()).strip()


def _gap(run: re.Match[str]) -> str:
    """What stays between two letters: vowel signs (Hindi, Thai) are marks and spell the word, the rest parts words."""
    if run[0].isascii():
        return " "
    marks = "".join(char for char in run[0] if unicodedata.category(char)[0] == "M")
    return marks if marks == run[0] else f"{marks} "


def bands_of(text: str) -> tuple[int, ...]:
    """Keys (64 bits, signed) of which texts with much in common share one or more; none of an empty text.

    Other versions of rensa may give others: whoever changes it upgrades the store.
    """
    reading = ComparedText(text)
    keys: list[int] = []
    # Both between, for a part of such a text may be short.
    if reading.length < 2 * SHORT or reading.is_dense:
        keys += _bands(reading.characters, b"c")
    if reading.length >= SHORT and not reading.is_dense:
        keys += _bands(reading.words, b"w")
    return tuple(keys)


def _bands(shingles: frozenset[str], kind: bytes) -> Iterator[int]:
    if not shingles:
        return
    minhash = RMinHash(num_perm=BANDS * ROWS, seed=42)
    minhash.update(list(shingles))
    signature = minhash.digest()
    for band in range(BANDS):
        rows = pack(f"<{ROWS}I", *signature[band * ROWS : (band + 1) * ROWS])
        key = blake2b(rows, digest_size=8, person=kind + bytes([band])).digest()
        yield int.from_bytes(key, "little", signed=True)


class ComparedText:
    """A text as it is compared with others."""

    def __init__(self, text: str) -> None:
        self.plain = normalise(text[:LONGEST])[:LONGEST]  # again, for one character may stand for eighteen

    @cached_property
    def is_dense(self) -> bool:
        """Whether its script does not part words."""
        return 2 * len(_UNSEGMENTED.findall(self.plain)) > len(self.plain)

    @cached_property
    def length(self) -> int:
        """In words, or what comes near them."""
        if self.is_dense:
            return len(self.plain) // _CHARACTERS_A_WORD
        return self.plain.count(" ") + 1

    @cached_property
    def tokens(self) -> list[str]:
        """Words, or characters."""
        return list(self.plain.replace(" ", "")) if self.is_dense else self.plain.split()

    @cached_property
    def words(self) -> frozenset[str]:
        words = self.plain.split()
        return frozenset(map(" ".join, zip(*(words[start:] for start in range(WORDS)), strict=False)))

    @cached_property
    def characters(self) -> frozenset[str]:
        text = self.plain.replace(" ", "") if self.is_dense else self.plain
        return frozenset(text[start : start + CHARACTERS] for start in range(len(text) - CHARACTERS + 1))

    @cached_property
    def figures(self) -> dict[tuple[str, str], set[str]]:
        """Numbers by what stands before and after them."""
        found: dict[tuple[str, str], set[str]] = {}
        for before, figure, after in _dense_figures(self.plain) if self.is_dense else _figures(self.plain):
            found.setdefault((before, after), set()).add(figure)
        return found


def _figures(plain: str) -> Iterator[tuple[str, str, str]]:
    """Word, number, word; what follows each other, as in `2 1`, is one number."""
    runs = [(kind, " ".join(run)) for kind, run in groupby(plain.split(), str.isdecimal)]
    for (_, before), (is_figure, figure), (_, after) in zip(runs, runs[1:], runs[2:], strict=False):
        if is_figure:
            yield before.rpartition(" ")[2], figure, after.partition(" ")[0]


def _dense_figures(plain: str) -> Iterator[tuple[str, str, str]]:
    for found in _DENSE_FIGURE.finditer(plain):
        yield found[1], found[2], found[3]


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a later text has in common with an earlier one."""

    later_in_earlier: float
    """Share of the later text that is in the earlier one, 0 to 1."""
    earlier_in_later: float
    """Share of the earlier text that is in the later one."""
    agreeing: int = 0
    """Numbers that stand in both between the same words, and are the same."""
    differing: int = 0
    """And those that are not."""
    is_short: bool = False
    is_renamed: bool = False
    """Something has another name than in the earlier text, in most places where it is named."""

    @property
    def is_repeat(self) -> bool:
        """Whether the later text may be left out of the corpus, for the earlier one stands for it.

        What is feared is an article lost, so the later text must be known for the most part: .55 of it, and .6 of
        the shorter one of the two be in the longer. A wire story cut to 60 % is then found from either side, one
        to which a third was added too; a report that repeats half of an earlier one as its background stays.

        Bulletins, tickers and match reports repeat their phrases and differ in their numbers: if of the numbers
        between the same words a third or more differ, it is another day's; if another name stands
        throughout, it is another place's. Of short texts (less than 60 words) .95 must be known and no number differ,
        for their news may be a single word.
        """
        if self.is_renamed:
            return False
        if self.is_short:
            return self.later_in_earlier >= 0.95 and not self.differing
        if self.differing >= 2 and 2 * self.differing >= self.agreeing:
            return False
        return self.later_in_earlier >= 0.55 and max(self.later_in_earlier, self.earlier_in_later) >= 0.6


def compare(later: ComparedText, earlier: ComparedText) -> Overlap:
    """What a later text has in common with an earlier one."""
    is_short = min(later.length, earlier.length) < SHORT
    by_characters = is_short or later.is_dense or earlier.is_dense
    one, other = (reading.characters if by_characters else reading.words for reading in (later, earlier))
    common = len(one & other)
    frames = later.figures.keys() & earlier.figures.keys()
    agreeing = sum(1 for frame in frames if later.figures[frame] & earlier.figures[frame])
    overlap = Overlap(
        later_in_earlier=common / max(1, len(one)),
        earlier_in_later=common / max(1, len(other)),
        agreeing=agreeing,
        differing=len(frames) - agreeing,
        is_short=is_short,
    )
    return replace(overlap, is_renamed=_is_renamed(later, earlier)) if overlap.is_repeat else overlap


def _is_renamed(later: ComparedText, earlier: ComparedText) -> bool:
    """Whether some words of the earlier text are replaced, twice and mostly, by the same other ones."""
    old, new = earlier.tokens[:MOST_ALIGNED], later.tokens[:MOST_ALIGNED]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    replaced = Counter(
        (" ".join(old[a:b]), " ".join(new[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag == "replace"
    )
    stood = Counter(old)
    return any(
        count > 1 and 2 * count >= min(stood[token] for token in before.split())
        for (before, _), count in replaced.items()
    )
